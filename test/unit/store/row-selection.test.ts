/** Which rows are shown, in which order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareText, compareValues, type SelectionRequest, selectRows } from '../../../src/store/row-selection.ts';

interface Row {
  readonly name: string;
  readonly lag: bigint | null;
}
const rows: readonly Row[] = [
  { name: 'b', lag: 5n },
  { name: 'a', lag: null },
  { name: 'c', lag: 9007199254740993n },
];
const select = (more: Partial<SelectionRequest<Row>> = {}) =>
  selectRows<Row>({
    rows,
    id: (row) => row.name,
    columns: [
      { id: 'name', value: (row) => row.name },
      { id: 'lag', value: (row) => row.lag },
    ],
    compare: (x, y) => compareText(x.name, y.name),
    filter: '',
    sort: null,
    keptOrder: null,
    ...more,
  });
const names = (more: Partial<SelectionRequest<Row>> = {}) => select(more).rows.map((row) => row.name);

test('sorts by its own order, or by a column, with what is not known at the end', () => {
  expect(names()).toEqual(['a', 'b', 'c']);
  expect(names({ sort: { column: 'lag', isDescending: true } })).toEqual(['c', 'b', 'a']);
  expect(names({ sort: { column: 'lag', isDescending: false } })).toEqual(['b', 'c', 'a']);
  expect(names({ sort: { column: 'gone', isDescending: false } })).toEqual(['a', 'b', 'c']);
});

test('filters by the whole row or one column and counts what there was', () => {
  expect(names({ filter: 'lag:90071' })).toEqual(['c']);
  expect(names({ filter: 'name:5' })).toEqual([]);
  expect(names({ filter: '9007199254740993' })).toEqual(['c']);
  expect(select({ filter: 'zzz' })).toMatchObject({ rows: [], total: 3, filterProblem: null });
  expect(select({ filter: 're:(' })).toMatchObject({ total: 3, filterProblem: expect.stringContaining('Invalid') });
});

test('rows keep the places they have, new ones come last', () => {
  expect(names({ keptOrder: ['c', 'a'] })).toEqual(['c', 'a', 'b']);
  expect(names({ keptOrder: ['gone', 'b', 'a', 'c'] })).toEqual(['b', 'a', 'c']);
});

test('numbers in names count as numbers', () => {
  expect(['p10', 'p2', 'p1'].sort(compareText)).toEqual(['p1', 'p2', 'p10']);
  expect(['주문-10', '주문-9'].sort(compareText)).toEqual(['주문-9', '주문-10']);
});

test('the order is one: it is turned round by turning the operands', () => {
  const value = fc.oneof(fc.constant(null), fc.bigInt(), fc.integer(), fc.string());
  fc.assert(
    fc.property(value, value, fc.boolean(), (a, b, isDescending) => {
      expect(Math.sign(compareValues(a, b, isDescending)) + Math.sign(compareValues(b, a, isDescending))).toBe(0);
    }),
  );
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(Math.sign(compareText(a, b)) + Math.sign(compareText(b, a))).toBe(0);
    }),
  );
});
