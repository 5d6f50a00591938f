/** Brings the elements of a parsed array or map to their common type. Source: org.apache.kafka.connect.data.Values (SchemaMerger, align…). */
import { DataError } from '../base/errors.ts';
import { javaClassOfValue, javaText } from './java-text.ts';
import { dateFromDays, logicalTypeOf, timeFromMs, timestampFromMs } from './logical-types.ts';
import { Decimal, Float32 } from './numbers.ts';
import type { ConnectValue, Schema, SchemaAndValue, SchemaType } from './schema.ts';
import { isList, isMap, schemaText } from './schema-equals.ts';

type Typed = SchemaAndValue & { readonly schema: Schema };

/** Numbers from narrow to wide: of two the wider is common. */
const WIDTHS: Partial<Record<SchemaType, number>> = { INT8: 0, INT16: 1, INT32: 2, INT64: 3, FLOAT32: 4, FLOAT64: 5 };

/** The schema that all elements seen so far share; `null` while there is none, and for good once two do not go together. */
export class CommonSchema {
  schema: Schema | null = null;
  #isMixed = false;

  merge(element: Typed | null): void {
    if (element === null || this.#isMixed) return;
    this.schema = this.schema === null ? element.schema : commonOf(this.schema, element.schema);
    this.#isMixed = this.schema === null;
  }
}

function commonOf(a: Schema, b: Schema): Schema | null {
  if (a.type === b.type) return b;
  const [left, right] = [WIDTHS[a.type], WIDTHS[b.type]];
  if (left === undefined || right === undefined) return null;
  return left > right ? a : b;
}

/** The value in the form of the common schema; without one in its schemaless form. Throws DataError when it cannot be converted. */
export function alignTo(target: Schema | null, element: Typed | null): ConnectValue {
  if (target === null) return element === null ? null : schemaless(element.schema, element.value);
  if (element === null || element.value === null) {
    throw new DataError('Unable to convert a null value to a schema that requires a value');
  }
  return convert(target, element.schema, element.value);
}

function convert(target: Schema, from: Schema | null, value: ConnectValue): ConnectValue {
  if (value === null) return null;
  const logical = logicalTypeOf(target);
  if (logical === 'Decimal') return value instanceof Decimal ? value : refuse(target, value);
  if (logical !== null) {
    if (value instanceof Date) return value;
    const number = numberOf(target, value);
    if (logical === 'Timestamp') return timestampFromMs(number);
    return logical === 'Date' ? dateFromDays(Math.trunc(number)) : timeFromMs(Math.trunc(number));
  }
  switch (target.type) {
    case 'INT64':
      return typeof value === 'bigint' ? value : BigInt(numberOf(target, value));
    case 'INT8':
    case 'INT16':
    case 'INT32':
    case 'FLOAT64':
      return numberOf(target, value);
    case 'FLOAT32':
      return Math.fround(numberOf(target, value));
    case 'STRING':
      return javaText(from, value);
    case 'ARRAY':
      return isList(value) ? value.map((part) => convertPart(target.valueSchema, from?.valueSchema ?? null, part)) : refuse(target, value);
    case 'MAP':
      return isMap(value) ? convertMap(target, from, value) : refuse(target, value);
    default:
      return value;
  }
}

/** Inner collections of another type keep their elements where those cannot be converted; Java leaves all as they are. */
function convertPart(target: Schema | null, from: Schema | null, value: ConnectValue): ConnectValue {
  return target === null ? schemaless(from, value) : convert(target, from, value);
}

function convertMap(target: Schema, from: Schema | null, value: ReadonlyMap<ConnectValue, ConnectValue>): ConnectValue {
  const map = new Map<ConnectValue, ConnectValue>();
  for (const [key, entry] of value) {
    map.set(convertPart(target.keySchema, from?.keySchema ?? null, key), convertPart(target.valueSchema, from?.valueSchema ?? null, entry));
  }
  return map;
}

function numberOf(target: Schema, value: ConnectValue): number {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : refuse(target, value);
}

function refuse(target: Schema, value: ConnectValue): never {
  throw new DataError(`Unable to convert ${javaText(null, value)} (class ${javaClassOfValue(value)}) to ${schemaText(target)}`);
}

/** A value with a schema in the form that it has without one (table in schema.ts). */
export function schemaless(schema: Schema | null, value: ConnectValue): ConnectValue {
  if (schema === null || value === null) return value;
  if (typeof value === 'number') {
    if (schema.type === 'FLOAT32') return new Float32(value);
    return schema.type === 'FLOAT64' ? value : BigInt(value);
  }
  if (isList(value)) return value.map((element) => schemaless(schema.valueSchema, element));
  if (!isMap(value)) return value;
  const map = new Map<ConnectValue, ConnectValue>();
  for (const [key, entry] of value) map.set(schemaless(schema.keySchema, key), schemaless(schema.valueSchema, entry));
  return map;
}
