/** Rows of a connector's offsets: what a source has stored; of a sink each partition with end, lag, speed, and when the lag is gone. */
import { compactAge, formatCount, formatRate, groupDigits } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import { cutTextStart } from '../../src/base/width.ts';
import type { ConnectorOffset } from '../../src/herder/model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { canonical, offsetLabel, partitionLabel, positionOf, sinkPartition } from '../../src/store/offset-plan.ts';
import { type OffsetMove, secondsToZero, timeInOffset } from '../../src/store/offset-tracks.ts';
import { compareText } from '../../src/store/row-selection.ts';
import type { ViewState } from '../../src/store/view.ts';
import { span } from '../parts/line.ts';
import { type Column, defineTable } from '../parts/table.ts';

interface OffsetRow {
  /** Canonical text of the partition. */
  readonly id: string;
  readonly connector: string;
  readonly isSink: boolean;
  readonly label: string;
  readonly stored: ConnectorOffset;
  readonly end: bigint | null;
  readonly lag: bigint | null;
  readonly move: OffsetMove | null;
  readonly secondsToZero: number | null;
  /** Wall time that the offset itself tells. */
  readonly timeMs: number | null;
}

function offsetRows(data: ConsoleData, view: ViewState): OffsetRow[] {
  const connector = view.target.connector ?? '';
  if (data.offsets?.connector !== connector) return [];
  const { offsets, moves } = data.offsets;
  const row = data.connect?.connectors.find((one) => one.name === connector);
  const isSink = row?.type === 'sink';
  const lags = new Map(row?.partitions.map((one) => [canonical(sinkPartition(one)), one]));
  const stored = new Set(offsets.map((one) => canonical(one.partition)));
  // Partitions that a sink reads and has never committed wait as a whole.
  const unread = (row?.partitions ?? []).map(sinkPartition).filter((partition) => !stored.has(canonical(partition)));
  return [...offsets, ...unread.map((partition): ConnectorOffset => ({ partition, offset: null }))].map((one) => {
    const id = canonical(one.partition);
    const lag = lags.get(id);
    const move = moves.get(id) ?? null;
    return {
      id,
      connector,
      isSink,
      label: one.partition ? partitionLabel(one.partition) : '?',
      stored: one,
      end: lag?.end ?? null,
      lag: lag?.lag ?? null,
      move,
      secondsToZero: isSink ? secondsToZero(lag?.lag ?? null, move) : null,
      timeMs: isSink ? null : timeInOffset(one.offset),
    };
  });
}

function offsetText({ offset }: ConnectorOffset): string {
  const position = offset === null ? null : positionOf(offset);
  return position === null ? offsetLabel(offset) : groupDigits(position);
}

function zeroText({ lag, secondsToZero: seconds }: OffsetRow): string {
  if (lag === 0n) return '–';
  if (seconds === null) return '?';
  return Number.isFinite(seconds) ? compactAge(seconds * 1000) : 'never';
}

const columns: readonly Column<OffsetRow>[] = [
  {
    id: 'partition',
    title: 'PARTITION',
    width: 16,
    fit: 36,
    grow: 2,
    priority: 0,
    sortKey: 'P',
    value: (row) => row.label,
    // Mostly a path, or a topic with its partition: the end tells them apart.
    draw: (row, _look, width) => span(width === 0 ? row.label : cutTextStart(row.label, width)),
  },
  {
    id: 'offset',
    title: 'OFFSET',
    width: 12,
    fit: 60,
    grow: 2,
    priority: 0,
    sortKey: 'F',
    value: (row) => (row.stored.offset && positionOf(row.stored.offset)) ?? offsetText(row.stored),
    draw: (row) => span(offsetText(row.stored), row.stored.offset === null ? 'dim' : 'text'),
  },
  {
    id: 'end',
    title: 'END',
    width: 11,
    align: 'right',
    priority: 3,
    isLeftOutWhenEmpty: true,
    value: (row) => row.end,
    draw: (row) => span(!row.isSink ? '' : row.end === null ? '?' : groupDigits(row.end), 'dim'),
  },
  {
    id: 'lag',
    title: 'LAG',
    width: 8,
    align: 'right',
    priority: 0,
    sortKey: 'L',
    isLeftOutWhenEmpty: true,
    value: (row) => row.lag,
    draw: (row) => span(!row.isSink ? '' : row.lag === 0n ? 'at end' : formatCount(row.lag), row.lag === 0n ? 'dim' : 'text'),
  },
  {
    id: 'rate',
    title: 'REC/S',
    width: 7,
    align: 'right',
    priority: 1,
    sortKey: 'R',
    isLeftOutWhenEmpty: true,
    value: (row) => row.move?.perSec ?? null,
    draw: (row) => span(row.isSink ? formatRate(row.move?.perSec ?? null) : '', 'text'),
  },
  {
    id: 'zero',
    title: 'ZERO IN',
    width: 8,
    align: 'right',
    priority: 1,
    sortKey: 'Z',
    isLeftOutWhenEmpty: true,
    value: (row) => row.secondsToZero,
    draw: (row) => span(row.isSink ? zeroText(row) : '', row.secondsToZero === Number.POSITIVE_INFINITY ? 'warn' : 'text'),
  },
  {
    id: 'age',
    title: 'AGE',
    width: 7,
    align: 'right',
    priority: 1,
    sortKey: 'A',
    isLeftOutWhenEmpty: true,
    value: (row) => row.timeMs,
    draw: (row, { nowMs }) => span(row.timeMs === null ? '' : compactAge(nowMs - row.timeMs), 'text'),
  },
  {
    id: 'moved',
    title: 'MOVED',
    width: 7,
    align: 'right',
    priority: 2,
    sortKey: 'M',
    isLeftOutWhenEmpty: true,
    value: (row) => row.move?.movedMs ?? null,
    draw: (row, { nowMs }) => {
      const movedMs = row.move?.movedMs ?? null;
      return span(row.isSink ? '' : movedMs === null ? '–' : compactAge(nowMs - movedMs), movedMs === null ? 'dim' : 'text');
    },
  },
];

const made = new Memo<readonly OffsetRow[]>();

export const offsetsTable = defineTable<OffsetRow>({
  pane: 'offsets',
  columns,
  rows: (data, view) => made.get([data.offsets, data.connect, view.target.connector], () => offsetRows(data, view)),
  id: (row) => row.id,
  target: (row) => ({ connector: row.connector }),
  raw: ({ connector, stored, end, lag, move, secondsToZero: seconds, timeMs }) => ({
    connector,
    ...stored,
    end,
    lag,
    recordsPerSec: move?.perSec ?? null,
    secondsToZero: seconds,
    time: timeMs === null ? null : new Date(timeMs),
    moved: move?.movedMs == null ? null : new Date(move.movedMs),
  }),
  isFault: (row) => row.secondsToZero === Number.POSITIVE_INFINITY,
  compare: (a, b) => compareText(a.label, b.label),
});
