/** The worker's log of one connector, one task, or all of it. */
import { formatClock, formatClockMs, formatCount, plural } from '../../src/base/format.ts';
import { LOG_LEVELS } from '../../src/base/log.ts';
import { maskText } from '../../src/base/mask.ts';
import { sanitizeLines } from '../../src/base/sanitize.ts';
import { wrapWords } from '../../src/base/wrap-words.ts';
import type { NumberedLogEvent } from '../../src/herder/model.ts';
import type { Token } from '../../src/skin/skin.ts';
import type { ConsoleData, Snapshot } from '../../src/store/console-data.ts';
import { failureEvent } from '../../src/store/log-failure.ts';
import { simpleName } from '../../src/store/trace.ts';
import type { ViewState } from '../../src/store/view.ts';
import { type Line, span } from '../parts/line.ts';
import type { TextPane } from '../parts/pane.ts';

const LEVEL: Readonly<Record<string, Token>> = { ERROR: 'fail', FATAL: 'fail', WARN: 'warn', INFO: 'text', DEBUG: 'dim', TRACE: 'dim' };
/** Of the lines below an event's first: traces are long, and what they say stands at their right end. */
const INDENT = '    ';
const MOST_ROWS = 6;
const cache = new WeakMap<NumberedLogEvent, Line[]>();

/** One line, and below it the trace when there is one. Lines of an event are made once. */
function eventLines(event: NumberedLogEvent): Line[] {
  const known = cache.get(event);
  if (known) return known;
  const who = event.connector === null ? '' : ` ${event.connector}${event.task === null ? '' : `-${event.task}`}`;
  const [first = '', ...more] = sanitizeLines(maskText(event.message));
  const lines: Line[] = [
    [
      span(`${formatClockMs(event.timeMs)} `, 'dim'),
      span(event.level.padEnd(6), LEVEL[event.level] ?? 'text'),
      span(first, LEVEL[event.level] === 'fail' ? 'fail' : 'text'),
      span(`  ${simpleName(event.logger)}${who}`, 'dim'),
    ],
    ...more.map((text): Line => [span(`${INDENT}${text}`)]),
    ...(event.trace === null ? [] : sanitizeLines(maskText(event.trace.trimEnd())).map((text): Line => [span(`${INDENT}${text}`, 'dim')])),
  ];
  cache.set(event, lines);
  return lines;
}

/** In a sentence: on which host, in which file, and what to look for. */
function whereItLogs({ connect }: ConsoleData, { target, failure }: ViewState): string {
  const row = connect?.connectors.find((one) => one.name === target.connector);
  const task = row?.tasks.find((one) => one.id === target.task);
  const workers = row ? [task?.workerId ?? row.workerId, ...(task ? [] : row.tasks.map((one) => one.workerId))] : (connect?.workers ?? []);
  const where = [...new Set(workers.filter((one) => one !== ''))].join(', ') || 'its host';
  const what = target.connector === undefined ? '' : `, for "${target.connector}"`;
  const when = failure === null ? '' : ` ${failure.isExact ? 'around' : 'before'} ${formatClock(failure.atMs)}`;
  return `Look on ${where}${what}${when}: in logs/connect.log of its Kafka, unless its log4j2 file names another.`;
}

/** The failure that the log was opened for, once all of it has been read. */
function sought({ data: { log }, view: { failure } }: Pick<Snapshot, 'data' | 'view'>): Line | null {
  const event = failure !== null && log?.isWhole ? failureEvent(log.events, failure) : null;
  return event === null ? null : eventLines(event)[0]!;
}

export const logPane: TextPane = {
  id: 'log',
  kind: 'text',
  // Failures: the first line of an event, behind its time.
  landmark: /^\d\d:\d\d:\d\d\.\d{3} (?:ERROR|FATAL)/,
  title: ({ target }) =>
    target.connector === undefined ? 'worker log' : `log of ${target.connector}${target.task === undefined ? '' : ` task ${target.task}`}`,
  info: ({ data, view }) => {
    const { log } = data;
    if (!log) return [];
    const dropped = log.dropped > 0 ? ` · ${formatCount(log.dropped)} older dropped` : '';
    const isFollowing = view.isFollowing && sought({ data, view }) === null;
    const level = view.leastLevel === 'TRACE' ? '' : `${view.leastLevel} and worse · `;
    return [
      span(level, 'warn'),
      span(`${plural(log.events.length, 'event')}${dropped} · `, 'dim'),
      span(isFollowing ? 'following' : 'standing still · f follows', isFollowing ? 'dim' : 'warn'),
    ];
  },
  sought,
  lines: ({ data, view }, _look, columns) => {
    const { log } = data;
    if (!log) return [[], [span(data.context.hasConnect ? 'reading …' : 'No Connect worker is configured.', 'dim')]];
    if (log.isOffered === false)
      return [
        [],
        [span('A JVM worker offers no log over its REST API.', 'warn')],
        ...wrapWords(whereItLogs(data, view), columns, MOST_ROWS).map((text): Line => [span(text, 'dim')]),
        [span('Traces of failed tasks are shown here all the same: ⏎ on the task.', 'dim')],
      ];
    if (log.events.length === 0)
      return [
        [],
        ...wrapWords(
          log.error ?? (log.isOffered === null ? 'reading …' : 'Nothing has been logged about this yet.'),
          columns,
          MOST_ROWS,
        ).map((text): Line => [span(text, log.error === null ? 'dim' : 'fail')]),
      ];
    const least = LOG_LEVELS.indexOf(view.leastLevel);
    const shown = log.events.filter((event) => LOG_LEVELS.indexOf(event.level) >= least);
    if (shown.length === 0) return [[], [span(`Nothing of ${view.leastLevel} or worse has been logged; L shows all.`, 'dim')]];
    return shown.flatMap(eventLines);
  },
};
