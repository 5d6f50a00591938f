import { expect, test } from 'vitest';
import { SharedBeat } from '../../../src/base/shared-beat.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

test('one timer serves all, as long as there is one', async () => {
  const clock = createTestClock();
  const beat = new SharedBeat(100);
  const done: string[] = [];
  const endA = beat.join(clock, () => done.push('a'));
  const endB = beat.join(clock, () => done.push('b'));
  expect(clock.sleepers).toBe(1);
  await clock.advance(250);
  expect(done).toEqual(['a', 'b', 'a', 'b']);
  endA();
  await clock.advance(100);
  expect(done.slice(4)).toEqual(['b']);
  endB();
  endB();
  expect(clock.sleepers).toBe(0);
  beat.join(clock, () => done.push('c'));
  await clock.advance(100);
  expect([done.slice(5), clock.sleepers]).toEqual([['c'], 1]);
});
