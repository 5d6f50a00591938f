/** Offsets of a connector: what a source has stored, or where a sink is and how far behind. */
import { formatAge, formatCount, groupDigits } from '../../src/base/format.ts';
import { cutTextStart } from '../../src/base/width.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { canonical, offsetLabel, partitionLabel } from '../../src/store/offset-plan.ts';
import { compareText } from '../../src/store/row-selection.ts';
import type { ViewState } from '../../src/store/view.ts';
import { counted } from '../parts/counted.ts';
import { span } from '../parts/line.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

interface OffsetRow {
  readonly id: string;
  readonly connector: string;
  readonly label: string;
  readonly offset: string;
  readonly end: bigint | null;
  readonly lag: bigint | null;
}

function rowsOf(data: ConsoleData, view: ViewState): OffsetRow[] {
  const connector = view.target.connector ?? '';
  if (data.offsets?.connector !== connector) return [];
  const lags = new Map(
    data.connect?.connectors.find((row) => row.name === connector)?.partitions.map((one) => [`${one.topic} p${one.partition}`, one]),
  );
  return data.offsets.offsets.map(({ partition, offset }) => {
    const label = partition ? partitionLabel(partition) : '?';
    const lag = lags.get(label);
    return {
      id: JSON.stringify(partition, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
      connector,
      label,
      offset:
        offset === null ? '–' : offset.kafka_offset !== undefined ? groupDigits(BigInt(String(offset.kafka_offset))) : offsetLabel(offset),
      end: lag?.end ?? null,
      lag: lag?.lag ?? null,
    };
  });
}

const isSink = (row: OffsetRow) => row.end !== null;

const columns: readonly Column<OffsetRow>[] = [
  {
    id: 'partition',
    title: 'PARTITION',
    width: 20,
    grow: 2,
    priority: 0,
    sortKey: 'P',
    value: (row) => row.label,
    // Mostly a path, or a topic with its partition: the end tells them apart.
    draw: (row, _look, width) => span(width === 0 ? row.label : cutTextStart(row.label, width)),
  },
  { id: 'offset', title: 'OFFSET', width: 16, grow: 2, priority: 0, sortKey: 'F', value: (row) => row.offset },
  {
    id: 'end',
    title: 'END',
    width: 12,
    align: 'right',
    priority: 2,
    value: (row) => row.end,
    draw: (row) => span(isSink(row) ? groupDigits(row.end ?? 0n) : '', 'dim'),
  },
  {
    id: 'lag',
    title: 'LAG',
    width: 9,
    align: 'right',
    priority: 1,
    sortKey: 'L',
    value: (row) => row.lag,
    draw: (row) => span(isSink(row) ? (row.lag === 0n ? 'at end' : formatCount(row.lag)) : '', 'text'),
  },
];

export const offsetsPane: TablePane = {
  id: 'offsets',
  kind: 'table',
  source: 'connect',
  table: defineTable<OffsetRow>({
    pane: 'offsets',
    columns,
    rows: rowsOf,
    id: (row) => row.id,
    target: (row) => ({ connector: row.connector }),
    compare: (a, b) => compareText(a.label, b.label),
  }),
  title: (view) => `offsets of ${view.target.connector ?? '?'}`,
  info: (snapshot, { nowMs }) => {
    const { offsets } = snapshot.data;
    const age = offsets && offsets.atMs > 0 ? ` · read ${formatAge(nowMs - offsets.atMs)} ago` : '';
    return [...counted(snapshot), span(age, 'dim')];
  },
  empty: ({ offsets, connect }, view) => {
    if (!connect) return [[], [span('   connecting …', 'dim')]];
    if (offsets?.connector !== view.target.connector || (offsets?.error === null && offsets.atMs === 0))
      return [[], [span('   reading …', 'dim')]];
    if (offsets?.error) return [[], [span(`   ${offsets.error}`, 'fail')]];
    return [[], [span('   No offsets are stored yet.', 'dim')]];
  },
  detail: {
    height: 3,
    lines: ({ data }, id) => {
      const found = data.offsets?.offsets.find(
        (one) => JSON.stringify(one.partition, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) === id,
      );
      if (!found) return [];
      return [
        [span('  partition  ', 'dim'), span(canonical(found.partition))],
        [span('  offset     ', 'dim'), span(canonical(found.offset))],
        [span('  x changes it: preview first, nothing before the typed name', 'dim')],
      ];
    },
  },
};
