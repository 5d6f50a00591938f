/** Columns as fields: what each type becomes, values that do not fit, and which columns can be tracked. The whole table runs on a real MariaDB (jdbc-source-types.test.ts). */
import { describe, expect, test } from 'vitest';
import { COLUMN_FLAG, COLUMN_TYPE, type Column } from '../../../../../src/mysql/column.ts';
import { type CellValue, type FieldSettings, fieldOfColumn } from '../../../../../src/plugins/connectors/jdbc/source/column-fields.ts';
import { momentOfMs } from '../../../../../src/plugins/connectors/jdbc/source/moment.ts';
import { ResultShape, ResultShapes } from '../../../../../src/plugins/connectors/jdbc/source/result-shape.ts';
import type { NumericMapping } from '../../../../../src/plugins/connectors/jdbc/source/spec-database.ts';
import type { TrackedColumns } from '../../../../../src/plugins/connectors/jdbc/source/tracked-columns.ts';
import { WallClock } from '../../../../../src/plugins/connectors/jdbc/source/wall-clock.ts';
import { Decimal } from '../../../../../src/record/numbers.ts';
import type { ConnectValue } from '../../../../../src/record/schema.ts';

type Type = keyof typeof COLUMN_TYPE;

function column(name: string, type: Type, more: Partial<Column> = {}): Column {
  return {
    ...{ name, ownName: name, database: 'db', table: 't', ownTable: 't', type: COLUMN_TYPE[type] },
    ...{ flags: 0, charset: 63, length: 11, decimals: 0, extendedType: null, isJson: false },
    ...more,
  };
}

const driver = { zeroDates: 'EXCEPTION', yearIsDate: true, tinyInt1IsBit: true, bitIsBoolean: false } as const;
const settings: FieldSettings = { clock: new WallClock('UTC', false), granularity: 'connect_logical', decimals: 'none', driver };
const unsigned = { flags: COLUMN_FLAG.unsigned };
const utf8 = { charset: 45 };

function fieldOf(type: Type, more: Partial<Column> = {}, special: Partial<FieldSettings> = {}) {
  return fieldOfColumn(column('c', type, more), { ...settings, ...special })!;
}

function cellOf(type: Type, text: string | Buffer, more: Partial<Column> = {}, special: Partial<FieldSettings> = {}): CellValue {
  const bytes = Buffer.from(text);
  return fieldOf(type, more, special).read(bytes, 0, bytes.length);
}

