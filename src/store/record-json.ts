/** A record as one line of JSON that loses nothing: what is UTF-8 as text, any other bytes in base64 under a name that says so. */
import { isUtf8 } from 'node:buffer';
import type { FetchedRecord } from '../kafka/contract.ts';

/** Without a line feed. */
export function recordJson(record: FetchedRecord): string {
  return JSON.stringify(recordFacts(record));
}

/** For JSON. Offsets are text: its readers round them. */
export function recordFacts({ topic, partition, offset, timestampMs, timestampType, key, value, headers }: FetchedRecord): object {
  return {
    topic,
    partition,
    offset: String(offset),
    timestamp: timestampMs,
    timestampType,
    ...bytesMember('key', key),
    ...bytesMember('value', value),
    headers: (headers ?? []).map((header) => ({ key: header.key, ...bytesMember('value', header.value) })),
  };
}

function bytesMember(name: string, bytes: Uint8Array | null): Readonly<Record<string, string | null>> {
  if (bytes === null) return { [name]: null };
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isUtf8(whole) ? { [name]: whole.toString('utf8') } : { [`${name}Base64`]: whole.toString('base64') };
}
