import type { Clock } from './clock.ts';

/** Longest time that a busy loop keeps sockets, messages and timers waiting. */
export const MAX_BUSY_MS = 5;

const waiting: Array<() => void> = [];

/**
 * Calls in a later turn of the event loop, one a turn in the order of their asking: what several loops do in one turn must not add up.
 */
export function inLaterTurn(go: () => void): void {
  if (waiting.push(go) === 1) setImmediate(nextOne);
}

function nextOne(): void {
  const go = waiting.shift();
  if (waiting.length > 0) setImmediate(nextOne);
  go?.();
}

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
    await new Promise<void>(inLaterTurn);
    this.#lastTurnMs = this.#clock.monoMs();
  }
}

/** Many small steps, left from time to time; what they end with. What is quick is done before the first turn. */
export async function inTurns<T>(steps: Iterator<unknown, T>, clock: Clock): Promise<T> {
  const pacer = new LoopPacer(clock);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    const turn = pacer.turnWhenDue();
    if (turn) await turn;
  }
}

/** The same steps at once. */
export function atOnce<T>(steps: Iterator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
