/** Partitions of one topic: leader, replicas, in-sync set, bounds. Offline and under-replicated ones on top. */
import { groupDigits } from '../../src/base/format.ts';
import type { PartitionRow } from '../../src/cluster/cluster-model.ts';
import { healthRank, partitionHealth } from '../../src/cluster/partition-health.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import type { ViewState } from '../../src/store/view.ts';
import { kafkaEmpty } from '../brokers/index.ts';
import { counted } from '../parts/counted.ts';
import { type Line, span } from '../parts/line.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

function rowsOf({ cluster }: ConsoleData, view: ViewState): PartitionRow[] {
  const topic = cluster?.topics.find((row) => row.info.name === view.target.topic);
  const bounds = cluster?.bounds?.topic === view.target.topic ? cluster?.bounds : null;
  return (topic?.info.partitions ?? [])
    .map((info) => ({
      topic: topic?.info.name ?? '',
      info,
      health: partitionHealth(info, topic?.minIsr ?? null),
      earliest: bounds?.earliest.get(info.partition) ?? null,
      latest: bounds?.latest.get(info.partition) ?? null,
      sizeBytes: null,
    }))
    .filter((row) => !view.isFaultsOnly || row.health !== 'ok');
}

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

const digits = (value: bigint | null) => span(value === null ? '?' : groupDigits(value), value === null ? 'dim' : 'text');

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
  {
    id: 'earliest',
    title: 'FIRST',
    width: 11,
    align: 'right',
    priority: 4,
    value: (row) => row.earliest,
    draw: (row) => digits(row.earliest),
  },
  {
    id: 'latest',
    title: 'END',
    width: 11,
    align: 'right',
    priority: 3,
    sortKey: 'E',
    value: (row) => row.latest,
    draw: (row) => digits(row.latest),
  },
  {
    id: 'count',
    title: 'COUNT',
    width: 11,
    align: 'right',
    priority: 5,
    sortKey: 'C',
    value: (row) => (row.latest !== null && row.earliest !== null ? row.latest - row.earliest : null),
    draw: (row) => digits(row.latest !== null && row.earliest !== null ? row.latest - row.earliest : null),
  },
  { id: 'epoch', title: 'EPOCH', width: 6, align: 'right', priority: 6, value: (row) => row.info.leaderEpoch },
];

export const partitionsPane: TablePane = {
  id: 'partitions',
  kind: 'table',
  source: 'kafka',
  table: defineTable<PartitionRow>({
    pane: 'partitions',
    columns,
    rows: rowsOf,
    id: (row) => String(row.info.partition),
    target: (row) => ({ topic: row.topic, partition: row.info.partition }),
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
