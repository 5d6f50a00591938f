/**
 * Workers of one group as their users start them, and what goes wrong around them: no brokers, workers that leave, die or stand still, requests
 * that race, broken records in the topics, brokers that die. The brokers are this file's own: sessions are short, and brokers are killed.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { type KafkaCluster, removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import { produceRecords, readTopic, testKafka } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { WorkerGroup } from '../helpers/worker-group.ts';
import type { Properties, WorkerProcess } from '../helpers/worker-process.ts';

const brokersFolder = mkdtempSync(path.join(tmpdir(), 'kconsole-brokers-'));
const SESSION_MS = 4_000;
let ports: number[];
let cluster: KafkaCluster;
let kafka: Kafka;
let settings: Properties;
let group: WorkerGroup;
let a: WorkerProcess;
let b: WorkerProcess;

beforeAll(async () => {
  ports = [await freePort(), await freePort(), await freePort()];
  const bootstrap = ports.map((port) => `127.0.0.1:${port}`).join();
  kafka = testKafka(bootstrap);
  settings = {
    'bootstrap.servers': bootstrap,
    'session.timeout.ms': String(SESSION_MS),
    'heartbeat.interval.ms': '300',
    'scheduled.rebalance.max.delay.ms': '500',
    'connect.protocol': 'sessioned',
    'offset.flush.interval.ms': '200',
  };
  group = new WorkerGroup('faults', kafka, settings);
});

afterAll(async () => {
  await group[Symbol.asyncDispose]();
  await kafka.close();
  await cluster?.stop();
  removeCluster(brokersFolder);
});

const config = (name: string) => `/connectors/${name}/config`;

async function create(worker: WorkerProcess, name: string): Promise<void> {
  group.addLine(name, 'line 0');
  const { status, text } = await worker.rest('PUT', config(name), group.source(name));
  expect([status, text]).toEqual([201, expect.any(String)]);
}

test('workers that no broker answers say what they wait for and where, and join when the brokers come', async () => {
  [a, b] = await Promise.all([group.start({ isStartOnly: true }), group.start({ isStartOnly: true })]);
  for (const worker of [a, b]) {
    await worker.says('Kafka does not answer yet at bootstrap.servers=127.0.0.1:');
    await worker.says(`127.0.0.1:${ports[2]}; still trying`);
    const health = await worker.rest('GET', '/health');
    expect([health.status, JSON.parse(health.text)]).toEqual([
      503,
      { status: 'starting', message: expect.stringContaining('connecting to the brokers') },
    ]);
    expect((await worker.rest('GET', '/connectors')).status).toBe(503);
  }
  cluster = await startKafkaCluster({
    brokers: 3,
    folder: brokersFolder,
    preferredPorts: ports,
    properties: { 'group.min.session.timeout.ms': '500', 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' },
  });
  expect(cluster.ports).toEqual(ports);
  for (const worker of [a, b])
    await waitUntil(
      () => `the worker has joined; it says: ${worker.log().slice(-600)}`,
      async () => (await worker.rest('GET', '/health')).status === 200,
      60_000,
    );
  await group.waitMembers([a, b]);
});

test('of twenty that create one name through both workers one makes it, and the others hear that it is there', async () => {
  group.addLine('raced', 'line 0');
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 ? a : b).rest('POST', '/connectors', { name: 'raced', config: group.source('raced') })),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const others = answers.filter(({ status }) => status !== 201);
  expect(new Set(others.map(({ status, text }) => `${status} ${text}`))).toEqual(
    new Set(['409 {"error_code":409,"message":"Connector raced already exists"}']),
  );
  await group.waitRunning(['raced'], [a, b]);
});

test('a log level for the whole cluster is that of both workers, through whichever it is set', async () => {
  const logger = '/admin/loggers/org.apache.kafka.connect.runtime.rest';
  for (const [worker, level] of [
    [a, 'DEBUG'],
    [b, 'INFO'],
  ] as const) {
    expect((await worker.rest('PUT', `${logger}?scope=cluster`, { level })).status).toBe(204);
    for (const one of [a, b])
      await waitUntil(`it is ${level}`, async () => {
        const { text } = await one.rest('GET', logger);
        return (JSON.parse(text) as { level: string }).level === level || text;
      });
  }
});

interface Written {
  readonly properties?: Readonly<Record<string, string>>;
  readonly 'state.v2'?: string;
}

test('three hundred writes in a row through either worker are all there, in order', async () => {
  await create(a, 'written');
  await group.waitRunning(['written'], [a, b]);
  const wanted: string[] = [];
  for (let i = 0; i < 300; i++) {
    const worker = i % 2 ? a : b;
    const step = i % 8;
    // Both workers come to do each kind.
    const kind = (['put', 'put', 'patch', 'patch', 'pause', 'pause', 'resume', 'resume'] as const)[step]!;
    const [method, at, body, status] = {
      put: ['PUT', '/config', { ...group.source('written'), n: `${i}` }, 200] as const,
      patch: ['PATCH', '/config', { n: `${i}` }, 200] as const,
      pause: ['PUT', '/pause', undefined, 202] as const,
      resume: ['PUT', '/resume', undefined, 202] as const,
    }[kind];
    const answer = await worker.rest(method, `/connectors/written${at}`, body);
    expect([i, kind, answer.status, answer.text]).toEqual([i, kind, status, expect.any(String)]);
    wanted.push(kind === 'put' || kind === 'patch' ? `${i}` : kind === 'pause' ? 'PAUSED' : 'STARTED');
  }
  const written: string[] = [];
  await readTopic(kafka, group.topics.config, ({ key, value }) => {
    const record = JSON.parse(value?.toString() ?? '{}') as Written;
    if (key?.toString() === 'connector-written' && record.properties?.n) written.push(record.properties.n);
    if (key?.toString() === 'target-state-written') written.push(record['state.v2'] ?? '');
  });
  expect(written).toEqual(wanted);
  await waitUntil('the last write is effective', async () => {
    const seen = await Promise.all([a, b].map((worker) => worker.rest('GET', '/connectors/written/tasks')));
    return seen.every(({ text }) => text.includes('"n":"299"')) || seen.map(({ text }) => text);
  });
});

function errorsOf(worker: WorkerProcess): string[] {
  return worker
    .log()
    .split('\n')
    .filter((line) => line.includes('] ERROR '));
}

type BadRecord = readonly [topic: 'config' | 'offsets' | 'status', key: string | Buffer, value: string | Buffer | null, named: string];

const GARBAGE = Buffer.from([0xff, 0xfe, 0x00, 0x1b, 0x5b, 0x32, 0x4a, 0xc0]);

/** What each worker says of these in its log. */
const BAD: readonly BadRecord[] = [
  ['config', 'connector-torn', '{"properties":{"connector.class":"File', 'its value is no JSON'],
  ['config', 'connector-listed', '["connector.class"]', 'its value is an array, not a JSON object'],
  ['config', 'connector-numbered', '{"properties":{"tasks.max":7}}', 'its setting "tasks.max" is a number, not a string'],
  ['config', 'order-17', '{"price":1}', 'Connect has no records with such a key in its config topic'],
  ['config', GARBAGE, GARBAGE, 'Connect has no records with such a key in its config topic'],
  ['config', 'connector-garbage', GARBAGE, 'its value is no JSON'],
  ['config', 'commit-steady', null, 'it has no value, and such records are never deleted'],
  ['config', 'commit-steady', '{"tasks":"two"}', '"tasks" is a string, not a whole number'],
  ['config', 'task-steady-x', '{"properties":{}}', 'was skipped'],
  ['config', 'target-state-steady', '{"state":"ASLEEP"}', 'it names a target state that is not one of STARTED, PAUSED, STOPPED'],
  ['config', 'target-state-nobody', '{"state":"PAUSED","state.v2":"PAUSED"}', 'there is no connector "nobody"'],
  ['config', 'restart-connector-steady', '[]', 'its value is an array, not a JSON object'],
  ['config', 'tasks-fencing-steady', '{"task-count":-1}', '"task-count" is -1'],
  ['config', 'session-key', '{"key":"?","algorithm":"HmacSHA256","creation-timestamp":1}', '"key" is no base64'],
  ['config', 'session-key', null, 'it has no value, and such records are never deleted'],
  ['config', 'logger-cluster-root', '{"level":"LOUD"}', '"level" is not one of'],
  ['config', 'task-half-1', '{"properties":{}}', 'not all of the 2 tasks that it names have records'],
  ['config', 'commit-half', '{"tasks":2}', 'not all of the 2 tasks that it names have records'],
  ['status', 'status-connector-steady', '{"state":"RUNNING","wor', 'its value is no JSON'],
  ['status', 'status-task-steady-0', '{"state":"DANCING","worker_id":"x:1","generation":1}', 'it names a state that is not one of'],
  ['status', 'status-task-steady-0', '{"state":"RUNNING","worker_id":7,"generation":1}', '"worker_id" is a number, not a string'],
  ['status', 'weather', 'sunny', 'Connect has no records with such a key in its status topic'],
  ['status', GARBAGE, GARBAGE, 'Connect has no records with such a key in its status topic'],
  ['offsets', '["steady"]', '{"position":1}', 'its key is no ["connector",{partition}]'],
  ['offsets', GARBAGE, GARBAGE, 'its key is no ["connector",{partition}]'],
];

