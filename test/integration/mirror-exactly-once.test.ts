/** KIP-618 for mirroring: a task that is killed at any moment, and a reader of committed records of the copy that sees each record once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CommittedReader } from '../helpers/committed-reader.ts';
import { createTopic, openKafka, testBootstrap, topicForTest, uniqueName } from '../helpers/kafka-clients.ts';
import { BYTE_CONVERTERS, mirrorConfig } from '../helpers/mirror-clusters.ts';
import { produceTexts } from '../helpers/standalone-rig.ts';

const RECORDS = 2_000;

test('killed with -9: each record is in the copy once and in order, what was aborted at the source is not', async () => {
  const { kafka } = openKafka('consumer');
  onTestFinished(() => kafka.close());
  const topic = await topicForTest(kafka, 'mirrored', { partitions: 1, replicationFactor: 1 });
  const offsetsTopic = await topicForTest(kafka, 'offsets', {
    partitions: 1,
    replicationFactor: 1,
    configs: { 'cleanup.policy': 'compact' },
  });
  const aliases = { a: uniqueName('A'), b: uniqueName('B') };
  const copy = `${aliases.a}.${topic}`;
  const syncs = `mm2-offset-syncs.${aliases.b}.internal`;
  await createTopic(kafka, { name: copy, partitions: 1, replicationFactor: 1 });
  await createTopic(kafka, { name: syncs, partitions: 1, replicationFactor: 1 });
  onTestFinished(() => kafka.admin().deleteTopics([copy, syncs]));
  const producer = kafka.transactionalProducer(uniqueName('tx'));
  await producer.initTransactions();
  producer.beginTransaction();
  while (!producer.send(topic, 0, null, 'aborted', null, null, null)) await producer.ready(topic);
  await producer.flush();
  await producer.abortTransaction();
  await producer.close(1_000);
  const values = Array.from({ length: RECORDS }, (_, i) => `value ${i}`);
  await produceTexts(kafka, topic, values);

  const small = { 'consumer.isolation.level': 'read_committed', 'consumer.max.poll.records': '20', 'transaction.boundary': 'poll' };
  const connector = {
    ...{ name: uniqueName('mirror'), 'task.assigned.partitions': `${topic}-0`, 'task.index': '0' },
    ...mirrorConfig(aliases, testBootstrap(), topic, { ...small, ...BYTE_CONVERTERS }),
  };
  const properties = {
    ...{ 'bootstrap.servers': testBootstrap(), 'group.id': uniqueName('group'), 'offset.storage.topic': offsetsTopic },
    ...BYTE_CONVERTERS,
  };
  const program = path.resolve(import.meta.dirname, '../helpers/exactly-once-process.ts');
  const start = () => {
    const child = spawn(process.execPath, [program, JSON.stringify({ properties, connector })], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const keep = (chunk: Buffer) => {
      text += chunk;
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', keep);
    onTestFinished(() => void child.kill('SIGKILL'));
    return { child, says: () => text };
  };
  const reader = new CommittedReader(kafka, copy);
  let task = start();
  for (let kill = 0; kill < 2; kill++) {
    await reader.upTo(Math.min(reader.seen.length + 100 + Math.floor(Math.random() * 200), RECORDS - 500), task.says);
    task.child.kill('SIGKILL');
    await once(task.child, 'exit');
    task = start();
  }
  await reader.upTo(RECORDS, task.says);
  expect(reader.seen).toEqual(values);
});
