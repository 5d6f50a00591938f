/** Figures as they read on the screen. */
import { expect, test } from 'vitest';
import {
  compactAge,
  formatAge,
  formatBytes,
  formatClockMs,
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatTimestamp,
  groupDigits,
  plural,
} from '../../../src/base/format.ts';

test('counts: digits up to a million, then three figures and a unit', () => {
  expect([0, 999, 1_204, 999_999, 1_204_551, 99_949_999, 1.5e9].map(formatCount)).toEqual([
    '0',
    '999',
    '1 204',
    '999 999',
    '1.20 M',
    '99.9 M',
    '1.50 G',
  ]);
  expect([null, Number.NaN, Number.POSITIVE_INFINITY].map(formatCount)).toEqual(['?', '?', '?']);
  expect(groupDigits(9007199254740993n)).toBe('9 007 199 254 740 993');
  expect(groupDigits(-1234)).toBe('-1 234');
});

test('rates: what is slow is told, what is nothing is 0', () => {
  expect([null, 0, 0.01, 0.4, 9.96, 12, 41_870, 1_800_000].map(formatRate)).toEqual([
    '?',
    '0',
    '<0.1',
    '0.4',
    '10.0',
    '12',
    '41 870',
    '1.80 M',
  ]);
});

test('sizes by thousands', () => {
  expect([0, 999, 1_000, 186_000_000_000n, null].map(formatBytes)).toEqual(['0 B', '999 B', '1.00 kB', '186 GB', '?']);
});

test('times: seconds below two minutes, then minutes, hours, days', () => {
  expect([0, 240, 950, 119_000, 121_000, 3_600_000, 12_000_000, 200_000_000].map(formatDuration)).toEqual([
    '0.0 s',
    '0.2 s',
    '1 s',
    '119 s',
    '2 min',
    '1 h',
    '3 h 20 min',
    '2 d 7 h',
  ]);
  expect(formatAge(999)).toBe('0 s');
  expect(formatAge(1_999)).toBe('1 s');
  expect([-5, 4_000, 720_000, 12_000_000, 200_000_000].map(compactAge)).toEqual(['0s', '4s', '12m', '3h20m', '2d7h']);
});

test('clock and date in the local zone', () => {
  const at = Date.UTC(2026, 10, 23, 12, 4, 31, 118);
  expect(formatClockMs(at)).toBe('12:04:31.118');
  expect(formatTimestamp(at)).toBe('2026-11-23 12:04:31.118');
  expect(formatTimestamp(-1)).toBe('1969-12-31 23:59:59.999');
  expect(formatTimestamp(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991');
});

test('shares and numbers of things', () => {
  expect([null, 0.6149, 1].map(formatPercent)).toEqual(['?', '61 %', '100 %']);
  expect([plural(1, 'task'), plural(0, 'task'), plural(1_204, 'replica')]).toEqual(['1 task', '0 tasks', '1 204 replicas']);
});
