/** What a broker that is down costs, told by its topics. */
import { plural } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import type { ClusterData } from '../../src/cluster/cluster-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { type Line, span } from '../parts/line.ts';

const made = new Memo<Line[]>();

export function brokerDetail({ cluster }: ConsoleData, id: number): Line[] {
  return made.get([cluster, id], () => (cluster ? makeLines(cluster, id) : []));
}

function makeLines(cluster: ClusterData, id: number): Line[] {
  const broker = cluster.brokers.find((one) => one.id === id);
  if (!broker) return [];
  const hit = cluster.topics.map((topic) => ({
    name: topic.info.name,
    offline: topic.info.partitions.filter((one) => one.leader < 0 && one.replicas.includes(id)).length,
    missing: topic.info.partitions.filter((one) => one.replicas.includes(id) && !one.isr.includes(id)).length,
    belowMin: topic.belowMin,
  }));
  const sum = (pick: (one: (typeof hit)[number]) => number) => hit.reduce((all, one) => all + pick(one), 0);
  const list = (pick: (one: (typeof hit)[number]) => number) =>
    hit
      .filter((one) => pick(one) > 0)
      .sort((a, b) => pick(b) - pick(a))
      .slice(0, 6)
      .map((one) => `${one.name} ${pick(one)}`)
      .join(', ');
  const [offline, belowMin, missing] = [sum((one) => one.offline), sum((one) => one.belowMin), sum((one) => one.missing)];
  const state = broker.isUp ? `up at ${broker.address}` : 'not in the metadata: stopped, or cut off from the controller';
  return [
    [span('  broker '), span(String(id), 'accent'), span(`  ${state}`, broker.isUp ? 'dim' : 'fail')],
    [
      span(`  ${plural(missing, 'replica')} out of sync`, missing > 0 ? 'warn' : 'dim'),
      span(missing > 0 ? `   ${list((one) => one.missing)}` : '', 'dim'),
    ],
    belowMin > 0
      ? [span(`  ${plural(belowMin, 'partition')} refuse acks=all`, 'fail'), span(`   ${list((one) => one.belowMin)}`, 'dim')]
      : [span('  no partition below its min.insync.replicas', 'dim')],
    offline > 0
      ? [span(`  ${plural(offline, 'partition')} offline`, 'fail'), span(`   ${list((one) => one.offline)}`, 'dim')]
      : [span('  none offline', 'dim')],
  ];
}
