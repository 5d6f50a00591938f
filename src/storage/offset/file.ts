/**
 * Offsets in a file of Apache Kafka Connect's own format (`java-map.ts`), readable by a JVM worker and from one. The file is replaced
 * whole: written beside, fsynced, renamed; a crash or a full disk leaves the old one. Writes that come while one is under way share the next.
 * A missing or empty file means no offsets; one that cannot be read is an error, because starting over would send everything again.
 */
import { access, constants, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConnectError, errorCodeOf, messageOf } from '../../base/errors.ts';
import { replaceFile } from '../../base/replace-file.ts';
import { parseJavaMap, serializeJavaMap } from './java-map.ts';
import { MemoryOffsetStore } from './memory.ts';
import type { OffsetEntry, OffsetStore } from './port.ts';

const SETTING = 'offset.storage.file.filename';

export class FileOffsetStore implements OffsetStore {
  readonly #given: string;
  readonly #memory = new MemoryOffsetStore();
  /** The file behind links, so that a link stays a link. */
  #file: string;
  #writing: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(file: string) {
    this.#given = file;
    this.#file = path.resolve(file);
  }

  async start(): Promise<void> {
    await this.#checkFolder();
    let bytes: Buffer;
    try {
      this.#file = await realpath(this.#file);
      bytes = await readFile(this.#file);
    } catch (error) {
      if (errorCodeOf(error) === 'ENOENT') return;
      throw new ConnectError(
        `Cannot read the offset file ${this.#given} (${SETTING}): ${messageOf(error)}. Mend that, or name another file.`,
        { cause: error },
      );
    }
    if (bytes.length === 0) return;
    await this.#memory.set(this.#parse(bytes));
  }

  async stop(): Promise<void> {
    await (this.#next ?? this.#writing);
  }

  get(keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    return this.#memory.get(keys);
  }

  entries(): Promise<OffsetEntry[]> {
    return this.#memory.entries();
  }

  async set(entries: readonly OffsetEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#memory.set(entries);
    await this.#save();
  }

  #parse(bytes: Buffer): OffsetEntry[] {
    try {
      return parseJavaMap(bytes);
    } catch (error) {
      throw new ConnectError(
        `The offset file ${this.#given} (${SETTING}) cannot be read: ${messageOf(error)} Restore it from a copy, or move it away to start without offsets: every source then begins anew.`,
        { cause: error },
      );
    }
  }

  /** Everything that is known at the time of writing, the caller's entries included. */
  #save(): Promise<void> {
    if (this.#writing === null) return this.#write();
    this.#next ??= this.#writing.then(
      () => this.#write(),
      () => this.#write(),
    );
    return this.#next;
  }

  #write(): Promise<void> {
    this.#next = null;
    const mine = this.#writeNow().finally(() => {
      if (this.#writing === mine) this.#writing = null;
    });
    this.#writing = mine;
    return mine;
  }

  async #writeNow(): Promise<void> {
    const bytes = serializeJavaMap(await this.#memory.entries());
    try {
      await replaceFile(this.#file, bytes, await modeOf(this.#file));
    } catch (error) {
      throw new ConnectError(
        `Cannot write the offset file ${this.#given} (${SETTING}): ${messageOf(error)}. The old one is untouched; make room for the new one or correct its permissions.`,
        {
          cause: error,
        },
      );
    }
  }

  async #checkFolder(): Promise<void> {
    const folder = path.dirname(this.#file);
    try {
      await access(folder, constants.W_OK | constants.X_OK);
    } catch (error) {
      const problem = errorCodeOf(error) === 'ENOENT' ? 'does not exist; make it' : 'cannot be written to; change its permissions';
      throw new ConnectError(`The folder ${folder} of the offset file (${SETTING}) ${problem}, or name another file.`, { cause: error });
    }
  }
}

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch {
    return 0o644;
  }
}
