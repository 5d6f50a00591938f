/** Records of the three internal topics as Apache Kafka Connect wrote them (test/golden/connect). */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface GoldenRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: string;
  readonly value: string | null;
}

const FILE = path.resolve(import.meta.dirname, '../golden/connect/connect-topics.txt');
/** Stands for the key that was left out of the file. */
const KEY_PLACE = '<base64 of 32 random bytes>';
const SESSION_KEY = Buffer.alloc(32, 0xa5).toString('base64');
const LINE = /^p(\d+) o(\d+) ts(\d+) key\((\d+)\)=(.*?) value\((-?\d+)\)=(.*) headers=$/;

/** In the order of the file: per partition by offset. */
export function goldenTopic(name: 'connect-configs' | 'connect-status' | 'connect-offsets'): GoldenRecord[] {
  const [, body = ''] = readFileSync(FILE, 'utf8').split(`== ${name}\n`);
  return body
    .split('\n== ')[0]!
    .split('\n')
    .filter((line) => line !== '')
    .map(toRecord);
}

function toRecord(line: string): GoldenRecord {
  const [, partition, offset, timestamp, keyBytes, key = '', valueBytes, text = ''] = LINE.exec(line) ?? [];
  const value = valueBytes === '-1' ? null : text.replace(KEY_PLACE, SESSION_KEY);
  if (Buffer.byteLength(key) !== Number(keyBytes) || (value !== null && Buffer.byteLength(value) !== Number(valueBytes)))
    throw new Error(`the line does not hold what it says: ${line}`);
  return { partition: Number(partition), offset: BigInt(offset ?? 0), timestampMs: Number(timestamp), key, value };
}
