/**
 * Builds one record batch (format 2) straight into a growing buffer: no object per record. Strings are encoded in place.
 * Base offset 0, leader epoch −1; producer id and sequence are stamped when the batch is sent.
 */
import type { BytesInPlace } from '../../base/bytes-in-place.ts';
import type { CompressionType, RecordHeader } from '../contract.ts';
import { AT, ATTRIBUTE, BATCH_HEADER_BYTES, LENGTH_OVERHEAD, sealBatch } from './batch-header.ts';
import { COMPRESSION_TYPES, compress } from './compression.ts';

type Bytes = Uint8Array | string | null;

/** Upper bound for what the numbers of one record take: length 5, attributes 1, timestamp 10, offset 5, two lengths 5 each, header count 5. */
const RECORD_OVERHEAD = 36;
const HEADER_OVERHEAD = 10;

export class BatchBuilder {
  #buffer: Buffer;
  #at = BATCH_HEADER_BYTES;
  #count = 0;
  #baseTimestampMs = 0;
  #maxTimestampMs = 0;
  /** The last string was not plain ASCII: the next is likely to be the same, so its length is measured first. */
  #expectsWide = false;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /** Records so far. */
  get count(): number {
    return this.#count;
  }

  /** Size of the batch so far, uncompressed. */
  get sizeBytes(): number {
    return this.#at;
  }

  /** Memory that it holds. */
  get capacityBytes(): number {
    return this.#buffer.length;
  }

  /** The buffer that it writes into now. */
  get storage(): Buffer {
    return this.#buffer;
  }

  append(key: Bytes, value: Bytes | BytesInPlace, headers: readonly RecordHeader[] | null, timestampMs: number): void {
    if (this.#count === 0) {
      this.#baseTimestampMs = timestampMs;
      this.#maxTimestampMs = timestampMs;
    } else if (timestampMs > this.#maxTimestampMs) this.#maxTimestampMs = timestampMs;
    this.#reserve(upperBound(key) + upperBound(value) + headersBound(headers) + RECORD_OVERHEAD);
    const start = this.#at;
    // Room for the record's length is left as if strings were ASCII; where that was wrong the record is moved.
    const room = varintWidth(unitsOf(key) + unitsOf(value) + 9);
    this.#at = start + room;
    this.#buffer[this.#at++] = 0;
    this.#varlong(timestampMs - this.#baseTimestampMs);
    this.#varint(this.#count);
    this.#bytes(key);
    if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) this.#inPlace(value);
    else this.#bytes(value);
    this.#headers(headers);
    this.#putLength(start, room);
    this.#count++;
  }

