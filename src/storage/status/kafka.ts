/**
 * The status topic. What a worker knows is what it has read, its own words included. Brokers that are away lose nothing: the newest state of each
 * connector and task is written when they are back; a crash loses what was not written yet, and whoever takes the task over writes anew.
 * Source: KafkaStatusBackingStore (reference 3.4).
 */
import { backoffMs } from '../../base/backoff.ts';
import { ConnectError, DataError, messageOf, RetriableError } from '../../base/errors.ts';
import { inTime } from '../../base/in-time.ts';
import type { FetchedRecord } from '../../kafka/contract.ts';
import { InternalLog, type InternalLogOptions } from '../internal-log.ts';
import { parseStatusRecord, type StatusRecord, toStatusText } from './records.ts';
import { TableStatusStore } from './table-store.ts';

const RETRY_MS = 100;
const RETRY_MAX_MS = 5_000;

interface Write {
  readonly record: StatusRecord;
  readonly key: string;
  readonly value: string | null;
}

export class KafkaStatusStore extends TableStatusStore {
  readonly #options: InternalLogOptions;
  readonly #topic: InternalLog;
  readonly #ended = new AbortController();
  /** The newest write of each key while it is under way. */
  readonly #newest = new Map<string, Write>();
  readonly #underWay = new Set<Promise<void>>();
  /** A write has failed, and not all are stored since. */
  #isFailing = false;

  constructor(options: InternalLogOptions) {
    super();
    this.#options = options;
    this.#topic = new InternalLog(options);
  }

  start(): Promise<void> {
    return this.#topic.start((record) => this.#read(record));
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#topic.stop();
    await Promise.all(this.#underWay);
  }

  async refresh(timeoutMs: number): Promise<void> {
    await inTime(this.#topic.readToEnd(), timeoutMs, this.#options.clock, () => {
      return new RetriableError(`Topic "${this.#options.topic.name}" could not be read to its end within ${timeoutMs} ms.`);
    });
  }

  async flush(timeoutMs: number): Promise<void> {
    await inTime(Promise.all([...this.#underWay]), timeoutMs, this.#options.clock, () => {
      const topic = `topic "${this.#options.topic.name}"`;
      const count = this.#newest.size;
      return new RetriableError(
        `${count} states could not be written to ${topic} within ${timeoutMs / 1000} s: look whether its brokers are up.`,
      );
    });
  }

  /** Also of topics whose record is still on its way. */
  override removeTopics(connector: string): void {
    const written = [...this.#newest.values()].map(({ record }) => record);
    const topics = new Set(this.topics(connector).map(({ topic }) => topic));
    for (const record of written) if (record.kind === 'topic' && record.connector === connector) topics.add(record.topic);
    for (const topic of topics) this.write({ kind: 'topic', connector, topic, active: null }, false);
  }

  protected write(record: StatusRecord, isSafe: boolean): void {
    if (isSafe && !this.table.maySafelyPut(record)) return;
    const write: Write = { record, ...toStatusText(record) };
    this.#newest.set(write.key, write);
    const stored = this.#store(write).finally(() => {
      this.#underWay.delete(stored);
      if (this.#newest.get(write.key) === write) this.#newest.delete(write.key);
      this.#noteRecovery();
    });
    this.#underWay.add(stored);
  }

  /** Never rejects. Writes leave in the order of the calls; one that has failed goes again only while it is the newest of its key. */
  async #store(write: Write): Promise<void> {
    const { signal } = this.#ended;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await this.#topic.send(write.key, write.value);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ConnectError && error.isRetriable)) {
          this.#options.log.error(`Cannot write ${JSON.stringify(write.key)} to topic "${this.#options.topic.name}": ${messageOf(error)}`);
          return;
        }
        this.#noteFailure(error);
      }
      await this.#options.clock.sleep(backoffMs(attempt, RETRY_MS, RETRY_MAX_MS), signal);
      if (this.#newest.get(write.key) !== write) return;
      // Whoever has the task now knows better.
      if (!this.table.maySafelyPut(write.record)) return;
    }
  }

  #noteFailure(error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#options.log.warn(
      `States cannot be written to topic "${this.#options.topic.name}" for now and are tried again: ${messageOf(error)}`,
    );
  }

  #noteRecovery(): void {
    if (!this.#isFailing || this.#underWay.size > 0 || this.#ended.signal.aborted) return;
    this.#isFailing = false;
    this.#options.log.info(`All states are written to topic "${this.#options.topic.name}" again.`);
  }

  #read({ key, value }: FetchedRecord): void {
    if (key === null) throw new DataError('the status topic has no records without a key');
    this.table.apply(parseStatusRecord(key.toString('utf8'), value));
  }
}
