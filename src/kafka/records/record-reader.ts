/** Reads the records of a batch (format 2). Every length is checked against the bytes that are there; only KafkaProtocolError is thrown. */
import type { FetchedRecord, RecordHeader } from '../contract.ts';
import { KafkaProtocolError } from '../kafka-error.ts';
import { BATCH_HEADER_BYTES, type BatchHeader, MIN_RECORD_BYTES } from './batch-header.ts';
import { decompress } from './compression.ts';

/** What most never ask for is made for those who do: a view of each value, its offset and its time would cost as much as the rest of the reading. */
class LazyRecord implements FetchedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly batch: BatchHeader;
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Buffer | null;
  readonly headers: readonly RecordHeader[] | null;
  readonly valueIn: Buffer;
  readonly valueStart: number;
  readonly valueEnd: number;

  constructor(
    topic: string,
    partition: number,
    batch: BatchHeader,
    offsetDelta: number,
    timestampDelta: number,
    key: Buffer | null,
    headers: readonly RecordHeader[] | null,
    valueIn: Buffer,
    valueStart: number,
    valueEnd: number,
  ) {
    this.topic = topic;
    this.partition = partition;
    this.batch = batch;
    this.offsetDelta = offsetDelta;
    this.timestampDelta = timestampDelta;
    this.key = key;
    this.headers = headers;
    this.valueIn = valueIn;
    this.valueStart = valueStart;
    this.valueEnd = valueEnd;
  }

  get value(): Buffer | null {
    return this.valueStart < 0 ? null : this.valueIn.subarray(this.valueStart, this.valueEnd);
  }

  get offset(): bigint {
    return this.batch.baseOffset + BigInt(this.offsetDelta);
  }

  get timestampMs(): number {
    const { isLogAppendTime, maxTimestampMs, baseTimestampMs } = this.batch;
    return isLogAppendTime ? maxTimestampMs : baseTimestampMs + this.timestampDelta;
  }

  get timestampType(): FetchedRecord['timestampType'] {
    return this.batch.isLogAppendTime ? 'LogAppendTime' : 'CreateTime';
  }
}

export class RecordReader {
  readonly header: BatchHeader;
  readonly #topic: string;
  readonly #partition: number;
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #left: number;

  /** `buffer` holds the batch that `header` describes; its records are decompressed here. */
  constructor(topic: string, partition: number, buffer: Buffer, header: BatchHeader) {
    this.header = header;
    this.#topic = topic;
    this.#partition = partition;
    this.#left = header.count;
    const isPlain = header.compression === 'none';
    this.#bytes = isPlain ? buffer : decompress(header.compression, buffer.subarray(header.start + BATCH_HEADER_BYTES, header.end));
    this.#at = isPlain ? header.start + BATCH_HEADER_BYTES : 0;
    this.#end = isPlain ? header.end : this.#bytes.length;
    if (header.count * MIN_RECORD_BYTES > this.#end - this.#at) {
      throw new KafkaProtocolError(
        `the record batch at offset ${header.baseOffset} claims ${header.count} records in ${this.#end - this.#at} bytes`,
      );
    }
  }

  /** Records that are still to be read. */
  get left(): number {
    return this.#left;
  }

  /** Appends at most `max` records at or after `fromOffset` to `out`; answers how many. */
  read(out: FetchedRecord[], max: number, fromOffset: bigint): number {
    const { header } = this;
    const firstDelta = Number(fromOffset - header.baseOffset);
    const topic = this.#topic;
    const partition = this.#partition;
    let taken = 0;
    while (this.#left > 0 && taken < max) {
      const recordEnd = this.#recordEnd();
      this.#at++; // attributes: unused in format 2
      const timestampDelta = this.#varlong();
      const offsetDelta = this.#varint();
      const key = this.#view();
      const valueStart = this.#skip();
      const valueEnd = this.#at;
      const headers = this.#headers();
      if (this.#at !== recordEnd) throw this.#malformed('a record does not end where its length says');
      this.#left--;
      if (offsetDelta < firstDelta) continue;
      out.push(new LazyRecord(topic, partition, header, offsetDelta, timestampDelta, key, headers, this.#bytes, valueStart, valueEnd));
      taken++;
    }
    return taken;
  }

  #recordEnd(): number {
    const length = this.#varint();
    const end = this.#at + length;
    if (length < MIN_RECORD_BYTES - 1 || end > this.#end)
      throw this.#malformed(`a record of ${length} bytes, ${this.#end - this.#at} are left`);
    return end;
  }

  #view(): Buffer | null {
    const start = this.#skip();
    return start < 0 ? null : this.#bytes.subarray(start, this.#at);
  }

  /** Moves behind bytes that come with their length; answers where they begin, −1 for `null`. */
  #skip(): number {
    const length = this.#varint();
    if (length < 0) {
      if (length !== -1) throw this.#malformed(`a key or value of ${length} bytes`);
      return -1;
    }
    const start = this.#at;
    if (length > this.#end - start) throw this.#malformed(`a key or value of ${length} bytes, ${this.#end - start} are left`);
    this.#at = start + length;
    return start;
  }

  #headers(): readonly RecordHeader[] | null {
    const count = this.#varint();
    if (count === 0) return null;
    if (count < 0 || count * 2 > this.#end - this.#at) throw this.#malformed(`${count} headers in ${this.#end - this.#at} bytes`);
    const headers: RecordHeader[] = [];
    for (let i = 0; i < count; i++) {
      const key = this.#view();
      if (key === null) throw this.#malformed('a header without a key');
      headers.push({ key: key.toString('utf8'), value: this.#view() });
    }
    return headers;
  }

  #varint(): number {
    return this.#shortVarint() ?? this.#longVarint();
  }

  /** One or two bytes, as nearly all are; `null`: more, or the end is near. */
  #shortVarint(): number | null {
    const at = this.#at;
    if (at + 2 > this.#end) return null;
    const bytes = this.#bytes;
    const first = bytes[at] as number;
    if (first < 0x80) {
      this.#at = at + 1;
      return (first >>> 1) ^ -(first & 1);
    }
    const second = bytes[at + 1] as number;
    if (second >= 0x80) return null;
    this.#at = at + 2;
    const raw = (first & 0x7f) | (second << 7);
    return (raw >>> 1) ^ -(raw & 1);
  }

  #longVarint(): number {
    const bytes = this.#bytes;
    let raw = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte(bytes);
      raw |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (raw >>> 1) ^ -(raw & 1);
    }
    throw this.#malformed('a varint of more than five bytes');
  }

  /** As a number: exact within ±2^53, which holds for every timestamp of a real clock. */
  #varlong(): number {
    return this.#shortVarint() ?? this.#longVarlong();
  }

  #longVarlong(): number {
    const start = this.#at;
    const bytes = this.#bytes;
    let raw = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte(bytes);
      raw |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (raw >>> 1) ^ -(raw & 1);
    }
    this.#at = start;
    let wide = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte(bytes);
      wide |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, (wide >> 1n) ^ -(wide & 1n)));
    }
    throw this.#malformed('a varlong of more than ten bytes');
  }

  #byte(bytes: Buffer): number {
    if (this.#at >= this.#end) throw this.#malformed('the records end too early');
    return bytes[this.#at++] as number;
  }

  #malformed(what: string): KafkaProtocolError {
    return new KafkaProtocolError(
      `malformed record batch at offset ${this.header.baseOffset} of topic "${this.#topic}" partition ${this.#partition}: ${what}`,
    );
  }
}
