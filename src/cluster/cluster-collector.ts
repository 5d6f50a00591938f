/** Polls Kafka for what the console shows. Each kind of question has its own loop: a slow or refused one never blanks the others. */
import { type Clock, systemClock } from '../base/clock.ts';
import { ConnectError, messageOf } from '../base/errors.ts';
import type { Admin, ClusterInfo, Kafka, LogDirInfo, QuorumInfo, TopicInfo } from '../kafka/contract.ts';
import type { ClusterData, GroupRow, ProgressFacts, TopicBounds, TopicRow, Watch } from './cluster-model.ts';
import { CounterTrack } from './counter-track.ts';
import { GroupCatalog } from './groups.ts';
import { isSilence, summariseIsr, toBrokerRows, toTopicRow } from './partition-health.ts';
import { PollLoop } from './poll-loop.ts';
import { askablePartitions, fetchBounds, fetchOffsets, fetchProgress, totalOf } from './progress.ts';

/** What the visible pane needs beyond the usual. */
export interface ClusterDemand {
  readonly hasGroups: boolean;
  readonly group: string | null;
  readonly hasTopicRates: boolean;
  readonly hasDisks: boolean;
  readonly boundsOf: string | null;
}

export const NO_DEMAND: ClusterDemand = { hasGroups: false, group: null, hasTopicRates: false, hasDisks: false, boundsOf: null };

export interface ClusterCollectorOptions {
  readonly kafka: Kafka;
  readonly clock?: Clock;
  /** Multiplies every interval: 1 in use, more when nobody looks. */
  pace(): number;
  onChange(): void;
}

const METADATA_MS = 2_000;
const PROGRESS_MS = 2_000;
const GROUPS_MS = 3_000;
const SLOW_MS = 10_000;
const MIN_ISR_MAX_AGE_MS = 60_000;

export class ClusterCollector {
  readonly #admin: Admin;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #loops: readonly PollLoop[];
  readonly #metadata: PollLoop;
  readonly #progressLoop: PollLoop;
  readonly #groupsLoop: PollLoop;
  readonly #slow: PollLoop;

  #demand: ClusterDemand = NO_DEMAND;
  #watches: readonly Watch[] = [];
  #data: ClusterData | null = null;

  #info: ClusterInfo | null = null;
  #topics: readonly TopicInfo[] = [];
  #topicsByName: ReadonlyMap<string, TopicInfo> = new Map();
  readonly #knownBrokers = new Set<number>();
  #minIsrRun: Promise<void> | null = null;
  readonly #minIsr = new Map<string, { value: number | null; atMs: number }>();
  #ends: ReadonlyMap<string, bigint> = new Map();
  readonly #topicTracks = new Map<string, CounterTrack>();
  #progress: ReadonlyMap<string, ProgressFacts> = new Map();
  #progressError: string | null = null;
  #bounds: TopicBounds | null = null;
  #quorum: QuorumInfo | null = null;
  #quorumError: string | null = null;
  #isQuorumSilent = false;
  #logDirs: readonly LogDirInfo[] | null = null;
  readonly #catalog = new GroupCatalog();
  #groups: readonly GroupRow[] | null = null;
  #groupsError: string | null = null;

