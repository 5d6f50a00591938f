import { expect, test } from 'vitest';
import { LogHub } from '../../../../../../src/base/log.ts';
import { intervalMsOf, Schedule } from '../../../../../../src/plugins/connectors/mirror/shared/schedule.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';

function rig() {
  const clock = createTestClock();
  const stopping = new AbortController();
  const told: string[] = [];
  const hub = new LogHub(() => 0);
  hub.attach(({ level, message }) => told.push(`${level} ${message}`));
  const schedule = new Schedule({ timeoutMs: 60_000, clock, log: hub.log('test'), signal: stopping.signal });
  return { clock, stopping, told, schedule };
}

test('a job that fails is told of and holds up nothing', async () => {
  const { schedule, told } = rig();
  const failing = schedule.execute('loading', async () => {
    throw new Error('no broker');
  });
  expect(await Promise.all([failing, schedule.execute('making', async () => undefined)])).toEqual([false, true]);
  expect(told).toEqual(['ERROR Failed while loading: no broker']);
});

test('a job that takes too long is waited for by the next one only', async () => {
  const { schedule, told, clock } = rig();
  const slow = Promise.withResolvers<void>();
  const order: string[] = [];
  const first = schedule.execute('loading', () => slow.promise);
  const second = schedule.execute('making', async () => {
    order.push('making');
  });
  await clock.advance(60_000);
  expect(await first).toBe(false);
  expect(told).toEqual(['ERROR Failed while loading: it takes longer than admin.timeout.ms (60000 ms)']);
  await clock.advance(600_000);
  expect(order).toEqual([]);
  slow.resolve();
  expect(await second).toBe(true);
  expect([order, told.length]).toEqual([['making'], 1]);
});

test('repeated jobs run at once or after the first interval, and not after the end', async () => {
  const { schedule, clock, stopping } = rig();
  const runs: string[] = [];
  const job = (name: string) => async () => {
    runs.push(name);
  };
  schedule.repeat('a', 10_000, job('now'));
  schedule.repeat('b', 10_000, job('later'), true);
  schedule.repeat('c', -1, job('never'));
  await clock.advance(0);
  expect(runs).toEqual(['now']);
  await clock.advance(20_000);
  expect(runs.toSorted()).toEqual(['later', 'later', 'now', 'now', 'now']);
  stopping.abort();
  await clock.advance(60_000);
  expect(runs).toHaveLength(5);
});

test('what is switched off has no interval', () => {
  expect([intervalMsOf(true, 600n), intervalMsOf(false, 600n)]).toEqual([600_000, -1]);
});
