/** What the loops record about themselves; `worker/metrics.ts` turns it into Connect's metrics. Times on the monotonic clock. */
import type { Clock } from '../base/clock.ts';
import { type SampleConfig, SampledStat, StateRatio } from './sampled-stats.ts';

export type TaskPhase = 'unassigned' | 'running' | 'paused' | 'failed' | 'destroyed';

/** `connector-task-metrics`. */
export class TaskMetrics {
  readonly clock: Clock;
  readonly phase: StateRatio<TaskPhase>;
  readonly commitTimeMs: SampledStat;
  /** 1 for a commit that succeeded, 0 for one that failed. */
  readonly commitOutcome: SampledStat;
  readonly batchSize: SampledStat;

  constructor(clock: Clock, config?: SampleConfig) {
    this.clock = clock;
    this.phase = new StateRatio<TaskPhase>('unassigned', clock.monoMs(), config);
    this.commitTimeMs = new SampledStat(config);
    this.commitOutcome = new SampledStat(config);
    this.batchSize = new SampledStat(config);
  }

  commitDone(isSuccess: boolean, durationMs: number): void {
    const now = this.clock.monoMs();
    if (isSuccess) this.commitTimeMs.record(durationMs, now);
    this.commitOutcome.record(isSuccess ? 1 : 0, now);
  }
}

/** `source-task-metrics`. */
export class SourceTaskMetrics extends TaskMetrics {
  readonly polled: SampledStat;
  readonly pollTimeMs: SampledStat;
  readonly written: SampledStat;
  readonly active: SampledStat;
  /** Bytes of acknowledged record batches; the producer knows. */
  sentBytes: () => number = () => 0;
  readonly #config: SampleConfig | undefined;
  /** Records of each transaction; `null`: the task writes without. */
  #transactionSize: SampledStat | null = null;
  #activeNow = 0;

  constructor(clock: Clock, config?: SampleConfig) {
    super(clock, config);
    this.#config = config;
    this.polled = new SampledStat(config);
    this.pollTimeMs = new SampledStat(config);
    this.written = new SampledStat(config);
    this.active = new SampledStat(config);
  }

  get transactionSize(): SampledStat | null {
    return this.#transactionSize;
  }

  /** The task writes in transactions. */
  countTransactions(): void {
    this.#transactionSize = new SampledStat(this.#config);
  }

  /** Records that were polled and are neither acknowledged nor dropped. */
  get activeNow(): number {
    return this.#activeNow;
  }

  pollReturned(records: number, durationMs: number): void {
    const now = this.clock.monoMs();
    this.polled.record(records, now);
    this.pollTimeMs.record(durationMs, now);
    this.batchSize.record(records, now);
    this.#activeNow += records;
    this.active.record(this.#activeNow, now);
  }

  /** Acknowledged records; a run or batch at once. */
  recordsWritten(records: number): void {
    const now = this.clock.monoMs();
    this.written.record(records, now);
    this.#activeNow -= records;
    this.active.record(this.#activeNow, now);
  }

  recordsDropped(records: number): void {
    this.#activeNow -= records;
  }

  transactionEnded(records: number, nowMs: number): void {
    this.#transactionSize?.record(records, nowMs);
  }
}

/** `sink-task-metrics`. */
export class SinkTaskMetrics extends TaskMetrics {
  readonly read: SampledStat;
  readonly sent: SampledStat;
  readonly putTimeMs: SampledStat;
  readonly active: SampledStat;
  readonly commitCompletions: SampledStat;
  readonly commitSkips: SampledStat;
  partitionCount = 0;
  commitSeqNo = 0;
  /** Records delivered and not committed yet. */
  activeNow = 0;
  /** Most records that any partition lies behind its end, as far as the last fetches tell; the loop sets it. */
  lagMax: () => number = () => 0;
  /** Bytes of the record batches that were read; the consumer knows. */
  consumedBytes: () => number = () => 0;

  constructor(clock: Clock, config?: SampleConfig) {
    super(clock, config);
    this.read = new SampledStat(config);
    this.sent = new SampledStat(config);
    this.putTimeMs = new SampledStat(config);
    this.active = new SampledStat(config);
    this.commitCompletions = new SampledStat(config);
    this.commitSkips = new SampledStat(config);
  }

  recordsRead(records: number): void {
    this.read.record(records, this.clock.monoMs());
  }

  recordsSent(records: number): void {
    const now = this.clock.monoMs();
    this.sent.record(records, now);
    this.batchSize.record(records, now);
  }
}