  constructor(options: ClusterCollectorOptions) {
    this.#admin = options.kafka.admin();
    this.#clock = options.clock ?? systemClock;
    this.#onChange = options.onChange;
    const loop = (intervalMs: () => number, run: () => Promise<void>, more: { restFactor?: number } = {}) =>
      new PollLoop({ clock: this.#clock, intervalMs: () => intervalMs() * options.pace(), run, onSettled: () => this.#changed(), ...more });
    this.#metadata = loop(
      () => METADATA_MS,
      () => this.#readMetadata(),
    );
    this.#progressLoop = loop(
      () => PROGRESS_MS,
      () => this.#readProgress(),
    );
    this.#groupsLoop = loop(
      () => GROUPS_MS,
      () => this.#readGroups(),
    );
    this.#slow = loop(
      // A broker or a quorum that said nothing may answer again soon.
      () => (this.#isQuorumSilent || this.#logDirs?.some(isSilence) ? METADATA_MS : SLOW_MS),
      () => this.#readSlow(),
      { restFactor: 0 },
    );
    this.#loops = [this.#metadata, this.#progressLoop, this.#groupsLoop, this.#slow];
  }

  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  stop(): void {
    for (const loop of this.#loops) loop.stop();
  }

  /** Ask everything again now. */
  refresh(): void {
    for (const loop of this.#loops) loop.kick();
  }

  get admin(): Admin {
    return this.#admin;
  }

  watch(watches: readonly Watch[]): void {
    const isNew = watches.length !== this.#watches.length;
    this.#watches = watches;
    if (isNew) this.#progressLoop.kick();
  }

  demand(demand: ClusterDemand): void {
    const before = this.#demand;
    this.#demand = demand;
    if (demand.hasGroups && (!before.hasGroups || demand.group !== before.group)) this.#groupsLoop.kick();
    if (demand.boundsOf !== before.boundsOf || demand.hasTopicRates !== before.hasTopicRates) this.#progressLoop.kick();
    if (demand.hasDisks && !before.hasDisks) this.#slow.kick();
  }

  /** Frozen; the same object until something has changed. */
  get data(): ClusterData {
    this.#data ??= this.#assemble();
    return this.#data;
  }

  #changed(): void {
    this.#data = null;
    this.#onChange();
  }

  async #readMetadata(): Promise<void> {
    const [info, topics] = await Promise.all([this.#admin.cluster(), this.#admin.topics()]);
    this.#info = info;
    for (const broker of info.brokers) this.#knownBrokers.add(broker.id);
    const isFirst = this.#topics.length === 0;
    this.#topics = topics;
    this.#topicsByName = new Map(topics.map((topic) => [topic.name, topic]));
    if (isFirst) this.#progressLoop.kick();
    // Not waited for: a broker that says nothing about configs must not hold up who leads what.
    this.#minIsrRun ??= this.#readMinIsr().finally(() => {
      this.#minIsrRun = null;
      this.#changed();
    });
  }

  /** Only topics that are not whole are asked for their minimum, each once a minute. */
  async #readMinIsr(): Promise<void> {
    const nowMs = this.#clock.monoMs();
    const unwell = this.#topics.filter((topic) => topic.partitions.some((partition) => partition.isr.length < partition.replicas.length));
    const due = unwell
      .filter((topic) => nowMs - (this.#minIsr.get(topic.name)?.atMs ?? Number.NEGATIVE_INFINITY) > MIN_ISR_MAX_AGE_MS)
      .slice(0, 20);
    await Promise.all(
      due.map(async ({ name }) => {
        try {
          const entries = await this.#admin.describeConfigs({ type: 'topic', name });
          const value = Number(entries.find((entry) => entry.name === 'min.insync.replicas')?.value ?? Number.NaN);
          this.#minIsr.set(name, { value: Number.isInteger(value) ? value : null, atMs: nowMs });
        } catch {
          // Without the right to read configs the topic still shows as under-replicated.
          this.#minIsr.set(name, { value: null, atMs: nowMs });
        }
      }),
    );
  }

  async #readProgress(): Promise<void> {
    if (this.#topics.length === 0) return;
    const { hasTopicRates, boundsOf } = this.#demand;
    const names = hasTopicRates
      ? this.#topics.map((topic) => topic.name)
      : this.#watches.flatMap((watch) => [...watch.topics, ...(watch.queue === null ? [] : [watch.queue])]);
    const ends = await fetchOffsets(this.#admin, askablePartitions(this.#topicsByName, names), 'latest');
    const nowMs = this.#clock.wallMs();
    this.#ends = ends;
    this.#trackTopics(new Set(names), nowMs);
    const { progress, error } = await fetchProgress(this.#admin, this.#watches, this.#topicsByName, ends, nowMs);
    this.#progress = progress;
    this.#progressError = error;
    this.#bounds = boundsOf === null ? null : await fetchBounds(this.#admin, boundsOf, askablePartitions(this.#topicsByName, [boundsOf]));
  }

  #trackTopics(names: ReadonlySet<string>, nowMs: number): void {
    for (const name of this.#topicTracks.keys()) if (!names.has(name)) this.#topicTracks.delete(name);
    for (const name of names) {
      const end = this.#endOf(name);
      // A partition whose end is not known for a moment must not look like records that came at once.
      if (end === null) this.#topicTracks.delete(name);
      if (end === null) continue;
      const track = this.#topicTracks.get(name) ?? new CounterTrack('sampled');
      this.#topicTracks.set(name, track);
      track.add(nowMs, Number(end));
    }
  }

  #endOf(name: string): bigint | null {
    const partitions = this.#topicsByName.get(name)?.partitions ?? [];
    const total = totalOf(partitions.map(({ partition }) => this.#ends.get(`${name} ${partition}`) ?? null));
    return total?.isWhole ? total.value : null;
  }

  async #readGroups(): Promise<void> {
    if (!this.#demand.hasGroups) return;
    try {
      this.#groups = await this.#catalog.refresh(this.#admin, this.#topicsByName, this.#demand.group, this.#clock.wallMs());
      this.#groupsError = null;
    } catch (error) {
      this.#groupsError = messageOf(error);
      throw error;
    }
  }

  async #readSlow(): Promise<void> {
    const [quorum, logDirs] = await Promise.allSettled([this.#admin.quorum(), this.#admin.logDirs()]);
    if (quorum.status === 'fulfilled') this.#quorum = quorum.value;
    this.#quorumError = quorum.status === 'rejected' ? messageOf(quorum.reason) : null;
    this.#isQuorumSilent = quorum.status === 'rejected' && quorum.reason instanceof ConnectError && quorum.reason.isRetriable;
    if (logDirs.status === 'fulfilled') this.#logDirs = logDirs.value;
  }

  #assemble(): ClusterData {
    const nowMs = this.#clock.wallMs();
    const sizes = this.#sizes();
    const topics: TopicRow[] = this.#topics.map((info) =>
      toTopicRow(info, {
        minIsr: this.#minIsr.get(info.name)?.value ?? null,
        endOffset: this.#endOf(info.name),
        recordsPerSec: this.#topicTracks.get(info.name)?.rate(nowMs) ?? null,
        sizeBytes: sizes?.get(info.name) ?? null,
      }),
    );
    return {
      reach: this.#metadata.reach,
      info: this.#info,
      brokers: this.#info ? toBrokerRows(this.#info, this.#topics, this.#knownBrokers, this.#logDirs) : [],
      topics,
      isr: summariseIsr(topics),
      quorum: this.#quorum,
      quorumError: this.#quorumError,
      logDirs: this.#logDirs,
      groups: this.#groups,
      groupsError: this.#groupsError,
      progress: this.#progress,
      progressError: this.#progressError ?? this.#progressLoop.reach.error,
      bounds: this.#bounds,
    };
  }

  /** Bytes of each topic: its largest replica, partition by partition. */
  #sizes(): Map<string, bigint> | null {
    if (!this.#logDirs) return null;
    const largest = new Map<string, { topic: string; bytes: bigint }>();
    for (const dir of this.#logDirs) {
      for (const { topic, partition, sizeBytes, isFuture } of dir.partitions) {
        if (isFuture) continue;
        const key = `${topic} ${partition}`;
        const known = largest.get(key);
        if (!known || known.bytes < sizeBytes) largest.set(key, { topic, bytes: sizeBytes });
      }
    }
    const sizes = new Map<string, bigint>();
    for (const { topic, bytes } of largest.values()) sizes.set(topic, (sizes.get(topic) ?? 0n) + bytes);
    return sizes;
  }
}
