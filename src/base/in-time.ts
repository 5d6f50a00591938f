/** A limit on how long somebody waits; what was begun goes on. */
import { NOT_NEEDED } from './abort.ts';
import type { Clock } from './clock.ts';

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
