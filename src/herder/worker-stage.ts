/** What the worker is busy with, for answers that could not be given in time. Source: Connect's `Stage`. */
import type { Clock } from '../base/clock.ts';

interface WorkerStage {
  /** Completes «The worker is currently …». */
  readonly description: string;
  readonly startedMs: number;
  /** `null` while it goes on. */
  readonly completedMs: number | null;
}

export class WorkerStages {
  readonly #clock: Clock;
  #last: WorkerStage | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One after the other, as the worker does them. */
  async during<T>(description: string, work: () => Promise<T>): Promise<T> {
    const stage = { description, startedMs: this.#clock.wallMs(), completedMs: null };
    this.#last = stage;
    try {
      return await work();
    } finally {
      if (this.#last === stage) this.#last = { ...stage, completedMs: this.#clock.wallMs() };
    }
  }

  /** One sentence for an error message; `null` before the first. */
  summarize(): string | null {
    if (!this.#last) return null;
    const { description, startedMs, completedMs } = this.#last;
    const began = `which began at ${new Date(startedMs).toISOString()}`;
    return completedMs === null
      ? `The worker is currently ${description}, ${began}.`
      : `The last operation the worker completed was ${description}, ${began} and completed at ${new Date(completedMs).toISOString()}.`;
  }
}
