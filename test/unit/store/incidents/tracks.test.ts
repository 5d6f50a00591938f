/** What is remembered of the minutes before: lags that are saws, counters that fall. */
import { expect, test } from 'vitest';
import type { ConnectData, RecordErrors } from '../../../../src/store/connect-model.ts';
import { GrowthTrack } from '../../../../src/store/incidents/growth-track.ts';
import { LagTrack, type LagTrend } from '../../../../src/store/incidents/lag-track.ts';
import { Trends } from '../../../../src/store/incidents/trends.ts';

/** A topic that gets `inPerSec`, a reader that reads `outPerSec` and commits every `commitMs`; looked at each 2 s unless told otherwise. */
function saw(options: { forMs: number; inPerSec: number; outPerSec: number; commitMs: number; lag?: number; lookMs?: number }): LagTrack {
  const track = new LagTrack();
  const { inPerSec, outPerSec, commitMs, lag = 0, lookMs = 2_000 } = options;
  for (let atMs = 0; atMs <= options.forMs; atMs += lookMs) {
    const end = 1_000_000 + lag + (atMs / 1_000) * inPerSec;
    const committed = 1_000_000 + Math.floor(atMs / commitMs) * (commitMs / 1_000) * outPerSec;
    track.add(atMs, { lag: end - committed, committed, partitions: 3 });
  }
  return track;
}

test('a reader that keeps pace does not fall behind, however rarely it commits', () => {
  for (const commitMs of [2_000, 5_000, 60_000]) {
    const trend = saw({ forMs: 600_000, inPerSec: 100, outPerSec: 100, commitMs }).trend(600_000);
    expect(Math.abs(trend!.growthPerSec), `commits every ${commitMs} ms`).toBeLessThan(2);
  }
});

test('looks that drift against the commits of one that keeps pace are no growth', () => {
  for (const lookMs of [1_660, 2_480, 2_510, 3_320, 4_950])
    for (let forMs = 60_000; forMs < 400_000; forMs += 7_000) {
      const trend = saw({ forMs, inPerSec: 120, outPerSec: 120, commitMs: 5_000, lookMs }).trend(forMs)!;
      expect(trend.lag - trend.lagBefore, `looked at every ${lookMs} ms for ${forMs} ms`).toBeLessThanOrEqual(trend.doubt);
    }
});

test('one that is slower by a few in a hundred is told within minutes, by much within one', () => {
  const isTold = ({ lag, lagBefore, doubt }: LagTrend) => lag - lagBefore > doubt;
  expect(isTold(saw({ forMs: 310_000, inPerSec: 100_000, outPerSec: 95_000, commitMs: 5_000 }).trend(310_000)!)).toBe(true);
  expect(isTold(saw({ forMs: 60_000, inPerSec: 100, outPerSec: 60, commitMs: 5_000 }).trend(60_000)!)).toBe(true);
});

test('one that reads too slowly falls behind at the difference, and how fast it reads is known', () => {
  const trend = saw({ forMs: 600_000, inPerSec: 100, outPerSec: 60, commitMs: 60_000 }).trend(600_000)!;
  expect(trend.growthPerSec).toBeGreaterThan(30);
  expect(trend.growthPerSec).toBeLessThan(50);
  expect(trend.readPerSec).toBeGreaterThan(45);
  expect(trend.readPerSec).toBeLessThan(75);
});

test('one that catches up shrinks', () => {
  const trend = saw({ forMs: 300_000, inPerSec: 10, outPerSec: 100, commitMs: 5_000, lag: 100_000 }).trend(300_000)!;
  expect(trend.growthPerSec).toBeLessThan(-80);
});

test('nothing is said before both halves are known: soon for quick commits, five minutes for what never commits', () => {
  expect(saw({ forMs: 30_000, inPerSec: 10, outPerSec: 10, commitMs: 2_000 }).trend(30_000)).toBeNull();
  expect(saw({ forMs: 50_000, inPerSec: 10, outPerSec: 10, commitMs: 2_000 }).trend(50_000)).not.toBeNull();
  expect(saw({ forMs: 280_000, inPerSec: 10, outPerSec: 0, commitMs: 2_000 }).trend(280_000)).toBeNull();
  expect(saw({ forMs: 310_000, inPerSec: 10, outPerSec: 0, commitMs: 2_000 }).trend(310_000)!.growthPerSec).toBeCloseTo(10, 0);
});

test('other partitions and offsets that were set back begin anew', () => {
  const track = saw({ forMs: 600_000, inPerSec: 100, outPerSec: 60, commitMs: 5_000 });
  track.add(602_000, { lag: 10, committed: 2_000_000, partitions: 4 });
  expect(track.trend(602_000)).toBeNull();
  const back = saw({ forMs: 600_000, inPerSec: 100, outPerSec: 60, commitMs: 5_000 });
  back.add(602_000, { lag: 900_000, committed: 5, partitions: 3 });
  expect(back.trend(602_000)).toBeNull();
});

test('a counter has grown by what came within the window; a fall begins anew', () => {
  const track = new GrowthTrack(60_000);
  track.add(0, 100);
  expect(track.grown).toBe(0);
  track.add(10_000, 103);
  for (let atMs = 12_000; atMs < 60_000; atMs += 2_000) track.add(atMs, 103);
  expect(track.grown).toBe(3);
  for (let atMs = 60_000; atMs <= 72_000; atMs += 2_000) track.add(atMs, 103);
  expect(track.grown).toBe(0);
  track.add(80_000, 1);
  expect(track.grown).toBe(0);
});

test('a queue that is asked after the worker has told its count has not grown by what lay in it', () => {
  const trends = new Trends();
  const look = (atMs: number, errors: Pick<RecordErrors, 'origin' | 'deadLetters' | 'everWritten'>) => {
    const recordErrors = { queue: 'dlq', failed: null, skipped: null, ...errors };
    const connect = { connectors: [{ name: 'snk', recordErrors }] } as unknown as ConnectData;
    for (const _ of trends.note(connect, null, atMs));
    return trends.grown('snk', 'letters');
  };
  expect(look(0, { origin: 'metrics', deadLetters: 0, everWritten: null })).toBe(0);
  expect(look(2_000, { origin: 'metrics', deadLetters: 0, everWritten: 400 })).toBe(0);
  expect(look(4_000, { origin: 'metrics', deadLetters: 3, everWritten: 400 })).toBe(3);
  expect(look(6_000, { origin: 'metrics', deadLetters: 3, everWritten: 403 })).toBe(3);
  expect(look(8_000, { origin: 'topic', deadLetters: 405, everWritten: 405 })).toBe(5);
});
