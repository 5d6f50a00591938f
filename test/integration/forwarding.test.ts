/** One group of a JVM worker and one of ours, either leading: requests passed on to the leader, and those that workers sign. */
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionKey } from '../../src/herder/distributed/forwarder.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import { createInternalRequests } from '../../src/rest/internal-requests.ts';
import { WorkerClient } from '../../src/rest/worker-client.ts';
import { readTopic, testKafka, uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { groupTopics, startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const group = uniqueName('rest-forwarding');
const topic = `${group}-lines`;
/** What a worker that left has run is handed out at once. */
const AT_ONCE = { 'scheduled.rebalance.max.delay.ms': '0' };
const client = new WorkerClient({ raw: {}, requestTimeoutMs: 30_000 });
const workers: WorkerProcess[] = [];
let kafka: Kafka;
let jvm: WorkerProcess;
let ours: WorkerProcess;

const startOurs = async (): Promise<void> => {
  ours = await startWorkerProcess({ group, properties: AT_ONCE });
  workers.push(ours);
};

beforeAll(async () => {
  kafka = testKafka();
  await startOurs();
  jvm = await startWorkerProcess({ group, isJvm: true, properties: AT_ONCE });
  workers.push(jvm);
});
afterAll(async () => {
  client.close();
  await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
  await kafka.admin().deleteTopics([...groupTopics(group), topic]);
  await kafka.close();
});

const inFile = (name: string) => path.join(jvm.folder, encodeURIComponent(name));
const source = (name: string) => ({ 'connector.class': 'FileStreamSource', 'tasks.max': '1', file: inFile(name), topic });
const at = (name: string) => `/connectors/${encodeURIComponent(name)}`;

async function sessionKey(): Promise<SessionKey> {
  let found: SessionKey | null = null;
  await readTopic(kafka, groupTopics(group)[0]!, ({ key, value }) => {
    if (key?.toString() !== 'session-key' || value === null) return;
    const record = JSON.parse(value.toString()) as { key: string; algorithm: string; 'creation-timestamp': number };
    found = { key: Buffer.from(record.key, 'base64'), algorithm: record.algorithm, createdMs: record['creation-timestamp'] };
  });
  if (!found) throw new Error('the config topic has no session key');
  return found;
}

/** Every kind of request that the leader or an owner must answer, asked of the follower. */
async function asksFollower(follower: WorkerProcess, name: string): Promise<void> {
  writeFileSync(inFile(name), '');
  const create = () => follower.rest('POST', '/connectors', { name, config: source(name) });
  const created = await create();
  expect([created.status, JSON.parse(created.text)]).toEqual([201, { name, config: { ...source(name), name }, tasks: [], type: 'source' }]);
  expect(created.headers.get('location')).toBe(`http://127.0.0.1:${follower.port}${at(name)}`);
  const second = await create();
  expect([second.status, JSON.parse(second.text)]).toEqual([409, { error_code: 409, message: `Connector ${name} already exists` }]);
  const bad = await follower.rest('PUT', `${at(name)}/config`, { 'connector.class': 'FileStreamSource' });
  expect([bad.status, bad.text]).toEqual([400, expect.stringContaining('Missing required configuration \\"topic\\"')]);
  await follower.waitRunning(name);
  for (const [what, status] of [
    ['/restart', 204],
    ['/tasks/0/restart', 204],
    ['/tasks/7/restart', 404],
    ['/restart?includeTasks=true&onlyFailed=false', 202],
  ] as const) {
    const answer = await follower.rest('POST', at(name) + what);
    expect([what, answer.status, answer.text]).toEqual([what, status, expect.any(String)]);
    await follower.waitRunning(name);
  }
}

/** `names`: so many that both workers have as many afterwards, in whatever order they are dealt out. Tasks of one that the follower runs, made there, are stored by the leader. */
async function publishesTasks(follower: WorkerProcess, leader: WorkerProcess, names: readonly string[]): Promise<void> {
  for (const name of names) {
    writeFileSync(inFile(name), '');
    expect((await leader.rest('PUT', `${at(name)}/config`, source(name))).status).toBe(201);
  }
  for (const name of names) await leader.waitRunning(name);
  const answer = await leader.rest('GET', '/connectors?expand=status');
  const all = JSON.parse(answer.text) as Record<string, { status: { connector: { worker_id: string } } }>;
  const own = names.find((name) => all[name]?.status.connector.worker_id === `127.0.0.1:${follower.port}`);
  if (own === undefined) throw new Error(`none of ${names.join(', ')} runs on the follower: ${answer.text}`);
  expect((await follower.rest('PATCH', `${at(own)}/config`, { 'batch.size': '7' })).status).toBe(200);
  await waitUntil('the leader has the tasks that the follower made', async () => {
    const tasks = await leader.rest('GET', `${at(own)}/tasks`);
    return (JSON.parse(tasks.text) as { config: Record<string, string> }[])[0]?.config['batch.size'] === '7' || tasks.text;
  });
  await follower.waitRunning(own);
  appendFileSync(inFile(own), `a line of ${own}\n`);
  await waitUntil('the line is in the topic', async () => {
    const lines: string[] = [];
    await readTopic(kafka, topic, ({ value }) => void lines.push(value?.toString() ?? ''));
    return lines.some((line) => line.includes(`a line of ${own}`)) || lines;
  });
}

/** Signed as our workers do, asked of whoever leads. */
async function asksLeader(leader: WorkerProcess, name: string): Promise<void> {
  const key = await sessionKey();
  const tasks = [{ ...source(name), name, 'task.class': 'org.apache.kafka.connect.file.FileStreamSourceTask' }];
  const put = (algorithm: string, by: SessionKey | null) =>
    createInternalRequests(client, algorithm)
      .putTaskConfigs(`http://127.0.0.1:${leader.port}/`, name, tasks, by)
      .then(
        () => 204,
        (error: Error & { status?: number }) => `${error.status} ${error.message}`,
      );
  expect(await put('HmacSHA256', key)).toBe(204);
  expect(await put('HmacSHA256', { ...key, key: Buffer.alloc(32) })).toBe('403 Internal request contained invalid signature.');
  expect(await put('HmacSHA256', null)).toBe('400 Internal request missing required signature');
  expect(await put('HmacSHA512', key)).toBe(
    "400 This worker does not support the 'HmacSHA512' key signing algorithm used by other workers. This worker is currently configured to use: [HmacSHA256]. Check that all workers' configuration files permit the same set of signature algorithms, and correct any misconfigured worker and restart it.",
  );
}

describe('ours leads', () => {
  test('the JVM passes requests on to it', () => asksFollower(jvm, 'a b'));
  test('it takes what is rightly signed', () => asksLeader(ours, 'a b'));
  test('it stores the tasks that the JVM made and signed', () => publishesTasks(jvm, ours, ['c', 'd', 'e']));
});

describe('the JVM leads after ours has left and come back', () => {
  beforeAll(async () => {
    expect(await ours.end()).toBe(0);
    await startOurs();
  });
  test('ours passes requests on to it', () => asksFollower(ours, 'e 주'));
  test('it takes what ours sign', () => asksLeader(jvm, 'e 주'));
  test('it stores the tasks that ours made and signed', () => publishesTasks(ours, jvm, ['g', 'h', 'i']));
});
