/** Exactly-once support in a whole cluster: workers are killed with -9 at moments that nobody chose, others come, and every line is committed once. */
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { CommittedReader } from '../helpers/committed-reader.ts';
import { lineOf } from '../helpers/numbered-lines.ts';
import { testKafka, uniqueName } from '../helpers/standalone-rig.ts';
import { WorkerGroup } from '../helpers/worker-group.ts';
import type { WorkerProcess } from '../helpers/worker-process.ts';

const SOURCES = ['k0', 'k1', 'k2', 'k3'];
const KILLS = 4;
/** As long as a session lasts, and a little more: some fall into a rebalance, some while zombies are fenced, some into quiet. */
const MOST_MS = 7_000;
const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const kafka = testKafka();
afterAll(() => kafka.close());

test('killed again and again, whoever it is: each line of each source once, in order', async () => {
  const group = new WorkerGroup(uniqueName('kills'), kafka, {
    'exactly.once.source.support': 'enabled',
    'scheduled.rebalance.max.delay.ms': '0',
    'session.timeout.ms': '6000',
    'heartbeat.interval.ms': '1000',
    'key.converter': STRING,
    'value.converter': STRING,
  });
  onTestFinished(async () => {
    await group[Symbol.asyncDispose]();
    await kafka.admin().deleteTopics([...Object.values(group.topics), ...SOURCES.map((name) => group.topicOf(name))]);
  });
  let workers: WorkerProcess[] = await Promise.all([group.start(), group.start(), group.start()]);
  for (const name of SOURCES) {
    group.addLine(name, lineOf(0));
    const boundary = name === 'k0' ? { 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': '500' } : {};
    const config = { ...group.source(name), 'batch.size': '100', 'exactly.once.support': 'required', ...boundary };
    const { status, text } = await workers[0]!.rest('PUT', `/connectors/${name}/config`, config);
    expect([status, text]).toEqual([201, expect.any(String)]);
  }
  await group.waitRunning(SOURCES, workers);
  let count = 1;
  const write = setInterval(() => {
    for (const name of SOURCES) group.addLine(name, lineOf(count));
    count++;
  }, 10);
  onTestFinished(() => clearInterval(write));
  const moments: string[] = [];
  for (let i = 0; i < KILLS; i++) {
    const afterMs = Math.round(Math.random() * MOST_MS);
    const at = Math.floor(Math.random() * workers.length);
    moments.push(`${at} after ${afterMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    const [killed] = workers.splice(at, 1);
    const [, next] = await Promise.all([killed!.end('SIGKILL'), group.start()]);
    workers = [...workers, next];
  }
  clearInterval(write);
  const wanted = Array.from({ length: count }, (_, i) => lineOf(i));
  for (const name of SOURCES) {
    const reader = new CommittedReader(kafka, group.topicOf(name));
    await reader.upTo(count, () => [moments.join(', '), ...workers.map((worker) => worker.log().slice(-1_000))].join('\n----\n'));
    expect({ name, moments, seen: reader.seen }).toEqual({ name, moments, seen: wanted });
  }
  await group.waitRunning(SOURCES, workers);
});
