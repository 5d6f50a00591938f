/** Consumer groups with lag and its trend, and one group partition by partition. */
import { formatCount, formatRate, groupDigits, plural } from '../../src/base/format.ts';
import type { GroupRow, PartitionLag } from '../../src/cluster/cluster-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { compareText } from '../../src/store/row-selection.ts';
import { kafkaEmpty } from '../brokers/index.ts';
import { counted } from '../parts/counted.ts';
import { type Line, type Span, span } from '../parts/line.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

function trend(row: GroupRow): Span {
  if (row.lagPerSec === null || Math.abs(row.lagPerSec) < 0.05) return span(row.lagPerSec === null ? '' : 'steady', 'dim');
  return row.lagPerSec > 0 ? span(`+${formatRate(row.lagPerSec)}/s`, 'warn') : span(`-${formatRate(-row.lagPerSec)}/s`, 'ok');
}

const lagSpan = (lag: bigint | null, isWhole = true) =>
  span(lag === null ? '–' : `${isWhole ? '' : '≥ '}${formatCount(lag)}`, lag === null || lag === 0n ? 'dim' : 'text');

const groupColumns: readonly Column<GroupRow>[] = [
  { id: 'name', title: 'NAME', width: 20, fit: 48, grow: 1, priority: 0, sortKey: 'A', value: (row) => row.groupId },
  { id: 'type', title: 'TYPE', width: 9, priority: 4, sortKey: 'T', value: (row) => row.type, draw: (row) => span(row.type, 'dim') },
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
  {
    id: 'lag',
    title: 'LAG',
    width: 10,
    align: 'right',
    priority: 0,
    sortKey: 'L',
    value: (row) => row.lag,
    draw: (row) => lagSpan(row.lag, row.isLagWhole),
  },
  { id: 'trend', title: 'TREND', width: 10, align: 'right', priority: 2, value: (row) => row.lagPerSec, draw: trend },
  {
    id: 'coordinator',
    title: 'COORD',
    width: 6,
    align: 'right',
    priority: 6,
    value: (row) => row.coordinator,
    draw: (row) => span(row.coordinator === null ? '?' : String(row.coordinator), 'dim'),
  },
];

function groupsEmpty(data: ConsoleData): Line[] {
  if (data.cluster?.groupsError) return [[], [span(`   Groups cannot be listed: ${data.cluster.groupsError}`, 'fail')]];
  return data.cluster?.groups === null && data.cluster.reach.error === null
    ? [[], [span('   asking …', 'dim')]]
    : kafkaEmpty(data, 'There are no groups.');
}

export const groupsPane: TablePane = {
  id: 'groups',
  kind: 'table',
  source: 'kafka',
  table: defineTable<GroupRow>({
    pane: 'groups',
    columns: groupColumns,
    rows: (data, view) =>
      (data.cluster?.groups ?? []).filter(
        (row) => !view.isFaultsOnly || row.error !== null || (row.lag ?? 0n) > 0n || /rebalance/i.test(row.state),
      ),
    id: (row) => row.groupId,
    target: (row) => ({ group: row.groupId }),
    compare: (a, b) =>
      Number((b.lag ?? -1n) > (a.lag ?? -1n)) - Number((b.lag ?? -1n) < (a.lag ?? -1n)) || compareText(a.groupId, b.groupId),
  }),
  title: () => 'groups',
  info: (snapshot) => [...counted(snapshot), span(' · by lag', 'dim')],
  empty: groupsEmpty,
};

const partitionColumns: readonly Column<PartitionLag>[] = [
  { id: 'topic', title: 'TOPIC', width: 20, grow: 1, priority: 0, sortKey: 'T', value: (row) => row.topic },
  { id: 'partition', title: 'P', width: 5, align: 'right', priority: 0, value: (row) => row.partition },
  {
    id: 'committed',
    title: 'COMMITTED',
    width: 13,
    align: 'right',
    priority: 1,
    value: (row) => row.committed,
    draw: (row) => span(row.committed === null ? 'no commit' : groupDigits(row.committed), row.committed === null ? 'warn' : 'text'),
  },
  {
    id: 'end',
    title: 'END',
    width: 13,
    align: 'right',
    priority: 2,
    value: (row) => row.end,
    draw: (row) => span(row.end === null ? '?' : groupDigits(row.end), 'dim'),
  },
  {
    id: 'lag',
    title: 'LAG',
    width: 10,
    align: 'right',
    priority: 0,
    sortKey: 'L',
    value: (row) => row.lag,
    draw: (row) => lagSpan(row.lag),
  },
  {
    id: 'member',
    title: 'MEMBER',
    width: 16,
    grow: 1,
    priority: 3,
    sortKey: 'M',
    value: (row) => row.member ?? '',
    draw: (row) => span(row.member ?? '–', 'dim'),
  },
];

export const groupPane: TablePane = {
  id: 'group',
  kind: 'table',
  source: 'kafka',
  table: defineTable<PartitionLag>({
    pane: 'group',
    columns: partitionColumns,
    rows: (data, view) => data.cluster?.groups?.find((row) => row.groupId === view.target.group)?.partitions ?? [],
    id: (row) => `${row.topic} ${row.partition}`,
    target: (row) => ({ topic: row.topic, partition: row.partition }),
    compare: (a, b) => compareText(a.topic, b.topic) || a.partition - b.partition,
  }),
  title: (view) => view.target.group ?? 'group',
  info: ({ data, view }) => {
    const row = data.cluster?.groups?.find((one) => one.groupId === view.target.group);
    return row
      ? [
          span(`${row.state} · ${row.memberCount === null ? '? members' : plural(row.memberCount, 'member')} · lag `, 'dim'),
          lagSpan(row.lag, row.isLagWhole),
          span(' '),
          trend(row),
        ]
      : [];
  },
  empty: (data) => (data.cluster?.groups == null ? groupsEmpty(data) : [[], [span('   This group has no committed offsets.', 'dim')]]),
};
