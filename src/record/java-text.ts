/** What Java's String.valueOf gives for a value: the text that file sinks, StringConverter and messages show. */

import { shortestFloat32 } from './float32-text.ts';
import { julianOrGregorian } from './java-calendar.ts';
import { Decimal, Float32 } from './numbers.ts';
import type { ConnectValue, Schema } from './schema.ts';
import { StructBase } from './struct-base.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/**
 * `Struct{a=1}`, `{k=v}`, `[a, b]`, `1.0E10`, `Fri Jan 21 00:44:13 UTC 2022`, `null`. `schema` tells floats from whole numbers;
 * without one a number is a double. Bytes give `[B@` and eight digits made from their content (Java: an identity number).
 */
export function javaText(schema: Schema | null, value: ConnectValue): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return numberText(schema, value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'null' : objectText(schema, value);
  }
}

function numberText(schema: Schema | null, value: number): string {
  if (schema === null || schema.type === 'FLOAT64') return doubleText(value);
  return schema.type === 'FLOAT32' ? floatText(value) : String(value);
}

function objectText(schema: Schema | null, value: ConnectValue & object): string {
  if (value instanceof StructBase) return structText(value);
  if (value instanceof Date) return dateText(value);
  if (value instanceof Decimal) return value.toString();
  if (value instanceof Float32) return floatText(value.value);
  if (value instanceof Uint8Array) return `[B@${contentHash(value)}`;
  if (value instanceof Map) {
    const entries: string[] = [];
    for (const [key, entry] of value as ReadonlyMap<ConnectValue, ConnectValue>) {
      entries.push(`${javaText(schema?.keySchema ?? null, key)}=${javaText(schema?.valueSchema ?? null, entry)}`);
    }
    return `{${entries.join(', ')}}`;
  }
  const elements = value as readonly ConnectValue[];
  return `[${elements.map((element) => javaText(schema?.valueSchema ?? null, element)).join(', ')}]`;
}

function structText(struct: StructBase): string {
  let text = '';
  for (const field of struct.schema.fields ?? []) {
    const value = struct.values[field.index] ?? null;
    if (value !== null) text += `${text === '' ? '' : ','}${field.name}=${javaText(field.schema, value)}`;
  }
  return `Struct{${text}}`;
}

/** Java's Double.toString as of JDK 19: fewest digits (at least two) that read back as the same double. Older JDKs give more in 1 of 1,000. */
export function doubleText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  if (!(size > 0 && size < Number.POSITIVE_INFINITY)) return unusualText(value);
  let text = value.toExponential();
  if (!text.includes('.')) text = value.toExponential(1);
  return text.replace('e+', 'E').replace('e', 'E');
}

/** Java's Float.toString of a single float, by the same rule. */
export function floatText(value: number): string {
  const size = Math.abs(value);
  if (!(size > 0 && size < Number.POSITIVE_INFINITY)) return unusualText(value);
  const { digits, exponent } = shortestFloat32(Math.fround(size));
  const sign = value < 0 ? '-' : '';
  if (size < 1e-3 || size >= 1e7) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return `${sign}${digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')}.${digits.slice(exponent + 1) || '0'}`;
}

function unusualText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  return String(value);
}

/** Java's Date.toString on a machine that runs in UTC. */
export function dateText(value: Date): string {
  const { year, month, day } = julianOrGregorian(value);
  const two = (part: number) => String(part).padStart(2, '0');
  const time = `${two(value.getUTCHours())}:${two(value.getUTCMinutes())}:${two(value.getUTCSeconds())}`;
  return `${DAYS[value.getUTCDay()]} ${MONTHS[month - 1]} ${two(day)} ${time} UTC ${year}`;
}

function contentHash(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Name of the Java class that would hold the value. A number counts as a whole one when it is whole and no float is wanted. */
export function javaClassOfValue(value: ConnectValue, schema: Schema | null = null): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'java.lang.String';
  if (typeof value === 'boolean') return 'java.lang.Boolean';
  if (typeof value === 'bigint') return 'java.lang.Long';
  if (typeof value === 'number') return numberClass(value, schema);
  if (value instanceof Float32) return 'java.lang.Float';
  if (value instanceof Decimal) return 'java.math.BigDecimal';
  if (value instanceof Date) return 'java.util.Date';
  if (value instanceof Uint8Array) return '[B';
  if (value instanceof Map) return 'java.util.HashMap';
  return value instanceof StructBase ? 'org.apache.kafka.connect.data.Struct' : 'java.util.ArrayList';
}

const NUMBER_CLASSES: Readonly<Record<string, string>> = {
  INT8: 'java.lang.Byte',
  INT16: 'java.lang.Short',
  INT32: 'java.lang.Integer',
  FLOAT32: 'java.lang.Float',
  FLOAT64: 'java.lang.Double',
};

function numberClass(value: number, schema: Schema | null): string {
  const known = schema === null ? undefined : NUMBER_CLASSES[schema.type];
  if (known !== undefined) return known;
  return (value | 0) === value ? 'java.lang.Integer' : 'java.lang.Double';
}
