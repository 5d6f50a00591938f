/** One partition that a task copies: its records as they are, under the name of the copy. Source: org.apache.kafka.connect.mirror.MirrorSourceTask.convertRecord. */
import type { FetchedRecord, RecordHeader } from '../../../../kafka/contract.ts';
import type { Header, SourcePartition, SourceRecord, TopicPartition } from '../../../../plugin-api/records.ts';
import { BYTES_SCHEMA, OPTIONAL_BYTES_SCHEMA } from '../../../../record/schema-builder.ts';
import type { PartitionFigures } from './partition-figures.ts';
import type { SyncedPartition } from './sync-writer.ts';

export class MirroredPartition implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  readonly remoteTopic: string;
  /** One object for all records: the runtime takes the fast path on identity. */
  readonly sourcePartition: SourcePartition;
  readonly figures: PartitionFigures;
  /** `null`: no offset syncs are written. */
  readonly synced: SyncedPartition | null;

  constructor(
    { topic, partition }: TopicPartition,
    parts: Pick<MirroredPartition, 'remoteTopic' | 'sourcePartition' | 'figures' | 'synced'>,
  ) {
    this.topic = topic;
    this.partition = partition;
    this.remoteTopic = parts.remoteTopic;
    this.sourcePartition = parts.sourcePartition;
    this.figures = parts.figures;
    this.synced = parts.synced;
  }

  /** Key and value are the fetched bytes themselves; they stay as they are. */
  toRecord({ offset, timestampMs, key, value, headers }: FetchedRecord): SourceRecord {
    return {
      topic: this.remoteTopic,
      kafkaPartition: this.partition,
      keySchema: OPTIONAL_BYTES_SCHEMA,
      key,
      valueSchema: BYTES_SCHEMA,
      value,
      timestampMs,
      headers: headers === null ? null : toHeaders(headers),
      sourcePartition: this.sourcePartition,
      sourceOffset: { offset },
    };
  }
}

/** In their order, with duplicates and nulls. */
function toHeaders(headers: readonly RecordHeader[]): Header[] {
  return headers.map(({ key, value }) => ({ key, schema: value === null ? OPTIONAL_BYTES_SCHEMA : BYTES_SCHEMA, value }));
}
