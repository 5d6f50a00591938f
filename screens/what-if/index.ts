/** What becomes of the partitions when the marked brokers are lost: counts, then every topic that does not stay writable. */
import { formatRanges, groupDigits, listInWords } from '../../src/base/format.ts';
import { forecastLoss } from '../../src/cluster/loss-forecast.ts';
import { FATES, type Fate, type Forecast, type TopicFate } from '../../src/cluster/what-if.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import type { ViewState } from '../../src/store/view.ts';
import { type Span, span } from '../parts/line.ts';
import { kafkaEmpty, notice } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';
import { forecastLines } from './forecast-lines.ts';

const FATE_SPAN: Readonly<Record<Fate, Span>> = {
  offline: span('✖ OFFLINE', 'fail'),
  unclean: span('✖ UNCLEAN', 'fail'),
  'read-only': span('▲ READ-ONLY', 'warn'),
  writable: span('writable', 'dim'),
};

function forecastOf({ cluster }: ConsoleData, { target }: ViewState): Forecast | null {
  return cluster && cluster.reach.lastOkMs !== null && target.lost ? forecastLoss(cluster, target.lost) : null;
}

/** What it means, and what could be done. */
function meaning({ fate, minIsr, isUncleanAllowed, hasMajority }: TopicFate): string {
  switch (fate) {
    case 'offline':
      return hasMajority ? 'no replica is left' : 'nobody elects a leader';
    case 'unclean':
      return isUncleanAllowed ? 'unclean election is on: records are lost' : 'a replica is left, not with every record';
    case 'read-only':
      return hasMajority ? `fewer in sync than min.insync ${minIsr ?? '?'}` : 'writes wait for lost ones';
    case 'writable':
      return '';
  }
}

const columns: readonly Column<TopicFate>[] = [
  {
    id: 'fate',
    title: 'THEN',
    width: 11,
    priority: 0,
    sortKey: 'T',
    value: (row) => FATES.indexOf(row.fate),
    draw: (row) => FATE_SPAN[row.fate],
  },
  {
    id: 'topic',
    title: 'TOPIC',
    width: 20,
    fit: 40,
    grow: 1,
    priority: 0,
    sortKey: 'P',
    value: (row) => row.topic,
    draw: (row) => span(row.topic, row.isInternal ? 'dim' : 'text'),
  },
  { id: 'count', title: 'COUNT', width: 5, align: 'right', priority: 2, sortKey: 'C', value: (row) => row.partitions.length },
  {
    id: 'partitions',
    title: 'PARTITIONS',
    width: 10,
    fit: 24,
    priority: 3,
    value: (row) => formatRanges(row.partitions),
    draw: (row) => span(formatRanges(row.partitions), 'dim'),
  },
  { id: 'meaning', title: 'WHY', width: 23, fit: 42, priority: 1, value: meaning, draw: (row) => span(meaning(row), 'dim') },
];

export const whatIfPane: TablePane = {
  id: 'what-if',
  kind: 'table',
  source: 'kafka',
  table: defineTable<TopicFate>({
    pane: 'what-if',
    columns,
    rows: (data, view) => forecastOf(data, view)?.topics ?? [],
    id: (row) => `${row.fate} ${row.topic}`,
    target: (row) => ({ topic: row.topic }),
    raw: (row) => row,
    isFault: (row) => row.fate !== 'read-only',
    compare: null,
  }),
  title: ({ target }) => `what if ${listInWords(target.lost ?? [])} ${target.lost?.length === 1 ? 'is' : 'are'} lost`,
  info: ({ data, view }) => {
    const told = forecastOf(data, view);
    const worse = told === null ? 0 : told.partitions - told.counts.writable;
    const already = told === null ? 0 : told.partitions - told.now.writable;
    return told === null
      ? []
      : [span(`${groupDigits(worse)} not writable then, ${groupDigits(already)} now`, worse > already ? 'warn' : 'dim')];
  },
  summary: ({ data, view }) => {
    const told = forecastOf(data, view);
    return told === null ? [] : [...forecastLines(told), []];
  },
  empty: (data, view) =>
    forecastOf(data, view) === null ? kafkaEmpty(data, 'No brokers are named.') : notice('● every partition stays writable', 'ok'),
};
