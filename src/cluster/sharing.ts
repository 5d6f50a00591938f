/**
 * Answers of a large cluster are mostly what the last ones were. Keeping the old objects for what is unchanged lets everything behind
 * them (rows, sums, orders) see at a glance that it has nothing to do.
 */
import type { ClusterInfo, PartitionInfo, TopicInfo } from '../kafka/contract.ts';

/** `fresh` with the old object of each topic that is as it was. */
export function shareTopic(known: ReadonlyMap<string, TopicInfo>, fresh: TopicInfo): TopicInfo {
  const before = known.get(fresh.name);
  return before && isSameTopic(before, fresh) ? before : fresh;
}

/** The old list itself when all of it is the same. */
export function shareList<T>(old: readonly T[], fresh: readonly T[]): readonly T[] {
  return isSameList(old, fresh) ? old : fresh;
}

export function shareInfo(old: ClusterInfo | null, fresh: ClusterInfo): ClusterInfo {
  return old && JSON.stringify(old) === JSON.stringify(fresh) ? old : fresh;
}

function isSameTopic(a: TopicInfo, b: TopicInfo): boolean {
  if (a.topicId !== b.topicId || a.error !== b.error || a.isInternal !== b.isInternal || a.partitions.length !== b.partitions.length)
    return false;
  for (let i = 0; i < a.partitions.length; i++) if (!isSamePartition(a.partitions[i]!, b.partitions[i]!)) return false;
  return true;
}

function isSamePartition(a: PartitionInfo, b: PartitionInfo): boolean {
  return (
    a.partition === b.partition &&
    a.leader === b.leader &&
    a.leaderEpoch === b.leaderEpoch &&
    a.error === b.error &&
    isSameList(a.replicas, b.replicas) &&
    isSameList(a.isr, b.isr) &&
    isSameList(a.offlineReplicas, b.offlineReplicas)
  );
}

export function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
