/** Brokers with what they carry, the controller, the quorum, the disks. */
import { formatAge, formatBytes, formatCount, formatPercent } from '../../src/base/format.ts';
import type { BrokerRow } from '../../src/cluster/cluster-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { type Line, span } from '../parts/line.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

export function kafkaEmpty({ cluster, nowMs }: ConsoleData, what: string): Line[] {
  if (!cluster) return [[], [span('   connecting …', 'dim')]];
  if (cluster.reach.error !== null) {
    const since = cluster.reach.failingSinceMs === null ? '' : ` for ${formatAge(nowMs - cluster.reach.failingSinceMs)}`;
    return [
      [],
      [span(`   Kafka is not reachable${since}`, 'fail')],
      [span(`   ${cluster.reach.error}`, 'dim')],
      [],
      [span('   It is asked again and again; nothing needs to be done here.', 'dim')],
    ];
  }
  return cluster.reach.lastOkMs === null ? [[], [span('   asking the cluster …', 'dim')]] : [[], [span(`   ${what}`, 'dim')]];
}

const count = (value: number, isBad: boolean) => span(formatCount(value), value > 0 && isBad ? 'warn' : value === 0 ? 'dim' : 'text');

const columns: readonly Column<BrokerRow>[] = [
  { id: 'id', title: 'ID', width: 4, align: 'right', priority: 0, sortKey: 'I', value: (row) => row.id },
  {
    id: 'state',
    title: 'STATE',
    width: 7,
    priority: 0,
    value: (row) => (row.isUp ? 'up' : 'down'),
    draw: (row) => (row.silence !== null && row.isUp ? span('✖ mute', 'fail') : row.isUp ? span('● up', 'ok') : span('✖ DOWN', 'fail')),
  },
  {
    id: 'host',
    title: 'HOST',
    width: 22,
    grow: 1,
    priority: 0,
    sortKey: 'H',
    value: (row) => row.address ?? '',
    draw: (row) => [
      span(row.address ?? 'not in the metadata', row.address === null ? 'dim' : 'text'),
      ...(row.isController ? [span('  ctrl', 'accent')] : []),
    ],
  },
  { id: 'rack', title: 'RACK', width: 6, priority: 6, value: (row) => row.rack ?? '', draw: (row) => span(row.rack ?? '–', 'dim') },
  {
    id: 'leaders',
    title: 'LEADERS',
    width: 7,
    align: 'right',
    priority: 2,
    sortKey: 'L',
    value: (row) => row.leaders,
    draw: (row) => count(row.leaders, false),
  },
  {
    id: 'replicas',
    title: 'REPLICAS',
    width: 8,
    align: 'right',
    priority: 3,
    sortKey: 'R',
    value: (row) => row.replicas,
    draw: (row) => count(row.replicas, false),
  },
  {
    id: 'under',
    title: 'URP',
    width: 4,
    align: 'right',
    priority: 1,
    sortKey: 'U',
    value: (row) => row.underReplicated,
    draw: (row) => count(row.underReplicated, true),
  },
  {
    id: 'missing',
    title: 'OUT',
    width: 4,
    align: 'right',
    priority: 1,
    value: (row) => row.outOfSync,
    draw: (row) => count(row.outOfSync, true),
  },
  {
    id: 'disk',
    title: 'DISK',
    width: 5,
    align: 'right',
    priority: 4,
    sortKey: 'D',
    value: (row) => row.usedShare,
    draw: (row) => span(formatPercent(row.usedShare), (row.usedShare ?? 0) >= 0.85 ? 'warn' : row.usedShare === null ? 'dim' : 'text'),
  },
  {
    id: 'size',
    title: 'SIZE',
    width: 9,
    align: 'right',
    priority: 5,
    value: (row) => row.sizeBytes,
    draw: (row) => span(formatBytes(row.sizeBytes), 'dim'),
  },
];

function quorumLine({ cluster }: ConsoleData): Line {
  if (!cluster) return [];
  const { quorum } = cluster;
  if (!quorum) return cluster.quorumError === null ? [] : [span(`quorum: ${cluster.quorumError}`, 'dim')];
  const offsets = quorum.voters.map((voter) => voter.logEndOffset).sort((one, other) => (one < other ? -1 : 1));
  const lag = (offsets.at(-1) ?? 0n) - (offsets[0] ?? 0n);
  const voters = quorum.voters.map((voter) => `${voter.id}${voter.id === quorum.leaderId ? '*' : ''}`).join(' ');
  return [span(`KRaft quorum ${voters} · lag ${lag} · epoch ${quorum.leaderEpoch}`, lag > 1000n ? 'warn' : 'dim')];
}

export const brokersPane: TablePane = {
  id: 'brokers',
  kind: 'table',
  source: 'kafka',
  table: defineTable<BrokerRow>({
    pane: 'brokers',
    columns,
    rows: (data, view) =>
      (data.cluster?.brokers ?? []).filter((row) => !view.isFaultsOnly || !row.isUp || row.underReplicated > 0 || row.outOfSync > 0),
    id: (row) => String(row.id),
    target: (row) => ({ broker: row.id }),
    compare: (a, b) => Number(a.isUp) - Number(b.isUp) || a.id - b.id,
  }),
  title: () => 'brokers',
  info: ({ data }) => quorumLine(data),
  empty: (data) => kafkaEmpty(data, 'No brokers.'),
  detail: {
    height: 4,
    lines: ({ data }, id) => {
      const row = data.cluster?.brokers.find((one) => String(one.id) === id);
      if (!row) return [];
      const dirs = (data.cluster?.logDirs ?? []).filter((dir) => row.isUp && dir.brokerId === row.id);
      const about: Line = [
        span('  broker ', 'dim'),
        span(id, 'accent'),
        span(row.isUp ? '' : '  not in the metadata: stopped, or cut off from the controller', 'fail'),
      ];
      return [
        about,
        ...dirs
          .slice(0, 3)
          .map(
            (dir): Line => [
              span(`  ${dir.path}  `, 'dim'),
              span(
                dir.error ??
                  `${formatBytes(dir.totalBytes === null || dir.usableBytes === null ? null : dir.totalBytes - dir.usableBytes)} of ${formatBytes(dir.totalBytes)} used, ${formatCount(dir.partitions.length)} replicas`,
                dir.error === null ? 'text' : 'fail',
              ),
            ],
          ),
      ];
    },
  },
};
