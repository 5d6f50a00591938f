/** Records as they come, one line each. Payload text is untrusted; counters say what was read, shown and lost. */
import { formatBytes, formatClockMs, formatCount, formatRate, formatTimestamp, groupDigits, plural } from '../../src/base/format.ts';
import { sanitize } from '../../src/base/sanitize.ts';
import { dropCells, fitText, textWidth } from '../../src/base/width.ts';
import type { TailRecord } from '../../src/cluster/record-ring.ts';
import { payloadOf, toText } from '../../src/cluster/record-text.ts';
import type { TailStatus } from '../../src/cluster/tail.ts';
import type { TailStart } from '../../src/cluster/tail-start.ts';
import type { Snapshot } from '../../src/store/console-data.ts';
import type { TailData } from '../../src/store/tail-view.ts';
import { partitionsText, type ViewState } from '../../src/store/view.ts';
import { type Line, mark, type Span, span } from '../parts/line.ts';
import type { TailPane } from '../parts/pane.ts';

/** More text than ever fits into a row is not decoded for it. */
const ROW_BYTES = 2_048;
/** A schema may be longer than what it describes. */
const ENVELOPE_BYTES = 65_536;

export function startText(start: TailStart): string {
  if (start === 'end') return 'from end';
  if (start === 'beginning') return 'from the beginning';
  if ('last' in start) return `last ${start.last}`;
  return 'offset' in start ? `from offset ${start.offset}` : `from ${formatTimestamp(start.timestampMs).slice(0, -4)}`;
}

/** One line of text out of a value; what is no text is told by its style. Connect's own envelope gives way to what is in it. */
function valueSpans(bytes: Buffer | null, isWhole: boolean): Span[] {
  if (bytes === null) return [span('tombstone', 'dim')];
  const most = isWhole ? bytes.length : ROW_BYTES;
  const head = toText(bytes, most);
  if (!head.isText) return [span(head.text, 'warn')];
  const payload = head.text.startsWith('{"schema":') ? payloadOf(toText(bytes, Math.max(most, ENVELOPE_BYTES)).text) : null;
  return payload === null ? [span(head.text)] : [span('payload ', 'dim'), span(payload)];
}

export function keyText(record: TailRecord): string {
  return record.key === null ? '–' : toText(record.key, 256).text;
}

function headerSpans(record: TailRecord): Span[] {
  return (record.headers ?? []).flatMap((header) => [
    span(` ${header.key}=`, 'dim'),
    span(header.value === null ? 'null' : toText(Buffer.from(header.value), 256).text, 'accent'),
  ]);
}

interface Widths {
  readonly topic: number;
  readonly place: number;
  readonly key: number;
}

function widthsOf(records: readonly TailRecord[], topics: number, isWhole: boolean): Widths {
  const most = (pick: (record: TailRecord) => number, cap: number) => {
    const widest = records.reduce((width, record) => Math.max(width, pick(record)), 0);
    return isWhole ? widest : Math.min(cap, widest);
  };
  return {
    topic: topics > 1 ? most((record) => textWidth(sanitize(record.topic)), 24) + 2 : 0,
    place: most((record) => `p${record.partition} @ ${groupDigits(record.offset)}`.length, 28),
    key: most((record) => textWidth(sanitize(keyText(record))), 20),
  };
}

const fill = (text: string, width: number) => fitText(sanitize(text), width);

function recordLine(record: TailRecord, widths: Widths, { view, data }: Snapshot, isWhole: boolean): Line {
  const value = record.problem === null ? valueSpans(record.value, isWhole) : [span(`✖ cannot be decoded: ${record.problem}`, 'fail')];
  const last = value.at(-1)!;
  const shifted = view.left > 0 ? [span(dropCells(sanitize(last.text), view.left), last.token)] : value;
  const filter = data.tail?.filter;
  const body: Line = [...shifted, ...(view.hasHeaders ? headerSpans(record) : [])];
  return [
    span(`${record.timestampMs < 0 ? '?'.padEnd(12) : formatClockMs(record.timestampMs)}  `, 'dim'),
    ...(widths.topic > 0 ? [span(fill(record.topic, widths.topic), 'dim')] : []),
    span(`p${record.partition} @ ${groupDigits(record.offset)}`.padEnd(widths.place + 2), 'dim'),
    span(`${fill(keyText(record), widths.key)}  `, 'accent'),
    ...(filter && !filter.isEmpty ? mark(body, filter.ranges(body.map((one) => one.text).join('')), 'match') : body),
  ];
}

