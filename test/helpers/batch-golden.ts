/** Record batches that WriteBatches.java wrote, with what the Java client reads in them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../golden/records');

export interface GoldenBatch {
  readonly bytes: Buffer;
  readonly baseOffset: string;
  readonly lastOffset: string;
  readonly compression: string;
  readonly timestampType: string;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly maxTimestampMs: number;
  /** Offset, time, key, value, headers; bytes as `goldenText` shows them. */
  readonly records: ReadonlyArray<readonly [string, number, string | null, string | null, ReadonlyArray<readonly [string, string | null]>]>;
}

export const batchNames: readonly string[] = (
  JSON.parse(readFileSync(path.join(folder, 'batches.meta.json'), 'utf8')) as { cases: string[] }
).cases;

export function goldenBatch(name: string): GoldenBatch {
  const bytes = Buffer.from(readFileSync(path.join(folder, `batch-${name}.hex`), 'utf8').replaceAll('\n', ''), 'hex');
  return { bytes, ...(JSON.parse(readFileSync(path.join(folder, `batch-${name}.json`), 'utf8')) as Omit<GoldenBatch, 'bytes'>) };
}

/** Base64, or for more than 300 bytes `sha256 LENGTH HASH`, as WriteBatches.java does. */
export function goldenText(content: Uint8Array | null): string | null {
  if (content === null) return null;
  if (content.length <= 300) return Buffer.from(content).toString('base64');
  return `sha256 ${content.length} ${createHash('sha256').update(content).digest('hex')}`;
}
