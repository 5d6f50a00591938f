/** The metadata quorum: who votes, who follows, how far behind each is. */
import { formatAge, groupDigits } from '../../src/base/format.ts';
import { type QuorumRow, toQuorumRows } from '../../src/cluster/quorum-rows.ts';
import { type Line, span } from '../parts/line.ts';
import { kafkaEmpty } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

const ROLE = {
  leader: span('leader', 'accent'),
  voter: span('voter', 'text'),
  observer: span('observer', 'dim'),
};

/** Snapshots and heartbeats are milliseconds apart: seconds without one mean something. */
const LATE_MS = 5_000;

const ageSpan = (ageMs: number | null, isLeader: boolean) =>
  isLeader ? span('–', 'dim') : span(formatAge(ageMs), ageMs === null ? 'dim' : ageMs > LATE_MS ? 'warn' : 'text');

const columns: readonly Column<QuorumRow>[] = [
  { id: 'id', title: 'ID', width: 5, align: 'right', priority: 0, sortKey: 'I', value: (row) => row.id },
  { id: 'role', title: 'ROLE', width: 9, priority: 0, sortKey: 'R', value: (row) => row.role, draw: (row) => ROLE[row.role] },
  {
    id: 'end',
    title: 'LOG END',
    width: 12,
    align: 'right',
    priority: 2,
    value: (row) => row.logEndOffset,
    draw: (row) => span(row.logEndOffset < 0n ? '?' : groupDigits(row.logEndOffset), 'dim'),
  },
  {
    id: 'lag',
    title: 'LAG',
    width: 9,
    align: 'right',
    priority: 0,
    sortKey: 'L',
    value: (row) => row.lag,
    draw: (row) =>
      span(row.lag === null ? '?' : groupDigits(row.lag), row.lag === null || row.lag > 1000n ? 'warn' : row.lag > 0n ? 'text' : 'dim'),
  },
  {
    id: 'caughtUp',
    title: 'CAUGHT UP AGO',
    width: 13,
    align: 'right',
    priority: 1,
    sortKey: 'C',
    value: (row) => row.caughtUpAgoMs,
    draw: (row) => ageSpan(row.caughtUpAgoMs, row.role === 'leader'),
  },
  {
    id: 'fetched',
    title: 'FETCHED AGO',
    width: 11,
    align: 'right',
    priority: 3,
    sortKey: 'F',
    value: (row) => row.fetchedAgoMs,
    draw: (row) => ageSpan(row.fetchedAgoMs, row.role === 'leader'),
  },
];

export const quorumPane: TablePane = {
  id: 'quorum',
  kind: 'table',
  source: 'kafka',
  table: defineTable<QuorumRow>({
    pane: 'quorum',
    columns,
    rows: ({ cluster, nowMs }) => (cluster?.quorum ? toQuorumRows(cluster.quorum, nowMs) : []),
    id: (row) => `${row.role === 'observer' ? 'observer' : 'voter'} ${row.id}`,
    target: (row) => ({ broker: row.id }),
    raw: (row) => row,
    isFault: (row) => row.lag === null || row.lag > 1000n || (row.caughtUpAgoMs ?? 0) > LATE_MS,
    compare: null,
  }),
  title: () => 'quorum',
  info: ({ data: { cluster } }): Line => {
    const quorum = cluster?.quorum;
    if (!quorum) return [];
    return [
      span(`epoch ${quorum.leaderEpoch} · high watermark ${groupDigits(quorum.highWatermark)} · `, 'dim'),
      ...marginSpans(quorum.voters.length),
    ];
  },
  empty: (data) =>
    data.cluster?.quorumError != null
      ? [[], [span('   The metadata quorum does not answer.', 'fail')], [span(`   ${data.cluster.quorumError}`, 'dim')]]
      : kafkaEmpty(data, 'asking the quorum …'),
};

/** How many more voters may be lost. */
function marginSpans(voters: number): Line {
  const may = Math.floor((voters - 1) / 2);
  return [span(`${voters} voters: ${may === 0 ? 'none' : may} may be lost`, may === 0 ? 'warn' : 'dim')];
}
