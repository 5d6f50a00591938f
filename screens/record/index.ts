/** One record in full: where it lies, key, headers, and the value as JSON, text or hex. */
import { formatBytes, formatTimestamp, groupDigits } from '../../src/base/format.ts';
import { sanitizeLines } from '../../src/base/sanitize.ts';
import type { TailRecord } from '../../src/cluster/record-ring.ts';
import { toDetail, toText } from '../../src/cluster/record-text.ts';
import { type Line, type Span, span } from '../parts/line.ts';
import type { TextPane } from '../parts/pane.ts';

export const label = (text: string) => span(text.padEnd(12), 'dim');

/** Strings, numbers and names of JSON in their own styles; works on the indented text line by line. */
export function jsonSpans(text: string): Span[] {
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

export function valueLines(record: TailRecord): Line[] {
  if (record.value === null) return [[label('value'), span('null: a tombstone, deletes its key when the topic is compacted', 'warn')]];
  const { form, text } = toDetail(record.value);
  const lines = sanitizeLines(text);
  return [
    [label('value'), span(`${formatBytes(record.value.length)} · ${form}`, 'dim')],
    ...lines.map((line): Line => (form === 'json' ? jsonSpans(line) : [span(line)])),
  ];
}

export function headerLines(headers: TailRecord['headers']): Line[] {
  if (!headers || headers.length === 0) return [[label('headers'), span('none', 'dim')]];
  return headers.map(
    (header, i): Line => [
      label(i === 0 ? 'headers' : ''),
      span(header.key, 'accent'),
      span(' = ', 'dim'),
      span(header.value === null ? 'null' : toText(Buffer.from(header.value)).text),
    ],
  );
}

/** Where it lies, and when it was made. */
export function placeLines(record: TailRecord): Line[] {
  return [
    [label('topic'), span(record.topic), span(`  partition ${record.partition}  offset ${groupDigits(record.offset)}`)],
    [label('time'), span(formatTimestamp(record.timestampMs)), span(`  ${record.timestampMs}`, 'dim')],
  ];
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

export function recordLines(record: TailRecord): Line[] {
  return [...placeLines(record), keyLine(record), ...headerLines(record.headers), [], ...valueLines(record)];
}

export const recordPane: TextPane = {
  id: 'record',
  kind: 'text',
  title: () => 'record',
  info: ({ data }) => [span(data.tail ? `of ${data.tail.status.topics.join(', ')}` : '', 'dim')],
  lines: ({ data, view }) => {
    const record = data.record;
    return record && record.sequence === view.target.record ? recordLines(record) : GONE_LINES;
  },
};
