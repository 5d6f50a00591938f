/** Somebody sets the clocks of the machines under a cluster of workers, far forward and far back: nothing stops, nobody rejoins, nothing is refused. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { testKafka, uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { WorkerGroup } from '../helpers/worker-group.ts';
import type { WorkerProcess } from '../helpers/worker-process.ts';

/** Brokers take no record of more than an hour ahead (message.timestamp.after.max.ms). */
const AHEAD_MS = 50 * 60_000;
const HOUR_MS = 3_600_000;
const kafka = testKafka();
afterAll(() => kafka.close());

const rounds = (worker: WorkerProcess) => worker.log().split('Joined group').length;
const errors = (worker: WorkerProcess) =>
  worker
    .log()
    .split('\n')
    .filter((line) => line.includes('] ERROR '));

test('most of an hour forward, hours back, and where they were', async () => {
  const names = ['j0', 'j1', 'j2', 'j3'];
  const made: string[] = [];
  const group = new WorkerGroup(uniqueName('clock'), kafka, {
    'session.timeout.ms': '6000',
    'heartbeat.interval.ms': '500',
    'offset.flush.interval.ms': '500',
    // So that keys, too, come of age when the clock says so.
    'inter.worker.key.ttl.ms': String(AHEAD_MS / 2),
  });
  onTestFinished(async () => {
    await group[Symbol.asyncDispose]();
    await kafka.admin().deleteTopics([...Object.values(group.topics), ...[...names, ...made].map((name) => group.topicOf(name))]);
  });
  const clock = path.join(group.folder, 'clock');
  const jump = (byMs: number) => writeFileSync(clock, String(byMs));
  jump(0);
  const helper = pathToFileURL(path.resolve(import.meta.dirname, '../helpers/jumping-clock.ts'));
  helper.searchParams.set('by', clock);
  const nodeArguments = ['--import', helper.href];
  const workers = [await group.start({ nodeArguments }), await group.start({ nodeArguments })] as const;
  const create = async (worker: WorkerProcess, name: string) => {
    group.addLine(name, 'line 0');
    const { status, text } = await worker.rest('PUT', `/connectors/${name}/config`, group.source(name));
    expect([status, text]).toEqual([201, expect.any(String)]);
  };
  for (const name of names) await create(workers[0], name);
  await group.waitShared(names, workers);
  const wanted = ['line 0'];
  for (const byMs of [AHEAD_MS, -3 * HOUR_MS, 0]) {
    const before = workers.map(rounds);
    jump(byMs);
    for (const worker of workers)
      await waitUntil('its clock has jumped', async () => {
        await worker.rest('PUT', '/admin/loggers/test.clock', { level: 'INFO' });
        const { last_modified: atMs } = JSON.parse((await worker.rest('GET', '/admin/loggers/test.clock')).text) as {
          last_modified: number;
        };
        return Math.abs(atMs - Date.now() - byMs) < AHEAD_MS / 2 || atMs;
      });
    const line = `line ${wanted.length}`;
    wanted.push(line);
    for (const name of names) group.addLine(name, line);
    for (const name of names)
      await waitUntil(
        `the lines of ${name} are there once`,
        async () => String(await group.lines(name)) === String(wanted) || group.lines(name),
      );
    const position = wanted.reduce((bytes, one) => bytes + one.length + 1, 0);
    for (const name of names)
      await waitUntil('its offset is stored', async () => {
        const { text } = await workers[1].rest('GET', `/connectors/${name}/offsets`);
        return text.includes(`"position":${position}`) || text;
      });
    expect(workers.map(rounds)).toEqual(before);
    // Whichever of them it runs on: what it asks of the leader is signed, and taken.
    const name = `late${made.length}`;
    made.push(name);
    for (const worker of workers) expect((await worker.rest('GET', '/health')).status).toBe(200);
    await create(workers[made.length % 2]!, name);
    await group.waitRunning([...names, ...made], workers);
  }
  for (const worker of workers) {
    expect(errors(worker)).toEqual([]);
    expect(await worker.end()).toBe(0);
  }
});