test('what is broken or foreign in the three topics is named, and nothing stops; one that joins then reads past it', async () => {
  for (const name of ['steady', 'half']) await create(a, name);
  await group.waitRunning(['steady', 'half'], [a, b]);
  await waitUntil('the offset of the line is stored', async () => {
    const { text } = await a.rest('GET', '/connectors/steady/offsets');
    return text.includes('"position":7') || text;
  });
  const offsetKey = JSON.stringify(['steady', { filename: group.file('steady') }]);
  const bad: BadRecord[] = [
    ...BAD,
    ['offsets', offsetKey, '{"position":', 'its value is no JSON'],
    ['offsets', offsetKey, '[7]', 'its value is an array, not a JSON object'],
    ['offsets', offsetKey, '{"position":[7]}', 'field position contains ARRAY'],
  ];
  for (const topic of ['config', 'status', 'offsets'] as const) {
    const records = bad.filter(([at]) => at === topic).map(([, key, value]) => ({ key, value }));
    await produceRecords(kafka, group.topics[topic], records);
  }
  const names = (worker: WorkerProcess, bad: readonly BadRecord[]) =>
    waitUntil('the worker has named all of it', () => {
      const unnamed = bad.filter(
        ([at, , , named]) =>
          !worker
            .log()
            .split('\n')
            .some((line) => line.includes(`topic "${group.topics[at]}"`) && line.includes(named)),
      );
      return unnamed.length === 0 || unnamed;
    });
  await Promise.all([names(a, bad), names(b, bad)]);
  // Half a set of tasks runs nothing until a whole one comes.
  await waitUntil('no task of half a set runs', async () => (await b.states('half')).join() === 'RUNNING' || b.states('half'));
  expect((await b.rest('POST', '/connectors/half/restart')).status).toBe(204);
  await group.waitRunning(['steady', 'half'], [a, b]);
  group.addLine('steady', 'line 1');
  await waitUntil('lines still come', async () => String(await group.lines('steady')) === 'line 0,line 1');

  const c = await group.start();
  // What was half a set is a whole one by now.
  await names(
    c,
    bad.filter(([, , , named]) => !named.startsWith('not all')),
  );
  await group.waitMembers([a, b, c]);
  const answers = await Promise.all([a, c].map((worker) => worker.rest('GET', '/connectors')));
  expect(JSON.parse(answers[1]!.text)).toEqual(JSON.parse(answers[0]!.text));
  for (const worker of [a, b, c]) expect(errorsOf(worker)).toEqual([]);
  // A new instance of its task goes on from the last good offset.
  expect((await c.rest('POST', '/connectors/steady/restart?includeTasks=true')).status).toBe(202);
  group.addLine('steady', 'line 2');
  await waitUntil('lines still come', async () => String(await group.lines('steady')) === 'line 0,line 1,line 2');
  // What leaves in order leaves nothing behind.
  expect(await c.end()).toBe(0);
  await group.waitShared(['steady', 'half'], [a, b]);
  group.addLine('steady', 'line 3');
  await waitUntil('lines still come', async () => String(await group.lines('steady')) === 'line 0,line 1,line 2,line 3');
});

