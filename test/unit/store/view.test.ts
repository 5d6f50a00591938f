/** Cursor and window of a table. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cursorIndexOf, makeView, windowTop } from '../../../src/store/view.ts';

test('the cursor follows its row, and takes the place of a row that is gone', () => {
  const view = makeView('connectors', {}, { cursorId: 'b', cursorIndex: 1 });
  expect(cursorIndexOf(view, ['a', 'b', 'c'])).toBe(1);
  expect(cursorIndexOf(view, ['b', 'a', 'c'])).toBe(0);
  expect(cursorIndexOf(view, ['a', 'c'])).toBe(1);
  expect(cursorIndexOf(view, ['a'])).toBe(0);
  expect(cursorIndexOf(view, [])).toBe(0);
  expect(cursorIndexOf(makeView('connectors'), ['a', 'b'])).toBe(0);
});

test('views have keys of their own; tails and logs begin to follow', () => {
  expect(makeView('home').key).not.toBe(makeView('home').key);
  expect(makeView('tail').isFollowing).toBe(true);
  expect(makeView('connectors').isFollowing).toBe(false);
});

test('the window holds the cursor, lies within the rows and moves no further than it must', () => {
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(fc.nat(100), fc.nat(100), size, fc.integer({ min: 1, max: 120 }), (before, at, height, count) => {
      const cursor = Math.min(at, count - 1);
      const top = windowTop(before, cursor, height, count);
      expect(cursor).toBeGreaterThanOrEqual(top);
      expect(cursor).toBeLessThan(top + height);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(top).toBeLessThanOrEqual(Math.max(0, count - height));
      expect(windowTop(top, cursor, height, count)).toBe(top);
    }),
  );
});
