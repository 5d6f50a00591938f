/**
 * Commits of a sink task: asks it what may be committed (`preCommit`), checks the answer, hands it to the group. In the loop the commit
 * runs beside the next polls; when partitions go away it is waited for. Source: WorkerSinkTask.commitOffsets, doCommit, onCommitCompleted.
 */
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { GroupConsumer } from '../kafka/contract.ts';
import { partitionKey } from '../kafka/partition-key.ts';
import type { PendingReports } from '../pipeline/pending-reports.ts';
import type { SinkOffsets, SinkTask } from '../plugin-api/plugin.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { PartitionOffset, SinkPartitionOffsets } from './sink-offsets.ts';
import type { SinkTaskMetrics } from './task-metrics.ts';

export interface SinkCommitterParts {
  readonly task: SinkTask;
  readonly offsets: SinkPartitionOffsets;
  readonly metrics: SinkTaskMetrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutMs: number;
  consumer(): GroupConsumer;
  /** Reports of failed records: nothing is committed before they are delivered. */
  readonly reports: PendingReports;
}

export class SinkCommitter {
  readonly #parts: SinkCommitterParts;
  #isCommitting = false;
  #seqNo = 0;
  #startedMs = 0;

  constructor(parts: SinkCommitterParts) {
    this.#parts = parts;
  }

  get isCommitting(): boolean {
    return this.#isCommitting;
  }

  /** A commit without an answer within the flush timeout counts as failed; a late answer is ignored. */
  giveUpWhenLate(): void {
    const { clock, timeoutMs, log, metrics } = this.#parts;
    if (!this.#isCommitting || clock.monoMs() < this.#startedMs + timeoutMs) return;
    log.warn('Commit of offsets timed out');
    metrics.commitDone(false, clock.monoMs() - this.#startedMs);
    this.#isCommitting = false;
  }

  /**
   * `isClosing`: the partitions go away, so wait for the answer and do not seek back on failure. Never rejects for a failed commit; rejects,
   * unless closing, when a failed record could not be reported.
   */
  async commit(partitions: readonly TopicPartition[], isClosing: boolean): Promise<void> {
    const { offsets, clock, metrics } = this.#parts;
    if (!(await this.#areReportsDelivered(isClosing))) return;
    const delivered = offsets.delivered(partitions);
    if (delivered.length === 0) return;
    this.#isCommitting = true;
    this.#startedMs = clock.monoMs();
    metrics.commitSeqNo = ++this.#seqNo;
    const wanted = await this.#askTask(delivered, isClosing);
    if (wanted === null) return;
    const committable = this.#check(wanted, delivered);
    if (committable.length === 0) return this.#completed(this.#seqNo, null, []);
    const sending = this.#send(committable, this.#seqNo);
    if (isClosing) await sending;
  }

  /** False: not in time, or (when closing) not at all; the records are read again later. */
  async #areReportsDelivered(isClosing: boolean): Promise<boolean> {
    const { reports, clock, timeoutMs, log } = this.#parts;
    try {
      if (await reports.settled(clock, timeoutMs)) return true;
      log.warn(`Offsets are not committed: reports of failed records were not delivered within ${timeoutMs} ms (offset.flush.timeout.ms).`);
    } catch (error) {
      if (!isClosing) throw error;
      log.error('Offsets are not committed: a failed record could not be reported.', error);
    }
    return false;
  }

  async #askTask(delivered: SinkOffsets, isClosing: boolean): Promise<SinkOffsets | null> {
    const { task, log, offsets } = this.#parts;
    try {
      if (task.preCommit) return await task.preCommit(delivered);
      await task.flush?.(delivered);
      return delivered;
    } catch (error) {
      if (isClosing) log.warn('Offset commit failed during close', error);
      else {
        log.error('Offset commit failed, rewinding to last committed offsets', error);
        for (const { topic, partition, offset } of offsets.committed(delivered)) {
          this.#parts.consumer().seek({ topic, partition }, offset);
          offsets.startAt({ topic, partition }, offset);
        }
      }
      this.#completed(this.#seqNo, error, []);
      return null;
    }
  }

  /** The task's offsets that are ours to commit, not beyond what it took, and not committed already. */
  #check(wanted: SinkOffsets, delivered: SinkOffsets): PartitionOffset[] {
    const { log, offsets } = this.#parts;
    const limits = new Map(delivered.map((d) => [partitionKey(d), d.offset]));
    const committed = new Map(offsets.committed(delivered).map((c) => [partitionKey(c), c.offset]));
    return wanted.filter((w) => {
      const limit = limits.get(partitionKey(w));
      const place = `${w.topic}-${w.partition}`;
      if (limit === undefined) {
        log.warn(`Ignoring invalid task provided offset ${place}/${w.offset} -- partition not assigned`);
        return false;
      }
      if (w.offset > limit) {
        log.warn(
          `Ignoring invalid task provided offset ${place}/${w.offset} -- not yet consumed, taskOffset=${w.offset} currentOffset=${limit}`,
        );
        return false;
      }
      return w.offset !== committed.get(partitionKey(w));
    });
  }

  async #send(committable: readonly PartitionOffset[], seqNo: number): Promise<void> {
    try {
      await this.#parts.consumer().commit(committable);
      this.#completed(seqNo, null, committable);
    } catch (error) {
      this.#completed(seqNo, error, []);
    }
  }

  #completed(seqNo: number, error: unknown, committed: readonly PartitionOffset[]): void {
    const { log, metrics, clock, offsets } = this.#parts;
    const now = clock.monoMs();
    if (seqNo !== this.#seqNo || !this.#isCommitting) {
      log.debug(`Received out of order commit callback for sequence number ${seqNo}, but most recent sequence number is ${this.#seqNo}`);
      metrics.commitSkips.record(1, now);
      return;
    }
    if (error !== null) {
      log.error(`Commit of offsets threw an unexpected exception for sequence number ${seqNo}: ${messageOf(error)}`, error);
    } else {
      offsets.setCommitted(committed);
      metrics.commitCompletions.record(1, now);
      metrics.activeNow = 0;
    }
    metrics.commitDone(error === null, now - this.#startedMs);
    this.#isCommitting = false;
  }
}
