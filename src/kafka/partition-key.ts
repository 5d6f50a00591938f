/** Partitions as keys of a map, and in the order of their names. */
import type { TopicPartition } from '../plugin-api/records.ts';

/** `orders 3`: names of topics hold no space. */
export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic} ${partition}`;
}

/** For `sort`: by topic, then by number. */
export function byPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;
}
