/** Tells that something happened to a path. Raw events: those that are sorted and calmed come 50 ms late. */
import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Clock } from '../../../../base/clock.ts';
import type { Log } from '../../../../base/log.ts';
import { reasonOf } from '../shared/file-fault.ts';

export class FileWatch {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #isOfInterest: () => boolean;
  readonly #watcher: FSWatcher;
  #version = 0;
  #waiter: AbortController | null = null;
  #isErrorLogged = false;

  /** `isOfInterest`: also tell of other files in the folder. */
  constructor(file: string, clock: Clock, log: Log, isOfInterest: () => boolean) {
    this.#file = path.resolve(file);
    this.#clock = clock;
    this.#isOfInterest = isOfInterest;
    this.#watcher = watch(this.#file, { ignoreInitial: true, atomic: false, ignorePermissionErrors: true });
    this.#watcher.on('raw', (_, changed, details) => this.#onRaw(changed, details));
    this.#watcher.on('ready', () => this.wake());
    this.#watcher.on('error', (error) => {
      if (!this.#isErrorLogged) log.warn(`No notification of changes to '${file}' (${reasonOf(error)}): looking at it once a second`);
      this.#isErrorLogged = true;
    });
  }

  /** Grows with every event. */
  get version(): number {
    return this.#version;
  }

  wake(): void {
    this.#version++;
    this.#waiter?.abort();
  }

  /** Resolves when the version is another than `seen`, or after `ms`. */
  async changed(seen: number, ms: number): Promise<void> {
    if (this.#version !== seen) return;
    const waiter = new AbortController();
    this.#waiter = waiter;
    await this.#clock.sleep(ms, waiter.signal);
    this.#waiter = null;
  }

  async close(): Promise<void> {
    await this.#watcher.close();
  }

  #onRaw(changed: string | null, details: unknown): void {
    const isOwn = changed === null || path.basename(changed) === path.basename(this.#file) || watchedPathOf(details) === this.#file;
    if (isOwn || this.#isOfInterest()) this.wake();
  }
}

function watchedPathOf(details: unknown): unknown {
  return typeof details === 'object' && details !== null && 'watchedPath' in details ? details.watchedPath : null;
}
