/** One raw batch as its records, with what the batch itself tells of them. */
import type { FetchedRecord, RawBatch } from '../contract.ts';
import { KafkaProtocolError } from '../kafka-error.ts';
import { type BatchHeader, readBatchHeader } from './batch-header.ts';
import { RecordReader } from './record-reader.ts';

/** Checksum and lengths are checked. Throws KafkaProtocolError for a batch that cannot be read. */
export function decodeBatch({ topic, partition, baseOffset, batch }: RawBatch): {
  readonly header: BatchHeader;
  readonly records: readonly FetchedRecord[];
} {
  const header = readBatchHeader(batch, 0);
  if (!header) throw new KafkaProtocolError(`${batch.length} bytes at offset ${baseOffset} are not one whole record batch`);
  const records: FetchedRecord[] = [];
  new RecordReader(topic, partition, batch, header).read(records, header.count, header.baseOffset);
  return { header, records };
}
