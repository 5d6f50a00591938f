/** A followed file with notification of its changes. */
import type { Clock } from '../../../../base/clock.ts';
import type { Log } from '../../../../base/log.ts';
import type { ByteInput, ReadResult } from './byte-input.ts';
import { FileFollower } from './file-follower.ts';
import { FileWatch } from './file-watch.ts';

/** A look at the path and the size of the file waits so long while data keeps coming. */
const LOOK_MS = 100;

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
  /** The last read came to the end of the file. */
  #isAtEnd = false;
  /** The file was read to its end, and is read as it grows. */
  #isFollowing = false;

  constructor(parts: FileInputParts) {
    const follower = new FileFollower(parts);
    this.#follower = follower;
    this.#watch = new FileWatch(parts.file, parts.clock, parts.log, () => !follower.isSettled);
    this.#signal = parts.signal;
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  async read(buffer: Buffer): Promise<ReadResult> {
    const watch = this.#watch;
    // Nothing was notified since the file was read to its end: no need to ask again, but for a proper look when it stays quiet.
    if (this.#isAtEnd && !watch.isBusy && watch.version === this.#versionRead) {
      this.#isAtEnd = false;
      return { kind: 'nothing', recheckMs: LOOK_MS };
    }
    // Where something was notified or comes all the time, and all that was there is read, what is new is in memory.
    const isHot = this.#isFollowing && (watch.isBusy || watch.version !== this.#versionRead);
    this.#versionRead = watch.version;
    const result = await this.#follower.read(buffer, isHot, watch.isBusy ? LOOK_MS : 0);
    if (result.kind !== 'nothing') this.#isFollowing = result.kind === 'data' && result.count < buffer.length;
    this.#isAtEnd = result.kind === 'data' && result.count < buffer.length;
    if (result.kind === 'data') watch.noteData();
    return result;
  }

  async changed(ms: number): Promise<void> {
    if (!this.#signal.aborted) await this.#watch.changed(this.#versionRead, ms);
  }

  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    await Promise.all([this.#watch.close(), this.#follower.close()]);
  }
}
