/**
 * A value's JSON between the envelope of its schema and the last brace, written straight into the batch: the envelope, which is several times as long
 * as most values, is copied as bytes and never made a part of a text.
 */
import type { BytesInPlace } from '../../../base/bytes-in-place.ts';

/** Bytes of a unit of UTF-16 at most. */
const UNIT_BYTES = 3;
const BRACE = 0x7d;

export class PayloadInPlace implements BytesInPlace {
  #head: Uint8Array = Buffer.alloc(0);
  #text = '';

  /** `head`: up to the payload. */
  of(head: Uint8Array, text: string): this {
    this.#head = head;
    this.#text = text;
    return this;
  }

  get maxBytes(): number {
    return this.#head.length + this.#text.length * UNIT_BYTES + 1;
  }

  get likelyBytes(): number {
    return this.#head.length + this.#text.length + 1;
  }

  writeTo(target: Buffer, at: number): number {
    target.set(this.#head, at);
    const start = at + this.#head.length;
    const end = start + target.write(this.#text, start, 'utf8');
    target[end] = BRACE;
    return end + 1;
  }
}
