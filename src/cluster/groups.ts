/**
 * Groups of every type with their lag. All are listed; described and measured are first those in sight, then the others a page at a time,
 * so that ten thousand of them stall nothing and the list never waits for a lag.
 */
import { type Clock, systemClock } from '../base/clock.ts';
import { LoopPacer } from '../base/turn.ts';
import type { Admin, GroupDescription, GroupListing, TopicInfo } from '../kafka/contract.ts';
import { partitionKey } from '../kafka/partition-key.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { GroupPartition, GroupRow, PartitionLag, Total } from './cluster-model.ts';
import { CounterTrack } from './counter-track.ts';
import { bareRow, hasOffsets, isShare, toGroupRow } from './group-rows.ts';
import { PositionTimes } from './position-times.ts';
import { fetchEnds, fetchStarts, type GroupPlaces, lagRows, totalOf } from './progress.ts';

/** Groups out of sight that get members and lag in one round; the others keep what was known of them. */
const PAGE = 200;
/** Listing very many groups is work for the brokers: then it is done less often. */
const MANY = 2_000;
const MANY_LISTED_MS = 15_000;
/** Lag is compared with what it was so long ago. */
const TREND_MS = 30_000;
const POINTS = 24;
/** Records read for their time in one round. */
const MOST_TIMES = 400;
/** Partitions of a group in the list, those that lag most; the group that is looked at gets all. */
const TIMES_OF_A_GROUP = 4;

interface LagPoint {
  readonly atMs: number;
  readonly lag: Total;
}

/** What is looked at. */
export interface GroupSight {
  /** The one that is open. */
  readonly open: string | null;
  /** Rows on the screen, asked once the names are known. */
  shown(): readonly string[];
}

export class GroupCatalog {
  readonly #admin: Admin;
  readonly #times: PositionTimes;
  readonly #clock: Clock;
  readonly #known = new Map<string, GroupRow>();
  /** Of those that were never measured. */
  #bare = new Map<GroupListing, GroupRow>();
  readonly #trend = new Map<string, LagPoint[]>();
  readonly #sighted = new Set<string>();
  /** Of the group that is open, by partition. */
  #tracks = new Map<string, CounterTrack>();
  #tracked: string | null = null;
  #listings: readonly GroupListing[] = [];
  #listedMs: number | null = null;
  #missing: string | null = null;
  #next = 0;

  constructor(admin: Admin, clock: Clock = systemClock) {
    this.#admin = admin;
    this.#clock = clock;
    this.#times = new PositionTimes(admin);
  }

  /** Brokers that did not list their groups. */
  get missing(): string | null {
    return this.#missing;
  }

  /** All groups, as far as they are known; the same object for a group that was not asked since. */
  rows(): GroupRow[] {
    return this.#listings.map((group) => this.#known.get(group.groupId) ?? this.#bareRow(group));
  }

