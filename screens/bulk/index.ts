/** What is done to many, as it goes and when it is over: each target with what came of it. */
import { formatDuration } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import { wrapWords } from '../../src/base/wrap-words.ts';
import { BULK_ORDER, type BulkRow, type BulkState, countsText } from '../../src/store/bulk.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import type { Target } from '../../src/store/view.ts';
import { type Span, span } from '../parts/line.ts';
import { notice } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

interface Row extends BulkRow {
  readonly target: Target;
  /** In the order of the targets. */
  readonly place: number;
}

const STATES: Readonly<Record<BulkState, Span>> = {
  ok: span('✓ ok', 'ok'),
  failed: span('✖ failed', 'fail'),
  unknown: span('? unknown', 'warn'),
  skipped: span('– skipped', 'dim'),
  running: span('○ running', 'accent'),
  waiting: span('· waiting', 'dim'),
};

const columns: readonly Column<Row>[] = [
  { id: 'target', title: 'TARGET', width: 16, fit: 40, priority: 0, sortKey: 'T', value: (row) => row.id },
  {
    id: 'result',
    title: 'RESULT',
    width: 9,
    priority: 0,
    sortKey: 'R',
    value: (row) => row.state,
    draw: (row) => STATES[row.state],
  },
  {
    id: 'took',
    title: 'TOOK',
    width: 6,
    align: 'right',
    priority: 2,
    sortKey: 'K',
    value: (row) => row.tookMs,
    draw: (row) => span(row.tookMs === null ? '–' : formatDuration(row.tookMs), 'dim'),
  },
  {
    id: 'detail',
    title: 'WHY',
    width: 12,
    grow: 1,
    priority: 0,
    value: (row) => row.detail ?? '',
    draw: (row) => span(row.detail ?? '', row.state === 'failed' ? 'fail' : row.state === 'unknown' ? 'warn' : 'dim'),
  },
];

function toRows({ bulk }: ConsoleData): Row[] {
  return (bulk?.rows ?? []).map((row, place) => ({ ...row, target: bulk?.targets.get(row.id) ?? {}, place }));
}

const made = new Memo<readonly Row[]>();

export const bulkPane: TablePane = {
  id: 'bulk',
  kind: 'table',
  table: defineTable<Row>({
    pane: 'bulk',
    columns,
    rows: (data) => made.get([data.bulk], () => toRows(data)),
    id: (row) => row.id,
    target: (row) => row.target,
    raw: ({ id, state, detail, tookMs }) => ({ target: id, result: state, detail, tookMs }),
    compare: (a, b) => BULK_ORDER.indexOf(a.state) - BULK_ORDER.indexOf(b.state) || a.place - b.place,
  }),
  title: () => 'bulk',
  info: ({ data: { bulk } }) => (bulk ? [span(countsText(bulk.rows), bulk.isRunning ? 'accent' : 'dim')] : []),
  summary: ({ data: { bulk } }) => {
    if (!bulk) return [];
    const word = bulk.isStopping ? '  stopping: no more are started' : bulk.isRunning ? '  esc starts no more' : '';
    return [[span(` ${bulk.title}`, 'title'), span(word, bulk.isStopping ? 'warn' : 'dim')]];
  },
  detail: {
    height: 4,
    lines: ({ data: { bulk } }, id, _look, width) => {
      const row = bulk?.rows.find((one) => one.id === id);
      if (!row) return [];
      const why = wrapWords(row.detail ?? '', width - 4, 3);
      return [[span('  '), span(row.id, 'accent'), span('  '), STATES[row.state]], ...why.map((text) => [span('  '), span(text)])];
    },
  },
  empty: () => notice('Nothing has been done to many yet: mark rows (Space) and press a key that acts.'),
};
