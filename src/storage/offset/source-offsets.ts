/** Source offsets by connector and partition, over a store of bytes. Source: OffsetStorageReaderImpl, OffsetStorageWriter, OffsetUtils. */
import { ConnectError, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { SourceOffset, SourcePartition } from '../../plugin-api/records.ts';
import { offsetKey, offsetValue, parseOffsetKey, parseOffsetValue } from './offset-json.ts';
import type { OffsetStore } from './port.ts';

export interface PartitionOffset {
  readonly partition: SourcePartition | null;
  /** `null`: reset. */
  readonly offset: SourceOffset | null;
}

export class SourceOffsets {
  readonly #store: OffsetStore;
  readonly #log: Log;

  constructor(store: OffsetStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  /** Offsets of these partitions in order, `null` where there is none. Rejects when one cannot be read: starting over would be wrong. */
  async read(connector: string, partitions: readonly SourcePartition[]): Promise<(SourceOffset | null)[]> {
    const values = await this.#store.get(partitions.map((p) => offsetKey(connector, p)));
    return values.map((bytes, i) => {
      if (bytes === null) return null;
      try {
        return parseOffsetValue(bytes);
      } catch (error) {
        const key = offsetKey(connector, partitions[i]!).toString();
        throw new ConnectError(`The stored offset of ${key} cannot be read: ${messageOf(error)}`, { cause: error });
      }
    });
  }

  /** Resolves when they are safe. Of two entries for one partition the later wins. */
  async write(connector: string, offsets: readonly PartitionOffset[]): Promise<void> {
    await this.#store.set(offsets.map(({ partition, offset }) => ({ key: offsetKey(connector, partition), value: offsetValue(offset) })));
  }

  /** Partitions of the connector that have an offset. */
  async list(connector: string): Promise<{ partition: SourcePartition | null; offset: SourceOffset }[]> {
    const found: { partition: SourcePartition | null; offset: SourceOffset }[] = [];
    for (const { key, value } of await this.#store.entries()) {
      if (value === null) continue;
      const parsed = parseOffsetKey(key);
      if (parsed === null)
        this.#log.warn(`A stored offset has a malformed key and is left out: ${JSON.stringify(key.toString('utf8').slice(0, 80))}`);
      else if (parsed.connector === connector) found.push({ partition: parsed.partition, offset: parseOffsetValue(value) });
    }
    return found;
  }
}
