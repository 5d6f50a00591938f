/**
 * `{"cluster": <alias>, "partition": <number>, "topic": <name upstream>}` → `{"offset": <of the last record that was copied>}`; the order of the keys is
 * the one in the stored JSON, which the original finds offsets by. Source: org.apache.kafka.connect.mirror.MirrorUtils.wrapPartition, wrapOffset.
 */
import { ConnectError } from '../../../../base/errors.ts';
import type { SourceOffset, SourcePartition, TopicPartition } from '../../../../plugin-api/records.ts';
import type { OffsetRules } from '../shared/offset-checks.ts';

export const OFFSET_RULES: OffsetRules = { texts: ['cluster', 'topic'], hasPartition: true, isZero: false };

export function sourcePartitionOf(sourceAlias: string, { topic, partition }: TopicPartition): SourcePartition {
  return { cluster: sourceAlias, partition, topic };
}

/** Where to go on; null: nothing was copied yet. Throws ConnectError for what is no offset. */
export function nextOffset(stored: SourceOffset | null): bigint | null {
  const offset = stored?.offset ?? null;
  if (offset === null) return null;
  if (typeof offset !== 'bigint' && !Number.isInteger(offset))
    throw new ConnectError(`The stored offset "${offset}" is no whole number. Reset the offsets of this connector, or set them anew.`);
  const last = BigInt(offset as bigint | number);
  return last < 0n ? null : last + 1n;
}

/** `topic-partition`, separated by commas. */
export function writePartitions(partitions: readonly TopicPartition[]): string {
  return partitions.map(({ topic, partition }) => `${topic}-${partition}`).join(',');
}

/** Names of topics may hold hyphens: the last one counts. Throws ConnectError for what is no list of partitions. */
export function readPartitions(text: string): TopicPartition[] {
  return text.split(',').map((one) => {
    const at = one.lastIndexOf('-');
    const partition = Number(one.slice(at + 1));
    if (at < 1 || !/^\d+$/.test(one.slice(at + 1)))
      throw new ConnectError(`"${one}" in task.assigned.partitions is no topic with a partition.`);
    return { topic: one.slice(0, at), partition };
  });
}

/** Partitions dealt out in turn, each task one after the other. */
export function dealOut(partitions: readonly TopicPartition[], maxTasks: number): TopicPartition[][] {
  const count = Math.min(maxTasks, partitions.length);
  const hands: TopicPartition[][] = Array.from({ length: count }, () => []);
  for (const [i, one] of partitions.entries()) hands[i % count]!.push(one);
  return hands;
}
