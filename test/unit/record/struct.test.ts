import { expect, test } from 'vitest';
import { DataError } from '../../../src/base/errors.ts';
import {
  DATE_SCHEMA,
  dateToDays,
  decimalSchema,
  scaleOf,
  timeFromMs,
  timestampFromMs,
  timeToMs,
} from '../../../src/record/logical-types.ts';
import { Decimal } from '../../../src/record/numbers.ts';
import type { ConnectValue } from '../../../src/record/schema.ts';
import {
  buildArray,
  buildMap,
  buildSchema,
  buildStruct,
  INT8_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  SchemaBuilderError,
  STRING_SCHEMA,
  withOptions,
} from '../../../src/record/schema-builder.ts';
import { schemaEquals, schemaText, valueEquals } from '../../../src/record/schema-equals.ts';
import { fieldOf, Struct } from '../../../src/record/struct.ts';
import { validateValue } from '../../../src/record/validate-value.ts';
import { attempt, goldenCases } from '../../helpers/record-golden.ts';

const schema = buildStruct([
  ['a', INT32_SCHEMA],
  ['b', buildArray(STRING_SCHEMA, { optional: true })],
  ['m', buildMap(STRING_SCHEMA, INT64_SCHEMA, { optional: true })],
  ['d', decimalSchema(2, { optional: true })],
]);

/** The values that RecordGolden.java puts, in our forms. */
const puts: Readonly<Record<string, readonly [string, ConnectValue]>> = {
  'a <- x': ['a', 'x'],
  'a <- null': ['a', null],
  'a <- 5': ['a', 5n],
  'b <- [1]': ['b', [1]],
  'b <- [x, null]': ['b', ['x', null]],
  'b <- x': ['b', 'x'],
  'm <- {1=1}': ['m', new Map([[1, 1n]])],
  'm <- {a=x}': ['m', new Map([['a', 'x']])],
  'd <- x': ['d', 'x'],
  'd <- 5': ['d', 5n],
  'zz <- 1': ['zz', 1],
};

test('put refuses what does not fit, in Java’s words', () => {
  for (const [input, expected] of goldenCases('put')) {
    const put = puts[input ?? ''];
    if (put === undefined) throw new Error(`No value for case ${input}`);
    expect(attempt(() => String(new Struct(schema).put(...put)))).toBe(expected);
  }
});

test('a struct with a missing required field is not valid', () => {
  expect(attempt(() => new Struct(schema).validate())).toBe(goldenCases('validate')[0]?.[1]);
  expect(() => new Struct(schema).put('a', 1).validate()).not.toThrow();
});

test('only struct schemas make structs', () => {
  expect(goldenCases('notstruct').map(([, text]) => text)).toEqual([
    attempt(() => new Struct(INT32_SCHEMA)),
    attempt(() => new Struct(decimalSchema(2))),
  ]);
});

test('a default that does not fit is refused', () => {
  expect(attempt(() => buildSchema('INT32', { defaultValue: 'x' }))).toBe(goldenCases('default')[0]?.[1]);
});

test('defaults stand in for null until a value is put', () => {
  const withDefault = buildStruct([['n', buildSchema('INT32', { defaultValue: 7 })]]);
  const struct = new Struct(withDefault);
  expect(struct.get('n')).toBe(7);
  expect(struct.getWithoutDefault('n')).toBeNull();
  expect(struct.put('n', 8).get('n')).toBe(8);
});

test('fields are found by name; names of Object’s own properties are names like others', () => {
  const odd = buildStruct([
    ['__proto__', INT32_SCHEMA],
    ['constructor', STRING_SCHEMA],
  ]);
  expect(fieldOf(odd, '__proto__')?.index).toBe(0);
  expect(fieldOf(odd, 'toString')).toBeUndefined();
  expect(String(new Struct(odd).put('__proto__', 1).put('constructor', 'x'))).toBe('Struct{__proto__=1,constructor=x}');
});

test('field names must differ and not be empty', () => {
  expect(() =>
    buildStruct([
      ['a', INT32_SCHEMA],
      ['a', INT32_SCHEMA],
    ]),
  ).toThrow(SchemaBuilderError);
  expect(() => buildStruct([['', INT32_SCHEMA]])).toThrow('fieldName cannot be null.');
});

test('schemas are equal by all their parts', () => {
  const make = () =>
    buildStruct([
      ['d', buildSchema('BYTES', { name: 'n', version: 2, doc: 'd', parameters: { p: 'v', q: 'w' }, defaultValue: Uint8Array.of(1) })],
    ]);
  expect(schemaEquals(make(), make())).toBe(true);
  const changes = [{ optional: true }, { name: 'x' }, { version: 3 }, { doc: 'e' }, { parameters: { p: 'v' } }];
  for (const change of changes) expect(schemaEquals(withOptions(make(), change), make()), JSON.stringify(change)).toBe(false);
  expect(schemaEquals(make(), null)).toBe(false);
  expect(schemaEquals(buildArray(INT8_SCHEMA), buildArray(INT32_SCHEMA))).toBe(false);
  expect(schemaText(DATE_SCHEMA)).toBe('Schema{org.apache.kafka.connect.data.Date:INT32}');
});

test('values are equal by content', () => {
  const pairs: [ConnectValue, ConnectValue, boolean][] = [
    [Uint8Array.of(1), Buffer.of(1), true],
    [Decimal.parse('1.0'), Decimal.parse('1.00'), false],
    [new Map([[new Date(5), ['x']]]), new Map([[new Date(5), ['x']]]), true],
    [new Map([['a', 1]]), new Map([['b', 1]]), false],
    [Number.NaN, Number.NaN, true],
    [1n, 1, false],
    [new Struct(schema).put('a', 1), new Struct(schema).put('a', 1), true],
    [new Struct(schema).put('a', 1), new Struct(schema).put('a', 2), false],
  ];
  for (const [a, b, expected] of pairs) expect(valueEquals(a, b)).toBe(expected);
});

test('whole numbers must fit their type', () => {
  for (const [type, value] of [
    ['INT8', 128],
    ['INT16', -32769],
    ['INT32', 2147483648],
    ['INT32', 1.5],
  ] as const) {
    expect(() => validateValue(buildSchema(type), value)).toThrow(DataError);
  }
  expect(() => validateValue(INT64_SCHEMA, 2n ** 63n)).toThrow(DataError);
  expect(() => validateValue(INT64_SCHEMA, -(2n ** 63n))).not.toThrow();
});

test('logical values have limits', () => {
  expect(() => dateToDays(new Date(1))).toThrow('Kafka Connect Date type should not have any time fields set to non-zero values.');
  expect(dateToDays(new Date(-86_400_000))).toBe(-1);
  expect(timeToMs(timeFromMs(86_400_000))).toBe(86_400_000);
  expect(() => timeFromMs(-1)).toThrow(DataError);
  expect(() => timeToMs(new Date(-1))).toThrow(DataError);
  expect(() => timestampFromMs(9223372036854775807n)).toThrow(
    'Timestamp value 9223372036854775807 lies beyond the years that a date can hold.',
  );
  expect(() => scaleOf(buildSchema('BYTES', { parameters: { scale: 'x' } }))).toThrow('Invalid scale parameter found in Decimal schema: x');
  expect(scaleOf(decimalSchema(-3))).toBe(-3);
});
