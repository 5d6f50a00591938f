/** Workers: what each of them runs, how it is, and how long it takes to answer. */
import { formatAge, formatBytes, formatCount, plural } from '../../src/base/format.ts';
import { wrapWords } from '../../src/base/wrap-words.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { protocolWord } from '../../src/store/group-in-words.ts';
import { isSick, type WorkerRow } from '../../src/store/worker-rows.ts';
import { counted } from '../parts/counted.ts';
import { counts, figureColumn, known } from '../parts/figures.ts';
import { type Line, type Span, span } from '../parts/line.ts';
import { askedEmpty, connectEmpty, notice } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';
import { groupLines, leavingText } from './group.ts';
import { rowId, rowsOf, workerOf } from './rows.ts';

const SLOW_LOOP_MS = 100;
const SLOW_ANSWER_MS = 1_000;

const STATE: Readonly<Record<WorkerRow['state'], Span>> = {
  up: span('● up', 'ok'),
  draining: span('→ draining', 'warn'),
  unhealthy: span('▲ unwell', 'warn'),
  down: span('✖ no answer', 'fail'),
  member: span('● in group', 'ok'),
  gone: span('✖ gone', 'fail'),
  asking: span('○ asking', 'dim'),
  'not asked': span('○ not asked', 'dim'),
};

const ROLE: Readonly<Record<NonNullable<WorkerRow['role']>, Span>> = {
  leader: span('★ leader', 'accent'),
  member: span('member'),
  gone: span('none', 'fail'),
  standalone: span('standalone'),
};

/** `12 ms`: what takes less than a second is told in its own unit. */
const milliseconds = (ms: number | null) => (ms === null ? '?' : `${ms < 10 ? ms.toFixed(1) : formatCount(ms)} ms`);

const times = (slowMs: number) => (ms: number | null) => known(milliseconds, (ms ?? 0) > slowMs ? 'warn' : 'text')(ms);

const columns: readonly Column<WorkerRow>[] = [
  { id: 'id', title: 'WORKER', width: 18, fit: 36, grow: 1, priority: 0, sortKey: 'W', value: (row) => row.id },
  { id: 'state', title: 'STATE', width: 11, priority: 0, sortKey: 'S', value: (row) => row.state, draw: (row) => STATE[row.state] },
  {
    id: 'role',
    title: 'ROLE',
    width: 8,
    fit: 10,
    priority: 1,
    value: (row) => row.role,
    draw: (row) => (row.role === null ? span('?', 'dim') : ROLE[row.role]),
  },
  figureColumn({ id: 'connectors', title: 'CONN', width: 5, priority: 1, sortKey: 'C', value: (row) => row.connectors }, counts()),
  figureColumn({ id: 'tasks', title: 'TASKS', width: 5, priority: 1, sortKey: 'T', value: (row) => row.tasks }, counts()),
  figureColumn({ id: 'failed', title: 'FAILED', width: 6, priority: 2, sortKey: 'F', value: (row) => row.failed }, counts('fail')),
  figureColumn(
    { id: 'loop', title: 'LOOP', width: 8, priority: 3, sortKey: 'L', value: (row) => row.process?.loopMeanMs ?? null },
    times(SLOW_LOOP_MS),
  ),
  figureColumn(
    { id: 'rss', title: 'RSS', width: 8, priority: 3, sortKey: 'R', value: (row) => row.process?.rssBytes ?? null },
    known(formatBytes),
  ),
  {
    id: 'config',
    title: 'CONFIG',
    width: 12,
    align: 'right',
    priority: 4,
    value: (row) => row.configOffset,
    draw: ({ configOffset, configBehind }) =>
      configOffset === null
        ? span('?', 'dim')
        : configBehind !== null && configBehind > 0n
          ? span(`${formatCount(configOffset)} −${formatCount(configBehind)}`, 'warn')
          : span(formatCount(configOffset), 'dim'),
  },
  {
    id: 'protocol',
    title: 'PROTOCOL',
    width: 10,
    priority: 6,
    value: (row) => row.protocol,
    draw: (row) => span(protocolWord(row.protocol), 'dim'),
  },
  {
    id: 'version',
    title: 'VERSION',
    width: 9,
    priority: 5,
    sortKey: 'V',
    value: (row) => row.version,
    draw: (row) => span(row.version ?? '?', 'dim'),
  },
  {
    id: 'up',
    title: 'UP SINCE',
    width: 10,
    align: 'right',
    priority: 6,
    value: (row) => row.process?.startedMs ?? null,
    draw: ({ process }, { nowMs }) => span(process?.startedMs == null ? '?' : formatAge(nowMs - process.startedMs), 'dim'),
  },
  { id: 'host', title: 'HOST', width: 15, priority: 7, value: (row) => row.host, draw: (row) => span(row.host ?? '?', 'dim') },
  {
    id: 'group',
    title: 'GROUP',
    width: 16,
    priority: 7,

    value: (row) => row.group,
    draw: (row) => span(row.group ?? '?', 'dim'),
  },
  figureColumn({ id: 'latency', title: 'REST', width: 8, priority: 2, value: (row) => row.latencyMs }, times(SLOW_ANSWER_MS)),
];

