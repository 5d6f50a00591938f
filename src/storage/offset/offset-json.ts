/**
 * Source partitions and offsets as the bytes that Apache Kafka Connect stores: keys `["connector",{partition}]`, values `{offset}`, bare
 * JSON with Jackson's escapes, in the order of the given map. Source: OffsetStorageWriter, OffsetUtils (reference 3.3, 7.1).
 */
import { DataError, SerializationError } from '../../base/errors.ts';
import type { OffsetValue, SourceOffset, SourcePartition } from '../../plugin-api/records.ts';
import { type PlainJson, parseJson, toPlainJson } from '../../record/json-reader.ts';
import { writeJson } from '../../record/json-text.ts';

export function offsetKey(connector: string, partition: SourcePartition | null): Buffer {
  return Buffer.from(writeJson([connector, checked(partition, 'partition')]));
}

export function offsetValue(offset: SourceOffset | null): Buffer | null {
  return offset === null ? null : Buffer.from(writeJson(checked(offset, 'offset')));
}

/** `null` when the bytes are no key of a connector's partition. */
export function parseOffsetKey(bytes: Buffer): { readonly connector: string; readonly partition: SourcePartition | null } | null {
  let parsed: PlainJson | undefined;
  try {
    parsed = read(bytes);
  } catch (error) {
    if (error instanceof SerializationError) return null;
    throw error;
  }
  if (!Array.isArray(parsed) || parsed.length !== 2 || typeof parsed[0] !== 'string') return null;
  const partition = parsed[1] ?? null;
  return partition === null || isPrimitiveMap(partition) ? { connector: parsed[0], partition } : null;
}

/** Whole numbers come back as bigint (Java: Long), others as number. Throws SerializationError, or DataError for anything but an object of primitives. */
export function parseOffsetValue(bytes: Buffer): SourceOffset {
  const parsed = read(bytes);
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

function isPrimitiveMap(value: PlainJson | undefined): value is SourceOffset {
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.values(value).every((member) => member === null || typeof member !== 'object');
}

function read(bytes: Buffer): PlainJson | undefined {
  const node = parseJson(bytes);
  return node === undefined ? undefined : toPlainJson(node);
}

/** Refuses what JSON cannot hold, by name. */
function checked<T extends Readonly<Record<string, OffsetValue>>>(map: T | null, what: string): T | null {
  checkPrimitive(map);
  for (const [field, value] of Object.entries(map ?? {})) {
    if (value === undefined) throw new DataError(`The ${what} field ${field} is undefined; give a value or null.`);
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new DataError(`The ${what} field ${field} is ${value}, which cannot be stored as a number.`);
  }
  return map;
}

function quoted(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('utf8').slice(0, 80));
}
