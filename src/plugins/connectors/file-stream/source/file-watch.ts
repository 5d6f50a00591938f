/**
 * Tells that something happened to a path. Raw events: those that are sorted and calmed come 50 ms late. An event costs about 0.3 ms of CPU,
 * so a file that is written to all the time is looked at every few milliseconds instead, until it is quiet again.
 */

import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { NOT_NEEDED } from '../../../../base/abort.ts';
import type { Clock } from '../../../../base/clock.ts';
import type { Log } from '../../../../base/log.ts';
import { reasonOf } from '../shared/file-fault.ts';

/** Reads with data in one window, from which on a file is busy; and below which it is quiet again. */
const BUSY_READS = 150;
const QUIET_READS = 60;
const WINDOW_MS = 1_000;
/** How often a busy file is looked at. */
const BUSY_TICK_MS = 8;

export class FileWatch {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #isOfInterest: () => boolean;
  /** Null while the file is busy. */
  #watcher: FSWatcher | null;
  #closing: Promise<void> = Promise.resolve();
  #version = 0;
  #waiter: AbortController | null = null;
  #isErrorLogged = false;
  #windowStartMs: number;
  #reads = 0;

  /** `isOfInterest`: also tell of other files in the folder. */
  constructor(file: string, clock: Clock, log: Log, isOfInterest: () => boolean) {
    this.#file = path.resolve(file);
    this.#clock = clock;
    this.#log = log;
    this.#isOfInterest = isOfInterest;
    this.#watcher = this.#open();
    this.#windowStartMs = clock.monoMs();
  }

  /** Grows with every event. */
  get version(): number {
    return this.#version;
  }

  /** There are no events now. */
  get isBusy(): boolean {
    return this.#watcher === null;
  }

  wake(): void {
    this.#version++;
    this.#waiter?.abort(NOT_NEEDED);
  }

  /** The file had new data. */
  noteData(): void {
    this.#reads++;
    this.#choose();
  }

  /** Resolves when the version is another than `seen`, or after `ms`, or in a moment when the file is busy. */
  async changed(seen: number, ms: number): Promise<void> {
    this.#choose();
    if (this.#version !== seen) return;
    const waiter = new AbortController();
    this.#waiter = waiter;
    await this.#clock.sleep(this.isBusy ? Math.min(ms, BUSY_TICK_MS) : ms, waiter.signal);
    this.#waiter = null;
  }

  async close(): Promise<void> {
    this.#suspend();
    await this.#closing;
  }

  /** Events or looking again and again, by what the last window brought. */
  #choose(): void {
    const nowMs = this.#clock.monoMs();
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      if (this.isBusy && this.#reads < QUIET_READS) this.#watcher = this.#open();
      this.#windowStartMs = nowMs;
      this.#reads = 0;
    } else if (!this.isBusy && this.#reads >= BUSY_READS) this.#suspend();
  }

  #suspend(): void {
    const watcher = this.#watcher;
    this.#watcher = null;
    if (watcher) this.#closing = Promise.all([this.#closing, watcher.close()]).then(() => undefined);
  }

  #open(): FSWatcher {
    const watcher = watch(this.#file, { ignoreInitial: true, atomic: false, ignorePermissionErrors: true });
    watcher.on('raw', (_, changed, details) => this.#onRaw(changed, details));
    // What happened before it was ready shows with a look.
    watcher.on('ready', () => this.wake());
    watcher.on('error', (error) => {
      if (!this.#isErrorLogged)
        this.#log.warn(`No notification of changes to '${this.#file}' (${reasonOf(error)}): looking at it once a second`);
      this.#isErrorLogged = true;
    });
    return watcher;
  }

  #onRaw(changed: string | null, details: unknown): void {
    const isOwn = changed === null || path.basename(changed) === path.basename(this.#file) || watchedPathOf(details) === this.#file;
    if (isOwn || this.#isOfInterest()) this.wake();
  }
}

function watchedPathOf(details: unknown): unknown {
  return typeof details === 'object' && details !== null && 'watchedPath' in details ? details.watchedPath : null;
}
