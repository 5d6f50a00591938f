/** Reads the records of a batch (format 2). Every length is checked against the bytes that are there; only KafkaProtocolError is thrown. */
import type { FetchedRecord, RecordHeader } from '../contract.ts';
import { KafkaProtocolError } from '../kafka-error.ts';
import { BATCH_HEADER_BYTES, type BatchHeader, MIN_RECORD_BYTES } from './batch-header.ts';
import { decompress } from './compression.ts';

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
    const { baseTimestampMs, isLogAppendTime, maxTimestampMs } = header;
    const timestampType = isLogAppendTime ? 'LogAppendTime' : 'CreateTime';
    const topic = this.#topic;
    const partition = this.#partition;
    let taken = 0;
    let offset = header.baseOffset - 1n;
    let delta = -1;
    while (this.#left > 0 && taken < max) {
      const recordEnd = this.#recordEnd();
      this.#at++; // attributes: unused in format 2
      const timestampDelta = this.#varlong();
      const nextDelta = this.#varint();
      offset = nextDelta === delta + 1 ? offset + 1n : header.baseOffset + BigInt(nextDelta);
      delta = nextDelta;
      const key = this.#view();
      const value = this.#view();
      const headers = this.#headers();
      if (this.#at !== recordEnd) throw this.#malformed('a record does not end where its length says');
      this.#left--;
      if (offset < fromOffset) continue;
      out.push({
        topic,
        partition,
        offset,
        timestampMs: isLogAppendTime ? maxTimestampMs : baseTimestampMs + timestampDelta,
        timestampType,
        key,
        value,
        headers,
      });
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
    const length = this.#varint();
    if (length < 0) {
      if (length !== -1) throw this.#malformed(`a key or value of ${length} bytes`);
      return null;
    }
    const start = this.#at;
    if (length > this.#end - start) throw this.#malformed(`a key or value of ${length} bytes, ${this.#end - start} are left`);
    this.#at = start + length;
    return this.#bytes.subarray(start, this.#at);
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
    const bytes = this.#bytes;
    let byte = this.#byte(bytes);
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let raw = byte & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      byte = this.#byte(bytes);
      raw |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (raw >>> 1) ^ -(raw & 1);
    }
    throw this.#malformed('a varint of more than five bytes');
  }

  /** As a number: exact within ±2^53, which holds for every timestamp of a real clock. */
  #varlong(): number {
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
