/** End offsets, committed offsets and lag: of watched connectors, of topics, of groups. */
import { setImmediate } from 'node:timers/promises';
import { type Clock, systemClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { inParallel } from '../base/in-parallel.ts';
import { LoopPacer } from '../base/turn.ts';
import type { Admin, TopicInfo } from '../kafka/contract.ts';
import { byPartition, partitionKey } from '../kafka/partition-key.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { PartitionLag, ProgressFacts, TopicBounds, Total, Watch } from './cluster-model.ts';
import { EndOffsets, type Ends } from './end-offsets.ts';

/** Taking in the answer of more partitions at once would keep a key waiting that is pressed meanwhile. */
const AT_ONCE = 2_000;
const GROUPS_AT_ONCE = 200;
const NOTHING = new Map<string, never>();

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
  admin: Pick<Admin, 'listOffsets'>,
  partitions: readonly TopicPartition[],
  spec: Parameters<Admin['listOffsets']>[1],
  isolation: Parameters<Admin['listOffsets']>[2] = 'read_uncommitted',
): Promise<Map<string, bigint>> {
  const offsets = new Map<string, bigint>();
  for (let at = 0; at < partitions.length; at += AT_ONCE) {
    if (at > 0) await setImmediate();
    for (const answer of await admin.listOffsets(partitions.slice(at, at + AT_ONCE), spec, isolation))
      if (answer.offset !== null) offsets.set(partitionKey(answer), answer.offset);
  }
  return offsets;
}

/** Ends of all logs of these topics, as far as they can be asked. */
export async function fetchEnds(
  admin: Pick<Admin, 'listOffsets'>,
  topics: ReadonlyMap<string, TopicInfo>,
  names: ReadonlySet<string>,
  before: EndOffsets | null = null,
): Promise<EndOffsets> {
  const infos: TopicInfo[] = [];
  for (const name of names) {
    const info = topics.get(name);
    if (info) infos.push(info);
  }
  const ends = new EndOffsets(infos, before);
  const ask = async (places: readonly TopicPartition[]) => {
    for (const { topic, partition, offset } of await admin.listOffsets(places, 'latest'))
      if (offset !== null) ends.set(topic, partition, offset);
  };
  let places: TopicPartition[] = [];
  for (const { name: topic, partitions } of infos) {
    for (const { partition, leader } of partitions) if (leader >= 0) places.push({ topic, partition });
    if (places.length < AT_ONCE) continue;
    await ask(places);
    await setImmediate();
    places = [];
  }
  if (places.length > 0) await ask(places);
  return ends;
}

/** Progress of each watch. A group that cannot be read fails alone: its connector has no figures then. */
export async function fetchProgress(
  admin: Admin,
  watches: readonly Watch[],
  topics: ReadonlyMap<string, TopicInfo>,
  ends: Ends,
  atMs: number,
  clock: Clock = systemClock,
): Promise<{ progress: Map<string, ProgressFacts>; error: string | null }> {
  let error: string | null = null;
  const known: Array<{ watch: Watch; partitions: TopicPartition[]; offsets: GroupPlaces['offsets'] | null }> = [];
  const pacer = new LoopPacer(clock);
  await inParallel(watches, GROUPS_AT_ONCE, async (watch) => {
    const turn = pacer.turnWhenDue();
    if (turn) await turn;
    const partitions = askablePartitions(topics, watch.topics);
    try {
      known.push({ watch, partitions, offsets: watch.groupId === null ? null : await admin.groupOffsets(watch.groupId) });
    } catch (cause) {
      error = messageOf(cause);
    }
  });
  const starts = await fetchStarts(
    admin,
    known.flatMap(({ watch, partitions, offsets }) =>
      offsets === null || !watch.readsFromStart ? [] : [{ assigned: partitions, offsets }],
    ),
    clock,
  );
  const progress = new Map<string, ProgressFacts>();
  for (const { watch, partitions, offsets } of known) {
    const turn = pacer.turnWhenDue();
    if (turn) await turn;
    const queue = watch.queue === null ? null : askablePartitions(topics, [watch.queue]);
    const rows =
      offsets && lagRows({ offsets, assigned: partitions, ends, starts: watch.readsFromStart ? starts : NOTHING, members: NOTHING });
    // Offsets of topics that it has read under an earlier configuration stay in the group: nothing waits for it there.
    const read = rows?.filter(({ topic }) => watch.isByPattern || watch.topics.includes(topic)) ?? null;
    progress.set(watch.connector, {
      atMs,
      end: endOf(partitions, ends),
      queueEnd: queue && endOf(queue, ends),
      committed: rows && totalOf(rows.map((row) => row.committed)),
      lag: read && totalOf(read.map((row) => row.lag)),
      partitions: rows ?? [],
    });
  }
  return { progress, error };
}

