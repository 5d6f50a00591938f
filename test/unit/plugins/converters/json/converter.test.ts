import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inHand } from '../../../../../src/base/bytes-in-place.ts';
import { jsonConverter } from '../../../../../src/plugins/converters/json/index.ts';
import { dateSchema, decimalSchema, timeSchema, timestampSchema } from '../../../../../src/record/logical-types.ts';
import { Decimal } from '../../../../../src/record/numbers.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../../../../../src/record/schema.ts';
import {
  BOOLEAN_SCHEMA,
  BYTES_SCHEMA,
  buildArray,
  buildMap,
  buildSchema,
  buildStruct,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  INT8_SCHEMA,
  INT16_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from '../../../../../src/record/schema-builder.ts';
import { Struct } from '../../../../../src/record/struct.ts';
import { convertToString } from '../../../../../src/record/values.ts';
import { bytesOf, converterContract } from '../../../../contracts/converter-contract.ts';
import { attempt, describeBoth, goldenCases } from '../../../../helpers/record-golden.ts';

function make(config: Record<string, string> = {}) {
  return jsonConverter.create(config, false);
}

function written(config: Record<string, string>, schema: Schema | null, value: ConnectValue): string {
  const bytes = bytesOf(make(config).fromConnectData('t', schema, value));
  return bytes === null ? '<null>' : Buffer.from(bytes).toString();
}

const OFF = { 'schemas.enable': 'false' };

const address = buildStruct([['zip', OPTIONAL_STRING_SCHEMA]], { name: 'addr', optional: true });
const rowSchema = buildStruct(
  [
    ['i8', INT8_SCHEMA],
    ['i16', INT16_SCHEMA],
    ['i32', INT32_SCHEMA],
    ['i64', INT64_SCHEMA],
    ['f32', FLOAT32_SCHEMA],
    ['f64', FLOAT64_SCHEMA],
    ['b', BOOLEAN_SCHEMA],
    ['str', buildSchema('STRING', { defaultValue: 'dflt', doc: 'text' })],
    ['nul', OPTIONAL_STRING_SCHEMA],
    ['bytes', BYTES_SCHEMA],
    ['arr', buildArray(INT32_SCHEMA)],
    ['map', buildMap(STRING_SCHEMA, INT64_SCHEMA)],
    ['imap', buildMap(INT32_SCHEMA, STRING_SCHEMA)],
    ['addr', address],
    ['dec', decimalSchema(2)],
    ['date', dateSchema()],
    ['time', timeSchema()],
    ['ts', timestampSchema()],
    ['ots', timestampSchema({ optional: true })],
  ],
  { name: 'row', version: 3, doc: 'a row' },
);

function row(): Struct {
  return new Struct(rowSchema)
    .put('i8', -8)
    .put('i16', 300)
    .put('i32', 70000)
    .put('i64', 9007199254740993n)
    .put('f32', Math.fround(1.1))
    .put('f64', 1e21)
    .put('b', true)
    .put('str', '한글 "q" \\ \n \u0001 😀 / </a>')
    .put('bytes', Uint8Array.of(0, 1, 255))
    .put('arr', [1, 2, 3])
    .put(
      'map',
      new Map([
        ['a', 1n],
        ['b', 2n],
      ]),
    )
    .put('imap', new Map([[1, 'x']]))
    .put('addr', new Struct(address).put('zip', '12345'))
    .put('dec', Decimal.parse('-12.30'))
    .put('date', new Date(86_400_000 * 19_000))
    .put('time', new Date(3_723_004))
    .put('ts', new Date(1_700_000_000_123));
}

/** What the program JsonConverterGolden.java writes, from our own values. */
const writeCases: Readonly<Record<string, () => string>> = {
  'struct.on': () => written({}, rowSchema, row()),
  'struct.numeric': () => written({ 'decimal.format': 'NUMERIC' }, rowSchema, row()),
  'struct.off': () => written(OFF, rowSchema, row()),
  'string.on': () => written({}, STRING_SCHEMA, 'first message'),
  'string.optional': () => written({}, OPTIONAL_STRING_SCHEMA, 'x'),
  'null.on': () => written({}, OPTIONAL_STRING_SCHEMA, null),
  'null.noschema.on': () => written({}, null, null),
  'null.off': () => written(OFF, null, null),
  'schemaless.on': () =>
    written(
      {},
      null,
      new Map<string, ConnectValue>([
        ['a', 1n],
        ['b', [true, 1.5]],
      ]),
    ),
  'int.off': () => written(OFF, INT32_SCHEMA, 5),
};

function goldenLine(name: string): string | null {
  if (name in writeCases) return writeCases[name]?.() ?? null;
  const number = /^(f64|f32) (.*)$/.exec(name);
  if (number !== null) {
    const isDouble = number[1] === 'f64';
    return written(OFF, isDouble ? FLOAT64_SCHEMA : FLOAT32_SCHEMA, isDouble ? Number(number[2]) : Math.fround(Number(number[2])));
  }
  const read = /^read\.on (.*)$/s.exec(name);
  if (read !== null) {
    const line = attempt(() => describeRead(make().toConnectData('t', Buffer.from(read[1] ?? ''))));
    return line.replace(/^! /, '');
  }
  if (name === 'read.off') {
    const { value } = make(OFF).toConnectData('t', Buffer.from('{"a":12345678901234567890,"b":1.0,"c":9007199254740993}'));
    return describeBoth({ schema: null, value }).replace('null = ', '');
  }
  return null;
}

function describeRead({ schema, value }: SchemaAndValue): string {
  const className = value instanceof Map ? 'HashMap' : typeof value === 'string' ? 'String' : 'Integer';
  return `${schema === null ? 'null' : `Schema{${schema.type}}`} ${describeBoth({ schema, value }).replace(/^.* = /, '')} ${className}`;
}

test('every line of the captured JsonConverter is given byte for byte', () => {
  const file = path.resolve(import.meta.dirname, '../../../../golden/records/json-converter.txt');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const ours = lines.filter((line) => !line.startsWith('header ')).map((line) => line.split('\t')[0] ?? '');
  expect(ours.length).toBeGreaterThan(30);
  expect(ours.map((name) => `${name}\t${goldenLine(name)}`)).toEqual(lines.filter((line) => !line.startsWith('header ')));
});

/** Where we differ from the JVM, and why. Input (or its beginning) → what we give. */
const knownDifferences: Readonly<Record<string, string>> = {
  // A date of JavaScript ends in the year 275760; better an error than another day.
  '{"schema":{"type":"int32","name":"org.apache.kafka.connect.data.Date","version":1},"payload":2147483647}':
    '! org.apache.kafka.connect.errors.DataException: Date value 2147483647 lies beyond the years that a date can hold.',
};

/** The JVM gives the cause of this one only sometimes; NullPointerException is its way to miss the scale. */
function comparable(text: string | null | undefined): string | null | undefined {
  return text
    ?.replace('Invalid bytes for Decimal field <- org.apache.kafka.connect.errors.DataException', 'Invalid bytes for Decimal field')
    .replace(
      /^! java\.lang\.NullPointerException.*parameters\(\).*$/,
      '! org.apache.kafka.connect.errors.DataException: Invalid Decimal schema: scale parameter not found.',
    );
}

test('envelopes of all types are read, written and shown as on the JVM, on first sight and when known', () => {
  const on = make();
  const others = [on, make(OFF), make({ 'decimal.format': 'numeric' })];
  const keep = make({ 'replace.null.with.default': 'false' });
  for (let round = 0; round < 2; round++) {
    for (const [input, read, ...rest] of goldenCases('typed')) {
      const bytes = Buffer.from(input ?? '');
      const known = knownDifferences[input ?? ''];
      expect(comparable(attempt(() => describeBoth(on.toConnectData('t', bytes)))), input ?? '').toBe(known ?? comparable(read));
      if (rest.length === 0 || known !== undefined) continue;
      const { schema, value } = on.toConnectData('t', bytes);
      for (const [index, converter] of others.entries()) {
        const text = attempt(() => String(inHand(converter.fromConnectData('t', schema, value)) ?? '<null>'));
        expect(comparable(text), `${input} written, form ${index}`).toBe(comparable(rest[index]));
      }
      expect(
        attempt(() => convertToString(schema, value)),
        `${input} as header text`,
      ).toBe(rest[3]);
      expect(comparable(attempt(() => describeBoth(keep.toConnectData('t', bytes)))), `${input}, nulls kept`).toBe(comparable(rest[4]));
    }
  }
});

/** Schemaless maps keep their order here; Java's HashMap does not. */
const rawDifferences: Readonly<Record<string, string>> = {
  '{"payload":1,"schema":null}': 'null = {payload=1, schema=null}',
};

test('odd, broken and hostile messages are taken or refused as on the JVM', () => {
  const on = make();
  const off = make(OFF);
  for (const [input, withSchemas, without] of goldenCases('raw')) {
    const bytes = input === null ? null : Buffer.from(input, 'latin1');
    expect(
      attempt(() => describeBoth(on.toConnectData('t', bytes))),
      `${input?.slice(0, 60)} with schemas`,
    ).toBe(withSchemas);
    const wanted = rawDifferences[input ?? ''] ?? without;
    expect(
      attempt(() => describeBoth(off.toConnectData('t', bytes))),
      `${input?.slice(0, 60)} without`,
    ).toBe(wanted);
  }
});

test('a fixed schema reads bare values', () => {
  for (const [input, expected] of goldenCases('schema.content')) {
    const bytes = input === null ? null : Buffer.from(input);
    // No bytes are no number: the JVM makes 0 of them.
    const wanted = input === '' ? '! org.apache.kafka.connect.errors.DataException: Invalid null value for required INT32 field' : expected;
    expect(attempt(() => describeBoth(make({ 'schema.content': '{"type":"int32"}' }).toConnectData('t', bytes)))).toBe(wanted);
  }
  for (const [content, expected] of goldenCases('schema.content.bad')) {
    expect(
      attempt(() => describeBoth(make({ 'schema.content': content ?? '' }).toConnectData('t', Buffer.from('5')))),
      content ?? '',
    ).toBe(expected);
  }
});

/** The values of RecordGolden.java's `write.wrong`, in order. */
const wrongValues: readonly [Schema | null, ConnectValue][] = [
  [INT32_SCHEMA, 'x'],
  [STRING_SCHEMA, 5],
  [STRING_SCHEMA, 5n],
  [BYTES_SCHEMA, 'x'],
  [INT64_SCHEMA, null],
  [null, new Date(0)],
  [null, Decimal.parse('1.5')],
  [decimalSchema(2), 'x'],
  [decimalSchema(2), Decimal.parse('1.5')],
  [dateSchema(), 5],
  [dateSchema(), new Date(1)],
  [timeSchema(), new Date(86_400_000)],
  [timestampSchema(), 5n],
  [buildArray(INT32_SCHEMA), 'x'],
  [buildStruct([['a', INT32_SCHEMA]]), 'x'],
  [buildMap(STRING_SCHEMA, INT32_SCHEMA), 'x'],
  [FLOAT64_SCHEMA, 'x'],
  [BOOLEAN_SCHEMA, 'x'],
  [buildStruct([['a', INT32_SCHEMA]]), new Struct(buildStruct([['b', OPTIONAL_INT32_SCHEMA]]))],
  [buildStruct([['a', INT32_SCHEMA]]), new Struct(buildStruct([['a', INT32_SCHEMA]]))],
];

test('values that do not fit their schema are refused as on the JVM', () => {
  const cases = goldenCases('write.wrong');
  expect(cases).toHaveLength(wrongValues.length);
  for (const [index, [input, base64, numeric]] of cases.entries()) {
    const [schema, value] = wrongValues[index] ?? [null, null];
    expect(
      attempt(() => written({}, schema, value)),
      input ?? '',
    ).toBe(base64);
    expect(
      attempt(() => written({ 'decimal.format': 'NUMERIC' }, schema, value)),
      input ?? '',
    ).toBe(numeric);
  }
});

test('settings are as on the JVM, in its order', () => {
  const rows = [
    'converter.type',
    'schemas.enable',
    'schemas.cache.size',
    'schema.content',
    'decimal.format',
    'replace.null.with.default',
  ].map((name) => {
    const key = jsonConverter.spec.keys.get(name);
    const defaultText = key?.defaultValue === undefined ? '<required>' : String(key.defaultValue);
    return [name, key?.type, defaultText, key?.importance, key?.group, String(key?.orderInGroup), key?.width, key?.displayName, '[]'];
  });
  expect(rows).toEqual(goldenCases('spec.JsonConverter').map((golden) => golden.slice(0, 9)));
  expect([...jsonConverter.spec.keys.keys()]).toEqual(rows.map(([name]) => name));
});

test('an unknown decimal format is refused', () => {
  expect(() => make({ 'decimal.format': 'HEX' })).toThrow('Invalid value HEX for configuration decimal.format');
});

converterContract({
  plugin: jsonConverter,
  nullSchema: null,
  samples: [
    { schema: STRING_SCHEMA, value: 'plain' },
    { schema: STRING_SCHEMA, value: '"quoted" 한글 😀 \u0001' },
    { schema: OPTIONAL_STRING_SCHEMA, value: null },
    { schema: INT64_SCHEMA, value: 9007199254740993n },
    { schema: FLOAT64_SCHEMA, value: -1.5e300 },
    { schema: decimalSchema(2), value: Decimal.parse('-12.30') },
    { schema: timestampSchema(), value: new Date(1_700_000_000_123) },
    { schema: rowSchema, value: row() },
    {
      schema: null,
      value: new Map<string, ConnectValue>([
        ['a', 1n],
        ['b', [true, 1.5, null, 'x']],
      ]),
    },
  ],
  wrong: [
    { schema: INT32_SCHEMA, value: 'x', message: 'Invalid type for INT32: class java.lang.String' },
    { schema: STRING_SCHEMA, value: 5, message: 'Invalid type for STRING: class java.lang.Integer' },
  ],
});
