/**
 * Kafka's default assignor: per topic each subscriber gets a run of neighbouring partitions; the first ones get one more when it does not come out
 * even. Order of members: static ones by their instance id, then the others by member id. With racks known on both sides, partitions go
 * to members of their rack first (KIP-881). Source of the rules: org.apache.kafka.clients.consumer.RangeAssignor (4.3).
 */
import type { TopicPartition } from '../plugin-api/records.ts';
import { inJavaOrder } from './consumer-protocol.ts';

export interface RangeMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly string[];
  readonly rackId?: string | null;
}

/** Racks of the replicas of each partition; absent where they are not known. */
export type PartitionRacks = (topic: string, partition: number) => readonly string[];

/** Partitions by member id. `partitionCounts`: partitions of each topic that exists; others are left out. */
export function assignRanges(
  members: readonly RangeMember[],
  partitionCounts: ReadonlyMap<string, number>,
  racksOf: PartitionRacks = () => [],
): Map<string, TopicPartition[]> {
  const assignment = new Map<string, TopicPartition[]>(members.map(({ memberId }) => [memberId, []]));
  const topics = topicStates([...members].sort(inRangeOrder), partitionCounts, racksOf);
  const isRackAware = topics.some((topic) => topic.needsRacks);
  if (isRackAware) assignWithinRacks(topics, assignment);
  for (const topic of topics) topic.assign(assignment, () => true);
  if (isRackAware) for (const list of assignment.values()) list.sort((a, b) => inJavaOrder(a.topic, b.topic) || a.partition - b.partition);
  return assignment;
}

function inRangeOrder(a: RangeMember, b: RangeMember): number {
  if (a.groupInstanceId !== null && b.groupInstanceId !== null) return inJavaOrder(a.groupInstanceId, b.groupInstanceId);
  if (a.groupInstanceId !== null) return -1;
  if (b.groupInstanceId !== null) return 1;
  return inJavaOrder(a.memberId, b.memberId);
}

function topicStates(ordered: readonly RangeMember[], counts: ReadonlyMap<string, number>, racksOf: PartitionRacks): TopicState[] {
  const subscribers = new Map<string, RangeMember[]>();
  for (const member of ordered) {
    for (const topic of new Set(member.topics)) {
      const list = subscribers.get(topic);
      if (list) list.push(member);
      else subscribers.set(topic, [member]);
    }
  }
  const names = [...subscribers.keys()].filter((topic) => (counts.get(topic) ?? 0) > 0).sort(inJavaOrder);
  return names.map((topic) => new TopicState(topic, counts.get(topic) ?? 0, subscribers.get(topic) ?? [], racksOf));
}

type MayTake = (member: RangeMember, partition: number) => boolean;

class TopicState {
  readonly topic: string;
  readonly members: readonly RangeMember[];
  readonly partitionCount: number;
  /** Racks matter: every member could be near some partitions, and not all partitions lie in all racks. */
  readonly needsRacks: boolean;
  readonly #racks: readonly ReadonlySet<string>[];
  readonly #quota: number;
  readonly #taken = new Map<string, number>();
  #extrasLeft: number;
  #free: number[];

  constructor(topic: string, partitionCount: number, members: readonly RangeMember[], racksOf: PartitionRacks) {
    this.topic = topic;
    this.members = members;
    this.partitionCount = partitionCount;
    this.#quota = Math.floor(partitionCount / members.length);
    this.#extrasLeft = partitionCount % members.length;
    this.#free = Array.from({ length: partitionCount }, (_, i) => i);
    this.#racks = this.#free.map((partition) => new Set(racksOf(topic, partition)));
    this.needsRacks = needsRackAwareAssignment(members, this.#racks);
  }

  /** A member without a rack is near everything. */
  isInRackOf(member: RangeMember, partition: number): boolean {
    return !member.rackId || (this.#racks[partition]?.has(member.rackId) ?? false);
  }

  room(member: RangeMember): number {
    const limit = this.#quota + (this.#extrasLeft > 0 ? 1 : 0);
    return Math.max(0, limit - (this.#taken.get(member.memberId) ?? 0));
  }

  take(member: RangeMember, partitions: readonly number[], assignment: Map<string, TopicPartition[]>): void {
    if (partitions.length === 0) return;
    const taken = (this.#taken.get(member.memberId) ?? 0) + partitions.length;
    this.#taken.set(member.memberId, taken);
    if (taken > this.#quota) this.#extrasLeft--;
    const gone = new Set(partitions);
    this.#free = this.#free.filter((partition) => !gone.has(partition));
    assignment.get(member.memberId)?.push(...partitions.map((partition) => ({ topic: this.topic, partition })));
  }

  /** Each member in turn, as much as it has room for. */
  assign(assignment: Map<string, TopicPartition[]>, mayTake: MayTake): void {
    for (const member of this.members) {
      if (this.#free.length === 0) return;
      const wanted = this.#free.filter((partition) => mayTake(member, partition)).slice(0, this.room(member));
      this.take(member, wanted, assignment);
    }
  }
}

function needsRackAwareAssignment(members: readonly RangeMember[], racks: readonly ReadonlySet<string>[]): boolean {
  const memberRacks = new Set(members.map(({ rackId }) => rackId).filter((rack) => typeof rack === 'string' && rack !== ''));
  const all = new Set(racks.flatMap((set) => [...set]));
  if (memberRacks.size === 0 || ![...memberRacks].some((rack) => all.has(rack as string))) return false;
  return !racks.every((set) => set.size === all.size);
}

/** Topics with the same subscribers and number of partitions are kept together: the same member gets the same numbers of each. */
function assignWithinRacks(topics: readonly TopicState[], assignment: Map<string, TopicPartition[]>): void {
  const alike = new Map<string, TopicState[]>();
  for (const topic of topics) {
    const key = JSON.stringify([topic.members.map(({ memberId }) => memberId), topic.partitionCount]);
    alike.set(key, [...(alike.get(key) ?? []), topic]);
  }
  for (const group of alike.values()) {
    const [first] = group;
    if (!first) continue;
    if (group.length > 1) assignTogether(first.members, first.partitionCount, group, assignment);
    else if (first.needsRacks) first.assign(assignment, (member, partition) => first.isInRackOf(member, partition));
  }
}

function assignTogether(
  members: readonly RangeMember[],
  partitionCount: number,
  topics: readonly TopicState[],
  assignment: Map<string, TopicPartition[]>,
): void {
  for (let partition = 0; partition < partitionCount; partition++) {
    const near = members.find((member) => topics.every((topic) => topic.isInRackOf(member, partition) && topic.room(member) > 0));
    if (near) for (const topic of topics) topic.take(near, [partition], assignment);
  }
}
