/**
 * Long work over all there is, as many small steps: keys and answers get in between. It runs one at a time, and tells what it has made
 * whole with its last step. What is quick is done at once.
 */
import type { Clock } from './clock.ts';
import { inLaterTurn, MAX_BUSY_MS } from './turn.ts';

export class Pass {
  readonly #clock: Clock;
  readonly #begin: () => Iterator<unknown>;
  #steps: Iterator<unknown> | null = null;
  #isWanted = false;

  /** `begin`: a generator that yields wherever it may be left for a while. */
  constructor(clock: Clock, begin: () => Iterator<unknown>) {
    this.#clock = clock;
    this.#begin = begin;
  }

  get isRunning(): boolean {
    return this.#steps !== null;
  }

  /** Wanted again while it runs, it runs once more behind that. */
  want(): void {
    this.#isWanted = true;
    if (this.#steps === null) this.#go();
  }

  /** From its beginning to its end at once, for those who cannot wait. */
  now(): void {
    this.drop();
    this.#isWanted = true;
    this.#go(Number.POSITIVE_INFINITY);
  }

  /** What is half done is overtaken: its sources change. */
  drop(): void {
    this.#steps = null;
    this.#isWanted = false;
  }

  #go(busyMs = MAX_BUSY_MS): void {
    const untilMs = this.#clock.monoMs() + busyMs;
    while (this.#steps !== null || this.#isWanted) {
      if (this.#steps === null) {
        this.#isWanted = false;
        this.#steps = this.#begin();
      }
      const steps = this.#steps;
      if (steps.next().done) {
        // Its last step may have dropped it, or begun it anew.
        if (this.#steps === steps) this.#steps = null;
      } else if (this.#clock.monoMs() >= untilMs) {
        inLaterTurn(() => {
          if (this.#steps === steps) this.#go();
        });
        return;
      }
    }
  }
}
