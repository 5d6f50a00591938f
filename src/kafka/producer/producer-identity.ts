/**
 * Producer id and epoch of an idempotent producer. When the broker's memory of our sequences and ours do not fit any more, a new id is taken;
 * before that, every batch whose fate is open is sent to its end under the old one, so that nothing is written twice.
 */
import type { ClusterLink } from '../cluster-link.ts';
import { kafkaErrorOf } from '../kafka-error.ts';
import { initProducerIdMessage } from '../wire/messages/init-producer-id.ts';

export class ProducerIdentity {
  readonly #link: ClusterLink;
  readonly #signal: AbortSignal;
  #current: { readonly producerId: bigint; readonly producerEpoch: number } | null = null;
  #isStale = false;

  constructor(link: ClusterLink, signal: AbortSignal) {
    this.#link = link;
    this.#signal = signal;
  }

  /** For batches that were never sent: `null` while there is none, or while the old one is being given up. */
  get fresh(): { readonly producerId: bigint; readonly producerEpoch: number } | null {
    return this.#isStale ? null : this.#current;
  }

  get isStale(): boolean {
    return this.#isStale;
  }

  /** From now on no new batch is sent under this id. */
  giveUp(reason: string): void {
    if (this.#isStale || !this.#current) return;
    this.#isStale = true;
    this.#link.log.info(`Producer id ${this.#current.producerId} is given up: ${reason}`);
  }

  /** Asks for a new id. Rejects with KafkaError; it may be asked again. */
  async renew(): Promise<void> {
    const body = { transactionalId: null, transactionTimeoutMs: 0x7fffffff };
    const reply = await this.#link.request(
      'any',
      initProducerIdMessage,
      body,
      ({ errorCode }) => {
        if (errorCode !== 0) throw kafkaErrorOf(errorCode, 'a producer id was asked for (InitProducerId)');
      },
      { lane: 'produce', signal: this.#signal },
    );
    this.#current = { producerId: reply.producerId, producerEpoch: reply.producerEpoch };
    this.#isStale = false;
  }
}
