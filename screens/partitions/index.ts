/** Partitions of one topic: leader, replicas, in-sync set, bounds. Offline and under-replicated ones on top. */
import { formatBytes, groupDigits } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import type { PartitionRow } from '../../src/cluster/cluster-model.ts';
import { healthRank } from '../../src/cluster/partition-health.ts';
import { toPartitionRows } from '../../src/cluster/partition-rows.ts';
import { counted } from '../parts/counted.ts';
import { figureColumn, known } from '../parts/figures.ts';
import { type Line, span } from '../parts/line.ts';
import { kafkaEmpty } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

const HEALTH = {
  offline: span('✖ OFFLINE', 'fail'),
  'below-min': span('✖ READ-ONLY', 'fail'),
  under: span('▲ UNDER', 'warn'),
  ok: span('ok', 'dim'),
};

/** Replicas in their order, those out of sync in brackets: `1 2 [3]`. */
function replicaSpans({ info }: PartitionRow): Line {
  return info.replicas.flatMap((id, i) => {
    const isIn = info.isr.includes(id);
    const isOffline = info.offlineReplicas.includes(id);
    return [span(i === 0 ? '' : ' '), span(isIn ? String(id) : `[${id}]`, isOffline ? 'fail' : isIn ? 'text' : 'warn')];
  });
}

/** `+4 −1`: replicas on their way in and out. */
function moveText({ move }: PartitionRow): string {
  return move === null ? '' : [...move.adding.map((id) => `+${id}`), ...move.removing.map((id) => `−${id}`)].join(' ');
}

const digits = known(groupDigits);

const columns: readonly Column<PartitionRow>[] = [
  { id: 'partition', title: 'P', width: 5, align: 'right', priority: 0, sortKey: 'P', value: (row) => row.info.partition },
  { id: 'health', title: 'STATE', width: 11, priority: 0, sortKey: 'S', value: (row) => row.health, draw: (row) => HEALTH[row.health] },
  {
    id: 'leader',
    title: 'LEADER',
    width: 7,
    align: 'right',
    priority: 1,
    sortKey: 'L',
    value: (row) => row.info.leader,
    draw: ({ info }) => [
      span(info.leader < 0 ? 'none' : String(info.leader), info.leader < 0 ? 'fail' : 'text'),
      span(info.leader === info.replicas[0] ? '*' : ' ', 'dim'),
    ],
  },
  { id: 'replicas', title: 'REPLICAS', width: 14, grow: 1, priority: 1, value: (row) => row.info.replicas.join(' '), draw: replicaSpans },
  {
    id: 'isr',
    title: 'ISR',
    width: 10,
    grow: 1,
    priority: 2,
    value: (row) => row.info.isr.join(' '),
    draw: ({ info }) => span(info.isr.join(' ') || 'none', info.isr.length < info.replicas.length ? 'warn' : 'dim'),
  },
  figureColumn({ id: 'earliest', title: 'FIRST', width: 11, priority: 4, value: (row) => row.earliest }, digits),
  figureColumn({ id: 'latest', title: 'END', width: 11, priority: 3, sortKey: 'E', value: (row) => row.latest }, digits),
  figureColumn(
    {
      id: 'count',
      title: 'COUNT',
      width: 11,
      priority: 5,
      sortKey: 'C',
      value: (row) => (row.latest !== null && row.earliest !== null ? row.latest - row.earliest : null),
    },
    digits,
  ),
  figureColumn(
    { id: 'size', title: 'SIZE', width: 9, priority: 4, sortKey: 'Z', value: (row) => row.sizeBytes },
    known(formatBytes, 'dim'),
  ),
  {
    id: 'eligible',
    title: 'ELR',
    width: 5,
    fit: 10,
    priority: 2,
    isLeftOutWhenEmpty: true,
    value: (row) => row.eligible?.join(' ') ?? '',
    draw: (row) => span(row.eligible?.join(' ') ?? '', 'warn'),
  },
  {
    id: 'move',
    title: 'MOVING',
    width: 8,
    fit: 14,
    priority: 2,
    isLeftOutWhenEmpty: true,
    value: moveText,
    draw: (row) => span(moveText(row), 'accent'),
  },
  { id: 'epoch', title: 'EPOCH', width: 6, align: 'right', priority: 6, value: (row) => row.info.leaderEpoch },
];

const made = new Memo<readonly PartitionRow[]>();

export const partitionsPane: TablePane = {
  id: 'partitions',
  kind: 'table',
  source: 'kafka',
  table: defineTable<PartitionRow>({
    pane: 'partitions',
    columns,
    rows: ({ cluster }, { target: { topic } }) =>
      made.get([cluster, topic], () => (cluster && topic !== undefined ? toPartitionRows(cluster, topic) : [])),
    id: (row) => String(row.info.partition),
    target: (row) => ({ topic: row.topic, partition: row.info.partition }),
    raw: ({ info, ...row }) => ({ ...info, ...row }),
    isFault: (row) => row.health !== 'ok',
    compare: (a, b) => healthRank(a.health) - healthRank(b.health) || a.info.partition - b.info.partition,
  }),
  title: (view) => view.target.topic ?? 'partitions',
  info: (snapshot) => {
    const topic = snapshot.data.cluster?.topics.find((row) => row.info.name === snapshot.view.target.topic);
    return [
      ...counted(snapshot),
      span(topic ? ` · RF ${topic.replicationFactor}${topic.minIsr === null ? '' : ` · min.insync ${topic.minIsr}`}` : '', 'dim'),
    ];
  },
  empty: (data, view) => kafkaEmpty(data, `There is no topic ${view.target.topic}.`),
};