export function emptyText({ status, filter, isScanning, matched, scanned }: TailData): string {
  if (status.phase === 'starting') return '  starting …';
  if (status.received > 0 && !filter.isEmpty) {
    if (matched > 0) return '';
    return isScanning ? `  nothing found yet in ${formatCount(scanned)} …` : '  nothing that was read passes the filter';
  }
  if (status.received > 0) return '';
  if (status.isEmpty) return '  the topic is empty: nothing was ever written to it';
  return status.start === 'beginning' ? '  there is nothing in it now' : '  nothing has come yet · b reads from the start, o from a place';
}

/** What was received, read and lost; where it stands; what goes wrong. All digits: received is what is kept and what was dropped. */
export function counterLines({ data, view }: Snapshot): Line[] {
  const { tail } = data;
  if (!tail) return [];
  const { status } = tail;
  const counters: Line = [
    span(` received ${groupDigits(status.received)}  `),
    span(`${formatRate(status.receivedPerSec)}/s  `, 'accent'),
    span(`decoded ${formatRate(status.decodedPerSec)}/s  shown ${formatRate(tail.shownPerSec)}/s  `, 'dim'),
    span(`dropped ${groupDigits(status.dropped)}  `, status.dropped > 0 ? 'warn' : 'dim'),
    ...(status.undecodable > 0 ? [span(`not decodable ${formatCount(status.undecodable)}`, 'fail')] : []),
  ];
  return [counters, stateLine(tail, view), ...filterProblem(tail), ...troubleLines(status)];
}

function stateLine(tail: TailData, view: ViewState): Line {
  const { status } = tail;
  const found = `found ${formatCount(tail.matched)} of ${formatCount(tail.scanned)} scanned${tail.isScanning ? ' …' : ''}  `;
  return [
    span(' '),
    ...(view.frozenAt === null ? [] : [span(`FROZEN +${formatCount(tail.newSinceFrozen)}  `, 'warn')]),
    ...(view.frozenAt === null && !view.isFollowing ? [span('not following · G follows  ', 'warn')] : []),
    ...(tail.filter.isEmpty ? [] : [span(found, 'accent')]),
    behindSpan(status),
    span(`kept ${groupDigits(status.kept)} in ${formatBytes(status.keptBytes)}`, 'dim'),
  ];
}

function behindSpan({ behind, phase }: TailStatus): Span {
  if (behind === null) return span(phase === 'following' ? 'behind ?  ' : '', 'dim');
  return behind > 0n ? span(`behind ${formatCount(behind)}  `, 'warn') : span('at the end  ', 'dim');
}

/** The place in what was typed, and what is wrong there. */
function filterProblem({ filter: { text, problem } }: TailData): Line[] {
  if (problem === null) return [];
  const [before, after] = [text.slice(0, problem.column), text.slice(problem.column)];
  return [
    [
      span(' filter  ', 'dim'),
      span(before),
      span('▲', 'fail'),
      span(after),
      span(`  ${problem.text} (column ${problem.column + 1})`, 'warn'),
    ],
  ];
}

function troubleLines({ error, notes }: TailStatus): Line[] {
  return [
    ...(error === null ? [] : [[span(` ✖ ${error} · tried again`, 'fail')]]),
    ...notes.map((note): Line => [span(` ▲ ${note}`, 'warn')]),
  ];
}

export const tailPane: TailPane = {
  id: 'tail',
  kind: 'tail',
  title: ({ target }) => {
    const what = target.connector ?? (target.topics ?? [target.topic ?? '?']).join(', ');
    return `tail ${what}${target.partitions === undefined ? '' : ` ${partitionsText(target.partitions)}`}`;
  },
  info: ({ data, view }) => {
    const { tail } = data;
    if (!tail) return [span(data.context.hasKafka ? 'starting …' : 'no Kafka cluster', 'dim')];
    const { status } = tail;
    return [
      span(
        `${status.topics.length === 1 ? '' : `${plural(status.topics.length, 'topic')} · `}${plural(status.partitionCount, 'partition')} · ${startText(status.start)}${view.isCommittedOnly ? ' · committed only' : ''}`,
        'dim',
      ),
    ];
  },
  head: counterLines,
  rows: (snapshot) => {
    const { tail } = snapshot.data;
    if (!tail) return [];
    if (tail.records.length === 0) return [{ line: [span(emptyText(tail), 'dim')], isCursor: false }];
    const widths = widthsOf(tail.records, tail.status.topics.length, false);
    return tail.records.map((record) => ({ line: recordLine(record, widths, snapshot, false), isCursor: tail.cursor === record.sequence }));
  },
  printed: (snapshot) => {
    const { records = [], status } = snapshot.data.tail ?? {};
    const widths = widthsOf(records, status?.topics.length ?? 1, true);
    return records.map((record) => recordLine(record, widths, snapshot, true));
  },
};
