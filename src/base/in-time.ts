/** A limit on how long somebody waits; what was begun goes on. */
import { NOT_NEEDED } from './abort.ts';
import type { Clock } from './clock.ts';

/** Waits for `work`, no longer than `limitMs` and until the signal aborts. Rejects as `work` does by then. */
export async function atMost(work: Promise<unknown>, limitMs: number, clock: Clock, signal?: AbortSignal): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race([work, clock.sleep(limitMs, signal ? AbortSignal.any([signal, over.signal]) : over.signal)]);
  } finally {
    over.abort(NOT_NEEDED);
  }
}

/** What `work` gives; rejects with `late()` when that takes longer than `limitMs`. */
export async function inTime<T>(work: Promise<T>, limitMs: number, clock: Clock, late: () => Error): Promise<T> {
  const timer = new AbortController();
  const timeout = clock.sleep(limitMs, timer.signal).then((): never => {
    throw late();
  });
  // Nobody listens any more when the work was done in time.
  timeout.catch(() => undefined);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    timer.abort(NOT_NEEDED);
  }
}
