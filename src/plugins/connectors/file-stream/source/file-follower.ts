/**
 * Follows what a path names, through everything that log rotation does to it.
 *
 * | what happens to the file               | what is read                                                             |
 * |----------------------------------------|--------------------------------------------------------------------------|
 * | renamed or deleted, and created again  | the old file to its end, then the new one from 0                         |
 * | symbolic link points elsewhere         | the same                                                                 |
 * | renamed, nothing in its place          | the old file, on and on                                                  |
 * | deleted, nothing in its place          | the old file; once it is quiet it is closed, and a new one is waited for |
 * | truncated (copytruncate)               | from 0; the log says that lines may be lost                              |
 * | truncated and already longer again     | from 0: its first bytes are others                                       |
 * | stored position behind its end         | from 0; the log says so                                                  |
 * | not there                              | waits; the log says so once a minute                                     |
 *
 * The old file stays open until the new one is used, so the system cannot give its inode number to another file.
 */
import { type BigIntStats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Clock } from '../../../../base/clock.ts';
import { ConnectError, errorCodeOf } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import { reasonOf } from '../shared/file-fault.ts';
import type { ReadResult } from './byte-input.ts';
import { OpenFile } from './open-file.ts';

/** How often the path is looked at, notified or not. */
const RECHECK_MS = 1_000;
/** A program may write to the old file for a moment after the new one is there: so long it must be quiet before it is left. */
const QUIET_MS = 500;
/** A deleted file that is quiet for so long is closed, which frees its disk space. */
const DELETED_QUIET_MS = 10_000;
const MISSING_LOG_MS = 60_000;

const NOTHING: ReadResult = { kind: 'nothing', recheckMs: RECHECK_MS };

export interface FileFollowerParts {
  /** As configured. */
  readonly file: string;
  readonly startPosition: number;
  readonly maxLineBytes: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly open?: (path: string) => Promise<OpenFile>;
}

export class FileFollower {
  readonly #parts: FileFollowerParts;
  readonly #open: (path: string) => Promise<OpenFile>;
  /** The file that is read, then those that took its place, in order. */
  #files: OpenFile[] = [];
  #startPosition: number;
  #lastDataMs = 0;
  #lastLookMs = 0;
  #replacedMs = 0;
  #missingLoggedMs = Number.NEGATIVE_INFINITY;
  #isGone = false;
  /** Why the file that took the place of the open one cannot be opened. */
  #successorError: unknown = null;

  constructor(parts: FileFollowerParts) {
    this.#parts = parts;
    this.#open = parts.open ?? OpenFile.open;
    this.#startPosition = parts.startPosition;
  }

  /** The open file is the one at the path, as far as is known. */
  get isSettled(): boolean {
    return this.#files.length === 1 && !this.#isGone && this.#successorError === null;
  }

  /** `isHot`: see OpenFile. At the end of the file, path and size are not looked at again within `lookAgainMs`. */
  async read(buffer: Buffer, isHot = false, lookAgainMs = 0): Promise<ReadResult> {
    const file = this.#files[0];
    if (!file) return this.#openFirst();
    file.isHot = isHot;
    try {
      return await this.#readFrom(file, buffer, lookAgainMs);
    } catch (error) {
      if (!(error instanceof ConnectError) || errorCodeOf(error.cause) !== 'ESTALE') throw error;
      this.#parts.log.warn(`${error.message} Opening it again.`);
      this.#startPosition = file.position;
      await this.close();
      return NOTHING;
    }
  }

  async close(): Promise<void> {
    const files = this.#files;
    this.#files = [];
    // What cannot be closed any more needs no closing.
    await Promise.allSettled(files.map((file) => file.close()));
  }

