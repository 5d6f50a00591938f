/** What is typed after `/`. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzyRank, parseFilter } from '../../../src/store/filter.ts';

const passes = (filter: string, text: string) => parseFilter(filter).test(text);

test('a word matches anywhere, in either case, in either composition of Hangul', () => {
  expect(passes('SINK', 'orders-sink')).toBe(true);
  expect(passes('sink', 'orders-source')).toBe(false);
  expect(passes('한글', '이름: 한글'.normalize('NFD'))).toBe(true);
  expect(passes('한글'.normalize('NFD'), '이름: 한글')).toBe(true);
});

test('~ is fuzzy, re: and slashes are expressions, ! turns round', () => {
  expect(passes('~acsrc', 'accesslog-source')).toBe(true);
  expect(passes('~zzz', 'accesslog-source')).toBe(false);
  expect(passes('re:^ord.*k$', 'orders-sink')).toBe(true);
  expect(passes('/^ord.*k$/', 'orders-sink')).toBe(true);
  expect(passes('/tmp/a', 'in /tmp/a')).toBe(true);
  expect(passes('!sink', 'orders-source')).toBe(true);
  expect(passes('!re:^orders', 'orders-source')).toBe(false);
});

test('a column is only a column when there is one of that name', () => {
  const filter = parseFilter('state:failed', ['name', 'state']);
  const column = (name: string) => (name === 'state' ? 'FAILED' : 'other');
  expect(filter.test('whatever', column)).toBe(true);
  expect(parseFilter('name:failed', ['name', 'state']).test('FAILED', column)).toBe(false);
  expect(parseFilter('http:8080', ['name']).test('at http:8080')).toBe(true);
});

test('a broken expression shows everything and says what is wrong', () => {
  const filter = parseFilter('re:(');
  expect(filter.problem).toContain('Invalid expression');
  expect(filter.test('anything')).toBe(true);
  expect(filter.ranges('anything')).toEqual([]);
});

test('nothing typed filters nothing', () => {
  for (const text of ['', '  ', '!']) expect(parseFilter(text)).toMatchObject({ isEmpty: true, problem: null });
  expect(passes('~', 'anything')).toBe(true);
});

test('marks lie on what matched', () => {
  const marked = (filter: string, text: string) =>
    parseFilter(filter)
      .ranges(text)
      .map(([from, to]) => text.slice(from, to));
  expect(marked('an', 'Banane')).toEqual(['an', 'an']);
  expect(marked('re:\\d+', 'p3 @ 120')).toEqual(['3', '120']);
  expect(marked('~bn', 'banana')).toEqual(['b', 'n']);
  expect(marked('!an', 'Banane')).toEqual([]);
});

test('no filter throws, and marks are in order and within the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (typed, text) => {
      const filter = parseFilter(typed, ['name', 'state']);
      filter.test(text, () => text);
      let at = 0;
      for (const [from, to] of filter.ranges(text)) {
        expect(from).toBeGreaterThanOrEqual(at);
        expect(to).toBeGreaterThanOrEqual(from);
        expect(to).toBeLessThanOrEqual(text.length);
        at = from;
      }
    }),
  );
});

test('completion ranks the nearest first', () => {
  expect(fuzzyRank('co', ['topics', 'connectors', 'config', 'records'], 3)).toContain('connectors');
  expect(fuzzyRank('topics', ['config', 'topics'], 5)).toEqual(['topics']);
  expect(fuzzyRank('o', ['a1o', 'a2o', 'a3o'], 2)).toHaveLength(2);
});
