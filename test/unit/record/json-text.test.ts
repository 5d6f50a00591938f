/** JSON's texts by the short ways are those of the long ones. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteJson, wholeText } from '../../../src/record/json-text.ts';

test('whole numbers as the engine writes them', () => {
  const numbers = fc.oneof(
    fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
    fc.integer({ min: 999_000_000, max: 2_000_000_000 }),
    fc.integer({ min: 1_000_000_000_000, max: 1_900_000_000_000 }),
    fc.constantFrom(0, 1e9 - 1, 1e9, 1_000_000_001, 1e15 - 1, 1e15, 253_402_300_799_999, -1e12),
  );
  const same = fc.property(numbers, (number) => {
    expect(wholeText(number)).toBe(String(number));
  });
  fc.assert(same, { numRuns: 2000 });
});

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

/** As Jackson does it, unit by unit. */
function quoted(text: string): string {
  const units = text.split('').map((unit) => {
    const code = unit.charCodeAt(0);
    const isPlain = code >= 0x20 && (code < 0xd800 || code > 0xdfff);
    return SHORT[unit] ?? (isPlain ? unit : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`);
  });
  return `"${units.join('')}"`;
}

test('texts: short escapes, upper-case digits, halves of pairs', () => {
  const strange = fc.constantFrom('a', '"', '\\', '\n', '\u0001', '\u001f', '\u007f', '\u2028', '한', '😀', '\ud800', '\udfff', 'u', '0');
  const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: strange }));
  const same = fc.property(texts, (text) => {
    expect(quoteJson(text)).toBe(quoted(text));
  });
  fc.assert(same, { numRuns: 1000 });
  expect(quoteJson('a"\u001f😀')).toBe('"a\\"\\u001F\\uD83D\\uDE00"');
});
