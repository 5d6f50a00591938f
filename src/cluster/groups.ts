/** Groups with their lag, a page at a time so that ten thousand of them do not stall anything. */
import { messageOf } from '../base/errors.ts';
import type { Admin, GroupDescription, GroupListing, TopicInfo } from '../kafka/contract.ts';
import type { GroupRow, PartitionLag, Total } from './cluster-model.ts';
import { askablePartitions, fetchOffsets, fetchStarts, type GroupPlaces, lagRows, totalOf } from './progress.ts';

/** Groups that get members and lag in one round; the others keep what was known of them. */
const PAGE = 100;
/** Lag is compared with what it was so long ago. */
const TREND_MS = 30_000;

interface LagPoint {
  readonly atMs: number;
  readonly lag: Total;
}

export class GroupCatalog {
  readonly #known = new Map<string, GroupRow>();
  readonly #trend = new Map<string, LagPoint[]>();
  #next = 0;

  /** One round: all names, one page of details. `first`: a group that the user looks at, always in the page. */
  async refresh(admin: Admin, topics: ReadonlyMap<string, TopicInfo>, first: string | null, nowMs: number): Promise<GroupRow[]> {
    const listings = (await admin.groups()).toSorted((a, b) => (a.groupId < b.groupId ? -1 : 1));
    const names = new Set(listings.map((group) => group.groupId));
    for (const id of this.#known.keys()) if (!names.has(id)) this.#forget(id);
    const page = this.#page(listings, first);
    // Only groups of consumers have offsets that mean a lag; the others are listed with their state.
    const readable = page.filter((group) => group.protocolType === 'consumer' || group.protocolType === '');
    const described = new Map((await admin.describeGroups(page.map((group) => group.groupId))).map((group) => [group.groupId, group]));
    const offsets = await Promise.all(readable.map(async (group) => ({ group, result: await settle(admin.groupOffsets(group.groupId)) })));
    const wanted = new Set<string>();
    for (const { result } of offsets) if (result.ok) for (const { topic } of result.value) wanted.add(topic);
    for (const group of described.values())
      for (const member of group.members) for (const { topic } of member.assignment) wanted.add(topic);
    const ends = await fetchOffsets(admin, askablePartitions(topics, wanted), 'latest');
    const byGroup = new Map(offsets.map(({ group, result }) => [group.groupId, result]));
    const placesOf = ({ groupId }: GroupListing): GroupPlaces => {
      const result = byGroup.get(groupId);
      return result?.ok ? { assigned: assignmentOf(described.get(groupId) ?? null), offsets: result.value } : { assigned: [], offsets: [] };
    };
    const starts = await fetchStarts(admin, page.map(placesOf));
    for (const group of page) {
      const result = byGroup.get(group.groupId);
      const description = described.get(group.groupId) ?? null;
      const partitions = lagRows({ ...placesOf(group), ends, starts, members: membersByPartition(description) });
      this.#known.set(group.groupId, this.#toRow(group, description, partitions, result && !result.ok ? result.error : null, nowMs));
    }
    return listings.map((group) => this.#known.get(group.groupId) ?? bareRow(group));
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#trend.delete(id);
  }

  #page(listings: readonly GroupListing[], first: string | null): GroupListing[] {
    if (listings.length <= PAGE) return [...listings];
    const page = Array.from({ length: PAGE }, (_, i) => listings[(this.#next + i) % listings.length]!);
    this.#next = (this.#next + PAGE) % listings.length;
    const focused = listings.find((group) => group.groupId === first);
    return focused && !page.includes(focused) ? [focused, ...page] : page;
  }

  #toRow(
    group: GroupListing,
    description: GroupDescription | null,
    partitions: readonly PartitionLag[],
    error: string | null,
    nowMs: number,
  ): GroupRow {
    const lag = totalOf(partitions.map((row) => row.lag));
    return {
      groupId: group.groupId,
      type: typeWord(group),
      state: description?.state ?? group.state,
      memberCount: description?.members.length ?? null,
      topics: [...new Set(partitions.map((row) => row.topic))],
      lag: lag?.value ?? null,
      isLagWhole: lag?.isWhole ?? true,
      lagPerSec: lag === null ? null : this.#trendOf(group.groupId, lag, nowMs),
      coordinator: description?.coordinator ?? null,
      error: error ?? description?.error ?? null,
      partitions,
    };
  }

  #trendOf(id: string, lag: Total, nowMs: number): number | null {
    const points = [...(this.#trend.get(id) ?? []), { atMs: nowMs, lag }].filter(
      (point) => nowMs - point.atMs <= TREND_MS && point.lag.known === lag.known,
    );
    this.#trend.set(id, points);
    const first = points[0]!;
    return nowMs - first.atMs < 4_000 ? null : (Number(lag.value - first.lag.value) * 1000) / (nowMs - first.atMs);
  }
}

function typeWord(group: GroupListing): string {
  return group.groupType && group.groupType.toLowerCase() !== 'classic' ? group.groupType.toLowerCase() : group.protocolType || 'classic';
}

function bareRow(group: GroupListing): GroupRow {
  return {
    groupId: group.groupId,
    type: typeWord(group),
    state: group.state,
    memberCount: null,
    topics: [],
    lag: null,
    isLagWhole: true,
    lagPerSec: null,
    coordinator: null,
    error: null,
    partitions: [],
  };
}

function assignmentOf(group: GroupDescription | null): { topic: string; partition: number }[] {
  return group?.members.flatMap((member) => member.assignment.map(({ topic, partition }) => ({ topic, partition }))) ?? [];
}

function membersByPartition(group: GroupDescription | null): Map<string, string> {
  const members = new Map<string, string>();
  for (const member of group?.members ?? []) {
    for (const { topic, partition } of member.assignment) members.set(`${topic} ${partition}`, `${member.clientId} ${member.host}`);
  }
  return members;
}

type Settled<T> = { ok: true; value: T } | { ok: false; error: string };

async function settle<T>(promise: Promise<T>): Promise<Settled<T>> {
  try {
    return { ok: true, value: await promise };
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
}
