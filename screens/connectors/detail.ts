/** About one connector, in a few lines. */
import { formatAge, formatCount, formatRate, plural } from '../../src/base/format.ts';
import { wrapWords } from '../../src/base/wrap-words.ts';
import type { ConnectorRow, RecordErrors } from '../../src/store/connect-model.ts';
import { causeLine, parseTrace, simpleName } from '../../src/store/trace.ts';
import { type Line, lineWidth, span } from '../parts/line.ts';
import { lagText, requestedText, sparkText } from '../parts/state.ts';
import type { Look } from '../parts/table.ts';

export function connectorDetail(row: ConnectorRow, look: Look, width: number): Line[] {
  const failed = row.tasks.filter((task) => task.state === 'FAILED');
  const workers = [...new Set([row.workerId, ...row.tasks.map((task) => task.workerId)])].filter((worker) => worker !== '');
  const facts: Line = [
    span('  '),
    span(row.name, 'accent'),
    span(`  ${simpleName(row.className)}  ${plural(row.tasks.length, 'task')}`, 'dim'),
    ...(failed.length > 0 ? [span(`  task ${failed.map((task) => task.id).join(', ')} FAILED`, 'fail')] : []),
    ...(row.health === 'FAILED' && row.state !== 'FAILED' && row.state !== 'RUNNING' ? [span(`  connector ${row.state}`, 'warn')] : []),
    ...(row.restartsLastHour > 0 ? [span(`  ${plural(row.restartsLastHour, 'restart')} in the last hour`, 'dim')] : []),
  ];
  const topics = row.topics.length === 0 ? 'no topic used yet' : `topics ${row.topics.join(', ')}`;
  const where: Line = [
    span(`  ${topics}`, 'dim'),
    span(`  worker ${workers.join(', ')}`, 'dim'),
    ...(row.groupId === null ? [] : [span(`  group ${row.groupId}`, 'dim')]),
  ];
  return [facts, where, movement(row, width), ...errorLines(row, look, width), ...trouble(row, look, width)];
}

/** Records that could not be processed, and where they went; nothing for a connector without such and without a dead-letter queue. */
export function errorLines({ recordErrors }: ConnectorRow, { nowMs }: Look, width: number): Line[] {
  const [letters, counts] = [letterSpans(recordErrors), countSpans(recordErrors, nowMs)];
  const isOneLine = lineWidth(letters) + lineWidth(counts) <= width;
  return (isOneLine ? [[...letters, ...counts]] : [letters, counts]).filter((line) => line.length > 0);
}

/** Dead letters, and whose count that is. */
function letterSpans({ queue, origin, deadLetters, perSec, everWritten, failed }: RecordErrors): Line {
  if (queue === null) return [];
  if (origin === null) return [span('  dead letters ?'), span(`  → ${queue}: it is not there, or cannot be asked`, 'dim')];
  const rate = perSec === null ? '' : `  ${formatRate(perSec)}/s`;
  const ever = everWritten === null ? '' : `  ${formatCount(everWritten)} ever`;
  return [
    span(`  dead letters ${formatCount(deadLetters)}`),
    span(origin === 'metrics' ? ' since start' : " ever, by its topic's end: no metrics here", 'dim'),
    span(rate, perSec !== null && perSec > 0 ? 'warn' : 'dim'),
    span(`${origin === 'metrics' ? ever : ''} → ${queue}`, 'dim'),
    ...(failed ? [span(`  ${formatCount(failed)} NOT TAKEN`, 'fail')] : []),
  ];
}

function countSpans({ queue, errors, skipped, logged, lastMs }: RecordErrors, nowMs: number): Line {
  if (errors === null || (queue === null && errors === 0)) return [];
  return [
    span(`  errors ${formatCount(errors)}`, errors > 0 ? 'warn' : 'dim'),
    span(`  skipped ${formatCount(skipped)}  logged ${formatCount(logged)}`, 'dim'),
    ...(lastMs === null ? [] : [span(`  last ${formatAge(nowMs - lastMs)} ago`, 'dim')]),
  ];
}

/** Causes of a trace, innermost first: that one as whole as two rows allow, the others a row each. */
export function causeLines(trace: string, width: number): Line[] {
  const bar = span('  ┃ ', 'fail');
  return parseTrace(trace)
    .toReversed()
    .flatMap((cause, i): Line[] =>
      i === 0
        ? wrapWords(causeLine(cause), width - 6, 2).map((text, row) => [bar, span(row === 0 ? text : `  ${text}`, 'fail')])
        : [[bar, span(`  ${causeLine(cause)}`, 'dim')]],
    );
}

function movement(row: ConnectorRow, width: number): Line {
  const spark = Math.max(10, Math.min(60, width - 44));
  const trend =
    row.lagPerSec === null || Math.abs(row.lagPerSec) < 0.05
      ? ''
      : ` ${row.lagPerSec > 0 ? '+' : '-'}${formatRate(Math.abs(row.lagPerSec))}/s`;
  const lag = row.type === 'sink' ? `  lag ${lagText(row)}${trend}` : '';
  return [
    span(`  ${formatRate(row.recordsPerSec)} rec/s `, 'text'),
    span(sparkText(row.spark, spark), 'accent'),
    span(lag, row.health === 'STUCK' ? 'warn' : 'text'),
  ];
}

/** Trace of the connector, or of the first task that has one. */
export function traceOf(row: ConnectorRow): string | null {
  return row.trace ?? row.tasks.find((task) => task.trace !== null)?.trace ?? null;
}

function trouble(row: ConnectorRow, look: Look, width: number): Line[] {
  if (row.requested) return [[span('  '), span(requestedText(row.requested, look.nowMs), 'warn')]];
  const trace = traceOf(row);
  return trace === null ? [] : causeLines(trace, width);
}
