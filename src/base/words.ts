/** Bytes looked at eight at a time: for texts of a line's length a call into native code costs more than that. */

/** The bytes of the buffer asked for last as words. Many in a row are of the same one. */
export class WordsOf {
  #bytes: Buffer | null = null;
  #words: DataView = new DataView(new ArrayBuffer(0));

  in(bytes: Buffer): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return this.#words;
  }
}

/** The high bits of four bytes: what the functions here answer holds there only. */
export const HIGH_BITS = 0x80808080;

/**
 * Whether there is a control, a quote or a backslash among four bytes, told in the high bit of each. A subtraction borrows where a byte is
 * too small: the lowest bit is exact, those above it may be wrong.
 */
export function jsonSpecialsIn(four: number): number {
  // Controls and the quote are what is below 0x21 once 0x20 and 0x22 have changed places.
  return (((four ^ 0x02020202) - 0x21212121) | ((four ^ 0x5c5c5c5c) - 0x01010101)) & ~four;
}

/** The same for line feeds and carriage returns. */
export function lineEndsIn(four: number): number {
  return (((four ^ 0x0a0a0a0a) - 0x01010101) | ((four ^ 0x0d0d0d0d) - 0x01010101)) & ~four;
}

/** Bytes that begin a UTF-8 character of four, exactly. */
export function longLeadsIn(four: number): number {
  return four & (four << 1) & (four << 2) & (four << 3);
}

/** Which of four bytes the lowest of these high bits is of. */
export function firstByteOf(bits: number): number {
  return (31 - Math.clz32(bits & -bits)) >> 3;
}
