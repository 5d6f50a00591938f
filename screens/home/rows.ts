/** The incidents: everything that is wrong now, worst first. */
import type { Incident } from '../../src/store/incidents.ts';
import { span } from '../parts/line.ts';
import { sinceText, stateSpan } from '../parts/state.ts';
import { type Column, defineTable, type Table } from '../parts/table.ts';

interface IncidentRow extends Incident {
  readonly isAcknowledged: boolean;
}

const quiet = (row: IncidentRow, text: string, token: 'text' | 'dim' = 'text') => span(text, row.isAcknowledged ? 'dim' : token);

const columns: readonly Column<IncidentRow>[] = [
  {
    id: 'since',
    title: 'SINCE',
    width: 7,
    align: 'right',
    priority: 1,
    value: (row) => -row.since.atMs,
    draw: (row, look) => quiet(row, sinceText(row.since, look.nowMs), 'dim'),
  },
  {
    id: 'what',
    title: 'WHAT',
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
    draw: (row) => (row.isAcknowledged ? span(`· ${row.state}`, 'dim') : stateSpan(row.state)),
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
  { id: 'key', title: 'KEY', width: 3, priority: 3, value: (row) => row.key, draw: (row) => span(row.key, 'key') },
];

export const incidentTable: Table = defineTable<IncidentRow>({
  pane: 'home',
  columns,
  rows: (data) => data.incidents.map((one) => ({ ...one, isAcknowledged: data.acknowledged.has(one.id) })),
  id: (row) => row.id,
  target: (row) => row.target,
  compare: (a, b) =>
    Number(a.isAcknowledged) - Number(b.isAcknowledged) ||
    a.severity - b.severity ||
    b.since.atMs - a.since.atMs ||
    (a.what < b.what ? -1 : 1),
});
