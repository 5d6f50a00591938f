/** A question at the size that the console is made for: 100,000 partitions over nine brokers, three of which are lost. */
import type { WhatIfInput } from '../../src/cluster/what-if.ts';
import type { PartitionInfo, TopicInfo } from '../../src/kafka/contract.ts';

export function partition(index: number, replicas: number[], isr: number[] = replicas, leader: number = isr[0] ?? -1): PartitionInfo {
  return { partition: index, leader, leaderEpoch: 1, replicas, isr, offlineReplicas: [], error: null };
}

export const topicOf = (name: string, ...partitions: PartitionInfo[]): TopicInfo => ({
  name,
  topicId: name,
  isInternal: false,
  partitions,
  error: null,
});

/** Of the ten partitions of each topic two lose all replicas and two all but one. */
export function wideCluster(): WhatIfInput {
  const replicas = (p: number) => [0, 1, 2].map((n) => ((p + n) % 9) + 1);
  return {
    topics: Array.from({ length: 10_000 }, (_, i) =>
      topicOf(`topic-${i}`, ...Array.from({ length: 10 }, (__, p) => partition(p, replicas(p)))),
    ),
    alive: new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]),
    lost: new Set([1, 2, 3]),
    terms: () => ({ minIsr: 2, isUncleanAllowed: false }),
    eligible: () => [],
    voters: [101, 102, 103],
  };
}
