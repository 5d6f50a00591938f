/** Tasks of one connector, and the connector itself as their first row when it has failed. */
import { formatCount, formatDuration, formatRate } from '../../src/base/format.ts';
import type { TaskRow } from '../../src/store/connect-model.ts';
import { figureColumn, known } from '../parts/figures.ts';
import { span } from '../parts/line.ts';
import { sinceText, stateSpan } from '../parts/state.ts';
import { type Column, defineTable, type Table } from '../parts/table.ts';

const columns: readonly Column<TaskRow>[] = [
  { id: 'id', title: 'ID', width: 4, align: 'right', priority: 0, sortKey: 'I', value: (row) => row.id },
  {
    id: 'state',
    title: 'STATE',
    width: 9,
    fit: 12,
    priority: 0,
    sortKey: 'S',
    value: (row) => row.state,
    draw: (row) => stateSpan(row.state),
  },
  { id: 'worker', title: 'WORKER', width: 18, grow: 1, priority: 3, sortKey: 'W', value: (row) => row.workerId },
  {
    id: 'since',
    title: 'SINCE',
    width: 7,
    align: 'right',
    priority: 4,
    value: (row) => row.since.atMs,
    draw: (row, look) => span(sinceText(row.since, look.nowMs), 'dim'),
  },
  {
    id: 'restarts',
    title: 'RST/H',
    width: 5,
    align: 'right',
    priority: 5,
    value: (row) => row.restartsLastHour,
    draw: ({ restartsLastHour: restarts }) => span(String(restarts), restarts > 2 ? 'warn' : restarts === 0 ? 'dim' : 'text'),
  },
  figureColumn({ id: 'rate', title: 'REC/S', width: 8, priority: 1, sortKey: 'R', value: (row) => row.recordsPerSec }, known(formatRate)),
  figureColumn(
    { id: 'records', title: 'RECORDS', width: 9, priority: 5, value: (row) => row.metrics?.records ?? null },
    known(formatCount),
  ),
  figureColumn({ id: 'batch', title: 'BATCH', width: 7, priority: 6, value: (row) => row.metrics?.batchAvg ?? null }, known(formatRate)),
  figureColumn(
    { id: 'put', title: 'POLL/PUT', width: 9, priority: 7, value: (row) => row.metrics?.pollOrPutMs ?? null },
    known(formatDuration),
  ),
  figureColumn(
    { id: 'errors', title: 'ERRORS', width: 7, priority: 8, value: (row) => row.metrics?.recordErrors ?? null },
    known(formatCount),
  ),
  {
    id: 'error',
    title: 'LAST ERROR',
    width: 14,
    grow: 4,
    priority: 2,
    sortKey: 'E',
    value: (row) => row.lastError ?? '',
    draw: (row) => span(row.lastError ?? '', 'fail'),
  },
];

export const taskTable: Table = defineTable<TaskRow>({
  pane: 'tasks',
  columns,
  rows: (data, view) => data.connect?.connectors.find((row) => row.name === view.target.connector)?.tasks ?? [],
  id: (row) => String(row.id),
  target: (row) => ({ connector: row.connector, task: row.id }),
  raw: (row) => row,
  isFault: (row) => row.state !== 'RUNNING',
  isWrong: (row) => row.state === 'FAILED' || row.state === 'UNASSIGNED',
  compare: (a, b) => Number(b.state === 'FAILED') - Number(a.state === 'FAILED') || a.id - b.id,
});
