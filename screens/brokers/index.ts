/** Brokers with what they carry, the controller, the quorum, the disks. */
import { formatBytes, formatCount, formatPercent } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import type { BrokerRow, ClusterData } from '../../src/cluster/cluster-model.ts';
import { releasesOf } from '../../src/cluster/kafka-release.ts';
import { forecastLoss } from '../../src/cluster/loss-forecast.ts';
import { imbalanceOf } from '../../src/cluster/partition-health.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { dimColumn } from '../parts/dim-column.ts';
import { fillText } from '../parts/disk.ts';
import { counts, figureColumn, known } from '../parts/figures.ts';
import { type Line, span } from '../parts/line.ts';
import { kafkaEmpty } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';
import { forecastLines } from '../what-if/forecast-lines.ts';

/** Above it Kafka moves leaders back by itself (`leader.imbalance.per.broker.percentage`). */
const LEADER_IMBALANCE = 0.1;

/** A row with what is known from elsewhere. */
interface BrokerLine extends BrokerRow {
  /** Release of the broker's program; `null`: not known. */
  readonly release: string | null;
}

function toLines({ brokers, details }: ClusterData): BrokerLine[] {
  return brokers.map((row) => {
    const features = details.features.get(row.id) ?? null;
    return { ...row, release: row.isUp && features ? releasesOf(features).broker : null };
  });
}

const made = new Memo<readonly BrokerLine[]>();

const columns: readonly Column<BrokerLine>[] = [
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
  dimColumn({ id: 'rack', title: 'RACK', width: 6, priority: 6, value: (row) => row.rack }),
  figureColumn({ id: 'leaders', title: 'LEADERS', width: 7, priority: 2, sortKey: 'L', value: (row) => row.leaders }, counts()),
  figureColumn({ id: 'replicas', title: 'REPLICAS', width: 8, priority: 3, sortKey: 'R', value: (row) => row.replicas }, counts()),
  figureColumn({ id: 'under', title: 'URP', width: 4, priority: 1, sortKey: 'U', value: (row) => row.underReplicated }, counts('warn')),
  figureColumn({ id: 'missing', title: 'OUT', width: 4, priority: 1, value: (row) => row.outOfSync }, counts('warn')),
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
  figureColumn({ id: 'size', title: 'SIZE', width: 9, priority: 5, value: (row) => row.sizeBytes }, known(formatBytes, 'dim')),
  {
    id: 'imbalance',
    title: 'SKEW',
    width: 5,
    align: 'right',
    priority: 5,
    sortKey: 'K',
    value: imbalanceOf,
    draw: (row) => {
      const share = imbalanceOf(row);
      return span(share === null ? '–' : formatPercent(share), share !== null && share > LEADER_IMBALANCE ? 'warn' : 'dim');
    },
  },
  {
    id: 'version',
    title: 'VERSION',
    width: 7,
    priority: 6,
    sortKey: 'V',
    value: (row) => row.release,
    draw: (row) => span(row.release ?? '?', 'dim'),
  },
];

function quorumLine({ cluster }: ConsoleData): Line {
  if (!cluster) return [];
  const { quorum } = cluster;
  if (!quorum) return cluster.quorumError === null ? [] : [span('quorum ? · v says why', 'dim')];
  const offsets = quorum.voters.map((voter) => voter.logEndOffset).sort((one, other) => (one < other ? -1 : 1));
  const lag = (offsets.at(-1) ?? 0n) - (offsets[0] ?? 0n);
  const voters = quorum.voters.map((voter) => `${voter.id}${voter.id === quorum.leaderId ? '*' : ''}`).join(' ');
  return [span(`KRaft quorum ${voters} · lag ${lag} · epoch ${quorum.leaderEpoch}`, lag > 1000n ? 'warn' : 'dim')];
}

export const brokersPane: TablePane = {
  id: 'brokers',
  kind: 'table',
  source: 'kafka',
  table: defineTable<BrokerLine>({
    pane: 'brokers',
    columns,
    rows: ({ cluster }) => made.get([cluster], () => (cluster ? toLines(cluster) : [])),
    isFault: (row) => !row.isUp || row.silence !== null || row.underReplicated > 0 || row.outOfSync > 0 || row.logDirErrors.length > 0,
    id: (row) => String(row.id),
    target: (row) => ({ broker: row.id }),
    raw: (row, { cluster }) => ({
      ...row,
      logDirs: cluster?.logDirs?.filter((dir) => dir.brokerId === row.id),
    }),
    compare: (a, b) => Number(a.isUp) - Number(b.isUp) || a.id - b.id,
  }),
  title: () => 'brokers',
  info: ({ data }) => quorumLine(data),
  empty: (data) => kafkaEmpty(data, 'No brokers.'),
  detail: {
    height: 4,
    lines: ({ data, view }, id) => {
      const marked = [...view.marks.values()].flatMap(({ broker }) => (broker === undefined ? [] : [broker])).sort((a, b) => a - b);
      if (marked.length > 0 && data.cluster)
        return [...forecastLines(forecastLoss(data.cluster, marked)), [span('  ^k lists the topics', 'dim')]];
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
              span(dir.error ?? `${fillText(dir)} used, ${formatCount(dir.replicaCount)} replicas`, dir.error === null ? 'text' : 'fail'),
            ],
          ),
      ];
    },
  },
};
