/** The filter of tails as typed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQuery } from '../../../../src/store/record-query/parse.ts';
import { type Field, type Literal, type Query, queryText } from '../../../../src/store/record-query/query.ts';

const CONTEXT = { facts: ['reason'], nowMs: Date.parse('2026-11-23T12:00:00Z') };
const parse = (text: string): Query | null => {
  const parsed = parseQuery(text, CONTEXT);
  if (!parsed.ok) throw new Error(`${parsed.problem} at ${parsed.column}`);
  return parsed.query;
};
const fault = (text: string) => {
  const parsed = parseQuery(text, CONTEXT);
  return parsed.ok ? null : [parsed.column, parsed.problem];
};
const contains = (text: string): Query => ({ kind: 'contains', pattern: { text } });
const value = (...path: (string | number)[]): Field => ({
  name: 'value',
  path: path.map((step) => (typeof step === 'number' ? { index: step } : { member: step })),
});

test('words, texts in quotes, expressions', () => {
  expect(parse('  ')).toBeNull();
  expect(parse('!')).toBeNull();
  expect(parse('error')).toEqual(contains('error'));
  expect(parse('GET /api/v1 500')).toEqual({ kind: 'and', all: [contains('GET'), contains('/api/v1'), contains('500')] });
  expect(parse('"GET /api" \'홍 길동\'')).toEqual({ kind: 'and', all: [contains('GET /api'), contains('홍 길동')] });
  expect(parse('/5\\d\\d$/')).toEqual({ kind: 'contains', pattern: { expression: '5\\d\\d$' } });
  expect(parse('re:^a.* b')).toEqual({ kind: 'contains', pattern: { expression: '^a.* b' } });
  expect(parse('~ordr')).toEqual({ kind: 'fuzzy', text: 'ordr' });
  expect(parse('key')).toEqual(contains('key'));
  expect(parse('"tombstone"')).toEqual(contains('tombstone'));
  expect(parse('tombstone')).toEqual({ kind: 'tombstone' });
});

test('fields and what they are compared with', () => {
  expect(parse('key ~ "user-1"')).toMatchObject({ kind: 'match', field: { name: 'key', path: [] }, pattern: { text: 'user-1' } });
  expect(parse('value.a.b[0] >= 500')).toEqual({ kind: 'compare', field: value('a', 'b', 0), by: '>=', literal: 500 });
  expect(parse('.status=500')).toEqual({ kind: 'compare', field: value('status'), by: '=', literal: 500 });
  expect(parse('.이름 == "홍길동"')).toEqual({ kind: 'compare', field: value('이름'), by: '=', literal: '홍길동' });
  expect(parse('.id = 9007199254740993')).toMatchObject({ literal: 9_007_199_254_740_993n });
  expect(parse('.["a b"].c !~ x')).toEqual({ kind: 'match', field: value('a b', 'c'), isNegated: true, pattern: { text: 'x' } });
  expect(parse('.a')).toEqual({ kind: 'exists', field: value('a') });
  expect(parse('header.__connect.errors.topic = orders')).toMatchObject({ field: { header: '__connect.errors.topic' }, literal: 'orders' });
  expect(parse('partition = 3')).toMatchObject({ field: { fact: 'partition' }, literal: 3 });
  expect(parse('size > 1.5kB')).toMatchObject({ literal: 1_500 });
  expect(parse('time > -15m')).toMatchObject({ literal: CONTEXT.nowMs - 900_000 });
  expect(parse('.a = null or .b != true')).toMatchObject({ kind: 'or', all: [{ literal: null }, { literal: true }] });
  expect(parse('key:k3')).toEqual({ kind: 'match', field: { name: 'key', path: [] }, isNegated: false, pattern: { text: 'k3' } });
  expect(parse('reason = "x y"')).toMatchObject({ field: { name: 'fact', fact: 'reason' }, literal: 'x y' });
});

test('not binds before and, and before or; brackets before all', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(contains) as [Query, Query, Query];
  expect(parse('a or b and c')).toEqual({ kind: 'or', all: [a, { kind: 'and', all: [b, c] }] });
  expect(parse('(a or b) c')).toEqual({ kind: 'and', all: [{ kind: 'or', all: [a, b] }, c] });
  expect(parse('not a AND !b')).toEqual({
    kind: 'and',
    all: [
      { kind: 'not', of: a },
      { kind: 'not', of: b },
    ],
  });
  expect(parse('!(a b)')).toEqual({ kind: 'not', of: { kind: 'and', all: [a, b] } });
});

test('what is wrong is told where it is', () => {
  expect(fault('.status >= ')).toEqual([11, 'a value is missing after >=']);
  expect(fault('a and (b or c')).toEqual([6, 'the closing bracket is missing']);
  expect(fault('a)')).toEqual([1, 'this bracket closes nothing']);
  expect(fault('key ~ "open')).toEqual([6, 'the closing quote is missing']);
  expect(fault('value. = 1')).toEqual([6, 'the name of a member is missing after the dot']);
  expect(fault('.a[x] = 1')).toEqual([3, 'between [ and ] stands a number or a "name"']);
  expect(fault('a /(/')).toEqual([3, 'Invalid expression: Unterminated group']);
  expect(fault('size > much')?.[0]).toBe(7);
  expect(fault('or b')?.[0]).toBe(0);
  expect(fault(`${'('.repeat(200)}a`)?.[1]).toContain('levels');
});

test('whatever is typed has an answer, with its place in the text', () => {
  const piece = fc.constantFrom(
    '.a',
    '[',
    ']',
    '(',
    ')',
    '"',
    "'",
    '/',
    '\\',
    ' and ',
    ' or ',
    'not ',
    '!',
    '~',
    '=',
    '>=',
    'key',
    'header.',
    're:',
    '한',
    ' ',
    '1',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (typed) => {
      const parsed = parseQuery(typed, CONTEXT);
      if (!parsed.ok) {
        expect(parsed.column).toBeGreaterThanOrEqual(0);
        expect(parsed.column).toBeLessThanOrEqual(typed.length);
        expect(parsed.problem).not.toBe('');
      } else if (parsed.query !== null) expect(parse(queryText(parsed.query))).toEqual(parsed.query);
    }),
    { numRuns: 500 },
  );
});

/** Whole numbers that are written in digits and lose some of them are read as bigints. */
function asParsed(number: number): Literal {
  if (Object.is(number, -0)) return 0;
  return Number.isInteger(number) && !Number.isSafeInteger(number) && Math.abs(number) < 1e21 ? BigInt(number) : number;
}

