/** About one broker: what it carries, its disks, and what is wrong with it. */
import { formatBytes, formatCount, formatPercent, plural } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import type { BrokerRow } from '../../src/cluster/cluster-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { brokerDetail } from '../home/broker-detail.ts';
import { fillText } from '../parts/disk.ts';
import { fact, section } from '../parts/facts.ts';
import { type Line, span } from '../parts/line.ts';

const made = new Memo<Line[]>();

export function describeBroker(row: BrokerRow, data: ConsoleData): Line[] {
  return made.get([data.cluster, row], () => makeLines(row, data));
}

function makeLines(row: BrokerRow, data: ConsoleData): Line[] {
  const { cluster } = data;
  const dirs = (cluster?.logDirs ?? []).filter((dir) => dir.brokerId === row.id);
  const leads = (cluster?.topics ?? [])
    .map((topic) => ({ name: topic.info.name, count: topic.info.partitions.filter((one) => one.leader === row.id).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const coordinated = (cluster?.groups ?? []).filter((group) => group.coordinator === row.id);
  return [
    [
      span('broker ', 'dim'),
      span(String(row.id), 'accent'),
      span(row.isUp ? (row.silence === null ? '  ● up' : '  ✖ mute') : '  ✖ DOWN', row.isUp && row.silence === null ? 'ok' : 'fail'),
    ],
    fact('address', row.address ?? 'not in the metadata'),
    fact('rack', row.rack ?? '–'),
    ...(row.silence === null ? [] : [fact('says nothing', row.silence, 'fail')]),
    fact('controller', row.isController ? 'yes' : 'no'),
    fact('leads', plural(row.leaders, 'partition')),
    fact('carries', `${plural(row.replicas, 'replica')}, ${formatBytes(row.sizeBytes)}, disk ${formatPercent(row.usedShare)} used`),
    ...section('what is wrong', brokerDetail(data, row.id).slice(1)),
    ...section(
      'disks',
      dirs.map((dir) =>
        fact('', [
          span(`${dir.path}  `),
          span(dir.error ?? `${fillText(dir)}, ${plural(dir.replicaCount, 'replica')}`, dir.error === null ? 'dim' : 'fail'),
        ]),
      ),
    ),
    ...section(
      'leads most of',
      leads.slice(0, 10).map(({ name, count }) => fact(formatCount(count), name)),
    ),
    ...section(
      'coordinates',
      coordinated.slice(0, 20).map((group) => fact(group.state, group.groupId)),
    ),
  ];
}
