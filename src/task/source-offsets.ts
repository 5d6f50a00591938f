/**
 * Writes a source task's safe offsets to the store: every flush interval, and once more at the end. A flush that fails or takes too long
 * is given up, and its offsets go into the next one under newer ones. Source: SourceTaskOffsetCommitter, OffsetStorageWriter, WorkerSourceTask.commitOffsets.
 */
import { NOT_NEEDED } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { ConnectError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { SourceTask } from '../plugin-api/plugin.ts';
import type { SourceOffset, SourcePartition } from '../plugin-api/records.ts';
import { tellCommitted } from './source-delivery.ts';
import type { CommittableOffset, SubmittedRecords } from './submitted-records.ts';
import type { SourceTaskMetrics } from './task-metrics.ts';

/** The offset store as a task sees it (the store itself lives in the main thread). */
export interface TaskOffsets {
  read(partitions: readonly SourcePartition[]): Promise<(SourceOffset | null)[]>;
  /** Resolves when the offsets are safe. */
  write(offsets: readonly CommittableOffset[]): Promise<void>;
}

export interface SourceOffsetCommitterParts {
  readonly task: SourceTask;
  readonly offsets: TaskOffsets;
  readonly submitted: SubmittedRecords;
  readonly metrics: SourceTaskMetrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

export class SourceOffsetCommitter {
  readonly #parts: SourceOffsetCommitterParts;
  /** Taken and not stored yet, the newest of each partition object. */
  #unstored = new Map<SourcePartition, SourceOffset>();
  #flush: Promise<boolean> | null = null;

  constructor(parts: SourceOffsetCommitterParts) {
    this.#parts = parts;
  }

  /** Commits every interval until `signal` aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, intervalMs } = this.#parts;
    for (;;) {
      await clock.sleep(intervalMs, signal);
      if (signal.aborted) return;
      await this.commit();
    }
  }

  /** At the end of a task: waits for what is in flight (no longer than the flush timeout), then commits. */
  async finish(): Promise<void> {
    const { submitted, timeoutMs, log } = this.#parts;
    if (!(await this.#within(submitted.whenIdle(), timeoutMs))) {
      log.warn(`${submitted.pending} records are still not acknowledged after ${timeoutMs} ms; they will be sent again after a restart.`);
    }
    await this.commit();
  }

  /** True when there was nothing to store or it is stored. */
  async commit(): Promise<boolean> {
    while (this.#flush) await this.#flush;
    this.#flush = this.#commitOnce();
    try {
      return await this.#flush;
    } finally {
      this.#flush = null;
    }
  }

  async #commitOnce(): Promise<boolean> {
    const { task, submitted, clock, metrics, offsets, timeoutMs, log } = this.#parts;
    const startMs = clock.monoMs();
    for (const { partition, offset } of submitted.takeCommittable()) this.#unstored.set(partition, offset);
    const taken = this.#unstored;
    if (taken.size > 0) {
      this.#unstored = new Map();
      const entries = [...taken].map(([partition, offset]) => ({ partition, offset }));
      const failure = await this.#write(offsets.write(entries), timeoutMs);
      if (failure) {
        this.#unstored = new Map([...taken, ...this.#unstored]);
        log.error(`Failed to commit offsets; they are tried again with the next commit: ${messageOf(failure)}`, failure);
        metrics.commitDone(false, clock.monoMs() - startMs);
        return false;
      }
    }
    await tellCommitted(task, log);
    metrics.commitDone(true, clock.monoMs() - startMs);
    return true;
  }

  async #write(write: Promise<void>, timeoutMs: number): Promise<Error | null> {
    try {
      if (await this.#within(write, timeoutMs)) return null;
      return new ConnectError(`Timed out after ${timeoutMs} ms waiting for the offset store (offset.flush.timeout.ms).`);
    } catch (error) {
      return error instanceof Error ? error : new ConnectError(String(error));
    }
  }

  /** False when `timeoutMs` passes first. */
  async #within(promise: Promise<void>, timeoutMs: number): Promise<boolean> {
    const over = new AbortController();
    const timeout = this.#parts.clock.sleep(timeoutMs, over.signal).then(() => false);
    try {
      return await Promise.race([promise.then(() => true), timeout]);
    } finally {
      over.abort(NOT_NEEDED);
    }
  }
}
