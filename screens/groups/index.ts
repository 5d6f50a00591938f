/** Consumer groups with lag and its trend, and one group partition by partition. */
import { groupDigits, plural } from '../../src/base/format.ts';
import type { GroupPartition, GroupRow } from '../../src/cluster/cluster-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { compareText } from '../../src/store/row-selection.ts';
import { counted } from '../parts/counted.ts';
import { dimColumn } from '../parts/dim-column.ts';
import { figureColumn, known, rateSpan } from '../parts/figures.ts';
import { type Line, span } from '../parts/line.ts';
import { kafkaEmpty, notice } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { sparkText } from '../parts/state.ts';
import { type Column, defineTable } from '../parts/table.ts';
import { lagColumns, lagSpan, lagTimeSpan, trendSpan } from './lag.ts';

const groupColumns: readonly Column<GroupRow>[] = [
  { id: 'name', title: 'NAME', width: 20, fit: 48, grow: 1, priority: 0, sortKey: 'A', value: (row) => row.groupId },
  dimColumn({ id: 'type', title: 'TYPE', width: 9, priority: 4, sortKey: 'T', value: (row) => row.type }),
  {
    id: 'state',
    title: 'STATE',
    width: 12,
    priority: 1,
    sortKey: 'S',
    value: (row) => row.state,
    draw: (row) =>
      span(
        row.error ?? row.state,
        row.error !== null ? 'fail' : /rebalance/i.test(row.state) ? 'warn' : /^(dead|empty)$/i.test(row.state) ? 'dim' : 'text',
      ),
  },
  {
    id: 'members',
    title: 'MEMBERS',
    width: 7,
    align: 'right',
    priority: 3,
    sortKey: 'M',
    value: (row) => row.memberCount,
    draw: (row) => span(row.memberCount === null ? '?' : String(row.memberCount), row.memberCount ? 'text' : 'dim'),
  },
  { id: 'topics', title: 'TOPICS', width: 7, align: 'right', priority: 5, value: (row) => row.topics.length },
  ...lagColumns<GroupRow>(
    (row) => row.isLagWhole,
    (row) => row.isLagMsWhole,
  ),
  { id: 'trend', title: 'TREND', width: 10, align: 'right', priority: 2, value: (row) => row.lagPerSec, draw: trendSpan },
  { id: 'spark', title: '', width: 6, priority: 6, value: () => null, draw: (row) => span(sparkText(row.lagPoints, 6), 'accent') },
  figureColumn({ id: 'coordinator', title: 'COORD', width: 6, priority: 6, value: (row) => row.coordinator }, known(String, 'dim')),
];

/** A list that lacks some must not look whole. */
function missingBanner({ cluster }: ConsoleData): Line[] {
  const missing = cluster?.groupsMissing ?? null;
  return missing === null
    ? []
    : [[span(`  ▲ ${missing} does not list its groups: they are shown as they were, new ones are missing`, 'warn')]];
}

function groupsEmpty(data: ConsoleData): Line[] {
  if (data.cluster?.groupsError) return notice(`Groups cannot be listed: ${data.cluster.groupsError}`, 'fail');
  return data.cluster?.groups === null && data.cluster.reach.error === null ? notice('asking …') : kafkaEmpty(data, 'There are no groups.');
}

export const groupsPane: TablePane = {
  id: 'groups',
  kind: 'table',
  source: 'kafka',
  table: defineTable<GroupRow>({
    pane: 'groups',
    columns: groupColumns,
    rows: (data) => data.cluster?.groups ?? [],
    isFault: (row) => row.error !== null || (row.lag ?? 0n) > 0n || /rebalance/i.test(row.state),
    // Lag alone is how a moving group looks.
    isWrong: (row) => row.error !== null,
    id: (row) => row.groupId,
    target: (row) => ({ group: row.groupId }),
    raw: (row) => row,
    compare: (a, b) =>
      Number((b.lag ?? -1n) > (a.lag ?? -1n)) - Number((b.lag ?? -1n) < (a.lag ?? -1n)) || compareText(a.groupId, b.groupId),
  }),
  title: () => 'groups',
  info: (snapshot) => [...counted(snapshot), span(' · by lag', 'dim')],
  summary: ({ data }) => missingBanner(data),
  empty: groupsEmpty,
};

