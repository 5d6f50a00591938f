/** Calls something again and again, never twice at once, and knows how old its last answer is. */
import { type Clock, systemClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';

/** What is known of a thing that is polled: the console shows age and error instead of waiting. Wall times. */
export interface Reach {
  readonly lastOkMs: number | null;
  readonly failingSinceMs: number | null;
  readonly error: string | null;
  /** Round trip of the last good answer. */
  readonly latencyMs: number | null;
  /** How often it should answer; age is judged by it. */
  readonly intervalMs: number;
}

export const UNKNOWN_REACH: Reach = { lastOkMs: null, failingSinceMs: null, error: null, latencyMs: null, intervalMs: 2_000 };

export interface PollLoopOptions {
  readonly clock?: Clock;
  /** Asked before each wait: the pace may change (idle, on a slow link). */
  intervalMs(): number;
  /** One round. Ends early when the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** After each round, good or bad. */
  onSettled?(): void;
  /** No answer for so long counts as a failure; the call itself is still waited for before the next one starts. */
  readonly timeoutMs?: number;
  /** How many times as long as answers take it is left alone after one. Default 3; 0 for what is slow because it waits, not works. */
  readonly restFactor?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** A call that hangs longer than this is given up; the next round starts beside it. */
const ABANDON_MS = 60_000;
const DEFAULT_REST_FACTOR = 3;

export class PollLoop {
  readonly #options: PollLoopOptions;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  /** Of the round before, when it went well. */
  #lastTookMs = 0;
  #kick: AbortController | null = null;
  #isKicked = false;
  #reach: Reach = UNKNOWN_REACH;
  #running: Promise<void> | null = null;

  constructor(options: PollLoopOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  get reach(): Reach {
    return this.#reach;
  }

  start(): void {
    this.#running ??= this.#loop();
  }

  /** Next round now (or right after the one that runs). */
  kick(): void {
    this.#isKicked = true;
    this.#kick?.abort();
  }

  stop(): void {
    this.#stop.abort();
    this.#kick?.abort();
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const startedMs = this.#clock.monoMs();
      await this.#round(startedMs);
      if (signal.aborted) return;
      this.#options.onSettled?.();
      const tookMs = this.#reach.error === null ? this.#clock.monoMs() - startedMs : 0;
      // A failure costs nobody work. One long round has waited for a broker that said nothing; only one that is long each time is work.
      const restMs = Math.min(tookMs, this.#lastTookMs) * (this.#options.restFactor ?? DEFAULT_REST_FACTOR);
      this.#lastTookMs = tookMs;
      const waitMs = Math.max(this.#options.intervalMs(), restMs);
      if (!this.#isKicked) {
        this.#kick = new AbortController();
        await this.#clock.sleep(waitMs, this.#kick.signal);
        this.#kick = null;
      }
      this.#isKicked = false;
    }
  }

  async #round(startedMs: number): Promise<void> {
    const { signal } = this.#stop;
    const intervalMs = this.#options.intervalMs();
    const timer = new AbortController();
    const timeoutMs = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const call = this.#options.run(signal).then(
      () => {
        this.#reach = {
          lastOkMs: this.#clock.wallMs(),
          failingSinceMs: null,
          error: null,
          latencyMs: this.#clock.monoMs() - startedMs,
          intervalMs,
        };
        return 'done' as const;
      },
      (error: unknown) => {
        this.#fail(messageOf(error), intervalMs);
        return 'done' as const;
      },
    );
    const late = this.#clock.sleep(timeoutMs, timer.signal).then(() => 'late' as const);
    if ((await Promise.race([call, late])) === 'late' && !signal.aborted) {
      this.#fail(`no answer for ${Math.round(timeoutMs / 1000)} s`, intervalMs);
      this.#options.onSettled?.();
      await Promise.race([call, this.#clock.sleep(ABANDON_MS - timeoutMs, timer.signal)]);
    }
    timer.abort();
  }

  #fail(message: string, intervalMs: number): void {
    this.#reach = { ...this.#reach, failingSinceMs: this.#reach.failingSinceMs ?? this.#clock.wallMs(), error: message, intervalMs };
  }
}

/** True when the last good answer is older than so many polls. */
export function isStale(reach: Reach, nowMs: number, missedPolls: number): boolean {
  return reach.lastOkMs !== null && nowMs - reach.lastOkMs > reach.intervalMs * missedPolls + 1_000;
}
