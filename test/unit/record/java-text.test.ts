import { expect, test } from 'vitest';
import { dateText, doubleText, floatText, javaText } from '../../../src/record/java-text.ts';
import { dateSchema, decimalSchema } from '../../../src/record/logical-types.ts';
import { Decimal, Float32 } from '../../../src/record/numbers.ts';
import {
  BYTES_SCHEMA,
  buildArray,
  buildMap,
  buildStruct,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from '../../../src/record/schema-builder.ts';
import { Struct } from '../../../src/record/struct.ts';
import { goldenCases } from '../../helpers/record-golden.ts';

const view = new DataView(new ArrayBuffer(8));

function doubleOf(hex: string): number {
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
}

function floatOf(hex: string): number {
  view.setUint32(0, Number.parseInt(hex, 16));
  return view.getFloat32(0);
}

/** Digits only, for the cases where the JDK that made the capture (17) prints more of them than needed; JDK 19 and later do not. */
function isLongerForm(theirs: string, ours: string): boolean {
  const digits = (text: string) => text.replace(/E.*/, '').replace(/[-.]/g, '');
  return digits(theirs).length > digits(ours).length;
}

test('doubles print as in Java', () => {
  let longer = 0;
  for (const [hex, text] of goldenCases('double')) {
    const value = doubleOf(hex ?? '');
    const ours = doubleText(value);
    expect(Number(ours)).toBe(value);
    if (ours === text) continue;
    // 1.0E-323 is JDK 17's text for what JDK 19 prints as 9.9E-324, nearer to the value.
    if (text !== '1.0E-323') expect(isLongerForm(text ?? '', ours), `${hex}: ${text} there, ${ours} here`).toBe(true);
    longer++;
  }
  expect(longer).toBeLessThan(10);
});

test('single floats print as in Java', () => {
  let longer = 0;
  for (const [hex, text] of goldenCases('float')) {
    const value = floatOf(hex ?? '');
    const ours = floatText(value);
    expect(Math.fround(Number(ours))).toBe(value);
    if (ours === text) continue;
    expect(isLongerForm(text ?? '', ours), `${hex}: ${text} there, ${ours} here`).toBe(true);
    longer++;
  }
  expect(longer).toBeLessThan(100);
});

test('dates print as in Java, in UTC, Julian before October 1582', () => {
  for (const [ms, text] of goldenCases('date')) expect(dateText(new Date(Number(ms)))).toBe(text);
});

test('structs, maps and lists print as in Java', () => {
  const inner = buildStruct([['z', STRING_SCHEMA]]);
  const schema = buildStruct([
    ['id', INT32_SCHEMA],
    ['name', OPTIONAL_STRING_SCHEMA],
    ['f', FLOAT32_SCHEMA],
    ['in', inner],
    ['l', buildArray(STRING_SCHEMA)],
    ['m', buildMap(STRING_SCHEMA, INT64_SCHEMA)],
    ['d', decimalSchema(2)],
    ['day', dateSchema()],
  ]);
  const struct = new Struct(schema)
    .put('id', 1)
    .put('f', 1)
    .put('in', new Struct(inner).put('z', '우편'))
    .put('l', ['a', 'b'])
    .put('m', new Map([['k', 9007199254740993n]]))
    .put('d', Decimal.parse('12.30'))
    .put('day', new Date(0));
  const text = 'Struct{id=1,f=1.0,in=Struct{z=우편},l=[a, b],m={k=9007199254740993},d=12.30,day=Thu Jan 01 00:00:00 UTC 1970}';
  expect(javaText(schema, struct)).toBe(text);
  expect(String(struct)).toBe(text);
  expect(javaText(null, struct)).toBe(text);
});

test('schemaless values print by their form', () => {
  const value = new Map<string, null | bigint | number | Float32 | boolean | string[]>([
    ['i', 1n],
    ['d', 1],
    ['f', new Float32(0.1)],
    ['n', null],
    ['b', true],
    ['l', ['x', '']],
  ]);
  expect(javaText(null, value)).toBe('{i=1, d=1.0, f=0.1, n=null, b=true, l=[x, ]}');
  expect(javaText(null, [])).toBe('[]');
  expect(javaText(FLOAT64_SCHEMA, 1e10)).toBe('1.0E10');
});

test('bytes print as an array does in Java, the same for the same content', () => {
  const text = javaText(BYTES_SCHEMA, Uint8Array.of(1, 2));
  expect(text).toMatch(/^\[B@[0-9a-f]{8}$/);
  expect(javaText(BYTES_SCHEMA, Uint8Array.of(1, 2))).toBe(text);
  expect(javaText(BYTES_SCHEMA, Uint8Array.of(1, 3))).not.toBe(text);
});
