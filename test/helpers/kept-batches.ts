/** Records as batches that a ring keeps, and as raw ones that a fetcher hands out. */
import type { KeptBatch } from '../../src/cluster/record-ring.ts';
import type { FetchedRecord, RawBatch } from '../../src/kafka/contract.ts';
import { BatchBuilder, NO_STAMP, stampBatch } from '../../src/kafka/records/batch-builder.ts';
import { AT, BATCH_HEADER_BYTES } from '../../src/kafka/records/batch-header.ts';

export function aRecord(more: Partial<FetchedRecord> = {}): FetchedRecord {
  return {
    topic: 't',
    partition: 0,
    offset: 0n,
    timestampMs: 0,
    timestampType: 'CreateTime',
    key: null,
    value: null,
    headers: null,
    ...more,
  };
}

/** `sizeBytes`: what it claims to take. */
export function keptBatch(records: readonly FetchedRecord[], sizeBytes = 10): KeptBatch {
  const { topic, partition, offset } = records[0]!;
  return { topic, partition, baseOffset: offset, count: records.length, sizeBytes, decode: () => ({ facts: null, records }) };
}

/** A real record batch of these records, which follow each other in one partition. */
export function rawBatch(records: readonly FetchedRecord[]): RawBatch {
  const { topic, partition, offset } = records[0]!;
  const builder = new BatchBuilder(Buffer.allocUnsafeSlow(BATCH_HEADER_BYTES + 1_000));
  for (const record of records) builder.append(record.key, record.value, record.headers, record.timestampMs);
  const batch = builder.finish('none');
  stampBatch(batch, NO_STAMP);
  batch.writeBigInt64BE(offset, AT.baseOffset);
  return {
    topic,
    partition,
    baseOffset: offset,
    lastOffset: records.at(-1)!.offset,
    recordCount: records.length,
    maxTimestampMs: Math.max(...records.map((record) => record.timestampMs)),
    batch,
  };
}
