/** Waiting for a fact that nobody announces. */
import type { Clock } from './clock.ts';

interface Patience {
  readonly clock: Clock;
  readonly forMs: number;
  /** Between two looks. */
  readonly everyMs: number;
}

/** Looks at once, then again and again; false: it was not so in time. */
export async function until(isSo: () => boolean, { clock, forMs, everyMs }: Patience): Promise<boolean> {
  const endMs = clock.monoMs() + forMs;
  for (;;) {
    if (isSo()) return true;
    if (clock.monoMs() >= endMs) return false;
    await clock.sleep(everyMs);
  }
}