describe('types', () => {
  test.each<[string, Type, Partial<Column>, string, ConnectValue]>([
    ['INT8', 'tiny', {}, '-128', -128],
    ['INT16', 'tiny', unsigned, '255', 255],
    ['INT16', 'short', {}, '-32768', -32_768],
    ['INT32', 'short', unsigned, '65535', 65_535],
    ['INT32', 'int24', {}, '-8388608', -8_388_608],
    ['INT64', 'int24', unsigned, '16777215', 16_777_215n],
    ['INT32', 'long', {}, '-2147483648', -2_147_483_648],
    ['INT64', 'long', unsigned, '4294967295', 4_294_967_295n],
    ['INT64', 'longlong', {}, '-9223372036854775808', -9_223_372_036_854_775_808n],
    ['INT64', 'longlong', unsigned, '9223372036854775807', 9_223_372_036_854_775_807n],
    ['FLOAT32', 'float', {}, '3.14', Math.fround(3.14)],
    ['FLOAT64', 'double', {}, '1e-300', 1e-300],
    ['STRING', 'varString', utf8, '한글', '한글'],
    ['STRING', 'blob', utf8, 'text', 'text'],
    ['STRING', 'json', {}, '{"b": 1.10}', '{"b": 1.10}'],
    ['BYTES', 'varString', {}, 'ab', Buffer.from('ab')],
    ['BYTES', 'geometry', utf8, 'ab', Buffer.from('ab')],
  ])('%s of %s', (type, wire, more, text, value) => {
    expect(fieldOf(wire, more).schema).toMatchObject({ type, optional: true, name: null });
    expect(cellOf(wire, text, more)).toEqual(value);
  });

  test('NOT NULL is required, all else optional', () => {
    expect(fieldOf('long', { flags: COLUMN_FLAG.notNull }).schema.optional).toBe(false);
    const date = { flags: COLUMN_FLAG.notNull };
    const toNull = { driver: { ...driver, zeroDates: 'CONVERT_TO_NULL' } } as const;
    expect(cellOf('date', '0000-00-00', {}, toNull)).toBe(null);
    expect(() => cellOf('date', '0000-00-00', date, toNull)).toThrow(
      'Column c of t: Invalid value: null used for required field: "c", schema type: INT32',
    );
  });

  test('a number that no long can be is named with its column', () => {
    expect(() => cellOf('longlong', '18446744073709551615', unsigned)).toThrow(
      'Column c of t: 18446744073709551615 is greater than a long',
    );
  });

  test('BIT is a byte with a sign, or an error', () => {
    const bit = { length: 16 };
    expect([cellOf('bit', '\x01', { length: 1 }), cellOf('bit', Buffer.from([0xff])), cellOf('bit', Buffer.from([0, 1]), bit)]).toEqual([
      1, -1, 1,
    ]);
    expect(() => cellOf('bit', Buffer.from([1, 0]), bit)).toThrow('The BIT value 256 does not fit a byte');
  });

  test('TINYINT(1) and YEAR as the parameters of the address say', () => {
    const one = { length: 1 };
    expect(fieldOf('tiny', one).schema.type).toBe('INT8');
    const bool = { driver: { ...driver, bitIsBoolean: true } };
    expect(['5', '1', '0', '-1', '-2'].map((text) => cellOf('tiny', text, one, bool))).toEqual([true, true, false, true, false]);
    expect(fieldOf('tiny', { length: 4 }, bool).schema.type).toBe('INT8');
    expect(fieldOf('tiny', one, { driver: { ...bool.driver, tinyInt1IsBit: false } }).schema.type).toBe('INT8');
    expect(cellOf('year', '2022', {}, { driver: { ...driver, yearIsDate: false } })).toBe(2022);
  });

  test('an untyped NULL is left out', () => {
    const shape = new ResultShape([column('a', 'null'), column('b', 'long')], {
      name: null,
      tracked: { incrementing: null, timestamps: [] },
      settings,
    });
    expect(shape.structOf([null, 7]).toString()).toBe('Struct{b=7}');
  });
});

describe('DECIMAL', () => {
  const decimal = (precision: number, scale: number, more: Partial<Column> = {}) => ({
    length: precision + 1 + (scale > 0 ? 1 : 0),
    decimals: scale,
    ...more,
  });

  test('exact, with its precision', () => {
    const { schema } = fieldOf('newdecimal', decimal(10, 2));
    expect(schema).toMatchObject({ type: 'BYTES', name: 'org.apache.kafka.connect.data.Decimal', version: 1 });
    expect([...schema.parameters!]).toEqual([
      ['scale', '2'],
      ['connect.decimal.precision', '10'],
    ]);
    expect(cellOf('newdecimal', '-17.10', decimal(10, 2))).toEqual(new Decimal(-1710n, 2));
    expect(fieldOf('newdecimal', { length: 6, decimals: 1, ...unsigned }).schema.parameters?.get('connect.decimal.precision')).toBe('5');
    expect(cellOf('newdecimal', '5', decimal(10, 2))).toEqual(new Decimal(500n, 2));
    expect(() => cellOf('newdecimal', '1.234', decimal(10, 2))).toThrow('more digits behind the point than its column, 2');
  });

  test.each<[NumericMapping, number, number, string]>([
    ['none', 2, 0, 'BYTES'],
    ['precision_only', 2, 0, 'INT8'],
    ['precision_only', 4, 0, 'INT16'],
    ['precision_only', 9, 0, 'INT32'],
    ['precision_only', 18, 0, 'INT64'],
    ['precision_only', 19, 0, 'BYTES'],
    ['precision_only', 9, 2, 'BYTES'],
    ['best_fit', 9, 0, 'INT32'],
    ['best_fit', 18, 2, 'FLOAT64'],
    ['best_fit', 19, 2, 'BYTES'],
    ['best_fit_eager_double', 38, 10, 'FLOAT64'],
    ['best_fit_eager_double', 38, 0, 'BYTES'],
  ])('numeric.mapping=%s, where it holds: (%i,%i) is %s', (decimals, precision, scale, type) => {
    expect(fieldOf('newdecimal', decimal(precision, scale), { decimals }).schema.type).toBe(type);
  });

  test('as numbers', () => {
    expect(cellOf('newdecimal', '17.13', decimal(10, 2), { decimals: 'best_fit' })).toBe(17.13);
    expect(cellOf('newdecimal', '-99', decimal(2, 0), { decimals: 'best_fit' })).toBe(-99);
    expect(cellOf('newdecimal', '999999999999999999', decimal(18, 0), { decimals: 'precision_only' })).toBe(999_999_999_999_999_999n);
  });
});

