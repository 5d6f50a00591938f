/** A log file that does not grow for ever: at its limit it is put aside as `.1`, in place of the one before. */
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';

const LIMIT_BYTES = 10 * 1024 * 1024;

/** Writes in order and never fails: what a full disk refuses is lost, and the next line tries again. Only the owner may read it. */
export class RotatingFile extends Writable {
  readonly #file: string;
  readonly #limitBytes: number;
  #handle: FileHandle | null = null;
  #bytes = 0;

  constructor(file: string, limitBytes: number = LIMIT_BYTES) {
    super({ decodeStrings: true });
    this.#file = file;
    this.#limitBytes = limitBytes;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#append(chunk).then(done, () => this.#giveUp().then(done, done));
  }

  override _final(done: () => void): void {
    this.#giveUp().then(done, done);
  }

  async #append(chunk: Buffer): Promise<void> {
    if (this.#handle !== null && this.#bytes + chunk.length > this.#limitBytes) {
      await this.#giveUp();
      await rename(this.#file, `${this.#file}.1`);
    }
    if (this.#handle === null) {
      await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      this.#handle = await open(this.#file, 'a', 0o600);
      this.#bytes = (await this.#handle.stat()).size;
    }
    await this.#handle.appendFile(chunk);
    this.#bytes += chunk.length;
  }

  async #giveUp(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }
}
