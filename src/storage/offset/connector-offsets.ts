/**
 * Offsets of one connector that has a topic of its own beside the worker's. Its own topic decides; the worker's is kept up so that the connector
 * can give its topic up again. A reset goes to the worker's first: with the one there and not the other, the old offset would come back.
 * Source: ConnectorOffsetBackingStore (reference 3.3).
 */
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { OffsetEntry, OffsetStore } from './port.ts';

export interface ConnectorOffsetStoreOptions {
  /** Started and stopped with this store. */
  readonly own: OffsetStore;
  /** Of the whole worker: used, neither started nor stopped. */
  readonly worker: OffsetStore;
  readonly log: Log;
}

export class ConnectorOffsetStore implements OffsetStore {
  readonly #own: OffsetStore;
  readonly #worker: OffsetStore;
  readonly #log: Log;

  constructor({ own, worker, log }: ConnectorOffsetStoreOptions) {
    this.#own = own;
    this.#worker = worker;
    this.#log = log;
  }

  start(): Promise<void> {
    return this.#own.start();
  }

  stop(): Promise<void> {
    return this.#own.stop();
  }

  async get(keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    const [own, worker] = await Promise.all([this.#own.get(keys), this.#worker.get(keys)]);
    return keys.map((_, i) => own[i] ?? worker[i] ?? null);
  }

  /** Resolves when they are in the connector's own store (resets: in both). */
  async set(entries: readonly OffsetEntry[]): Promise<void> {
    const resets = entries.filter(({ value }) => value === null);
    const offsets = entries.filter(({ value }) => value !== null);
    if (resets.length > 0) await this.#worker.set(resets);
    await this.#own.set(entries);
    if (offsets.length === 0) return;
    this.#worker.set(offsets).catch((error: unknown) => {
      this.#log.warn(
        `Offsets that are safe in the connector's own topic could not be written to the worker's as well: ${messageOf(error)}`,
      );
    });
  }

  async entries(): Promise<OffsetEntry[]> {
    const [own, worker] = await Promise.all([this.#own.entries(), this.#worker.entries()]);
    const byKey = new Map(worker.map((entry) => [entry.key.toString('latin1'), entry]));
    for (const entry of own) {
      const key = entry.key.toString('latin1');
      if (entry.value !== null || !byKey.has(key)) byKey.set(key, entry);
    }
    return [...byKey.values()];
  }
}
