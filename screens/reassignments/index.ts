/** Replicas on their way to other brokers, with how far they have come. */
import { compactAge, formatBytes, formatCount, formatPercent } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import type { ClusterData } from '../../src/cluster/cluster-model.ts';
import { type ReassignmentRow, reassignmentProgress, shareOf, toReassignmentRows } from '../../src/cluster/reassignment-progress.ts';
import type { ConsoleData, Snapshot } from '../../src/store/console-data.ts';
import { counted } from '../parts/counted.ts';
import { figureColumn, known } from '../parts/figures.ts';
import { type Line, type Span, span } from '../parts/line.ts';
import { kafkaEmpty } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

const made = new Memo<readonly ReassignmentRow[]>();

function rowsOf({ cluster }: ConsoleData): readonly ReassignmentRow[] {
  return made.get([cluster], () => (cluster ? makeRows(cluster) : []));
}

function makeRows({ topics, details, disks, movePaces }: ClusterData): ReassignmentRow[] {
  const moves = details.reassignments.value ?? [];
  const names = new Set(moves.map(({ topic }) => topic));
  const infos = new Map(topics.flatMap(({ info }) => (names.has(info.name) ? [[info.name, info] as const] : [])));
  return toReassignmentRows(reassignmentProgress(moves, infos, disks), movePaces);
}

const BAR_CELLS = 10;

/** `█████░░░░░  50 %`. */
function progressSpans(row: ReassignmentRow): Line {
  const share = shareOf(row);
  if (share === null) return [span('?', 'dim')];
  const full = Math.min(BAR_CELLS, Math.floor(share * BAR_CELLS));
  return [span('█'.repeat(full), 'ok'), span('░'.repeat(BAR_CELLS - full), 'dim'), span(` ${formatPercent(share)}`)];
}

const neverEnds = (seconds: number | null): boolean => seconds === Number.POSITIVE_INFINITY;

function doneInSpan(seconds: number | null): Span {
  if (seconds === null) return span('?', 'dim');
  if (seconds === 0) return span('–', 'dim');
  return neverEnds(seconds) ? span('never', 'warn') : span(compactAge(seconds * 1000));
}

const perSecond = (bytes: number): string => `${formatBytes(Math.round(bytes))}/s`;

/** `2 of 2 · 12.4 MB/s, done in 3m`: all moves together end with the last of them. */
function overall(snapshot: Snapshot): Line {
  const moving = rowsOf(snapshot.data).filter((row) => shareOf(row) !== 1);
  const bytesPerSec = moving.reduce((sum, row) => sum + (row.bytesPerSec ?? 0), 0);
  if (moving.length === 0 || moving.some((row) => row.bytesPerSec === null)) return counted(snapshot);
  const left = moving.map((row) => row.secondsLeft);
  const last = left.includes(null) ? null : Math.max(...(left as number[]));
  return [...counted(snapshot), span(` · ${perSecond(bytesPerSec)}, done in `, 'dim'), doneInSpan(last)];
}

/** New replicas, those not caught up in brackets as elsewhere. */
function addingSpans({ adding, inSync, silent }: ReassignmentRow): Line {
  return adding.flatMap((id, i) => {
    const isIn = inSync.includes(id);
    return [span(i === 0 ? '' : ' '), span(isIn ? `${id}` : `[${id}]`, isIn ? 'ok' : silent.includes(id) ? 'fail' : 'warn')];
  });
}

const columns: readonly Column<ReassignmentRow>[] = [
  { id: 'topic', title: 'TOPIC', width: 20, fit: 40, grow: 1, priority: 0, sortKey: 'T', value: (row) => row.topic },
  { id: 'partition', title: 'P', width: 4, align: 'right', priority: 0, sortKey: 'P', value: (row) => row.partition },
  { id: 'adding', title: 'ADDING', width: 8, fit: 16, priority: 1, value: (row) => row.adding.join(' '), draw: addingSpans },
  {
    id: 'removing',
    title: 'REMOVING',
    width: 8,
    fit: 16,
    priority: 4,
    value: (row) => row.removing.join(' '),
    draw: (row) => span(row.removing.join(' ') || '–', 'dim'),
  },
  { id: 'progress', title: 'PROGRESS', width: 16, priority: 0, sortKey: 'R', value: shareOf, draw: progressSpans },
  figureColumn({ id: 'rate', title: 'COPIED/S', width: 9, priority: 2, sortKey: 'C', value: (row) => row.bytesPerSec }, (perSec) =>
    perSec === null ? span('?', 'dim') : span(perSecond(perSec), perSec > 0 ? 'text' : 'dim'),
  ),
  figureColumn({ id: 'done-in', title: 'DONE IN', width: 7, priority: 1, sortKey: 'D', value: (row) => row.secondsLeft }, doneInSpan),
  figureColumn(
    {
      id: 'left',
      title: 'BYTES LEFT',
      width: 10,
      priority: 3,
      sortKey: 'B',
      value: (row) => (row.totalBytes === null || row.doneBytes === null ? null : row.totalBytes - row.doneBytes),
    },
    (bytes) => span(formatBytes(bytes)),
  ),
  figureColumn({ id: 'lag', title: 'LAG', width: 9, priority: 5, sortKey: 'L', value: (row) => row.lagRecords }, known(formatCount, 'dim')),
];

export const reassignmentsPane: TablePane = {
  id: 'reassignments',
  kind: 'table',
  source: 'kafka',
  table: defineTable<ReassignmentRow>({
    pane: 'reassignments',
    columns,
    rows: rowsOf,
    id: (row) => `${row.topic} ${row.partition}`,
    target: (row) => ({ topic: row.topic, partition: row.partition }),
    raw: (row) => row,
    isFault: (row) => row.silent.length > 0 || neverEnds(row.secondsLeft),
    compare: null,
  }),
  title: () => 'reassignments',
  info: overall,
  empty: (data) => {
    const { value, error } = data.cluster?.details.reassignments ?? { value: null, error: null };
    if (error !== null) return [[], [span('   the list of reassignments was refused', 'fail')], [span(`   ${error}`, 'dim')]];
    return value === null ? kafkaEmpty(data, 'asking …') : kafkaEmpty(data, 'No replica is on its way.');
  },
  detail: {
    height: 1,
    lines: ({ data }, id) => {
      const row = rowsOf(data).find((one) => `${one.topic} ${one.partition}` === id);
      if (!row || row.silent.length === 0) return [];
      return [[span(`  nothing is known of the replica on ${row.silent.join(', ')}: the broker is away, or has not begun`, 'warn')]];
    },
  },
};