function detail(row: WorkerRow, data: ConsoleData, width: number): Line[] {
  const { process, problem, pluginFaults, address } = row;
  const isAsking = row.state === 'asking';
  const where = isAsking ? 'asking …' : address === null ? 'not given to --attach: told by its group and statuses' : address;
  const lines: Line[] = [[span('  '), span(row.id, 'accent'), span(`  ${where}`, 'dim')]];
  const leaving = leavingText(row, data);
  if (row.draining !== null)
    lines.push([
      span(
        `  it drains: ${plural(row.draining.connectors, 'connector')} and ${plural(row.draining.tasks, 'task')} still run on it`,
        'warn',
      ),
    ]);
  if (leaving !== null)
    lines.push(...wrapWords(leaving, width - 4, problem === null && process === null ? 3 : 2).map((text): Line => [span(`  ${text}`)]));
  if (problem !== null) lines.push(...wrapWords(problem, width - 4, 2).map((text): Line => [span(`  ${text}`, 'fail')]));
  if (row.make === 'jvm') lines.push([span('  A JVM worker tells nothing of its process over REST: JMX does.', 'dim')]);
  if (process !== null)
    lines.push([
      span(`  heap ${formatBytes(process.heapBytes)} of ${formatBytes(process.rssBytes)}`, 'dim'),
      span(`  event loop late by ${milliseconds(process.loopMeanMs)}, at most ${milliseconds(process.loopMaxMs)}`, 'dim'),
    ]);
  if (pluginFaults.length > 0)
    lines.push([span(`  ${plural(pluginFaults.length, 'package')} of plugin.path left out: ${pluginFaults[0]}`, 'warn')]);
  return lines;
}

const RANK: Readonly<Record<WorkerRow['state'], number>> = {
  down: 0,
  gone: 0,
  unhealthy: 1,
  draining: 1,
  up: 2,
  member: 2,
  asking: 3,
  'not asked': 3,
};

const NOT_ASKED = { value: null, error: null };
const WORDS = { name: 'groups of workers', right: 'DESCRIBE on groups', none: 'no Connect workers have a group on this cluster' };

export const workersPane: TablePane = {
  id: 'workers',
  kind: 'table',
  table: defineTable<WorkerRow>({
    pane: 'workers',
    columns,
    rows: rowsOf,
    id: rowId,
    target: ({ address, id }) => ({ workerId: id, ...(address === null ? {} : { worker: address }) }),
    raw: (row) => row,
    isFault: isSick,
    compare: (a, b) => RANK[a.state] - RANK[b.state] || (a.id < b.id ? -1 : 1),
  }),
  title: () => 'workers',
  info: (snapshot) => {
    const { connectGroups } = snapshot.data.cluster?.details ?? {};
    const group = connectGroups?.error ? [span(`the group: ${connectGroups.error} · `, 'dim')] : [];
    return [...group, ...counted(snapshot)];
  },
  summary: ({ data }) => groupLines(data),
  empty: (data) => {
    if (!data.context.hasConnect) return askedEmpty(data, data.cluster?.details.connectGroups ?? NOT_ASKED, WORDS);
    return data.workers.error === null ? connectEmpty(data, 'asking the workers …') : notice(data.workers.error, 'fail');
  },
  detail: {
    height: 4,
    lines: ({ data }, id, _, width) => {
      const row = workerOf(data, id);
      return row ? detail(row, data, width) : [];
    },
  },
};
