/** Workers that drain, as processes on real brokers: under a leader of ours, as the leader, killed meanwhile, the last one, beside Apache Kafka's worker. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { fetchConnectGroups } from '../../src/cluster/connect-group.ts';
import type { DrainReply } from '../../src/herder/model.ts';
import { CommittedReader } from '../helpers/committed-reader.ts';
import { testKafka, uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { WorkerGroup } from '../helpers/worker-group.ts';
import type { Properties, WorkerProcess } from '../helpers/worker-process.ts';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const kafka = testKafka();
afterAll(() => kafka.close());

/** Removes its topics, those of `connectors` too, at the end of the test. */
function openGroup(connectors: readonly string[], properties: Properties): WorkerGroup {
  const group = new WorkerGroup(uniqueName('drain'), kafka, {
    'session.timeout.ms': '6000',
    'heartbeat.interval.ms': '500',
    // A sink whose worker is killed holds its group up for no longer.
    'consumer.session.timeout.ms': '6000',
    'key.converter': STRING,
    'value.converter': STRING,
    ...properties,
  });
  onTestFinished(async () => {
    await group[Symbol.asyncDispose]();
    await kafka.admin().deleteTopics([...Object.values(group.topics), ...connectors.map((name) => group.topicOf(name))]);
  });
  return group;
}

async function drain(asked: WorkerProcess, worker: WorkerProcess = asked): Promise<[number, DrainReply & { readonly message: string }]> {
  const query = worker === asked ? '' : `?worker=127.0.0.1:${worker.port}`;
  const { status, text } = await asked.rest('PUT', `/admin/drain${query}`);
  return [status, JSON.parse(text) as DrainReply];
}

/** Delays to a planned rebalance that the brokers tell of while `work` goes on. */
async function delaysDuring(group: WorkerGroup, work: () => Promise<void>): Promise<number[]> {
  const seen = new Set<number>();
  let isOver = false;
  const looking = (async () => {
    for (; !isOver; await new Promise((resolve) => setTimeout(resolve, 25)))
      for (const one of await fetchConnectGroups(kafka.admin())) if (one.groupId === group.name) seen.add(one.delayMs);
  })();
  await work().finally(() => {
    isOver = true;
  });
  await looking;
  return [...seen].sort();
}

async function create(worker: WorkerProcess, name: string, config: Properties): Promise<void> {
  const { status, text } = await worker.rest('PUT', `/connectors/${name}/config`, config);
  expect([status, text]).toEqual([201, expect.any(String)]);
}

test('three of ours, whose lost work would wait for five minutes: what drains, whoever it is, is run by the others at once, and every line comes once', async () => {
  const sources = ['s0', 's1', 's2', 's3'];
  const late = 'late';
  const group = openGroup([...sources, late], { 'exactly.once.source.support': 'enabled', 'offset.flush.interval.ms': '200' });
  const [a, b, c] = await Promise.all([group.start(), group.start(), group.start()]);
  await group.waitMembers([a, b, c]);
  for (const name of sources) await create(a, name, group.source(name));
  const output = path.join(group.folder, 'sink.out');
  const sink = uniqueName('sink');
  await create(a, sink, { 'connector.class': 'FileStreamSink', topics: group.topicOf('s0'), file: output });
  const all = [...sources, sink];
  await group.waitShared(all, [a, b, c]);

  // Lines keep coming while workers come and go.
  let count = 0;
  const write = setInterval(() => {
    for (const name of sources) group.addLine(name, `line ${count}`);
    count++;
  }, 20);
  onTestFinished(() => clearInterval(write));

  const leader = await group.leaderOf([a, b, c]);
  const [killed, left] = [a, b, c].filter((one) => one !== leader) as [WorkerProcess, WorkerProcess];
  const [status, reply] = await drain(leader, killed);
  await killed.end('SIGKILL');
  const { connectors, tasks } = reply;
  expect([status, reply]).toEqual([
    202,
    {
      worker_id: `127.0.0.1:${killed.port}`,
      connectors: expect.any(Number),
      tasks: expect.any(Number),
      handover: 'at_once',
      message: expect.stringMatching(/ drains: its leader hands out its .* at once; then it ends\.$/),
    },
  ]);
  expect([connectors + tasks > 0, connectors, tasks]).toEqual([true, expect.toBeOneOf([1, 2]), expect.toBeOneOf([1, 2])]);
  await group.waitShared(all, [leader, left]);

  const d = await group.start();
  await group.waitShared(all, [leader, left, d]);
  // Through the worker that stays, while it makes a connector.
  const delays = await delaysDuring(group, async () => {
    const asked = drain(left, leader);
    const created = create(left, late, group.source(late));
    expect((await asked)[1]).toMatchObject({ worker_id: `127.0.0.1:${leader.port}`, handover: 'at_once' });
    expect(await leader.exited()).toBe(0);
    await created;
    group.addLine(late, 'line 0');
    await group.waitShared([...all, late], [left, d]);
  });
  expect(delays).toEqual([0]);
  await leader.says('The worker has drained: all it ran is handed out by its leader');

  const last = await group.leaderOf([left, d]);
  const other = last === left ? d : left;
  expect((await drain(other))[1]).toMatchObject({ handover: 'at_once' });
  expect(await other.exited()).toBe(0);
  await group.waitRunning([...all, late], [last]);
  expect(await drain(last)).toEqual([
    409,
    {
      error_code: 409,
      message: `Worker 127.0.0.1:${last.port} is the only one of its group that stays: nobody can take its work. Start another worker first, or end this process to have all of it stop.`,
    },
  ]);

  clearInterval(write);
  const wanted = Array.from({ length: count }, (_, i) => `line ${i}`);
  for (const name of sources) {
    const reader = new CommittedReader(kafka, group.topicOf(name));
    await reader.upTo(count, () => last.log().slice(-1_000));
    expect(reader.seen).toEqual(wanted);
  }
  // What a killed sink had written and not committed comes again.
  await waitUntil('the sink has all of them', () => {
    const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
    return new Set(lines).size === count || lines.length;
  });
});

