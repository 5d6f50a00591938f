/** Reading what went wrong: the log from its failure on, levels, jumps from failure to failure and from cause to cause. */
import { expect, test } from 'vitest';
import { shortLogger } from '../../../screens/loggers/index.ts';
import type { LogLevel } from '../../../src/base/log.ts';
import { failureEvent } from '../../../src/store/log-failure.ts';
import { type ConsoleRig, startConsole } from '../../helpers/console-rig.ts';
import type { ScriptedWorld } from '../../helpers/scripted-world.ts';
import { START_MS, troubledWorld } from '../../helpers/worlds.ts';

const event = (
  sequence: number,
  timeMs: number,
  level: LogLevel,
  message: string,
  more: { trace?: string; connector?: string; task?: number } = {},
) => ({ sequence, timeMs, level, logger: 'worker', message, connector: null, task: null, trace: null, ...more });

const OF_SINK = { connector: 'orders-sink', task: 1 };

/** A hundred lines before the failure, a hundred after it. */
function chatty(): ScriptedWorld {
  const world = troubledWorld();
  const lines = (from: number, word: string) =>
    Array.from({ length: 100 }, (_, i) => event(from + i, START_MS - 90_000 + (from + i) * 100, 'INFO', `${word} ${i}.`, OF_SINK));
  world.log = [
    ...lines(0, 'before'),
    event(100, START_MS - 80_000, 'ERROR', 'threw an uncaught exception', {
      ...OF_SINK,
      trace: 'java.io.IOException: disk full\n\tat a.B.c\n',
    }),
    ...lines(101, 'after'),
    event(201, START_MS - 60_000, 'WARN', 'slow close', OF_SINK),
  ];
  return world;
}

async function open(world: ScriptedWorld, ...keys: string[]): Promise<ConsoleRig> {
  const rig = startConsole(world, { size: [100, 24] });
  for (let i = 0; i < 6; i++) await rig.pass(1_500);
  rig.press('go.connectors');
  await rig.screen.shows('by health');
  rig.press('row.open');
  await rig.screen.shows('⏎ the whole trace');
  rig.press('move.top', ...keys);
  return rig;
}

test('l on a failed task opens the log where it failed, what led to it above; the end is one key away', async () => {
  await using rig = await open(chatty(), 'connector.log');
  await rig.screen.shows('log of orders-sink task 1');
  await rig.pass(1_500);
  const text = await rig.screen.shows('standing still');
  expect(text).toMatch(/before 99\.[\s\S]*▸.*ERROR.*uncaught exception[\s\S]*disk full[\s\S]*after 0\./);
  rig.press('move.up');
  await rig.screen.shows('before 95.');
  rig.press('move.bottom');
  await rig.screen.shows(/slow close[\s\S]*following|following[\s\S]*slow close/);
  await rig.pass(1_500);
  await rig.screen.shows('slow close');
});

test('l on a task that runs follows the end', async () => {
  const world = chatty();
  for (const task of world.connector('orders-sink').tasks) Object.assign(task, { state: 'RUNNING', trace: undefined });
  world.connector('orders-sink').tasks[0] = { state: 'PAUSED', worker: 'w' };
  const rig = startConsole(world, { size: [100, 24] });
  await using _ = rig;
  for (let i = 0; i < 6; i++) await rig.pass(1_500);
  rig.press('app.command');
  rig.screen.type('tasks orders-sink\r');
  await rig.screen.shows('task 0 has no error');
  rig.press('move.top', 'move.down', 'connector.log');
  await rig.screen.shows('log of orders-sink task 1');
  await rig.pass(1_500);
  await rig.screen.shows(/following[\s\S]*slow close/);
});

test('a worker without a log: where to look, and at which time', async () => {
  await using rig = await open(Object.assign(chatty(), { log: null }), 'connector.log');
  await rig.screen.shows('offers no log');
  const text = await rig.screen.shows(/Look on 10\.0\.0\.12:8083, for "orders-sink" before \d\d:\d\d:\d\d/);
  // Whole also where it does not fit into a line.
  expect(text).toContain('names another.');
});

