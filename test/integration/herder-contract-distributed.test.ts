/**
 * The herder's contract on distributed workers, each alone in its group, and real brokers: Apache Kafka's and ours over HTTP, ours in process, and ours
 * over stores in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { createHttpHerder, type HttpHerder } from '../../src/control/over-http.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import type { HerderUnderTest } from '../contracts/herder-answers.ts';
import { herderContract } from '../contracts/herder-contract.ts';
import { DISTRIBUTED_JVM } from '../contracts/jvm-differences.ts';
import { startInMemory } from '../helpers/distributed-in-memory.ts';
import { type DistributedInProcess, startInProcess } from '../helpers/distributed-in-process.ts';
import { replayRecordedCalls } from '../helpers/recorded-replay.ts';
import { testKafka, uniqueName } from '../helpers/standalone-rig.ts';
import { startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const PROPERTIES = { 'scheduled.rebalance.max.delay.ms': '0', 'offset.flush.interval.ms': '500' };
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-herders-'));
const groups = ['jvm', 'http', 'process', 'memory'].map((what) => uniqueName(`contract-${what}`));
const clients: HttpHerder[] = [];
let kafka: Kafka;
let jvm: WorkerProcess;
let ours: WorkerProcess;
let inProcess: DistributedInProcess;
let inMemory: DistributedInProcess;

beforeAll(async () => {
  kafka = testKafka();
  const [ofJvm = '', ofOurs = '', ofProcess = '', ofMemory = ''] = groups;
  [jvm, ours, inProcess, inMemory] = await Promise.all([
    startWorkerProcess({ group: ofJvm, isJvm: true, properties: PROPERTIES }),
    startWorkerProcess({ group: ofOurs, properties: PROPERTIES }),
    startInProcess(ofProcess, PROPERTIES),
    startInMemory(ofMemory, PROPERTIES),
  ]);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await Promise.all([jvm, ours, inProcess, inMemory].map((each) => each?.[Symbol.asyncDispose]()));
  // Names of this process begin with its id.
  const made = (await kafka.admin().topics()).map(({ name }) => name).filter((name) => name.startsWith(`rt-${process.pid}-`));
  await kafka.admin().deleteTopics(made);
  await kafka.close();
  rmSync(folder, { recursive: true, force: true });
});

function overHttp(worker: WorkerProcess): HttpHerder {
  const client = createHttpHerder([`http://127.0.0.1:${worker.port}`]);
  clients.push(client);
  return client;
}

test('the recorded calls of a distributed JVM worker get the recorded answers', async () => {
  await replayRecordedCalls(ours, folder, { t1: uniqueName('t1'), t2: uniqueName('t2'), t3: uniqueName('t3') });
});

// They go on beside each other, each in the order of its tests.
const inOrder = (name: string, open: () => HerderUnderTest) =>
  describe.concurrent(name, () => {
    describe.sequential('in order', () => herderContract(open));
  });

inOrder("Apache Kafka's worker over HTTP", () => ({
  herder: overHttp(jvm),
  mode: 'distributed',
  workerId: `127.0.0.1:${jvm.port}`,
  folder,
  differences: DISTRIBUTED_JVM,
}));

inOrder('our worker over HTTP', () => ({
  herder: overHttp(ours),
  mode: 'distributed',
  workerId: `127.0.0.1:${ours.port}`,
  folder,
  differences: {},
}));

inOrder('our herder in process', () => ({
  herder: inProcess.herder,
  mode: 'distributed',
  workerId: inProcess.workerId,
  folder,
  differences: {},
}));

inOrder('our herder over stores in memory', () => ({
  herder: inMemory.herder,
  mode: 'distributed',
  workerId: inMemory.workerId,
  folder,
  differences: {},
}));
