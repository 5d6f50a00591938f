/**
 * What a column of a result becomes in Connect: its schema, and its value out of the bytes of a row.
 * Source: io.confluent.connect.jdbc.dialect.{GenericDatabaseDialect, MySqlDatabaseDialect} over the types that Connector/J 9.1 reports.
 */
import { DataError, messageOf } from '../../../../base/errors.ts';
import { COLUMN_TYPE, type Column, hasFlag, isBinary } from '../../../../mysql/column.ts';
import { type ColumnReader, readBigInt, readBytes, readDouble, readInteger, readText } from '../../../../mysql/column-readers.ts';
import type { DatabaseAddress } from '../../../../mysql/jdbc-url.ts';
import { dateSchema, timeSchema } from '../../../../record/logical-types.ts';
import type { ConnectValue, Schema, SchemaType } from '../../../../record/schema.ts';
import { buildSchema } from '../../../../record/schema-builder.ts';
import { decimalField } from './decimal-field.ts';
import { granularitySchema, momentWriter } from './granularity.ts';
import type { Moment } from './moment.ts';
import type { Granularity } from './spec-connector.ts';
import type { NumericMapping } from './spec-database.ts';
import { dateReader, momentReader, timeReader, timestampReader, yearReader } from './time-readers.ts';
import type { WallClock } from './wall-clock.ts';

export interface FieldSettings {
  readonly clock: WallClock;
  readonly granularity: Granularity;
  /** Of DECIMAL: `none` keeps them exact. */
  readonly decimals: NumericMapping;
  readonly driver: Pick<DatabaseAddress, 'zeroDates' | 'yearIsDate' | 'tinyInt1IsBit' | 'bitIsBoolean'>;
}

/** A DATETIME or TIMESTAMP that is tracked is a Moment at first: the offset needs its microseconds. */
export type CellValue = ConnectValue | Moment;

export interface ColumnField {
  readonly schema: Schema;
  readonly read: ColumnReader<CellValue>;
}

const MAX_LONG = 9_223_372_036_854_775_807n;

export function isTimestamp({ type }: Column): boolean {
  return type === COLUMN_TYPE.datetime || type === COLUMN_TYPE.timestamp;
}

/** `null`: an untyped NULL (`SELECT NULL`), which is left out. `isTracked`: see CellValue. */
export function fieldOfColumn(column: Column, settings: FieldSettings, isTracked = false): ColumnField | null {
  if (column.type === COLUMN_TYPE.null) return null;
  const field = isTimestamp(column) ? timestampField(column, settings, isTracked) : plainField(column, settings);
  return { schema: field.schema, read: explained(column, field) };
}

function timestampField(column: Column, { clock, granularity, driver }: FieldSettings, isTracked: boolean): ColumnField {
  const schema = granularitySchema(granularity, isOptional(column));
  const settings = { clock, zeroDates: driver.zeroDates };
  if (isTracked) return { schema, read: momentReader(settings) };
  if (granularity === 'connect_logical') return { schema, read: timestampReader(settings) };
  const read = momentReader(settings);
  const write = momentWriter(granularity, clock);
  return {
    schema,
    read: (bytes, start, end) => {
      const moment = read(bytes, start, end);
      return moment === null ? null : write(moment);
    },
  };
}

function plainField(column: Column, { clock, driver, decimals }: FieldSettings): ColumnField {
  const optional = isOptional(column);
  const isUnsigned = hasFlag(column, 'unsigned');
  const simple = (type: Exclude<SchemaType, 'ARRAY' | 'MAP' | 'STRUCT'>, read: ColumnReader<ConnectValue>) => ({
    schema: buildSchema(type, { optional }),
    read,
  });
  switch (column.type) {
    case COLUMN_TYPE.tiny:
      if (isUnsigned) return simple('INT16', readInteger);
      return column.length === 1 && driver.tinyInt1IsBit && driver.bitIsBoolean
        ? simple('BOOLEAN', readTruth)
        : simple('INT8', readInteger);
    case COLUMN_TYPE.short:
      return simple(isUnsigned ? 'INT32' : 'INT16', readInteger);
    case COLUMN_TYPE.int24:
    case COLUMN_TYPE.long:
      return isUnsigned ? simple('INT64', readBigInt) : simple('INT32', readInteger);
    case COLUMN_TYPE.longlong:
      return simple('INT64', isUnsigned ? readUnsigned : readBigInt);
    case COLUMN_TYPE.float:
      return simple('FLOAT32', (bytes, start, end) => Math.fround(readDouble(bytes, start, end)));
    case COLUMN_TYPE.double:
      return simple('FLOAT64', readDouble);
    case COLUMN_TYPE.decimal:
    case COLUMN_TYPE.newdecimal:
      return decimalField(column, optional, decimals);
    case COLUMN_TYPE.bit:
      return simple('INT8', readBits);
    case COLUMN_TYPE.year:
      return driver.yearIsDate ? { schema: dateSchema({ optional }), read: yearReader(clock) } : simple('INT32', readInteger);
    case COLUMN_TYPE.date:
      return { schema: dateSchema({ optional }), read: dateReader({ clock, zeroDates: driver.zeroDates }) };
    case COLUMN_TYPE.time:
      return { schema: timeSchema({ optional }), read: timeReader(clock) };
    default:
      return isBinary(column) ? simple('BYTES', readBytes) : simple('STRING', readText);
  }
}

/** Expressions and what may be missing in a join are optional, as the server says. */
function isOptional(column: Column): boolean {
  return !hasFlag(column, 'notNull');
}

function readUnsigned(bytes: Buffer, start: number, end: number): bigint {
  const value = readBigInt(bytes, start, end);
  if (value > MAX_LONG)
    throw new DataError(`${value} is greater than a long of Connect can be (${MAX_LONG}). CAST it in a query or a view.`);
  return value;
}

/** As the driver reads BIT into a byte: its sign is the eighth bit. */
function readBits(bytes: Buffer, start: number, end: number): number {
  for (let at = start; at < end - 1; at++) {
    if (bytes[at] !== 0) {
      const bits = BigInt(`0x${bytes.toString('hex', start, end)}`);
      throw new DataError(`The BIT value ${bits} does not fit a byte, which BIT is in Connect. CAST it to UNSIGNED in a query or a view.`);
    }
  }
  return (bytes[end - 1]! << 24) >> 24;
}

function readTruth(bytes: Buffer, start: number, end: number): boolean {
  const value = readInteger(bytes, start, end);
  return value > 0 || value === -1;
}

/** Errors name the column; a NULL that the schema does not allow is one. */
function explained({ name, table }: Column, { schema, read }: ColumnField): ColumnReader<CellValue> {
  const where = `Column ${name}${table === '' ? '' : ` of ${table}`}`;
  return (bytes, start, end) => {
    let value: CellValue;
    try {
      value = read(bytes, start, end);
    } catch (error) {
      throw new DataError(`${where}: ${messageOf(error)}`, { cause: error });
    }
    if (value === null && !schema.optional)
      throw new DataError(`${where}: Invalid value: null used for required field: "${name}", schema type: ${schema.type}`);
    return value;
  };
}
