/** What was done from this console, newest first, and one action in full. */
import { formatDuration, formatTimestamp } from '../../src/base/format.ts';
import type { ActionRecord } from '../../src/store/action-log.ts';
import { counted } from '../parts/counted.ts';
import { type Line, span } from '../parts/line.ts';
import type { TablePane, TextPane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

interface ActionRow extends ActionRecord {
  readonly index: number;
}

const columns: readonly Column<ActionRow>[] = [
  {
    id: 'time',
    title: 'TIME',
    width: 19,
    priority: 0,
    sortKey: 'T',
    value: (row) => row.time,
    draw: (row) => span(formatTimestamp(Date.parse(row.time)).slice(0, 19), 'dim'),
  },
  { id: 'user', title: 'USER', width: 8, priority: 4, sortKey: 'U', value: (row) => row.user, draw: (row) => span(row.user, 'dim') },
  { id: 'context', title: 'CONTEXT', width: 10, priority: 5, value: (row) => row.context, draw: (row) => span(row.context, 'dim') },
  { id: 'action', title: 'ACTION', width: 23, priority: 1, sortKey: 'A', value: (row) => row.action },
  { id: 'target', title: 'TARGET', width: 14, grow: 1, priority: 0, value: (row) => row.target },
  {
    id: 'result',
    title: 'RESULT',
    width: 7,
    priority: 0,
    sortKey: 'R',
    value: (row) => row.result,
    draw: (row) => span(row.result, row.result === 'ok' ? 'ok' : 'fail'),
  },
  {
    id: 'took',
    title: 'TOOK',
    width: 7,
    align: 'right',
    priority: 6,
    value: (row) => row.durationMs,
    draw: (row) => span(formatDuration(row.durationMs), 'dim'),
  },
  {
    id: 'detail',
    title: 'DETAIL',
    width: 12,
    grow: 2,
    priority: 2,
    value: (row) => row.detail ?? '',
    draw: (row) => span(row.detail ?? '', row.result === 'ok' ? 'dim' : 'fail'),
  },
];

export const actionsPane: TablePane = {
  id: 'actions',
  kind: 'table',
  table: defineTable<ActionRow>({
    pane: 'actions',
    columns,
    rows: (data) => data.actions.map((record, index) => ({ ...record, index })),
    id: (row) => String(row.index),
    target: (row) => ({ action: row.index }),
    compare: (a, b) => b.index - a.index,
  }),
  title: () => 'action log',
  info: counted,
  empty: () => [[], [span('   Nothing has been done from this console yet.', 'dim')]],
};

export const actionPane: TextPane = {
  id: 'action',
  kind: 'text',
  title: () => 'action',
  lines: ({ data, view }) => {
    const record = data.actions[view.target.action ?? -1];
    if (!record) return [[], [span('It is gone.', 'dim')]];
    return Object.entries(record).map(([key, value]): Line => [span(key.padEnd(12), 'dim'), span(value === null ? '–' : String(value))]);
  },
};
