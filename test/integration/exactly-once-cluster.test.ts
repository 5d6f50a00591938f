/** Exactly-once support in a cluster of workers: killed with -9 in the midst of a file, and a reader of committed records that sees each line once. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Kafka } from '../../src/kafka/contract.ts';
import { CommittedReader } from '../helpers/committed-reader.ts';
import { startInProcess } from '../helpers/distributed-in-process.ts';
import { openKafka, topicForTest, uniqueName } from '../helpers/kafka-clients.ts';
import { lineOf, linesOf } from '../helpers/numbered-lines.ts';
import { TEST_SOURCE } from '../helpers/test-plugins.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { groupTopics, startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const LINES = 2_000;
let folder: string;
let kafka: Kafka;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kconsole-once-'));
  kafka = openKafka('consumer').kafka;
});
afterAll(async () => {
  await kafka.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a worker that runs the task, and leads, is killed: the other goes on with what was committed', async () => {
  const topic = await topicForTest(kafka, 'once', { partitions: 1, replicationFactor: 3 });
  const group = uniqueName('once');
  const offsetsTopic = `${group}-own`;
  onTestFinished(() => kafka.admin().deleteTopics([...groupTopics(group), offsetsTopic]));
  const properties = {
    'exactly.once.source.support': 'enabled',
    'scheduled.rebalance.max.delay.ms': '0',
    'session.timeout.ms': '6000',
    'heartbeat.interval.ms': '1000',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  };
  const open = async (): Promise<WorkerProcess> => {
    const worker = await startWorkerProcess({ group, properties });
    onTestFinished(() => worker[Symbol.asyncDispose]());
    return worker;
  };
  const workers = [await open(), await open()] as const;
  const says = () => workers.map((worker) => worker.log().slice(-1500)).join('\n----\n');
  const file = path.join(folder, topic);
  writeFileSync(file, linesOf(0, LINES));
  const config = {
    'connector.class': 'FileStreamSource',
    'exactly.once.support': 'required',
    'offsets.storage.topic': offsetsTopic,
    'batch.size': '40',
    file,
    topic,
  };
  const made = await workers[1].rest('POST', '/connectors', { name: 'once', config });
  expect([made.status, made.text]).toEqual([201, expect.anything()]);
  const reader = new CommittedReader(kafka, topic);
  await reader.upTo(200, says);
  const status = JSON.parse((await workers[1].rest('GET', '/connectors/once/status')).text) as { tasks: { worker_id: string }[] };
  const owner = workers.find(({ port }) => status.tasks[0]?.worker_id.endsWith(`:${port}`)) ?? workers[0];
  const other = owner === workers[0] ? workers[1] : workers[0];
  await owner.end('SIGKILL');
  await reader.upTo(LINES, says);
  appendFileSync(file, linesOf(LINES, LINES + 10));
  await reader.upTo(LINES + 10, says);
  expect(reader.seen).toEqual(Array.from({ length: LINES + 10 }, (_, i) => lineOf(i)));

  // Its offsets are changed in a transaction too, and the next task goes on from there.
  const position = Buffer.byteLength(linesOf(0, LINES + 5));
  const offsets = [{ partition: { filename: file }, offset: { position } }];
  await other.rest('PUT', '/connectors/once/stop');
  await waitUntil('the connector is stopped', async () => {
    const altered = await other.rest('PATCH', '/connectors/once/offsets', { offsets });
    return altered.status === 200 ? true : altered.text;
  });
  const read = await other.rest('GET', '/connectors/once/offsets');
  expect(JSON.parse(read.text)).toEqual({ offsets });
  await other.rest('PUT', '/connectors/once/resume');
  await reader.upTo(LINES + 15, says);
  expect(reader.seen.slice(LINES + 10)).toEqual(Array.from({ length: 5 }, (_, i) => lineOf(LINES + 5 + i)));

  // A leader whose transactional id was taken over is refused once, and takes it back with the next round.
  await kafka.admin().fenceProducers([`connect-cluster-${group}`]);
  const change = { ...config, 'batch.size': '41' };
  const refused = await other.rest('PUT', '/connectors/once/config', change);
  expect([refused.status, refused.text]).toEqual([500, expect.stringMatching(/FENCED.*can be made again/)]);
  await waitUntil('the leader writes again', async () => {
    const again = await other.rest('PUT', '/connectors/once/config', change);
    return again.status === 200 ? true : again.text;
  });
});

test('a connector that defines its transactions: what it commits is read, what it takes back never is, what it leaves open comes when it ends it', async () => {
  const topic = await topicForTest(kafka, 'boundaries', { partitions: 1, replicationFactor: 3 });
  const group = uniqueName('boundaries');
  onTestFinished(() => kafka.admin().deleteTopics(groupTopics(group)));
  await using worker = await startInProcess(group, {
    'exactly.once.source.support': 'enabled',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  });
  const { herder } = worker;
  const config = {
    'connector.class': TEST_SOURCE,
    'exactly.once.support': 'required',
    'transaction.boundary': 'connector',
    transactions: '5',
    records: '33',
    topic,
  };
  const says = () => 'it runs in this process';
  const records = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `record ${from + i}`);
  const offset = async () => (await herder.connectorOffsets('b')).offsets[0]?.offset?.n ?? null;
  await herder.putConnectorConfig('b', config, { allowReplace: false });
  const reader = new CommittedReader(kafka, topic);
  const wanted = [...records(1, 10), ...records(16, 25)];
  await reader.upTo(wanted.length, says);
  // Of what was taken back the offset is stored all the same.
  await waitUntil('the last transaction that it ended is stored', async () => (await offset()) === 30n || offset());
  expect(reader.seen).toEqual(wanted);
  await herder.restartConnectorAndTasks('b', { includeTasks: true, onlyFailed: false });
  await herder.putConnectorConfig('b', { ...config, records: '52' }, { allowReplace: true });
  await reader.upTo(wanted.length + 15, says);
  await waitUntil('the next one is stored', async () => (await offset()) === 50n || offset());
  expect(reader.seen).toEqual([...wanted, ...records(31, 40), ...records(46, 50)]);
  const refused = herder.putConnectorConfig('b', { ...config, transactions: '0' }, { allowReplace: true });
  await expect(refused).rejects.toThrow(/does not support connector-defined transaction boundaries/);
});
