/**
 * At least once: the offset of a record may be stored once it and all before it of its partition are acknowledged; the store is written every
 * flush interval. Source: org.apache.kafka.connect.runtime.WorkerSourceTask.
 */
import { ConnectError } from '../base/errors.ts';
import type { DeliveryCallback } from '../kafka/contract.ts';
import type { ErrorOperator } from '../pipeline/error-operator.ts';
import type { RecordMetadata, SourcePartition, SourceRecord } from '../plugin-api/records.ts';
import { ActiveTopics, isToldOfRecords, type SourceDelivery, tellRecordCommitted, tellRecordWritten } from './source-delivery.ts';
import { SourceOffsetCommitter, type SourceOffsetCommitterParts } from './source-offsets.ts';
import { type Run, SubmittedRecords } from './submitted-records.ts';

export interface AcknowledgedDeliveryParts extends Omit<SourceOffsetCommitterParts, 'submitted'> {
  readonly errors: ErrorOperator;
  /** What has to be ready before the task starts. */
  start?(): Promise<void>;
  /** The first acknowledged record of a topic since the task started or `forgetActiveTopics`. */
  onActiveTopic(topic: string): void;
}

export class AcknowledgedDelivery implements SourceDelivery<Run> {
  readonly isPerRecord: boolean;
  readonly isTelling: boolean;
  readonly transactions = null;
  readonly #parts: AcknowledgedDeliveryParts;
  readonly #submitted = new SubmittedRecords();
  readonly #committer: SourceOffsetCommitter;
  readonly #activeTopics: ActiveTopics;
  readonly #ended = new AbortController();
  #committing: Promise<void> | null = null;
  /** Acknowledged and not yet in the metrics. */
  #acked = 0;
  #failure: { readonly error: unknown } | null = null;
  #isClosed = false;

  constructor(parts: AcknowledgedDeliveryParts) {
    this.#parts = parts;
    this.isPerRecord = parts.errors.isTolerant;
    this.isTelling = isToldOfRecords(parts.task);
    this.#committer = new SourceOffsetCommitter({ ...parts, submitted: this.#submitted });
    this.#activeTopics = new ActiveTopics(parts.onActiveTopic);
  }

  // ---- the loop

  async prepare(): Promise<void> {
    await this.#parts.start?.();
  }

  begin(): void {
    this.#committing = this.#committer.run(this.#ended.signal);
  }

  async polled(): Promise<void> {}

  async paused(): Promise<void> {}

  /** Also when the task has failed: what was acknowledged is done. */
  async finish(): Promise<void> {
    await this.#stopCommitting();
    await this.#committer.finish();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#stopCommitting();
  }

  async #stopCommitting(): Promise<void> {
    this.#ended.abort();
    await this.#committing;
  }

  forgetActiveTopics(): void {
    this.#activeTopics.forget();
  }

  // ---- records

  open(original: SourceRecord): Run {
    return this.#submitted.open(original.sourcePartition);
  }

  callbackFor(run: Run, original: SourceRecord, topic: string): DeliveryCallback {
    return this.isPerRecord ? this.#recordCallback(run, topic, original) : this.#runCallback(run, topic, original.sourcePartition);
  }

  sent(run: Run, original: SourceRecord): boolean {
    this.#submitted.submit(run, original.sourceOffset);
    if (this.isTelling && !this.isPerRecord) {
      // What is kept until it is acknowledged outlives many collections of young memory.
      if (this.#parts.task.commitRecord) run.records.push(original);
      else run.offsets.push(original.sourceOffset);
    }
    return false;
  }

  dropped(original: SourceRecord): boolean {
    tellRecordCommitted(this.#parts.task, original, null, this.#parts.log);
    return false;
  }

  async atBoundary(): Promise<void> {}

  async refused(original: SourceRecord, topic: string, error: Error): Promise<void> {
    const { log, errors } = this.#parts;
    log.error(`failed to send record to ${topic}: ${error.message}`);
    if (!errors.isTolerant) throw deliveryError(error);
    await this.#passOver(original, error);
  }

  throwFailure(): void {
    if (this.#failure) throw deliveryError(this.#failure.error);
  }

  #runCallback(run: Run, topic: string, source: SourcePartition): DeliveryCallback {
    const submitted = this.#submitted;
    const { isTelling } = this;
    return (error, partition, offset, timestampMs, count) => {
      if (error !== null) {
        run.told++;
        return this.#deliveryFailed(run, topic, null, error);
      }
      this.#acked += count;
      if (isTelling) this.#tell(run, source, { topic, partition, offset, timestampMs }, count);
      if (submitted.ack(run, count)) this.#runAcked(topic);
    };
  }

  /** Of the next `count` records of the run, the first of which lies there. */
  #tell(run: Run, source: SourcePartition, first: RecordMetadata, count: number): void {
    const { task, log } = this.#parts;
    const { topic, partition, offset, timestampMs } = first;
    for (let i = 0; i < count; i++) {
      const metadata = i === 0 || offset < 0n ? first : { topic, partition, offset: offset + BigInt(i), timestampMs };
      const at = run.told++;
      if (task.commitRecord) tellRecordCommitted(task, run.records[at]!, metadata, log);
      else tellRecordWritten(task, source, run.offsets[at]!, metadata, log);
    }
  }

  #recordCallback(run: Run, topic: string, original: SourceRecord): DeliveryCallback {
    return (error, partition, offset, timestampMs) => {
      if (error !== null) return this.#deliveryFailed(run, topic, original, error);
      this.#acked++;
      tellRecordCommitted(this.#parts.task, original, { topic, partition, offset, timestampMs }, this.#parts.log);
      if (this.#submitted.ack(run, 1)) this.#runAcked(topic);
    };
  }

  #runAcked(topic: string): void {
    this.#parts.metrics.recordsWritten(this.#acked);
    this.#acked = 0;
    this.#activeTopics.note(topic);
  }

  #deliveryFailed(run: Run, topic: string, original: SourceRecord | null, error: Error): void {
    const { log, errors } = this.#parts;
    if (!this.#isClosed) log.error(`failed to send record to ${topic}: ${error.message}`);
    const fail = (reason: unknown) => {
      this.#submitted.fail();
      this.#failure ??= { error: reason };
    };
    if (original === null || !errors.isTolerant || this.#isClosed) fail(error);
    else this.#passOver(original, error).then(() => this.#submitted.ack(run, 1), fail);
  }

  /** A record that Kafka refused, under errors.tolerance=all: reported and skipped. */
  async #passOver(original: SourceRecord, error: unknown): Promise<void> {
    await this.#parts.errors.failed({
      stage: 'KAFKA_PRODUCE',
      executingClass: 'org.apache.kafka.connect.runtime.WorkerSourceTask',
      record: { kind: 'source', record: original },
      error,
    });
    this.dropped(original);
    this.#parts.metrics.recordsDropped(1);
  }
}

function deliveryError(cause: unknown): ConnectError {
  return new ConnectError('Unrecoverable exception from producer send callback', { cause });
}