  #bareRow(group: GroupListing): GroupRow {
    const row = this.#bare.get(group) ?? bareRow(group);
    this.#bare.set(group, row);
    return row;
  }

  /** Never measured while it was in sight. */
  isUnknown(id: string): boolean {
    return !this.#sighted.has(id);
  }

  /** One round. `onPart`: more is known, the round goes on. */
  async refresh(topics: ReadonlyMap<string, TopicInfo>, sight: GroupSight, nowMs: number, onPart: () => void = () => {}): Promise<void> {
    await this.#list(nowMs);
    onPart();
    const names = new Map(this.#listings.map((group) => [group.groupId, group]));
    const first = [...new Set([...(sight.open === null ? [] : [sight.open]), ...sight.shown()])].flatMap((id) => names.get(id) ?? []);
    const isFirst = new Set(first.map((group) => group.groupId));
    for (const id of isFirst) this.#sighted.add(id);
    await this.#measure(first, topics, sight.open, nowMs, true);
    if (first.length > 0) onPart();
    await this.#measure(
      this.#page().filter((group) => !isFirst.has(group.groupId)),
      topics,
      sight.open,
      nowMs,
      false,
    );
  }

  async #list(nowMs: number): Promise<void> {
    if (this.#listings.length > MANY && this.#listedMs !== null && nowMs - this.#listedMs < MANY_LISTED_MS) return;
    const silent: number[] = [];
    const listed = await this.#admin.groups((brokerId) => silent.push(brokerId));
    this.#listedMs = nowMs;
    this.#missing = silent.length === 0 ? null : `broker ${silent.sort((a, b) => a - b).join(', ')}`;
    const names = new Set(listed.map((group) => group.groupId));
    // Groups of a broker that is silent are not gone.
    const kept = silent.length === 0 ? [] : this.#listings.filter((group) => !names.has(group.groupId));
    this.#bare = new Map();
    this.#listings = [...listed, ...kept].sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
    for (const { groupId } of kept) names.add(groupId);
    for (const id of this.#known.keys()) if (!names.has(id)) this.#forget(id);
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#trend.delete(id);
    this.#sighted.delete(id);
  }

  #page(): GroupListing[] {
    const all = this.#listings;
    if (all.length <= PAGE) return [...all];
    const page = Array.from({ length: PAGE }, (_, i) => all[(this.#next + i) % all.length]!);
    this.#next = (this.#next + PAGE) % all.length;
    return page;
  }

  async #measure(
    groups: readonly GroupListing[],
    topics: ReadonlyMap<string, TopicInfo>,
    open: string | null,
    nowMs: number,
    isInSight: boolean,
  ): Promise<void> {
    if (groups.length === 0) return;
    const [described, offsets] = await Promise.all([this.#describe(groups), this.#offsets(groups)]);
    const wanted = new Set<string>();
    for (const { offsets: places } of offsets.values()) for (const { topic } of places) wanted.add(topic);
    for (const group of described.values())
      for (const member of group.members) for (const { topic } of member.assignment) wanted.add(topic);
    const ends = await fetchEnds(this.#admin, topics, wanted);
    const placesOf = ({ groupId }: GroupListing): GroupPlaces => {
      const answer = offsets.get(groupId);
      return answer?.error === null
        ? { assigned: assignmentOf(described.get(groupId)), offsets: answer.offsets }
        : { assigned: [], offsets: [] };
    };
    // A share group that has none begins at the end, unless told otherwise: what lies before does not wait for it.
    const starts = await fetchStarts(this.#admin, groups.filter((group) => !isShare(group)).map(placesOf), this.#clock);
    const lags = new Map<string, PartitionLag[]>();
    const pacer = new LoopPacer(this.#clock);
    for (const group of groups) {
      const turn = pacer.turnWhenDue();
      if (turn) await turn;
      const members = membersByPartition(described.get(group.groupId));
      lags.set(group.groupId, lagRows({ ...placesOf(group), ends, starts: isShare(group) ? new Map() : starts, members }));
    }
    const nextOffset = (one: TopicPartition & { readonly committed: bigint | null }) =>
      one.committed ?? starts.get(partitionKey(one)) ?? null;
    if (isInSight) {
      const lagging = groups.flatMap(({ groupId }) => {
        const rows = (lags.get(groupId) ?? []).filter((row) => (row.lag ?? 0n) > 0n);
        const most = rows.sort((a, b) => Number(b.lag! - a.lag!)).slice(0, groupId === open ? MOST_TIMES : TIMES_OF_A_GROUP);
        return most.map((row) => ({ topic: row.topic, partition: row.partition, offset: nextOffset(row)! }));
      });
      await this.#times.read(lagging.slice(0, MOST_TIMES));
    }
    for (const group of groups) {
      const turn = pacer.turnWhenDue();
      if (turn) await turn;
      const { groupId } = group;
      const partitions = (lags.get(groupId) ?? []).map((row): GroupPartition => {
        const offset = nextOffset(row);
        const time = offset === null || !row.lag ? null : this.#times.look({ topic: row.topic, partition: row.partition, offset });
        const lagMs = row.lag === 0n ? 0 : time === null ? null : Math.max(0, nowMs - time.timestampMs);
        return { ...row, lagMs, isLagMsExact: time?.isExact ?? true, readPerSec: this.#readPerSec(group, row, open, nowMs) };
      });
      const lag = totalOf(partitions.map((row) => row.lag));
      const trend = lag === null ? { lagPerSec: null, lagPoints: [] } : this.#trendOf(groupId, lag, nowMs);
      const error = offsets.get(groupId)?.error ?? null;
      this.#known.set(
        groupId,
        toGroupRow({ group, description: described.get(groupId) ?? null, partitions, lag, trend, error, isInSight }),
      );
    }
  }

  async #describe(groups: readonly GroupListing[]): Promise<Map<string, GroupDescription>> {
    const all = await this.#admin.describeGroups(groups.map((group) => group.groupId));
    return new Map(all.map((group) => [group.groupId, group]));
  }

  /** Groups that keep none are not asked. */
  async #offsets(groups: readonly GroupListing[]) {
    const ids = (list: readonly GroupListing[]) => list.map((group) => group.groupId);
    const readable = groups.filter(hasOffsets);
    const share = readable.filter(isShare);
    const [committed, starts] = await Promise.all([
      this.#admin.offsetsOfGroups(ids(readable.filter((group) => !isShare(group)))),
      share.length === 0 ? [] : this.#admin.offsetsOfShareGroups(ids(share)),
    ]);
    return new Map([...committed, ...starts].map((answer) => [answer.groupId, answer]));
  }

  #readPerSec({ groupId }: GroupListing, row: TopicPartition & { readonly committed: bigint | null }, open: string | null, nowMs: number) {
    if (groupId !== open || row.committed === null) return null;
    if (this.#tracked !== open) this.#tracks = new Map();
    this.#tracked = open;
    const key = partitionKey(row);
    const track = this.#tracks.get(key) ?? new CounterTrack('stepped');
    this.#tracks.set(key, track);
    track.add(nowMs, Number(row.committed));
    return track.rate(nowMs);
  }

  /** Totals over other partitions are not compared. */
  #trendOf(id: string, lag: Total, nowMs: number): Pick<GroupRow, 'lagPerSec' | 'lagPoints'> {
    const points = [...(this.#trend.get(id) ?? []), { atMs: nowMs, lag }].filter((point) => point.lag.known === lag.known).slice(-POINTS);
    this.#trend.set(id, points);
    // Of a group that is seldom looked at the last two looks must do.
    const first = points.find((point) => nowMs - point.atMs <= TREND_MS && point.atMs < nowMs) ?? points.at(-2);
    const spanMs = first ? nowMs - first.atMs : 0;
    return {
      lagPerSec: first && spanMs >= 4_000 ? (Number(lag.value - first.lag.value) * 1000) / spanMs : null,
      lagPoints: points.map((point) => Number(point.lag.value)),
    };
  }
}

function assignmentOf(group: GroupDescription | undefined): TopicPartition[] {
  return group?.members.flatMap((member) => member.assignment.map(({ topic, partition }) => ({ topic, partition }))) ?? [];
}

function membersByPartition(group: GroupDescription | undefined): Map<string, string> {
  const members = new Map<string, string>();
  for (const member of group?.members ?? []) {
    for (const place of member.assignment) members.set(partitionKey(place), `${member.clientId} ${member.host}`);
  }
  return members;
}
