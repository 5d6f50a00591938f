/**
 * The offsets of one source task that keeps them in a topic beside or in place of the worker's: all tasks with exactly-once support (which write
 * them in their transactions), and those of connectors with `offsets.storage.topic`. Read through the connector's own clients, committed ones only.
 */
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Kafka } from '../kafka/contract.ts';
import type { Config } from '../plugin-api/plugin.ts';
import type { SourceOffset, SourcePartition } from '../plugin-api/records.ts';
import { internalTopic } from '../storage/internal-topic.ts';
import { KafkaOffsetStore } from '../storage/offset/kafka.ts';
import type { OffsetStore } from '../storage/offset/port.ts';
import { SourceOffsets } from '../storage/offset/source-offsets.ts';
import type { TaskOffsets } from '../task/source-offsets.ts';
import type { CommittableOffset } from '../task/submitted-records.ts';
import type { TransactionalOffsets } from '../task/transactional-delivery.ts';
import type { Properties } from './plugin-clients.ts';

/** `null`: the connector has none of its own. */
export function ownOffsetsTopic(connector: Config): string | null {
  return connector['offsets.storage.topic']?.trim() || null;
}

/** The store in `topic`, which is made like the worker's own when it is missing. */
export function offsetStoreIn(
  topic: string,
  worker: Properties,
  kafka: Pick<Kafka, 'admin' | 'topicLog'>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): OffsetStore {
  return new KafkaOffsetStore({
    kafka,
    topic: internalTopic('offset', { ...worker, 'offset.storage.topic': topic }, log),
    isolationLevel: 'read_committed',
    clock,
    log,
  });
}

export interface ConnectorOffsetsParts {
  readonly connector: string;
  readonly topic: string;
  readonly own: OffsetStore;
  /** The worker's, when that is another; it answers where there is nothing here. */
  readonly worker: TaskOffsets | null;
  readonly log: Log;
}

export class ConnectorOffsets implements TransactionalOffsets, TaskOffsets {
  readonly topic: string;
  readonly #parts: ConnectorOffsetsParts;
  readonly #own: SourceOffsets;

  constructor(parts: ConnectorOffsetsParts) {
    this.topic = parts.topic;
    this.#parts = parts;
    this.#own = new SourceOffsets(parts.own, parts.log);
  }

  start(): Promise<void> {
    return this.#parts.own.start();
  }

  stop(): Promise<void> {
    return this.#parts.own.stop();
  }

  async read(partitions: readonly SourcePartition[]): Promise<(SourceOffset | null)[]> {
    const { connector, worker } = this.#parts;
    const found = await this.#own.read(connector, partitions);
    if (!worker || found.every((offset) => offset !== null)) return found;
    const others = await worker.read(partitions);
    return found.map((offset, i) => offset ?? others[i] ?? null);
  }

  /** Outside of a transaction. */
  async write(offsets: readonly CommittableOffset[]): Promise<void> {
    await this.#own.write(this.#parts.connector, offsets);
    this.committed(offsets);
  }

  committed(offsets: readonly CommittableOffset[]): void {
    const { worker, topic, log } = this.#parts;
    if (!worker || offsets.length === 0) return;
    worker.write(offsets).catch((error: unknown) => {
      log.warn(`Offsets that are safe in topic "${topic}" could not be written to the worker's as well: ${messageOf(error)}`);
    });
  }
}
