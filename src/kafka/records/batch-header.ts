/** The 61 bytes in front of the records of a batch (message format 2). Source: org.apache.kafka.common.record.DefaultRecordBatch. */
import { crc32c } from '@node-rs/crc32';
import type { CompressionType } from '../contract.ts';
import { KafkaProtocolError } from '../kafka-error.ts';
import { COMPRESSION_TYPES } from './compression.ts';

export const BATCH_HEADER_BYTES = 61;

/** Where the fields lie. */
export const AT = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
} as const;

/** Bytes of `baseOffset` and `length`, which the length does not count. */
export const LENGTH_OVERHEAD = 12;

export const ATTRIBUTE = { compression: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20, deleteHorizon: 0x40 } as const;

export interface BatchHeader {
  /** Where the batch starts and ends in the buffer. */
  readonly start: number;
  readonly end: number;
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  /** −1: not told. */
  readonly leaderEpoch: number;
  readonly compression: CompressionType;
  readonly isLogAppendTime: boolean;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly hasDeleteHorizon: boolean;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly count: number;
}

/** Fewest bytes of one record: its length, attributes, two deltas, two lengths, header count. */
export const MIN_RECORD_BYTES = 7;

/**
 * The header of the batch at `start`; `null` when the buffer ends before the batch does (a broker may cut the last one).
 * Throws KafkaProtocolError for what cannot be a batch; `isChecked`: the CRC is compared.
 */
export function readBatchHeader(buffer: Buffer, start: number, isChecked: boolean = true): BatchHeader | null {
  if (buffer.length - start < LENGTH_OVERHEAD) return null;
  const length = buffer.readInt32BE(start + AT.length);
  const baseOffset = buffer.readBigInt64BE(start + AT.baseOffset);
  const end = start + LENGTH_OVERHEAD + length;
  if (length < 0) throw new KafkaProtocolError(`the record batch at offset ${baseOffset} has length ${length}`);
  if (end > buffer.length) return null;
  const magic = length > AT.magic - LENGTH_OVERHEAD ? buffer.readInt8(start + AT.magic) : -1;
  if (magic !== 2) throw unknownFormat(magic, baseOffset);
  if (length < BATCH_HEADER_BYTES - LENGTH_OVERHEAD)
    throw new KafkaProtocolError(`the record batch at offset ${baseOffset} is cut short (${length} bytes)`);
  if (isChecked) {
    const stored = buffer.readUInt32BE(start + AT.crc);
    const made = crc32c(buffer.subarray(start + AT.attributes, end));
    if (stored !== made)
      throw new KafkaProtocolError(
        `the record batch at offset ${baseOffset} is damaged: its checksum is ${stored}, its bytes give ${made}`,
      );
  }
  return fieldsOf(buffer, start, end, baseOffset);
}

function fieldsOf(buffer: Buffer, start: number, end: number, baseOffset: bigint): BatchHeader {
  const attributes = buffer.readInt16BE(start + AT.attributes);
  const count = buffer.readInt32BE(start + AT.count);
  const lastOffsetDelta = buffer.readInt32BE(start + AT.lastOffsetDelta);
  const compression = COMPRESSION_TYPES[attributes & ATTRIBUTE.compression];
  if (!compression)
    throw new KafkaProtocolError(
      `the record batch at offset ${baseOffset} has an unknown compression (${attributes & ATTRIBUTE.compression})`,
    );
  if (count < 0 || lastOffsetDelta < 0 || (compression === 'none' && count * MIN_RECORD_BYTES > end - start - BATCH_HEADER_BYTES)) {
    throw new KafkaProtocolError(`the record batch at offset ${baseOffset} claims ${count} records in ${end - start} bytes`);
  }
  return {
    start,
    end,
    baseOffset,
    lastOffset: baseOffset + BigInt(lastOffsetDelta),
    leaderEpoch: buffer.readInt32BE(start + AT.leaderEpoch),
    compression,
    isLogAppendTime: (attributes & ATTRIBUTE.logAppendTime) !== 0,
    isTransactional: (attributes & ATTRIBUTE.transactional) !== 0,
    isControl: (attributes & ATTRIBUTE.control) !== 0,
    hasDeleteHorizon: (attributes & ATTRIBUTE.deleteHorizon) !== 0,
    baseTimestampMs: Number(buffer.readBigInt64BE(start + AT.baseTimestamp)),
    maxTimestampMs: Number(buffer.readBigInt64BE(start + AT.maxTimestamp)),
    producerId: buffer.readBigInt64BE(start + AT.producerId),
    producerEpoch: buffer.readInt16BE(start + AT.producerEpoch),
    baseSequence: buffer.readInt32BE(start + AT.baseSequence),
    count,
  };
}

function unknownFormat(magic: number, offset: bigint): KafkaProtocolError {
  const old = magic === 0 || magic === 1 ? ' (written before Kafka 0.11; let a broker of Kafka 3 rewrite the topic)' : '';
  return new KafkaProtocolError(`the batch at offset ${offset} has message format ${magic}${old}; format 2 can be read`);
}

/** Writes the checksum of a finished batch that takes the whole buffer from `start` to `end`. */
export function sealBatch(buffer: Buffer, start: number, end: number): void {
  buffer.writeUInt32BE(crc32c(buffer.subarray(start + AT.attributes, end)), start + AT.crc);
}