function endOf(places: readonly TopicPartition[], ends: Ends): Total | null {
  return totalOf(places.map((one) => ends.get(partitionKey(one)) ?? null));
}

/** What a group has: the partitions it reads, and where it has committed to be. */
export interface GroupPlaces {
  readonly assigned: readonly TopicPartition[];
  readonly offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>;
}

/** First offsets of the partitions that are read and were never committed: all that lies in them waits. */
export async function fetchStarts(
  admin: Admin,
  groups: readonly GroupPlaces[],
  clock: Clock = systemClock,
): Promise<ReadonlyMap<string, bigint>> {
  const wanted = new Map<string, TopicPartition>();
  const pacer = new LoopPacer(clock);
  for (const { assigned, offsets } of groups) {
    const turn = pacer.turnWhenDue();
    if (turn) await turn;
    const committed = new Set<string>();
    for (const one of offsets) if (one.offset >= 0n) committed.add(partitionKey(one));
    for (const one of assigned) {
      const key = partitionKey(one);
      if (!committed.has(key)) wanted.set(key, one);
    }
  }
  return fetchOffsets(admin, [...wanted.values()], 'earliest');
}

/** Offsets by `topic partition`. */
export interface LagRequest extends GroupPlaces {
  readonly ends: Ends;
  /** Of partitions without a committed offset. */
  readonly starts: ReadonlyMap<string, bigint>;
  readonly members: ReadonlyMap<string, string>;
}

/** Partitions in the order of their names. One that was never committed has `committed` null, and lags by all it holds. */
export function lagRows({ offsets, assigned, ends, starts, members }: LagRequest): PartitionLag[] {
  const committed = new Map<string, bigint>();
  const places = new Map<string, TopicPartition>();
  for (const one of assigned) places.set(partitionKey(one), one);
  for (const one of offsets) {
    if (one.offset < 0n) continue;
    const key = partitionKey(one);
    committed.set(key, one.offset);
    places.set(key, one);
  }
  return Array.from(places, ([key, { topic, partition }]): PartitionLag => {
    const end = ends.get(key) ?? null;
    const from = committed.get(key) ?? starts.get(key) ?? null;
    const behind = end === null || from === null ? null : end - from;
    // Asked one after the other: a commit may be newer than the end.
    const lag = behind !== null && behind < 0n ? 0n : behind;
    return { topic, partition, committed: committed.get(key) ?? null, end, lag, member: members.get(key) ?? null };
  }).sort(byPartition);
}

/** Sum of what is known; `null` when nothing is. */
export function totalOf(values: ReadonlyArray<bigint | null>): Total | null {
  let [sum, known] = [0n, 0];
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    known++;
  }
  return known === 0 ? null : { value: sum, known, isWhole: known === values.length };
}

export async function fetchBounds(admin: Admin, topic: string, partitions: readonly TopicPartition[]): Promise<TopicBounds> {
  const [earliest, latest] = await Promise.all([fetchOffsets(admin, partitions, 'earliest'), fetchOffsets(admin, partitions, 'latest')]);
  const byPartition = (offsets: Map<string, bigint>) =>
    new Map(
      partitions.flatMap((one) => (offsets.has(partitionKey(one)) ? [[one.partition, offsets.get(partitionKey(one))!] as const] : [])),
    );
  return { topic, earliest: byPartition(earliest), latest: byPartition(latest) };
}
