/** Polls the herder for what the console shows of connectors, and for what the visible pane asks beyond that. */

import { isDeepStrictEqual } from 'node:util';
import { type Clock, systemClock } from '../base/clock.ts';
import { inParallel } from '../base/in-parallel.ts';
import { Pass } from '../base/pass.ts';
import { LoopPacer } from '../base/turn.ts';
import type { ClusterData, ProgressFacts, Watch } from '../cluster/cluster-model.ts';
import { PollLoop } from '../cluster/poll-loop.ts';
import { fetchOverview } from '../control/overview.ts';
import type { Herder } from '../herder/herder.ts';
import type { ConnectorOverview, ConnectorType, ServerInfo } from '../herder/model.ts';
import { type ConnectDemand, ConnectDetails } from './connect-details.ts';
import type { ConnectData, ConnectorRow, WantedChange } from './connect-model.ts';
import { toConnectorRow } from './connect-project.ts';
import { ConnectorHistory } from './connector-history.ts';
import { type ConnectorMetrics, groupMetrics, NO_METRICS } from './connector-metrics.ts';
import { ConnectorPlaces } from './connector-places.ts';
import { shareOverview } from './overview-sharing.ts';
import { trackProgress } from './track-progress.ts';

export interface ConnectCollectorOptions {
  readonly herder: Herder;
  readonly clock?: Clock;
  /** Of the workers that can be asked one by one. */
  readonly addresses?: readonly string[];
  pace(): number;
  cluster(): ClusterData | null;
  onChange(): void;
}

const STATUS_MS = 1_500;
const DEMAND_MS = 1_500;
const TOPICS_MS = 10_000;
const TOPICS_AT_ONCE = 8;
/** Between two looks; more than the slowest pace makes it. */
const BLIND_MS = 15_000;
/** Workers come back under other addresses: one that has done nothing for so long is not missed any more. */
const WORKER_FORGOTTEN_MS = 1_800_000;
const NO_PROGRESS: ReadonlyMap<string, ProgressFacts> = new Map();
const NO_TOPICS: readonly string[] = [];

export class ConnectCollector {
  readonly herder: Herder;
  readonly #options: ConnectCollectorOptions;
  readonly #clock: Clock;
  readonly #status: PollLoop;
  readonly #topicsLoop: PollLoop;
  readonly #demandLoop: PollLoop;
  readonly #histories = new Map<string, ConnectorHistory>();
  readonly #activeTopics = new Map<string, readonly string[]>();
  /** When each was last seen with something to do. */
  readonly #knownWorkers = new Map<string, number>();
  readonly #types = new Map<string, ConnectorType>();
  #overview: ReadonlyMap<string, ConnectorOverview> = new Map();
  #metrics: ReadonlyMap<string, ConnectorMetrics> | null = null;
  #server: ServerInfo | null = null;
  #lastLookMs: number | null = null;
  readonly #places = new ConnectorPlaces();
  #connectors: readonly ConnectorRow[] = [];
  #watches: readonly Watch[] = [];
  /** What the rows were made of. */
  #progress = NO_PROGRESS;
  readonly #rows: Pass;
  #isTakingIn = false;
  #data: ConnectData;
  /** What only some views need. */
  readonly details: ConnectDetails;

  constructor(options: ConnectCollectorOptions) {
    this.herder = options.herder;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.details = new ConnectDetails({
      herder: options.herder,
      clock: this.#clock,
      addresses: options.addresses ?? [],
      cluster: () => options.cluster(),
    });
    this.#rows = new Pass(this.#clock, () => this.#makeRows());
    const loop = (intervalMs: number, run: () => Promise<void>) =>
      new PollLoop({ clock: this.#clock, intervalMs: () => intervalMs * options.pace(), run, onSettled: () => this.#changed() });
    this.#status = loop(STATUS_MS, () => this.#readStatus());
    this.#topicsLoop = loop(TOPICS_MS, () => this.#readTopics());
    this.#demandLoop = new PollLoop({
      clock: this.#clock,
      intervalMs: () => DEMAND_MS * options.pace(),
      run: () => this.details.read(),
      onSettled: () => {
        if (this.details.isWanted) options.onChange();
      },
    });
    this.#data = this.#assemble();
  }

  start(): void {
    this.#status.start();
    this.#topicsLoop.start();
    this.#demandLoop.start();
  }

