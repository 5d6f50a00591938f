/** The first pane: what is wrong now. Quiet when nothing is. */
import { formatCount } from '../../src/base/format.ts';
import { wrapWords } from '../../src/base/wrap-words.ts';
import type { ConsoleData, Snapshot } from '../../src/store/console-data.ts';
import { causeLines, connectorDetail, traceOf } from '../connectors/detail.ts';
import { type Line, span } from '../parts/line.ts';
import type { TablePane } from '../parts/pane.ts';
import type { Look } from '../parts/table.ts';
import { brokerDetail } from './broker-detail.ts';
import { countedParts } from './incident-rows.ts';
import { quietPage } from './quiet.ts';
import { incidentTable } from './rows.ts';
import { timelineLine } from './timeline.ts';

/** From so many rows on there is room for the course of the last hour. */
const TIMELINE_ROWS = 30;
const MEANING_ROWS = 2;

function detail(snapshot: Snapshot, id: string, look: Look, width: number): Line[] {
  const { data } = snapshot;
  const incident = data.incidents.find((one) => one.id === id);
  if (!incident) return [];
  const row = data.connect?.connectors.find((one) => one.name === incident.target.connector);
  if (row) {
    const trace = traceOf(row);
    const why = incident.state === 'FAILED' ? [] : wrapWords(incident.cause, width - 4, 2).map((text): Line => [span(`  ${text}`, 'warn')]);
    const about = [...why, ...connectorDetail(row, look, width)];
    // What is wrong stays in sight while a request is on its way.
    return trace === null || row.requested === null ? about : [...about, ...causeLines(trace, width)];
  }
  const { broker, topic } = incident.target;
  const lines =
    broker !== undefined
      ? brokerDetail(data, broker)
      : topic !== undefined
        ? topicDetail(data, topic)
        : wrapWords(incident.cause, width - 4, 4).map((text) => [span(`  ${text}`)]);
  const parts = countedParts(data, id);
  return [
    ...lines,
    ...(parts === null ? [] : [[span(`  ${parts}`, 'warn')]]),
    ...wrapWords(incident.about, width - 4, MEANING_ROWS).map((text): Line => [span(`  ${text}`, 'dim')]),
  ];
}

function topicDetail({ cluster }: ConsoleData, name: string): Line[] {
  const topic = cluster?.topics.find((one) => one.info.name === name);
  if (!topic) return [];
  const unwell = topic.info.partitions.filter((one) => one.leader < 0 || one.isr.length < one.replicas.length);
  return [
    [
      span('  '),
      span(name, 'accent'),
      span(
        `  ${unwell.length} of ${topic.info.partitions.length} partitions · replication ${topic.replicationFactor} · min.insync ${topic.minIsr ?? '?'}`,
        'dim',
      ),
    ],
    ...unwell
      .slice(0, 4)
      .map(
        (one): Line => [
          span(`  p${one.partition}`.padEnd(8)),
          span(
            `leader ${one.leader < 0 ? 'none' : one.leader}  replicas ${one.replicas.join(',')}  ISR ${one.isr.join(',') || 'none'}`,
            one.leader < 0 ? 'fail' : 'warn',
          ),
        ],
      ),
  ];
}

export const homePane: TablePane = {
  id: 'home',
  kind: 'table',
  table: incidentTable,
  title: () => 'incidents',
  info: ({ data }) => {
    const { incidents, acknowledged, resolvedIncidents } = data;
    const open = incidents.filter((one) => !acknowledged.has(one.id)).length;
    const over = resolvedIncidents.length > 0 ? ` · ${resolvedIncidents.length} over` : '';
    if (incidents.length === 0) return [span(`nothing is wrong${over}`, 'dim')];
    return [
      span('worst first · ', 'dim'),
      span(`${formatCount(open)} of ${formatCount(incidents.length)}`, open > 0 ? 'warn' : 'dim'),
      span(over, 'dim'),
    ];
  },
  summary: ({ data, size }) => (size.rows >= TIMELINE_ROWS && data.incidents.length > 0 ? [timelineLine(data), []] : []),
  empty: (data) => quietPage(data),
  detail: { height: 7, lines: detail },
};
