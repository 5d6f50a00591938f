/** The partitions of one topic with everything that is known of each; what is not known of one leaves the others whole. */
import type { ClusterData, PartitionRow } from './cluster-model.ts';
import { partitionHealth } from './partition-health.ts';

export function toPartitionRows(cluster: ClusterData, name: string): PartitionRow[] {
  const topic = cluster.topics.find((row) => row.info.name === name);
  if (!topic) return [];
  const bounds = cluster.bounds?.topic === name ? cluster.bounds : null;
  const { eligible, reassignments } = cluster.details;
  const places = eligible.value?.filter((one) => one.topic === name) ?? null;
  const moves = reassignments.value?.filter((one) => one.topic === name) ?? [];
  return topic.info.partitions.map((info) => {
    const place = places?.find(({ partition }) => partition === info.partition);
    return {
      topic: name,
      info,
      health: partitionHealth(info, topic.minIsr),
      earliest: bounds?.earliest.get(info.partition) ?? null,
      latest: bounds?.latest.get(info.partition) ?? null,
      sizeBytes: cluster.disks?.partitionBytes(name, info.partition) ?? null,
      eligible: places === null ? null : (place?.eligible ?? []),
      lastKnown: place?.lastKnown ?? [],
      move: moves.find(({ partition }) => partition === info.partition) ?? null,
    };
  });
}
