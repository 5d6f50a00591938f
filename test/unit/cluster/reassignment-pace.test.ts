/** How fast moves go and when they end: burst by burst, beside a leader that grows, and never made up. */
import { expect, test } from 'vitest';
import { ReassignmentTracks } from '../../../src/cluster/reassignment-pace.ts';
import { type ReassignmentProgress, toReassignmentRows } from '../../../src/cluster/reassignment-progress.ts';

const move = (doneBytes: bigint | null, totalBytes: bigint | null = 100_000n): ReassignmentProgress => ({
  topic: 'a',
  partition: 0,
  replicas: [1, 2],
  adding: [2],
  removing: [],
  inSync: [],
  silent: [],
  doneBytes,
  totalBytes,
  lagRecords: null,
});

/** A look every two seconds; what is known after the last one. */
function after(looks: readonly ReassignmentProgress[]) {
  const tracks = new ReassignmentTracks();
  for (const [i, look] of looks.entries()) tracks.add([look], i * 2_000);
  const [row] = toReassignmentRows(looks.slice(-1), tracks.paces);
  return { bytesPerSec: row?.bytesPerSec, secondsLeft: row?.secondsLeft };
}

test('nothing is known from one look; from two on the speed is, and the end with it', () => {
  expect(after([move(10_000n)])).toEqual({ bytesPerSec: null, secondsLeft: null });
  expect(after([move(10_000n), move(12_000n)])).toEqual({ bytesPerSec: 1_000, secondsLeft: 88 });
});

test('a leader that grows puts the end off; one that grows as fast as is copied puts it off for ever', () => {
  const looks = (perLook: bigint) => Array.from({ length: 8 }, (_, i) => move(BigInt(i) * 2_000n, 100_000n + BigInt(i) * perLook));
  expect(after(looks(1_000n))).toEqual({ bytesPerSec: 1_000, secondsLeft: 186 });
  expect(after(looks(2_000n))).toEqual({ bytesPerSec: 1_000, secondsLeft: Number.POSITIVE_INFINITY });
});

test('bursts of throttled brokers are evened out: between two of them a move does not stand still', () => {
  const burst = (i: number) => move(BigInt(Math.floor(i / 4)) * 8_000n);
  expect(after([0, 1].map(burst))).toEqual({ bytesPerSec: null, secondsLeft: null });
  const looks = Array.from({ length: 17 }, (_, i) => burst(i));
  for (const to of [9, 11, 13, 15, 17]) {
    const { bytesPerSec, secondsLeft } = after(looks.slice(0, to));
    expect(bytesPerSec).toBeGreaterThan(500);
    expect(bytesPerSec).toBeLessThan(1_500);
    expect(secondsLeft).toBeLessThan(200);
  }
});

test('a move that stands for long is said to', () => {
  expect(after(Array.from({ length: 6 }, () => move(5_000n)))).toEqual({ bytesPerSec: 0, secondsLeft: Number.POSITIVE_INFINITY });
});

test('what is all there has no time left; a replica that is made anew, or that nothing was heard of, begins anew', () => {
  expect(after([move(90_000n), move(100_000n)])).toEqual({ bytesPerSec: 5_000, secondsLeft: 0 });
  expect(after([move(50_000n), move(52_000n), move(0n)])).toEqual({ bytesPerSec: null, secondsLeft: null });
  expect(after([move(0n), move(2_000n), move(null, null), move(50_000n)])).toEqual({ bytesPerSec: null, secondsLeft: null });
});

test('a move that has ended is forgotten, and the paces of none are always the same', () => {
  const tracks = new ReassignmentTracks();
  const none = tracks.paces;
  tracks.add([], 0);
  expect(tracks.paces).toBe(none);
  tracks.add([move(0n)], 2_000);
  tracks.add([], 4_000);
  expect(tracks.paces.size).toBe(0);
});
