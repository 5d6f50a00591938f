/**
 * What happens when an operation on a record fails: retried while the error is retriable and time is left, reported, then tolerated
 * (the record is dropped) or fatal for the task. Source: org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator.
 *
 * The loops run their fast path without this class and come here only with an error in hand.
 */
import type { Clock } from '../base/clock.ts';
import { ConnectError, RetriableError } from '../base/errors.ts';
import { type Delivery, type ErrorReporter, type FailedRecord, placeOf, toleranceExceeded } from './error-reporter.ts';
import { PendingReports } from './pending-reports.ts';
import { type Stage, TOLERATES_ANY } from './stage.ts';

const FIRST_RETRY_DELAY_MS = 300;

export interface ErrorPolicy {
  readonly tolerance: 'none' | 'all';
  /** 0: no retries; −1: for ever. */
  readonly retryTimeoutMs: number;
  readonly retryDelayMaxMs: number;
}

/** Counts of `task-error-metrics`. */
export interface ErrorCounts {
  failures: number;
  errors: number;
  skipped: number;
  retries: number;
  logged: number;
  deadLetterRequests: number;
  deadLetterFailures: number;
  lastErrorMs: number;
}

export const newErrorCounts = (): ErrorCounts => ({
  failures: 0,
  errors: 0,
  skipped: 0,
  retries: 0,
  logged: 0,
  deadLetterRequests: 0,
  deadLetterFailures: 0,
  lastErrorMs: 0,
});

/** The record is out: an operation on it failed, and that is tolerated. */
export const DROPPED: unique symbol = Symbol('dropped');
export type Dropped = typeof DROPPED;

export interface Attempt<T> {
  readonly stage: Stage;
  readonly executingClass: string;
  readonly record: FailedRecord;
  operation(): T | Promise<T>;
  /** What the first try threw, when the fast path made it already. */
  readonly firstError?: { readonly error: unknown } | undefined;
}

export class ErrorOperator {
  readonly policy: ErrorPolicy;
  readonly counts: ErrorCounts;
  /** Reports that were taken: what they are about must not be committed before they are delivered. */
  readonly pending = new PendingReports();
  readonly #reporters: readonly ErrorReporter[];
  readonly #clock: Clock;
  readonly #stop: AbortSignal;
  readonly #random: () => number;

  /** `stop` ends waits between retries; `random` gives 0 (inclusive) to 1 (exclusive); `counts` are shared with the reporters. */
  constructor(
    policy: ErrorPolicy,
    parts: { reporters: readonly ErrorReporter[]; clock: Clock; stop: AbortSignal; counts?: ErrorCounts; random?: () => number },
  ) {
    this.policy = policy;
    this.counts = parts.counts ?? newErrorCounts();
    this.#reporters = parts.reporters;
    this.#clock = parts.clock;
    this.#stop = parts.stop;
    this.#random = parts.random ?? Math.random;
  }

  get isTolerant(): boolean {
    return this.policy.tolerance === 'all';
  }

  /** Somebody is told of failures: the log, or a dead-letter queue. */
  get hasReporters(): boolean {
    return this.#reporters.length > 0;
  }

  /**
   * Result of the operation, or DROPPED: reported and left out, while the report may be under way still. Throws ConnectError
   * (`Tolerance exceeded in error handler`) when the task must fail, or that the task was stopped before the record was done with.
   */
  async run<T>(attempt: Attempt<T>): Promise<T | Dropped> {
    const outcome = await this.#tryWithRetries(attempt);
    if (!('error' in outcome)) return outcome.value;
    const { error } = outcome;
    await this.#report(attempt, error);
    if (!TOLERATES_ANY.has(attempt.stage) && !isRetriable(error)) {
      throw new ConnectError('Unhandled exception in error handler', { cause: error });
    }
    this.#settle(attempt.stage, attempt.record, error);
    return DROPPED;
  }

  /** For a failure that happened elsewhere (asynchronous produce, errant record): resolves when its reports are delivered, rejects unless tolerated. */
  async failed(failure: { stage: Stage; executingClass: string; record: FailedRecord; error: unknown }): Promise<void> {
    this.counts.failures++;
    const reports = await this.#report(failure, failure.error);
    this.#settle(failure.stage, failure.record, failure.error);
    await Promise.all(reports.map(({ delivered }) => delivered));
  }

  async close(): Promise<void> {
    await Promise.all(this.#reporters.map((r) => r.close()));
  }

  #settle(stage: Stage, record: FailedRecord, error: unknown): void {
    if (!this.isTolerant) throw toleranceExceeded(stage, record, error);
    this.counts.skipped++;
  }

  async #report(failure: { stage: Stage; executingClass: string; record: FailedRecord }, error: unknown): Promise<Delivery[]> {
    this.counts.errors++;
    this.counts.lastErrorMs = this.#clock.wallMs();
    const { stage, executingClass, record } = failure;
    const taken = await Promise.all(this.#reporters.map((r) => r.report({ stage, executingClass, record, error })));
    const reports = taken.filter((report) => report !== undefined);
    for (const { delivered } of reports) this.pending.add(delivered);
    return reports;
  }

  async #tryWithRetries<T>(attempt: Attempt<T>): Promise<{ value: T } | { error: unknown }> {
    const { retryTimeoutMs } = this.policy;
    const deadlineMs = retryTimeoutMs < 0 ? Number.POSITIVE_INFINITY : this.#clock.monoMs() + retryTimeoutMs;
    let firstError = attempt.firstError;
    for (let tries = 1; ; tries++) {
      let error: unknown;
      if (firstError) {
        error = firstError.error;
        firstError = undefined;
      } else {
        try {
          return { value: await attempt.operation() };
        } catch (thrown) {
          error = thrown;
        }
      }
      this.counts.failures++;
      if (!isRetriable(error) || this.#clock.monoMs() >= deadlineMs) return { error };
      await this.#clock.sleep(this.retryDelayMs(tries, deadlineMs - this.#clock.monoMs()), this.#stop);
      // A JVM worker drops the record here and commits behind it; this one is read again.
      if (this.#stop.aborted) throw stoppedAt(attempt, error);
      this.counts.retries++;
    }
  }

  /** Delay after the `tries`-th failure: 300 ms, doubled each time; above the maximum a random one below it; never past the deadline. */
  retryDelayMs(tries: number, remainingMs: number): number {
    const doubled = FIRST_RETRY_DELAY_MS * 2 ** (tries - 1);
    const { retryDelayMaxMs } = this.policy;
    const delay = doubled > retryDelayMaxMs ? Math.floor(this.#random() * retryDelayMaxMs) : doubled;
    return Math.max(0, Math.min(delay, remainingMs));
  }
}

function stoppedAt({ stage, record }: Pick<Attempt<unknown>, 'stage' | 'record'>, cause: unknown): ConnectError {
  return new ConnectError(`Stopped while ${stage} was tried again for ${placeOf(record)}; that record comes again after the next start.`, {
    cause,
  });
}

function isRetriable(error: unknown): boolean {
  return error instanceof RetriableError || (error instanceof ConnectError && error.isRetriable);
}
