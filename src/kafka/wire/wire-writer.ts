/** Kafka's primitive types written into one growing buffer. */
const START_BYTES = 512;

export class WireWriter {
  #buffer: Buffer;
  #at = 0;

  /** `sizeHint`: bytes that are likely to be needed. `memory`: to be written into as far as it reaches. */
  constructor(sizeHint: number = START_BYTES, memory: Buffer | null = null) {
    this.#buffer = memory ?? Buffer.allocUnsafeSlow(Math.max(sizeHint, START_BYTES));
  }

  get length(): number {
    return this.#at;
  }

  /** What was written, as a view that the next write may leave behind. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  #need(bytes: number): void {
    const wanted = this.#at + bytes;
    if (wanted <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(wanted, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
  }

  bool(value: boolean): void {
    this.int8(value ? 1 : 0);
  }

  int8(value: number): void {
    this.#need(1);
    this.#at = this.#buffer.writeInt8(value, this.#at);
  }

  int16(value: number): void {
    this.#need(2);
    this.#at = this.#buffer.writeInt16BE(value, this.#at);
  }

  uint16(value: number): void {
    this.#need(2);
    this.#at = this.#buffer.writeUInt16BE(value, this.#at);
  }

  int32(value: number): void {
    this.#need(4);
    this.#at = this.#buffer.writeInt32BE(value, this.#at);
  }

  uint32(value: number): void {
    this.#need(4);
    this.#at = this.#buffer.writeUInt32BE(value, this.#at);
  }

  int64(value: bigint): void {
    this.#need(8);
    this.#at = this.#buffer.writeBigInt64BE(value, this.#at);
  }

  float64(value: number): void {
    this.#need(8);
    this.#at = this.#buffer.writeDoubleBE(value, this.#at);
  }

  uvarint(value: number): void {
    this.#need(5);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.#buffer[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#at++] = rest;
  }

  raw(bytes: Uint8Array): void {
    this.#need(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  utf8(text: string, byteLength: number): void {
    this.#need(byteLength);
    this.#at += this.#buffer.write(text, this.#at, byteLength, 'utf8');
  }

  /** Overwrites four bytes written before (a length that is known only now). */
  patchInt32(position: number, value: number): void {
    this.#buffer.writeInt32BE(value, position);
  }
}
