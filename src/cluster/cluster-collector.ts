/** Polls Kafka for what the console shows. Each kind of question has its own loop: a slow or refused one never blanks the others. */
import { type Clock, systemClock } from '../base/clock.ts';
import { ConnectError, messageOf } from '../base/errors.ts';
import { Memo } from '../base/memo.ts';
import { Pass } from '../base/pass.ts';
import type { Admin, ClusterInfo, Kafka, QuorumInfo, TopicInfo } from '../kafka/contract.ts';
import { type ClusterDemand, NO_DEMAND } from './cluster-demand.ts';
import { DetailsReader } from './cluster-details.ts';
import type { BrokerRow, ClusterData, GroupRow, IsrSummary, ProgressFacts, TopicBounds, TopicRow, Watch } from './cluster-model.ts';
import { isNews } from './cluster-news.ts';
import type { DiskIndex } from './disk-index.ts';
import { DiskReader } from './disk-reader.ts';
import type { EndOffsets } from './end-offsets.ts';
import { GroupCatalog } from './groups.ts';
import { MetadataReader } from './metadata-reader.ts';
import { brokerRows, type Carried, countReplicas, isNotWhole, isSilence, summariseIsr } from './partition-health.ts';
import { PollLoop } from './poll-loop.ts';
import { PositionTimes } from './position-times.ts';
import { askablePartitions, fetchBounds, fetchEnds, fetchProgress } from './progress.ts';
import { ReassignmentTracks } from './reassignment-pace.ts';
import { reassignmentProgress } from './reassignment-progress.ts';
import { type Reader, RetentionWatch } from './retention-watch.ts';
import { TopicFlows } from './topic-flows.ts';
import { TopicRows } from './topic-rows.ts';
import { TopicRulesCache } from './topic-rules.ts';

export interface ClusterCollectorOptions {
  readonly kafka: Kafka;
  readonly clock?: Clock;
  /** Multiplies every interval: 1 in use, more when nobody looks. */
  pace(): number;
  onChange(): void;
  /** Groups on the screen: measured before all others. */
  groupsShown?(): readonly string[];
}

const METADATA_MS = 2_000;
const PROGRESS_MS = 2_000;
const GROUPS_MS = 3_000;
const SLOW_MS = 10_000;
/** Each time that a cluster has so many partitions more, its questions rest for as long again: answers of ten megabytes are work for brokers, too. */
const PARTITIONS_A_STEP = 50_000;

export class ClusterCollector {
  readonly #admin: Admin;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #loops: readonly PollLoop[];
  readonly #metadata: PollLoop;
  readonly #progressLoop: PollLoop;
  readonly #groupsLoop: PollLoop;
  readonly #slow: PollLoop;
  readonly #detailsLoop: PollLoop;
  readonly #retentionLoop: PollLoop;
  readonly #retention: RetentionWatch;

  #demand: ClusterDemand = NO_DEMAND;
  #watches: readonly Watch[] = [];
  readonly #assembly: Pass;
  #data: ClusterData;

  readonly #known: MetadataReader;
  readonly #knownBrokers = new Set<number>();
  #rulesRun: Promise<void> | null = null;
  readonly #rules: TopicRulesCache;
  readonly #details: DetailsReader;
  #ends: EndOffsets | null = null;
  readonly #flows: TopicFlows;
  readonly #topicRows = new TopicRows();
  readonly #topicMemo = new Memo<readonly TopicRow[]>();
  readonly #notWholeMemo = new Memo<readonly TopicInfo[]>();
  readonly #isrMemo = new Memo<IsrSummary>();
  readonly #carriedMemo = new Memo<ReadonlyMap<number, Readonly<Carried>>>();
  readonly #brokerMemo = new Memo<readonly BrokerRow[]>();
  /** Grows with each change of what is known of settings. */
  #rulesVersion = 0;
  #progress: ReadonlyMap<string, ProgressFacts> = new Map();
  #progressError: string | null = null;
  #bounds: TopicBounds | null = null;
  #quorum: QuorumInfo | null = null;
  #quorumError: string | null = null;
  #isQuorumSilent = false;
  readonly #diskReader: DiskReader;
  #disks: DiskIndex | null = null;
  #disksMonoMs: number | null = null;
  readonly #moves = new ReassignmentTracks();
  readonly #catalog: GroupCatalog;
  readonly #groupsShown: () => readonly string[];
  #isReadingGroups = false;
  #groups: readonly GroupRow[] | null = null;
  #groupsAtMs: number | null = null;
  #groupsError: string | null = null;