test('what is written down and read again is the same', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 8 });
  const step = fc.oneof(fc.record({ member: word }), fc.record({ index: fc.nat(99) }));
  const path = fc.array(step, { maxLength: 3 });
  const field: fc.Arbitrary<Field> = fc.oneof(
    fc.record({ name: fc.constantFrom('key' as const, 'value' as const), path }),
    fc.record({ name: fc.constant('header' as const), header: word }),
    fc.record({ name: fc.constant('fact' as const), fact: fc.constantFrom('partition', 'offset', 'topic', 'reason') }),
  );
  const pattern = fc.oneof(fc.record({ text: word }), fc.record({ expression: fc.constantFrom('a+', '^[가-힣]$', 'a\\/b', 'x/y') }));
  const literal: fc.Arbitrary<Literal> = fc.oneof(
    word,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(asParsed),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }),
    fc.boolean(),
    fc.constant(null),
  );
  const { query } = fc.letrec<{ query: Query; leaf: Query }>((tie) => ({
    leaf: fc.oneof(
      fc.record({ kind: fc.constant('contains' as const), pattern }),
      fc.record({ kind: fc.constant('tombstone' as const) }),
      fc.record({ kind: fc.constant('fuzzy' as const), text: word }),
      fc.record({
        kind: fc.constant('exists' as const),
        field: fc.record({ name: fc.constant('value' as const), path: fc.array(step, { minLength: 1, maxLength: 3 }) }),
      }),
      fc.record({
        kind: fc.constant('compare' as const),
        field,
        by: fc.constantFrom('=' as const, '!=' as const, '<' as const, '>=' as const),
        literal,
      }),
      fc.record({ kind: fc.constant('match' as const), field, isNegated: fc.boolean(), pattern }),
    ),
    query: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie('leaf'),
      fc.record({ kind: fc.constant('not' as const), of: tie('query') }),
      fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), all: fc.array(tie('query'), { minLength: 2, maxLength: 3 }) }),
    ),
  }));
  fc.assert(
    fc.property(query, (one) => {
      expect(parse(queryText(one))).toEqual(one);
    }),
    { numRuns: 500 },
  );
});
