/** The fetcher part of the contract: assigned partitions, no group (`contract.ts` hands its names on). */
import type { ValueInPlace } from '../base/bytes-in-place.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { KafkaErrorFacts, RecordHeader } from './contract.ts';

export interface FetcherOptions {
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxWaitMs: number;
  readonly maxPartitionBytes: number;
  readonly maxPollRecords: number;
  readonly isolationLevel: 'read_uncommitted' | 'read_committed';
  readonly autoOffsetReset: 'earliest' | 'latest' | 'none';
  readonly requestTimeoutMs: number;
  /** Hand out undecoded record batches (mirroring). */
  readonly isRaw: boolean;
}

/** A record as it lies in the topic. `key` and `value` are views into the fetched buffer: copy what is kept. */
export interface FetchedRecord extends ValueInPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[] | null;
}

export interface RawBatch extends TopicPartition {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  readonly recordCount: number;
  readonly maxTimestampMs: number;
  readonly batch: Buffer;
}

/** A place that the topic does not have (any more, or yet), and where the reading went on instead, as auto.offset.reset says. */
export interface PositionReset extends TopicPartition {
  readonly from: bigint;
  readonly to: bigint;
}

/** A partition that cannot be read for now; it is tried again by itself. */
export interface FetchTrouble extends TopicPartition {
  readonly error: KafkaErrorFacts & Error;
  /** When it began (monotonic). */
  readonly sinceMs: number;
}

export type OffsetSpec = bigint | 'earliest' | 'latest' | { readonly timestampMs: number };

export interface Fetcher {
  assign(partitions: ReadonlyArray<TopicPartition & { readonly offset: OffsetSpec }>): void;
  /** Adds to what is assigned. */
  add(partitions: ReadonlyArray<TopicPartition & { readonly offset: OffsetSpec }>): void;
  remove(partitions: readonly TopicPartition[]): void;
  seek(partition: TopicPartition, offset: OffsetSpec): void;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  paused(): readonly TopicPartition[];
  assignment(): readonly TopicPartition[];
  /** Offset of the next record that `poll` will hand out; `null` until it is known. */
  position(partition: TopicPartition): bigint | null;
  /** End of the partition as of its last fetch (`null`: not yet known): log end, or last stable offset with read_committed. */
  endOffset(partition: TopicPartition): bigint | null;
  /**
   * Records in order per partition, at most `maxPollRecords`; empty when `timeoutMs` passes, `wakeup()` is called or `signal` aborts.
   * Fetches ahead in the background within `maxBytes`. Retriable faults (leader moved, broker away) are retried inside; the rest rejects with
   * KafkaError naming topic and partition (e.g. OFFSET_OUT_OF_RANGE with `none`, TOPIC_AUTHORIZATION_FAILED, a corrupt batch).
   */
  poll(timeoutMs: number, signal?: AbortSignal): Promise<FetchedRecord[]>;
  pollRaw(timeoutMs: number, signal?: AbortSignal): Promise<RawBatch[]>;
  /** OFFSET_OUT_OF_RANGE that auto.offset.reset has answered, since the last call. */
  takeResets(): readonly PositionReset[];
  /** Bytes of the record batches whose records have been handed out, as they came: compressed where they are. */
  readonly consumedBytes: number;
  /** What is retried inside now: of each partition whose last fetch has failed, the newest fault. */
  troubles(): readonly FetchTrouble[];
  wakeup(): void;
  close(): Promise<void>;
}
