/** The one source of time. Wall time (what people read) and monotonic time (what timers use) are kept apart. */
export interface Clock {
  /** Milliseconds since the epoch; may jump when somebody sets the clock. */
  wallMs(): number;
  /** Milliseconds on a clock that never goes back; only differences mean something. */
  monoMs(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts (never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monoMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};
