/** Log levels for a while: set, counted down, set back, whatever is looked at meanwhile. */
import { expect, test } from 'vitest';
import type { LogLevel } from '../../../src/base/log.ts';
import type { Herder } from '../../../src/herder/herder.ts';
import { NO_ADDRESSES } from '../../../src/store/addresses.ts';
import { levelsBefore } from '../../../src/store/level-steps.ts';
import { workerRows } from '../../../src/store/worker-rows.ts';
import { connector, ScriptedWorld } from '../../helpers/scripted-world.ts';
import { startSession } from '../../helpers/session-rig.ts';

/** As Connect does it: a logger sets all that are known below it. */
function world(levels: Record<string, LogLevel>) {
  const one = new ScriptedWorld();
  one.connectors = [connector('src', 'source')];
  const calls: string[] = [];
  const state = { error: null as Error | null };
  Object.assign(one.herder, {
    loggers: async () => Object.fromEntries(Object.entries(levels).map(([name, level]) => [name, { level, last_modified: null }])),
    setLogger: async (name, level, scope) => {
      if (state.error) throw state.error;
      calls.push(`${name} ${level} ${scope}`);
      levels[name] = level;
      for (const other of Object.keys(levels)) if (name === 'root' || other.startsWith(`${name}.`)) levels[other] = level;
      return null;
    },
  } satisfies Partial<Herder>);
  return { one, levels, calls, state };
}

const tree = (): Record<string, LogLevel> => ({ root: 'INFO', 'o.a': 'INFO', 'o.a.b': 'WARN', 'o.a.b.c': 'WARN', 'o.z': 'INFO' });

test('what must be set back: the logger, and below it only what its parent does not set', () => {
  const loggers = Object.fromEntries(Object.entries(tree()).map(([name, level]) => [name, { level, last_modified: null }]));
  const of = (logger: string) => levelsBefore(loggers, { logger, level: 'DEBUG', scope: 'worker', worker: null }).levels;
  expect(of('o.a')).toEqual([
    ['o.a', 'INFO'],
    ['o.a.b', 'WARN'],
  ]);
  expect(of('o.z')).toEqual([['o.z', 'INFO']]);
  expect(of('o.a.b.new')).toEqual([['o.a.b.new', 'WARN']]);
  expect(of('new')).toEqual([['new', 'INFO']]);
  expect(of('root')).toEqual([
    ['root', 'INFO'],
    ['o.a.b', 'WARN'],
  ]);
});

test('from the list: a letter sets it for five minutes; another view is looked at; then all is as before', async () => {
  const { one, levels, calls } = world(tree());
  using rig = await startSession(one);
  await rig.command('loggers');
  await rig.clock.advance(2_000);
  expect(rig.rows()).toEqual(['root', 'o.a', 'o.a.b', 'o.a.b.c', 'o.z']);
  await rig.keys('j', 'enter');
  expect(rig.dialog().slice(0, 3)).toEqual(['log level of o.a', 'for 5 min, then INFO again by itself', 'on the worker that answers here']);
  await rig.keys('d');
  await rig.clock.advance(2_000);
  expect(levels['o.a.b.c']).toBe('DEBUG');
  expect(rig.session.current().data.levelReverts).toMatchObject([{ before: { logger: 'o.a' } }]);
  expect(rig.rows()[0]).toBe('root');
  await rig.press('go.home');
  await rig.clock.advance(290_000);
  expect(levels['o.a']).toBe('DEBUG');
  await rig.clock.advance(12_000);
  expect(levels).toEqual(tree());
  expect(calls).toEqual(['o.a DEBUG worker', 'o.a INFO worker', 'o.a.b WARN worker']);
  expect(rig.session.current().data.levelReverts).toEqual([]);
  expect(rig.session.actionLog.records.map(({ action, before, after }) => [action, before, after])).toEqual([
    ['logger.level', 'INFO', 'DEBUG'],
    ['logger.restore', 'DEBUG', 'INFO'],
  ]);
});

