/** One open file, read from a position on. Remembers its first bytes, so that a file that was emptied and filled again shows. */
import type { BigIntStats } from 'node:fs';
import { constants, fstatSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ConnectError } from '../../../../base/errors.ts';
import { reasonOf } from '../shared/file-fault.ts';

/** First bytes that are remembered. */
const HEAD_BYTES = 1024;
/** Step of the search for the start of a line. */
const BACK_BYTES = 64 * 1024;
const LF = 10;
const CR = 13;

export class OpenFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #dev: bigint;
  readonly #ino: bigint;
  readonly #head = Buffer.allocUnsafeSlow(HEAD_BYTES);
  readonly #seen = Buffer.allocUnsafeSlow(HEAD_BYTES);
  #headLength = 0;
  #position = 0;
  /**
   * What is read was written a moment ago and is in memory: reading it here takes microseconds, through Node's thread pool a tenth of a
   * millisecond. False: a disk or network may have to be waited for, which must not hold up the other tasks of this thread.
   */
  isHot = false;

  private constructor(path: string, handle: FileHandle, stats: BigIntStats) {
    this.#path = path;
    this.#handle = handle;
    this.#dev = stats.dev;
    this.#ino = stats.ino;
  }

  /** Throws what the system says (`ENOENT` …), or ConnectError for what is no regular file. */
  static async open(path: string): Promise<OpenFile> {
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile()) throw new ConnectError(`Cannot follow '${path}': it is ${kindOf(stats)}. Give a regular file.`);
      return new OpenFile(path, handle, stats);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Of the next byte to read. */
  get position(): number {
    return this.#position;
  }

  /** While a file is open no other can get its numbers. */
  isSameFile(stats: BigIntStats): boolean {
    return stats.ino === this.#ino && stats.dev === this.#dev;
  }

  async stats(): Promise<{ sizeBytes: number; isDeleted: boolean }> {
    const { size, nlink } = this.isHot ? fstatSync(this.#handle.fd, { bigint: true }) : await this.#handle.stat({ bigint: true });
    return { sizeBytes: Number(size), isDeleted: nlink === 0n };
  }

  /** Goes on at this position; what lies before it counts as seen. */
  async seek(position: number): Promise<void> {
    this.#headLength = await this.#read(this.#head, Math.min(position, HEAD_BYTES), 0);
    this.#position = position;
  }

  /** Puts the next bytes into the buffer; 0 at the end of the file. `accept` moves on. Throws ConnectError with path and position. */
  read(buffer: Buffer): Promise<number> {
    return this.#read(buffer, buffer.length, this.#position);
  }

  /** False when the file does not start any more as it did: its content is another. */
  async isHeadIntact(): Promise<boolean> {
    if (this.#headLength === 0) return true;
    const length = await this.#read(this.#seen, this.#headLength, 0);
    return length === this.#headLength && this.#head.compare(this.#seen, 0, length, 0, length) === 0;
  }

  /** The bytes that the last `read` gave are taken. */
  accept(buffer: Buffer, count: number): void {
    if (this.#headLength === this.#position && this.#headLength < HEAD_BYTES) {
      this.#headLength += buffer.copy(this.#head, this.#headLength, 0, count);
    }
    this.#position += count;
  }

  /** Start of the line that holds this position; the position itself when a line starts there. Looks back so far at most. */
  async lineStart(position: number, maxBytes: number): Promise<number> {
    const bytes = Buffer.allocUnsafeSlow(BACK_BYTES);
    const lowest = Math.max(0, position - maxBytes);
    const count = await this.#read(bytes, 2, position - 1);
    const [before, at] = bytes.subarray(0, count);
    const isWithinCrLf = before === CR && at === LF;
    if (before === LF || (before === CR && !isWithinCrLf)) return position;
    for (let end = position - 1; end > lowest; ) {
      const from = Math.max(lowest, end - BACK_BYTES);
      const seen = bytes.subarray(0, await this.#read(bytes, end - from, from));
      const lineEnd = Math.max(seen.lastIndexOf(LF), seen.lastIndexOf(CR));
      if (lineEnd !== -1) return from + lineEnd + 1;
      end = from;
    }
    return lowest === 0 ? 0 : position;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #read(buffer: Buffer, length: number, position: number): Promise<number> {
    try {
      if (this.isHot) return readSync(this.#handle.fd, buffer, 0, length, position);
      const { bytesRead } = await this.#handle.read(buffer, 0, length, position);
      return bytesRead;
    } catch (error) {
      throw new ConnectError(`Cannot read '${this.#path}' at byte ${position}: ${reasonOf(error)}.`, { cause: error });
    }
  }
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}
