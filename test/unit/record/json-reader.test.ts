import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SerializationError } from '../../../src/base/errors.ts';
import { JsonFraction, type JsonNode, parseJson, toPlainJson } from '../../../src/record/json-reader.ts';
import { quoteJson, writeJson } from '../../../src/record/json-text.ts';
import { Float32 } from '../../../src/record/numbers.ts';
import { goldenCases } from '../../helpers/record-golden.ts';

test('strings are escaped as Jackson does', () => {
  for (const [text, json, asName] of goldenCases('escape')) {
    expect(quoteJson(text ?? '')).toBe(json);
    expect(writeJson(new Map([[text ?? '', 1n]]))).toBe(asName);
  }
});

test('offset keys and values have Jackson’s bytes', () => {
  expect(writeJson(["c\u001f\t<&'", { f: '/x/a b/ü😀' }])).toBe('["c\\u001F\\t<&\'",{"f":"/x/a b/ü\\uD83D\\uDE00"}]');
  expect(writeJson(['fs', { filename: null }])).toBe('["fs",{"filename":null}]');
  expect(
    writeJson({ position: 9007199254740993n, n: 5, d: 0.1, big: 1e10, f: new Float32(1.1), nan: Number.NaN, skipped: undefined }),
  ).toBe('{"position":9007199254740993,"n":5,"d":0.1,"big":10000000000,"f":1.1,"nan":"NaN"}');
});

test('whole numbers are exact, others keep their text', () => {
  const node = parseJson('[9007199254740993,-0,007,1.50,1E+3,123456789012345678901]');
  expect(node).toEqual([9007199254740993n, 0n, 7n, new JsonFraction('1.50'), new JsonFraction('1E+3'), 123456789012345678901n]);
});

test('plain data: 64-bit wrap, the last of repeated members, harmless names', () => {
  const plain = toPlainJson(parseJson('{"a":1,"__proto__":{"polluted":true},"a":123456789012345678901,"b":[1.5,null]}') ?? null);
  expect(Object.keys(plain as object)).toEqual(['a', '__proto__', 'b']);
  expect((plain as { a: bigint }).a).toBe(-5670419503621182411n);
  expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('nesting and digits are limited', () => {
  expect(() => parseJson('['.repeat(1001))).toThrow(new SerializationError('The JSON text is nested deeper than 1000 levels.'));
  expect(() => parseJson('{"a":'.repeat(100_000))).toThrow(SerializationError);
  expect(parseJson('['.repeat(1000) + ']'.repeat(1000))).toHaveLength(1);
  expect(() => parseJson('1'.repeat(1001))).toThrow('Number at character 0 of the JSON text has more than 1000 digits.');
});

test('errors say what and where', () => {
  expect(() => parseJson('{"a" 1}')).toThrow('Unexpected "1" at character 5 of the JSON text.');
  expect(() => parseJson('[1,')).toThrow('The JSON text ends too early.');
  expect(() => parseJson('"abc')).toThrow('String that starts at character 0 of the JSON text has no end.');
});

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4 }),
  ),
}));

test('what is written reads back', () => {
  fc.assert(
    fc.property(json.value, (value) => {
      const text = writeJson(value as null);
      expect(toPlainJson(parseJson(Buffer.from(text)) ?? null)).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

/** As JSON.parse would have it: doubles, records. */
function asDoubles(node: JsonNode | undefined): unknown {
  if (typeof node === 'bigint') return Number(node);
  if (node instanceof JsonFraction) return node.toNumber();
  if (Array.isArray(node)) return node.map(asDoubles);
  return node instanceof Map ? Object.fromEntries([...node].map(([name, member]) => [name, asDoubles(member)])) : node;
}

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.stringify(asDoubles(parseJson(text)))).toBe(JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 500 },
  );
});

test('any bytes give a value or a SerializationError', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(noise, fc.nat(60), fc.nat(255), (bytes, at, byte) => {
      const changed = Uint8Array.from(bytes);
      if (at < changed.length) changed[at] = byte;
      try {
        parseJson(changed);
      } catch (error) {
        if (!(error instanceof SerializationError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});
