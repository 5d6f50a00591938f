/** A point in time to the nanosecond, as java.sql.Timestamp keeps it: a JavaScript Date ends at milliseconds, and an offset that is cut there reads rows again or skips them. */

export interface Moment {
  /** Milliseconds since 1970, rounded down. */
  readonly ms: number;
  /** Of the second: 0 to 999,999,999. The milliseconds of `ms` are in it as well. */
  readonly nanos: number;
}

const NANOS_PER_MS = 1_000_000;

export const EPOCH: Moment = { ms: 0, nanos: 0 };

export function momentOfMs(ms: number): Moment {
  return { ms, nanos: (ms - Math.floor(ms / 1000) * 1000) * NANOS_PER_MS };
}

/** The second of `ms`, and this part of it. */
export function momentAt(ms: number, nanos: number): Moment {
  return { ms: Math.floor(ms / 1000) * 1000 + Math.floor(nanos / NANOS_PER_MS), nanos };
}

/** Less than 0: `a` is before `b`. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.ms - b.ms || a.nanos - b.nanos;
}
