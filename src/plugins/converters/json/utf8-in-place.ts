/** What `TextInPlace` is for strings, for texts whose well-formed UTF-8 form is there already: from where it lies to where it goes. */
import type { BytesInPlace } from '../../../base/bytes-in-place.ts';
import { firstByteOf, HIGH_BITS, jsonSpecialsIn, longLeadsIn, WordsOf } from '../../../base/words.ts';
import { quoteJson } from '../../../record/json-text.ts';
import { ESCAPE_BYTES, putEscape } from './text-in-place.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Characters outside the basic plane begin with these and above: their halves are written as escapes. */
const LONG_LEAD = 0xf0;

export class Utf8InPlace implements BytesInPlace {
  readonly #tail: number;
  readonly #from = new WordsOf();
  readonly #to = new WordsOf();
  #head: Buffer = Buffer.alloc(0);
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  /** `tail`: the byte behind the string, or −1. */
  constructor(tail: number) {
    this.#tail = tail;
  }

  /** For texts of MAX_UNITS bytes at most. */
  of(head: Buffer, bytes: Buffer, start: number, end: number): this {
    this.#head = head;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    return this;
  }

  get maxBytes(): number {
    return this.#head.length + (this.#end - this.#start) * ESCAPE_BYTES + 3;
  }

  get likelyBytes(): number {
    return this.#head.length + this.#end - this.#start + 3;
  }

  writeTo(target: Buffer, at: number): number {
    target.set(this.#head, at);
    const start = at + this.#head.length;
    target[start] = QUOTE;
    let to = this.#write(target, start + 1);
    if (to < 0) to = start + target.write(quoteJson(this.#bytes.toString('utf8', this.#start, this.#end)), start);
    else target[to++] = QUOTE;
    if (this.#tail >= 0) target[to++] = this.#tail;
    return to;
  }

  /** Gives the index behind the text; −1: it holds a character that is to be written in halves. */
  #write(target: Buffer, at: number): number {
    const words = this.#from.in(this.#bytes);
    const goal = this.#to.in(target);
    const end = this.#end;
    const lastEight = end - 8;
    let to = at;
    let from = this.#start;
    while (from <= lastEight) {
      const four = words.getInt32(from, true);
      const next = words.getInt32(from + 4, true);
      goal.setFloat64(to, words.getFloat64(from, true), true);
      const plain = plainBytesOf(four, next);
      from += plain;
      to += plain;
      if (plain === 8) continue;
      const byte = words.getUint8(from++);
      if (byte >= LONG_LEAD) return -1;
      to = putEscape(target, to, byte);
    }
    for (; from < end; ) {
      const byte = words.getUint8(from++);
      if (byte >= LONG_LEAD) return -1;
      if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) to = putEscape(target, to, byte);
      else target[to++] = byte;
    }
    return to;
  }
}

/** How many of eight bytes come before one that does not stand for itself. */
function plainBytesOf(four: number, next: number): number {
  const first = jsonSpecialsIn(four);
  const second = jsonSpecialsIn(next);
  return ((first | second | four | next) & HIGH_BITS) === 0 ? 8 : slowPlainBytesOf(four, first, next, second);
}

function slowPlainBytesOf(four: number, specials: number, next: number, nextSpecials: number): number {
  const first = (specials | longLeadsIn(four)) & HIGH_BITS;
  if (first !== 0) return firstByteOf(first);
  const second = (nextSpecials | longLeadsIn(next)) & HIGH_BITS;
  return second === 0 ? 8 : 4 + firstByteOf(second);
}
