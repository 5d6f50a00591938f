/** Reads a topic once, from its beginning to where its end was at the call, without a group. */
import { ConnectError } from '../base/errors.ts';
import type { FetchedRecord, Kafka } from '../kafka/contract.ts';
import { fetchOffsets } from './progress.ts';

const POLL_MS = 500;

/**
 * `keep` sees each record in the order of its partition and says whether more are wanted; its bytes are views. Throws ConnectError when
 * there is no such topic.
 */
export async function readQueue(kafka: Kafka, topic: string, keep: (record: FetchedRecord) => boolean): Promise<void> {
  const admin = kafka.admin();
  const info = (await admin.topics([topic])).find((one) => one.name === topic && one.error === null);
  if (!info || info.partitions.length === 0) throw new ConnectError(`There is no topic ${topic}.`);
  const partitions = info.partitions.map(({ partition }) => ({ topic, partition }));
  const ends = await fetchOffsets(admin, partitions, 'latest');
  const endOf = (one: { partition: number }) => ends.get(`${topic} ${one.partition}`) ?? 0n;
  const silent = partitions.find((one) => !ends.has(`${topic} ${one.partition}`));
  if (silent)
    throw new ConnectError(`Partition ${silent.partition} of topic ${topic} cannot be read now: it has no leader, or may not be read.`);
  const fetcher = kafka.fetcher({ autoOffsetReset: 'earliest', isRaw: false });
  try {
    fetcher.assign(partitions.map((one) => ({ ...one, offset: 'earliest' as const })));
    while (partitions.some((one) => (fetcher.position(one) ?? -1n) < endOf(one))) {
      for (const record of await fetcher.poll(POLL_MS)) {
        // Partitions that are at their end already may have new ones.
        if (record.offset < endOf(record) && !keep(record)) return;
      }
    }
  } finally {
    await fetcher.close();
  }
}
