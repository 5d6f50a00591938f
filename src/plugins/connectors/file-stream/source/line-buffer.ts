/**
 * Cuts a stream of bytes into lines: `\n`, `\r\n` and a lone `\r` end one. Positions are those of bytes, so a line and a character may
 * be cut anywhere between two reads. A `\r` at the very end waits for the next byte, an unended line for its end. Text is UTF-8 as Java
 * reads it (U+FFFD for malformed bytes; a byte order mark stays). Source: FileStreamSourceTask.extractLine.
 *
 * Complete lines are decoded many at once and then cut: that costs a tenth of decoding each. Who needs no texts takes them in place.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { firstByteOf, HIGH_BITS, lineEndsIn } from '../../../../base/words.ts';
import { decodeUtf8 } from '../../../../record/java-utf8.ts';

/** Bytes asked for with one read. */
export const READ_BYTES = 256 * 1024;
/** Lines decoded at once: V8 keeps a text of more than 128 kB apart from young objects, where each costs a share of a full collection. */
const TEXT_BYTES = 64 * 1024;
const LF = 10;
const CR = 13;
const NONE = Number.POSITIVE_INFINITY;
const WORD_BYTES = 8;

export class LineBuffer {
  readonly #maxLineBytes: number;
  #bytes: Buffer = Buffer.alloc(0);
  #words = new DataView(this.#bytes.buffer);
  /** Bytes from here to `#end` are not handed out; those before `#linesEnd` are complete lines, those before `#textEnd` decoded in `#text`. */
  #start = 0;
  #textEnd = 0;
  #linesEnd = 0;
  #end = 0;
  #text = '';
  #textAt = 0;
  /** Next line ends in `#text`. */
  #nextLf = NONE;
  #nextCr = NONE;
  #isAscii = true;
  #mayHoldLongLine = false;
  #position = 0;
  #isTooLong = false;
  /** Of the complete lines; `null`: not looked at yet. */
  #isWellFormed: boolean | null = null;
  #lineStart = 0;
  #lineEnd = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
    this.#take(READ_BYTES);
  }

  /** Where lines in place lie; what it holds changes with `space`. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Where the line that `nextInPlace` found last begins in `bytes`. */
  get lineStart(): number {
    return this.#lineStart;
  }

  /** Where it ends, without its line end. */
  get lineEnd(): number {
    return this.#lineEnd;
  }

  /** Behind its line end. */
  get start(): number {
    return this.#start;
  }

  /** Byte position right behind the line end of the line that `next` gave last; where the next line starts. */
  get position(): number {
    return this.#position;
  }

  /** The line at `position` is longer than allowed: `next` gives nothing any more. */
  get isTooLong(): boolean {
    return this.#isTooLong;
  }

  /** Bytes of the line that has no end yet. Only true when `next` has given null. */
  get unendedBytes(): number {
    return this.#end - this.#start;
  }

  /** Forgets everything: what comes next lies at this byte position. */
  startAt(position: number): void {
    this.#start = 0;
    this.#textEnd = 0;
    this.#linesEnd = 0;
    this.#end = 0;
    this.#position = position;
    this.#isTooLong = false;
  }

  /** Where to put the next bytes (at least one), then call `filled`. Only when `next` has given null and no line is too long. */
  space(): Buffer {
    const unended = this.#end - this.#start;
    const size = unended <= READ_BYTES / 2 ? READ_BYTES : Math.max(this.#bytes.length, unended * 2);
    if (size === this.#bytes.length) {
      if (this.#start > 0) this.#bytes.copyWithin(0, this.#start, this.#end);
    } else {
      const before = this.#bytes;
      this.#take(size);
      before.copy(this.#bytes, 0, this.#start, this.#end);
    }
    this.#start = 0;
    this.#textEnd = 0;
    this.#linesEnd = 0;
    this.#end = unended;
    return this.#bytes.subarray(unended);
  }

  /** So many bytes were put into `space()`. */
  filled(count: number): void {
    // The last byte known before may be a `\r` that had to wait.
    const searchFrom = Math.max(0, this.#end - 1);
    this.#end += count;
    const fresh = this.#bytes.subarray(searchFrom, this.#end);
    const afterLf = fresh.lastIndexOf(LF) + 1;
    // A `\r` counts when the byte behind it is known.
    const afterCr = fresh.lastIndexOf(CR, fresh.length - 2) + 1;
    const after = fresh.length < 2 ? afterLf : Math.max(afterLf, afterCr);
    if (after === 0) {
      this.#isTooLong = this.unendedBytes - 1 > this.#maxLineBytes;
      return;
    }
    this.#linesEnd = searchFrom + after;
    this.#isWellFormed = null;
  }

  /** Finds the next complete line. False when `next` is to be asked: there is none, it is too long, or some bytes are no UTF-8. */
  nextInPlace(): boolean {
    const start = this.#start;
    if (start >= this.#linesEnd || this.#isTooLong) return false;
    this.#isWellFormed ??= isUtf8(this.#bytes.subarray(start, this.#linesEnd));
    if (!this.#isWellFormed) return false;
    const end = endOfLine(this.#words, start);
    if (end - start > this.#maxLineBytes) {
      this.#isTooLong = true;
      return false;
    }
    const isCrLf = this.#bytes[end] === CR && end + 1 < this.#linesEnd && this.#bytes[end + 1] === LF;
    const after = isCrLf ? end + 2 : end + 1;
    this.#lineStart = start;
    this.#lineEnd = end;
    this.#start = after;
    this.#position += after - start;
    return true;
  }

  /** The next complete line without its end, or null when more bytes are needed. */
  next(): string | null {
    if (this.#isTooLong) return null;
    if (this.#start >= this.#textEnd) {
      if (this.#start >= this.#linesEnd) return null;
      this.#decode();
    }
    const at = this.#textAt;
    const lf = this.#nextLf;
    const cr = this.#nextCr;
    const isCr = cr < lf;
    const end = isCr ? cr : lf;
    const isCrLf = isCr && lf === cr + 1;
    const after = isCrLf ? end + 2 : end + 1;
    const bytes = this.#isAscii ? after - at : this.#lineBytes(isCr ? CR : LF) + (isCrLf ? 2 : 1);
    if (this.#mayHoldLongLine && bytes - (after - end) > this.#maxLineBytes) {
      this.#isTooLong = true;
      return null;
    }
    if (lf < after) this.#nextLf = indexOrNone(this.#text.indexOf('\n', after));
    if (cr < after) this.#nextCr = indexOrNone(this.#text.indexOf('\r', after));
    const line = this.#text.substring(at, end);
    this.#textAt = after;
    this.#start += bytes;
    this.#position += bytes;
    return line;
  }

  /** The line without an end, as if it had one here; null when there is none. For streams that have come to their end. */
  takeUnended(): string | null {
    const bytes = this.#end - this.#start;
    if (bytes === 0 || this.#isTooLong) return null;
    const isCrLast = this.#bytes[this.#end - 1] === CR;
    const line = decodeUtf8(this.#bytes.subarray(this.#start, isCrLast ? this.#end - 1 : this.#end));
    this.startAt(this.#position + bytes);
    return line;
  }

  #decode(): void {
    this.#textEnd = this.#linesEnd;
    if (this.#linesEnd - this.#start > TEXT_BYTES) {
      const lastLf = this.#bytes.subarray(this.#start, this.#start + TEXT_BYTES).lastIndexOf(LF);
      if (lastLf !== -1) this.#textEnd = this.#start + lastLf + 1;
    }
    const lines = this.#bytes.subarray(this.#start, this.#textEnd);
    this.#isAscii = isAscii(lines);
    this.#text = this.#isAscii ? lines.toString('latin1') : decodeUtf8(lines);
    this.#textAt = 0;
    this.#nextLf = indexOrNone(this.#text.indexOf('\n'));
    this.#nextCr = indexOrNone(this.#text.indexOf('\r'));
    this.#mayHoldLongLine = lines.length > this.#maxLineBytes;
  }

  #take(bytes: number): void {
    const memory = Buffer.allocUnsafeSlow(bytes + WORD_BYTES);
    this.#bytes = memory.subarray(0, bytes);
    this.#words = new DataView(memory.buffer);
  }

  /** Line ends are single bytes in UTF-8, and malformed bytes never swallow one: text and bytes have the same lines. */
  #lineBytes(lineEnd: number): number {
    return this.#bytes.indexOf(lineEnd, this.#start) - this.#start;
  }
}

/** Where the line that begins at `at` ends: there must be an end, and seven bytes behind it. */
function endOfLine(words: DataView, at: number): number {
  for (let from = at; ; from += WORD_BYTES) {
    const first = lineEndsIn(words.getInt32(from, true)) & HIGH_BITS;
    if (first !== 0) return from + firstByteOf(first);
    const second = lineEndsIn(words.getInt32(from + 4, true)) & HIGH_BITS;
    if (second !== 0) return from + 4 + firstByteOf(second);
  }
}

function indexOrNone(index: number): number {
  return index === -1 ? NONE : index;
}
