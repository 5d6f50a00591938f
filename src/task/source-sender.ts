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
import type { SourceRecord } from '../plugin-api/records.ts';
import type { DeliveryRun, RecordDelivery } from './source-delivery.ts';
import type { PreparedRecord, RecordFault, SourcePreparer } from './source-preparer.ts';
import { RUN_LIMIT } from './submitted-records.ts';
import type { SourceTaskMetrics } from './task-metrics.ts';

const SEND_FAILED_BACKOFF_MS = 100;

export interface SourceSenderParts {
  readonly preparer: SourcePreparer;
  readonly producer: Pick<Producer, 'send' | 'ready'>;
  readonly delivery: RecordDelivery;
  readonly metrics: SourceTaskMetrics;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the task is to stop. */
  readonly signal: AbortSignal;
  /** Before the first record of a topic is sent: makes it when it is missing and the connector wants that. */
  prepareTopic(topic: string): Promise<void>;
}

/** Why the synchronous loop stopped at a record. */
type Obstacle =
  | { readonly kind: 'memory' | 'topic'; readonly topic: string }
  | { readonly kind: 'send'; readonly topic: string; readonly error: unknown }
  | { readonly kind: 'fault'; readonly fault: RecordFault }
  /** Behind it. */
  | { readonly kind: 'boundary' };

const BOUNDARY: Obstacle = { kind: 'boundary' };

export class SourceSender {
  readonly #parts: SourceSenderParts;
  readonly #preparedTopics = new Set<string>();
  #batch: readonly SourceRecord[] = [];
  #next = 0;
  #run: DeliveryRun | null = null;
  #runTopic = '';
  #runPartition: SourceRecord['sourcePartition'] | null = null;
  #runKafkaPartition: number | null = null;
  /** The record that the run was opened for; the run's only one when each has its own. */
  #runRecord: SourceRecord | null = null;
  #onDelivery: DeliveryCallback | null = null;
  #isAtBoundary = false;

  constructor(parts: SourceSenderParts) {
    this.#parts = parts;
  }

  /** Sends all of `records`; what is left when the signal aborts during a wait stays unsent. Throws when the task must fail. */
  async send(records: readonly SourceRecord[]): Promise<void> {
    this.#batch = records;
    this.#next = 0;
    this.#run = null;
    for (let obstacle = this.#sendOn(); obstacle !== null; obstacle = this.#sendOn()) {
      await this.#overcome(obstacle);
      if (this.#isAtBoundary) {
        this.#isAtBoundary = false;
        await this.#parts.delivery.atBoundary();
      }
      this.#parts.delivery.throwFailure();
      if (this.#parts.signal.aborted) break;
    }
    this.#parts.metrics.recordsDropped(records.length - this.#next);
    this.#batch = [];
    this.#runRecord = null;
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
        } else {
          const obstacle = this.#submit(original, preparer);
          if (obstacle !== null) return obstacle;
        }
        if (this.#isAtBoundary) {
          at++;
          return BOUNDARY;
        }
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
    const { kafkaPartition } = record;
    const isSameRun =
      run !== null &&
      !run.isClosed &&
      run.size < RUN_LIMIT &&
      topic === this.#runTopic &&
      original.sourcePartition === this.#runPartition &&
      kafkaPartition === this.#runKafkaPartition;
    if (!isSameRun || (original !== this.#runRecord && this.#isAlone(kafkaPartition))) {
      if (!this.#preparedTopics.has(topic)) return { kind: 'topic', topic };
      this.#openRun(original, topic, kafkaPartition);
    }
    const { producer, delivery } = this.#parts;
    const { key, value, headers, timestampMs } = prepared;
    try {
      if (!producer.send(topic, kafkaPartition, key, value, headers, timestampMs, this.#onDelivery)) return { kind: 'memory', topic };
    } catch (error) {
      return { kind: 'send', topic, error };
    }
    if (delivery.sent(this.#run!, original)) this.#isAtBoundary = true;
    return null;
  }

  /** The partition that the producer chooses may be another one for the next record, and answer before that of this one. */
  #isAlone(kafkaPartition: number | null): boolean {
    const { isPerRecord, isTelling } = this.#parts.delivery;
    return isPerRecord || (isTelling && kafkaPartition === null);
  }

  #openRun(original: SourceRecord, topic: string, kafkaPartition: number | null): void {
    const { delivery } = this.#parts;
    const run = delivery.open(original, topic);
    this.#run = run;
    this.#runTopic = topic;
    this.#runPartition = original.sourcePartition;
    this.#runKafkaPartition = kafkaPartition;
    this.#runRecord = original;
    this.#onDelivery = delivery.callbackFor(run, original, topic);
  }

  #drop(original: SourceRecord): void {
    if (this.#parts.delivery.dropped(original)) this.#isAtBoundary = true;
    this.#parts.metrics.recordsDropped(1);
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
      case 'boundary':
        return;
    }
  }

  async #awaitProducer(producer: Pick<Producer, 'ready'>, topic: string, signal: AbortSignal): Promise<void> {
    try {
      await producer.ready(topic, signal);
    } catch (error) {
      if (signal.aborted) return;
      await this.#sendRefused(topic, error);
    }
  }

  /** `send` threw: retriable → wait and try the record again; what Kafka refuses for good counts as a failed delivery. */
  async #sendRefused(topic: string, error: unknown): Promise<void> {
    const { log, clock, signal, delivery } = this.#parts;
    const original = this.#batch[this.#next]!;
    if (error instanceof ConnectError && error.isRetriable) {
      log.warn(
        `Failed to send record to topic '${topic}' and partition '${original.kafkaPartition}'. Backing off before retrying: `,
        error,
      );
      return clock.sleep(SEND_FAILED_BACKOFF_MS, signal);
    }
    if (!(error instanceof KafkaError)) throw new ConnectError('Unrecoverable exception trying to send', { cause: error });
    await delivery.refused(original, topic, error);
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
