/** Polls the herder for what the console shows of connectors, and for what the visible pane asks beyond that. */

import { type Clock, systemClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { ClusterData, Watch } from '../cluster/cluster-model.ts';
import { PollLoop } from '../cluster/poll-loop.ts';
import { fetchOverview } from '../control/overview.ts';
import type { Herder } from '../herder/herder.ts';
import type {
  ConfigKeyInfo,
  ConnectorOffset,
  ConnectorOverview,
  ConnectorStateInfo,
  ConnectorType,
  PluginInfo,
  ServerInfo,
} from '../herder/model.ts';
import { type ConnectData, type ConnectorRow, groupOf, queueOf, splitList, type WantedChange } from './connect-model.ts';
import { type ConnectorMetrics, groupMetrics, toConnectorRow } from './connect-project.ts';
import { ConnectorHistory } from './connector-history.ts';

/** What the visible pane needs beyond the list. */
export interface ConnectDemand {
  readonly offsetsOf: string | null;
  readonly hasPlugins: boolean;
  readonly pluginConfigOf: string | null;
}

export interface OffsetsData {
  readonly connector: string;
  readonly offsets: readonly ConnectorOffset[];
  readonly atMs: number;
  readonly error: string | null;
}

export interface PluginsData {
  readonly plugins: readonly PluginInfo[] | null;
  readonly error: string | null;
}

export interface PluginConfigData {
  readonly plugin: string;
  readonly keys: readonly ConfigKeyInfo[] | null;
  readonly error: string | null;
}

export interface ConnectCollectorOptions {
  readonly herder: Herder;
  readonly clock?: Clock;
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
  #demand: ConnectDemand = { offsetsOf: null, hasPlugins: false, pluginConfigOf: null };
  #lastLookMs: number | null = null;
  #data: ConnectData | null = null;
  #rows: readonly ConnectorRow[] = [];
  offsets: OffsetsData | null = null;
  plugins: PluginsData = { plugins: null, error: null };
  pluginConfig: PluginConfigData | null = null;

  constructor(options: ConnectCollectorOptions) {
    this.herder = options.herder;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const loop = (intervalMs: number, run: () => Promise<void>) =>
      new PollLoop({ clock: this.#clock, intervalMs: () => intervalMs * options.pace(), run, onSettled: () => this.changed() });
    this.#status = loop(STATUS_MS, () => this.#readStatus());
    this.#topicsLoop = loop(TOPICS_MS, () => this.#readTopics());
    this.#demandLoop = loop(DEMAND_MS, () => this.#readDemand());
  }

  start(): void {
    this.#status.start();
    this.#topicsLoop.start();
    this.#demandLoop.start();
  }

  stop(): void {
    for (const loop of [this.#status, this.#topicsLoop, this.#demandLoop]) loop.stop();
  }

  refresh(): void {
    for (const loop of [this.#status, this.#topicsLoop, this.#demandLoop]) loop.kick();
  }

  demand(demand: ConnectDemand): void {
    const before = this.#demand;
    this.#demand = demand;
    if (demand.offsetsOf !== before.offsetsOf) this.offsets = null;
    if (demand.pluginConfigOf !== before.pluginConfigOf) this.pluginConfig = null;
    if (demand.offsetsOf !== before.offsetsOf || demand.pluginConfigOf !== before.pluginConfigOf || demand.hasPlugins !== before.hasPlugins)
      this.#demandLoop.kick();
  }

  /** What was asked for, until the status follows. */
  request(connector: string, change: WantedChange): void {
    this.#histories.get(connector)?.request(change, this.#clock.wallMs());
    this.changed();
    this.#status.kick();
  }

  dropRequest(connector: string): void {
    this.#histories.get(connector)?.dropRequest();
    this.changed();
  }

  /** Something that rows are made of has changed. */
  changed(): void {
    this.#data = null;
    this.#options.onChange();
  }

  get data(): ConnectData {
    this.#data ??= this.#assemble();
    return this.#data;
  }

  watches(): Watch[] {
    return [...this.#overview].map(([name, { info, status }]) => ({
      connector: name,
      groupId: groupOf(name, status.type, info.config),
      topics: this.#topicsOf(name, info.config),
      queue: queueOf(status.type, info.config),
      readsFromStart: info.config['consumer.override.auto.offset.reset'] !== 'latest',
    }));
  }

  async #readStatus(): Promise<void> {
    const { herder } = this;
    const [overview, metrics] = await Promise.all([fetchOverview(herder), herder.metrics().catch(() => null)]);
    const nowMs = this.#clock.wallMs();
    // What changed while nobody looked has no known time, and the worker may be another one.
    const isBlind = this.#lastLookMs === null || nowMs - this.#lastLookMs > BLIND_MS;
    this.#lastLookMs = nowMs;
    if (isBlind || this.#server === null) this.#server = await herder.serverInfo().catch(() => null);
    this.#overview = new Map([...overview].map(([name, one]) => [name, this.#withKnownType(name, one)]));
    this.#metrics = metrics && groupMetrics(metrics);
    for (const name of this.#histories.keys()) if (!overview.has(name)) this.#histories.delete(name);
    const isNew = [...overview.keys()].some((name) => !this.#activeTopics.has(name));
    for (const [name, { status }] of this.#overview) {
      const history = this.#histories.get(name) ?? new ConnectorHistory();
      this.#histories.set(name, history);
      history.observe(status, nowMs, isBlind);
      this.#trackProgress(status, history, nowMs);
      for (const { worker_id } of [status.connector, ...status.tasks]) if (worker_id) this.#knownWorkers.set(worker_id, nowMs);
    }
    for (const [id, seenMs] of this.#knownWorkers) if (nowMs - seenMs > WORKER_FORGOTTEN_MS) this.#knownWorkers.delete(id);
    if (isNew) this.#topicsLoop.kick();
  }

  /** A worker that has just started does not know of its connectors yet what they are. */
  #withKnownType(name: string, one: ConnectorOverview): ConnectorOverview {
    const { type } = one.status;
    if (type !== 'unknown') this.#types.set(name, type);
    const known = this.#types.get(name);
    return type !== 'unknown' || known === undefined ? one : { status: { ...one.status, type: known }, info: { ...one.info, type: known } };
  }

  /** The worker's own counters are exact and at once; Kafka's offsets do where it does not count all that runs. */
  #trackProgress({ name, type, tasks }: ConnectorStateInfo, history: ConnectorHistory, nowMs: number): void {
    const facts = this.#options.cluster()?.progress.get(name);
    const isNews = facts !== undefined && history.isNews(facts.atMs);
    const letters = [...(this.#metrics?.get(name)?.tasks.values() ?? [])].flatMap(({ deadLetters }) => deadLetters ?? []);
    if (letters.length > 0)
      history.deadLetterTrack('metrics', letters.length).add(
        nowMs,
        letters.reduce((all, one) => all + one, 0),
      );
    else if (isNews && facts.queueEnd !== null)
      history.deadLetterTrack('topic', facts.queueEnd.known).add(facts.atMs, Number(facts.queueEnd.value));
    if (isNews && facts.lag !== null) history.addLag(facts.lag, facts.atMs);
    const counts = new Map(tasks.map(({ id }) => [id, this.#metrics?.get(name)?.tasks.get(id)?.records ?? null]));
    if (this.#metrics !== null && tasks.every(({ id, state }) => state !== 'RUNNING' || counts.get(id) !== null)) {
      let total = 0;
      for (const [id, records] of counts) {
        if (records === null) continue;
        history.taskTrack(id).add(nowMs, records);
        total += records;
      }
      history.track('counters', 0).add(nowMs, total);
    } else if (isNews) {
      // A sink has moved what it has committed; a source what lies in its topics.
      const value = type === 'sink' ? facts.committed : facts.end;
      if (value !== null) history.track(type === 'sink' ? 'commits' : 'ends', value.known).add(facts.atMs, Number(value.value));
    }
  }

  #topicsOf(name: string, config: Readonly<Record<string, string>>): string[] {
    return [...new Set([...(this.#activeTopics.get(name) ?? []), ...splitList(config.topics), ...splitList(config.topic)])];
  }

  async #readTopics(): Promise<void> {
    const names = [...this.#overview.keys()];
    for (const name of this.#activeTopics.keys()) if (!this.#overview.has(name)) this.#activeTopics.delete(name);
    for (let i = 0; i < names.length; i += TOPICS_AT_ONCE) {
      await Promise.all(
        names.slice(i, i + TOPICS_AT_ONCE).map(async (name) => {
          // Tracking of active topics may be switched off on the worker: the configured ones do then.
          this.#activeTopics.set(name, await this.herder.activeTopics(name).catch(() => []));
        }),
      );
    }
  }

  async #readDemand(): Promise<void> {
    const { offsetsOf, hasPlugins, pluginConfigOf } = this.#demand;
    await Promise.all([
      offsetsOf === null ? undefined : this.#readOffsets(offsetsOf),
      hasPlugins && this.plugins.plugins === null ? this.#readPlugins() : undefined,
      pluginConfigOf !== null && this.pluginConfig?.keys == null ? this.#readPluginConfig(pluginConfigOf) : undefined,
    ]);
  }

  async #readOffsets(connector: string): Promise<void> {
    try {
      const { offsets } = await this.herder.connectorOffsets(connector);
      this.offsets = { connector, offsets, atMs: this.#clock.wallMs(), error: null };
    } catch (error) {
      const kept = this.offsets?.connector === connector ? this.offsets : null;
      this.offsets = { connector, offsets: kept?.offsets ?? [], atMs: kept?.atMs ?? 0, error: messageOf(error) };
    }
  }

  async #readPlugins(): Promise<void> {
    try {
      this.plugins = { plugins: await this.herder.plugins(false), error: null };
    } catch (error) {
      this.plugins = { plugins: null, error: messageOf(error) };
    }
  }

  async #readPluginConfig(plugin: string): Promise<void> {
    try {
      this.pluginConfig = { plugin, keys: await this.herder.pluginConfig(plugin), error: null };
    } catch (error) {
      this.pluginConfig = { plugin, keys: null, error: messageOf(error) };
    }
  }

  #assemble(): ConnectData {
    const nowMs = this.#clock.wallMs();
    const progress = this.#options.cluster()?.progress ?? new Map();
    this.#rows = [...this.#overview].map(([name, overview]) =>
      toConnectorRow({
        overview,
        history: this.#histories.get(name) ?? new ConnectorHistory(),
        metrics: this.#metrics?.get(name) ?? null,
        progress: progress.get(name) ?? null,
        activeTopics: this.#activeTopics.get(name) ?? [],
        nowMs,
      }),
    );
    const workers = this.#rows.flatMap((row) => [row.workerId, ...row.tasks.map((task) => task.workerId)]).filter((id) => id !== '');
    return {
      reach: this.#status.reach,
      server: this.#server,
      connectors: this.#rows,
      workers: [...new Set(workers)].sort(),
      knownWorkers: [...this.#knownWorkers.keys()].sort(),
      hasMetrics: this.#metrics !== null,
    };
  }
}
