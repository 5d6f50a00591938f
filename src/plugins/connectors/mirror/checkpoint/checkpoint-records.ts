/** Checkpoints as records of the topic of checkpoints. Source: org.apache.kafka.connect.mirror.MirrorCheckpointTask.checkpointRecord. */
import { partitionKey } from '../../../../kafka/partition-key.ts';
import type { SourcePartition, SourceRecord } from '../../../../plugin-api/records.ts';
import { BYTES_SCHEMA } from '../../../../record/schema-builder.ts';
import { type Checkpoint, checkpointKey, checkpointValue } from '../shared/checkpoint.ts';

/** What is stored for each: it is never read. */
const NO_OFFSET = { offset: 0 };

export class CheckpointRecords {
  readonly #topic: string;
  readonly #partitions = new Map<string, SourcePartition>();

  constructor(topic: string) {
    this.#topic = topic;
  }

  /** Throws MirrorRecordError for names or metadata that are too long. */
  of(checkpoint: Checkpoint, timestampMs: number): SourceRecord {
    return {
      topic: this.#topic,
      kafkaPartition: 0,
      keySchema: BYTES_SCHEMA,
      key: checkpointKey(checkpoint),
      valueSchema: BYTES_SCHEMA,
      value: checkpointValue(checkpoint),
      timestampMs,
      headers: null,
      sourcePartition: this.#partitionOf(checkpoint),
      sourceOffset: NO_OFFSET,
    };
  }

  /** One object for all records of a partition. The order of its keys is that of the original's stored texts. */
  #partitionOf({ group, topic, partition }: Checkpoint): SourcePartition {
    const key = `${partitionKey({ topic, partition })} ${group}`;
    const known = this.#partitions.get(key);
    if (known) return known;
    const made = { partition, topic, group };
    this.#partitions.set(key, made);
    return made;
  }
}