const STEADY = ['s0', 's1', 's2', 's3'];

/** Every line of every connector is there, in order and once. */
async function waitLines(worker: WorkerProcess, wanted: readonly string[]): Promise<void> {
  for (const name of STEADY) {
    await waitUntil(`the lines of ${name} are there once`, async () => {
      const lines = await group.lines(name);
      return String(lines) === String(wanted) || lines;
    });
    const position = wanted.reduce((bytes, line) => bytes + line.length + 1, 0);
    await waitUntil('their offset is stored', async () => {
      const { text } = await worker.rest('GET', `/connectors/${name}/offsets`);
      return text.includes(`"position":${position}`) || text;
    });
  }
}

function addLines(line: string): void {
  for (const name of STEADY) group.addLine(name, line);
}

test('one that dies gives its tasks to the other, and one that comes instead gets its share', async () => {
  for (const name of ['written', 'raced', 'steady', 'half']) expect((await a.rest('DELETE', `/connectors/${name}`)).status).toBe(204);
  for (const name of STEADY) await create(b, name);
  await group.waitShared(STEADY, [a, b]);
  await waitLines(a, ['line 0']);
  const leader = await group.leaderOf([a, b]);
  const follower = leader === a ? b : a;
  await follower.end('SIGKILL');
  addLines('line 1');
  await group.waitRunning(STEADY, [leader]);
  await waitLines(leader, ['line 0', 'line 1']);
  [a, b] = [leader, await group.start()];
  await group.waitShared(STEADY, [a, b]);
  addLines('line 2');
  await waitLines(b, ['line 0', 'line 1', 'line 2']);
});

