/** What was done from this console, newest first, and one action in full. */
import { formatDuration, formatTimestamp } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import type { Token } from '../../src/skin/skin.ts';
import type { ActionRecord } from '../../src/store/action-log.ts';
import { counted } from '../parts/counted.ts';
import { dimColumn } from '../parts/dim-column.ts';
import { span } from '../parts/line.ts';
import { notice } from '../parts/no-rows.ts';
import type { TablePane, TextPane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';
import { actionLines } from './detail.ts';

interface ActionRow extends ActionRecord {
  readonly index: number;
}

const RESULT: Readonly<Record<ActionRecord['result'], Token>> = { ok: 'ok', failed: 'fail', refused: 'fail', unknown: 'warn' };

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
  dimColumn({ id: 'user', title: 'USER', width: 8, priority: 4, sortKey: 'U', value: (row) => row.user }),
  dimColumn({ id: 'context', title: 'CONTEXT', width: 10, priority: 5, value: (row) => row.context }),
  {
    id: 'action',
    title: 'ACTION',
    width: 23,
    priority: 1,
    sortKey: 'A',
    value: (row) => row.action,
    draw: (row) => [span(row.action), ...(row.undoOf === null ? [] : [span(' undo', 'dim')])],
  },
  { id: 'target', title: 'TARGET', width: 14, grow: 1, priority: 0, value: (row) => row.target },
  {
    id: 'result',
    title: 'RESULT',
    width: 7,
    priority: 0,
    sortKey: 'R',
    value: (row) => row.result,
    draw: (row) => span(row.result, RESULT[row.result]),
  },
  {
    id: 'answer',
    title: 'CODE',
    width: 4,
    align: 'right',
    priority: 3,
    value: (row) => row.response,
    draw: (row) => span(row.response === null ? '–' : String(row.response), 'dim'),
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
    value: (row) => row.detail ?? row.after ?? '',
    draw: (row) => span(row.detail ?? row.after ?? '', row.result === 'ok' ? 'dim' : RESULT[row.result]),
  },
];

const made = new Memo<readonly ActionRow[]>();

export const actionsPane: TablePane = {
  id: 'actions',
  kind: 'table',
  table: defineTable<ActionRow>({
    pane: 'actions',
    columns,
    rows: ({ actions }) => made.get([actions], () => actions.map((record, index) => ({ ...record, index }))),
    id: (row) => row.id,
    target: (row) => ({ action: row.id }),
    raw: ({ index, ...record }) => record,
    isFault: (row) => row.result !== 'ok',
    isWrong: () => false,
    compare: (a, b) => b.index - a.index,
  }),
  title: () => 'action log',
  info: counted,
  empty: () => notice('Nothing has been done from this console yet.'),
};

export const actionPane: TextPane = {
  id: 'action',
  kind: 'text',
  title: () => 'action',
  info: ({ data, view }) => {
    const record = data.actions.find((one) => one.id === view.target.action);
    return record ? [span(`${record.action} · ${record.target}`, 'dim')] : [];
  },
  lines: ({ data, view }) => {
    const record = data.actions.find((one) => one.id === view.target.action);
    return record ? actionLines(record, data.actions) : [[], [span('It is gone.', 'dim')]];
  },
};
