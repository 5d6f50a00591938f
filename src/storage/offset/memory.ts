import type { OffsetEntry, OffsetStore } from './port.ts';

/** Offsets that last as long as the process; base of the file store. */
export class MemoryOffsetStore implements OffsetStore {
  /** By the key's bytes as a latin-1 string, which keeps every byte. */
  readonly #entries = new Map<string, OffsetEntry>();

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async get(keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    return keys.map((key) => this.#entries.get(key.toString('latin1'))?.value ?? null);
  }

  async set(entries: readonly OffsetEntry[]): Promise<void> {
    for (const entry of entries) this.#entries.set(entry.key.toString('latin1'), entry);
  }

  async entries(): Promise<OffsetEntry[]> {
    return [...this.#entries.values()];
  }
}
