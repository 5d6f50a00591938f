/** Speed out of a counter that is looked at now and then. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CounterTrack, SPARK_POINTS } from '../../../src/cluster/counter-track.ts';

function sampled(...points: readonly (readonly [ms: number, value: number])[]): CounterTrack {
  const track = new CounterTrack('sampled');
  for (const [ms, value] of points) track.add(ms, value);
  return track;
}

test('nothing is known from one look, the mean of some seconds from more', () => {
  expect(sampled([0, 100]).rate(0)).toBeNull();
  expect(sampled([0, 100], [2_000, 300]).rate(2_000)).toBe(100);
  const track = sampled(
    [0, 0],
    [2_000, 2_000],
    [4_000, 4_000],
    [6_000, 6_000],
    [8_000, 6_000],
    [10_000, 6_000],
    [12_000, 6_000],
    [14_000, 6_000],
  );
  expect(track.rate(14_000)).toBe(0);
  expect(track.lastGrowthMs).toBe(6_000);
});

test('a counter that falls begins anew', () => {
  const track = sampled([0, 1_000], [2_000, 3_000], [4_000, 10]);
  expect(track.rate(4_000)).toBeNull();
  track.add(6_000, 210);
  expect(track.rate(6_000)).toBe(100);
});

test('commits once in a while: the rate is over some of them, whatever the looks do', () => {
  const track = new CounterTrack('stepped');
  // 200 a second, committed each 5 s, looked at each 2 s.
  for (let ms = 0; ms <= 60_000; ms += 2_000) track.add(ms, Math.floor(ms / 5_000) * 1_000);
  expect(track.rate(60_000)).toBeGreaterThan(170);
  expect(track.rate(60_000)).toBeLessThan(230);
});

test('a stepped counter stands after two of its steps without one, and is unknown until it has made two', () => {
  const track = new CounterTrack('stepped');
  track.add(0, 0);
  expect(track.rate(10_000)).toBeNull();
  expect(track.rate(80_000)).toBe(0);
  track.add(82_000, 1_000);
  expect(track.rate(82_000)).toBeNull();
  track.add(92_000, 2_000);
  expect(track.rate(92_000)).toBe(100);
  expect(track.rate(110_000)).toBe(100);
  expect(track.rate(113_000)).toBe(0);
});

test('what was before a standstill says nothing about now', () => {
  const track = new CounterTrack('stepped');
  for (const [ms, value] of [
    [0, 0],
    [5_000, 1_000],
    [10_000, 2_000],
    [70_000, 2_500],
    [75_000, 3_500],
  ] as const)
    track.add(ms, value);
  expect(track.rate(75_000)).toBe(200);
});

test('the sparkline keeps the newest points', () => {
  const track = sampled();
  for (let i = 0; i < SPARK_POINTS + 20; i++) track.add(i * 1_000, i * 50);
  expect(track.spark).toHaveLength(SPARK_POINTS);
  expect(track.spark.at(-1)).toBe(50);
});

test('no rate is below zero or not a number', () => {
  for (const kind of ['sampled', 'stepped'] as const)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.nat(1_000_000)), { maxLength: 30 }), (steps) => {
        const track = new CounterTrack(kind);
        let ms = 0;
        for (const [gap, value] of steps) {
          ms += gap;
          track.add(ms, value);
          const rate = track.rate(ms);
          if (rate !== null) expect(rate).toBeGreaterThanOrEqual(0);
        }
        for (const point of track.spark) expect(Number.isFinite(point)).toBe(true);
      }),
    );
});
