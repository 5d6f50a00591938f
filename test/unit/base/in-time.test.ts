import { expect, test } from 'vitest';
import { atMost } from '../../../src/base/in-time.ts';
import { createTestClock, settle } from '../../helpers/test-clock.ts';

const never = new Promise<void>(() => undefined);

test('at most: until the work is done, the time is over or the signal aborts, and no timer is left', async () => {
  const clock = createTestClock();
  await atMost(Promise.resolve(1), 1_000, clock);
  await settle();
  expect(clock.sleepers).toBe(0);

  let isOver = false;
  const late = atMost(never, 1_000, clock).then(() => {
    isOver = true;
  });
  await clock.advance(999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  await late;

  const stopping = new AbortController();
  const stopped = atMost(never, 1_000, clock, stopping.signal);
  stopping.abort();
  await stopped;
  expect(clock.sleepers).toBe(0);
});

test('at most: rejects as the work does', async () => {
  const clock = createTestClock();
  await expect(atMost(Promise.reject(new Error('refused')), 1_000, clock)).rejects.toThrow('refused');
  await settle();
  expect(clock.sleepers).toBe(0);
});
