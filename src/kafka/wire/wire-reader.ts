/** Kafka's primitive types read from a received buffer; every length is checked against the bytes that are there. */
import { KafkaProtocolError } from '../kafka-error.ts';

export class WireReader {
  readonly #buffer: Buffer;
  #at: number;

  constructor(buffer: Buffer, offset: number = 0) {
    this.#buffer = buffer;
    this.#at = offset;
  }

  get remaining(): number {
    return this.#buffer.length - this.#at;
  }

  get position(): number {
    return this.#at;
  }

  /** Moves on by `bytes` and answers where they start. */
  #take(bytes: number): number {
    const start = this.#at;
    if (bytes < 0 || bytes > this.#buffer.length - start) {
      throw new KafkaProtocolError(
        `Malformed Kafka message: ${bytes} bytes wanted at position ${start}, ${this.#buffer.length - start} are left`,
      );
    }
    this.#at = start + bytes;
    return start;
  }

  bool(): boolean {
    return this.int8() !== 0;
  }

  int8(): number {
    return this.#buffer.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#buffer.readInt16BE(this.#take(2));
  }

  uint16(): number {
    return this.#buffer.readUInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#take(4));
  }

  uint32(): number {
    return this.#buffer.readUInt32BE(this.#take(4));
  }

  int64(): bigint {
    return this.#buffer.readBigInt64BE(this.#take(8));
  }

  float64(): number {
    return this.#buffer.readDoubleBE(this.#take(8));
  }

  /** At most 32 bits in at most five bytes. */
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#buffer[this.#take(1)] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw new KafkaProtocolError(`Malformed Kafka message: the varint before position ${this.#at} does not fit 32 bits`);
  }

  /** A view, not a copy. */
  raw(bytes: number): Buffer {
    const start = this.#take(bytes);
    return this.#buffer.subarray(start, start + bytes);
  }

  utf8(bytes: number): string {
    const start = this.#take(bytes);
    return this.#buffer.toString('utf8', start, start + bytes);
  }

  /** Tagged fields that this program does not know. */
  skipTags(): void {
    for (let count = this.uvarint(); count > 0; count--) {
      this.uvarint();
      this.#take(this.uvarint());
    }
  }
}
