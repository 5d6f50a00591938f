/** How offsets move while they are looked at. */
import { expect, test } from 'vitest';
import { canonical, sinkPartition } from '../../../src/store/offset-plan.ts';
import { OffsetTracks, secondsToZero, timeInOffset } from '../../../src/store/offset-tracks.ts';

const place = { topic: 'orders', partition: 0 };
const id = canonical(sinkPartition(place));
const at = (offset: bigint) => [{ partition: sinkPartition(place), offset: { kafka_offset: offset } }];
const end = (value: bigint) => [{ ...place, committed: null, end: value, lag: null, member: null }];

test('commits every five seconds give a speed, ends another, and both when the lag is gone', () => {
  const tracks = new OffsetTracks();
  for (let i = 0; i <= 20; i++) {
    const nowMs = 1_000_000 + i * 1_500;
    tracks.observe('snk', at(BigInt(Math.floor((i * 1_500) / 5_000) * 500)), end(BigInt(10_000 + i * 60)), nowMs, nowMs);
  }
  const move = tracks.moves(1_030_000).get(id)!;
  expect(move.perSec).toBeCloseTo(100, -1);
  expect(move.writtenPerSec).toBeCloseTo(40, 0);
  expect(secondsToZero(6_000n, { ...move, perSec: 100, writtenPerSec: 40 })).toBe(100);
  expect(secondsToZero(6_000n, { ...move, perSec: 40 })).toBe(Number.POSITIVE_INFINITY);
  expect(secondsToZero(0n, null)).toBe(0);
  expect(secondsToZero(null, move)).toBeNull();
  expect(secondsToZero(7n, null)).toBeNull();
});

test('when an offset last moved is known only from what was seen', () => {
  const tracks = new OffsetTracks();
  const source = (position: bigint) => [{ partition: { filename: 'a' }, offset: { position } }];
  const moved = (nowMs: number) => tracks.moves(nowMs).get('{"filename":"a"}')?.movedMs;
  tracks.observe('src', source(1n), [], 0, 1_000);
  expect(moved(1_000)).toBeNull();
  tracks.observe('src', source(9n), [], 0, 2_000);
  tracks.observe('src', source(9n), [], 0, 3_000);
  expect(moved(3_000)).toBe(2_000);
  tracks.observe('other', source(9n), [], 0, 4_000);
  expect(moved(4_000)).toBeNull();
  tracks.observe('other', [...source(9n), { partition: { filename: 'b' }, offset: null }], [], 0, 5_000);
  expect(tracks.moves(5_000).get('{"filename":"b"}')?.movedMs).toBe(5_000);
});

test('times that sources keep in their offsets, in their units; other numbers are none', () => {
  expect(timeInOffset({ ts_sec: 1_795_435_200n, pos: 4n })).toBe(1_795_435_200_000);
  expect(timeInOffset({ timestamp: 1_795_435_200_123n, timestamp_nanos: 5n })).toBe(1_795_435_200_123);
  expect(timeInOffset({ ts_usec: 1_795_435_200_123_000n })).toBe(1_795_435_200_123);
  expect(timeInOffset({ position: 1_795_435_200_123n })).toBeNull();
  expect(timeInOffset({ ts_ms: 17n })).toBeNull();
  expect(timeInOffset(null)).toBeNull();
});
