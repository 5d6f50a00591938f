/** About one connector: how it is, its topics, its group, its dead letters, its tasks. */
import { formatCount, formatRate, plural } from '../../src/base/format.ts';
import type { ConnectorRow, TaskRow } from '../../src/store/connect-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { simpleName } from '../../src/store/trace.ts';
import { errorLines } from '../connectors/detail.ts';
import { fact, section } from '../parts/facts.ts';
import { type Line, span } from '../parts/line.ts';
import { connectorStateSpans, lagText, requestedText, sinceText, stateSpan, trendText } from '../parts/state.ts';
import type { Look } from '../parts/table.ts';
import { topicWord } from './topic.ts';

export function describeConnector(row: ConnectorRow, data: ConsoleData, look: Look, width: number): Line[] {
  return [
    ...facts(row, look),
    ...section(
      'topics',
      row.topics.map((name) => fact(topicRole(row, name), [span(`${name}  `), topicWord(data, name)])),
    ),
    ...section('group', groupLines(row, data)),
    ...section('records that failed', errorLines(row, look, width)),
    ...section(
      'tasks',
      row.tasks.map((task) => taskLine(task, look)),
    ),
  ];
}

/** The short name, and the whole one where it says more. */
function classSpans(className: string): Line {
  const simple = simpleName(className);
  return simple === className ? [span(simple)] : [span(simple), span(`  ${className}`, 'dim')];
}

function facts(row: ConnectorRow, { nowMs }: Look): Line[] {
  const workers = [...new Set([row.workerId, ...row.tasks.map((task) => task.workerId)])].filter((worker) => worker !== '');
  return [
    [span('connector ', 'dim'), span(row.name, 'accent'), span('  '), ...connectorStateSpans(row)],
    fact('since', sinceText(row.since, nowMs)),
    ...(row.requested ? [fact('asked', requestedText(row.requested, nowMs), 'warn')] : []),
    fact('type', row.type),
    fact('class', classSpans(row.className)),
    fact('workers', workers.join(', ') || '?'),
    fact('records', `${formatRate(row.recordsPerSec)}/s`),
    ...(row.type === 'sink'
      ? [fact('lag', `${row.lagRecords === null ? '?' : lagText(row)}${trendText(row)}`, row.health === 'STUCK' ? 'warn' : 'text')]
      : []),
    fact('restarts', `${row.restartsLastHour} in the last hour, ${plural(row.stateChanges, 'change')} of state in ten minutes`),
    ...(row.lastError === null ? [] : [fact('last error', row.lastError, 'fail')]),
  ];
}

function topicRole(row: ConnectorRow, topic: string): string {
  return topic === row.recordErrors.queue ? 'dead letters' : row.type === 'sink' ? 'reads' : row.type === 'source' ? 'writes' : 'uses';
}

function groupLines(row: ConnectorRow, { cluster }: ConsoleData): Line[] {
  if (row.groupId === null) return [];
  const group = cluster?.groups?.find((one) => one.groupId === row.groupId);
  const members = group?.memberCount == null ? '' : `  ${plural(group.memberCount, 'member')}`;
  return [
    fact('name', row.groupId),
    ...(group ? [fact('state', `${group.state}${members}`)] : []),
    ...row.partitions.map((one) =>
      fact(`${one.topic} p${one.partition}`, [
        span(`at ${one.committed ?? 'no commit'} of ${one.end ?? '?'}  `),
        span(`lag ${one.lag === null ? '?' : formatCount(one.lag)}`, one.lag === 0n ? 'dim' : 'text'),
      ]),
    ),
  ];
}

function taskLine(task: TaskRow, { nowMs }: Look): Line {
  return fact(`task ${task.id}`, [
    stateSpan(task.state),
    span(`  since ${sinceText(task.since, nowMs)}  ${formatRate(task.recordsPerSec)}/s  ${task.workerId}`, 'dim'),
    span(task.lastError === null ? '' : `  ${task.lastError}`, 'fail'),
  ]);
}
