/** What is wrong now, on a running worker with real brokers: seen with its cause, acted on from the list, over; counted down; known. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Kafka } from '../../src/kafka/contract.ts';
import { createTopic, openKafka, produce, testBootstrap } from '../helpers/kafka-clients.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { type Side, startSide } from '../helpers/worker-pair.ts';
import { type Journey, journey } from './journey.ts';

const SIZE = [120, 30] as const;
const id = randomBytes(3).toString('hex');
const [TOPIC, BROKEN, SLEEPY] = [`${id}-clicks`, `${id}-broken`, `${id}-sleepy`];
let side: Side;
let kafka: Kafka;

/** One worker for all: a sink that cannot write, and one that is paused behind the records of a topic that keeps them for an hour. */
beforeAll(async () => {
  kafka = openKafka('producer').kafka;
  const strings = 'org.apache.kafka.connect.storage.StringConverter';
  const configs = { 'retention.ms': '3600000' };
  [side] = await Promise.all([
    startSide('ours', { properties: { 'key.converter': strings, 'value.converter': strings } }),
    createTopic(kafka, { name: TOPIC, partitions: 1, replicationFactor: 1, configs }).then(() => produce(kafka, TOPIC, 3)),
  ]);
  const put = (name: string, file: string) =>
    side.herder.putConnectorConfig(
      name,
      { 'connector.class': 'FileStreamSink', 'tasks.max': '1', topics: TOPIC, file },
      { allowReplace: false },
    );
  await Promise.all([
    put(BROKEN, path.join(side.worker.folder, 'later', 'out.txt')),
    put(SLEEPY, path.join(side.worker.folder, 'out.txt')),
  ]);
  await waitUntil('the sink has committed what it read', async () => {
    const { offsets } = await side.herder.connectorOffsets(SLEEPY);
    return offsets.some(({ offset }) => Number(offset?.kafka_offset) === 3);
  });
  await side.herder.pauseConnector(SLEEPY);
  await produce(kafka, TOPIC, 200);
});

afterAll(async () => {
  await side?.[Symbol.asyncDispose]();
  const admin = kafka.admin();
  await admin.deleteGroups([`connect-${BROKEN}`, `connect-${SLEEPY}`]).catch(() => undefined);
  await admin.deleteTopics([TOPIC]);
  await kafka.close();
});

/** Attached, and only what these journeys are about in the list: others share the brokers. */
async function looksAtWhatIsWrong(t: Journey): Promise<void> {
  t.starts(['--attach', `http://127.0.0.1:${side.worker.port}`, '-b', testBootstrap()]);
  await t.shows(/\d\/\d brokers/);
  t.press('go.home');
  await t.filter(id);
}

journey('counts down until retention overtakes a paused sink', { size: SIZE }, async (t) => {
  await looksAtWhatIsWrong(t);
  await t.row(`${SLEEPY} ← ${TOPIC} p0`).shows(/LOSS +data loss in 5\d min \(lag .* of retention 1 h\)/);
});

journey('acknowledges what it knows of, with a note that the action log keeps', { size: SIZE }, async (t) => {
  await looksAtWhatIsWrong(t);
  await t.row(BROKEN).shows('✖ FAILED');
  await t.row(BROKEN).select();
  t.press('incident.acknowledge');
  await t.dialog().shows(`${BROKEN} FAILED`);
  await t.shows('esc no');
  t.types('the disk comes at nine');
  await t.shows('note: the disk comes at nine');
  t.keys('enter');
  await t.lacks('┌');
  await t.row(BROKEN).shows('· FAILED');
  t.press('go.actions');
  await t.row('incident.acknowledge').shows(BROKEN);
  t.keys('enter');
  await t.shows('the disk comes at nine');
});

journey('finds the sink that failed with its root cause, restarts it from the list, sees it resolve', { size: SIZE }, async (t) => {
  await looksAtWhatIsWrong(t);
  await t.row(BROKEN).shows(/✖ FAILED +ENOENT: no such file or directory/);
  await t.row(BROKEN).select();
  mkdirSync(path.join(side.worker.folder, 'later'));
  t.press('connector.restart');
  await t.dialog().chooses('f');
  await t.row(BROKEN).shows(/✓ FAILED +over after (at least )?\d+ ?(s|min)/);
});
