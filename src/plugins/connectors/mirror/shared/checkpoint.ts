/**
 * Where a group goes on downstream. Key: group, topic (downstream), partition. Value: version 0, the group's offset upstream, the one to go on
 * from downstream, the text that the group has committed with it. Source: org.apache.kafka.connect.mirror.Checkpoint (KIP-382).
 */
import type { TopicPartition } from '../../../../plugin-api/records.ts';
import { readRecordBytes, readText, readVersion, recordBytes, writeText } from './record-bytes.ts';

/** `topic` is the name downstream. */
export interface Checkpoint extends TopicPartition {
  readonly group: string;
  readonly upstreamOffset: bigint;
  readonly downstreamOffset: bigint;
  readonly metadata: string;
}

export function checkpointKey({ group, topic, partition }: Pick<Checkpoint, 'group' | 'topic' | 'partition'>): Buffer {
  return recordBytes((writer) => {
    writeText(writer, group);
    writeText(writer, topic);
    writer.int32(partition);
  });
}

export function checkpointValue(checkpoint: Pick<Checkpoint, 'upstreamOffset' | 'downstreamOffset' | 'metadata'>): Buffer {
  return recordBytes((writer) => {
    writer.int16(0);
    writer.int64(checkpoint.upstreamOffset);
    writer.int64(checkpoint.downstreamOffset);
    writeText(writer, checkpoint.metadata);
  });
}

/** Throws MirrorRecordError. */
export function decodeCheckpoint(key: Uint8Array | null, value: Uint8Array | null): Checkpoint {
  const place = readRecordBytes('key of a checkpoint', key, (reader) => ({
    group: readText(reader),
    topic: readText(reader),
    partition: reader.int32(),
  }));
  const facts = readRecordBytes('value of a checkpoint', value, (reader) => {
    readVersion(reader, 'value of a checkpoint');
    return { upstreamOffset: reader.int64(), downstreamOffset: reader.int64(), metadata: readText(reader) };
  });
  return { ...place, ...facts };
}
