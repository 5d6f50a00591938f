/**
 * Exactly once: records and the offsets behind them are written by one producer in one transaction, so that a reader of committed records and a
 * restarted task see either both or neither. Source: org.apache.kafka.connect.runtime.ExactlyOnceWorkerSourceTask (KIP-618).
 */
import { unlessAborted } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { ConnectError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { DeliveryCallback, TransactionalProducer } from '../kafka/contract.ts';
import { KafkaError } from '../kafka/kafka-error.ts';
import type { SourceTask } from '../plugin-api/plugin.ts';
import type { RecordMetadata, SourceOffset, SourcePartition, SourceRecord } from '../plugin-api/records.ts';
import { offsetKey, offsetValue } from '../storage/offset/offset-json.ts';
import {
  ActiveTopics,
  type DeliveryRun,
  isToldOfRecords,
  type SourceDelivery,
  tellCommitted,
  tellRecordCommitted,
} from './source-delivery.ts';
import type { CommittableOffset } from './submitted-records.ts';
import type { SourceTaskMetrics } from './task-metrics.ts';
import type { TransactionBoundary, Verdict } from './transaction-boundary.ts';

/** Where the offsets of a task are that writes them itself. */
export interface TransactionalOffsets {
  readonly topic: string;
  /** Reads what is stored; after the transactional id was taken over, or the transaction of a task that was killed would have to be waited for. */
  start(): Promise<void>;
  /** They are committed in `topic`: to be kept in another place as well, as far as that works. */
  committed(offsets: readonly CommittableOffset[]): void;
}

/** The herder's part in the start of a task: no other instance of it may write any more. Rejects when that is not so. */
export interface TaskGuard {
  /** Earlier sets of the connector's tasks can commit nothing more. */
  fenceZombies(): Promise<void>;
  /** The task is still this worker's, and of the newest set. */
  checkOwnership(): Promise<void>;
}

export interface TransactionalDeliveryParts {
  readonly connector: string;
  readonly taskId: number;
  readonly task: SourceTask;
  readonly producer: TransactionalProducer;
  readonly offsets: TransactionalOffsets;
  readonly guard: TaskGuard;
  readonly boundary: TransactionBoundary;
  readonly metrics: SourceTaskMetrics;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the task is to stop. */
  readonly signal: AbortSignal;
  onActiveTopic(topic: string): void;
}

const FENCED = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED']);

class TransactionRun implements DeliveryRun {
  readonly partition: SourcePartition;
  /** Of the last record that the producer has taken and that has one. */
  offset: SourceOffset | null = null;
  size = 0;
  isClosed = false;

  constructor(partition: SourcePartition) {
    this.partition = partition;
  }
}

/** A record that the task is told of after the commit; without metadata it was dropped. */
interface Told {
  readonly record: SourceRecord;
  metadata: RecordMetadata | null;
}

export class TransactionalDelivery implements SourceDelivery<TransactionRun> {
  readonly isPerRecord: boolean;
  /** After the commit, in the order of sending. */
  readonly isTelling = false;
  readonly #parts: TransactionalDeliveryParts;
  readonly #activeTopics: ActiveTopics;
  /** Since the last commit, in order. */
  #runs: TransactionRun[] = [];
  #told: Told[] = [];
  #isOpen = false;
  /** Records in the open transaction. */
  #size = 0;
  /** What a record asks for. */
  #verdict: Verdict = 'go on';
  #isExpectingFailures = false;

  constructor(parts: TransactionalDeliveryParts) {
    this.#parts = parts;
    this.isPerRecord = isToldOfRecords(parts.task);
    this.#activeTopics = new ActiveTopics(parts.onActiveTopic);
  }

  get transactions() {
    return this.#parts.boundary.context;
  }

  // ---- the loop

  /**
   * A task that was told to stop meanwhile does not go on: it could fence the one that has taken its place. Nor does it wait for an answer, which may
   * be held up by the very round of the group that ends the task.
   */
  async prepare(): Promise<void> {
    const { guard, offsets, producer, signal, log } = this.#parts;
    const steps: ReadonlyArray<readonly [string, () => Promise<void>]> = [
      ['fencing earlier tasks', () => guard.fenceZombies()],
      // Also ends what a task that was killed has left open, which the offsets would otherwise be waited for with.
      ['taking the transactional id over', () => producer.initTransactions()],
      ['looking whether the task is still to run here', () => guard.checkOwnership()],
      ['reading the offsets', () => offsets.start()],
    ];
    for (const [what, step] of steps) {
      if (signal.aborted) return;
      log.debug(`Before the start: ${what}`);
      await unlessAborted(step(), signal);
    }
  }

  begin(): void {
    this.#parts.boundary.begin(this.#parts.clock.monoMs());
  }

  polled(isEmpty: boolean): Promise<void> {
    const { boundary, clock } = this.#parts;
    return this.#act(boundary.afterPoll(isEmpty, clock.monoMs()));
  }

  /** A transaction that stays open over a pause would run into its timeout. */
  paused(): Promise<void> {
    return this.#act(this.#parts.boundary.atEnd());
  }

  async finish(hasFailed: boolean): Promise<void> {
    if (hasFailed) this.#parts.log.debug('The task has failed: nothing more is committed');
    else await this.#act(this.#parts.boundary.atEnd());
  }

  async close(): Promise<void> {
    this.#isExpectingFailures = true;
  }

  forgetActiveTopics(): void {
    this.#activeTopics.forget();
  }

  // ---- records

  open(original: SourceRecord, topic: string): TransactionRun {
    // A task would wait for its own transaction when it reads its offsets to their end.
    if (topic === this.#parts.offsets.topic)
      throw new ConnectError('Source tasks may not produce to their own offsets topics when exactly-once support is enabled');
    this.#begin();
    const run = new TransactionRun(original.sourcePartition);
    const last = this.#runs.at(-1);
    if (last) last.isClosed = true;
    this.#runs.push(run);
    return run;
  }

  callbackFor(_run: TransactionRun, original: SourceRecord, topic: string): DeliveryCallback {
    const told: Told | null = this.isPerRecord ? { record: original, metadata: null } : null;
    if (told) this.#told.push(told);
    return (error, partition, offset, timestampMs, count) => {
      if (error !== null) {
        this.#deliveryFailed(topic, error);
        return;
      }
      if (told) told.metadata = { topic, partition, offset, timestampMs };
      this.#parts.metrics.recordsWritten(count);
      this.#activeTopics.note(topic);
    };
  }

  sent(run: TransactionRun, original: SourceRecord): boolean {
    run.offset = original.sourceOffset ?? run.offset;
    run.size++;
    this.#size++;
    return this.#asks(original);
  }

  /** Also a record that is left out may end a transaction. */
  dropped(original: SourceRecord): boolean {
    if (this.isPerRecord) this.#told.push({ record: original, metadata: null });
    return this.#asks(original);
  }

  #asks(original: SourceRecord): boolean {
    this.#verdict = this.#parts.boundary.afterRecord(original);
    return this.#verdict !== 'go on';
  }

  atBoundary(): Promise<void> {
    return this.#act(this.#verdict);
  }

  /** errors.tolerance changes nothing here: what the transaction lacks is not to be committed around. */
  async refused(_original: SourceRecord, topic: string, error: Error): Promise<void> {
    this.#parts.log.error(`failed to send record to ${topic}: ${error.message}`);
    throw this.#failure('Unrecoverable exception trying to send', error);
  }

  /** What fails later fails the commit. */
  throwFailure(): void {}

  #deliveryFailed(topic: string, error: Error): void {
    this.#parts.metrics.recordsDropped(1);
    if (!this.#isExpectingFailures) this.#parts.log.error(`failed to send record to ${topic}: ${error.message}`);
  }

  // ---- transactions

  #begin(): void {
    if (this.#isOpen) return;
    this.#parts.producer.beginTransaction();
    this.#isOpen = true;
  }

  async #act(verdict: Verdict): Promise<void> {
    if (verdict === 'go on') return;
    if (verdict === 'abort') await this.#abort();
    // Also after an abort: the task must not be given the same records again.
    await this.#commit();
  }

  async #abort(): Promise<void> {
    if (!this.#isOpen) return;
    const { producer, metrics, log } = this.#parts;
    log.info(`Aborting a transaction of ${this.#size} records, as the connector asks`);
    this.#isExpectingFailures = true;
    try {
      await producer.abortTransaction();
    } catch (error) {
      throw this.#failure(`Failed to abort the transaction of task ${this.#id}`, error);
    }
    this.#isExpectingFailures = false;
    for (const told of this.#told) told.metadata = null;
    metrics.transactionEnded(this.#size, this.#parts.clock.monoMs());
    this.#isOpen = false;
    this.#size = 0;
  }

  async #commit(): Promise<void> {
    const { task, producer, offsets, metrics, clock, log } = this.#parts;
    const startMs = clock.monoMs();
    const taken = this.#takeOffsets();
    if (this.#isOpen || taken.length > 0) {
      this.#begin();
      try {
        for (const { partition, offset } of taken) await this.#writeOffset(partition, offset);
        await producer.commitTransaction();
      } catch (error) {
        metrics.commitDone(false, clock.monoMs() - startMs);
        throw this.#failure(`Failed to flush offsets and/or records for task ${this.#id}`, error);
      }
      metrics.transactionEnded(this.#size, clock.monoMs());
      this.#isOpen = false;
      this.#size = 0;
      offsets.committed(taken);
    }
    metrics.commitDone(true, clock.monoMs() - startMs);
    const told = this.#told;
    this.#told = [];
    for (const { record, metadata } of told) tellRecordCommitted(task, record, metadata, log);
    await tellCommitted(task, log);
  }

  /** The newest of each partition; equal partitions in different objects follow each other and end up the same. */
  #takeOffsets(): CommittableOffset[] {
    const newest = new Map<SourcePartition, SourceOffset>();
    for (const run of this.#runs) {
      run.isClosed = true;
      if (run.offset === null) continue;
      newest.delete(run.partition);
      newest.set(run.partition, run.offset);
    }
    this.#runs = [];
    return [...newest].map(([partition, offset]) => ({ partition, offset }));
  }

  async #writeOffset(partition: SourcePartition, offset: SourceOffset): Promise<void> {
    const { producer, offsets, connector } = this.#parts;
    const key = offsetKey(connector, partition);
    const value = offsetValue(offset);
    while (!producer.send(offsets.topic, null, key, value, null, null, null)) await producer.ready(offsets.topic);
  }

  get #id(): string {
    return `${this.#parts.connector}-${this.#parts.taskId}`;
  }

  #failure(what: string, error: unknown): ConnectError {
    const isFenced = error instanceof KafkaError && FENCED.has(error.kafkaName);
    if (!isFenced) return new ConnectError(what, { cause: error });
    return new ConnectError(
      `${what}: its transaction was not finished within transaction.timeout.ms, or another instance of the task has taken over. When it is the time, ` +
        'raise producer.override.transaction.timeout.ms, end transactions earlier (transaction.boundary=poll, or a smaller transaction.boundary.interval.ms), ' +
        `or let the producer write faster. ${messageOf(error)}`,
      { cause: error },
    );
  }
}
