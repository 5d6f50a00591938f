/**
 * That a record lies at one offset upstream and at another downstream: what the source tasks tell and the checkpoint tasks translate with.
 * Key: topic (upstream), partition. Value: both offsets, without a version. Source: org.apache.kafka.connect.mirror.OffsetSync (KIP-382).
 */
import type { TopicPartition } from '../../../../plugin-api/records.ts';
import { readRecordBytes, readText, recordBytes, writeText } from './record-bytes.ts';

/** `topic` is the name upstream. */
export interface OffsetSync extends TopicPartition {
  readonly upstreamOffset: bigint;
  readonly downstreamOffset: bigint;
}

export function offsetSyncKey({ topic, partition }: TopicPartition): Buffer {
  return recordBytes((writer) => {
    writeText(writer, topic);
    writer.int32(partition);
  });
}

export function offsetSyncValue({ upstreamOffset, downstreamOffset }: Pick<OffsetSync, 'upstreamOffset' | 'downstreamOffset'>): Buffer {
  return recordBytes((writer) => {
    writer.int64(upstreamOffset);
    writer.int64(downstreamOffset);
  });
}

/** Throws MirrorRecordError. */
export function decodeOffsetSync(key: Uint8Array | null, value: Uint8Array | null): OffsetSync {
  const place = readRecordBytes('key of an offset sync', key, (reader) => ({ topic: readText(reader), partition: reader.int32() }));
  const offsets = readRecordBytes('value of an offset sync', value, (reader) => ({
    upstreamOffset: reader.int64(),
    downstreamOffset: reader.int64(),
  }));
  return { ...place, ...offsets };
}