test('L leaves out what is below a level, round and round; n and N go from failure to failure', async () => {
  const world = troubledWorld();
  world.log = [
    event(1, START_MS, 'ERROR', 'first failure'),
    event(2, START_MS, 'DEBUG', 'details'),
    event(3, START_MS, 'INFO', 'started'),
    event(4, START_MS, 'WARN', 'slow'),
    event(5, START_MS, 'FATAL', 'second failure'),
  ];
  await using rig = startConsole(world, { size: [100, 24] });
  rig.press('go.log');
  await rig.screen.shows('worker log');
  await rig.pass(1_500);
  await rig.screen.shows('details');
  const shown = async (unwanted: string, ...wanted: string[]) => {
    rig.press('log.level');
    await rig.screen.lacks(unwanted);
    for (const one of wanted) await rig.screen.shows(one);
  };
  await shown('details', 'INFO and worse', 'started', 'slow', 'failure');
  await shown('started', 'WARN and worse', 'slow', 'failure');
  await shown(' slow', 'ERROR and worse', 'first failure', 'second failure');
  await shown('and worse', 'details', 'started');
  rig.press('move.next-match');
  await rig.screen.shows(/▸.*first failure/);
  rig.press('move.next-match');
  await rig.screen.shows(/▸.*second failure/);
  // Round the end, both ways.
  rig.press('move.next-match');
  await rig.screen.shows(/▸.*first failure/);
  rig.press('move.previous-match');
  await rig.screen.shows(/▸.*second failure/);
});

test('in a trace n goes from cause to cause, the innermost first', async () => {
  await using rig = await open(troubledWorld(), 'row.open');
  await rig.screen.shows('led to');
  for (const cause of ['SQLIntegrityConstraint', 'led to ConnectException', 'led to ConnectException']) {
    rig.press('move.next-match');
    await rig.screen.shows(new RegExp(`▸ ?${cause}`));
  }
  rig.press('move.previous-match', 'move.previous-match');
  await rig.screen.shows(/▸ ?SQLIntegrityConstraint/);
});

test('a log without a failure has nowhere to go, and says so', async () => {
  const world = troubledWorld();
  world.log = [event(1, START_MS, 'INFO', 'all is well here')];
  await using rig = startConsole(world, { size: [100, 24] });
  rig.press('go.log');
  await rig.pass(1_500);
  await rig.screen.shows('all is well here');
  rig.press('move.next-match');
  await rig.screen.shows('there is nothing to go to');
});

test('names of loggers that do not fit are shortened from the front, and no more than they must be', () => {
  const name = 'org.apache.kafka.connect.runtime.WorkerSinkTask';
  expect(shortLogger(name, 60)).toBe(name);
  expect(shortLogger(name, 38)).toBe('o.a.k.connect.runtime.WorkerSinkTask');
  expect(shortLogger(name, 10)).toBe('o.a.k.c.r.WorkerSinkTask');
  expect(shortLogger('root', 2)).toBe('root');
});

test('which event tells of a failure: the nearest one that has a trace, and none from another time', () => {
  const trace = 'x: y';
  const events = [
    event(1, 10_000, 'ERROR', 'long ago', { trace }),
    event(2, 100_000, 'ERROR', 'before the restart', { trace }),
    event(3, 104_000, 'ERROR', 'this one', { trace }),
    event(4, 104_400, 'ERROR', 'stopped after it'),
    event(5, 104_500, 'INFO', 'well'),
    event(6, 200_000, 'ERROR', 'later', { trace }),
  ];
  const found = (atMs: number, isExact: boolean) => failureEvent(events, { atMs, isExact })?.message ?? null;
  expect(found(105_000, true)).toBe('this one');
  expect(found(103_500, true)).toBe('this one');
  expect(found(150_000, true)).toBeNull();
  expect(found(150_000, false)).toBe('this one');
  expect(found(5_000, false)).toBeNull();
});
