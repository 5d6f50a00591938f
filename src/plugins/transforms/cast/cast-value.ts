/** One value as another type, with Java's rules for numbers and texts. Source: org.apache.kafka.connect.transforms.Cast.castValueToType. */
import { DataError } from '../../../base/errors.ts';
import { parseJavaDouble, parseJavaFloat, parseJavaInteger } from '../../../record/java-number-text.ts';
import { javaClassOfValue, javaText } from '../../../record/java-text.ts';
import { dateToDays, logicalTypeOf, timestampToMs, timeToMs } from '../../../record/logical-types.ts';
import { Decimal, Float32 } from '../../../record/numbers.ts';
import type { ConnectValue, Schema, SchemaType } from '../../../record/schema.ts';
import { isList, isMap } from '../../../record/schema-equals.ts';
import { Struct } from '../../../record/struct.ts';
import { convertToString } from '../../../record/values.ts';
import type { CastType } from './spec.ts';

const INPUT_TYPES: readonly SchemaType[] = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64', 'BOOLEAN', 'STRING', 'BYTES'];
const MAX_LONG = 2 ** 63;

/** In the form that the type has with a schema; without one (`schema` null) in its schemaless form. Throws DataError. */
export function castValue(schema: Schema | null, value: ConnectValue, target: CastType): ConnectValue {
  if (value === null) return null;
  const type = schema === null ? inferredType(value) : schema.type;
  if (!INPUT_TYPES.includes(type)) {
    throw new DataError(`Cast transformation does not support casting from ${type}; supported types are [${INPUT_TYPES.join(', ')}]`);
  }
  if (target === 'STRING') return castToText(schema, value);
  return castToSimple(schema, logicalTypeOf(schema) === null ? value : encoded(schema, value), target);
}

function inferredType(value: ConnectValue): SchemaType {
  if (isMap(value)) return 'MAP';
  if (isList(value)) return 'ARRAY';
  if (value instanceof Struct) return 'STRUCT';
  if (value instanceof Date || value instanceof Decimal) {
    throw new DataError(
      `Cast transformation was passed a value of type class ${javaClassOfValue(value)} which is not supported by Connect's data API`,
    );
  }
  return 'STRING';
}

function castToText(schema: Schema | null, value: ConnectValue): ConnectValue {
  return value instanceof Date || value instanceof Uint8Array ? convertToString(schema, value) : javaText(schema, value);
}

/** A date as the number that it is stored as. */
function encoded(schema: Schema | null, value: ConnectValue): ConnectValue {
  if (!(value instanceof Date)) return value;
  switch (logicalTypeOf(schema)) {
    case 'Date':
      return dateToDays(value);
    case 'Time':
      return timeToMs(value);
    default:
      return timestampToMs(value);
  }
}

function castToSimple(schema: Schema | null, value: ConnectValue, target: Exclude<CastType, 'STRING'>): ConnectValue {
  switch (target) {
    case 'INT8':
      return sized(schema, wholeOf(value, 8));
    case 'INT16':
      return sized(schema, wholeOf(value, 16));
    case 'INT32':
      return sized(schema, wholeOf(value, 32));
    case 'INT64':
      return wholeOf(value, 64);
    case 'FLOAT32':
      return schema === null ? new Float32(floatOf(value)) : floatOf(value);
    case 'FLOAT64':
      return doubleOf(value);
    case 'BOOLEAN':
      return booleanOf(value);
  }
}

function sized(schema: Schema | null, value: bigint): ConnectValue {
  return schema === null ? value : Number(value);
}

/** Fractions are cut, floats beyond the range end at it, wider whole numbers lose their upper bits. */
function wholeOf(value: ConnectValue, bits: 8 | 16 | 32 | 64): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'string') return parseJavaInteger(value, bits) ?? outOfRange(value);
  if (typeof value === 'bigint') return BigInt.asIntN(bits, value);
  if (value instanceof Decimal) return BigInt.asIntN(bits, value.toInt64());
  const number = numberOf(value);
  return BigInt.asIntN(bits, bits === 64 ? saturated(number, MAX_LONG) : saturated(number, 2 ** 31));
}

function saturated(number: number, limit: number): bigint {
  if (Number.isNaN(number)) return 0n;
  if (number >= limit) return BigInt(limit) - 1n;
  return BigInt(number <= -limit ? -limit : Math.trunc(number));
}

function floatOf(value: ConnectValue): number {
  if (typeof value === 'string') return parseJavaFloat(value) ?? outOfRange(value);
  if (value instanceof Decimal) return value.toFloat32();
  return typeof value === 'bigint' ? new Decimal(value, 0).toFloat32() : Math.fround(numberOf(value));
}

function doubleOf(value: ConnectValue): number {
  return typeof value === 'string' ? (parseJavaDouble(value) ?? outOfRange(value)) : numberOf(value);
}

function booleanOf(value: ConnectValue): boolean {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? value.toLowerCase() === 'true' : wholeOf(value, 64) !== 0n;
}

function numberOf(value: ConnectValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Float32) return value.value;
  if (value instanceof Decimal) return value.toNumber();
  throw new DataError(`Unexpected type in Cast transformation: class ${javaClassOfValue(value)}`);
}

function outOfRange(text: string): never {
  throw new DataError(`Value (${text}) was out of range for requested data type`);
}
