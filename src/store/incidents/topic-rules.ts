/** Partitions: without a leader, below their minimum of in-sync replicas, at it, or with replicas missing. */
import type { TopicRow } from '../../cluster/cluster-model.ts';
import type { PartitionInfo } from '../../kafka/contract.ts';
import { type Facts, type Finding, type Rule, rule } from './rule.ts';

const SHOWN_PARTITIONS = 4;

/** Ids of the incidents by which a topic harms those who use it. */
export function topicTrouble(topic: string): string[] {
  return [`topic-offline:${topic}`, `topic-read-only:${topic}`];
}

/** Least in-sync replicas that a write needs; never more than there are replicas. */
const floorOf = (topic: TopicRow, partition: PartitionInfo) => Math.min(topic.minIsr ?? 0, partition.replicas.length);

const isUnder = (partition: PartitionInfo) => partition.leader >= 0 && partition.isr.length < partition.replicas.length;

function isBelow(topic: TopicRow, partition: PartitionInfo): boolean {
  return isUnder(partition) && partition.isr.length < floorOf(topic, partition);
}

function isAt(topic: TopicRow, partition: PartitionInfo): boolean {
  return isUnder(partition) && topic.minIsr !== null && partition.isr.length === floorOf(topic, partition);
}

/** A topic is told once, by the worst of its partitions. */
function find(
  { cluster }: Facts,
  choose: (topic: TopicRow) => readonly PartitionInfo[],
  causeOf: (partitions: readonly PartitionInfo[], topic: TopicRow) => string,
): Finding[] {
  const out: Finding[] = [];
  for (const topic of cluster?.topics ?? []) {
    if (topic.offline === 0 && topic.under === 0) continue;
    const chosen = choose(topic);
    if (chosen.length === 0) continue;
    const { name } = topic.info;
    out.push({
      subject: name,
      what: `topic ${name} ${partitionList(chosen)}`,
      cause: causeOf(chosen, topic),
      target: { topic: name },
      explainedBy: brokerCauses(chosen),
    });
  }
  return out;
}

function partitionList(partitions: readonly PartitionInfo[]): string {
  const more = partitions.length - SHOWN_PARTITIONS;
  const shown = partitions.slice(0, SHOWN_PARTITIONS).map((one) => `p${one.partition}`);
  return [...shown, ...(more > 0 ? [`+${more}`] : [])].join(' ');
}

/** Brokers whose replicas are missing, as the incidents that would say so. */
function brokerCauses(partitions: readonly PartitionInfo[]): string[] {
  const missing = new Set(partitions.flatMap(({ replicas, isr, leader }) => replicas.filter((id) => leader < 0 || !isr.includes(id))));
  return [...missing].flatMap((id) => [`broker-down:${id}`, `broker-silent:${id}`, `disk-broken:${id}`]);
}

function replicasOf(partitions: readonly PartitionInfo[]): string {
  return [...new Set(partitions.flatMap((one) => one.replicas))].sort((a, b) => a - b).join(',');
}

const offlineIn = ({ info }: TopicRow) => info.partitions.filter((one) => one.leader < 0);
const belowIn = (topic: TopicRow) => (topic.offline > 0 ? [] : topic.info.partitions.filter((one) => isBelow(topic, one)));
const atIn = (topic: TopicRow) => (topic.offline + topic.belowMin > 0 ? [] : topic.info.partitions.filter((one) => isAt(topic, one)));
const underIn = (topic: TopicRow) =>
  topic.offline + topic.belowMin > 0 || atIn(topic).length > 0 ? [] : topic.info.partitions.filter(isUnder);

const isrText = ([first]: readonly PartitionInfo[]) => `ISR ${first?.isr.join(',')} of ${first?.replicas.join(',')}`;

export const TOPIC_RULES: readonly Rule[] = [
  rule({
    id: 'topic-offline',
    state: 'OFFLINE',
    severity: 1,
    // A topic that is just being made has no leaders for a moment.
    holdMs: 4_000,
    key: '⏎',
    about: 'Partitions without a leader: they can neither be read nor written until one of their replicas is back.',
    find: (facts) => find(facts, offlineIn, (partitions) => `no leader: replicas ${replicasOf(partitions)} · neither read nor written`),
  }),
  rule({
    id: 'topic-read-only',
    state: 'READ-ONLY',
    severity: 1,
    key: '⏎',
    about: 'Fewer replicas in sync than min.insync.replicas: what is written with acks=all is refused.',
    find: (facts) => find(facts, belowIn, (partitions, topic) => `${isrText(partitions)} · below min.insync ${topic.minIsr}`),
  }),
  rule({
    id: 'topic-at-min',
    state: 'AT-MIN',
    severity: 3,
    holdMs: 6_000,
    lingerMs: 5_000,
    key: '⏎',
    about: 'Just as many replicas in sync as min.insync.replicas wants: when one more is lost, nothing can be written.',
    find: (facts) => find(facts, atIn, (partitions, topic) => `${isrText(partitions)} · at min.insync ${topic.minIsr}`),
  }),
  rule({
    id: 'topic-under',
    state: 'UNDER',
    severity: 4,
    holdMs: 6_000,
    lingerMs: 5_000,
    key: '⏎',
    about: 'Replicas are missing: nothing is lost, but less protects it than is meant to.',
    find: (facts) => find(facts, underIn, isrText),
  }),
];
