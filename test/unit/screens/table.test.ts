/** Tables as data: which columns fit, how wide they are, where the cursor may go. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connectorsPane } from '../../../screens/connectors/index.ts';
import { lineWidth, span } from '../../../screens/parts/line.ts';
import { type Column, defineTable, type Look } from '../../../screens/parts/table.ts';
import { layOut } from '../../../screens/parts/table-layout.ts';
import type { ConsoleData } from '../../../src/store/console-data.ts';
import { makeView } from '../../../src/store/view.ts';
import { startSession } from '../../helpers/session-rig.ts';
import { troubledWorld } from '../../helpers/worlds.ts';

const LOOK: Look = { nowMs: 0, isAscii: false };
const columns: readonly Column<{ name: string; note: string }>[] = [
  { id: 'name', title: 'NAME', width: 6, fit: 12, grow: 1, priority: 0, sortKey: 'N', value: (row) => row.name },
  { id: 'size', title: 'SIZE', width: 5, align: 'right', priority: 2, value: () => 12, draw: () => span('12') },
  { id: 'note', title: 'NOTE', width: 8, grow: 3, priority: 1, value: (row) => row.note },
];
const ROWS = [
  { name: 'orders', note: 'a note that is longer than there is room' },
  { name: '아주-긴-이름', note: '' },
];
const table = defineTable({
  pane: 'connectors',
  columns,
  rows: () => ROWS,
  id: (row) => row.name,
  target: (row) => ({ connector: row.name }),
  raw: (row) => ({ ...row, size: 12n, password: 'hunter2' }),
  compare: null,
});
const selection = table.select({} as ConsoleData, makeView('connectors'), null);

test('columns go by priority until the rest fits', () => {
  const shown = (width: number) => table.layout(width, selection, LOOK).columns.map((column) => columns[column.index]?.id);
  expect(shown(40)).toEqual(['name', 'size', 'note']);
  expect(shown(20)).toEqual(['name', 'note']);
  expect(shown(10)).toEqual(['name']);
});

test('a row and its head are exactly as wide as there is room, whatever is in it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 6, max: 120 }), (width) => {
      const layout = table.layout(width, selection, LOOK);
      const used = layout.columns.reduce((all, column) => all + column.width, 0) + (layout.columns.length - 1) * 2;
      expect(used).toBeLessThanOrEqual(width);
      expect(lineWidth(table.head(layout, makeView('connectors')))).toBe(used);
      for (const id of selection.ids) expect(lineWidth(selection.line(id, layout, LOOK))).toBe(used);
    }),
  );
});

test('a column that wants to hold its longest text gets that before the rest is shared out', () => {
  const width = (total: number) => table.layout(total, selection, LOOK).columns[0]?.width;
  expect(width(26)).toBeGreaterThan(6);
  expect(width(60)).toBeGreaterThanOrEqual(12);
});

test('columns that do not fit are scrolled to, and what tells the rows apart stays', () => {
  const many: readonly Column<{ name: string; note: string }>[] = [
    { id: 'since', title: 'SINCE', width: 6, priority: 1, value: () => 1 },
    { id: 'name', title: 'NAME', width: 8, priority: 0, value: (row) => row.name },
    ...['a', 'b', 'c', 'd'].map((id, i) => ({ id, title: id, width: 8, priority: 2 + i, value: () => id })),
  ];
  const shown = (left: number, width = 28, isWide = false) => {
    const layout = layOut(many, width, (index) => (index === 1 ? 14 : 8), { left, isWide });
    return `${layout.columns.map((one) => many[one.index]!.id).join(' ')} ${layout.left}${layout.isCut ? ' ›' : ''}`;
  };
  expect(shown(0)).toBe('since name a 0 ›');
  expect(shown(1)).toBe('name a b 1 ›');
  expect(shown(2)).toBe('name b c 2 ›');
  expect(shown(3)).toBe('name c d 3 ›');
  expect(shown(99)).toBe('name c d 3 ›');
  // All fits: there is nothing to scroll.
  expect(shown(3, 80)).toBe('since name a b c d 0');
  // Wide: as wide as their texts, so that fewer fit.
  expect(shown(0, 28, true)).toBe('name since 0 ›');
  expect(shown(9, 28, true)).toBe('name d 4 ›');
  expect(layOut(many, 20, () => 50, { left: 0, isWide: true }).columns.reduce((all, one) => all + one.width + 2, -2)).toBe(20);
});

test('rows stand for what they are about', () => {
  expect(selection.target('orders')).toEqual({ connector: 'orders' });
  expect(selection.target('gone')).toBeNull();
  expect(selection.raw('orders')).toEqual({ ...ROWS[0], size: '12', password: '[hidden]' });
  expect(selection.raw('gone')).toBeNull();
  expect(selection.line('gone', table.layout(40, selection, LOOK), LOOK)).toEqual([]);
});

test('the sorted column carries an arrow, the letter that sorts stands out', () => {
  const layout = table.layout(60, selection, LOOK);
  const head = table.head(layout, makeView('connectors', {}, { sort: { column: 'name', isDescending: true } }));
  expect(head.slice(0, 2)).toEqual([span('N', 'key'), span('AME↓', 'title')]);
});

test('states wanted and actual, lag or position, in one row', async () => {
  const world = troubledWorld();
  world.isDeaf = true;
  using rig = await startSession(world);
  await rig.operations.pause('audit-sink');
  const { data } = rig.session.current();
  const look: Look = { nowMs: data.nowMs, isAscii: false };
  const rows = connectorsPane.table.select(data, makeView('connectors'), null);
  const layout = connectorsPane.table.layout(157, rows, look);
  const text = (id: string) =>
    rows
      .line(id, layout, look)
      .map((one) => one.text)
      .join('');
  expect(text('audit-sink')).toMatch(/snk .*● → ‖ .*RR .* 310 .* 11 .*pause requested 0 s/);
  expect(text('accesslog-source')).toMatch(/src .*● RUNNING .*R .*41 870 .*moving/);
  expect(text('orders-sink')).toMatch(/✖ FAILED +R✖R✖ +1 204 .*88 000 .*Duplicate entry/);
});
