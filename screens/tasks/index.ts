import { formatAge, formatCount, formatTimestamp } from '../../src/base/format.ts';
import type { ConnectorRow, TaskRow } from '../../src/store/connect-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import type { ViewState } from '../../src/store/view.ts';
import { causeLines, connectorDetail, errorLines } from '../connectors/detail.ts';
import { counted } from '../parts/counted.ts';
import { type Line, span } from '../parts/line.ts';
import { connectEmpty, notice } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { connectorStateSpans } from '../parts/state.ts';
import { taskTable } from './rows.ts';

export function connectorOf(data: ConsoleData, view: ViewState): ConnectorRow | null {
  return data.connect?.connectors.find((row) => row.name === view.target.connector) ?? null;
}

/** Of one task, where the worker counts. */
function taskErrorLines({ metrics }: TaskRow, nowMs: number): Line[] {
  if (!metrics || metrics.deadLetters === null) return [];
  const { recordErrors, recordsSkipped, errorsLogged, deadLetters, deadLettersFailed, lastErrorMs } = metrics;
  const last = lastErrorMs === null ? '' : `  last ${formatTimestamp(lastErrorMs)}, ${formatAge(nowMs - lastErrorMs)} ago`;
  return [
    [
      span(
        `  records: errors ${formatCount(recordErrors)}  skipped ${formatCount(recordsSkipped)}  logged ${formatCount(errorsLogged)}`,
        'dim',
      ),
      span(`  dead letters ${formatCount(deadLetters)}, not taken ${formatCount(deadLettersFailed)}`, deadLettersFailed ? 'fail' : 'dim'),
    ],
    ...(last === '' ? [] : [[span(last, 'dim')]]),
  ];
}

export const tasksPane: TablePane = {
  id: 'tasks',
  kind: 'table',
  source: 'connect',
  table: taskTable,
  title: (view) => view.target.connector ?? 'tasks',
  info: counted,
  summary: ({ data, view }, look, width) => {
    const row = connectorOf(data, view);
    if (!row) return [];
    // The trouble is told below, task by task.
    const [facts, ...rest] = connectorDetail(row, look, width).slice(0, 3 + errorLines(row, look, width).length);
    return [[span('  '), ...connectorStateSpans(row), ...(facts ?? [])], ...rest, []];
  },
  empty: (data, view) => {
    const row = connectorOf(data, view);
    if (!row) return connectEmpty(data, `There is no connector ${view.target.connector} any more.`);
    const why =
      row.state === 'STOPPED'
        ? 'It is STOPPED: it has no tasks. u resumes it.'
        : row.state === 'FAILED'
          ? 'The connector itself has failed: ⏎ shows its trace, r restarts it.'
          : 'It has no tasks.';
    return notice(why);
  },
  detail: {
    height: 5,
    lines: ({ data, view }, id, { nowMs }, width) => {
      const task = connectorOf(data, view)?.tasks.find((one) => String(one.id) === id);
      if (!task) return [];
      return task.trace === null
        ? [[span(`  task ${task.id} has no error`, 'dim')], ...taskErrorLines(task, nowMs)]
        : [[span(`  task ${task.id}`, 'accent'), span('  ⏎ the whole trace', 'dim')], ...causeLines(task.trace, width)];
    },
  },
};
