/**
 * The offsets topic of a cluster, or of one connector. A look-up first reads to the end, since another worker may have written last. A crash
 * leaves some of the offsets of one `set` or none: sources then send again what they had sent. Source: KafkaOffsetBackingStore (reference 3.3).
 */
import { DataError } from '../../base/errors.ts';
import type { FetchedRecord } from '../../kafka/contract.ts';
import { InternalLog, type InternalLogOptions } from '../internal-log.ts';
import { kafkaFault } from '../kafka-fault.ts';
import { readFields } from '../record-fields.ts';
import { MemoryOffsetStore } from './memory.ts';
import { checkPrimitive, parseOffsetKey } from './offset-json.ts';
import type { OffsetEntry, OffsetStore } from './port.ts';

export class KafkaOffsetStore implements OffsetStore {
  readonly #options: InternalLogOptions;
  readonly #topic: InternalLog;
  readonly #memory = new MemoryOffsetStore();

  constructor(options: InternalLogOptions) {
    this.#options = options;
    this.#topic = new InternalLog(options);
  }

  start(): Promise<void> {
    return this.#topic.start((record) => this.#read(record));
  }

  stop(): Promise<void> {
    return this.#topic.stop();
  }

  async get(keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    await this.#topic.readToEnd();
    return this.#memory.get(keys);
  }

  async set(entries: readonly OffsetEntry[]): Promise<void> {
    try {
      await Promise.all(entries.map(({ key, value }) => this.#topic.send(key, value)));
    } catch (error) {
      throw kafkaFault(error, `Cannot write source offsets to topic "${this.#options.topic.name}"`);
    }
  }

  async entries(): Promise<OffsetEntry[]> {
    await this.#topic.readToEnd();
    return this.#memory.entries();
  }

  #read({ key, value }: FetchedRecord): void {
    if (key === null || parseOffsetKey(key) === null) throw new DataError('its key is no ["connector",{partition}]');
    // The offset before it still holds: what was sent after that is sent again.
    if (value !== null) checkPrimitive(readFields(value));
    // The bytes lie among those of other records.
    void this.#memory.set([{ key: Buffer.from(key), value: value === null ? null : Buffer.from(value) }]);
  }
}
