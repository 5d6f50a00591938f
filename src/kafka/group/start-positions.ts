/** Where a consumer starts in newly assigned partitions: at the committed offset, else where auto.offset.reset says. */
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { ClusterLink } from '../cluster-link.ts';
import type { FetcherOptions } from '../contract.ts';
import { KafkaError } from '../kafka-error.ts';
import type { MetadataCache } from '../metadata.ts';
import { partitionKey } from '../partition-key.ts';
import { fetchPartitionOffsets } from '../partition-offsets.ts';

export type StartPosition = TopicPartition & { readonly offset: bigint };

/** In the order given. Rejects with KafkaError naming the partition whose position cannot be known within default.api.timeout.ms. */
export async function startPositions(
  link: ClusterLink,
  metadata: MetadataCache,
  partitions: readonly TopicPartition[],
  committed: ReadonlyMap<string, bigint | null>,
  options: Pick<FetcherOptions, 'autoOffsetReset' | 'isolationLevel'>,
  signal: AbortSignal,
): Promise<StartPosition[]> {
  const known = new Map<string, bigint>();
  for (const [key, offset] of committed) if (offset !== null) known.set(key, offset);
  const { autoOffsetReset, isolationLevel } = options;
  const missing = partitions.filter((one) => !known.has(partitionKey(one)));
  const [first] = missing;
  if (first && autoOffsetReset === 'none') {
    const text = `topic "${first.topic}" partition ${first.partition} has no committed offset, and auto.offset.reset is none`;
    throw new KafkaError('OFFSET_OUT_OF_RANGE', text);
  }
  if (first && autoOffsetReset !== 'none') {
    await link.retry(
      async () => {
        const open = missing.filter((one) => !known.has(partitionKey(one)));
        const answers = await fetchPartitionOffsets(link, metadata, open, autoOffsetReset, isolationLevel);
        for (const answer of answers) if (answer.offset !== null) known.set(partitionKey(answer), answer.offset);
        const failed = answers.find(({ error }) => error !== null);
        if (failed?.error) throw failed.error;
      },
      { signal },
    );
  }
  return partitions.map((one) => ({ topic: one.topic, partition: one.partition, offset: known.get(partitionKey(one)) ?? 0n }));
}
