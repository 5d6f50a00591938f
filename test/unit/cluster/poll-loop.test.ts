/** Asked again and again, never twice at once; how old the last answer is, is always known. */
import { expect, test } from 'vitest';
import { isStale, PollLoop } from '../../../src/cluster/poll-loop.ts';
import { createTestClock, settle } from '../../helpers/test-clock.ts';

function loopOf(run: () => Promise<void>, more: { intervalMs?: number; timeoutMs?: number } = {}) {
  const clock = createTestClock(0);
  const settled: number[] = [];
  const loop = new PollLoop({
    clock,
    intervalMs: () => more.intervalMs ?? 1_000,
    run,
    onSettled: () => settled.push(clock.monoMs()),
    ...(more.timeoutMs === undefined ? {} : { timeoutMs: more.timeoutMs }),
  });
  return { clock, loop, settled };
}

test('at once, then after each interval, and not after its end', async () => {
  let rounds = 0;
  const { clock, loop } = loopOf(async () => void rounds++);
  loop.start();
  loop.start();
  await clock.advance(3_500);
  expect(rounds).toBe(4);
  loop.stop();
  await clock.advance(10_000);
  expect(rounds).toBe(4);
});

test('an answer that hangs is never asked beside itself, and counts as a failure after its time', async () => {
  let rounds = 0;
  const answer = Promise.withResolvers<void>();
  const { clock, loop, settled } = loopOf(
    () => {
      rounds++;
      return rounds === 1 ? answer.promise : Promise.resolve();
    },
    { timeoutMs: 3_000 },
  );
  loop.start();
  await clock.advance(2_900);
  expect(loop.reach).toMatchObject({ error: null, lastOkMs: null });
  await clock.advance(200);
  expect(loop.reach).toMatchObject({ error: 'no answer for 3 s', failingSinceMs: 3_000 });
  expect(settled).toEqual([3_000]);
  expect(rounds).toBe(1);
  answer.resolve();
  await settle();
  expect(loop.reach).toMatchObject({ error: null, lastOkMs: 3_100 });
  await clock.advance(60_000);
  expect(rounds).toBeGreaterThan(5);
});

test('one that never answers is given up after a minute', async () => {
  let rounds = 0;
  const { clock, loop } = loopOf(() => {
    rounds++;
    return new Promise(() => undefined);
  });
  loop.start();
  await clock.advance(300_000);
  expect(rounds).toBeGreaterThan(1);
  expect(loop.reach.failingSinceMs).toBe(10_000);
});

test('failing since the first failure, until it answers', async () => {
  let isDown = true;
  const { clock, loop } = loopOf(async () => {
    if (isDown) throw new Error('connection refused');
  });
  loop.start();
  await clock.advance(5_000);
  expect(loop.reach).toMatchObject({ error: 'connection refused', failingSinceMs: 0, lastOkMs: null });
  isDown = false;
  await clock.advance(1_000);
  expect(loop.reach).toMatchObject({ error: null, failingSinceMs: null, lastOkMs: 6_000 });
});

test('kicked, it asks now, and right after the round that runs', async () => {
  let rounds = 0;
  const { clock, loop } = loopOf(async () => void rounds++, { intervalMs: 60_000 });
  loop.start();
  await clock.advance(10);
  loop.kick();
  await clock.advance(10);
  expect(rounds).toBe(2);
});

test('rounds that take long each time are not repeated at once; a single long one has only waited', async () => {
  let rounds = 0;
  const one = loopOf(async () => {
    rounds++;
    if (rounds > 1) await one.clock.sleep(rounds === 2 ? 9_000 : 2_000);
  });
  one.loop.start();
  // The second round goes from 1 s to 10 s, the third from 11 s to 13 s, and then they are long in a row.
  await one.clock.advance(10_900);
  expect(rounds).toBe(2);
  await one.clock.advance(200);
  expect(rounds).toBe(3);
  await one.clock.advance(7_800);
  expect(rounds).toBe(3);
  await one.clock.advance(200);
  expect(rounds).toBe(4);
});

test('a round that failed late is tried again after the interval', async () => {
  let rounds = 0;
  const one = loopOf(async () => {
    rounds++;
    await one.clock.sleep(8_000);
    throw new Error('no answer within 8 s');
  });
  one.loop.start();
  await one.clock.advance(9_100);
  expect(rounds).toBe(2);
});

test('old is what has missed so many polls', () => {
  const reach = { lastOkMs: 10_000, failingSinceMs: null, error: null, latencyMs: 1, intervalMs: 2_000 };
  expect(isStale(reach, 20_900, 5)).toBe(false);
  expect(isStale(reach, 21_100, 5)).toBe(true);
  expect(isStale({ ...reach, lastOkMs: null }, 99_000, 5)).toBe(false);
});
