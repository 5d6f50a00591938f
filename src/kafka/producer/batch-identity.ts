/** Under whose producer id, epoch and sequence batches are sent, and what has to be asked for before they may be. */
import type { KafkaError } from '../kafka-error.ts';
import type { BatchStamp } from '../records/batch-builder.ts';
import type { PartitionQueue } from './partition-queue.ts';

export interface BatchIdentity {
  readonly kind: 'anonymous' | 'idempotent' | 'transactional';
  readonly transactionalId: string | null;
  /** Not null: what is not under way is not sent any more; this is what its records are told. */
  readonly refusal: KafkaError | null;
  /** Whether anything may be sent now. When not, it asks for what is missing, and wakes the sender. */
  isReady(): boolean;
  /** Whether a batch that was never sent may go now; the same when not. */
  mayStart(queue: PartitionQueue): boolean;
  /** For a batch that may start. */
  stampFor(queue: PartitionQueue): BatchStamp | null;
  /** Broker and producer no longer agree on sequences, for this reason. */
  giveUp(reason: string): void;
  /** A batch has failed for good. */
  batchFailed(error: KafkaError): void;
}

/** What an identity knows of the sender that it serves. */
export interface IdentityHost {
  /** Every queue that has or had work. */
  queues(): Iterable<PartitionQueue>;
  /** Batches that had to wait may go now. */
  wake(): void;
  /** Fails what is not under way. */
  failWaiting(error: KafkaError): void;
  /** Aborts when the producer is closed. */
  readonly signal: AbortSignal;
}

/** Batches without producer id: a retry may write twice. */
export const ANONYMOUS: BatchIdentity = {
  kind: 'anonymous',
  transactionalId: null,
  refusal: null,
  isReady: () => true,
  mayStart: () => true,
  stampFor: () => null,
  giveUp: () => undefined,
  batchFailed: () => undefined,
};
