/** The first pane: what is wrong now. Quiet when nothing is. */
import { formatCount } from '../../src/base/format.ts';
import type { ConsoleData, Snapshot } from '../../src/store/console-data.ts';
import { causeLines, connectorDetail, traceOf } from '../connectors/detail.ts';
import { type Line, span, wrapWords } from '../parts/line.ts';
import type { TablePane } from '../parts/pane.ts';
import type { Look } from '../parts/table.ts';
import { brokerDetail } from './broker-detail.ts';
import { quietPage } from './quiet.ts';
import { incidentTable } from './rows.ts';

function detail(snapshot: Snapshot, id: string, look: Look, width: number): Line[] {
  const { data } = snapshot;
  const incident = data.incidents.find((one) => one.id === id);
  if (!incident) return [];
  const row = data.connect?.connectors.find((one) => one.name === incident.target.connector);
  if (row) {
    const trace = traceOf(row);
    const about = connectorDetail(row, look, width);
    // What is wrong stays in sight while a request is on its way.
    return trace === null || row.requested === null ? about : [...about, ...causeLines(trace, width)];
  }
  const { broker } = incident.target;
  if (broker !== undefined) return brokerDetail(data, broker);
  const topic = data.cluster?.topics.find((one) => one.info.name === incident.target.topic);
  return topic ? topicDetail(data, topic.info.name) : wrapWords(incident.cause, width - 4, 6).map((text) => [span(`  ${text}`)]);
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
  info: ({ data, selection }) => {
    const open = data.incidents.filter((one) => !data.acknowledged.has(one.id)).length;
    if (data.incidents.length === 0) return [span('nothing is wrong', 'dim')];
    return [
      span('worst first · ', 'dim'),
      span(`${selection?.ids.length ?? 0} of ${formatCount(data.incidents.length)}`, open > 0 ? 'warn' : 'dim'),
    ];
  },
  empty: (data) => quietPage(data),
  detail: { height: 7, lines: detail },
};
