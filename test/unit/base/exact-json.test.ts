import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataError } from '../../../src/base/errors.ts';
import { formatExactJson, parseExactJson } from '../../../src/base/exact-json.ts';

test('whole numbers that a number cannot hold become bigint, others stay numbers', () => {
  expect(parseExactJson('[9007199254740991,9007199254740993,-9223372036854775808,1.5,0]')).toEqual([
    9007199254740991,
    9007199254740993n,
    -9223372036854775808n,
    1.5,
    0,
  ]);
});

test('as bigint: 3 and 3.0 stay apart', () => {
  expect(parseExactJson('{"a":3,"b":3.0,"c":1e2}', 'bigint')).toEqual({ a: 3n, b: 3, c: 100 });
});

test('as text: the digits as they stand', () => {
  expect(parseExactJson('{"a":1.50,"b":1e3,"c":-0,"d":true}', 'text')).toEqual({ a: '1.50', b: '1e3', c: '-0', d: true });
});

test('__proto__ is dropped at any depth and changes nothing', () => {
  const value = parseExactJson('{"__proto__":{"x":1},"a":{"__proto__":null,"b":1}}') as { a: object; x?: number };
  expect(value).toEqual({ a: { b: 1 } });
  expect(value.x).toBeUndefined();
});

test.each([
  ['too deep', '['.repeat(101) + ']'.repeat(101), 'nested deeper than 100 levels'],
  ['a number of many digits', '1'.repeat(1001), 'too long'],
  ['no JSON', '{"password":"s3cret" x', 'in JSON at position'],
  ['nothing', '', 'Unexpected end'],
])('%s is a DataError', (_, text, message) => {
  expect(() => parseExactJson(text)).toThrow(DataError);
  expect(() => parseExactJson(text)).toThrow(message);
});

test('brackets inside of texts are no depth', () => {
  expect(parseExactJson(`"${'[{'.repeat(200)}\\"${'['.repeat(200)}"`)).toHaveLength(601);
});

test('an error does not quote the text, which may hold secrets', () => {
  expect(() => parseExactJson('{"password":s3cret}')).toThrow(/^((?!s3cret).)*$/s);
});

test('what is written is read back the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(JSON.parse(formatExactJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(formatExactJson({ a: 9007199254740993n, b: undefined, c: [undefined, null], d: Number.NaN })).toBe(
    '{"a":9007199254740993,"c":[null,null],"d":null}',
  );
});

test('any text is a value or a DataError', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.json()),
      fc.constantFrom('exact' as const, 'bigint' as const, 'text' as const),
      (text, form) => {
        try {
          parseExactJson(text, form);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      },
    ),
    { numRuns: 500 },
  );
});
