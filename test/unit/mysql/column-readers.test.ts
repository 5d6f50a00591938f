import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COLUMN_TYPE, type Column, hasFlag, isBinary } from '../../../src/mysql/column.ts';
import { exactReader } from '../../../src/mysql/column-readers.ts';

const column = (type: number, more: Partial<Column> = {}): Column => ({
  name: 'c',
  ownName: 'c',
  database: 'd',
  table: 't',
  ownTable: 't',
  type,
  flags: 0,
  charset: 224,
  length: 10,
  decimals: 0,
  extendedType: null,
  isJson: false,
  ...more,
});

/** The value stands between other bytes, as it does in a packet. */
const read = (of: Column, text: string | Buffer) => {
  const value = Buffer.from(text as string);
  return exactReader(of)(Buffer.concat([Buffer.from('99'), value, Buffer.from('99')]), 2, 2 + value.length);
};

describe('values', () => {
  test.each([
    ['tiny', '-128', -128],
    ['short', '65535', 65535],
    ['int24', '-8388608', -8388608],
    ['long', '4294967295', 4294967295],
    ['long', '0', 0],
    ['year', '2022', 2022],
    ['longlong', '9223372036854775807', 9223372036854775807n],
    ['longlong', '-9223372036854775808', -9223372036854775808n],
    ['longlong', '18446744073709551615', 18446744073709551615n],
    ['longlong', '-1', -1n],
    ['float', '1.5', 1.5],
    ['double', '-1.7976931348623157e308', -1.7976931348623157e308],
    ['newdecimal', '12345678901234567890.120', '12345678901234567890.120'],
    ['date', '0000-00-00', '0000-00-00'],
    ['time', '-838:59:59.000001', '-838:59:59.000001'],
    ['datetime', '2022-01-21 00:44:13.123456', '2022-01-21 00:44:13.123456'],
    ['timestamp', '2022-01-21 00:44:13', '2022-01-21 00:44:13'],
    ['varString', '한글 😀', '한글 😀'],
    ['blob', '', ''],
  ] as const)('%s %s', (type, text, value) => {
    expect(read(column(COLUMN_TYPE[type], { charset: typeof value === 'string' ? 224 : 63 }), text)).toBe(value);
  });

  test('64-bit numbers are whole', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
        expect(read(column(COLUMN_TYPE.longlong), String(value))).toBe(value);
      }),
    );
  });

  test('bytes are a copy', () => {
    const wire = Buffer.from([1, 0xff, 0, 2]);
    const value = exactReader(column(COLUMN_TYPE.blob, { charset: 63 }))(wire, 1, 3);
    wire.fill(0x55);
    expect(value).toEqual(Buffer.from([0xff, 0]));
  });
});

test('text or bytes', () => {
  expect([
    isBinary(column(COLUMN_TYPE.bit, { charset: 63 })),
    isBinary(column(COLUMN_TYPE.geometry)),
    isBinary(column(COLUMN_TYPE.blob, { charset: 63 })),
    isBinary(column(COLUMN_TYPE.string, { charset: 63 })),
  ]).toEqual([true, true, true, true]);
  expect([
    isBinary(column(COLUMN_TYPE.blob)),
    isBinary(column(COLUMN_TYPE.json, { charset: 63 })),
    isBinary(column(COLUMN_TYPE.blob, { charset: 63, isJson: true })),
  ]).toEqual([false, false, false]);
});

test('flags', () => {
  expect([hasFlag(column(3, { flags: 1 | 512 }), 'notNull'), hasFlag(column(3, { flags: 512 }), 'notNull')]).toEqual([true, false]);
});
