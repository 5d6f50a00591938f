import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from '../../../src/base/line-diff.ts';

const text = (a: string, b: string) =>
  diffLines(a.split(''), b.split(''))
    .map(({ kind, text: one }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${one}`)
    .join('');

test('what went, what came, what stayed', () => {
  expect(text('abc', 'abc')).toBe(' a b c');
  expect(text('abc', 'abxc')).toBe(' a b+x c');
  expect(text('abc', 'ac')).toBe(' a-b c');
  expect(text('abc', 'axc')).toBe(' a-b+x c');
  expect(text('', 'a')).toBe('+a');
});

test('both texts can be read from it', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (a, b) => {
      const diff = diffLines(a, b);
      expect(diff.filter(({ kind }) => kind !== 'new').map((one) => one.text)).toEqual(a);
      expect(diff.filter(({ kind }) => kind !== 'gone').map((one) => one.text)).toEqual(b);
    }),
  );
});