  constructor(options: ClusterCollectorOptions) {
    this.#admin = options.kafka.admin();
    this.#clock = options.clock ?? systemClock;
    this.#onChange = options.onChange;
    this.#catalog = new GroupCatalog(this.#admin, this.#clock);
    this.#groupsShown = options.groupsShown ?? (() => []);
    this.#diskReader = new DiskReader(this.#admin, this.#clock);
    this.#known = new MetadataReader(this.#admin, this.#clock);
    this.#flows = new TopicFlows(this.#clock);
    this.#assembly = new Pass(this.#clock, () => this.#assemble());
    this.#rules = new TopicRulesCache(this.#admin, this.#clock);
    this.#details = new DetailsReader(this.#admin, this.#clock);
    const loop = (intervalMs: () => number, run: () => Promise<void>, more: { restFactor?: number } = {}) =>
      new PollLoop({
        clock: this.#clock,
        intervalMs: () => intervalMs() * options.pace() * this.#slowness,
        run,
        onSettled: () => this.#changed(),
        ...more,
      });
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
      // A broker or a quorum that said nothing may answer again soon. What all replicas weigh is the largest of answers: it slows down twice.
      () => (this.#demand.isSlowSoon || this.#isQuorumSilent || this.#disks?.dirs.some(isSilence) ? METADATA_MS : SLOW_MS * this.#slowness),
      () => this.#readSlow(),
      { restFactor: 0 },
    );
    this.#detailsLoop = loop(
      () => METADATA_MS,
      () => this.#readDetails(),
    );
    this.#retention = new RetentionWatch({
      admin: this.#admin,
      times: new PositionTimes(this.#admin),
      refreshRules: (topics) => this.#rules.refresh(topics, this.#clock.monoMs()),
      rules: (topic) => this.#rules.get(topic),
      bytes: (topic, partition) => this.#disks?.partitionBytes(topic, partition) ?? null,
      nowMs: () => this.#clock.wallMs(),
    });
    this.#retentionLoop = loop(
      () => SLOW_MS,
      () => this.#retention.read(this.#readers()),
    );
    this.#data = this.#dataOf(null, [], []);
    this.#loops = [this.#metadata, this.#progressLoop, this.#groupsLoop, this.#slow, this.#detailsLoop, this.#retentionLoop];
  }

  get #slowness(): number {
    return 1 + Math.floor((this.#known.partitionCount * 10) / PARTITIONS_A_STEP) / 10;
  }

  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  stop(): void {
    for (const loop of this.#loops) loop.stop();
    this.#assembly.drop();
  }

  /** Ask everything again now. */
  refresh(): void {
    this.#known.askAll();
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

  /** Other groups have come into sight. */
  groupsMoved(): void {
    // What is measured just now is known in a moment; the end of the round looks again.
    if (this.#isReadingGroups || !this.#demand.hasGroups) return;
    if (this.#groupsShown().some((id) => this.#catalog.isUnknown(id))) this.#groupsLoop.kick();
  }

  demand(demand: ClusterDemand): void {
    const before = this.#demand;
    this.#demand = demand;
    if (demand.hasGroups && (!before.hasGroups || demand.group !== before.group)) this.#groupsLoop.kick();
    if (demand.boundsOf !== before.boundsOf || demand.hasTopicRates !== before.hasTopicRates) this.#progressLoop.kick();
    const areDisksOld = this.#disksMonoMs === null || this.#clock.monoMs() - this.#disksMonoMs > SLOW_MS;
    if ((demand.hasDisks && !before.hasDisks && areDisksOld) || (demand.isSlowSoon && !before.isSlowSoon)) this.#slow.kick();
    if (demand.hasRules !== before.hasRules || JSON.stringify(demand.details) !== JSON.stringify(before.details)) this.#detailsLoop.kick();
  }

  /** Frozen, and whole: the same object until all that has changed is put together. */
  get data(): ClusterData {
    return this.#data;
  }

  #changed(): void {
    this.#assembly.want();
  }

  async #readMetadata(): Promise<void> {
    const isFirst = this.#known.topics.length === 0;
    const before = new Set(this.#known.info?.brokers.map(({ id }) => id));
    await this.#known.read();
    // Nobody was asked for the disks of a broker that was away.
    if (!isFirst && this.#known.info?.brokers.some(({ id }) => !before.has(id))) this.#slow.kick();
    for (const broker of this.#known.info?.brokers ?? []) this.#knownBrokers.add(broker.id);
    if (isFirst) this.#progressLoop.kick();
    // Not waited for: a broker that says nothing about settings must not hold up who leads what.
    this.#rulesRun ??= this.#readRules()
      // Without the right to read them the topic still shows as under-replicated.
      .catch(() => undefined)
      .finally(() => {
        this.#rulesRun = null;
        this.#rulesVersion++;
        this.#changed();
      });
  }

  /** Only topics that are not whole are asked for their settings, unless all are looked at. */
  async #readRules(): Promise<void> {
    this.#rules.retain((name) => this.#known.byName.has(name));
    const wanted = this.#demand.hasRules
      ? this.#known.topics
      : this.#notWholeMemo.get([this.#known.topics], () => this.#known.topics.filter(isNotWhole));
    await this.#rules.refresh(
      wanted.map(({ name }) => name),
      this.#clock.monoMs(),
    );
  }

  async #readDetails(): Promise<void> {
    if (this.#demand.hasRules) await (this.#rulesRun ?? this.#readRules());
    const { details } = this.#demand;
    const featuresOf = details.hasFeatures ? (this.#known.info?.brokers ?? []).map(({ id }) => id) : [];
    await this.#details.read({ ...details, featuresOf });
  }

  /** Settings of a topic were changed. */
  forgetRules(topic: string): void {
    this.#rules.forget(topic);
    this.#rulesVersion++;
  }

  async #readProgress(): Promise<void> {
    if (this.#known.topics.length === 0) return;
    const { hasTopicRates, boundsOf } = this.#demand;
    const names = new Set(
      hasTopicRates
        ? this.#known.byName.keys()
        : this.#watches.flatMap((watch) => [...watch.topics, ...(watch.queue === null ? [] : [watch.queue])]),
    );
    const ends = await fetchEnds(this.#admin, this.#known.byName, names, this.#ends);
    this.#ends = ends;
    const nowMs = this.#clock.wallMs();
    await this.#flows.add(names, ends, nowMs);
    const { progress, error } = await fetchProgress(this.#admin, this.#watches, this.#known.byName, ends, nowMs, this.#clock);
    if (progress.size > 0 || this.#progress.size > 0) this.#progress = progress;
    this.#progressError = error;
    this.#bounds = boundsOf === null ? null : await fetchBounds(this.#admin, boundsOf, askablePartitions(this.#known.byName, [boundsOf]));
  }

  async #readGroups(): Promise<void> {
    if (!this.#demand.hasGroups) return;
    this.#isReadingGroups = true;
    try {
      const sight = { open: this.#demand.group, shown: this.#groupsShown };
      const take = () => {
        this.#groups = this.#catalog.rows();
        this.#groupsAtMs = this.#clock.wallMs();
        this.#changed();
      };
      await this.#catalog.refresh(this.#known.byName, sight, this.#clock.wallMs(), take);
      take();
      this.#groupsError = null;
    } catch (error) {
      this.#groupsError = messageOf(error);
      throw error;
    } finally {
      this.#isReadingGroups = false;
    }
    this.groupsMoved();
  }

  /** Who reads what, as far as it was asked: the sinks, and groups while they are looked at. */
  #readers(): Reader[] {
    const sinks = this.#watches.flatMap(({ connector, groupId }) => {
      const partitions = this.#progress.get(connector)?.partitions;
      return groupId === null || !partitions ? [] : [{ groupId, partitions }];
    });
    const ofSinks = new Set(sinks.map((one) => one.groupId));
    const groups = this.#demand.hasGroups ? (this.#groups ?? []).filter((group) => !ofSinks.has(group.groupId)) : [];
    return [...sinks, ...groups];
  }

  async #readSlow(): Promise<void> {
    const [quorum, disks] = await Promise.allSettled([this.#admin.quorum(), this.#diskReader.read(this.#known)]);
    if (quorum.status === 'fulfilled') this.#quorum = quorum.value;
    this.#quorumError = quorum.status === 'rejected' ? messageOf(quorum.reason) : null;
    this.#isQuorumSilent = quorum.status === 'rejected' && quorum.reason instanceof ConnectError && quorum.reason.isRetriable;
    if (disks.status === 'rejected') return;
    [this.#disks, this.#disksMonoMs] = [disks.value, this.#clock.monoMs()];
    this.#watchMoves(disks.value);
  }

  /** Only while they are looked at: a speed over the time between two looks says nothing about now. */
  #watchMoves(disks: DiskIndex): void {
    const moves = this.#demand.details.hasReassignments ? (this.#details.details.reassignments.value ?? []) : [];
    this.#moves.add(reassignmentProgress(moves, this.#known.byName, disks), this.#clock.monoMs());
  }

  *#assemble(): Generator<void> {
    const { topics: infos, info } = this.#known;
    const [disks, flows] = [this.#disks, this.#flows];
    const topics = yield* this.#topicMemo.inSteps([infos, this.#rulesVersion, flows.version, disks], () =>
      this.#topicRows.of(infos, (name) => {
        const flow = flows.of(name);
        return {
          rules: this.#rules.get(name),
          endOffset: flow?.endOffset ?? null,
          recordsPerSec: flow?.recordsPerSec ?? null,
          sizeBytes: disks?.topicBytes(name) ?? null,
        };
      }),
    );
    const carried = yield* this.#carriedMemo.inSteps([infos], () => countReplicas(infos));
    const brokers = this.#brokerMemo.get([info, carried, this.#knownBrokers.size, disks?.dirs ?? null], () =>
      info ? brokerRows(info, carried, this.#knownBrokers, disks?.dirs ?? null) : [],
    );
    const [before, after] = [this.#data, this.#dataOf(info, topics, brokers)];
    this.#data = after;
    if (isNews(before, after)) this.#onChange();
  }

  #dataOf(info: ClusterInfo | null, topics: readonly TopicRow[], brokers: readonly BrokerRow[]): ClusterData {
    return {
      reach: this.#metadata.reach,
      info,
      brokers,
      topics,
      isr: this.#isrMemo.get([topics], () => summariseIsr(topics)),
      quorum: this.#quorum,
      quorumError: this.#quorumError,
      logDirs: this.#disks?.dirs ?? null,
      disks: this.#disks,
      movePaces: this.#moves.paces,
      details: this.#details.details,
      groups: this.#groups,
      groupsAtMs: this.#groupsAtMs,
      groupsError: this.#groupsError,
      groupsMissing: this.#catalog.missing,
      progress: this.#progress,
      progressError: this.#progressError ?? this.#progressLoop.reach.error,
      bounds: this.#bounds,
      retention: this.#retention.outlooks,
    };
  }
}
