/**
 * The dead-letter queue of a sink task: the record as it was read goes to a topic, on request with headers that say where it came from
 * and what went wrong. Source: org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter (names and texts of the headers).
 */
import { ConnectError, javaClassOf, messageOf, sentenceOf, traceOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Admin, FetchedRecord, Producer, RecordHeader } from '../kafka/contract.ts';
import { KafkaError } from '../kafka/kafka-error.ts';
import type { ErrorCounts } from './error-operator.ts';
import { type Delivery, type ErrorReporter, placeOf, type RecordFailure } from './error-reporter.ts';

const PARTITIONS = 1;
/** What is left is about records whose offsets are not committed. */
const CLOSE_MS = 5_000;

export interface DeadLetterSettings {
  readonly topic: string;
  /** Of the topic, when it has to be made; −1: the brokers' default. */
  readonly replicationFactor: number;
  readonly hasContextHeaders: boolean;
}

export interface DeadLetterParts {
  readonly settings: DeadLetterSettings;
  readonly task: { readonly connector: string; readonly taskId: number };
  readonly counts: ErrorCounts;
  readonly log: Log;
  /** Ends the wait for memory. */
  readonly stop: AbortSignal;
  withAdmin(work: (admin: Admin) => Promise<void>): Promise<void>;
  openProducer(): { readonly producer: Producer; release(): Promise<void> };
}

export class DeadLetterQueue implements ErrorReporter {
  readonly #parts: DeadLetterParts;
  #client: ReturnType<DeadLetterParts['openProducer']> | null = null;

  constructor(parts: DeadLetterParts) {
    this.#parts = parts;
  }

  /** Makes the topic when it is missing. Throws ConnectError that names topic, reason and way out. */
  async open(): Promise<void> {
    await this.#parts.withAdmin((admin) => this.#makeTopic(admin));
    this.#client = this.#parts.openProducer();
  }

  report(failure: RecordFailure): Promise<Delivery> | undefined {
    if (failure.record.kind === 'source') return undefined;
    this.#parts.counts.deadLetterRequests++;
    return this.#send(failure, failure.record.record);
  }

  async close(): Promise<void> {
    await this.#client?.producer.close(CLOSE_MS);
    await this.#client?.release();
  }

  async #makeTopic(admin: Admin): Promise<void> {
    const { log, settings } = this.#parts;
    const { topic, replicationFactor } = settings;
    try {
      const found = await admin.topics([topic]);
      if (found.some((t) => t.name === topic && t.error === null && t.partitions.length > 0)) return;
      log.info(`Topic ${topic} doesn't exist. Will attempt to create topic.`);
      await admin.createTopics([{ name: topic, partitions: PARTITIONS, replicationFactor }]);
    } catch (cause) {
      if (cause instanceof KafkaError && cause.kafkaName === 'TOPIC_ALREADY_EXISTS') return;
      const isReplication = cause instanceof KafkaError && cause.kafkaName === 'INVALID_REPLICATION_FACTOR';
      const remedy = isReplication
        ? `Set errors.deadletterqueue.topic.replication.factor (${replicationFactor}) to no more than there are brokers`
        : 'Make the topic, or let the connector make it (its login is in admin.override.…)';
      const reason = sentenceOf(cause);
      throw new ConnectError(`Could not initialize dead letter queue with topic=${topic}: ${reason} ${remedy}, and restart the task.`, {
        cause,
      });
    }
  }

  async #send(failure: RecordFailure, original: FetchedRecord): Promise<Delivery> {
    const { settings, stop } = this.#parts;
    const { topic } = settings;
    const headers = settings.hasContextHeaders
      ? [...(original.headers ?? []), ...this.#contextHeaders(failure, original)]
      : original.headers;
    const { key, value } = original;
    const timestampMs = original.timestampMs < 0 ? null : original.timestampMs;
    const { promise: delivered, resolve, reject } = Promise.withResolvers<void>();
    const onDelivery = (error: Error | null) => (error === null ? resolve() : reject(this.#undelivered(failure, error)));
    try {
      const { producer } = this.#opened;
      while (!producer.send(topic, null, key, value, headers, timestampMs, onDelivery)) {
        await producer.ready(topic, stop);
        if (stop.aborted) throw new ConnectError('the task was stopped.');
      }
    } catch (error) {
      reject(this.#undelivered(failure, error));
    }
    return { delivered };
  }

  get #opened(): { readonly producer: Producer } {
    if (!this.#client) throw new ConnectError('The dead letter queue has no producer before it is opened.');
    return this.#client;
  }

  #undelivered({ record }: RecordFailure, cause: unknown): ConnectError {
    const { settings, counts, log } = this.#parts;
    counts.deadLetterFailures++;
    log.error(`Could not produce message to dead letter queue. topic=${settings.topic}, ${placeOf(record)}`, cause);
    return new ConnectError(
      `The dead letter queue topic=${settings.topic} did not take ${placeOf(record)}: ${sentenceOf(cause)} Its offset is not committed. Mend the topic (or the producer.override.… settings), and restart the task.`,
      { cause },
    );
  }

  #contextHeaders({ stage, executingClass, error }: RecordFailure, { topic, partition, offset }: FetchedRecord): RecordHeader[] {
    const { connector, taskId } = this.#parts.task;
    const message = messageOf(error);
    const texts: readonly [name: string, text: string | null][] = [
      ['topic', topic],
      ['partition', String(partition)],
      ['offset', String(offset)],
      ['connector.name', connector],
      ['task.id', String(taskId)],
      ['stage', stage],
      ['class.name', executingClass],
      ['exception.class.name', javaClassOf(error)],
      ['exception.message', message === '' ? null : message],
      ['exception.stacktrace', traceOf(error)],
    ];
    return texts.map(([name, text]) => ({ key: `__connect.errors.${name}`, value: text === null ? null : Buffer.from(text) }));
  }
}
