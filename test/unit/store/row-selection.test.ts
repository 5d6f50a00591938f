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

test('what comes sorted is filtered alone: the same rows as the other way round', () => {
  const sort = { column: 'lag', isDescending: true };
  const sorted = select({ sort }).rows;
  for (const filter of ['', 'a', '!c', '5'])
    expect(select({ sort, filter, rows: sorted, isSorted: true })).toEqual(select({ sort, filter }));
});

test('rows keep the places they have, new ones come last', () => {
  expect(names({ keptOrder: ['c', 'a'] })).toEqual(['c', 'a', 'b']);
  expect(names({ keptOrder: ['gone', 'b', 'a', 'c'] })).toEqual(['b', 'a', 'c']);
});

test('numbers in names count as numbers', () => {
  expect(['p10', 'p2', 'p1'].sort(compareText)).toEqual(['p1', 'p2', 'p10']);
  expect(['주문-10', '주문-9'].sort(compareText)).toEqual(['주문-9', '주문-10']);
});

const cell = fc.oneof(fc.constantFrom(null, '', ' ', '\u00a0', '-', '5', '05', '005', 'a', 'Infinity'), fc.string({ unit: 'grapheme' }));

test('texts have one total order: turned round by turning the operands, the same through a third, 0 only for equal ones', () => {
  const text = cell.map((value) => value ?? '');
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      expect(Math.sign(compareText(a, b)) + Math.sign(compareText(b, a))).toBe(0);
      expect(compareText(a, b) === 0).toBe(a === b);
      if (compareText(a, b) <= 0 && compareText(b, c) <= 0) expect(compareText(a, c)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});

test('whatever order rows come in, they stand in the same one, and what is not known is last', () => {
  const value = fc.oneof(fc.constantFrom(null, Number.NaN), fc.bigInt(), fc.integer(), fc.double());
  const table = fc.uniqueArray(fc.record({ name: fc.string(), lag: value }), { selector: (row) => row.name, maxLength: 12 });
  fc.assert(
    fc.property(table, fc.boolean(), fc.infiniteStream(fc.nat()), (some, isDescending, dice) => {
      const mixed = some.map((row) => ({ row, at: dice.next().value ?? 0 })).sort((a, b) => a.at - b.at);
      const sorted = (list: readonly { name: string; lag: bigint | number | null }[]) =>
        selectRows({
          rows: list,
          id: (row) => row.name,
          columns: [{ id: 'lag', value: (row) => row.lag }],
          compare: null,
          filter: '',
          sort: { column: 'lag', isDescending },
          keptOrder: null,
        }).rows;
      const order = sorted(some);
      expect(sorted(mixed.map(({ row }) => row))).toEqual(order);
      const unknown = order.map(({ lag }) => lag === null || (typeof lag === 'number' && Number.isNaN(lag)));
      expect(unknown).toEqual(unknown.toSorted());
    }),
  );
});

test('texts that say nothing are as unknown as what is not there', () => {
  expect(['b', '', 'a'].sort((x, y) => compareValues(x, y, false))).toEqual(['a', 'b', '']);
  expect(['b', '', 'a'].sort((x, y) => compareValues(x, y, true))).toEqual(['b', 'a', '']);
});
