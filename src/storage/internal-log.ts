/**
 * One of the cluster's own topics, made or checked, read to its end and followed. A record that its reader refuses is named in the log and
 * left out: what lies in a topic was written by others and never ends a worker.
 */
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { escapeUnsafe } from '../base/safe-json.ts';
import type { FetchedRecord, Kafka, RecordPlace, TopicLog, TopicLogOptions } from '../kafka/contract.ts';
import { KafkaError } from '../kafka/kafka-error.ts';
import { ensureInternalTopic, type InternalTopic } from './internal-topic.ts';
import { kafkaFault } from './kafka-fault.ts';

export interface InternalLogOptions {
  /** Used, not closed. */
  readonly kafka: Pick<Kafka, 'admin' | 'topicLog'>;
  readonly topic: InternalTopic;
  readonly isolationLevel?: TopicLogOptions['isolationLevel'];
  readonly clock: Clock;
  readonly log: Log;
}

/** Throws when the record is not what it should be; the message is a part of a sentence without values. */
type Reader = (record: FetchedRecord) => void;

/** Beyond so many the rest is only counted, each thousandth told: somebody has named a topic of another kind. */
const MOST_NAMED = 100;
const TOLD_EACH = 1_000;

export class InternalLog {
  readonly #options: InternalLogOptions;
  #topicLog: TopicLog | null = null;
  #isStopped = false;
  #skipped = 0;

  constructor(options: InternalLogOptions) {
    this.#options = options;
  }

  /** Resolves when `read` was given all there was. Rejects with an error that names the topic; may be called again then. */
  async start(read: Reader): Promise<void> {
    const { kafka, topic, isolationLevel, log } = this.#options;
    await ensureInternalTopic(kafka.admin(), topic, this.#options);
    if (this.#isStopped) throw this.#closed();
    const topicLog = kafka.topicLog({
      topic: topic.name,
      ...(isolationLevel === undefined ? {} : { isolationLevel }),
      onRecord: (record) => this.#hand(record, read),
      onError: (error) => log.warn(`Reading topic "${topic.name}" fails for now and is tried again: ${messageOf(error)}`),
    });
    this.#topicLog = topicLog;
    try {
      await topicLog.start();
    } catch (error) {
      this.#topicLog = null;
      await topicLog.stop();
      throw kafkaFault(error, `Cannot read topic "${topic.name}" (${topic.kind}.storage.topic)`);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#topicLog?.stop();
  }

  async readToEnd(): Promise<void> {
    try {
      await this.#open().readToEnd();
    } catch (error) {
      throw kafkaFault(error, `Cannot read topic "${this.#options.topic.name}" to its end`);
    }
  }

  /** Up to the record that was written there, itself included. */
  async readPast(place: RecordPlace): Promise<void> {
    try {
      await this.#open().readPast(place);
    } catch (error) {
      throw kafkaFault(error, `Cannot read back what was written to topic "${this.#options.topic.name}"`);
    }
  }

  /** Resolves when the brokers have it. Rejects with KafkaError. */
  async send(key: Uint8Array | string, value: Uint8Array | string | null): Promise<RecordPlace> {
    return this.#open().send(key, value);
  }

  /** Names a record and what was mended in it. */
  note(record: FetchedRecord, text: string): void {
    this.#options.log.warn(`${this.#nameOf(record)}: ${text}`);
  }

  #open(): TopicLog {
    if (this.#topicLog === null) throw this.#closed();
    return this.#topicLog;
  }

  #closed(): KafkaError {
    return new KafkaError('CLOSED', `topic "${this.#options.topic.name}" is not open here`);
  }

  #hand(record: FetchedRecord, read: Reader): void {
    try {
      read(record);
    } catch (error) {
      this.#skip(record, messageOf(error));
    }
  }

  #skip(record: FetchedRecord, reason: string): void {
    this.#skipped++;
    const { log } = this.#options;
    if (this.#skipped <= MOST_NAMED) log.warn(`${this.#nameOf(record)} was skipped: ${reason}`);
    else if (this.#skipped % TOLD_EACH === 0)
      log.warn(`${this.#skipped} records of topic "${this.#options.topic.name}" were skipped; is it the right topic?`);
    else log.debug(`${this.#nameOf(record)} was skipped: ${reason}`);
  }

  #nameOf({ key, partition, offset }: FetchedRecord): string {
    const text = key === null ? 'without a key' : escapeUnsafe(JSON.stringify(key.toString('utf8').slice(0, 80)));
    return `Record ${text} at offset ${offset} of partition ${partition} of topic "${this.#options.topic.name}"`;
  }
}
