/** An offset store whose writes are one transaction each, of a transactional id that this store takes over: tasks that had it can write no more. */
import { ConnectError, messageOf } from '../../base/errors.ts';
import type { TransactionalProducer } from '../../kafka/contract.ts';
import type { OffsetEntry, OffsetStore } from './port.ts';

export interface TransactionalOffsetStoreOptions {
  /** Reads; started and stopped with this store. */
  readonly inner: OffsetStore;
  /** Where it reads. */
  readonly topic: string;
  /** Ours: closed with this store. */
  readonly producer: TransactionalProducer;
}

const CLOSE_MS = 5_000;

export class TransactionalOffsetStore implements OffsetStore {
  readonly #options: TransactionalOffsetStoreOptions;
  #initialised: Promise<void> | null = null;

  constructor(options: TransactionalOffsetStoreOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    return this.#options.inner.start();
  }

  async stop(): Promise<void> {
    const { inner, producer } = this.#options;
    await Promise.all([producer.close(CLOSE_MS), inner.stop()]);
  }

  get(keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    return this.#options.inner.get(keys);
  }

  entries(): Promise<OffsetEntry[]> {
    return this.#options.inner.entries();
  }

  async set(entries: readonly OffsetEntry[]): Promise<void> {
    const { topic, producer } = this.#options;
    try {
      this.#initialised ??= producer.initTransactions();
      await this.#initialised;
      producer.beginTransaction();
      for (const { key, value } of entries) while (!producer.send(topic, null, key, value, null, null, null)) await producer.ready(topic);
      await producer.commitTransaction();
    } catch (error) {
      throw new ConnectError(`Cannot write source offsets to topic "${topic}": ${messageOf(error)}`, { cause: error });
    }
  }
}
