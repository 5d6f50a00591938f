/** Text of values as headers carry it. Source: org.apache.kafka.connect.data.Values.convertToString. */
import { julianOrGregorian } from './java-calendar.ts';
import { javaText } from './java-text.ts';
import { asBuffer } from './java-utf8.ts';
import { MS_PER_DAY } from './logical-types.ts';
import type { ConnectValue, Schema } from './schema.ts';
import { isList, isMap } from './schema-equals.ts';
import { StructBase } from './struct-base.ts';

/** `null` for null; strings as they are at the top and quoted inside, bytes as Base64, dates in ISO form, collections like JSON. */
export function convertToString(schema: Schema | null, value: ConnectValue): string | null {
  return value === null ? null : textOf(schema, value, false);
}

function textOf(schema: Schema | null, value: ConnectValue, isNested: boolean): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return isNested ? quoted(value) : value;
  if (typeof value !== 'object') return javaText(schema, value);
  if (value instanceof Uint8Array) {
    const text = asBuffer(value).toString('base64');
    return isNested ? `"${text}"` : text;
  }
  if (value instanceof Date) return dateText(value);
  if (value instanceof StructBase) return structText(value);
  if (isList(value)) return `[${value.map((element) => textOf(schema?.valueSchema ?? null, element, true)).join(',')}]`;
  if (!isMap(value)) return javaText(schema, value);
  const entries: string[] = [];
  for (const [key, entry] of value) {
    entries.push(`${textOf(schema?.keySchema ?? null, key, true)}:${textOf(schema?.valueSchema ?? null, entry, true)}`);
  }
  return `{${entries.join(',')}}`;
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

function structText(struct: StructBase): string {
  const members = (struct.schema.fields ?? []).map((field) => {
    const value = struct.values[field.index] ?? field.schema.defaultValue ?? null;
    return `${quoted(field.name)}:${textOf(field.schema, value, true)}`;
  });
  return `{${members.join(',')}}`;
}

/** A time of day before 1970-01-02, a day at midnight, a timestamp otherwise: Java goes by the value, not by the schema. */
function dateText(value: Date): string {
  const ms = value.getTime();
  const time = `${value.toISOString().slice(-13)}`;
  if (ms < MS_PER_DAY) return time;
  const { year, month, day } = julianOrGregorian(value);
  const date = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return ms % MS_PER_DAY === 0 ? date : `${date}T${time}`;
}
