/** Times of records that may be days old, in eight cells. */
import { compactAge, formatClock } from '../../src/base/format.ts';

const HALF_DAY_MS = 43_200_000;

/** `12:04:31` of the last half day; before that how long ago: `3d4h`. */
export function whenText(timestampMs: number, nowMs: number): string {
  if (timestampMs < 0) return '?';
  return Math.abs(nowMs - timestampMs) < HALF_DAY_MS ? formatClock(timestampMs) : compactAge(nowMs - timestampMs);
}