test('beside Apache Kafka’s worker: ours hands over to it and it to ours at once where ours leads; where it leads, it is said for how long the work waits', async () => {
  const names = ['m0', 'm1', 'm2', 'm3'];
  const DELAY_MS = 5_000;
  const group = openGroup(names, { 'scheduled.rebalance.max.delay.ms': String(DELAY_MS) });
  const ours = await group.start();
  for (const name of names) {
    group.addLine(name, 'line 0');
    await create(ours, name, group.source(name));
  }
  const output = path.join(group.folder, 'sink.out');
  const sink = uniqueName('sink');
  await create(ours, sink, { 'connector.class': 'FileStreamSink', topics: group.topicOf('m0'), file: output });
  const all = [...names, sink];
  const jvm = await group.start({ isJvm: true });
  const more = await group.start();
  await group.waitShared(all, [ours, jvm, more]);
  let count = 1;
  /** What comes while the work is where it is now. */
  const line = async () => {
    for (const name of names) group.addLine(name, `line ${count}`);
    count++;
    await sunk();
  };
  const sunk = () =>
    waitUntil('the sink has each line once', () => {
      const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
      return String(lines) === String(Array.from({ length: count }, (_, i) => `line ${i}`)) || lines;
    });
  await line();
  expect(await group.leaderOf([ours, jvm, more])).toBe(ours);
  const [refused, { message }] = await drain(more, jvm);
  expect([refused, message]).toEqual([400, expect.stringContaining(`Worker 127.0.0.1:${jvm.port} is Apache Kafka's, which cannot drain`)]);
  const stranger = await ours.rest('PUT', '/admin/drain?worker=127.0.0.1:1');
  expect([stranger.status, stranger.text]).toEqual([
    404,
    expect.stringContaining('Worker 127.0.0.1:1 is not in the group. Its members are '),
  ]);

  for (const [who, stay] of [
    [more, [ours, jvm]],
    [ours, [jvm]],
  ] as const) {
    const delays = await delaysDuring(group, async () => {
      expect((await drain(ours, who))[1]).toMatchObject({ handover: 'at_once' });
      expect(await who.exited()).toBe(0);
      await group.waitRunning(all, stay);
      await group.waitMembers(stay);
    });
    expect(delays).toEqual([0]);
    await line();
  }

  const again = await group.start();
  await group.waitShared(all, [again, jvm]);
  await line();
  const delays = await delaysDuring(group, async () => {
    const few = expect.toBeOneOf([2, 3]);
    const [status, reply] = await drain(again);
    const said = `Worker 127.0.0.1:${again.port} stops its work and leaves. Its leader http://127.0.0.1:${jvm.port}/ knows of no draining: the cluster waits for its return for scheduled.rebalance.max.delay.ms (${DELAY_MS} here), and only then does the work run elsewhere.`;
    expect([status, reply]).toEqual([
      202,
      { worker_id: `127.0.0.1:${again.port}`, connectors: few, tasks: few, handover: 'delayed', message: said },
    ]);
    expect(await again.exited()).toBe(0);
    await again.says(said);
    await group.waitRunning(all, [jvm]);
  });
  expect(delays.at(-1)).toBeGreaterThan(0);
  await line();
  const wanted = Array.from({ length: count }, (_, i) => `line ${i}`);
  for (const name of names) {
    const reader = new CommittedReader(kafka, group.topicOf(name));
    await reader.upTo(count, () => jvm.log().slice(-1_000));
    expect(reader.seen).toEqual(wanted);
  }
  expect(jvm.log()).not.toMatch(/SchemaException|Uncaught exception|ERROR .*WorkerCoordinator/);
});
