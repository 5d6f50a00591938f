/** Connect's logical types and the stored form of their values. Source: org.apache.kafka.connect.data.{Decimal,Date,Time,Timestamp}. */
import { DataError } from '../base/errors.ts';
import { Decimal } from './numbers.ts';
import type { Schema, SchemaType } from './schema.ts';
import { buildSchema, type SchemaOptions } from './schema-builder.ts';

export const DECIMAL_NAME = 'org.apache.kafka.connect.data.Decimal';
export const DATE_NAME = 'org.apache.kafka.connect.data.Date';
export const TIME_NAME = 'org.apache.kafka.connect.data.Time';
export const TIMESTAMP_NAME = 'org.apache.kafka.connect.data.Timestamp';
export const MS_PER_DAY = 86_400_000;
/** What a JavaScript Date can hold, in milliseconds either side of 1970. */
const MAX_DATE_MS = 8.64e15;

export type LogicalType = 'Decimal' | 'Date' | 'Time' | 'Timestamp';

const byName: ReadonlyMap<string, LogicalType> = new Map([
  [DECIMAL_NAME, 'Decimal'],
  [DATE_NAME, 'Date'],
  [TIME_NAME, 'Time'],
  [TIMESTAMP_NAME, 'Timestamp'],
]);

/** Which logical type the name of a schema stands for, whatever its physical type is; `null` for others. */
export function logicalTypeOf(schema: Schema | null): LogicalType | null {
  return schema === null || schema.name === null ? null : (byName.get(schema.name) ?? null);
}

/** A value of this type and no logical one. */
export function isPlain(schema: Schema, type: SchemaType): boolean {
  return schema.type === type && logicalTypeOf(schema) === null;
}

export type LogicalOptions = Pick<SchemaOptions, 'optional' | 'doc' | 'defaultValue'>;

export function decimalSchema(scale: number, options: LogicalOptions = {}): Schema {
  return buildSchema('BYTES', { ...options, name: DECIMAL_NAME, version: 1, parameters: { scale: String(scale) } });
}

export function dateSchema(options: LogicalOptions = {}): Schema {
  return buildSchema('INT32', { ...options, name: DATE_NAME, version: 1 });
}

export function timeSchema(options: LogicalOptions = {}): Schema {
  return buildSchema('INT32', { ...options, name: TIME_NAME, version: 1 });
}

export function timestampSchema(options: LogicalOptions = {}): Schema {
  return buildSchema('INT64', { ...options, name: TIMESTAMP_NAME, version: 1 });
}

export const DATE_SCHEMA = dateSchema();
export const TIME_SCHEMA = timeSchema();
export const TIMESTAMP_SCHEMA = timestampSchema();

/** The scale parameter of a Decimal schema. Throws DataError when it is missing or no whole number. */
export function scaleOf(schema: Schema): number {
  const text = schema.parameters?.get('scale');
  if (text === undefined) throw new DataError('Invalid Decimal schema: scale parameter not found.');
  const scale = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(scale) || (scale | 0) !== scale) throw new DataError(`Invalid scale parameter found in Decimal schema: ${text}`);
  return scale;
}

/** Throws DataError when the scales differ. */
export function decimalToBytes(schema: Schema, value: Decimal): Uint8Array {
  const scale = scaleOf(schema);
  if (value.scale !== scale) {
    throw new DataError(
      `Decimal value has mismatching scale for given Decimal schema. Schema has scale ${scale}, value has scale ${value.scale}.`,
    );
  }
  return value.toBytes();
}

export function decimalFromBytes(schema: Schema, bytes: Uint8Array): Decimal {
  return Decimal.fromBytes(bytes, scaleOf(schema));
}

/** Days since 1970. Throws DataError when the value has a time of day. */
export function dateToDays(value: Date): number {
  const ms = value.getTime();
  if (ms % MS_PER_DAY !== 0) throw new DataError('Kafka Connect Date type should not have any time fields set to non-zero values.');
  return (ms / MS_PER_DAY) | 0;
}

/** Throws DataError for a day beyond the years that a date can hold (about ±270,000). */
export function dateFromDays(days: number): Date {
  return checkedDate(days * MS_PER_DAY, 'Date', days);
}

/** Milliseconds of the day, its end (24:00) included. Throws DataError when the value is not on 1970-01-01. */
export function timeToMs(value: Date): number {
  const ms = value.getTime();
  if (!(ms >= 0 && ms <= MS_PER_DAY))
    throw new DataError('Kafka Connect Time type should not have any date fields set to non-zero values.');
  return ms;
}

export function timeFromMs(ms: number): Date {
  if (ms < 0 || ms > MS_PER_DAY) {
    throw new DataError('Time values must use number of milliseconds greater than 0 and less than 86400000');
  }
  return new Date(ms);
}

export function timestampToMs(value: Date): bigint {
  return BigInt(checkedTimestamp(value));
}

/** Milliseconds since 1970 as a number. Throws DataError for a date that is none. */
export function checkedTimestamp(value: Date): number {
  const ms = value.getTime();
  if (Number.isNaN(ms)) throw new DataError('A Timestamp value is an invalid date.');
  return ms;
}

/** Throws DataError beyond ±8.64e15 ms (the year 275760), the most that a date can hold here. */
export function timestampFromMs(ms: bigint | number): Date {
  return checkedDate(Number(ms), 'Timestamp', ms);
}

function checkedDate(ms: number, type: LogicalType, given: bigint | number): Date {
  if (!(Math.abs(ms) <= MAX_DATE_MS)) throw new DataError(`${type} value ${given} lies beyond the years that a date can hold.`);
  return new Date(ms);
}
