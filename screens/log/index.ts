/** The worker's log of one connector, one task, or all of it. */
import { formatClockMs, formatCount, plural } from '../../src/base/format.ts';
import { maskText } from '../../src/base/mask.ts';
import { sanitizeLines } from '../../src/base/sanitize.ts';
import type { NumberedLogEvent } from '../../src/herder/model.ts';
import type { Token } from '../../src/skin/skin.ts';
import { simpleName } from '../../src/store/trace.ts';
import { type Line, span } from '../parts/line.ts';
import type { TextPane } from '../parts/pane.ts';

const LEVEL: Readonly<Record<string, Token>> = { ERROR: 'fail', FATAL: 'fail', WARN: 'warn', INFO: 'text', DEBUG: 'dim', TRACE: 'dim' };
/** Of the lines below an event's first: traces are long, and what they say stands at their right end. */
const INDENT = '    ';
const cache = new WeakMap<NumberedLogEvent, Line[]>();

/** One line, and below it the trace when there is one. Lines of an event are made once. */
export function eventLines(event: NumberedLogEvent): Line[] {
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

export const logPane: TextPane = {
  id: 'log',
  kind: 'text',
  title: ({ target }) =>
    target.connector === undefined ? 'worker log' : `log of ${target.connector}${target.task === undefined ? '' : ` task ${target.task}`}`,
  info: ({ data, view }) => {
    const { log } = data;
    if (!log) return [];
    const dropped = log.dropped > 0 ? ` · ${formatCount(log.dropped)} older dropped` : '';
    return [
      span(`${plural(log.events.length, 'event')}${dropped} · `, 'dim'),
      span(view.isFollowing ? 'following' : 'standing still · f follows', view.isFollowing ? 'dim' : 'warn'),
    ];
  },
  lines: ({ data, view }) => {
    const { log } = data;
    if (!log) return [[], [span(data.context.hasConnect ? 'reading …' : 'No Connect worker is configured.', 'dim')]];
    if (log.isOffered === false)
      return [
        [],
        [span('This worker offers no log over its REST API: it is a JVM worker.', 'warn')],
        [
          span(
            `Look into its own log file${view.target.connector === undefined ? '' : `, for "${view.target.connector}"`}; traces of failed tasks are shown here with ⏎ on the task.`,
            'dim',
          ),
        ],
      ];
    if (log.events.length === 0)
      return [
        [],
        [
          span(
            log.error ?? (log.isOffered === null ? 'reading …' : 'Nothing has been logged about this yet.'),
            log.error === null ? 'dim' : 'fail',
          ),
        ],
      ];
    return log.events.flatMap(eventLines);
  },
};
