import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** Longest time that a busy loop keeps sockets, messages and timers waiting. */
const MAX_BUSY_MS = 5;

/** For a loop whose awaits may all be resolved already: lets the event loop turn from time to time. */
export class LoopPacer {
  readonly #clock: Clock;
  #lastTurnMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastTurnMs = clock.monoMs();
  }

  /** The promise of a turn when one is due, else null: `const turn = pacer.turnWhenDue(); if (turn) await turn;` */
  turnWhenDue(): Promise<void> | null {
    return this.#clock.monoMs() - this.#lastTurnMs < MAX_BUSY_MS ? null : this.turn();
  }

  async turn(): Promise<void> {
    await setImmediate();
    this.#lastTurnMs = this.#clock.monoMs();
  }
}