test('a leader that stood still for longer than its session runs nothing twice, and what it was asked to do is done on what came meanwhile', async () => {
  const leader = await group.leaderOf([a, b]);
  const other = leader === a ? b : a;
  process.kill(leader.pid, 'SIGSTOP');
  const patched = leader.rest('PATCH', config('s0'), { late: 'yes' });
  await group.waitRunning(STEADY, [other]);
  expect((await other.rest('PUT', config('s0'), { ...group.source('s0'), meanwhile: 'yes' })).status).toBe(200);
  await group.waitRunning(STEADY, [other]);
  process.kill(leader.pid, 'SIGCONT');
  const answer = await patched;
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('"meanwhile":"yes"')]);
  await group.waitShared(STEADY, [a, b]);
  for (const worker of [a, b])
    await waitUntil('both changes are there', async () => {
      const { text } = await worker.rest('GET', '/connectors/s0/tasks');
      return (/"late":"yes"/.test(text) && /"meanwhile":"yes"/.test(text)) || text;
    });
  await group.waitShared(STEADY, [a, b]);
  addLines('line 3');
  await waitLines(a, ['line 0', 'line 1', 'line 2', 'line 3']);
});

test('whoever asks while the leader dies is told the truth or what to do, and the cluster ends consistent', async () => {
  const leader = await group.leaderOf([a, b]);
  const other = leader === a ? b : a;
  const accepted: string[] = [];
  const refused: string[] = [];
  let count = 0;
  const ask = async () => {
    const n = `${count++}`;
    const { status, text } = await other.rest('PATCH', config('s1'), { n });
    if (status === 200) {
      expect(JSON.parse(text)).toMatchObject({ name: 's1', config: { n } });
      accepted.push(n);
    } else refused.push(`${status} ${(JSON.parse(text) as { message: string }).message}`);
    return status === 200;
  };
  for (let i = 0; i < 10; i++) expect(await ask()).toBe(true);
  const underWay = [ask(), ask(), ask()];
  await leader.end('SIGKILL');
  await Promise.all(underWay);
  await waitUntil('another leads', async () => (await ask()) || refused.at(-1));
  for (const text of refused) expect(text).toMatch(/^(500 .*make the request again.*|409 .*rebalance.*)$/);
  const written: string[] = [];
  await readTopic(kafka, group.topics.config, ({ key, value }) => {
    const record = JSON.parse(key?.toString() === 'connector-s1' ? (value?.toString() ?? '{}') : '{}') as Written;
    if (record.properties?.n) written.push(record.properties.n);
  });
  expect(accepted.filter((n) => !written.includes(n))).toEqual([]);
  [a, b] = [other, await group.start()];
  await group.waitShared(STEADY, [a, b]);
  for (const worker of [a, b]) {
    const { text } = await worker.rest('GET', config('s1'));
    expect((JSON.parse(text) as Record<string, string>).n).toBe(written.at(-1));
  }
  await waitLines(a, ['line 0', 'line 1', 'line 2', 'line 3']);
});

