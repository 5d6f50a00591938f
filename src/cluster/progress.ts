/** End offsets, committed offsets and lag: of watched connectors, of topics, of groups. */
import type { Admin, TopicInfo } from '../kafka/contract.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { PartitionLag, ProgressFacts, TopicBounds, Watch } from './cluster-model.ts';

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic} ${partition}`;

/** Partitions that can be asked: known topics, partitions with a leader (one without must not fail the rest). */
export function askablePartitions(topics: ReadonlyMap<string, TopicInfo>, names: Iterable<string>): TopicPartition[] {
  const found: TopicPartition[] = [];
  for (const name of new Set(names)) {
    for (const { partition, leader } of topics.get(name)?.partitions ?? []) if (leader >= 0) found.push({ topic: name, partition });
  }
  return found;
}

/** Key `topic partition`; partitions whose answer is an error are left out. */
export async function fetchOffsets(
  admin: Admin,
  partitions: readonly TopicPartition[],
  spec: Parameters<Admin['listOffsets']>[1],
): Promise<Map<string, bigint>> {
  if (partitions.length === 0) return new Map();
  const answers = await admin.listOffsets(partitions, spec);
  return new Map(answers.flatMap((answer) => (answer.offset === null ? [] : [[keyOf(answer), answer.offset] as const])));
}

/** Progress of each watch. A group that cannot be read fails alone: its connector has no figures then. */
export async function fetchProgress(
  admin: Admin,
  watches: readonly Watch[],
  topics: ReadonlyMap<string, TopicInfo>,
  ends: ReadonlyMap<string, bigint>,
  atMs: number,
): Promise<{ progress: Map<string, ProgressFacts>; error: string | null }> {
  let error: string | null = null;
  const entries = await Promise.all(
    watches.map(async (watch): Promise<[string, ProgressFacts] | null> => {
      try {
        return [watch.connector, await progressOf(admin, watch, topics, ends, atMs)];
      } catch (cause) {
        error = cause instanceof Error ? cause.message : String(cause);
        return null;
      }
    }),
  );
  return { progress: new Map(entries.filter((entry) => entry !== null)), error };
}

async function progressOf(
  admin: Admin,
  watch: Watch,
  topics: ReadonlyMap<string, TopicInfo>,
  ends: ReadonlyMap<string, bigint>,
  atMs: number,
): Promise<ProgressFacts> {
  const end = sum(askablePartitions(topics, watch.topics).map((partition) => ends.get(keyOf(partition)) ?? null));
  if (watch.groupId === null) return { atMs, end, committed: null, lag: null, partitions: [] };
  const offsets = await admin.groupOffsets(watch.groupId);
  const partitions = lagRows(offsets, ends, new Map(), askablePartitions(topics, watch.topics));
  return { atMs, end, committed: sum(partitions.map((row) => row.committed)), lag: sum(partitions.map((row) => row.lag)), partitions };
}

/** Partitions in the order of their names; those that are read but never committed come with committed `null`. */
export function lagRows(
  offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>,
  ends: ReadonlyMap<string, bigint>,
  members: ReadonlyMap<string, string>,
  assigned: readonly TopicPartition[],
): PartitionLag[] {
  const rows = new Map<string, PartitionLag>();
  for (const { topic, partition } of assigned) {
    const key = keyOf({ topic, partition });
    rows.set(key, { topic, partition, committed: null, end: ends.get(key) ?? null, lag: null, member: members.get(key) ?? null });
  }
  for (const { topic, partition, offset } of offsets) {
    if (offset < 0n) continue;
    const key = keyOf({ topic, partition });
    const end = ends.get(key) ?? null;
    const behind = end === null ? null : end - offset;
    rows.set(key, {
      topic,
      partition,
      committed: offset,
      end,
      lag: behind !== null && behind < 0n ? 0n : behind,
      member: members.get(key) ?? null,
    });
  }
  return [...rows.values()].sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition));
}

/** Sum of what is known; `null` when nothing is. */
export function sum(values: ReadonlyArray<bigint | null>): bigint | null {
  let total: bigint | null = null;
  for (const value of values) if (value !== null) total = (total ?? 0n) + value;
  return total;
}

export async function fetchBounds(admin: Admin, topic: string, partitions: readonly TopicPartition[]): Promise<TopicBounds> {
  const [earliest, latest] = await Promise.all([fetchOffsets(admin, partitions, 'earliest'), fetchOffsets(admin, partitions, 'latest')]);
  const byPartition = (offsets: Map<string, bigint>) =>
    new Map(partitions.flatMap((one) => (offsets.has(keyOf(one)) ? [[one.partition, offsets.get(keyOf(one))!] as const] : [])));
  return { topic, earliest: byPartition(earliest), latest: byPartition(latest) };
}
