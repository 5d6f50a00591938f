/** The worker's log of one connector, one task or all, as far as the worker offers it: the newest lines, bounded. */
import { type Clock, systemClock } from '../base/clock.ts';
import { PollLoop } from '../cluster/poll-loop.ts';
import type { Herder } from '../herder/herder.ts';
import type { NumberedLogEvent } from '../herder/model.ts';

export interface LogScope {
  readonly connector: string | null;
  readonly task: number | null;
}

export interface LogData {
  readonly scope: LogScope;
  readonly events: readonly NumberedLogEvent[];
  /** Older ones that had to make room. */
  readonly dropped: number;
  /** False: the worker has no log over its API. `null`: not yet known. */
  readonly isOffered: boolean | null;
  readonly error: string | null;
  /** All that the worker had has been read once. */
  readonly isWhole: boolean;
}

const KEPT = 5_000;
const PAGE = 1_000;
const POLL_MS = 700;

export class LogFollower {
  readonly scope: LogScope;
  readonly #herder: Herder;
  readonly #loop: PollLoop;
  #events: readonly NumberedLogEvent[] = [];
  #dropped = 0;
  #isOffered: boolean | null = null;
  #last = -1;

  constructor(options: { herder: Herder; scope: LogScope; clock?: Clock; pace(): number; onChange(): void }) {
    this.scope = options.scope;
    this.#herder = options.herder;
    this.#loop = new PollLoop({
      clock: options.clock ?? systemClock,
      intervalMs: () => POLL_MS * options.pace(),
      run: () => this.#read(),
      onSettled: options.onChange,
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
  }

  get data(): LogData {
    const { error, lastOkMs } = this.#loop.reach;
    return {
      scope: this.scope,
      events: this.#events,
      dropped: this.#dropped,
      isOffered: this.#isOffered,
      error,
      isWhole: lastOkMs !== null,
    };
  }

  async #read(): Promise<void> {
    const { connector, task } = this.scope;
    for (;;) {
      const page = await this.#herder.workerLog({
        ...(connector === null ? {} : { connector }),
        ...(task === null ? {} : { task }),
        ...(this.#last < 0 ? {} : { afterSequence: this.#last }),
        limit: PAGE,
      });
      this.#isOffered = page !== null;
      if (page === null || page.length === 0) return;
      const all = [...this.#events, ...page];
      this.#dropped += Math.max(0, all.length - KEPT);
      this.#events = all.slice(-KEPT);
      this.#last = page.at(-1)!.sequence;
      if (page.length < PAGE) return;
    }
  }
}
