/** One record in full: where it lies, key, headers, and the value as JSON, text or hex. */
import { formatBytes, formatDuration, formatTimestamp, groupDigits, plural } from '../../src/base/format.ts';
import type { BatchFacts, TailRecord } from '../../src/cluster/record-ring.ts';
import { toText } from '../../src/cluster/record-text.ts';
import type { Snapshot } from '../../src/store/console-data.ts';
import { recordValue } from '../../src/store/record-value.ts';
import type { ViewState } from '../../src/store/view.ts';
import { type Line, type Span, span } from '../parts/line.ts';
import type { TextPane } from '../parts/pane.ts';

export const label = (text: string) => span(text.padEnd(12), 'dim');

/** Strings, numbers and names of JSON in their own styles; works on the indented text line by line. */
function jsonSpans(text: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const match of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/g)) {
    if (match.index > at) spans.push(span(text.slice(at, match.index), 'dim'));
    if (match[2] !== undefined) spans.push(span(match[1]!, 'accent'), span(match[2], 'dim'));
    else spans.push(span(match[0], match[1] === undefined ? 'warn' : 'text'));
    at = match.index + match[0].length;
  }
  if (at < text.length) spans.push(span(text.slice(at), 'dim'));
  return spans;
}

/** The value with its heading; rows that fold as `recordValue` has them. */
export function valueLines(record: TailRecord, look: Pick<ViewState, 'valueForm' | 'folds'> = PLAIN_LOOK): Line[] {
  if (record.problem !== null) return [[label('value'), span(`cannot be decoded: ${record.problem}`, 'fail')]];
  if (record.value === null) return [[label('value'), span('null: a tombstone, deletes its key when the topic is compacted', 'warn')]];
  const { form, schemaId, rows } = recordValue(record.value, look);
  return [
    [
      label('value'),
      span(`${formatBytes(record.value.length)} · ${form}`, 'dim'),
      ...(schemaId === null ? [] : [span(` · framed for a schema registry: schema id ${schemaId}`, 'accent')]),
    ],
    ...rows.map(({ text, hidden }): Line => {
      const line = form === 'json' ? jsonSpans(text) : [span(text)];
      return hidden === 0 ? line : [...line, span(`  ${plural(hidden, 'line')} folded`, 'dim')];
    }),
  ];
}

const PLAIN_LOOK = { valueForm: 'best', folds: new Set<number>() } as const;

export function headerLines(headers: TailRecord['headers']): Line[] {
  if (!headers || headers.length === 0) return [[label('headers'), span('none', 'dim')]];
  return headers.map(
    (header, i): Line => [label(i === 0 ? 'headers' : ''), span(header.key, 'accent'), span(' = ', 'dim'), ...headerValue(header.value)],
  );
}

/** Where it lies, when it was made, and how it came. */
export function placeLines(record: TailRecord, nowMs: number): Line[] {
  const { timestampMs, timestampType, batch } = record;
  const ago =
    timestampMs < 0
      ? ''
      : timestampMs <= nowMs
        ? `${formatDuration(nowMs - timestampMs)} ago`
        : `${formatDuration(timestampMs - nowMs)} ahead`;
  return [
    [label('topic'), span(record.topic), span(`  partition ${record.partition}  offset ${groupDigits(record.offset)}`)],
    [label('time'), span(timestampMs < 0 ? '?' : formatTimestamp(timestampMs)), span(`  ${ago} · ${timestampType} ${timestampMs}`, 'dim')],
    ...(batch === null ? [] : [[label('batch'), span(batchText(batch), 'dim')]]),
  ];
}

function batchText({ count, compression, leaderEpoch, producerId, producerEpoch, isTransactional }: BatchFacts): string {
  return [
    plural(count, 'record'),
    compression === 'none' ? 'not compressed' : compression,
    ...(leaderEpoch < 0 ? [] : [`leader epoch ${leaderEpoch}`]),
    ...(producerId < 0n ? [] : [`producer ${producerId} epoch ${producerEpoch}`]),
    ...(isTransactional ? ['transactional'] : []),
  ].join(' · ');
}

export function keyLine({ key }: TailRecord): Line {
  return [
    label('key'),
    key === null ? span('null', 'dim') : span(toText(key).text),
    span(key === null ? '' : `  ${formatBytes(key.length)}`, 'dim'),
  ];
}

/** In place of a record that the ring does not have any more. */
export const GONE_LINES: readonly Line[] = [[], [span('This record has left the ring: it had to make room for newer ones.', 'warn')]];

function headerValue(value: Uint8Array | null): Span[] {
  if (value === null) return [span('null', 'warn')];
  const { text, isText } = toText(Buffer.from(value));
  return [span(text), span(`  ${isText ? 'text' : 'bytes'} ${formatBytes(value.length)}`, 'dim')];
}

/** Everything before the rows of the value. */
function headLines(record: TailRecord, nowMs: number): Line[] {
  return [...placeLines(record, nowMs), keyLine(record), ...headerLines(record.headers), []];
}

function recordLines(record: TailRecord, nowMs: number, look?: Pick<ViewState, 'valueForm' | 'folds'>): Line[] {
  return [...headLines(record, nowMs), ...valueLines(record, look)];
}

const inSight = ({ data, view }: Snapshot) => (data.record && data.record.sequence === view.target.record ? data.record : null);

export const recordPane: TextPane = {
  id: 'record',
  kind: 'text',
  isSearched: true,
  title: () => 'record',
  info: ({ data }) => [span(data.tail ? `of ${data.tail.status.topics.join(', ')}` : '', 'dim')],
  lines: (snapshot) => {
    const record = inSight(snapshot);
    return record ? recordLines(record, snapshot.data.nowMs, snapshot.view) : GONE_LINES;
  },
  folds: (snapshot) => {
    const record = inSight(snapshot);
    const folds = new Map<number, number>();
    if (!record?.value) return folds;
    const first = headLines(record, snapshot.data.nowMs).length + 1;
    for (const [at, { fold }] of recordValue(record.value, snapshot.view).rows.entries()) if (fold !== null) folds.set(first + at, fold);
    return folds;
  },
};
