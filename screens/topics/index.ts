/** Topics with what their partitions are worth: those that are not whole on top. */

import { formatBytes, formatCount } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import type { TopicRow } from '../../src/cluster/cluster-model.ts';
import { isInternalTopic } from '../../src/cluster/internal-topics.ts';
import { retentionText } from '../../src/cluster/setting-words.ts';
import type { ConnectorRow } from '../../src/store/connect-model.ts';
import { compareText } from '../../src/store/row-selection.ts';
import { usageOf } from '../../src/store/users.ts';
import { counted } from '../parts/counted.ts';
import { figureColumn, known, rateSpan } from '../parts/figures.ts';
import { type Line, type Span, span } from '../parts/line.ts';
import { kafkaEmpty } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

export function isrWord(row: TopicRow): Span {
  if (row.info.error !== null) return span(row.info.error, 'fail');
  if (row.offline > 0) return span(`✖ ${row.offline} OFFLINE`, 'fail');
  if (row.belowMin > 0) return span(`✖ ${row.belowMin} READ-ONLY`, 'fail');
  return row.under > 0 ? span(`▲ ${row.under} UNDER`, 'warn') : span('ok', 'dim');
}

/** Connectors with what they have to do with the topic. */
function usersOf(connectors: readonly ConnectorRow[], topic: string): string[] {
  return connectors.flatMap((row) => {
    const { isUsed, isQueue } = usageOf(row, topic);
    return [...(isUsed ? [`${row.name} (${row.type})`] : []), ...(isQueue ? [`${row.name} (dead letters)`] : [])];
  });
}

const badness = (row: TopicRow) => (row.offline > 0 ? 3 : row.belowMin > 0 ? 2 : row.under > 0 ? 1 : 0);

const columns: readonly Column<TopicRow>[] = [
  {
    id: 'name',
    title: 'NAME',
    width: 24,
    grow: 1,
    priority: 0,
    sortKey: 'A',
    value: (row) => row.info.name,
    draw: (row) => span(row.info.name, row.info.isInternal ? 'dim' : 'text'),
  },
  { id: 'partitions', title: 'PARTS', width: 6, align: 'right', priority: 1, sortKey: 'P', value: (row) => row.info.partitions.length },
  { id: 'replication', title: 'RF', width: 3, align: 'right', priority: 4, value: (row) => row.replicationFactor },
  { id: 'isr', title: 'ISR', width: 13, priority: 0, sortKey: 'I', value: (row) => isrWord(row).text, draw: isrWord },
  figureColumn({ id: 'rate', title: 'REC/S', width: 8, priority: 2, sortKey: 'R', value: (row) => row.recordsPerSec }, rateSpan),
  figureColumn({ id: 'end', title: 'END', width: 10, priority: 5, sortKey: 'E', value: (row) => row.endOffset }, known(formatCount, 'dim')),
  figureColumn(
    { id: 'size', title: 'SIZE', width: 9, priority: 3, sortKey: 'S', value: (row) => row.sizeBytes },
    known(formatBytes, 'dim'),
  ),
  {
    id: 'retention',
    title: 'RETENTION',
    width: 9,
    fit: 16,
    priority: 4,
    sortKey: 'T',
    value: (row) => (row.rules?.retentionMs === -1 ? Number.MAX_SAFE_INTEGER : (row.rules?.retentionMs ?? null)),
    draw: (row) => span(row.rules === null ? '?' : retentionText(row.rules), 'dim'),
  },
  {
    id: 'cleanup',
    title: 'CLEANUP',
    width: 7,
    fit: 14,
    priority: 6,
    sortKey: 'C',
    value: (row) => row.rules?.cleanup ?? null,
    draw: (row) => span(row.rules?.cleanup ?? '?', 'dim'),
  },
];

const NO_TOPICS: readonly TopicRow[] = [];
const withoutInternals = new Memo<readonly TopicRow[]>();

function rowsOf(topics: readonly TopicRow[], hidesInternals: boolean): readonly TopicRow[] {
  return hidesInternals ? withoutInternals.get([topics], () => topics.filter((row) => !isInternalTopic(row.info))) : topics;
}

export const topicsPane: TablePane = {
  id: 'topics',
  kind: 'table',
  source: 'kafka',
  table: defineTable<TopicRow>({
    pane: 'topics',
    columns,
    rows: ({ cluster }, view) => rowsOf(cluster?.topics ?? NO_TOPICS, view.hidesInternals),
    isFault: (row) => badness(row) > 0 || row.info.error !== null,
    id: (row) => row.info.name,
    target: (row) => ({ topic: row.info.name }),
    raw: ({ info, ...row }) => ({ ...info, ...row }),
    compare: (a, b) =>
      badness(b) - badness(a) || Number(a.info.isInternal) - Number(b.info.isInternal) || compareText(a.info.name, b.info.name),
  }),
  title: () => 'topics',
  info: (snapshot) => [...(snapshot.view.hidesInternals ? [span('without internals  ', 'warn')] : []), ...counted(snapshot)],
  empty: (data) => kafkaEmpty(data, 'This cluster has no topics.'),
  detail: {
    height: 2,
    lines: ({ data }, id) => {
      const users = usersOf(data.connect?.connectors ?? [], id);
      const row = data.cluster?.topics.find((one) => one.info.name === id);
      const head: Line = [span('  '), span(id, 'accent'), span(row ? `  id ${row.info.topicId}` : '', 'dim')];
      if (!data.context.hasConnect) return [head, [span('  i tells the groups that read it', 'dim')]];
      return [head, [span('  used by ', 'dim'), span(users.length === 0 ? 'no connector' : users.join(', '))]];
    },
  },
};
