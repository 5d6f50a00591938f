/** Expressions that cannot hang the screen. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearRegex } from '../../../src/base/linear-regex.ts';

test('letters in either case, Hangul in either composition, escapes as they are', () => {
  expect(linearRegex('GET .*[A-Z]{2}\\d+').test('get /x ab17')).toBe(true);
  expect(linearRegex('^\\S+$').test('a b')).toBe(false);
  expect(linearRegex('[가-힣]+님').test('홍길동님'.normalize('NFD'))).toBe(true);
  expect(linearRegex('\\x41\\u0042').test('xaBx')).toBe(true);
  expect(linearRegex('b+').ranges('aBBab')).toEqual([
    [1, 3],
    [4, 5],
  ]);
});

test('an expression that others run for ever has its answer at once', () => {
  const startMs = performance.now();
  expect(linearRegex('(a+)+$').test(`${'a'.repeat(100_000)}!`)).toBe(false);
  expect(linearRegex('(a|a)*(a|a)*b').ranges('a'.repeat(2_000))).toEqual([]);
  expect(performance.now() - startMs).toBeLessThan(2_000);
});

test('what is not read says why', () => {
  expect(() => linearRegex('(')).toThrow('Invalid expression: Unterminated group');
  for (const pattern of ['(?=a)b', '(a)\\1', '(?<!x)a']) expect(() => linearRegex(pattern)).toThrow(/hang the screen|Invalid/);
  expect(() => linearRegex('\\p{L}')).toThrow('[가-힣]');
  expect(() => linearRegex('((a{99}){99}){99}')).toThrow('repetitions');
  expect(() => linearRegex('a'.repeat(2_000))).toThrow('too long');
});

test('where V8 agrees on what a plain expression is, so do its answers', () => {
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '(ab|c)', '^', '$', '\\b');
  const times = fc.constantFrom('', '*', '+', '?', '{1,2}');
  const pattern = fc
    .array(fc.tuple(atom, times), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.map((part) => part.join('')).join(''));
  fc.assert(
    fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ') }), (source, text) => {
      let own: ReturnType<typeof linearRegex>;
      try {
        own = linearRegex(source);
      } catch {
        return;
      }
      expect(own.test(text)).toBe(new RegExp(source, 'i').test(text));
    }),
  );
});