describe('tracked columns', () => {
  const tracked = (incrementing: string | null, ...timestamps: string[]): TrackedColumns => ({ incrementing, timestamps });
  const shapeOf = (columns: readonly Column[], names: TrackedColumns) => new ResultShape(columns, { name: 't', tracked: names, settings });

  test('are found in any case, the exact one first', () => {
    expect(shapeOf([column('ID', 'long'), column('id', 'long')], tracked('id')).idOf([1, 2])).toBe(2);
    expect(shapeOf([column('Id', 'long')], tracked('ID')).idOf([3])).toBe(3);
    expect(() => shapeOf([column('Id', 'long'), column('iD', 'long')], tracked('id'))).toThrow('The result has Id, iD.');
    expect(() => shapeOf([column('a', 'long')], tracked('id'))).toThrow('The result has no incrementing column id: its columns are a.');
    expect(() => shapeOf([column('a', 'long')], tracked(null, 'ts'))).toThrow('The result has no timestamp column ts');
  });

  test('ids are whole numbers', () => {
    const decimal = (scale: number) => column('id', 'newdecimal', { length: 40, decimals: scale });
    expect(shapeOf([column('id', 'longlong')], tracked('id')).idOf([9_007_199_254_740_993n])).toBe(9_007_199_254_740_993n);
    expect(shapeOf([decimal(0)], tracked('id')).idOf([new Decimal(7n, 0)])).toBe(7n);
    expect(() => shapeOf([decimal(0)], tracked('id')).idOf([new Decimal(2n ** 63n, 0)])).toThrow('exceeded Long.MAX_VALUE');
    expect(() => shapeOf([decimal(2)], tracked('id'))).toThrow('Scale of Decimal value for incrementing column must be 0');
    expect(() => shapeOf([column('id', 'varString', utf8)], tracked('id'))).toThrow('Invalid type for incrementing column: STRING (id).');
    expect(() => shapeOf([column('id', 'datetime')], tracked('id'))).toThrow('Invalid type for incrementing column');
    expect(() => shapeOf([column('id', 'long')], tracked('id')).idOf([null])).toThrow(
      'Null value for incrementing column of type: INT32 (id).',
    );
  });

  test('of several times the first that is not NULL counts; NULL everywhere is an error', () => {
    const shape = shapeOf([column('c', 'datetime'), column('M', 'timestamp')], tracked(null, 'm', 'c'));
    const [early, late] = [momentOfMs(1000), momentOfMs(2000)];
    expect([shape.timeOf([early, late]), shape.timeOf([early, null])]).toEqual([late, early]);
    expect(() => shape.timeOf([null, null])).toThrow('A row has NULL in all timestamp columns: M, c.');
    expect(shape.structOf([early, null]).values).toEqual([new Date(1000), null]);
    expect(() => shapeOf([column('d', 'date')], tracked(null, 'd'))).toThrow('Invalid type for timestamp column');
  });

  test('records of equal columns share a schema, and get another when a column changes', () => {
    const shapes = new ResultShapes({ name: 't', tracked: tracked(null), settings });
    const first = shapes.of([column('a', 'long')]).schema;
    expect(shapes.of([column('a', 'long')]).schema).toBe(first);
    const second = shapes.of([column('a', 'long'), column('b', 'long')]).schema;
    expect(second.fields?.map(({ name }) => name)).toEqual(['a', 'b']);
    expect([first.name, second.name, first.optional]).toEqual(['t', 't', false]);
  });
});
