/**
 * The columns of one result as the schema of its records, and where in a row the tracked columns are. Columns may change from one reading to the
 * next; while they do not, records share one schema. Source: io.confluent.connect.jdbc.source.{SchemaMapping, TimestampIncrementingCriteria}.
 */
import { ConnectError, DataError } from '../../../../base/errors.ts';
import type { Column } from '../../../../mysql/column.ts';
import type { ColumnReader } from '../../../../mysql/column-readers.ts';
import { scaleOf } from '../../../../record/logical-types.ts';
import { Decimal } from '../../../../record/numbers.ts';
import type { ConnectValue, Schema } from '../../../../record/schema.ts';
import { buildStruct } from '../../../../record/schema-builder.ts';
import { Struct } from '../../../../record/struct.ts';
import { type CellValue, type ColumnField, type FieldSettings, fieldOfColumn, isTimestamp } from './column-fields.ts';
import { momentWriter } from './granularity.ts';
import type { Moment } from './moment.ts';
import type { TrackedColumns } from './tracked-columns.ts';

const MAX_LONG = 9_223_372_036_854_775_807n;
const WHOLE = new Set(['INT8', 'INT16', 'INT32', 'INT64']);

export interface ShapeParts {
  /** Name of the schema; `null`: of a query. */
  readonly name: string | null;
  readonly tracked: TrackedColumns;
  readonly settings: FieldSettings;
}

interface NamedField extends ColumnField {
  readonly name: string;
  /** Place in the row. */
  readonly at: number;
  readonly isMoment: boolean;
}

export class ResultShape {
  readonly schema: Schema;
  readonly #writeMoment: (moment: Moment) => ConnectValue;
  readonly #id: NamedField | null;
  readonly #times: readonly NamedField[];
  readonly #moments: readonly number[];
  /** `null`: all of them. */
  readonly #kept: readonly number[] | null;

  /** Throws for tracked columns that are not there or of a type that cannot be tracked, and for two columns of one name. */
  constructor(columns: readonly Column[], { name, tracked, settings }: ShapeParts) {
    const fields = columns.flatMap((column, at) => namedField(column, at, tracked, settings) ?? []);
    this.schema = buildStruct(
      fields.map((field) => [field.name, field.schema]),
      { name },
    );
    this.#writeMoment = momentWriter(settings.granularity, settings.clock);
    this.#id = tracked.incrementing === null ? null : checkedId(findField(fields, tracked.incrementing, 'incrementing'));
    this.#times = tracked.timestamps.map((column) => checkedTime(findField(fields, column, 'timestamp')));
    this.#moments = fields.flatMap(({ isMoment, at }) => (isMoment ? [at] : []));
    this.#kept = fields.length === columns.length ? null : fields.map(({ at }) => at);
  }

  /** The row's id; `null` in modes without. Throws ConnectError for NULL and for a number that no offset can hold. */
  idOf(row: readonly CellValue[]): bigint | number | null {
    if (this.#id === null) return null;
    const value = row[this.#id.at];
    if (typeof value === 'number' || typeof value === 'bigint') return value;
    if (!(value instanceof Decimal))
      throw new ConnectError(`Null value for incrementing column of type: ${this.#id.schema.type} (${this.#id.name}).`);
    if (value.unscaled > MAX_LONG || value.unscaled < -MAX_LONG - 1n)
      throw new ConnectError(`Decimal value for incrementing column exceeded Long.MAX_VALUE: ${this.#id.name} is ${value}.`);
    return value.unscaled;
  }

  /** The first timestamp that is not NULL; `null` in modes without. Throws ConnectError when all are. */
  timeOf(row: readonly CellValue[]): Moment | null {
    if (this.#times.length === 0) return null;
    for (const { at } of this.#times) if (row[at] !== null) return row[at] as Moment;
    throw new ConnectError(`A row has NULL in all timestamp columns: ${this.#times.map((field) => field.name).join(', ')}.`);
  }

  /** The row as a record's value; takes the row over. */
  structOf(row: CellValue[]): Struct {
    for (const at of this.#moments) if (row[at] !== null) row[at] = this.#writeMoment(row[at] as Moment);
    const values = row as ConnectValue[];
    return Struct.trusted(this.schema, this.#kept === null ? values : this.#kept.map((at) => values[at]!));
  }
}

/** Shapes of one table or query, the last one kept. */
export class ResultShapes {
  readonly #parts: ShapeParts;
  #last: { readonly columns: string; readonly shape: ResultShape } | null = null;

  constructor(parts: ShapeParts) {
    this.#parts = parts;
  }

  readonly readerOf = (column: Column): ColumnReader<CellValue> => {
    const { tracked, settings } = this.#parts;
    return fieldOfColumn(column, settings, isTracked(column, tracked))?.read ?? (() => null);
  };

  of(columns: readonly Column[]): ResultShape {
    const key = JSON.stringify(columns);
    if (this.#last?.columns !== key) this.#last = { columns: key, shape: new ResultShape(columns, this.#parts) };
    return this.#last.shape;
  }
}

function namedField(column: Column, at: number, tracked: TrackedColumns, settings: FieldSettings): NamedField | null {
  const isMoment = isTracked(column, tracked);
  const field = fieldOfColumn(column, settings, isMoment);
  return field === null ? null : { ...field, name: column.name, at, isMoment };
}

/** A result may have columns whose names differ in case alone: each of them counts here. */
function isTracked(column: Column, { timestamps }: TrackedColumns): boolean {
  return isTimestamp(column) && timestamps.some((name) => name.toLowerCase() === column.name.toLowerCase());
}

/** By its name as it is written, else in whatever case. */
function findField(fields: readonly NamedField[], name: string, kind: string): NamedField {
  const exact = fields.find((field) => field.name === name);
  if (exact) return exact;
  const [found, ...more] = fields.filter((field) => field.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) {
    throw new DataError(
      `The result has no ${kind} column ${name}: its columns are ${fields.map((field) => field.name).join(', ')}. Select it, under this name.`,
    );
  }
  if (more.length > 0) {
    const names = [found, ...more].map((field) => field.name).join(', ');
    throw new DataError(`Which ${kind} column is meant by ${name}? The result has ${names}.`);
  }
  return found;
}

function checkedId(field: NamedField): NamedField {
  const { schema, name } = field;
  const isDecimal = schema.type === 'BYTES' && schema.name !== null;
  if (isDecimal && scaleOf(schema) !== 0)
    throw new ConnectError(`Scale of Decimal value for incrementing column must be 0: that of ${name} is ${scaleOf(schema)}.`);
  if (isDecimal || (schema.name === null && WHOLE.has(schema.type))) return field;
  throw new ConnectError(`Invalid type for incrementing column: ${schema.name ?? schema.type} (${name}). It takes whole numbers.`);
}

function checkedTime(field: NamedField): NamedField {
  if (field.isMoment) return field;
  const { schema, name } = field;
  throw new ConnectError(`Invalid type for timestamp column: ${schema.name ?? schema.type} (${name}). It takes DATETIME or TIMESTAMP.`);
}
