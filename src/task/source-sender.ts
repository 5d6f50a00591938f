/**
 * A batch of source records on its way to the producer: transform, convert header, key and value, send. Per record no promise, timer or
 * closure: the loop runs synchronously until something has to be awaited (memory or metadata of the producer, a new topic, a failed
 * record), then goes on at the same record. Source: org.apache.kafka.connect.runtime.AbstractWorkerSourceTask.sendRecords.
 */

import type { Clock } from '../base/clock.ts';
import { ConnectError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { DeliveryCallback, Producer } from '../kafka/contract.ts';
import { KafkaError } from '../kafka/kafka-error.ts';
import type { SourceTask } from '../plugin-api/plugin.ts';
import type { SourceRecord } from '../plugin-api/records.ts';
import type { PreparedRecord, RecordFault, SourcePreparer } from './source-preparer.ts';
import { RUN_LIMIT, type Run, type SubmittedRecords } from './submitted-records.ts';
import type { SourceTaskMetrics } from './task-metrics.ts';

const SEND_FAILED_BACKOFF_MS = 100;

export interface SourceSenderParts {
  readonly task: SourceTask;
  readonly preparer: SourcePreparer;
  readonly producer: Producer;
  readonly submitted: SubmittedRecords;
  readonly metrics: SourceTaskMetrics;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the task is to stop. */
  readonly signal: AbortSignal;
  /** Before the first record of a topic is sent: makes it when it is missing and the connector wants that. */
  prepareTopic(topic: string): Promise<void>;
  /** The first acknowledged record of a topic since the task started or `forgetActiveTopics`. */
  onActiveTopic(topic: string): void;
}

/** Why the synchronous loop stopped at a record. */
type Obstacle =
  | { readonly kind: 'memory' | 'topic'; readonly topic: string }
  | { readonly kind: 'send'; readonly topic: string; readonly error: unknown }
  | { readonly kind: 'fault'; readonly fault: RecordFault };

export class SourceSender {
  readonly #parts: SourceSenderParts;
  readonly #preparedTopics = new Set<string>();
  readonly #activeTopics = new Set<string>();
  /** Each record has a run of its own: the task wants to be told of it, or it may be passed over when its delivery fails. */
  readonly #isPerRecord: boolean;
  #batch: readonly SourceRecord[] = [];
  #next = 0;
  #run: Run | null = null;
  #runTopic = '';
  #runPartition: SourceRecord['sourcePartition'] | null = null;
  /** The record that the run was opened for; the run's only one when each has its own. */
  #runRecord: SourceRecord | null = null;
  #onDelivery: DeliveryCallback | null = null;
  /** Acknowledged and not yet in the metrics. */
  #acked = 0;
  #deliveryError: { readonly error: unknown } | null = null;
  #isClosed = false;

  constructor(parts: SourceSenderParts) {
    this.#parts = parts;
    this.#isPerRecord = parts.task.commitRecord !== undefined || parts.preparer.errors.isTolerant;
  }

  /** Sends all of `records`; what is left when the signal aborts during a wait stays unsent. Throws when the task must fail. */
  async send(records: readonly SourceRecord[]): Promise<void> {
    this.#batch = records;
    this.#next = 0;
    this.#run = null;
    for (let obstacle = this.#sendOn(); obstacle !== null; obstacle = this.#sendOn()) {
      await this.#overcome(obstacle);
      this.throwDeliveryError();
      if (this.#parts.signal.aborted) break;
    }
    this.#parts.metrics.recordsDropped(records.length - this.#next);
    this.#batch = [];
    this.#runRecord = null;
  }

  /** A delivery that failed later fails the task at its next step. */
  throwDeliveryError(): void {
    if (!this.#deliveryError) return;
    throw new ConnectError('Unrecoverable exception from producer send callback', { cause: this.#deliveryError.error });
  }

  /** From now on failed deliveries are expected: the producer is being closed. */
  close(): void {
    this.#isClosed = true;
  }

  forgetActiveTopics(): void {
    this.#activeTopics.clear();
  }

  #sendOn(): Obstacle | null {
    const batch = this.#batch;
    const { preparer } = this.#parts;
    let at = this.#next;
    try {
      for (; at < batch.length; at++) {
        const original = batch[at]!;
        if (!preparer.prepare(original)) {
          if (preparer.fault) return { kind: 'fault', fault: preparer.fault };
          this.#drop(original);
          continue;
        }
        const obstacle = this.#submit(original, preparer);
        if (obstacle !== null) return obstacle;
      }
      return null;
    } finally {
      this.#next = at;
    }
  }

  #submit(original: SourceRecord, prepared: PreparedRecord): Obstacle | null {
    const record = prepared.record!;
    const { topic } = record;
    const run = this.#run;
    const isSameRun =
      run !== null && !run.isClosed && run.size < RUN_LIMIT && topic === this.#runTopic && original.sourcePartition === this.#runPartition;
    if (!isSameRun || (this.#isPerRecord && original !== this.#runRecord)) {
      if (!this.#preparedTopics.has(topic)) return { kind: 'topic', topic };
      this.#openRun(original, topic);
    }
    const { producer, submitted } = this.#parts;
    const { key, value, headers, timestampMs } = prepared;
    try {
      if (!producer.send(topic, record.kafkaPartition, key, value, headers, timestampMs, this.#onDelivery))
        return { kind: 'memory', topic };
    } catch (error) {
      return { kind: 'send', topic, error };
    }
    submitted.submit(this.#run!, original.sourceOffset);
    return null;
  }

  #openRun(original: SourceRecord, topic: string): void {
    const run = this.#parts.submitted.open(original.sourcePartition);
    this.#run = run;
    this.#runTopic = topic;
    this.#runPartition = original.sourcePartition;
    this.#runRecord = original;
    this.#onDelivery = this.#isPerRecord ? this.#recordCallback(run, topic, original) : this.#runCallback(run, topic);
  }

  #runCallback(run: Run, topic: string): DeliveryCallback {
    const { submitted } = this.#parts;
    return (error, _partition, _offset, _timestampMs, count) => {
      if (error !== null) return this.#deliveryFailed(run, topic, null, error);
      this.#acked += count;
      if (submitted.ack(run, count)) this.#runAcked(topic);
    };
  }

  #recordCallback(run: Run, topic: string, original: SourceRecord): DeliveryCallback {
    return (error, partition, offset, timestampMs) => {
      if (error !== null) return this.#deliveryFailed(run, topic, original, error);
      this.#acked++;
      this.#commitRecord(original, { topic, partition, offset, timestampMs });
      if (this.#parts.submitted.ack(run, 1)) this.#runAcked(topic);
    };
  }

  #runAcked(topic: string): void {
    this.#parts.metrics.recordsWritten(this.#acked);
    this.#acked = 0;
    if (this.#activeTopics.has(topic)) return;
    this.#activeTopics.add(topic);
    this.#parts.onActiveTopic(topic);
  }

  #deliveryFailed(run: Run, topic: string, original: SourceRecord | null, error: Error): void {
    const { log, preparer, submitted } = this.#parts;
    if (!this.#isClosed) log.error(`failed to send record to ${topic}: ${error.message}`);
    if (original === null || !preparer.errors.isTolerant || this.#isClosed) {
      submitted.fail();
      this.#deliveryError ??= { error };
      return;
    }
    this.#passOver(original, error).then(
      () => submitted.ack(run, 1),
      (reason: unknown) => {
        submitted.fail();
        this.#deliveryError ??= { error: reason };
      },
    );
  }

  /** A record that Kafka refused, under errors.tolerance=all: reported and skipped. */
  async #passOver(original: SourceRecord, error: unknown): Promise<void> {
    await this.#parts.preparer.errors.failed({
      stage: 'KAFKA_PRODUCE',
      executingClass: 'org.apache.kafka.connect.runtime.WorkerSourceTask',
      record: { kind: 'source', record: original },
      error,
    });
    this.#drop(original);
  }

  #drop(original: SourceRecord): void {
    this.#commitRecord(original, null);
    this.#parts.metrics.recordsDropped(1);
  }

  #commitRecord(original: SourceRecord, metadata: Parameters<NonNullable<SourceTask['commitRecord']>>[1]): void {
    const { task, log } = this.#parts;
    if (!task.commitRecord) return;
    try {
      task.commitRecord(original, metadata);
    } catch (error) {
      log.error('Exception thrown while calling task.commitRecord()', error);
    }
  }

  async #overcome(obstacle: Obstacle): Promise<void> {
    const { producer, signal } = this.#parts;
    switch (obstacle.kind) {
      case 'topic':
        await this.#parts.prepareTopic(obstacle.topic);
        this.#preparedTopics.add(obstacle.topic);
        return;
      case 'memory':
        return this.#awaitProducer(producer, obstacle.topic, signal);
      case 'send':
        return this.#sendRefused(obstacle.topic, obstacle.error);
      case 'fault':
        return this.#recover(obstacle.fault);
    }
  }

  async #awaitProducer(producer: Producer, topic: string, signal: AbortSignal): Promise<void> {
    try {
      await producer.ready(topic, signal);
    } catch (error) {
      if (signal.aborted) return;
      await this.#sendRefused(topic, error);
    }
  }

  /** `send` threw: retriable → wait and try the record again; what Kafka refuses for good counts as a failed delivery. */
  async #sendRefused(topic: string, error: unknown): Promise<void> {
    const { log, clock, signal, preparer } = this.#parts;
    const original = this.#batch[this.#next]!;
    if (error instanceof ConnectError && error.isRetriable) {
      log.warn(
        `Failed to send record to topic '${topic}' and partition '${original.kafkaPartition}'. Backing off before retrying: `,
        error,
      );
      return clock.sleep(SEND_FAILED_BACKOFF_MS, signal);
    }
    if (!(error instanceof KafkaError)) throw new ConnectError('Unrecoverable exception trying to send', { cause: error });
    log.error(`failed to send record to ${topic}: ${error.message}`);
    if (!preparer.errors.isTolerant) throw new ConnectError('Unrecoverable exception from producer send callback', { cause: error });
    await this.#passOver(original, error);
    this.#next++;
  }

  /** The record at hand failed on its way: retried, dropped or fatal as the error operator says. */
  async #recover(fault: RecordFault): Promise<void> {
    const original = this.#batch[this.#next]!;
    const prepared = await this.#parts.preparer.prepareAgain(original, fault);
    if (prepared === null) {
      this.#drop(original);
      this.#next++;
      return;
    }
    for (;;) {
      const obstacle = this.#submit(original, prepared);
      if (obstacle === null) {
        this.#next++;
        return;
      }
      const at = this.#next;
      await this.#overcome(obstacle);
      if (this.#next !== at || this.#parts.signal.aborted) return;
    }
  }
}
