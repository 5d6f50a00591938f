/**
 * Jobs of a mirror connector: one after the other, once or at every interval. One that fails or takes too long is told of and holds up nothing else
 * but the next. Source: org.apache.kafka.connect.mirror.Scheduler.
 */
import type { Clock } from '../../../../base/clock.ts';
import { ConnectError, messageOf } from '../../../../base/errors.ts';
import { inTime } from '../../../../base/in-time.ts';
import type { Log } from '../../../../base/log.ts';
import { SerialQueue } from '../../../../base/serial-queue.ts';

export interface ScheduleParts {
  /** `admin.timeout.ms`. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends it: jobs that are not begun never are, and nothing is told of the one that is under way. */
  readonly signal: AbortSignal;
}

export class Schedule {
  readonly #parts: ScheduleParts;
  readonly #queue = new SerialQueue();

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  /** `what`: ends the sentence «Failed while …». True: done, and in time. Never rejects; a job that is late goes on. */
  async execute(what: string, job: () => Promise<void>): Promise<boolean> {
    const { signal, log, clock, timeoutMs } = this.#parts;
    // Only the job's own time counts, not that of those before it.
    const begun = Promise.withResolvers<void>();
    const done = this.#queue.run(async () => {
      begun.resolve();
      if (!signal.aborted) await job();
    });
    await begun.promise;
    const startMs = clock.monoMs();
    try {
      await inTime(done, timeoutMs, clock, () => new ConnectError(`it takes longer than admin.timeout.ms (${timeoutMs} ms)`));
      log.debug(`Done in ${clock.monoMs() - startMs} ms: ${what}`);
      return !signal.aborted;
    } catch (error) {
      if (!signal.aborted) log.error(`Failed while ${what}: ${messageOf(error)}`, error);
      return false;
    }
  }

  /** At once, or `isDelayed` after the first interval, then at every interval; a negative one: never. */
  repeat(what: string, intervalMs: number, job: () => Promise<void>, isDelayed = false): void {
    if (intervalMs >= 0) void this.#repeat(what, intervalMs, job, isDelayed);
  }

  async #repeat(what: string, intervalMs: number, job: () => Promise<void>, isDelayed: boolean): Promise<void> {
    const { clock, signal } = this.#parts;
    if (!isDelayed) await this.execute(what, job);
    while (!signal.aborted) {
      await clock.sleep(intervalMs, signal);
      if (!signal.aborted) await this.execute(what, job);
    }
  }
}

/** Milliseconds of a pair of settings `….enabled` and `….interval.seconds`; −1: switched off. */
export function intervalMsOf(isEnabled: boolean, seconds: bigint): number {
  return isEnabled ? Number(seconds) * 1000 : -1;
}
