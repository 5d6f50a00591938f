/** DECIMAL and NUMERIC: exact, or as a number where `numeric.mapping` is to hold for them. Source: GenericDatabaseDialect.addFieldToSchema. */
import { DataError } from '../../../../base/errors.ts';
import { type Column, hasFlag } from '../../../../mysql/column.ts';
import { type ColumnReader, readBigInt, readDouble, readInteger } from '../../../../mysql/column-readers.ts';
import { DECIMAL_NAME } from '../../../../record/logical-types.ts';
import { Decimal } from '../../../../record/numbers.ts';
import type { Schema } from '../../../../record/schema.ts';
import { buildSchema } from '../../../../record/schema-builder.ts';
import type { NumericMapping } from './spec-database.ts';

const PRECISION = 'connect.decimal.precision';
/** So many digits fit a long whatever they are. */
const LONG_DIGITS = 18;
/** Digits that fit for sure, and the type. */
const WHOLE_TYPES = [
  [2, 'INT8'],
  [4, 'INT16'],
  [9, 'INT32'],
] as const;

interface NumberField {
  readonly schema: Schema;
  readonly read: ColumnReader<number | bigint | Decimal>;
}

export function decimalField(column: Column, optional: boolean, mapping: NumericMapping): NumberField {
  const scale = column.decimals;
  // The server tells the greatest width in characters: digits, a sign unless unsigned, a point unless whole.
  const precision = column.length - (hasFlag(column, 'unsigned') ? 0 : 1) - (scale > 0 ? 1 : 0);
  if (mapping !== 'none' && scale === 0 && precision <= LONG_DIGITS) return wholeField(precision, optional);
  const isDouble = scale > 0 && (mapping === 'best_fit_eager_double' || (mapping === 'best_fit' && precision <= LONG_DIGITS));
  if (isDouble) return { schema: buildSchema('FLOAT64', { optional }), read: readDouble };
  const parameters = { scale: String(scale), [PRECISION]: String(precision) };
  return { schema: buildSchema('BYTES', { optional, name: DECIMAL_NAME, version: 1, parameters }), read: decimalReader(scale) };
}

function wholeField(precision: number, optional: boolean): NumberField {
  const type = WHOLE_TYPES.find(([digits]) => precision <= digits)?.[1];
  if (type === undefined) return { schema: buildSchema('INT64', { optional }), read: readBigInt };
  return { schema: buildSchema(type, { optional }), read: readInteger };
}

function decimalReader(scale: number): ColumnReader<Decimal> {
  return (bytes, start, end) => {
    const value = Decimal.parse(bytes.toString('latin1', start, end));
    if (value.scale === scale) return value;
    if (value.scale < scale) return value.rescale(scale);
    throw new DataError(`The value ${value} has more digits behind the point than its column, ${scale}.`);
  };
}
