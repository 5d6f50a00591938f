/** What stands behind `:tail` and `:seek`. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTailWords } from '../../../src/keymap/tail-words.ts';
import { partitionsText } from '../../../src/store/view.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const parse = (...words: string[]) => parseTailWords(words, NOW);

test('where a tail begins', () => {
  expect(parse('p=3', 'from=-100')).toEqual({ names: [], partitions: [3], start: { last: 100 }, isCommittedOnly: false, problem: null });
  expect(parse('from=end-5').start).toEqual({ last: 5 });
  expect(parse('o=12345').start).toEqual({ offset: 12345n });
  expect(parse('o=123456789012').start).toEqual({ offset: 123_456_789_012n });
  expect(parse('o=begin').start).toBe('beginning');
  expect(parse('o=end').start).toBe('end');
  expect(parse('t=-15m').start).toEqual({ timestampMs: NOW - 900_000 });
  expect(parse('t=2026-11-23T11:00Z').start).toEqual({ timestampMs: NOW - 3_600_000 });
  expect(parse()).toEqual({ names: [], partitions: null, start: null, isCommittedOnly: false, problem: null });
});

test('topics and partitions', () => {
  expect(parse('orders,payments', '주문', 'p=0,2-4,2', 'committed')).toMatchObject({
    names: ['orders', 'payments', '주문'],
    partitions: [0, 2, 3, 4],
    isCommittedOnly: true,
  });
});

test('what is not understood is named, with what would be', () => {
  expect(parse('from=soon').problem).toContain('from=soon is none of');
  expect(parse('o=11:00').problem).toContain('o=begin, o=end');
  expect(parse('o=99999999999999999999').problem).toContain('none of');
  expect(parse('t=12').problem).toContain('t=-15m');
  expect(parse('p=x').problem).toContain('p=x is no list of partitions');
  expect(parse('p=5-2').problem).toContain('p=5-2');
  expect(parse('q=1').problem).toContain('"q=1" is not understood here');
});

test('any words have an answer; partitions read as they are written', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
      expect(parse(...words)).toHaveProperty('problem');
    }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50), { minLength: 1 }), (some) => {
      const partitions = some.sort((a, b) => a - b);
      expect(parse(partitionsText(partitions).replace('p', 'p=')).partitions).toEqual(partitions);
    }),
  );
});
