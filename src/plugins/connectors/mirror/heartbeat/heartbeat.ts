/**
 * A sign that a flow is alive: what the target's `heartbeats` topic holds, and other flows copy. Key: aliases of source and target. Value: version 0 and the
 * time in milliseconds. Source: org.apache.kafka.connect.mirror.Heartbeat (KIP-382).
 */
import type { SourcePartition } from '../../../../plugin-api/records.ts';
import { readRecordBytes, readText, readVersion, recordBytes, writeText } from '../shared/record-bytes.ts';

export interface HeartbeatFlow {
  readonly sourceAlias: string;
  readonly targetAlias: string;
}

export interface Heartbeat extends HeartbeatFlow {
  readonly timestampMs: number;
}

export function heartbeatKey({ sourceAlias, targetAlias }: HeartbeatFlow): Buffer {
  return recordBytes((writer) => {
    writeText(writer, sourceAlias);
    writeText(writer, targetAlias);
  });
}

export function heartbeatValue(timestampMs: number): Buffer {
  return recordBytes((writer) => {
    writer.int16(0);
    writer.int64(BigInt(timestampMs));
  });
}

/** Throws MirrorRecordError. */
export function decodeHeartbeat(key: Uint8Array | null, value: Uint8Array | null): Heartbeat {
  const flow = readRecordBytes('key of a heartbeat', key, (reader) => ({ sourceAlias: readText(reader), targetAlias: readText(reader) }));
  const timestampMs = readRecordBytes('value of a heartbeat', value, (reader) => {
    readVersion(reader, 'heartbeat');
    return Number(reader.int64());
  });
  return { ...flow, timestampMs };
}

/** The order of the keys is the one in the stored JSON. */
export function heartbeatPartition({ sourceAlias, targetAlias }: HeartbeatFlow): SourcePartition {
  return { sourceClusterAlias: sourceAlias, targetClusterAlias: targetAlias };
}
