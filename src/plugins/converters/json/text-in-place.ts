/**
 * A short text as a JSON string between a head and a tail, written straight into the batch: no string is made on the way. Most lines of
 * a file take this way. The bytes are those of `quoteJson`.
 */
import type { BytesInPlace } from '../../../base/bytes-in-place.ts';
import { quoteJson } from '../../../record/json-text.ts';

/** Longer texts are worth a measure of their own: what they may need at most would be too far from what they need. */
export const MAX_UNITS = 1024;

/** What a character takes at most: an escape like `\u001F`. */
export const ESCAPE_BYTES = 6;
/** Bytes that each byte of the plain text takes in addition. Of a character outside the basic plane, and of what stands for half a pair, so many that the sum tells. */
const EXTRA = new Uint16Array(256);
const TELLS_SURROGATE = 30_000;
/** Letter behind the backslash; 0: four hex digits. */
const SHORT_ESCAPE = new Uint8Array(128);
for (let byte = 0; byte < 0x20; byte++) EXTRA[byte] = ESCAPE_BYTES - 1;
for (const [byte, letter] of [
  [0x22, '"'],
  [0x5c, '\\'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0c, 'f'],
  [0x0d, 'r'],
] as const) {
  EXTRA[byte] = 1;
  SHORT_ESCAPE[byte] = letter.charCodeAt(0);
}
// U+FFFD, which stands for half a pair, begins with EF; four-byte characters with F0 and above.
EXTRA.fill(TELLS_SURROGATE, 0xef);

export class TextInPlace implements BytesInPlace {
  readonly #tail: number;
  #head: Uint8Array = Buffer.alloc(0);
  #text = '';

  /** `tail`: the byte behind the string, or −1. */
  constructor(tail: number) {
    this.#tail = tail;
  }

  /** For texts of MAX_UNITS at most. */
  of(head: Uint8Array, text: string): this {
    this.#head = head;
    this.#text = text;
    return this;
  }

  get maxBytes(): number {
    return this.#head.length + this.#text.length * ESCAPE_BYTES + 3;
  }

  get likelyBytes(): number {
    return this.#head.length + this.#text.length + 3;
  }

  writeTo(target: Buffer, at: number): number {
    const head = this.#head;
    const text = this.#text;
    target.set(head, at);
    const start = at + head.length;
    const content = start + 1;
    let end = content + target.write(text, content, 'utf8');
    let extra = 0;
    for (let i = content; i < end; i++) extra += EXTRA[target[i]!]!;
    if (extra >= TELLS_SURROGATE) end = start + target.write(quoteJson(text), start, 'utf8');
    else {
      target[start] = 0x22;
      if (extra > 0) makeRoom(target, end, extra);
      end += extra;
      target[end++] = 0x22;
    }
    if (this.#tail >= 0) target[end++] = this.#tail;
    return end;
  }
}

/** Writes the escape of a control, a quote or a backslash; gives the index behind it. */
export function putEscape(target: Buffer, at: number, byte: number): number {
  const letter = SHORT_ESCAPE[byte]!;
  if (letter === 0) return at + target.write(`\\u00${byte.toString(16).toUpperCase().padStart(2, '0')}`, at, 'latin1');
  target[at] = 0x5c;
  target[at + 1] = letter;
  return at + 2;
}

/** Moves what ends at `end` apart, from the end on, until `extra` bytes have been put between. */
function makeRoom(target: Buffer, end: number, extra: number): void {
  for (let from = end, to = end + extra; from < to; ) {
    const byte = target[--from]!;
    const more = EXTRA[byte]!;
    if (more === 0) target[--to] = byte;
    else {
      to -= more + 1;
      putEscape(target, to, byte);
    }
  }
}