test('for good, on all workers: nothing goes back by itself, and undo does', async () => {
  const { one, levels, calls } = world(tree());
  using rig = await startSession(one);
  await rig.command('lo');
  await rig.clock.advance(2_000);
  await rig.keys('j', 'enter', 'm', 'm', 'm', 'c');
  expect(rig.dialog().slice(1, 3)).toEqual(['for good: it stays until somebody changes it', 'on every worker']);
  await rig.keys('t');
  await rig.clock.advance(400_000);
  expect(levels['o.a']).toBe('TRACE');
  await rig.operations.undo();
  expect(levels).toEqual(tree());
  expect(calls[0]).toBe('o.a TRACE cluster');
});

test('undo before the time is over ends the countdown', async () => {
  const { one, levels, calls } = world(tree());
  using rig = await startSession(one);
  await rig.operations.setLevel({ logger: 'o.z', level: 'DEBUG', scope: 'worker', worker: null }, 300_000);
  await rig.operations.undo();
  expect(rig.session.current().data.levelReverts).toEqual([]);
  await rig.clock.advance(400_000);
  expect(calls).toEqual(['o.z DEBUG worker', 'o.z INFO worker']);
  expect(levels).toEqual(tree());
});

test('a second change goes back to what was before the first', async () => {
  const { one, levels } = world(tree());
  using rig = await startSession(one);
  await rig.operations.setLevel({ logger: 'o.a', level: 'DEBUG', scope: 'worker', worker: null }, 300_000);
  await rig.operations.setLevel({ logger: 'o.a', level: 'TRACE', scope: 'worker', worker: null }, 300_000);
  await rig.clock.advance(310_000);
  expect(levels).toEqual(tree());
});

test('what somebody else has set meanwhile is left, and said', async () => {
  const { one, levels, calls } = world(tree());
  using rig = await startSession(one);
  await rig.operations.setLevel({ logger: 'o.z', level: 'DEBUG', scope: 'worker', worker: null }, 60_000);
  levels['o.z'] = 'ERROR';
  await rig.clock.advance(61_000);
  expect(levels['o.z']).toBe('ERROR');
  expect(calls).toEqual(['o.z DEBUG worker']);
  expect(rig.flash()).toContain('is ERROR now: it is left');
});

test('a worker that does not take it is asked again', async () => {
  const { one, levels, state } = world(tree());
  using rig = await startSession(one);
  await rig.operations.setLevel({ logger: 'o.z', level: 'DEBUG', scope: 'worker', worker: null }, 60_000);
  state.error = new Error('connection refused');
  await rig.clock.advance(61_000);
  expect(rig.flash()).toContain('o.z stays DEBUG: connection refused');
  state.error = null;
  await rig.clock.advance(12_000);
  expect(levels['o.z']).toBe('INFO');
});

test('leaving sets everything back, and says what it could not', async () => {
  const { one, levels, state } = world(tree());
  using rig = await startSession(one);
  await rig.operations.setLevel({ logger: 'o.z', level: 'DEBUG', scope: 'worker', worker: null }, 300_000);
  expect(await rig.operations.levels.settle(2_000)).toEqual([]);
  expect(levels['o.z']).toBe('INFO');
  await rig.operations.setLevel({ logger: 'o.z', level: 'DEBUG', scope: 'worker', worker: null }, 300_000);
  state.error = new Error('connection refused');
  expect(await rig.operations.levels.settle(2_000)).toEqual(['the log level of o.z stays DEBUG: connection refused']);
});

const A = 'http://10.0.0.11:8083';
const B = 'http://10.0.0.12:8083';

/** Two workers, each with levels of its own; what is set for the cluster is set on both. */
function twoWorkers() {
  const levels = new Map([
    [A, tree()],
    [B, tree()],
  ]);
  const dead = new Set<string>();
  const calls: string[] = [];
  const one = new ScriptedWorld();
  one.connectors = [connector('src', 'source', { worker: '10.0.0.11:8083', tasks: [{ state: 'RUNNING', worker: '10.0.0.12:8083' }] })];
  const at = (worker: string | undefined) => {
    const url = worker ?? [A, B].find((one) => !dead.has(one))!;
    if (dead.has(url)) throw new Error(`${url}: connection refused`);
    return url;
  };
  Object.assign(one.herder, {
    workers: async () =>
      [A, B].map((address) => ({
        address,
        workerId: null,
        error: null,
        latencyMs: 1,
        info: null,
        health: null,
        make: null,
        process: null,
      })),
    loggers: async (worker) =>
      Object.fromEntries(Object.entries(levels.get(at(worker))!).map(([name, level]) => [name, { level, last_modified: null }])),
    setLogger: async (name, level, scope, worker) => {
      calls.push(`${name} ${level} ${scope === 'cluster' ? 'all' : at(worker)}`);
      for (const url of scope === 'cluster' ? [A, B] : [at(worker)]) levels.get(url)![name] = level;
      return null;
    },
  } satisfies Partial<Herder>);
  const addresses = { ...NO_ADDRESSES, connect: [A, B] };
  return { one, levels, dead, calls, start: () => startSession(one, { addresses }) };
}

