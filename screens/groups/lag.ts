/** How far behind, in records, in time, and which way it goes. */
import { compactAge, formatCount, formatRate } from '../../src/base/format.ts';
import type { GroupRow } from '../../src/cluster/cluster-model.ts';
import { type Span, span } from '../parts/line.ts';
import type { Column } from '../parts/table.ts';

/** Slower than this it stands still. */
const STILL_PER_SEC = 0.05;

export function trendSpan({ lagPerSec }: Pick<GroupRow, 'lagPerSec'>): Span {
  if (lagPerSec === null) return span('', 'dim');
  if (Math.abs(lagPerSec) < STILL_PER_SEC) return span('steady', 'dim');
  return lagPerSec > 0 ? span(`↑ ${formatRate(lagPerSec)}/s`, 'warn') : span(`↓ ${formatRate(-lagPerSec)}/s`, 'ok');
}

export function lagSpan(lag: bigint | null, isWhole = true): Span {
  return span(lag === null ? '–' : `${isWhole ? '' : '≥ '}${formatCount(lag)}`, lag === null || lag === 0n ? 'dim' : 'text');
}

/** `?`: there is a lag, and nobody knows since when. */
export function lagTimeSpan(lag: bigint | null, lagMs: number | null, isWhole: boolean): Span {
  if (lag === null) return span('–', 'dim');
  if (lagMs === null) return span(lag === 0n ? '0s' : '?', 'dim');
  return span(`${isWhole ? '' : '≥ '}${compactAge(lagMs)}`, lagMs < 1_000 ? 'dim' : 'text');
}

/** Records and time, the same for a group and for each of its partitions. */
export function lagColumns<T extends Pick<GroupRow, 'lag' | 'lagMs'>>(
  isWhole: (row: T) => boolean,
  isTimeWhole: (row: T) => boolean,
): Column<T>[] {
  return [
    {
      id: 'lag',
      title: 'LAG',
      width: 10,
      align: 'right',
      priority: 0,
      sortKey: 'L',
      value: (row) => row.lag,
      draw: (row) => lagSpan(row.lag, isWhole(row)),
    },
    {
      id: 'lag-time',
      title: 'LAG TIME',
      width: 9,
      align: 'right',
      priority: 1,
      sortKey: 'I',
      value: (row) => row.lagMs,
      draw: (row) => lagTimeSpan(row.lag, row.lagMs, isTimeWhole(row)),
    },
  ];
}
