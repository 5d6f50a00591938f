/** Tasks of one connector, and the connector itself as their first row when it has failed. */
import { formatCount, formatDuration, formatRate } from '../../src/base/format.ts';
import type { TaskRow } from '../../src/store/connect-model.ts';
import { span } from '../parts/line.ts';
import { sinceText, stateSpan } from '../parts/state.ts';
import { type Column, defineTable, type Table } from '../parts/table.ts';

const unknown = (value: number | null, format: (value: number) => string) =>
  span(value === null ? '?' : format(value), value === null ? 'dim' : 'text');

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
    id: 'rate',
    title: 'REC/S',
    width: 8,
    align: 'right',
    priority: 1,
    sortKey: 'R',
    value: (row) => row.recordsPerSec,
    draw: (row) => unknown(row.recordsPerSec, formatRate),
  },
  {
    id: 'records',
    title: 'RECORDS',
    width: 9,
    align: 'right',
    priority: 5,
    value: (row) => row.metrics?.records ?? null,
    draw: (row) => unknown(row.metrics?.records ?? null, formatCount),
  },
  {
    id: 'batch',
    title: 'BATCH',
    width: 7,
    align: 'right',
    priority: 6,
    value: (row) => row.metrics?.batchAvg ?? null,
    draw: (row) => unknown(row.metrics?.batchAvg ?? null, formatRate),
  },
  {
    id: 'put',
    title: 'POLL/PUT',
    width: 9,
    align: 'right',
    priority: 7,
    value: (row) => row.metrics?.pollOrPutMs ?? null,
    draw: (row) => unknown(row.metrics?.pollOrPutMs ?? null, formatDuration),
  },
  {
    id: 'errors',
    title: 'ERRORS',
    width: 7,
    align: 'right',
    priority: 8,
    value: (row) => row.metrics?.recordErrors ?? null,
    draw: (row) => unknown(row.metrics?.recordErrors ?? null, formatCount),
  },
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
  rows: (data, view) =>
    (data.connect?.connectors.find((row) => row.name === view.target.connector)?.tasks ?? []).filter(
      (task) => !view.isFaultsOnly || task.state !== 'RUNNING',
    ),
  id: (row) => String(row.id),
  target: (row) => ({ connector: row.connector, task: row.id }),
  compare: (a, b) => Number(b.state === 'FAILED') - Number(a.state === 'FAILED') || a.id - b.id,
});
