/** The incidents: everything that is wrong now, worst first. */
import { span } from '../parts/line.ts';
import { sinceText, stateSpan } from '../parts/state.ts';
import { type Column, defineTable, type Table } from '../parts/table.ts';
import { type IncidentRow, incidentRows } from './incident-rows.ts';

const quiet = (row: IncidentRow, text: string, token: 'text' | 'dim' = 'text') => span(text, row.look === 'open' ? token : 'dim');

const columns: readonly Column<IncidentRow>[] = [
  {
    id: 'since',
    title: 'SINCE',
    width: 7,
    align: 'right',
    priority: 1,
    // The newest first.
    isDescendingFirst: true,
    value: (row) => row.since?.atMs ?? null,
    draw: (row, look) => span(row.since === null ? '' : sinceText(row.since, look.nowMs), 'dim'),
  },
  {
    id: 'what',
    title: 'WHAT',
    isPinned: true,
    width: 16,
    fit: 34,
    grow: 1,
    priority: 0,
    sortKey: 'W',
    value: (row) => row.what,
    draw: (row) => quiet(row, row.what),
  },
  {
    id: 'state',
    title: 'STATE',
    width: 9,
    fit: 13,
    priority: 0,
    sortKey: 'S',
    value: (row) => row.state,
    draw: (row) => {
      if (row.look === 'acknowledged') return span(`· ${row.state}`, 'dim');
      return row.look === 'over' ? span(`✓ ${row.state}`, 'dim') : row.state === '' ? span('') : stateSpan(row.state);
    },
  },
  {
    id: 'cause',
    title: 'CAUSE',
    width: 28,
    grow: 4,
    priority: 2,
    sortKey: 'C',
    value: (row) => row.cause,
    draw: (row) => quiet(row, row.cause),
  },
  {
    id: 'key',
    title: 'KEY',
    width: 3,
    priority: 3,
    value: (row) => row.key,
    draw: (row, { isAscii }) => span(isAscii ? row.key.replace('⏎', 'Ent') : row.key, 'key'),
  },
];

export const incidentTable: Table = defineTable<IncidentRow>({
  pane: 'home',
  columns,
  rows: incidentRows,
  id: (row) => row.id,
  target: (row) => row.target,
  raw: (row, data) => data.incidents.find((one) => one.id === row.id) ?? row,
  isFault: (row) => row.look === 'open',
  compare: (a, b) => a.rank - b.rank,
});
