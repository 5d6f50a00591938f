/** The records that tasks exchange with the runtime. Source: org.apache.kafka.connect.source.SourceRecord, …sink.SinkRecord. */
import type { ValueInPlace } from '../base/bytes-in-place.ts';
import type { ConnectValue, Schema } from '../record/schema.ts';

export interface Header {
  readonly key: string;
  readonly schema: Schema | null;
  readonly value: ConnectValue;
}

/** Primitive values only; the order of keys is the order in the stored JSON. */
export type OffsetValue = string | number | bigint | boolean | null;
export type SourcePartition = Readonly<Record<string, OffsetValue>>;
export type SourceOffset = Readonly<Record<string, OffsetValue>>;

/** What both kinds share, and what transforms and converters see. */
export interface ConnectRecord {
  readonly topic: string;
  /** `null`: the producer chooses. */
  readonly kafkaPartition: number | null;
  readonly keySchema: Schema | null;
  readonly key: ConnectValue;
  readonly valueSchema: Schema | null;
  readonly value: ConnectValue;
  /** Milliseconds since the epoch, or `null`. */
  readonly timestampMs: number | null;
  /** `null` and empty mean the same. */
  readonly headers: readonly Header[] | null;
}

/** Where texts in place are taken, `valueIn` holds the UTF-8 form of a value that is a string, well-formed, until the next `poll`. */
export interface SourceRecord extends ConnectRecord, ValueInPlace {
  /** Share one object among all records of a partition: the runtime takes the fast path on identity. */
  readonly sourcePartition: SourcePartition;
  /** `null`: this record moves nothing; the offset stored before it stays. */
  readonly sourceOffset: SourceOffset | null;
}

/**
 * For tasks that take texts in place `valueIn` holds the UTF-8 form of a value that is a string, and behind it one byte that is theirs,
 * until `put` resolves.
 */
export interface SinkRecord extends ConnectRecord, ValueInPlace {
  readonly kafkaPartition: number;
  readonly kafkaOffset: bigint;
  readonly timestampType: 'NoTimestampType' | 'CreateTime' | 'LogAppendTime';
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Where an acknowledged record lies. */
export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
}
