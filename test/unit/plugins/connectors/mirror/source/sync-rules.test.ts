/** Source: MirrorSourceTaskTest.testOffsetSync, testZeroOffsetSync (4.3). */
import { expect, test } from 'vitest';
import { SyncState } from '../../../../../../src/plugins/connectors/mirror/source/sync-rules.ts';

function due(maxLag: number, ...offsets: ReadonlyArray<readonly [up: number, down: number]>): boolean[] {
  const state = new SyncState(maxLag);
  return offsets.map(([up, down]) => state.update(up, down));
}

test('the first record is always told, then each that is too far from the last one that was', () => {
  // 50 is due at 151: a consumer between the two is set back to 101.
  expect(due(50, [0, 100], [2, 102], [3, 152], [4, 153], [5, 154], [6, 205])).toEqual([true, true, false, true, false, true]);
});

test('a gap upstream is told, and a place downstream that was made anew', () => {
  expect(due(50, [0, 100], [1, 101], [2, 102], [4, 104], [5, 105])).toEqual([true, false, false, true, false]);
  expect(due(50, [0, 100], [1, 101], [2, 5], [3, 6])).toEqual([true, false, true, false]);
});

test('without tolerance each record is told', () => {
  expect(due(0, [0, 100], [1, 101], [2, 102])).toEqual([true, true, true]);
});

test('of records in a row with the default those that the original told', () => {
  const state = new SyncState(100);
  const told = Array.from({ length: 400 }, (_, offset) => offset).filter((offset) => state.update(offset, offset));
  expect(told).toEqual([0, 101, 202, 303]);
});
