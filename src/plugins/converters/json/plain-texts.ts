/** JSON strings of plain ASCII, read eight bytes at a time into one memory: a call into native code for each of them costs more than that. */

/** Bytes of a JSON string that do not stand for themselves: quotes, backslashes, controls, all beyond ASCII. */
const IS_SPECIAL = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte < 0x20 || byte === 0x22 || byte === 0x5c || byte >= 0x80));
/** By the letter behind a backslash; 0: no escape of one letter. */
const UNESCAPED = new Uint8Array(256);
for (const [letter, meaning] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t'])
  UNESCAPED[letter!.charCodeAt(0)] = meaning!.charCodeAt(0);

export class PlainTexts {
  readonly memory: Buffer;
  readonly #words: DataView;
  #filled = 0;

  constructor(memoryBytes: number) {
    this.memory = Buffer.allocUnsafeSlow(memoryBytes);
    this.#words = new DataView(this.memory.buffer, this.memory.byteOffset, memoryBytes);
  }

  /** Bytes of the texts that were added, and where the next one begins. */
  get filled(): number {
    return this.#filled;
  }

  /** True: a string of so many bytes may be added. */
  hasRoom(bytes: number): boolean {
    return this.#filled + bytes <= this.memory.length;
  }

  /** Leaves a byte free behind the text that was added last. */
  skip(): void {
    this.#filled++;
  }

  clear(): void {
    this.#filled = 0;
  }

  /**
   * The string from its first byte to the quote at `end`. False: it has other characters or escapes than those of one letter, is none, or
   * there is no room.
   */
  add(bytes: DataView, start: number, end: number): boolean {
    if (!this.hasRoom(end - start) || bytes.getUint8(end) !== 0x22) return false;
    const memory = this.memory;
    const words = this.#words;
    let to = this.#filled;
    const lastEight = end - 8;
    for (let at = start; at < end; ) {
      for (; at <= lastEight; at += 8, to += 8) {
        const four = bytes.getInt32(at, true);
        const next = bytes.getInt32(at + 4, true);
        if (!arePlain(four, next)) break;
        words.setInt32(to, four, true);
        words.setInt32(to + 4, next, true);
      }
      for (let left = 8; left > 0 && at < end; left--) {
        let byte = bytes.getUint8(at++);
        if (IS_SPECIAL[byte] !== 0) {
          if (byte !== 0x5c) return false;
          byte = UNESCAPED[bytes.getUint8(at++)]!;
          // An escaped quote at the end is not the one that ends the string.
          if (byte === 0 || at > end) return false;
          // What follows is mostly plain again.
          left = 1;
        }
        memory[to++] = byte;
      }
    }
    this.#filled = to;
    return true;
  }
}

/** None of the eight bytes is a quote, a backslash, a control or beyond ASCII. A subtraction borrows where a byte is too small, or zero. */
function arePlain(four: number, next: number): boolean {
  const small = (four - 0x20202020) | (next - 0x20202020);
  const quotes = ((four ^ 0x22222222) - 0x01010101) | ((next ^ 0x22222222) - 0x01010101);
  const backslashes = ((four ^ 0x5c5c5c5c) - 0x01010101) | ((next ^ 0x5c5c5c5c) - 0x01010101);
  return ((four | next | small | quotes | backslashes) & 0x80808080) === 0;
}
