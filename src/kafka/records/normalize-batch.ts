/** A batch as fetched from one cluster, made fit to be produced to another. */
import type { FetchedRecord } from '../contract.ts';
import { KafkaProtocolError } from '../kafka-error.ts';
import { BatchBuilder } from './batch-builder.ts';
import { AT, ATTRIBUTE, BATCH_HEADER_BYTES, type BatchHeader, readBatchHeader } from './batch-header.ts';
import { RecordReader } from './record-reader.ts';

/**
 * A copy with base offset 0, no leader epoch and not transactional; producer id, sequence and checksum are stamped when it is sent.
 * Batches that a broker would refuse as they are (compacted: offsets with gaps; stamped with append time; with a delete horizon) are encoded anew, with the same records and timestamps.
 */
export function normalizeBatch(topic: string, partition: number, batch: Buffer): { bytes: Buffer; count: number } {
  const header = readBatchHeader(batch, 0);
  if (!header || header.end !== batch.length)
    throw new KafkaProtocolError(`${batch.length} bytes for topic "${topic}" partition ${partition} are not one record batch`);
  if (header.isControl) throw new KafkaProtocolError(`a control batch cannot be produced to topic "${topic}" partition ${partition}`);
  if (header.count === 0) throw new KafkaProtocolError(`an empty batch cannot be produced to topic "${topic}" partition ${partition}`);
  const isGapless = header.lastOffset - header.baseOffset + 1n === BigInt(header.count);
  if (!isGapless || header.isLogAppendTime || header.hasDeleteHorizon) {
    return { bytes: encodeAnew(topic, partition, batch, header, header.baseOffset), count: header.count };
  }
  const bytes = Buffer.allocUnsafeSlow(batch.length);
  batch.copy(bytes);
  bytes.writeBigInt64BE(0n, AT.baseOffset);
  bytes.writeInt32BE(-1, AT.leaderEpoch);
  bytes.writeInt16BE(batch.readInt16BE(AT.attributes) & ATTRIBUTE.compression, AT.attributes);
  return { bytes, count: header.count };
}

/** The records of a batch from an offset on as a batch of their own, compressed as before. */
export function encodeAnew(topic: string, partition: number, batch: Buffer, header: BatchHeader, fromOffset: bigint): Buffer {
  const records: FetchedRecord[] = [];
  new RecordReader(topic, partition, batch, header).read(records, header.count, fromOffset);
  const builder = new BatchBuilder(Buffer.allocUnsafeSlow(Math.max(header.end - header.start, BATCH_HEADER_BYTES + 64)));
  for (const record of records) builder.append(record.key, record.value, record.headers, record.timestampMs);
  return builder.finish(header.compression);
}