  async #readFrom(file: OpenFile, buffer: Buffer, lookAgainMs: number): Promise<ReadResult> {
    const nowMs = this.#parts.clock.monoMs();
    const count = await file.read(buffer);
    if (count > 0) {
      if (!(await file.isHeadIntact())) return this.#startAgain(file, 'has other content than before: it was truncated and written again');
      file.accept(buffer, count);
      this.#lastDataMs = nowMs;
      if (nowMs - this.#lastLookMs >= RECHECK_MS) await this.#look();
      return { kind: 'data', count };
    }
    if (this.isSettled && nowMs - this.#lastLookMs < lookAgainMs) return NOTHING;
    const { sizeBytes, isDeleted } = await file.stats();
    if (sizeBytes < file.position) return this.#startAgain(file, `was truncated from ${file.position} bytes or more to ${sizeBytes}`);
    await this.#look();
    const quietMs = nowMs - Math.max(this.#lastDataMs, this.#replacedMs);
    if (this.#files.length > 1) return this.#leave(quietMs);
    if (this.#successorError !== null && quietMs >= QUIET_MS) throw this.#openError(this.#successorError);
    if (this.#isGone && isDeleted && quietMs >= DELETED_QUIET_MS) return this.#letGo();
    return this.isSettled ? NOTHING : { kind: 'nothing', recheckMs: QUIET_MS };
  }

  async #openFirst(): Promise<ReadResult> {
    const { file: path, log, maxLineBytes } = this.#parts;
    let file: OpenFile;
    try {
      file = await this.#open(path);
    } catch (error) {
      if (errorCodeOf(error) !== 'ENOENT') throw this.#openError(error);
      this.#logMissing();
      return NOTHING;
    }
    this.#files = [file];
    this.#isGone = false;
    this.#missingLoggedMs = Number.NEGATIVE_INFINITY;
    const stored = this.#startPosition;
    this.#startPosition = 0;
    const { sizeBytes } = await file.stats();
    let position = stored;
    if (stored > sizeBytes) {
      log.warn(
        `'${path}' has ${sizeBytes} bytes, but the stored position is ${stored}: it was truncated or replaced while nobody read it. ` +
          'Reading it from its start; lines that were added to the former file may be lost.',
      );
      position = 0;
    } else if (stored > 0) {
      position = await file.lineStart(stored, maxLineBytes);
      if (position !== stored) {
        log.warn(
          `The stored position ${stored} of '${path}' lies inside a line: reading from the start of that line, ${position}. The position was ` +
            'stored for other content, or by a worker that counts characters instead of bytes.',
        );
      }
    }
    await file.seek(position);
    this.#lastDataMs = this.#parts.clock.monoMs();
    log.info(`Opened '${path}' for reading from byte ${position} of ${sizeBytes}`);
    return { kind: 'moved', position, isEnded: false };
  }

  /** Looks at what the path names now; opens it when it is another file than before. */
  async #look(): Promise<void> {
    const { file: path, log, clock } = this.#parts;
    this.#lastLookMs = clock.monoMs();
    let stats: BigIntStats;
    try {
      stats = this.#files[0]?.isHot ? statSync(path, { bigint: true }) : await stat(path, { bigint: true });
    } catch (error) {
      if (!this.#isGone) log.info(`'${path}' is not there any more (${reasonOf(error)}): following the open file until there is one again`);
      this.#isGone = true;
      return;
    }
    if (this.#files.at(-1)?.isSameFile(stats)) {
      this.#isGone = false;
      this.#successorError = null;
      return;
    }
    if (this.#files.length === 1 && this.#successorError === null) this.#replacedMs = this.#lastLookMs;
    try {
      const successor = await this.#open(path);
      this.#successorError = null;
      this.#isGone = false;
      this.#files.push(successor);
      log.info(`'${path}' names another file now: reading the former one to its end, then the new one from its start`);
    } catch (error) {
      // It may be half made: whoever makes it gets the time that the old file gets.
      this.#successorError = errorCodeOf(error) === 'ENOENT' ? null : error;
    }
  }

  /** The file is at its end and has a successor. */
  async #leave(quietMs: number): Promise<ReadResult> {
    const [file, next] = this.#files;
    const isNextUsed = this.#files.length > 2 || (await next!.stats()).sizeBytes > 0;
    if (!isNextUsed) return NOTHING;
    if (quietMs < QUIET_MS) return { kind: 'nothing', recheckMs: QUIET_MS - quietMs };
    this.#files.shift();
    await file!.close();
    this.#parts.log.info(`Read the former '${this.#parts.file}' to its end at byte ${file!.position}; going on with the new one`);
    return { kind: 'moved', position: 0, isEnded: true };
  }

  async #letGo(): Promise<ReadResult> {
    await this.close();
    this.#logMissing();
    return { kind: 'moved', position: 0, isEnded: true };
  }

  async #startAgain(file: OpenFile, what: string): Promise<ReadResult> {
    this.#parts.log.warn(
      `'${this.#parts.file}' ${what}. Reading it from its start; lines that were added after the last read (byte ${file.position}) and before that may be lost.`,
    );
    await file.seek(0);
    return { kind: 'moved', position: 0, isEnded: false };
  }

  #logMissing(): void {
    const { file, log, clock } = this.#parts;
    const nowMs = clock.monoMs();
    if (nowMs - this.#missingLoggedMs < MISSING_LOG_MS) return;
    this.#missingLoggedMs = nowMs;
    log.warn(`Couldn't find file '${file}' for FileStreamSourceTask, waiting for it to be created`);
  }

  #openError(error: unknown): ConnectError {
    if (error instanceof ConnectError) return error;
    return new ConnectError(
      `Cannot open '${this.#parts.file}' for FileStreamSourceTask: ${reasonOf(error)}. Mend that and restart the task, or set another file.`,
      { cause: error },
    );
  }
}
