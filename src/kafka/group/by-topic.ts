import type { TopicPartition } from '../../plugin-api/records.ts';

/** Partitions as most requests want them: in a list per topic, both in the order given. */
export function byTopic<P extends TopicPartition>(partitions: readonly P[]): Map<string, P[]> {
  const topics = new Map<string, P[]>();
  for (const one of partitions) {
    const list = topics.get(one.topic);
    if (list) list.push(one);
    else topics.set(one.topic, [one]);
  }
  return topics;
}
