/** Equality of schemas and values in Java's sense, and the short text of a schema that error messages use. */
import { Decimal, Float32 } from './numbers.ts';
import type { ConnectValue, Field, Schema } from './schema.ts';
import { StructBase } from './struct-base.ts';

/** `Schema{name:TYPE}` or `Schema{TYPE}`. */
export function schemaText(schema: Schema): string {
  return schema.name === null ? `Schema{${schema.type}}` : `Schema{${schema.name}:${schema.type}}`;
}

/** All parts equal, nested schemas and defaults included; the order of parameters does not matter. */
export function schemaEquals(a: Schema | null, b: Schema | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return (
    a.type === b.type &&
    a.optional === b.optional &&
    a.name === b.name &&
    a.version === b.version &&
    a.doc === b.doc &&
    valueEquals(a.defaultValue ?? null, b.defaultValue ?? null) &&
    parametersEqual(a.parameters, b.parameters) &&
    fieldsEqual(a.fields, b.fields) &&
    schemaEquals(a.keySchema, b.keySchema) &&
    schemaEquals(a.valueSchema, b.valueSchema)
  );
}

function parametersEqual(a: ReadonlyMap<string, string> | null, b: ReadonlyMap<string, string> | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}

function fieldsEqual(a: readonly Field[] | null, b: readonly Field[] | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.length !== b.length) return false;
  return a.every((field, index) => field.name === b[index]?.name && schemaEquals(field.schema, b[index].schema));
}

/** Deep equality; NaN equals NaN, 0 and -0 differ, as for Java's boxed doubles. */
export function valueEquals(a: ConnectValue, b: ConnectValue): boolean {
  if (Object.is(a, b)) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime();
  if (a instanceof Decimal) return b instanceof Decimal && a.equals(b);
  if (a instanceof Float32) return b instanceof Float32 && Object.is(a.value, b.value);
  if (a instanceof StructBase) return b instanceof StructBase && schemaEquals(a.schema, b.schema) && listEquals(a.values, b.values);
  if (isMap(a)) return isMap(b) && mapEquals(a, b);
  return isList(a) && isList(b) && listEquals(a, b);
}

export function isMap(value: ConnectValue): value is ReadonlyMap<ConnectValue, ConnectValue> {
  return value instanceof Map;
}

export function isList(value: ConnectValue): value is readonly ConnectValue[] {
  return Array.isArray(value);
}

function listEquals(a: readonly ConnectValue[], b: readonly ConnectValue[]): boolean {
  return a.length === b.length && a.every((value, index) => valueEquals(value, b[index] ?? null));
}

function mapEquals(a: ReadonlyMap<ConnectValue, ConnectValue>, b: ReadonlyMap<ConnectValue, ConnectValue>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other !== undefined ? !valueEquals(value, other) : !hasEqualEntry(key, value, b)) return false;
  }
  return true;
}

/** For keys that JavaScript compares by identity (bytes, dates, decimals, structs). */
function hasEqualEntry(key: ConnectValue, value: ConnectValue, map: ReadonlyMap<ConnectValue, ConnectValue>): boolean {
  if (typeof key !== 'object' || key === null) return false;
  for (const [otherKey, otherValue] of map) if (valueEquals(key, otherKey) && valueEquals(value, otherValue)) return true;
  return false;
}
