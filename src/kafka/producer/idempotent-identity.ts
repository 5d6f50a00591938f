/**
 * Producer id and epoch of an idempotent producer. When the broker's memory of our sequences and ours do not fit any more, a new id is taken;
 * before that, every batch whose fate is open is sent to its end under the old one, so that nothing is written twice.
 */
import type { ClusterLink } from '../cluster-link.ts';
import { kafkaErrorOf, toKafkaError } from '../kafka-error.ts';
import type { BatchStamp } from '../records/batch-builder.ts';
import { initProducerIdMessage } from '../wire/messages/init-producer-id.ts';
import type { BatchIdentity, IdentityHost } from './batch-identity.ts';
import type { PartitionQueue } from './partition-queue.ts';

export class IdempotentIdentity implements BatchIdentity {
  readonly kind = 'idempotent';
  readonly transactionalId = null;
  readonly refusal = null;
  readonly #link: ClusterLink;
  readonly #host: IdentityHost;
  #current: { readonly producerId: bigint; readonly producerEpoch: number } | null = null;
  #isStale = false;
  #isRenewing = false;

  constructor(link: ClusterLink, host: IdentityHost) {
    this.#link = link;
    this.#host = host;
  }

  /** Batches of an old id go on to their end; a new one is asked for once none of them is open. */
  isReady(): boolean {
    if (this.#current && !this.#isStale) return true;
    for (const queue of this.#host.queues()) {
      if (queue.inFlight || queue.waiting[0]?.stamp) return true;
    }
    if (!this.#isRenewing) void this.#renew();
    return false;
  }

  mayStart(): boolean {
    return this.#current !== null && !this.#isStale;
  }

  stampFor({ nextSequence }: PartitionQueue): BatchStamp | null {
    return this.#current && !this.#isStale ? { ...this.#current, baseSequence: nextSequence, isTransactional: false } : null;
  }

  giveUp(reason: string): void {
    if (this.#isStale || !this.#current) return;
    this.#isStale = true;
    this.#link.log.info(`Producer id ${this.#current.producerId} is given up: ${reason}`);
  }

  batchFailed(): void {}

  async #renew(): Promise<void> {
    this.#isRenewing = true;
    for (const queue of this.#host.queues()) queue.nextSequence = 0;
    try {
      this.#current = await this.#askForId();
      this.#isStale = false;
      this.#host.wake();
    } catch (error) {
      const fault = toKafkaError(error, 'producer id');
      if (!fault.isRetriable && !this.#host.signal.aborted) this.#host.failWaiting(fault);
    } finally {
      this.#isRenewing = false;
    }
  }

  async #askForId() {
    const { producerId, producerEpoch } = await this.#link.request(
      'any',
      initProducerIdMessage,
      { transactionalId: null, transactionTimeoutMs: 0x7fffffff },
      ({ errorCode }) => {
        if (errorCode !== 0) throw kafkaErrorOf(errorCode, 'a producer id was asked for (InitProducerId)');
      },
      { lane: 'produce', signal: this.#host.signal },
    );
    return { producerId, producerEpoch };
  }
}
