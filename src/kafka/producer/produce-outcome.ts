/** What a broker's answer to one batch means for it. */
import { KafkaError, kafkaErrorFacts, kafkaErrorName } from '../kafka-error.ts';
import type { BatchIdentity } from './batch-identity.ts';
import type { ProducerBatch } from './producer-batch.ts';

export interface PartitionReply {
  readonly errorCode: number;
  readonly baseOffset: bigint;
  readonly logAppendTimeMs: number;
  readonly errorMessage: string | null;
  readonly recordErrors: ReadonlyArray<{ readonly batchIndex: number; readonly message: string | null }>;
}

export type Outcome =
  | { readonly kind: 'written'; readonly baseOffset: bigint; readonly logAppendTimeMs: number }
  /** Send it again as it is. `isStaleLeader`: ask for metadata first. `isOpen`: it may have been written. */
  | { readonly kind: 'again'; readonly error: KafkaError; readonly isStaleLeader: boolean; readonly isOpen: boolean }
  /** Not written: the broker does not know our sequence; a new producer id is needed. */
  | { readonly kind: 'new-id'; readonly error: KafkaError }
  | { readonly kind: 'too-large'; readonly error: KafkaError }
  /** Final. */
  | { readonly kind: 'refused'; readonly errorOf: (index: number) => KafkaError; readonly isOpen: boolean };

const STALE_LEADER = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
  'REPLICA_NOT_AVAILABLE',
]);
/** The leader has it, but not yet as many replicas as were asked for. */
const PERHAPS_WRITTEN = new Set(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'NETWORK_EXCEPTION']);
const SEQUENCE_LOST = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
]);
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

export function outcomeOf(batch: ProducerBatch, broker: string, reply: PartitionReply, identity: BatchIdentity['kind']): Outcome {
  const { errorCode } = reply;
  const name = kafkaErrorName(errorCode);
  // DUPLICATE_SEQUENCE_NUMBER: written by an earlier attempt, at an offset that the broker no longer remembers.
  if (name === null || name === 'DUPLICATE_SEQUENCE_NUMBER') {
    return { kind: 'written', baseOffset: name === null ? reply.baseOffset : -1n, logAppendTimeMs: reply.logAppendTimeMs };
  }
  const error = new KafkaError(errorCode, sentence(batch, broker, name, reply.errorMessage));
  if (identity === 'idempotent' && SEQUENCE_LOST.has(name)) return { kind: 'new-id', error };
  if (TOO_LARGE.has(name)) return { kind: 'too-large', error };
  if (kafkaErrorFacts(errorCode).isRetriable) {
    return { kind: 'again', error, isStaleLeader: STALE_LEADER.has(name), isOpen: PERHAPS_WRITTEN.has(name) };
  }
  if (reply.recordErrors.length === 0) return { kind: 'refused', errorOf: () => error, isOpen: false };
  const details = new Map(reply.recordErrors.map(({ batchIndex, message }) => [batchIndex, message]));
  return {
    kind: 'refused',
    isOpen: false,
    errorOf: (index) => {
      const own = details.get(index);
      const why = own === undefined ? 'another record of its batch was invalid' : (own ?? reply.errorMessage);
      return new KafkaError(errorCode, sentence(batch, broker, name, why));
    },
  };
}

function sentence(batch: ProducerBatch, broker: string, name: string, detail: string | null): string {
  const subject = `${name}: ${broker} refused ${batch.count} record(s) for topic "${batch.topic}" partition ${batch.partition}`;
  return detail ? `${subject}: ${detail}` : subject;
}

/** A produce reply's partitions by `topic partition`. */
export function repliesByPartition(
  topics: ReadonlyArray<{
    readonly name: string;
    readonly partitions: ReadonlyArray<
      Omit<PartitionReply, 'logAppendTimeMs'> & { readonly index: number; readonly logAppendTimeMs: bigint }
    >;
  }>,
): Map<string, PartitionReply> {
  const replies = new Map<string, PartitionReply>();
  for (const { name, partitions } of topics) {
    for (const partition of partitions)
      replies.set(`${name} ${partition.index}`, { ...partition, logAppendTimeMs: Number(partition.logAppendTimeMs) });
  }
  return replies;
}

/** The request did not come through, or its answer did not. */
export function faultOutcome(error: KafkaError): Outcome {
  if (error.isRetriable) return { kind: 'again', error, isStaleLeader: true, isOpen: true };
  return { kind: 'refused', errorOf: () => error, isOpen: true };
}
