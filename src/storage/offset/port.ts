/**
 * Where source offsets are kept, as bytes by key. Keys and values are the JSON that Apache Kafka Connect writes (`offset-json.ts`): look-ups
 * and topic compaction work on bytes, so equal partitions must have equal bytes. Source: OffsetBackingStore.
 */
export interface OffsetEntry {
  readonly key: Buffer;
  /** `null`: reset; the key stays known. */
  readonly value: Buffer | null;
}

export interface OffsetStore {
  /** Reads what is stored; rejects with an error that names the place when that cannot be read. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** In the order of `keys`; `null` where nothing is stored. */
  get(keys: readonly Buffer[]): Promise<(Buffer | null)[]>;
  /** Resolves when all entries would survive a crash; rejects when none is certain to. */
  set(entries: readonly OffsetEntry[]): Promise<void>;
  /** Everything that is stored, resets included. */
  entries(): Promise<OffsetEntry[]>;
}