const partitionColumns: readonly Column<GroupPartition>[] = [
  { id: 'topic', title: 'TOPIC', width: 20, grow: 1, priority: 0, isPinned: true, sortKey: 'T', value: (row) => row.topic },
  { id: 'partition', title: 'P', width: 5, align: 'right', priority: 0, isPinned: true, value: (row) => row.partition },
  {
    id: 'committed',
    title: 'COMMITTED',
    width: 13,
    align: 'right',
    priority: 1,
    value: (row) => row.committed,
    draw: (row) => span(row.committed === null ? 'no commit' : groupDigits(row.committed), row.committed === null ? 'warn' : 'text'),
  },
  figureColumn({ id: 'end', title: 'END', width: 13, priority: 2, value: (row) => row.end }, known(groupDigits, 'dim')),
  ...lagColumns<GroupPartition>(
    () => true,
    (row) => row.isLagMsExact,
  ),
  figureColumn({ id: 'rate', title: 'READ/S', width: 8, priority: 4, sortKey: 'R', value: (row) => row.readPerSec }, rateSpan),
  dimColumn({ id: 'member', title: 'MEMBER', width: 16, grow: 1, priority: 3, sortKey: 'M', value: (row) => row.member }),
];

/** A group is listed before it is asked for its offsets: until then nothing is known of them. */
export function isMeasured({ partitions, coordinator, members, error }: GroupRow): boolean {
  return partitions.length > 0 || coordinator !== null || members !== null || error !== null;
}

/** Partitions that cannot be asked: one without a leader blanks its own cells, and is named. */
function deadBanner(row: GroupRow | undefined): Line[] {
  const dead = row?.partitions.filter((one) => one.end === null) ?? [];
  if (dead.length === 0) return [];
  const names = dead.slice(0, 4).map((one) => `${one.topic} p${one.partition}`);
  const more = dead.length > names.length ? ` and ${dead.length - names.length} more` : '';
  return [[span(`  ▲ no end is known of ${names.join(', ')}${more}: no leader, or no answer; the lag is more than the sum`, 'warn')]];
}

export const groupPane: TablePane = {
  id: 'group',
  kind: 'table',
  source: 'kafka',
  table: defineTable<GroupPartition>({
    pane: 'group',
    columns: partitionColumns,
    rows: (data, view) => data.cluster?.groups?.find((row) => row.groupId === view.target.group)?.partitions ?? [],
    isFault: (row) => row.lag === null || row.lag > 0n || row.committed === null,
    isWrong: () => false,
    id: (row) => `${row.topic} ${row.partition}`,
    target: (row) => ({ topic: row.topic, partition: row.partition }),
    raw: (row) => row,
    compare: (a, b) => compareText(a.topic, b.topic) || a.partition - b.partition,
  }),
  title: (view) => view.target.group ?? 'group',
  info: ({ data, view }) => {
    const row = data.cluster?.groups?.find((one) => one.groupId === view.target.group);
    return row
      ? [
          span(`${row.state} · ${row.memberCount === null ? '? members' : plural(row.memberCount, 'member')} · lag `, 'dim'),
          lagSpan(row.lag, row.isLagWhole),
          span(' · '),
          lagTimeSpan(row.lag, row.lagMs, row.isLagMsWhole),
          span(' '),
          trendSpan(row),
        ]
      : [];
  },
  summary: ({ data, view }) => deadBanner(data.cluster?.groups?.find((one) => one.groupId === view.target.group)),
  empty: (data, view) => {
    const row = data.cluster?.groups?.find((one) => one.groupId === view.target.group);
    if (data.cluster?.groups == null) return groupsEmpty(data);
    if (row === undefined) return notice(`There is no group "${view.target.group}".`);
    return notice(isMeasured(row) ? 'This group has no committed offsets.' : 'asking the group …');
  },
};
