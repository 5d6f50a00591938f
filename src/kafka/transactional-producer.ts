/** A producer whose records count only once their transaction is committed. */
import type { BytesInPlace } from '../base/bytes-in-place.ts';
import { atMost } from '../base/in-time.ts';
import type { ClusterLink } from './cluster-link.ts';
import type { DeliveryCallback, ProducerOptions, RecordHeader, TransactionalProducer } from './contract.ts';
import type { MetadataCache } from './metadata.ts';
import { TransactionManager } from './producer/transaction-manager.ts';
import { BatchingProducer } from './producer.ts';

export interface TransactionalOptions extends ProducerOptions {
  readonly transactionalId: string;
}

export function createTransactionalProducer(
  link: ClusterLink,
  metadata: MetadataCache,
  options: TransactionalOptions,
): TransactionalProducer {
  return new BatchingTransactionalProducer(link, metadata, options);
}

class BatchingTransactionalProducer implements TransactionalProducer {
  readonly transactionalId: string;
  readonly #link: ClusterLink;
  readonly #batches: BatchingProducer<TransactionManager>;
  readonly #transactions: TransactionManager;

  constructor(link: ClusterLink, metadata: MetadataCache, given: TransactionalOptions) {
    const options = { ...given, isIdempotent: true, acks: -1 } as const;
    this.transactionalId = options.transactionalId;
    this.#link = link;
    this.#batches = new BatchingProducer(link, metadata, options, (host) => new TransactionManager(link, options, host));
    this.#transactions = this.#batches.identity;
  }

  get stats() {
    return this.#batches.stats;
  }

  initTransactions(): Promise<void> {
    return this.#transactions.init();
  }

  beginTransaction(): void {
    this.#transactions.begin();
  }

  commitTransaction(): Promise<void> {
    return this.#transactions.commit(() => this.#batches.flush());
  }

  abortTransaction(): Promise<void> {
    return this.#transactions.abort((why) => this.#batches.drain(why));
  }

  send(
    topic: string,
    partition: number | null,
    key: Uint8Array | string | null,
    value: Uint8Array | string | BytesInPlace | null,
    headers: readonly RecordHeader[] | null,
    timestampMs: number | null,
    onDelivery: DeliveryCallback | null,
  ): boolean {
    this.#transactions.checkSend();
    return this.#batches.send(topic, partition, key, value, headers, timestampMs, onDelivery);
  }

  ready(topic: string, signal?: AbortSignal): Promise<void> {
    return this.#batches.ready(topic, signal);
  }

  flush(): Promise<void> {
    return this.#batches.flush();
  }

  async sendRaw(topic: string, partition: number, batch: Buffer): Promise<{ baseOffset: bigint }> {
    this.#transactions.checkSend();
    return this.#batches.sendRaw(topic, partition, batch);
  }

  partitionCount(topic: string): number | null {
    return this.#batches.partitionCount(topic);
  }

  /** A transaction that is open is aborted when there is time, so that readers need not wait for its timeout. */
  async close(timeoutMs: number): Promise<void> {
    if (timeoutMs > 0 && this.#transactions.isOpen) {
      const abort = this.abortTransaction().catch((error: unknown) => {
        this.#link.log.debug(`The open transaction of "${this.transactionalId}" was not aborted at the end`, error);
      });
      await atMost(abort, timeoutMs, this.#link.clock);
    }
    await this.#batches.close(this.#transactions.isOpen ? 0 : timeoutMs);
  }
}