test('of one worker among several: the change and its way back go there, and to no other when it is dead', async () => {
  const { levels, dead, calls, start } = twoWorkers();
  using rig = await start();
  await rig.command('workers');
  await rig.clock.advance(2_000);
  expect(rig.rows()).toEqual(['10.0.0.11:8083', '10.0.0.12:8083']);
  await rig.keys('j', 'enter');
  await rig.clock.advance(2_000);
  expect(rig.session.view).toMatchObject({ pane: 'loggers', target: { worker: B } });
  await rig.keys('j', 'enter');
  expect(rig.dialog().slice(0, 3)).toEqual(['log level of o.a', 'for 5 min, then INFO again by itself', 'on 10.0.0.12:8083 alone']);
  await rig.keys('d');
  await rig.clock.advance(2_000);
  expect([levels.get(A)!['o.a'], levels.get(B)!['o.a']]).toEqual(['INFO', 'DEBUG']);
  dead.add(B);
  await rig.clock.advance(300_000);
  expect(rig.flash()).toContain(`o.a stays DEBUG: ${B}: connection refused`);
  dead.delete(B);
  await rig.clock.advance(12_000);
  expect([...levels.values()]).toEqual([tree(), { ...tree() }]);
  expect(calls).toEqual([`o.a DEBUG ${B}`, `o.a INFO ${B}`, `o.a.b WARN ${B}`]);
});

test('who answered when the workers were last looked at is asked anew', async () => {
  const { one, start } = twoWorkers();
  using rig = await start();
  const states = () =>
    workerRows({ connect: rig.session.current().data.connect, ...rig.session.current().data.workers, groups: null }).map(
      (row) => row.state,
    );
  await rig.command('workers');
  await rig.clock.advance(2_000);
  expect(states()).toEqual(['up', 'up']);
  await rig.press('go.home');
  // One of them takes long now.
  one.herder.workers = () => new Promise(() => undefined);
  await rig.clock.advance(60_000);
  await rig.command('workers');
  await rig.clock.advance(2_000);
  expect(states()).toEqual(['asking', 'asking']);
});

test('the same logger of two workers goes back on each at its own time; for all workers, on all', async () => {
  const { levels, calls, start } = twoWorkers();
  using rig = await start();
  const set = (worker: string, level: LogLevel, forMs: number, scope: 'worker' | 'cluster' = 'worker') =>
    rig.operations.setLevel({ logger: 'o.z', level, scope, worker }, forMs);
  await set(A, 'DEBUG', 60_000);
  await set(B, 'TRACE', 120_000);
  await rig.clock.advance(61_000);
  expect([levels.get(A)!['o.z'], levels.get(B)!['o.z']]).toEqual(['INFO', 'TRACE']);
  await rig.clock.advance(60_000);
  expect(levels.get(B)!['o.z']).toBe('INFO');
  calls.length = 0;
  await set(A, 'DEBUG', 60_000);
  await set(A, 'ERROR', 60_000, 'cluster');
  expect(rig.session.current().data.levelReverts).toHaveLength(1);
  await rig.clock.advance(61_000);
  expect(calls).toEqual([`o.z DEBUG ${A}`, 'o.z ERROR all', 'o.z INFO all']);
});

test('without a choice the list stays with the worker that answers, and says whose it is', async () => {
  const { levels, dead, start } = twoWorkers();
  levels.get(B)!['o.z'] = 'ERROR';
  dead.add(A);
  using rig = await start();
  await rig.command('loggers');
  await rig.clock.advance(3_000);
  expect(rig.session.current().data.loggers).toMatchObject({ worker: B, error: null, loggers: { 'o.z': { level: 'ERROR' } } });
  dead.delete(A);
  await rig.clock.advance(6_000);
  expect(rig.session.current().data.loggers.worker).toBe(B);
});
