/**
 * Source partitions and offsets as the bytes that Apache Kafka Connect stores: keys `["connector",{partition}]`, values `{offset}`, bare
 * JSON with Jackson's escapes, in the order of the given map. Source: OffsetStorageWriter, OffsetUtils (reference 3.3, 7.1).
 */
import { DataError } from '../../base/errors.ts';
import { type ExactJson, parseExactJson } from '../../base/exact-json.ts';
import type { OffsetValue, SourceOffset, SourcePartition } from '../../plugin-api/records.ts';
import { doubleText } from '../../record/java-text.ts';

/** What Jackson's byte generator escapes: quotes, backslash, controls, and everything beyond the basic plane as surrogates. */
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/g;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

export function offsetKey(connector: string, partition: SourcePartition | null): Buffer {
  return Buffer.from(`[${stringText(connector)},${mapText(partition, 'partition')}]`);
}

export function offsetValue(offset: SourceOffset | null): Buffer | null {
  return offset === null ? null : Buffer.from(mapText(offset, 'offset'));
}

/** `null` when the bytes are no key of a connector's partition. */
export function parseOffsetKey(bytes: Buffer): { readonly connector: string; readonly partition: SourcePartition | null } | null {
  let parsed: ExactJson;
  try {
    parsed = parseExactJson(bytes.toString('utf8'), 'bigint');
  } catch {
    return null;
  }
  if (!Array.isArray(parsed) || parsed.length !== 2 || typeof parsed[0] !== 'string') return null;
  const partition = parsed[1] as ExactJson;
  return partition === null || isPrimitiveMap(partition) ? { connector: parsed[0], partition } : null;
}

/** Whole numbers come back as bigint (Java: Long), others as number. Throws DataError for anything but an object of primitives. */
export function parseOffsetValue(bytes: Buffer): SourceOffset {
  const parsed = parseExactJson(bytes.toString('utf8'), 'bigint');
  if (!isPrimitiveMap(parsed)) throw new DataError(`A stored offset is not an object of primitive values: ${quoted(bytes)}`);
  return parsed;
}

/** Throws DataError in the original's words when a value is an object or an array. */
export function checkPrimitive(map: Readonly<Record<string, unknown>> | null): void {
  for (const [field, value] of Object.entries(map ?? {})) {
    if (value === null || typeof value !== 'object') continue;
    const type = Array.isArray(value) ? 'ARRAY' : 'MAP';
    throw new DataError(`Offsets may only contain primitive types as values, but field ${field} contains ${type}`);
  }
}

function isPrimitiveMap(value: ExactJson): value is SourceOffset {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.values(value).every((member) => member === null || typeof member !== 'object');
}

function mapText(map: Readonly<Record<string, OffsetValue>> | null, what: string): string {
  if (map === null) return 'null';
  checkPrimitive(map);
  const members = Object.entries(map).map(([name, value]) => `${stringText(name)}:${valueText(value, `${what} field ${name}`)}`);
  return `{${members.join(',')}}`;
}

function valueText(value: OffsetValue, what: string): string {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'number':
      if (!Number.isFinite(value)) throw new DataError(`The ${what} is ${value}, which cannot be stored as a number.`);
      return Number.isSafeInteger(value) ? String(value) : doubleText(value);
    case 'undefined':
      throw new DataError(`The ${what} is undefined; give a value or null.`);
    default:
      return String(value);
  }
}

function stringText(text: string): string {
  return `"${text.replace(ESCAPED, (c) => SHORT_ESCAPES[c] ?? `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)}"`;
}

function quoted(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('utf8').slice(0, 80));
}
