/** Record batches, against those that the Java client wrote (test/golden/records/WriteBatches.java). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompressionType, FetchedRecord, RecordHeader } from '../../../../src/kafka/contract.ts';
import { KafkaProtocolError } from '../../../../src/kafka/kafka-error.ts';
import { BatchBuilder, NO_STAMP, recordUpperBound, stampBatch } from '../../../../src/kafka/records/batch-builder.ts';
import { AT, BATCH_HEADER_BYTES, readBatchHeader, sealBatch } from '../../../../src/kafka/records/batch-header.ts';
import { COMPRESSION_TYPES } from '../../../../src/kafka/records/compression.ts';
import { RecordReader } from '../../../../src/kafka/records/record-reader.ts';
import { batchNames, goldenBatch, goldenText } from '../../../helpers/batch-golden.ts';

function readAll(bytes: Buffer): FetchedRecord[] {
  const header = readBatchHeader(bytes, 0);
  if (!header) throw new KafkaProtocolError('cut short');
  const records: FetchedRecord[] = [];
  new RecordReader('t', 3, bytes, header).read(records, Number.MAX_SAFE_INTEGER, 0n);
  return records;
}

function inPlace({ valueIn, valueStart = -1, valueEnd }: FetchedRecord): Buffer | null {
  return valueStart < 0 || valueIn === undefined ? null : valueIn.subarray(valueStart, valueEnd);
}

function rowOf(record: FetchedRecord) {
  const headers = (record.headers ?? []).map(({ key, value }) => [goldenText(Buffer.from(key)), goldenText(value)]);
  return [String(record.offset), record.timestampMs, goldenText(record.key), goldenText(record.value), headers];
}

function build(records: readonly FetchedRecord[], compression: CompressionType): Buffer {
  const builder = new BatchBuilder(Buffer.alloc(BATCH_HEADER_BYTES));
  for (const { key, value, headers, timestampMs } of records) builder.append(key, value, headers, timestampMs);
  const batch = builder.finish(compression);
  stampBatch(batch, NO_STAMP);
  return batch;
}

describe('batches of the Java client', () => {
  it.each(batchNames)('%s is read as Java reads it', (name) => {
    const { bytes, records, ...golden } = goldenBatch(name);
    const header = readBatchHeader(bytes, 0);
    expect({
      baseOffset: String(header?.baseOffset),
      lastOffset: String(header?.lastOffset),
      compression: header?.compression,
      timestampType: header?.isLogAppendTime ? 'LogAppendTime' : 'CreateTime',
      isTransactional: header?.isTransactional,
      isControl: header?.isControl,
      producerId: String(header?.producerId),
      producerEpoch: header?.producerEpoch,
      baseSequence: header?.baseSequence,
      maxTimestampMs: header?.maxTimestampMs,
    }).toEqual(golden);
    expect(readAll(bytes).map(rowOf)).toEqual(records);
  });

  it('are written to the byte, where nothing is compressed', () => {
    const { bytes } = goldenBatch('mixed-none');
    const mine = build(readAll(bytes), 'none');
    mine.writeBigInt64BE(bytes.readBigInt64BE(AT.baseOffset), AT.baseOffset);
    mine.writeInt32BE(bytes.readInt32BE(AT.leaderEpoch), AT.leaderEpoch);
    expect(mine.toString('hex')).toBe(bytes.toString('hex'));
  });

  it('are the same when a value is written in place, whatever it said it would take', () => {
    const value = Buffer.from('값 value');
    for (const likelyBytes of [0, value.length, 63, 64, 9000, 2_000_000]) {
      const builder = new BatchBuilder(Buffer.alloc(BATCH_HEADER_BYTES));
      const writeTo = (target: Buffer, at: number) => at + value.copy(target, at);
      builder.append('key', { maxBytes: value.length, likelyBytes, writeTo }, [{ key: 'h', value }], 5);
      builder.append(null, 'next', null, 6);
      const batch = builder.finish('none');
      stampBatch(batch, NO_STAMP);
      const plain = new BatchBuilder(Buffer.alloc(BATCH_HEADER_BYTES));
      plain.append('key', value, [{ key: 'h', value }], 5);
      plain.append(null, 'next', null, 6);
      const expected = plain.finish('none');
      stampBatch(expected, NO_STAMP);
      expect(batch.toString('hex')).toBe(expected.toString('hex'));
    }
  });

  it('carry producer id and sequence to the byte', () => {
    const { bytes } = goldenBatch('idempotent');
    const mine = build(readAll(bytes), 'none');
    mine.writeInt32BE(bytes.readInt32BE(AT.leaderEpoch), AT.leaderEpoch);
    stampBatch(mine, { producerId: 9_007_199_254_740_993n, producerEpoch: 7, baseSequence: 2 ** 31 - 2, isTransactional: false });
    expect(mine.toString('hex')).toBe(bytes.toString('hex'));
  });

  it('are read in pieces and from an offset on', () => {
    const { bytes, records } = goldenBatch('mixed-lz4');
    const header = readBatchHeader(bytes, 0);
    if (!header) throw new Error('no header');
    const reader = new RecordReader('t', 0, bytes, header);
    const out: FetchedRecord[] = [];
    expect(reader.read(out, 2, 44n)).toBe(2);
    expect(out.map(({ offset }) => offset)).toEqual([44n, 45n]);
    expect(reader.left).toBe(records.length - 4);
    expect(reader.read(out, 100, 44n)).toBe(records.length - 4);
    expect(reader.left).toBe(0);
  });
});

const text = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.constantFrom('', 'a'.repeat(63), 'a'.repeat(64), '가'.repeat(2800), 'x'.repeat(9000)),
);
const part = fc.oneof(text, fc.uint8Array({ maxLength: 200 }), fc.constant(null));
const anyRecord = fc.record({
  key: part,
  value: part,
  headers: fc.option(fc.array(fc.record({ key: text, value: fc.option(fc.uint8Array({ maxLength: 100 })) }), { maxLength: 5 })),
  timestampMs: fc.oneof(fc.integer({ min: 0, max: 2 ** 31 }), fc.maxSafeNat()),
});

describe('any records', () => {
  it('come back as they were given, with every compression', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 30 }), fc.constantFrom(...COMPRESSION_TYPES), (records, compression) => {
        const builder = new BatchBuilder(Buffer.alloc(BATCH_HEADER_BYTES));
        for (const { key, value, headers, timestampMs } of records) {
          const before = builder.sizeBytes;
          builder.append(key, value, headers as RecordHeader[] | null, timestampMs);
          expect(builder.sizeBytes - before).toBeLessThanOrEqual(recordUpperBound(key, value, headers as RecordHeader[] | null));
        }
        const batch = builder.finish(compression);
        stampBatch(batch, NO_STAMP);
        const text = (content: Uint8Array | string | null) => (content === null ? null : Buffer.from(content as string).toString('base64'));
        const rows = readAll(batch).map((record) => [
          `${record.topic} ${record.partition} ${record.offset} ${record.timestampMs} ${record.timestampType}`,
          [record.key, record.value, inPlace(record)].map(text),
          record.headers?.map((h) => [h.key, text(h.value)]) ?? null,
        ]);
        const expected = records.map(({ key, value, headers, timestampMs }, i) => [
          `t 3 ${i} ${timestampMs} CreateTime`,
          [key, value, value].map(text),
          headers && headers.length > 0 ? headers.map((h) => [h.key, text(h.value)]) : null,
        ]);
        expect(rows).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('damaged batches', () => {
  const plain = goldenBatch('mixed-none').bytes;

  it('are found by their checksum', () => {
    const damaged = Buffer.from(plain);
    damaged[80] = (damaged[80] as number) ^ 1;
    expect(() => readAll(damaged)).toThrow(/the record batch at offset 42 is damaged: its checksum is \d+, its bytes give \d+/);
  });

  it('that are cut short count as absent, since a broker may cut the last one', () => {
    for (const length of [0, 11, 12, 60, plain.length - 1]) expect(readBatchHeader(plain.subarray(0, length), 0)).toBeNull();
  });

  it('of old formats are named', () => {
    const old = Buffer.from(plain);
    old[AT.magic] = 1;
    expect(() => readAll(old)).toThrow(/the batch at offset 42 has message format 1 \(written before Kafka 0.11/);
  });

  it('never make more than their own error, even with a valid checksum', () => {
    const samples = batchNames.filter((name) => name.startsWith('mixed') || name === 'gaps').map((name) => goldenBatch(name).bytes);
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...samples), changes, (sample, edits) => {
        const bytes = Buffer.from(sample);
        for (const [position, value] of edits) bytes[AT.attributes + (position % (bytes.length - AT.attributes))] = value;
        sealBatch(bytes, 0, bytes.length);
        try {
          readAll(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(KafkaProtocolError);
        }
      }),
      { numRuns: 4000 },
    );
  });

  it('claim counts in vain', () => {
    const many = Buffer.from(plain);
    many.writeInt32BE(2_000_000_000, AT.count);
    sealBatch(many, 0, many.length);
    expect(() => readAll(many)).toThrow(/claims 2000000000 records in \d+ bytes/);
    const packed = Buffer.from(goldenBatch('mixed-gzip').bytes);
    packed.writeInt32BE(2_000_000_000, AT.count);
    sealBatch(packed, 0, packed.length);
    expect(() => readAll(packed)).toThrow(/claims 2000000000 records in \d+ bytes/);
  });
});
