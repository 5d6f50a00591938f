/** The list of connectors: one row each, worst first. */
import { formatAge, formatCount, formatRate } from '../../src/base/format.ts';
import { maskConfig } from '../../src/base/mask.ts';
import { cutTextMiddle } from '../../src/base/width.ts';
import { type ConnectorRow, HEALTH_ORDER, passwordKeys } from '../../src/store/connect-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { compareText } from '../../src/store/row-selection.ts';
import { dimColumn } from '../parts/dim-column.ts';
import { figureColumn, rateSpan } from '../parts/figures.ts';
import { type Line, span } from '../parts/line.ts';
import { connectorStateSpans, lagText, requestedText, sinceText, sparkText, taskSpans } from '../parts/state.ts';
import { type Column, defineTable, type Look, type Table } from '../parts/table.ts';

const TYPE: Readonly<Record<string, string>> = { source: 'src', sink: 'snk', unknown: '?' };

/** Lag of a sink in records; of a source how long ago something last came. */
function lagOrPosition(row: ConnectorRow, { nowMs }: Look): Line {
  if (row.type === 'sink') {
    if (row.lagRecords === null) return [span('?', 'dim')];
    return [span(row.lagRecords === 0n && row.isLagWhole ? 'at end' : lagText(row), row.health === 'STUCK' ? 'warn' : 'text')];
  }
  if (row.lastRecordMs === null) return [span('–', 'dim')];
  const ageMs = nowMs - row.lastRecordMs;
  return [span(ageMs < 3_000 ? 'moving' : `${formatAge(ageMs)} ago`, ageMs < 3_000 ? 'text' : 'dim')];
}

function lastWord(row: ConnectorRow, { nowMs }: Look): Line {
  if (row.requested) return [span(requestedText(row.requested, nowMs), row.requested.isLate ? 'fail' : 'warn')];
  return [span(row.lastError ?? '', row.health === 'FAILED' ? 'fail' : 'dim')];
}

function shortClass(className: string): string {
  return className.slice(className.lastIndexOf('.') + 1).replace(/Connector$/, '');
}

/** What was ever put into its dead-letter queue; of a queue that cannot be asked, what the worker has put there since it runs. */
const queued = ({ recordErrors: { everWritten, deadLetters } }: ConnectorRow) => everWritten ?? deadLetters;

const columns: readonly Column<ConnectorRow>[] = [
  {
    id: 'name',
    title: 'NAME',
    width: 16,
    fit: 36,
    grow: 1,
    priority: 0,
    sortKey: 'A',
    value: (row) => row.name,
    draw: (row, _, width) => span(width === 0 ? row.name : cutTextMiddle(row.name, width)),
  },
  {
    id: 'type',
    title: 'TYPE',
    width: 4,
    priority: 5,
    sortKey: 'T',
    value: (row) => row.type,
    draw: (row) => span(TYPE[row.type] ?? '?', 'dim'),
  },
  {
    id: 'class',
    title: 'CLASS',
    width: 16,
    priority: 8,
    sortKey: 'C',
    value: (row) => shortClass(row.className),
    draw: (row) => span(shortClass(row.className), 'dim'),
  },
  { id: 'state', title: 'STATE', width: 9, fit: 12, priority: 0, sortKey: 'S', value: (row) => row.health, draw: connectorStateSpans },
  { id: 'tasks', title: 'TASKS', width: 5, fit: 12, priority: 2, value: (row) => row.tasks.length, draw: taskSpans },
  figureColumn({ id: 'rate', title: 'REC/S', width: 8, priority: 1, sortKey: 'R', value: (row) => row.recordsPerSec }, rateSpan),
  { id: 'spark', title: '', width: 6, priority: 6, value: () => null, draw: (row) => span(sparkText(row.spark, 6), 'accent') },
  { id: 'lag', title: 'LAG', width: 8, align: 'right', priority: 3, sortKey: 'L', value: (row) => row.lagRecords, draw: lagOrPosition },
  {
    id: 'dlqrate',
    title: 'DLQ/S',
    width: 5,
    align: 'right',
    priority: 3,
    sortKey: 'D',
    isLeftOutWhenEmpty: true,
    value: (row) => row.recordErrors.perSec,
    draw: ({ recordErrors: { queue, perSec } }) =>
      span(queue === null ? '' : formatRate(perSec), perSec !== null && perSec > 0 ? 'warn' : 'dim'),
  },
  {
    id: 'dlq',
    title: 'DLQ',
    width: 7,
    align: 'right',
    priority: 6,
    sortKey: 'Q',
    isLeftOutWhenEmpty: true,
    value: queued,
    draw: (row) => span(row.recordErrors.queue === null ? '' : formatCount(queued(row)), queued(row) === 0 ? 'dim' : 'text'),
  },
  {
    id: 'errors',
    title: 'ERRORS',
    width: 7,
    align: 'right',
    priority: 7,
    isLeftOutWhenEmpty: true,
    value: (row) => row.recordErrors.errors,
    draw: ({ recordErrors: { errors } }) => span(errors === null || errors === 0 ? '' : formatCount(errors), 'warn'),
  },
  {
    id: 'restarts',
    title: 'RST/H',
    width: 5,
    align: 'right',
    priority: 7,
    isLeftOutWhenEmpty: true,
    value: (row) => row.restartsLastHour,
    draw: ({ restartsLastHour: restarts }) => span(restarts === 0 ? '' : String(restarts), restarts > 2 ? 'warn' : 'text'),
  },
  {
    id: 'since',
    title: 'SINCE',
    width: 7,
    align: 'right',
    priority: 7,
    value: (row) => row.since.atMs,
    draw: (row, look) => span(sinceText(row.since, look.nowMs), 'dim'),
  },
  dimColumn({ id: 'worker', title: 'WORKER', width: 18, priority: 9, sortKey: 'W', value: (row) => row.workerId }),
  { id: 'error', title: 'LAST ERROR', width: 12, grow: 4, priority: 4, sortKey: 'E', value: (row) => row.lastError ?? '', draw: lastWord },
];

/** Without its config until the plugin has said which of its settings are secrets. */
function connectorFacts(row: ConnectorRow, { pluginConfig }: ConsoleData): object {
  const isTold = pluginConfig?.plugin === row.className && (pluginConfig.keys !== null || pluginConfig.error !== null);
  return { ...row, config: isTold ? maskConfig(row.config, passwordKeys(pluginConfig.keys ?? [])) : undefined };
}

export const connectorTable: Table = defineTable<ConnectorRow>({
  pane: 'connectors',
  columns,
  rows: (data) => data.connect?.connectors ?? [],
  id: (row) => row.name,
  target: (row) => ({ connector: row.name }),
  raw: connectorFacts,
  isFault: (row) => HEALTH_ORDER.indexOf(row.health) < 4,
  compare: (a, b) => HEALTH_ORDER.indexOf(a.health) - HEALTH_ORDER.indexOf(b.health) || compareText(a.name, b.name),
});
