/** A clock that stands still until a test moves it. Sleepers wake in the order of their times. */
import type { Clock } from '../../src/base/clock.ts';

export interface TestClock extends Clock {
  /** Moves both times on and lets everything that woke up run. */
  advance(ms: number): Promise<void>;
  /** Somebody sets the wall clock. */
  setWall(byMs: number): void;
  readonly sleepers: number;
}

export function createTestClock(startWallMs = 1_700_000_000_000): TestClock {
  let nowMs = 0;
  const sleepers = new Set<{ atMs: number; wake: () => void }>();
  return {
    wallMs: () => startWallMs + nowMs,
    monoMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = {
          atMs: nowMs + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    setWall: (byMs) => {
      startWallMs += byMs;
    },
    get sleepers() {
      return sleepers.size;
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        await settle();
        const next = [...sleepers].filter((s) => s.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
      }
      nowMs = endMs;
      await settle();
    },
  };
}

/** Some turns of the event loop: what is ready has run. */
export async function settle(turns = 20): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}
