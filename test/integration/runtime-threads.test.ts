/** Task threads with plugins that misbehave: the worker and the other tasks live on. */
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StandaloneRig, startRig, uniqueName, valuesOf } from '../helpers/standalone-rig.ts';
import { TEST_SOURCE } from '../helpers/test-plugins.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let rig: StandaloneRig;
beforeEach(async () => {
  rig = await startRig({ 'task.shutdown.graceful.timeout.ms': '1500' });
});
afterEach(() => rig[Symbol.asyncDispose]());

const bad = (fault: string, more: Record<string, string> = {}) => ({ 'connector.class': TEST_SOURCE, fault, ...more });

/** A file source beside the bad one; with two threads, the third task shares one with each. */
async function neighbours(): Promise<{ names: string[]; topics: string[]; write: (line: string) => void }> {
  const files = [0, 1].map((i) => rig.file(`in-${i}.txt`));
  const topics = files.map((_, i) => uniqueName(`neighbour-${i}`));
  const names = topics.map((topic) => `c-${topic}`);
  for (const [i, file] of files.entries()) {
    writeFileSync(file, 'before\n');
    await rig.create(names[i]!, { 'connector.class': 'FileStreamSource', file, topic: topics[i]! });
  }
  for (const topic of topics) await rig.waitCount(topic, 1);
  const write = (line: string) => {
    for (const file of files) writeFileSync(file, `${line}\n`, { flag: 'a' });
  };
  return { names, topics, write };
}

describe.each([
  ['never returns from poll', 'poll-hangs'],
  ['spins for ever', 'poll-spins'],
])('a task that %s', (_, fault) => {
  test('is ended with its thread when it is stopped; the others go on, each line once', async () => {
    const name = uniqueName(fault);
    await rig.create(name, bad(fault), { waits: false });
    await rig.waitStates(name, 'RUNNING', 'RUNNING');
    const { names, topics, write } = await neighbours();
    const startMs = performance.now();
    await rig.herder.stopConnector(name);
    expect(performance.now() - startMs).toBeLessThan(8_000);
    expect(await rig.states(name)).toEqual(['STOPPED']);
    expect(rig.log().some((line) => line.startsWith(`Task thread`) && line.includes(`task ${name}-0 did not stop within 1500 ms`))).toBe(
      true,
    );
    write('after');
    for (const [i, topic] of topics.entries()) {
      await rig.waitCount(topic, 2);
      await rig.waitStates(names[i]!, 'RUNNING', 'RUNNING');
      expect((await valuesOf(rig.kafka, topic)).map((v) => JSON.parse(v ?? '{}').payload)).toEqual(['before', 'after']);
    }
    await rig.herder.putConnectorConfig(name, bad('none', { records: '1', topic: uniqueName('healed') }), { allowReplace: true });
    await rig.herder.resumeConnector(name);
    await rig.waitStates(name, 'RUNNING', 'RUNNING');
  });
});

describe.each([
  ['exits', 'exits', /Task thread \d+ ended by itself with exit code 7/],
  ['runs out of memory', 'out-of-memory', /Task thread \d+ ran out of memory \(limit 1024 MB of heap\)/],
])('a task whose thread %s', (_, fault, cause) => {
  test('fails with the cause; the worker lives, and new tasks run', async () => {
    const name = uniqueName(fault);
    await rig.create(name, bad(fault), { waits: false });
    await rig.waitStates(name, 'FAILED', 'FAILED');
    expect((await rig.herder.taskStatus(name, 0)).trace).toMatch(cause);
    expect((await rig.herder.health()).status).toBe('healthy');
    const { topics, write } = await neighbours();
    write('after');
    for (const topic of topics) await rig.waitCount(topic, 2);
    const topic = uniqueName('healed');
    await rig.herder.putConnectorConfig(name, bad('none', { records: '3', topic }), { allowReplace: true });
    await rig.waitStates(name, 'RUNNING', 'RUNNING');
    await rig.waitCount(topic, 3);
  });
});

test('a thread that stands still is noticed, named, and gets no new tasks', async () => {
  const name = uniqueName('spins');
  await rig.create(name, bad('poll-spins'), { waits: false });
  await waitUntil('the log names the thread and its task', () =>
    rig.log().some((line) => /^Task thread \d+ has not answered for 5000 ms/.test(line) && line.includes(`${name}-0`)),
  );
  const { topics, write } = await neighbours();
  write('after');
  for (const topic of topics) await rig.waitCount(topic, 2);
});

test('stop of the worker waits for nobody longer than the graceful time', async () => {
  const hanging = uniqueName('hangs');
  await rig.create(hanging, bad('poll-spins'), { waits: false });
  await rig.waitStates(hanging, 'RUNNING', 'RUNNING');
  await rig.create(uniqueName('well'), bad('none', { records: '2', topic: uniqueName('well') }));
  const startMs = performance.now();
  await rig.stop();
  expect(performance.now() - startMs).toBeLessThan(6_000);
});
