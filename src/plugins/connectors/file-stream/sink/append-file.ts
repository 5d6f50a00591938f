/**
 * A file that grows at its end. When its path names another file (log rotation) or none (deleted), a new one is opened before the next
 * batch. A batch is written as a whole or taken back, so a full disk leaves neither half a line nor, after the retry, a line twice.
 */
import { type BigIntStats, constants, statfsSync, statSync, writeSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Clock } from '../../../../base/clock.ts';
import { ConnectError, errorCodeOf } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import { reasonOf } from '../shared/file-fault.ts';
import type { LineOutput } from './line-output.ts';

/** A pipe or terminal that takes no more now is asked again after this time. */
const BUSY_WAIT_MS = 5;
/**
 * File systems whose writes only copy into the page cache (Linux magic numbers of ext, XFS, Btrfs, tmpfs, overlay, ZFS, F2FS). On them a
 * call costs less than handing it to another thread and waiting, which with batches of 500 records is most of what a sink does. All
 * others (NFS, CIFS, FUSE, pipes) may hang, and must not hang the thread with them.
 */
const LOCAL_FILE_SYSTEMS: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1, 0xf2f52010]);
// Without O_NONBLOCK, opening a named pipe that nobody reads never ends.
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

export class AppendFile implements LineOutput {
  readonly name: string;
  readonly #clock: Clock;
  readonly #log: Log;
  #handle: FileHandle;
  #identity: Identity;
  /** At the last `prepare`. */
  #sizeBytes = 0n;
  #appendedBytes = 0n;

  private constructor(path: string, clock: Clock, log: Log, opened: Opened) {
    this.name = path;
    this.#clock = clock;
    this.#log = log;
    this.#handle = opened.handle;
    this.#identity = opened.identity;
  }

  /** Throws ConnectError that names the file, with the cause. */
  static async open(path: string, clock: Clock, log: Log): Promise<AppendFile> {
    return new AppendFile(path, clock, log, await openForAppending(path));
  }

  async prepare(): Promise<void> {
    this.#appendedBytes = 0n;
    const stats = await this.#statByName();
    if (stats && stats.ino === this.#identity.ino && stats.dev === this.#identity.dev) {
      this.#sizeBytes = stats.size;
      return;
    }
    const opened = await openForAppending(this.name);
    await this.close();
    this.#handle = opened.handle;
    this.#identity = opened.identity;
    this.#sizeBytes = (await opened.handle.stat({ bigint: true })).size;
    this.#log.info(`'${this.name}' was ${stats ? 'replaced' : 'moved or deleted'}: writing to the file that has the name now`);
  }

  async #statByName(): Promise<BigIntStats | null> {
    try {
      return this.#identity.isLocal ? statSync(this.name, { bigint: true }) : await stat(this.name, { bigint: true });
    } catch {
      return null;
    }
  }

  async append(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      try {
        const bytesWritten = this.#identity.isLocal
          ? writeSync(this.#handle.fd, bytes, at)
          : (await this.#handle.write(bytes, at)).bytesWritten;
        at += bytesWritten;
        this.#appendedBytes += BigInt(bytesWritten);
      } catch (error) {
        if (errorCodeOf(error) !== 'EAGAIN') throw error;
        await this.#clock.sleep(BUSY_WAIT_MS);
      }
    }
  }

  async rollBack(): Promise<boolean> {
    if (this.#appendedBytes === 0n) return true;
    if (!this.#identity.isRegular) return false;
    const { size } = await this.#handle.stat({ bigint: true });
    // Somebody else's lines lie behind ours.
    if (size !== this.#sizeBytes + this.#appendedBytes) return false;
    await this.#handle.truncate(Number(this.#sizeBytes));
    this.#appendedBytes = 0n;
    return true;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly isRegular: boolean;
  readonly isLocal: boolean;
}

interface Opened {
  readonly handle: FileHandle;
  readonly identity: Identity;
}

async function openForAppending(path: string): Promise<Opened> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, FLAGS, 0o666);
    const stats = await handle.stat({ bigint: true });
    const isRegular = stats.isFile();
    return { handle, identity: { dev: stats.dev, ino: stats.ino, isRegular, isLocal: isRegular && isOnLocalDisk(path) } };
  } catch (error) {
    await handle?.close();
    throw new ConnectError(`Couldn't find or create file '${path}' for FileStreamSinkTask`, {
      cause: new ConnectError(
        `Cannot open '${path}' for writing: ${reasonOf(error)}. Mend that and restart the task, or set another file.`,
        { cause: error },
      ),
    });
  }
}

/** False also when the file has lost its name already. */
function isOnLocalDisk(path: string): boolean {
  try {
    return LOCAL_FILE_SYSTEMS.has(statfsSync(path).type);
  } catch {
    return false;
  }
}
