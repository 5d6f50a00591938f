/** Rows of a JDBC connector's tables: how much is read (or written), how long it takes, how far behind, what is wrong. */
import { compactAge, formatCount, formatDuration } from '../../src/base/format.ts';
import { cutTextStart } from '../../src/base/width.ts';
import type { TableRow } from '../../src/store/connector-tables.ts';
import { compareText } from '../../src/store/row-selection.ts';
import { counts, figureColumn, known } from '../parts/figures.ts';
import { span } from '../parts/line.ts';
import { type Column, defineTable, type Table } from '../parts/table.ts';

/** A database and a table, without the quotes that tell them apart. */
export function tableName(table: string): string {
  return table.replace(/^`((?:[^`]|``)*)`\.`((?:[^`]|``)*)`$/, (_, database: string, name: string) =>
    [database, name].map((part) => part.replaceAll('``', '`')).join('.'),
  );
}

/** What is wrong, the worst first; empty: nothing. */
export function troubleOf({ retries, lastError, warnings }: TableRow): string {
  return retries > 0 ? (lastError ?? `${retries} retries`) : (warnings[0] ?? '');
}

function sinceText({ isSink, ageMs, lastWriteMs }: TableRow, nowMs: number): string {
  const age = isSink ? (lastWriteMs === null ? null : nowMs - lastWriteMs) : ageMs;
  return age === null ? '–' : compactAge(age);
}

/** Of what one kind of connector has alone: nothing for the other. */
const told = (value: number | null) => (value === null ? span('') : counts()(value));

function tookText(ms: number): string {
  return ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : formatDuration(ms);
}

const columns: readonly Column<TableRow>[] = [
  {
    id: 'table',
    title: 'TABLE',
    width: 18,
    fit: 40,
    grow: 2,
    priority: 0,
    isPinned: true,
    sortKey: 'T',
    value: (row) => tableName(row.table),
    // Databases are alike, tables are not.
    draw: (row, _look, width) => span(width === 0 ? tableName(row.table) : cutTextStart(tableName(row.table), width)),
  },
  { id: 'task', title: 'TASK', width: 4, align: 'right', priority: 4, value: (row) => row.task },
  {
    id: 'lag',
    title: 'LAG',
    width: 7,
    align: 'right',
    priority: 0,
    sortKey: 'L',
    isLeftOutWhenEmpty: true,
    value: (row) => row.lagMs,
    draw: (row) => span(row.isSink ? '' : row.lagMs === null ? '?' : compactAge(row.lagMs), row.lagMs === null ? 'dim' : 'text'),
  },
  figureColumn({ id: 'rows', title: 'ROWS', width: 8, priority: 1, sortKey: 'R', value: (row) => row.rows }, known(formatCount)),
  figureColumn({ id: 'deleted', title: 'DELETED', width: 8, priority: 4, isLeftOutWhenEmpty: true, value: (row) => row.deleted }, told),
  figureColumn({ id: 'last', title: 'LAST', width: 7, priority: 2, isLeftOutWhenEmpty: true, value: (row) => row.lastRows }, told),
  {
    id: 'took',
    title: 'TOOK',
    width: 8,
    align: 'right',
    priority: 1,
    sortKey: 'D',
    isLeftOutWhenEmpty: true,
    value: (row) => row.lastMs,
    draw: (row) => span(row.lastMs === null ? '–' : tookText(row.lastMs), row.isReading ? 'accent' : row.lastMs === null ? 'dim' : 'text'),
  },
  {
    id: 'ago',
    title: 'AGO',
    width: 6,
    align: 'right',
    priority: 3,
    value: (row) => row.ageMs ?? row.lastWriteMs,
    draw: (row, { nowMs }) => span(sinceText(row, nowMs), 'dim'),
  },
  {
    id: 'retries',
    title: 'RETRY',
    width: 5,
    align: 'right',
    priority: 2,
    value: (row) => row.retries,
    draw: (row) => span(String(row.retries), row.retries > 0 ? 'fail' : 'dim'),
  },
  {
    id: 'offset',
    title: 'OFFSET',
    width: 16,
    fit: 80,
    grow: 2,
    priority: 5,
    isLeftOutWhenEmpty: true,
    value: (row) => row.offset ?? '',
    draw: (row) => span(row.offset ?? '', 'dim'),
  },
  {
    id: 'trouble',
    title: 'WORTH KNOWING',
    width: 14,
    fit: 120,
    grow: 4,
    priority: 0,
    sortKey: 'W',
    value: troubleOf,
    draw: (row) => span(troubleOf(row), row.retries > 0 ? 'fail' : 'warn'),
  },
];

export const tableTable: Table = defineTable<TableRow>({
  pane: 'tables',
  columns,
  rows: (data, view) => data.connect?.connectors.find((row) => row.name === view.target.connector)?.tables ?? [],
  id: (row) => `${row.task} ${row.table}`,
  target: (row) => ({ connector: row.connector, task: row.task }),
  raw: (row) => row,
  isFault: (row) => troubleOf(row) !== '',
  isWrong: (row) => row.retries > 0,
  compare: (a, b) => Number(b.retries > 0) - Number(a.retries > 0) || compareText(tableName(a.table), tableName(b.table)),
});
