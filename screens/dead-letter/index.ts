/** One dead letter in full: why it is there, where it came from, its trace, and the record as it was. */
import { groupDigits } from '../../src/base/format.ts';
import { sanitizeLines } from '../../src/base/sanitize.ts';
import { type DeadLetter, decodeDeadLetter, originalHeaders, redrivesOf } from '../../src/cluster/dead-letter.ts';
import type { TailRecord } from '../../src/cluster/record-ring.ts';
import { simpleName } from '../../src/store/trace.ts';
import { type Line, span } from '../parts/line.ts';
import type { TextPane } from '../parts/pane.ts';
import { GONE_LINES, headerLines, keyLine, label, placeLines, valueLines } from '../record/index.ts';
import { traceLines } from '../trace/index.ts';

function reasonLines({ exceptionClass, message, stage, executingClass, connector, task, origin }: DeadLetter): Line[] {
  const [first = '', ...more] = sanitizeLines(message ?? 'no message');
  const place = origin && [
    origin.topic,
    origin.partition === null ? '' : `  partition ${origin.partition}`,
    origin.offset === null ? '' : `  offset ${groupDigits(origin.offset)}`,
  ];
  return [
    [label('reason'), span(simpleName(exceptionClass ?? '?'), 'fail'), span(`  ${exceptionClass ?? ''}`, 'dim')],
    [label(''), span(first, 'fail')],
    ...more.map((text): Line => [label(''), span(text, 'fail')]),
    [label('stage'), span(stage ?? '?', 'accent'), span(`  ${executingClass ?? ''}`, 'dim')],
    [label('origin'), span(place?.join('') ?? 'not told')],
    [label('connector'), span(connector ?? '?'), span(task === null ? '' : `  task ${task}`)],
  ];
}

const UNDECODED: readonly Line[] = [
  [label('reason'), span('not told: this record has no context headers', 'warn')],
  [label(''), span('Set errors.deadletterqueue.context.headers.enable=true on the connector; only new dead letters have them.', 'dim')],
];

function deadLetterLines(record: TailRecord, nowMs: number): Line[] {
  const letter = decodeDeadLetter(record);
  const redrives = redrivesOf(record);
  return [
    ...(letter === null ? UNDECODED : reasonLines(letter)),
    ...(redrives === 0 ? [] : [[label('redriven'), span(`${redrives} ×`, 'warn'), span('  it has come back from a redrive', 'dim')]]),
    [],
    ...placeLines(record, nowMs),
    keyLine(record),
    ...headerLines(originalHeaders(record)),
    ...valueLines(record),
    ...(letter?.trace ? [[], [span('trace', 'title')], ...traceLines(letter.trace)] : []),
  ];
}

export const deadLetterPane: TextPane = {
  id: 'dead-letter',
  kind: 'text',
  isSearched: true,
  title: () => 'dead letter',
  info: ({ view }) => [span(`of topic ${view.target.topics?.[0] ?? '?'}`, 'dim')],
  lines: ({ data, view }) =>
    data.record && data.record.sequence === view.target.record ? deadLetterLines(data.record, data.nowMs) : GONE_LINES,
};
