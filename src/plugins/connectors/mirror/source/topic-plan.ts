/** What is to be done at the target so that each partition of the source has its place there. */
import type { TopicPartition } from '../../../../plugin-api/records.ts';

/** Names of topics with the number of their partitions. */
export type TopicCounts = ReadonlyMap<string, number>;

export interface TopicPlan {
  /** Topics of the source that have no copy. */
  readonly missing: readonly { readonly topic: string; readonly remoteTopic: string; readonly partitions: number }[];
  /** Copies that have fewer partitions. Those that have more stay as they are. */
  readonly short: readonly { readonly remoteTopic: string; readonly partitions: number }[];
}

export function planTopics(source: TopicCounts, target: TopicCounts, remoteTopic: (topic: string) => string): TopicPlan {
  const missing: TopicPlan['missing'][number][] = [];
  const short: TopicPlan['short'][number][] = [];
  for (const [topic, partitions] of source) {
    const name = remoteTopic(topic);
    const there = target.get(name);
    if (there === undefined) missing.push({ topic, remoteTopic: name, partitions });
    else if (there < partitions) short.push({ remoteTopic: name, partitions });
  }
  return { missing, short };
}

/** Sorted, so that a restart deals the same partitions to the same tasks. */
export function partitionsOf(counts: TopicCounts): TopicPartition[] {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([topic, count]) => Array.from({ length: count }, (_, partition) => ({ topic, partition })));
}

/** How many partitions `after` has that `before` has not. */
export function countNew(before: TopicCounts, after: TopicCounts): number {
  let sum = 0;
  for (const [topic, count] of after) sum += Math.max(0, count - (before.get(topic) ?? 0));
  return sum;
}
