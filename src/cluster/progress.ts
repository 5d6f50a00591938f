/** End offsets, committed offsets and lag: of watched connectors, of topics, of groups. */
import { messageOf } from '../base/errors.ts';
import type { Admin, TopicInfo } from '../kafka/contract.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { PartitionLag, ProgressFacts, TopicBounds, Total, Watch } from './cluster-model.ts';

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
  const read = await Promise.all(
    watches.map(async (watch) => {
      const partitions = askablePartitions(topics, watch.topics);
      try {
        return { watch, partitions, offsets: watch.groupId === null ? null : await admin.groupOffsets(watch.groupId) };
      } catch (cause) {
        error = messageOf(cause);
        return null;
      }
    }),
  );
  const known = read.filter((one) => one !== null);
  const starts = await fetchStarts(
    admin,
    known.flatMap(({ watch, partitions, offsets }) =>
      offsets === null || !watch.readsFromStart ? [] : [{ assigned: partitions, offsets }],
    ),
  );
  const progress = known.map(({ watch, partitions, offsets }): [string, ProgressFacts] => {
    const endOf = (places: readonly TopicPartition[]) => totalOf(places.map((one) => ends.get(keyOf(one)) ?? null));
    const [end, queueEnd] = [endOf(partitions), watch.queue === null ? null : endOf(askablePartitions(topics, [watch.queue]))];
    if (offsets === null) return [watch.connector, { atMs, end, queueEnd, committed: null, lag: null, partitions: [] }];
    const rows = lagRows({ offsets, assigned: partitions, ends, starts: watch.readsFromStart ? starts : new Map(), members: new Map() });
    return [
      watch.connector,
      {
        atMs,
        end,
        queueEnd,
        committed: totalOf(rows.map((row) => row.committed)),
        lag: totalOf(rows.map((row) => row.lag)),
        partitions: rows,
      },
    ];
  });
  return { progress: new Map(progress), error };
}

/** What a group has: the partitions it reads, and where it has committed to be. */
export interface GroupPlaces {
  readonly assigned: readonly TopicPartition[];
  readonly offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>;
}

/** First offsets of the partitions that are read and were never committed: all that lies in them waits. */
export async function fetchStarts(admin: Admin, groups: readonly GroupPlaces[]): Promise<Map<string, bigint>> {
  const wanted = new Map<string, TopicPartition>();
  for (const { assigned, offsets } of groups) {
    const committed = new Set(offsets.filter((one) => one.offset >= 0n).map(keyOf));
    for (const one of assigned) if (!committed.has(keyOf(one))) wanted.set(keyOf(one), one);
  }
  return fetchOffsets(admin, [...wanted.values()], 'earliest');
}

/** Offsets by `topic partition`. */
export interface LagRequest extends GroupPlaces {
  readonly ends: ReadonlyMap<string, bigint>;
  /** Of partitions without a committed offset. */
  readonly starts: ReadonlyMap<string, bigint>;
  readonly members: ReadonlyMap<string, string>;
}

/** Partitions in the order of their names. One that was never committed has `committed` null, and lags by all it holds. */
export function lagRows({ offsets, assigned, ends, starts, members }: LagRequest): PartitionLag[] {
  const committed = new Map(offsets.filter((one) => one.offset >= 0n).map((one) => [keyOf(one), one.offset]));
  const places = new Map([...assigned, ...offsets.filter((one) => one.offset >= 0n)].map((one) => [keyOf(one), one]));
  return [...places]
    .map(([key, { topic, partition }]): PartitionLag => {
      const end = ends.get(key) ?? null;
      const from = committed.get(key) ?? starts.get(key) ?? null;
      const behind = end === null || from === null ? null : end - from;
      // Asked one after the other: a commit may be newer than the end.
      const lag = behind !== null && behind < 0n ? 0n : behind;
      return { topic, partition, committed: committed.get(key) ?? null, end, lag, member: members.get(key) ?? null };
    })
    .sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition));
}

/** Sum of what is known; `null` when nothing is. */
export function totalOf(values: ReadonlyArray<bigint | null>): Total | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return { value: known.reduce((all, value) => all + value, 0n), known: known.length, isWhole: known.length === values.length };
}

export async function fetchBounds(admin: Admin, topic: string, partitions: readonly TopicPartition[]): Promise<TopicBounds> {
  const [earliest, latest] = await Promise.all([fetchOffsets(admin, partitions, 'earliest'), fetchOffsets(admin, partitions, 'latest')]);
  const byPartition = (offsets: Map<string, bigint>) =>
    new Map(partitions.flatMap((one) => (offsets.has(keyOf(one)) ? [[one.partition, offsets.get(keyOf(one))!] as const] : [])));
  return { topic, earliest: byPartition(earliest), latest: byPartition(latest) };
}