test('the broker that leads the config topic dies: writes go on, and so do the tasks', async () => {
  const [topic] = await kafka.admin().topics([group.topics.config]);
  const id = topic!.partitions[0]!.leader;
  await cluster.kill(id);
  for (let i = 0; i < 20; i++) {
    const answer = await (i % 2 ? a : b).rest('PATCH', config('s2'), { n: `${i}` });
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining(`"n":"${i}"`)]);
  }
  await group.waitShared(STEADY, [a, b]);
  addLines('line 4');
  await waitLines(b, ['line 0', 'line 1', 'line 2', 'line 3', 'line 4']);
});

test('a JVM worker takes over what ours leaves, and ours what it leaves, with states and offsets', async () => {
  const names = ['t0', 't1'];
  const line = (text: string) => {
    for (const name of names) taken.addLine(name, text);
  };
  await using taken = new WorkerGroup('taken', kafka, settings);
  let worker = await taken.start();
  line('line 0');
  for (const name of names) expect((await worker.rest('PUT', config(name), taken.source(name))).status).toBe(201);
  await taken.waitRunning(names, [worker]);
  const paused = async () => {
    await taken.waitRunning(['t0'], [worker]);
    await waitUntil('what was paused is paused', async () => String(await worker.states('t1')) === 'PAUSED,PAUSED' || worker.states('t1'));
  };
  const known = () =>
    Promise.all(
      ['t0/config', 't1/config', 't0/offsets', 't1/offsets'].map(async (at) => (await worker.rest('GET', `/connectors/${at}`)).text),
    );
  await waitUntil('both lines are stored', async () => (await known()).slice(2).every((text) => text.includes('"position":7')) || known());
  expect((await worker.rest('PUT', '/connectors/t1/pause')).status).toBe(202);
  await paused();
  const before = (await known()).map((text) => JSON.parse(text));
  for (const isJvm of [true, false]) {
    await worker.end();
    worker = await taken.start({ isJvm });
    await paused();
    expect((await known()).map((text) => JSON.parse(text))).toEqual(before);
  }
  expect((await worker.rest('PUT', '/connectors/t1/resume')).status).toBe(202);
  await taken.waitRunning(names, [worker]);
  line('line 1');
  for (const name of names)
    await waitUntil(
      `the lines of ${name} are there once`,
      async () => String(await taken.lines(name)) === 'line 0,line 1' || taken.lines(name),
    );
});
