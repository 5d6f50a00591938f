/**
 * What becomes of every partition when brokers are lost, told before it happens. Kafka's own rules: a leader comes from the in-sync
 * replicas, then from those that are eligible without a loss (KIP-966), and only where it is allowed from the rest. Writes that wait for all
 * in-sync replicas need `min.insync.replicas` of them, or all replicas where there are fewer. Without a majority of the metadata quorum
 * nobody elects and no in-sync set shrinks.
 */
import type { EligibleReplicas, PartitionInfo, TopicInfo } from '../kafka/contract.ts';
import { partitionKey } from '../kafka/partition-key.ts';

/** `unclean`: a replica is left, but none that has every record: only an unclean election makes it a leader. */
export type Fate = 'writable' | 'read-only' | 'unclean' | 'offline';

/** The worst on top. */
export const FATES: readonly Fate[] = ['offline', 'unclean', 'read-only', 'writable'];

export interface TopicTerms {
  /** `null`: not known; one in-sync replica counts as enough then. */
  readonly minIsr: number | null;
  readonly isUncleanAllowed: boolean | null;
}

export interface WhatIfInput {
  readonly topics: readonly TopicInfo[];
  readonly alive: ReadonlySet<number>;
  readonly lost: ReadonlySet<number>;
  terms(topic: string): TopicTerms | null;
  /** Replicas out of sync that may lead without a loss. */
  eligible(topic: string, partition: number): readonly number[];
  /** Ids of the metadata quorum's voters; empty: not known. */
  readonly voters: readonly number[];
}

export interface TopicFate {
  readonly topic: string;
  readonly isInternal: boolean;
  readonly fate: Fate;
  readonly partitions: readonly number[];
  /** Its minimum of in-sync replicas; `null`: not known. */
  readonly minIsr: number | null;
  /** The cluster elects uncleanly by itself. */
  readonly isUncleanAllowed: boolean;
  /** False: nobody is left to elect, or to take lost replicas out of in-sync sets. */
  readonly hasMajority: boolean;
}

export interface Forecast {
  readonly lost: readonly number[];
  readonly partitions: number;
  readonly counts: Readonly<Record<Fate, number>>;
  /** What is so already, with nobody lost. */
  readonly now: Readonly<Record<Fate, number>>;
  /** Topics by fate, without the writable ones; the worst first, in the order of the topics. */
  readonly topics: readonly TopicFate[];
  /** Partitions that get another leader, by the broker that takes them. */
  readonly newLeaders: ReadonlyMap<number, number>;
  /** Topics whose minimum is not known: they may be worse off than told. */
  readonly unknownTerms: number;
  readonly quorum: { readonly left: number; readonly of: number; readonly hasMajority: boolean } | null;
}

type Counts = Record<Fate, number>;
const noCounts = (): Counts => ({ writable: 0, 'read-only': 0, unclean: 0, offline: 0 });

export function forecast(input: WhatIfInput): Forecast {
  const { topics, alive, lost, voters } = input;
  // Controllers that are no brokers cannot be marked: they live.
  const left = voters.filter((id) => !lost.has(id)).length;
  const hasMajority = voters.length === 0 || left > voters.length / 2;
  const [isUp, stays] = [byId(alive), byId([...alive].filter((id) => !lost.has(id)))];
  const [counts, now] = [noCounts(), noCounts()];
  const newLeaders = new Map<number, number>();
  const found: Record<Fate, TopicFate[]> = { writable: [], 'read-only': [], unclean: [], offline: [] };
  let [partitions, unknownTerms] = [0, 0];
  for (const { name, isInternal, partitions: all } of topics) {
    const terms = input.terms(name);
    if (terms?.minIsr == null) unknownTerms++;
    const lists: Partial<Record<Fate, number[]>> = {};
    for (const partition of all) {
      partitions++;
      const eligible = input.eligible(name, partition.partition);
      const least = Math.min(terms?.minIsr ?? 1, partition.replicas.length);
      const before = fateOf(partition, least, eligible, isUp, true);
      now[before]++;
      // Most partitions of a large cluster have nothing to do with the lost brokers.
      const isSame = hasMajority && !partition.replicas.some((id) => isUp[id] && !stays[id]);
      const fate = isSame ? before : fateOf(partition, least, eligible, stays, hasMajority);
      counts[fate]++;
      if (fate !== 'writable') {
        const list = lists[fate];
        if (list) list.push(partition.partition);
        else lists[fate] = [partition.partition];
      }
      const leader = hasMajority && !isSame && !stays[partition.leader] ? nextLeader(partition, eligible, stays) : -1;
      if (leader >= 0) newLeaders.set(leader, (newLeaders.get(leader) ?? 0) + 1);
    }
    for (const fate of FATES) {
      const list = lists[fate];
      if (!list) continue;
      const isUncleanAllowed = terms?.isUncleanAllowed ?? false;
      found[fate].push({ topic: name, isInternal, fate, partitions: list, minIsr: terms?.minIsr ?? null, isUncleanAllowed, hasMajority });
    }
  }
  return {
    lost: [...lost].sort((a, b) => a - b),
    partitions,
    counts,
    now,
    topics: FATES.flatMap((fate) => found[fate]),
    newLeaders,
    unknownTerms,
    quorum: voters.length === 0 ? null : { left, of: voters.length, hasMajority },
  };
}

const NONE: readonly number[] = [];

/** What brokers tell of eligible replicas as a forecast asks for it: of each partition, and mostly there are none at all. */
export function eligibleIn(told: readonly EligibleReplicas[]): WhatIfInput['eligible'] {
  if (told.length === 0) return () => NONE;
  const places = new Map(told.map((one) => [partitionKey(one), one.eligible]));
  return (topic, partition) => places.get(partitionKey({ topic, partition })) ?? NONE;
}

/** Brokers by id; asked some hundred thousand times. */
type ById = readonly (true | undefined)[];

function byId(ids: Iterable<number>): ById {
  const table: (true | undefined)[] = [];
  for (const id of ids) table[id] = true;
  return table;
}

type Place = Pick<PartitionInfo, 'leader' | 'replicas' | 'isr'>;

/** `least`: replicas in sync that writes need. */
function fateOf({ leader, replicas, isr }: Place, least: number, eligible: readonly number[], stays: ById, canElect: boolean): Fate {
  let inSync = 0;
  for (const id of isr) if (stays[id]) inSync++;
  if (!canElect) {
    // Nobody takes a lost replica out of the in-sync set: writes that wait for all of it wait for ever.
    if (leader < 0 || !stays[leader]) return 'offline';
    return inSync === isr.length && inSync >= least ? 'writable' : 'read-only';
  }
  if (inSync > 0) return inSync >= least ? 'writable' : 'read-only';
  // It begins alone in its in-sync set; the others may follow.
  if (firstOf(replicas, stays, eligible) >= 0) return least <= 1 ? 'writable' : 'read-only';
  for (const id of replicas) if (stays[id]) return 'unclean';
  return 'offline';
}

function nextLeader({ replicas, isr }: Place, eligible: readonly number[], stays: ById): number {
  const first = firstOf(replicas, stays, isr);
  return first >= 0 ? first : firstOf(replicas, stays, eligible);
}

/** The first replica that stays and is one of these; −1: none. */
function firstOf(replicas: readonly number[], stays: ById, among: readonly number[]): number {
  for (const id of replicas) if (stays[id] && among.includes(id)) return id;
  return -1;
}
