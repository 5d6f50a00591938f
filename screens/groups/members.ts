/** Who is in a group, and what each has and is to have. */
import { plural } from '../../src/base/format.ts';
import type { GroupMember } from '../../src/cluster/cluster-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { compareText } from '../../src/store/row-selection.ts';
import type { ViewState } from '../../src/store/view.ts';
import { counted } from '../parts/counted.ts';
import { dimColumn } from '../parts/dim-column.ts';
import { type Line, span } from '../parts/line.ts';
import { notice } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

function groupOf(data: ConsoleData, view: ViewState) {
  return data.cluster?.groups?.find((one) => one.groupId === view.target.group) ?? null;
}

/** `orders 0 1 2, audit 0`. */
export function placesText(places: GroupMember['assignment']): string {
  const byTopic = Map.groupBy(places, (one) => one.topic);
  return [...byTopic]
    .map(
      ([topic, list]) =>
        `${topic} ${list
          .map((one) => one.partition)
          .sort((a, b) => a - b)
          .join(' ')}`,
    )
    .join(', ');
}

const columns: readonly Column<GroupMember>[] = [
  { id: 'client', title: 'CLIENT', width: 18, fit: 40, priority: 0, isPinned: true, sortKey: 'C', value: (row) => row.clientId },
  { id: 'host', title: 'HOST', width: 15, priority: 2, sortKey: 'H', value: (row) => row.host },
  {
    id: 'instance',
    title: 'INSTANCE',
    width: 10,
    fit: 24,
    priority: 4,
    value: (row) => row.instanceId ?? '',
    draw: (row) => span(row.instanceId ?? '–', row.instanceId === null ? 'dim' : 'text'),
  },
  {
    id: 'epoch',
    title: 'EPOCH',
    width: 5,
    align: 'right',
    priority: 5,
    value: (row) => row.epoch,
    draw: (row) => span(row.epoch === null ? '–' : String(row.epoch), 'dim'),
  },
  { id: 'count', title: 'PARTS', width: 5, align: 'right', priority: 1, sortKey: 'P', value: (row) => row.assignment.length },
  {
    id: 'assignment',
    title: 'ASSIGNMENT',
    width: 20,
    grow: 1,
    priority: 0,
    value: (row) => placesText(row.assignment),
    draw: (row) =>
      row.target === null
        ? span(placesText(row.assignment) || 'nothing', row.assignment.length === 0 ? 'dim' : 'text')
        : [span(placesText(row.assignment) || 'nothing'), span(`  → ${placesText(row.target) || 'nothing'}`, 'warn')],
  },
  dimColumn({ id: 'subscribed', title: 'SUBSCRIBED', width: 16, priority: 6, value: (row) => row.subscribed }),
];

export const membersPane: TablePane = {
  id: 'members',
  kind: 'table',
  source: 'kafka',
  table: defineTable<GroupMember>({
    pane: 'members',
    columns,
    rows: (data, view) => groupOf(data, view)?.members ?? [],
    isFault: (row) => row.target !== null || row.assignment.length === 0,
    isWrong: () => false,
    id: (row) => row.memberId,
    target: () => ({}),
    raw: (row) => row,
    compare: (a, b) => compareText(a.clientId, b.clientId) || compareText(a.memberId, b.memberId),
  }),
  title: (view) => `members of ${view.target.group ?? 'group'}`,
  info: (snapshot) => {
    const row = groupOf(snapshot.data, snapshot.view);
    const epoch = row?.epoch == null ? '' : ` · epoch ${row.epoch}`;
    const protocol = row?.protocol ? ` · ${row.protocol}` : '';
    return [...counted(snapshot), span(`${row ? ` · ${row.type}` : ''}${protocol}${epoch}`, 'dim')];
  },
  empty: (data, view): Line[] => {
    const row = groupOf(data, view);
    if (row === null || row.members === null) return notice('asking who is in the group …');
    return notice(`Nobody is in it now (${row.state}); ${plural(row.topics.length, 'topic')} with committed offsets.`);
  },
};