  stop(): void {
    for (const loop of [this.#status, this.#topicsLoop, this.#demandLoop]) loop.stop();
    this.#rows.drop();
  }

  refresh(): void {
    for (const loop of [this.#status, this.#topicsLoop, this.#demandLoop]) loop.kick();
  }

  demand(demand: ConnectDemand): void {
    if (this.details.demand(demand)) this.#demandLoop.kick();
  }

  /** What was asked for, until the status follows. */
  request(connector: string, change: WantedChange): void {
    this.#histories.get(connector)?.request(change, this.#clock.wallMs());
    this.#changed();
    this.#status.kick();
  }

  dropRequest(connector: string): void {
    this.#histories.get(connector)?.dropRequest();
    this.#changed();
  }

  /** Lag and ends of topics are Kafka's to tell. */
  clusterMoved(): void {
    if ((this.#options.cluster()?.progress ?? NO_PROGRESS) !== this.#progress) this.#changed();
  }

  /** As far as all of it was put together; the same object until more is. */
  get data(): ConnectData {
    return this.#data;
  }

  /** The same list while nobody reads and writes elsewhere. */
  watches(): readonly Watch[] {
    return this.#watches;
  }

  /** Something that rows are made of has changed. */
  #changed(): void {
    // The answer that is being taken in ends with that.
    if (!this.#isTakingIn) this.#rows.want();
  }

  async #readStatus(): Promise<void> {
    const { herder } = this;
    const [overview, metrics] = await Promise.all([fetchOverview(herder), herder.metrics().catch(() => null)]);
    const nowMs = this.#clock.wallMs();
    // What changed while nobody looked has no known time, and the worker may be another one.
    const isBlind = this.#lastLookMs === null || nowMs - this.#lastLookMs > BLIND_MS;
    this.#lastLookMs = nowMs;
    if (isBlind || this.#server === null) this.#server = await herder.serverInfo().catch(() => null);
    this.#isTakingIn = true;
    this.#rows.drop();
    try {
      await this.#takeIn(overview, metrics && groupMetrics(metrics), nowMs, isBlind);
    } finally {
      this.#isTakingIn = false;
    }
  }

  async #takeIn(
    fresh: ReadonlyMap<string, ConnectorOverview>,
    metrics: ReadonlyMap<string, ConnectorMetrics> | null,
    nowMs: number,
    isBlind: boolean,
  ): Promise<void> {
    const progress = this.#options.cluster()?.progress ?? NO_PROGRESS;
    const overview = new Map<string, ConnectorOverview>();
    const pacer = new LoopPacer(this.#clock);
    for (const [name, answer] of fresh) {
      const turn = pacer.turnWhenDue();
      if (turn) await turn;
      const one = shareOverview(this.#overview.get(name), this.#withKnownType(name, answer));
      overview.set(name, one);
      const { status } = one;
      const history = this.#histories.get(name) ?? new ConnectorHistory();
      this.#histories.set(name, history);
      history.observe(status, nowMs, isBlind);
      const told = { metrics: metrics && (metrics.get(name) ?? NO_METRICS), facts: progress.get(name) ?? null };
      trackProgress(history, status, told, nowMs);
      this.#sawWorker(status.connector.worker_id, nowMs);
      for (const { worker_id } of status.tasks) this.#sawWorker(worker_id, nowMs);
    }
    this.#overview = overview;
    this.#metrics = metrics;
    for (const name of this.#histories.keys()) if (!overview.has(name)) this.#histories.delete(name);
    this.#places.retain((name) => overview.has(name));
    for (const [id, seenMs] of this.#knownWorkers) if (nowMs - seenMs > WORKER_FORGOTTEN_MS) this.#knownWorkers.delete(id);
    if ([...overview.keys()].some((name) => !this.#activeTopics.has(name))) this.#topicsLoop.kick();
  }

  #sawWorker(id: string, nowMs: number): void {
    if (id) this.#knownWorkers.set(id, nowMs);
  }

  /** A worker that has just started does not know of its connectors yet what they are. */
  #withKnownType(name: string, one: ConnectorOverview): ConnectorOverview {
    const { type } = one.status;
    if (type !== 'unknown') this.#types.set(name, type);
    const known = this.#types.get(name);
    return type !== 'unknown' || known === undefined ? one : { status: { ...one.status, type: known }, info: { ...one.info, type: known } };
  }

  async #readTopics(): Promise<void> {
    const names = [...this.#overview.keys()];
    for (const name of this.#activeTopics.keys()) if (!this.#overview.has(name)) this.#activeTopics.delete(name);
    await inParallel(names, TOPICS_AT_ONCE, async (name) => {
      // Tracking of active topics may be switched off on the worker: the configured ones do then.
      const topics = await this.herder.activeTopics(name).catch(() => NO_TOPICS);
      if (!isDeepStrictEqual(topics, this.#activeTopics.get(name))) this.#activeTopics.set(name, topics);
    });
  }

  *#makeRows(): Generator<void> {
    const nowMs = this.#clock.wallMs();
    const progress = this.#options.cluster()?.progress ?? NO_PROGRESS;
    const [connectors, watches]: [ConnectorRow[], Watch[]] = [[], []];
    for (const [name, overview] of this.#overview) {
      const places = this.#places.of(overview, this.#activeTopics.get(name) ?? NO_TOPICS);
      watches.push(places);
      connectors.push(
        toConnectorRow({
          overview,
          history: this.#histories.get(name) ?? new ConnectorHistory(),
          metrics: this.#metrics?.get(name) ?? null,
          progress: progress.get(name) ?? null,
          places,
          nowMs,
        }),
      );
      yield;
    }
    this.#connectors = connectors;
    this.#progress = progress;
    if (watches.length !== this.#watches.length || watches.some((one, i) => one !== this.#watches[i])) this.#watches = watches;
    this.#data = this.#assemble();
    this.#options.onChange();
  }

  #assemble(): ConnectData {
    const workers = new Set<string>();
    for (const { workerId, tasks } of this.#connectors) {
      workers.add(workerId);
      for (const task of tasks) workers.add(task.workerId);
    }
    workers.delete('');
    return {
      reach: this.#status.reach,
      server: this.#server,
      connectors: this.#connectors,
      workers: [...workers].sort(),
      knownWorkers: [...this.#knownWorkers.keys()].sort(),
      hasMetrics: this.#metrics !== null,
    };
  }
}
