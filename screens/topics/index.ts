/** Topics with what their partitions are worth: those that are not whole on top. */
import { formatBytes, formatCount, formatRate } from '../../src/base/format.ts';
import type { TopicRow } from '../../src/cluster/cluster-model.ts';
import { compareText } from '../../src/store/row-selection.ts';
import { kafkaEmpty } from '../brokers/index.ts';
import { counted } from '../parts/counted.ts';
import { type Span, span } from '../parts/line.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

function isrWord(row: TopicRow): Span {
  if (row.info.error !== null) return span(row.info.error, 'fail');
  if (row.offline > 0) return span(`✖ ${row.offline} OFFLINE`, 'fail');
  if (row.belowMin > 0) return span(`✖ ${row.belowMin} READ-ONLY`, 'fail');
  return row.under > 0 ? span(`▲ ${row.under} UNDER`, 'warn') : span('ok', 'dim');
}

const badness = (row: TopicRow) => (row.offline > 0 ? 3 : row.belowMin > 0 ? 2 : row.under > 0 ? 1 : 0);

const columns: readonly Column<TopicRow>[] = [
  {
    id: 'name',
    title: 'NAME',
    width: 24,
    grow: 1,
    priority: 0,
    sortKey: 'N',
    value: (row) => row.info.name,
    draw: (row) => span(row.info.name, row.info.isInternal ? 'dim' : 'text'),
  },
  { id: 'partitions', title: 'PARTS', width: 6, align: 'right', priority: 1, sortKey: 'P', value: (row) => row.info.partitions.length },
  { id: 'replication', title: 'RF', width: 3, align: 'right', priority: 4, value: (row) => row.replicationFactor },
  { id: 'isr', title: 'ISR', width: 13, priority: 0, sortKey: 'I', value: (row) => isrWord(row).text, draw: isrWord },
  {
    id: 'rate',
    title: 'REC/S',
    width: 8,
    align: 'right',
    priority: 2,
    sortKey: 'R',
    value: (row) => row.recordsPerSec,
    draw: (row) => span(formatRate(row.recordsPerSec), row.recordsPerSec ? 'text' : 'dim'),
  },
  {
    id: 'end',
    title: 'END',
    width: 10,
    align: 'right',
    priority: 5,
    sortKey: 'E',
    value: (row) => row.endOffset,
    draw: (row) => span(formatCount(row.endOffset), 'dim'),
  },
  {
    id: 'size',
    title: 'SIZE',
    width: 9,
    align: 'right',
    priority: 3,
    sortKey: 'S',
    value: (row) => row.sizeBytes,
    draw: (row) => span(formatBytes(row.sizeBytes), 'dim'),
  },
];

export const topicsPane: TablePane = {
  id: 'topics',
  kind: 'table',
  source: 'kafka',
  table: defineTable<TopicRow>({
    pane: 'topics',
    columns,
    rows: (data, view) => (data.cluster?.topics ?? []).filter((row) => !view.isFaultsOnly || badness(row) > 0),
    id: (row) => row.info.name,
    target: (row) => ({ topic: row.info.name }),
    compare: (a, b) =>
      badness(b) - badness(a) || Number(a.info.isInternal) - Number(b.info.isInternal) || compareText(a.info.name, b.info.name),
  }),
  title: () => 'topics',
  info: counted,
  empty: (data) => kafkaEmpty(data, 'This cluster has no topics.'),
  detail: {
    height: 2,
    lines: ({ data }, id) => {
      const users = (data.connect?.connectors ?? []).filter((row) => row.topics.includes(id));
      const row = data.cluster?.topics.find((one) => one.info.name === id);
      return [
        [span('  '), span(id, 'accent'), span(row ? `  id ${row.info.topicId}` : '', 'dim')],
        [
          span('  used by ', 'dim'),
          span(users.length === 0 ? 'no connector that we know' : users.map((one) => `${one.name} (${one.type})`).join(', ')),
        ],
      ];
    },
  },
};
