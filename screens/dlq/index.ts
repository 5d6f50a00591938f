/** The dead-letter queue of a connector: its newest records with why they are there, counted by reason above. Nothing is committed. */
import { formatCount, plural } from '../../src/base/format.ts';
import { sanitize } from '../../src/base/sanitize.ts';
import { cutTextStart, dropCells, fitText, textWidth } from '../../src/base/width.ts';
import { decodeDeadLetter } from '../../src/cluster/dead-letter.ts';
import type { TailRecord } from '../../src/cluster/record-ring.ts';
import type { Snapshot } from '../../src/store/console-data.ts';
import { NO_REASON, originText, reasonOf } from '../../src/store/dead-letter-text.ts';
import { type Line, mark, span } from '../parts/line.ts';
import type { TailPane } from '../parts/pane.ts';
import type { Look } from '../parts/table.ts';
import { counterLines, emptyText, keyText, startText } from '../tail/index.ts';
import { stateLines } from './states.ts';
import { whenText } from './when.ts';

const GROUPS = 3;
const STAGE = 9;

/** Connect's stages in a word that fits a column. */
const STAGE_WORD: Readonly<Record<string, string>> = {
  KEY_CONVERTER: 'key',
  VALUE_CONVERTER: 'value',
  HEADER_CONVERTER: 'header',
  TRANSFORMATION: 'transform',
  TASK_PUT: 'put',
  KAFKA_CONSUME: 'consume',
};

interface Widths {
  readonly reason: number;
  readonly origin: number;
  readonly key: number;
}

interface Cells {
  readonly record: TailRecord;
  readonly stage: string;
  /** `null`: without context headers. */
  readonly reason: string | null;
  readonly origin: string;
  readonly key: string;
}

function toCells(record: TailRecord): Cells {
  const letter = decodeDeadLetter(record);
  const stage = letter?.stage ?? '?';
  return {
    record,
    stage: STAGE_WORD[stage] ?? stage,
    reason: letter === null ? null : sanitize(reasonOf(letter)),
    origin: letter === null ? '?' : sanitize(originText(letter)),
    key: sanitize(keyText(record)),
  };
}

/** `time stage reason origin key`, with the room that time and stage leave; the reason has what the others do not need. */
function widthsOf(rows: readonly Cells[], width: number): Widths {
  const room = width - TIME - STAGE - 8;
  const most = (pick: (row: Cells) => string, least: number, share: number) =>
    Math.max(least, Math.min(Math.floor(room * share), widest(rows, pick)));
  const [origin, key] = [most((row) => row.origin, 6, 0.35), most((row) => row.key, 3, 0.15)];
  return { origin, key, reason: Math.max(10, room - origin - key) };
}

/** Nothing is cut. */
function wholeWidths(rows: readonly Cells[]): Widths {
  const wide = (title: string, pick: (row: Cells) => string) => Math.max(title.length, widest(rows, pick));
  return {
    reason: wide('REASON', (row) => row.reason ?? NO_REASON),
    origin: wide('ORIGIN', (row) => row.origin),
    key: wide('KEY', (row) => row.key),
  };
}

function widest(rows: readonly Cells[], pick: (row: Cells) => string): number {
  return rows.reduce((width, row) => Math.max(width, textWidth(pick(row))), 0);
}

const TIME = 8;

function letterLine({ record, stage, reason, origin, key }: Cells, widths: Widths, { view, data }: Snapshot, { nowMs }: Look): Line {
  const text = reason ?? NO_REASON;
  const shown: Line = [span(fitText(view.left > 0 ? dropCells(text, view.left) : text, widths.reason), reason === null ? 'warn' : 'text')];
  const filter = data.tail?.filter;
  return [
    span(`${fitText(whenText(record.timestampMs, nowMs), TIME)}  `, 'dim'),
    span(`${fitText(sanitize(stage), STAGE)}  `, 'accent'),
    ...(filter && !filter.isEmpty ? mark(shown, filter.ranges(shown[0]!.text), 'match') : shown),
    // Mostly a long topic: partition and offset tell them apart.
    span(`  ${fitText(cutTextStart(origin, widths.origin), widths.origin)}`, 'dim'),
    span(`  ${fitText(key, widths.key)}`, 'dim'),
  ];
}

function titleLine(widths: Widths): Line {
  const cell = (text: string, width: number) => `${fitText(text, width)}  `;
  return [
    span(
      `${cell('TIME', TIME)}${cell('STAGE', STAGE)}${cell('REASON', widths.reason)}${cell('ORIGIN', widths.origin)}${fitText('KEY', widths.key)}`,
      'title',
    ),
  ];
}

/** What is kept, by reason; one row each, the most first. */
function groupLines({ data }: Snapshot, width: number): Line[] {
  const groups = data.tail?.groups ?? [];
  const rows = groups.slice(0, GROUPS).map(({ group, count }): Line => {
    const isUndecoded = group === NO_REASON;
    return [
      span(`${formatCount(count).padStart(8)} × `, 'accent'),
      span(fitText(sanitize(group), Math.max(10, width - 12)), isUndecoded ? 'warn' : 'text'),
    ];
  });
  const rest = groups.slice(GROUPS);
  const more = rest.reduce((all, { count }) => all + count, 0);
  return [
    ...rows,
    ...(rest.length === 0 ? [] : [[span(`${formatCount(more).padStart(8)} × ${plural(rest.length, 'other reason')}`, 'dim')]]),
  ];
}

/** Said where it is so: the queue has no reasons because nobody asked for them. */
function noHeadersLine({ data }: Snapshot): Line[] {
  const isThere = data.tail?.groups.some(({ group }) => group === NO_REASON) ?? false;
  return isThere ? [[span(' no reason: set errors.deadletterqueue.context.headers.enable=true', 'warn')]] : [];
}

export const dlqPane: TailPane = {
  id: 'dlq',
  kind: 'tail',
  title: ({ target }) => `dead letters of ${target.connector ?? '?'}`,
  info: ({ data, view }) => {
    const queue = view.target.topics?.[0];
    const start = data.tail ? ` · ${startText(data.tail.status.start)}` : '';
    return [span(queue === undefined ? '' : `topic ${queue}${start}`, 'dim')];
  },
  head: (snapshot, _look, width) => {
    if (stateLines(snapshot, width).length > 0) return [];
    const cells = (snapshot.data.tail?.records ?? []).map(toCells);
    const titles = cells.length === 0 ? [] : [[span(' ', 'title'), ...titleLine(widthsOf(cells, width - 2))]];
    return [...counterLines(snapshot), ...groupLines(snapshot, width), ...noHeadersLine(snapshot), ...titles];
  },
  rows: (snapshot, look, width) => {
    const states = stateLines(snapshot, width);
    if (states.length > 0) return states.map((line) => ({ line, isCursor: false }));
    const { tail } = snapshot.data;
    if (!tail) return [];
    if (tail.records.length === 0) return [{ line: [span(emptyText(tail), 'dim')], isCursor: false }];
    const cells = tail.records.map(toCells);
    const widths = widthsOf(cells, width);
    return cells.map((row) => ({ line: letterLine(row, widths, snapshot, look), isCursor: tail.cursor === row.record.sequence }));
  },
  printed: (snapshot, look) => {
    const cells = (snapshot.data.tail?.records ?? []).map(toCells);
    const widths = wholeWidths(cells);
    return cells.length === 0 ? [] : [titleLine(widths), ...cells.map((row) => letterLine(row, widths, snapshot, look))];
  },
};
