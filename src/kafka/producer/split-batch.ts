/** Halves a batch that a broker refused as too large. */
import type { CompressionType, FetchedRecord } from '../contract.ts';
import { readBatchHeader } from '../records/batch-header.ts';
import { RecordReader } from '../records/record-reader.ts';
import type { BatchMemory } from './batch-memory.ts';
import { ProducerBatch } from './producer-batch.ts';

/** Two batches with the same records, callbacks and deadline, finished; `null` for a batch of one record. */
export function splitBatch(batch: ProducerBatch, memory: BatchMemory, compression: CompressionType): readonly ProducerBatch[] | null {
  if (batch.count < 2) return null;
  const records = recordsOf(batch);
  const middle = Math.ceil(records.length / 2);
  const first = build(batch, records, 0, middle, memory, compression);
  const second = build(batch, records, middle, records.length, memory, compression);
  batch.shareWhole(first, second);
  return [first, second];
}

function recordsOf(batch: ProducerBatch): FetchedRecord[] {
  const bytes = batch.bytes();
  const header = readBatchHeader(bytes, 0, false);
  const records: FetchedRecord[] = [];
  if (header) new RecordReader(batch.topic, batch.partition, bytes, header).read(records, header.count, 0n);
  return records;
}

function build(
  batch: ProducerBatch,
  records: readonly FetchedRecord[],
  from: number,
  to: number,
  memory: BatchMemory,
  compression: CompressionType,
): ProducerBatch {
  const part = new ProducerBatch(batch.topic, batch.partition, memory, Math.ceil(batch.sizeBytes / 2), batch.createdMs, batch.deadlineMs);
  for (let i = from; i < to; i++) {
    const record = records[i];
    if (record) part.append(record.key, record.value, record.headers, record.timestampMs, batch.callbackOf(i));
  }
  part.finish(compression);
  return part;
}
