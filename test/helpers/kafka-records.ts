/** Records of every kind, for what goes from our clients to the JVM's and back. */
import type { FetchedRecord, RecordHeader } from '../../src/kafka/contract.ts';

export type Bytes = Uint8Array | string | null;

export interface TestRecord {
  readonly key?: Bytes;
  readonly value: Bytes;
  readonly headers?: readonly RecordHeader[] | null;
  readonly timestampMs?: number;
}

const NOISE = Uint8Array.from({ length: 40_000 }, (_, i) => (i * i * 31 + (i >> 3) * 7) & 0xff);
const NOW_MS = 1_790_000_000_123;

/** Nulls, empty ones, letters of several bytes, noise, long text, headers with repetitions, times out of order; long enough for several blocks of each codec. */
export const RECORDS_OF_EVERY_KIND: readonly TestRecord[] = [
  { key: 'key', value: 'value', timestampMs: NOW_MS },
  { value: 'no key', timestampMs: NOW_MS - 70_000 },
  { key: 'tombstone', value: null, timestampMs: NOW_MS + 5 },
  { value: null, timestampMs: NOW_MS },
  { key: '', value: '', timestampMs: NOW_MS },
  { key: '한국어 열쇠', value: `값 😀 ${'가나다라마바사아자차카타파하'.repeat(300)}`, timestampMs: NOW_MS },
  { key: new Uint8Array([0, 255, 128, 10, 13]), value: NOISE, timestampMs: 0 },
  { value: 'one line of a text that says the same again and again\n'.repeat(2000), timestampMs: NOW_MS + 1 },
  {
    key: 'headers',
    value: 'of all kinds',
    timestampMs: NOW_MS,
    headers: [
      { key: 'a', value: Buffer.from('1') },
      { key: 'b', value: null },
      { key: 'a', value: Buffer.from('again') },
      { key: '', value: Buffer.alloc(0) },
      { key: '머리', value: Buffer.from('글') },
    ],
  },
  ...Array.from({ length: 300 }, (_, i) => ({ key: `k${i % 7}`, value: `줄 ${i}`, timestampMs: NOW_MS + i })),
];

export function base64(bytes: Bytes): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64');
}

/** What a record is made of, as text that compares. */
export function contentOf({ key = null, value, headers, timestampMs }: TestRecord) {
  return {
    key: base64(key),
    value: base64(value),
    headers: (headers ?? []).map((header) => [header.key, base64(header.value)]),
    timestampMs,
  };
}

/** A fetched record as a plain object that compares whole: without the place that it was read from. */
export function plainRecord({ topic, partition, offset, timestampMs, timestampType, key, value, headers }: FetchedRecord) {
  return { topic, partition, offset, timestampMs, timestampType, key, value, headers };
}

/** Values that are numbers in order, from `from` on. */
export function numbered(count: number, from = 0): TestRecord[] {
  return Array.from({ length: count }, (_, i) => ({ value: String(from + i) }));
}
