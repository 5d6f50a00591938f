/** A followed file with notification of its changes. */
import type { Clock } from '../../../../base/clock.ts';
import type { Log } from '../../../../base/log.ts';
import type { ByteInput, ReadResult } from './byte-input.ts';
import { FileFollower } from './file-follower.ts';
import { FileWatch } from './file-watch.ts';

export interface FileInputParts {
  readonly file: string;
  readonly startPosition: number;
  readonly maxLineBytes: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export class FileInput implements ByteInput {
  readonly #follower: FileFollower;
  readonly #watch: FileWatch;
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.#watch.wake();
  #versionRead = 0;

  constructor(parts: FileInputParts) {
    const follower = new FileFollower(parts);
    this.#follower = follower;
    this.#watch = new FileWatch(parts.file, parts.clock, parts.log, () => !follower.isSettled);
    this.#signal = parts.signal;
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  read(buffer: Buffer): Promise<ReadResult> {
    this.#versionRead = this.#watch.version;
    return this.#follower.read(buffer);
  }

  async changed(ms: number): Promise<void> {
    if (!this.#signal.aborted) await this.#watch.changed(this.#versionRead, ms);
  }

  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    await Promise.all([this.#watch.close(), this.#follower.close()]);
  }
}
