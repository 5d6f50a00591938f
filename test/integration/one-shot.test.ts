/** The commands that answer once, from the built program, on a real worker and real brokers: what they say, and their exit codes. */
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { type KafkaCluster, removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import type { TopicInfo } from '../../src/kafka/contract.ts';
import { everyBroker } from '../helpers/kafka-clients.ts';
import { testBootstrap, uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { MAIN, startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const source = uniqueName('source');
const sink = uniqueName('sink');
const topic = uniqueName('topic');
let worker: WorkerProcess;
let attach: string;

interface Run {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Without a terminal: pipes, and nothing to read. */
function kconsole(...words: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...words], (error, out, err) =>
      resolve({ exit: error ? Number(error.code) : 0, out, err }),
    );
    child.stdin?.end();
  });
}

const onConnect = (...words: string[]) => kconsole(...words, '--attach', attach);
const onKafka = (...words: string[]) => kconsole(...words, '-b', testBootstrap());
/** Runs it as a table and as JSON: both have to say the same by their exit code. */
async function twice(run: typeof onConnect, ...words: string[]) {
  const [table, json] = await Promise.all([run(...words), run(...words, '-o', 'json')]);
  expect([table.err, json.err, json.exit]).toEqual(['', '', table.exit]);
  expect(json.out).toMatch(/\n$/);
  return { exit: table.exit, rows: table.out.split('\n').map((row) => row.trim().split(/ {2,}/)), json: JSON.parse(json.out) };
}

beforeAll(async () => {
  worker = await startWorkerProcess();
  attach = `http://127.0.0.1:${worker.port}`;
  const input = path.join(worker.folder, 'input.txt');
  writeFileSync(input, 'a\nbb\n');
  await worker.rest('POST', '/connectors', { name: source, config: { 'connector.class': 'FileStreamSource', file: input, topic } });
  const file = path.join(worker.folder, 'output.txt');
  await worker.rest('POST', '/connectors', { name: sink, config: { 'connector.class': 'FileStreamSink', file, topics: topic } });
  await worker.waitRunning(sink);
  await waitUntil('both lines are committed', async () => {
    const { out } = await onConnect('offsets', 'get', sink, '-o', 'json');
    return out.includes('"kafka_offset":2') || out;
  });
});
afterAll(() => worker?.[Symbol.asyncDispose]());

describe('a worker that is well: exit code 0', () => {
  test('connectors', async () => {
    const { exit, rows, json } = await twice(onConnect, 'connectors');
    expect([exit, rows[0], Object.keys(json).toSorted()]).toEqual([
      0,
      ['NAME', 'TYPE', 'STATE', 'TASKS', 'WORKER', 'ERROR'],
      [source, sink],
    ]);
    expect(rows).toContainEqual([source, 'source', 'RUNNING', '1/1', `127.0.0.1:${worker.port}`]);
    expect(json[sink].status.tasks[0].state).toBe('RUNNING');
  });

  test('tasks', async () => {
    const { exit, rows, json } = await twice(onConnect, 'tasks', 'list', sink);
    expect([exit, rows[1]]).toEqual([0, [sink, '0', 'RUNNING', `127.0.0.1:${worker.port}`]]);
    expect(json).toMatchObject([{ connector: sink, id: 0, state: 'RUNNING' }]);
  });

  test('offsets', async () => {
    const { exit, json } = await twice(onConnect, 'offsets', 'get', sink);
    expect(exit).toBe(0);
    expect(json).toEqual({ offsets: [{ partition: { kafka_partition: 0, kafka_topic: topic }, offset: { kafka_offset: 2 } }] });
  });

  test('plugins', async () => {
    const { exit, rows, json } = await twice(onConnect, 'plugins');
    expect(exit).toBe(0);
    expect(rows).toContainEqual(['org.apache.kafka.connect.file.FileStreamSinkConnector', 'sink', '4.3.1']);
    expect(json).toContainEqual({ class: 'org.apache.kafka.connect.file.FileStreamSourceConnector', type: 'source', version: '4.3.1' });
  });

  test('the address may stand before the command', async () => {
    expect(await kconsole('--attach', attach, 'connectors')).toEqual(await onConnect('connectors'));
    expect(await kconsole('-b', testBootstrap(), 'brokers')).toEqual(await onKafka('brokers'));
  });
});

describe('Kafka that is well: exit code 0', () => {
  test('topics', async () => {
    const { exit, rows, json } = await twice(onKafka, 'topics', 'describe', topic);
    const partition = json.partitions[0];
    expect([exit, partition.start, partition.end, partition.isr.length]).toEqual([0, 0, 2, partition.replicas.length]);
    expect(rows[0]).toEqual(['PARTITION', 'LEADER', 'REPLICAS', 'ISR', 'START', 'END', 'NOTE']);
    const list = await onKafka('topics', '-o', 'json');
    expect(JSON.parse(list.out).map(({ name }: { name: string }) => name)).toContain(topic);
  });

  test('groups', async () => {
    const { exit, rows, json } = await twice(onKafka, 'groups', 'describe', `connect-${sink}`);
    expect([exit, json.partitions]).toMatchObject([0, [{ topic, partition: 0, committed: 2, end: 2, lagRecords: 0 }]]);
    expect(rows).toContainEqual(['lag', '0']);
    expect((await onKafka('groups')).out).toContain(`connect-${sink} `);
  });

  test('brokers', async () => {
    const { exit, rows, json } = await twice(onKafka, 'brokers');
    expect([exit, rows[0]?.[0]]).toEqual([0, 'cluster']);
    expect(json.brokers).toHaveLength(testBootstrap().split(',').length);
  });
});

