/** The round that the leader has put off, as a member keeps it: on the clock that nobody sets, told on the one that people read. */
import type { Clock } from '../../base/clock.ts';

export class PlannedRound {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  /** Monotonic; `null`: none is planned. */
  #dueMs: number | null = null;
  #timer = new AbortController();

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Wall time; `null`: none is planned. */
  get dueMs(): number | null {
    return this.#dueMs === null ? null : Math.round(this.#clock.wallMs() + this.#dueMs - this.#clock.monoMs());
  }

  plan(delayMs: number): void {
    this.drop();
    this.#dueMs = this.#clock.monoMs() + delayMs;
    this.#timer = new AbortController();
    const { signal } = this.#timer;
    void this.#clock.sleep(delayMs, signal).then(() => {
      if (signal.aborted) return;
      this.#dueMs = null;
      this.#onDue();
    });
  }

  drop(): void {
    this.#timer.abort();
    this.#dueMs = null;
  }
}