  /** Writes the length of what lies `room` bytes behind `start`, moving it when its length takes more or fewer. */
  #putLength(start: number, room: number): void {
    const length = this.#at - start - room;
    const width = varintWidth(length);
    if (width !== room) this.#buffer.copyWithin(start + width, start + room, this.#at);
    this.#at = start;
    this.#varint(length);
    this.#at += length;
  }

  #bytes(value: Bytes): void {
    if (value === null) this.#buffer[this.#at++] = 1;
    else if (typeof value === 'string') this.#string(value);
    else {
      this.#varint(value.length);
      this.#buffer.set(value, this.#at);
      this.#at += value.length;
    }
  }

  #inPlace(value: BytesInPlace): void {
    const start = this.#at;
    const room = varintWidth(value.likelyBytes);
    this.#at = value.writeTo(this.#buffer, start + room);
    this.#putLength(start, room);
  }

  /** Writes as if it were ASCII and mends the length when it was not. */
  #string(text: string): void {
    const start = this.#at;
    if (!this.#expectsWide) {
      this.#varint(text.length);
      const content = this.#at;
      const written = this.#buffer.write(text, content, 'utf8');
      this.#at = content + written;
      if (written === text.length) return;
      this.#at = start;
    }
    const length = Buffer.byteLength(text, 'utf8');
    this.#expectsWide = length !== text.length;
    this.#varint(length);
    this.#at += this.#buffer.write(text, this.#at, 'utf8');
  }

  #headers(headers: readonly RecordHeader[] | null): void {
    if (headers === null || headers.length === 0) {
      this.#buffer[this.#at++] = 0;
      return;
    }
    this.#varint(headers.length);
    for (const header of headers) {
      this.#string(header.key);
      this.#bytes(header.value);
    }
  }

  /** Zigzag, 32 bits. */
  #varint(value: number): void {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 0x7f) {
      this.#buffer[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#at++] = rest;
  }

  /** Zigzag of a safe integer. */
  #varlong(value: number): void {
    if (value >= -0x40000000 && value <= 0x3fffffff) {
      this.#varint(value);
      return;
    }
    let rest = BigInt.asUintN(64, value < 0 ? (BigInt(-value) << 1n) - 1n : BigInt(value) << 1n);
    while (rest > 0x7fn) {
      this.#buffer[this.#at++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#at++] = Number(rest);
  }

  /** How much larger the buffer becomes when `bytes` more are written. */
  growthFor(bytes: number): number {
    const { length } = this.#buffer;
    return this.#at + bytes <= length ? 0 : Math.max(this.#at + bytes - length, length);
  }

  #reserve(bytes: number): void {
    const growth = this.growthFor(bytes);
    if (growth === 0) return;
    const grown = Buffer.allocUnsafeSlow(this.#buffer.length + growth);
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
  }

  /**
   * The finished batch without producer id and checksum (`stampBatch` adds them): a view of this builder's buffer, or a new one when compressed.
   * The builder must not be appended to afterwards.
   */
  finish(compression: CompressionType): Buffer {
    const plain = this.#buffer.subarray(0, this.#at);
    const batch = compression === 'none' ? plain : packed(plain, compression);
    batch.writeBigInt64BE(0n, AT.baseOffset);
    batch.writeInt32BE(batch.length - LENGTH_OVERHEAD, AT.length);
    batch.writeInt32BE(-1, AT.leaderEpoch);
    batch.writeInt8(2, AT.magic);
    batch.writeInt16BE(COMPRESSION_TYPES.indexOf(compression) & ATTRIBUTE.compression, AT.attributes);
    batch.writeInt32BE(this.#count - 1, AT.lastOffsetDelta);
    batch.writeBigInt64BE(BigInt(this.#baseTimestampMs), AT.baseTimestamp);
    batch.writeBigInt64BE(BigInt(this.#maxTimestampMs), AT.maxTimestamp);
    batch.writeInt32BE(this.#count, AT.count);
    return batch;
  }
}

/** Who sent a batch; −1 everywhere for a producer that is not idempotent. */
export interface BatchStamp {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  /** It counts only once its transaction is committed. */
  readonly isTransactional: boolean;
}

export const NO_STAMP: BatchStamp = { producerId: -1n, producerEpoch: -1, baseSequence: -1, isTransactional: false };

/** Writes producer id, epoch, sequence and whether it is of a transaction into a finished batch and makes its checksum anew. */
export function stampBatch(batch: Buffer, stamp: BatchStamp): void {
  batch.writeBigInt64BE(stamp.producerId, AT.producerId);
  batch.writeInt16BE(stamp.producerEpoch, AT.producerEpoch);
  batch.writeInt32BE(stamp.baseSequence, AT.baseSequence);
  const attributes = batch.readInt16BE(AT.attributes) & ~ATTRIBUTE.transactional;
  batch.writeInt16BE(stamp.isTransactional ? attributes | ATTRIBUTE.transactional : attributes, AT.attributes);
  sealBatch(batch, 0, batch.length);
}

/** Bytes that a record takes at most in a batch: what `append` may need. */
export function recordUpperBound(key: Bytes, value: Bytes | BytesInPlace, headers: readonly RecordHeader[] | null): number {
  return upperBound(key) + upperBound(value) + headersBound(headers) + RECORD_OVERHEAD;
}

function packed(plain: Buffer, compression: CompressionType): Buffer {
  const records = compress(compression, plain.subarray(BATCH_HEADER_BYTES));
  const batch = Buffer.allocUnsafeSlow(BATCH_HEADER_BYTES + records.length);
  records.copy(batch, BATCH_HEADER_BYTES);
  return batch;
}

/** Strings up to this many units are taken as three bytes a unit; longer ones are measured. */
const SHORT_STRING = 1024;

function upperBound(value: Bytes | BytesInPlace): number {
  if (value === null) return 0;
  if (typeof value !== 'string') return 'maxBytes' in value ? value.maxBytes : value.length;
  return value.length <= SHORT_STRING ? value.length * 3 : Buffer.byteLength(value, 'utf8');
}

function unitsOf(value: Bytes | BytesInPlace): number {
  if (value === null) return 0;
  return typeof value === 'object' && 'likelyBytes' in value ? value.likelyBytes : value.length;
}

function headersBound(headers: readonly RecordHeader[] | null): number {
  if (headers === null) return 0;
  let sum = 0;
  for (const { key, value } of headers) sum += key.length * 3 + upperBound(value) + HEADER_OVERHEAD;
  return sum;
}

/** Bytes of a non-negative number as a zigzag varint. */
function varintWidth(value: number): number {
  if (value < 64) return 1;
  if (value < 8192) return 2;
  if (value < 1_048_576) return 3;
  return value < 134_217_728 ? 4 : 5;
}
