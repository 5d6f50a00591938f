/** Calls that must not overtake each other, and that somebody waits for only so long. */
import { NOT_NEEDED } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { SerialQueue } from '../../base/serial-queue.ts';

export interface PatientCallsOptions {
  readonly patienceMs: number;
  /** A call still runs after `patienceMs`; the next ones wait for its end. */
  onTooLong(what: string): void;
  /** Afterwards no call begins. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
}

export class PatientCalls {
  readonly #options: PatientCallsOptions;
  readonly #queue = new SerialQueue();

  constructor(options: PatientCallsOptions) {
    this.#options = options;
  }

  /** Never rejects: faults are logged, with `what` as the subject. */
  run(what: string, call: () => Promise<void> | undefined): Promise<void> {
    const { signal, log } = this.#options;
    return this.#queue.run(async () => {
      if (signal.aborted) return;
      const done = new AbortController();
      void this.#watch(what, done.signal);
      try {
        await call();
      } catch (error) {
        log.error(`${what} failed: ${messageOf(error)}`, error);
      } finally {
        done.abort(NOT_NEEDED);
      }
    });
  }

  async #watch(what: string, done: AbortSignal): Promise<void> {
    const { clock, patienceMs, signal, onTooLong } = this.#options;
    await clock.sleep(patienceMs, done);
    if (!done.aborted && !signal.aborted) onTooLong(what);
  }
}