test('a connector that has failed: exit code 1, and which', async () => {
  const name = uniqueName('failing');
  const file = path.join(worker.folder, 'nowhere', 'out.txt');
  await worker.rest('POST', '/connectors', { name, config: { 'connector.class': 'FileStreamSink', file, topics: topic } });
  await waitUntil('it has failed', async () => (await worker.states(name)).join() === 'RUNNING,FAILED' || worker.states(name));
  const list = await twice(onConnect, 'connectors');
  expect(list.exit).toBe(1);
  expect(list.rows).toContainEqual([name, 'sink', 'RUNNING', '0/1 1 FAILED', expect.any(String), expect.stringContaining(file)]);
  expect((await twice(onConnect, 'tasks')).exit).toBe(1);
  expect((await twice(onConnect, 'connectors', 'show', name)).exit).toBe(1);
  expect((await twice(onConnect, 'connectors', 'show', source)).exit).toBe(0);
  expect((await onConnect('connectors', 'delete', name)).err).toContain('add --yes');
  expect((await onConnect('connectors', 'delete', name, '--yes')).exit).toBe(0);
  expect((await onConnect('connectors')).exit).toBe(0);
});

test.each([
  ['no such connector', () => onConnect('connectors', 'show', 'nope'), /No status found for connector nope|Connector nope not found/],
  ['no such topic', () => onKafka('topics', 'describe', 'nope'), /There is no topic nope\. `kconsole topics` lists/],
  ['no such group', () => onKafka('groups', 'describe', 'nope'), /There is no group nope\. `kconsole groups` lists/],
  ['offsets of one that runs', () => onConnect('offsets', 'reset', source, '--yes'), /must be in the STOPPED state/],
])('%s: exit code 1', async (_, run, wanted) => {
  const { exit, out, err } = await run();
  expect([exit, out]).toEqual([1, '']);
  expect(err).toMatch(wanted);
});

test.each([
  [['nosuch'], "unknown command 'nosuch'"],
  [['connectors', '-o', 'xml'], 'Allowed choices are table, json'],
  [['connectors', 'show'], "missing required argument 'name'"],
  [['topics'], 'Say which Kafka cluster: -b HOST:PORT'],
  [['tasks', 'show', 'x', 'first'], '"first" is no task number; give 0 or more.'],
  [['topics', '-b', 'localhost'], 'localhost'],
  [['connectors', '--attach', 'ftp://x'], 'by http or https'],
])('%j is a fault of the command line: exit code 2', async (words, wanted) => {
  const { exit, out, err } = await kconsole(...words);
  expect([exit, out]).toEqual([2, '']);
  expect(err).toContain(wanted);
});

test('nobody answers: exit code 3, and what to look at', async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  const [connect, kafka] = await Promise.all([kconsole('connectors', '--attach', `http://${nowhere}`), kconsole('topics', '-b', nowhere)]);
  expect([connect.exit, kafka.exit, connect.out + kafka.out]).toEqual([3, 3, '']);
  expect(connect.err).toMatch(/No Connect worker answers\. .*connection refused\. Check the address, and that the worker runs\.\n$/);
  expect(kafka.err).toMatch(/no broker can be reached \(tried .*ECONNREFUSED .*Check the address, that a broker runs there/);
  expect(kafka.err.trimEnd().split('\n')).toHaveLength(1);
});

describe('a cluster that loses a broker', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-one-shot-'));
  let cluster: KafkaCluster;
  beforeAll(async () => {
    // With one heartbeat in a session, brokers would be taken for dead and back all the time.
    const properties = { 'broker.session.timeout.ms': '6000', 'broker.heartbeat.interval.ms': '500' };
    cluster = await startKafkaCluster({ brokers: 3, folder, properties });
  });
  afterAll(async () => {
    await cluster?.stop();
    removeCluster(folder);
  });

  test('topics without all replicas: exit code 1, and how many partitions', async () => {
    const own = uniqueName('replicated');
    const config = { 'connector.class': 'FileStreamSource', file: path.join(worker.folder, 'input.txt'), topic: own };
    await using small = await startWorkerProcess({
      properties: { 'bootstrap.servers': cluster.bootstrap },
      connectors: [{ name: own, ...config }],
    });
    const onCluster = (...words: string[]) => kconsole(...words, '-b', cluster.bootstrap);
    // The commands ask any of them.
    const brokers = cluster.ports.map((port) => `127.0.0.1:${port}`);
    const isWhole = ({ partitions }: TopicInfo) => partitions.length > 0 && partitions.every((at) => at.isr.length === at.replicas.length);
    await everyBroker(brokers, [own], 'to have', isWhole);
    await small.end();
    await everyBroker(brokers, null, 'to have', isWhole);
    expect((await twice(onCluster, 'topics')).exit).toBe(0);
    await cluster.kill(3);
    await everyBroker(brokers.slice(0, 2), [own], 'to miss a replica of', (topic) => !isWhole(topic));
    expect((await onCluster('topics')).exit).toBe(1);
    const { exit, rows, json } = await twice(onCluster, 'topics', 'describe', own);
    expect(exit).toBe(1);
    expect(rows[1]?.at(-1)).toBe('under-replicated');
    expect([json.partitions[0].isr.length, json.partitions[0].replicas.length]).toEqual([2, 3]);
    expect((await onCluster('brokers')).out).not.toMatch(/^ +3 /m);
  });
});
