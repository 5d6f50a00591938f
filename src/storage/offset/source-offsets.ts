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
    return values.map((bytes, i) => (bytes === null ? null : parsed(offsetKey(connector, partitions[i]!), bytes)));
  }

  /** Resolves when they are safe. Of two entries for one partition the later wins. */
  async write(connector: string, offsets: readonly PartitionOffset[]): Promise<void> {
    await this.#store.set(offsets.map(({ partition, offset }) => ({ key: offsetKey(connector, partition), value: offsetValue(offset) })));
  }

  /** Partitions of the connector that have an offset. Rejects when one cannot be read. */
  async list(connector: string): Promise<{ partition: SourcePartition | null; offset: SourceOffset }[]> {
    return (await this.#stored(connector)).map(({ key, partition, value }) => ({ partition, offset: parsed(key, value) }));
  }

  /** The same partitions, also those whose offset cannot be read: all that a reset is to remove. */
  async partitions(connector: string): Promise<(SourcePartition | null)[]> {
    return (await this.#stored(connector)).map(({ partition }) => partition);
  }

  async #stored(connector: string): Promise<{ key: Buffer; partition: SourcePartition | null; value: Buffer }[]> {
    const found: { key: Buffer; partition: SourcePartition | null; value: Buffer }[] = [];
    for (const { key, value } of await this.#store.entries()) {
      if (value === null) continue;
      const owner = parseOffsetKey(key);
      if (owner === null)
        this.#log.warn(`A stored offset has a malformed key and is left out: ${JSON.stringify(key.toString('utf8').slice(0, 80))}`);
      else if (owner.connector === connector) found.push({ key, partition: owner.partition, value });
    }
    return found;
  }
}

function parsed(key: Buffer, value: Buffer): SourceOffset {
  try {
    return parseOffsetValue(value);
  } catch (error) {
    throw new ConnectError(
      `The stored offset of ${key.toString()} cannot be read; stop the connector and reset its offsets, or set that one. ${messageOf(error)}`,
      { cause: error },
    );
  }
}
