/** What only some views of Connect need, and is asked for only while one of them is in sight. Each question fails alone. */
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { ClusterData } from '../cluster/cluster-model.ts';
import type { Herder } from '../herder/herder.ts';
import type { ConfigKeyInfo, ConnectorOffset, LoggerLevel, PluginInfo, WorkerProbe } from '../herder/model.ts';
import { type OffsetMove, OffsetTracks } from './offset-tracks.ts';

/** What the visible pane needs beyond the list. */
export interface ConnectDemand {
  readonly offsetsOf: string | null;
  readonly hasPlugins: boolean;
  readonly pluginConfigOf: string | null;
  readonly hasWorkers: boolean;
  readonly hasLoggers: boolean;
  /** Address of the worker whose loggers are meant; `null`: one that answers. */
  readonly loggersOf: string | null;
}

export interface OffsetsData {
  readonly connector: string;
  readonly offsets: readonly ConnectorOffset[];
  readonly atMs: number;
  readonly error: string | null;
  /** How each moves, by the canonical text of its partition. */
  readonly moves: ReadonlyMap<string, OffsetMove>;
}

export interface PluginsData {
  readonly plugins: readonly PluginInfo[] | null;
  readonly error: string | null;
}

export interface PluginConfigData {
  readonly plugin: string;
  readonly keys: readonly ConfigKeyInfo[] | null;
  /** Values that the worker recommends, by setting; of connectors only, and only while their plugin is looked at. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
  readonly error: string | null;
}

/** `null`: not asked yet; what went wrong with the last question stands beside what was known before. */
export interface WorkersData {
  readonly probes: readonly WorkerProbe[] | null;
  readonly error: string | null;
}

export interface LoggersData {
  readonly loggers: Readonly<Record<string, LoggerLevel>> | null;
  /** Address of the worker that they are of; `null`: there is but one to ask. */
  readonly worker: string | null;
  readonly error: string | null;
}

const NO_CHOICES: ReadonlyMap<string, readonly string[]> = new Map();
const NO_PLUGINS: PluginsData = { plugins: null, error: null };
const NO_WORKERS: WorkersData = { probes: null, error: null };
const NO_LOGGERS: LoggersData = { loggers: null, worker: null, error: null };

export const NO_CONNECT_DEMAND: ConnectDemand = {
  offsetsOf: null,
  hasPlugins: false,
  pluginConfigOf: null,
  hasWorkers: false,
  hasLoggers: false,
  loggersOf: null,
};

interface ConnectDetailsOptions {
  readonly herder: Herder;
  readonly clock: Clock;
  /** Of the workers that can be asked one by one. */
  readonly addresses: readonly string[];
  cluster(): ClusterData | null;
}

export class ConnectDetails {
  readonly #herder: Herder;
  readonly #clock: Clock;
  readonly #options: ConnectDetailsOptions;
  readonly #tracks = new OffsetTracks();
  #demand: ConnectDemand = NO_CONNECT_DEMAND;
  offsets: OffsetsData | null = null;
  plugins: PluginsData = NO_PLUGINS;
  pluginConfig: PluginConfigData | null = null;
  workers: WorkersData = NO_WORKERS;
  loggers: LoggersData = NO_LOGGERS;

  constructor(options: ConnectDetailsOptions) {
    this.#herder = options.herder;
    this.#clock = options.clock;
    this.#options = options;
  }

  /** True when something else is wanted than before: it should be asked for now. */
  demand(demand: ConnectDemand): boolean {
    const before = this.#demand;
    this.#demand = demand;
    if (demand.offsetsOf !== before.offsetsOf) this.offsets = null;
    if (demand.pluginConfigOf !== before.pluginConfigOf) this.pluginConfig = null;
    // Who answered when they were last looked at need not do so now.
    if (demand.hasWorkers && !before.hasWorkers) this.workers = NO_WORKERS;
    if (demand.loggersOf !== null && demand.loggersOf !== this.loggers.worker) this.loggers = { ...NO_LOGGERS, worker: demand.loggersOf };
    return (Object.keys(demand) as (keyof ConnectDemand)[]).some((key) => demand[key] !== before[key]);
  }

  /** False: nobody looks at any of it, and nothing of it changes. */
  get isWanted(): boolean {
    const { offsetsOf, hasPlugins, pluginConfigOf, hasWorkers, hasLoggers } = this.#demand;
    return hasPlugins || hasWorkers || hasLoggers || offsetsOf !== null || pluginConfigOf !== null;
  }

  /** What is wanted now. Each question fails alone. */
  async read(): Promise<void> {
    const { offsetsOf, hasPlugins, pluginConfigOf, hasWorkers, hasLoggers } = this.#demand;
    await Promise.all([
      hasWorkers ? this.#readWorkers() : undefined,
      hasLoggers ? this.#readLoggers(this.#demand.loggersOf) : undefined,
      offsetsOf === null ? undefined : this.#readOffsets(offsetsOf),
      hasPlugins && this.plugins.plugins === null ? this.#readPlugins() : undefined,
      pluginConfigOf !== null && this.pluginConfig?.keys == null ? this.#readPluginConfig(pluginConfigOf) : undefined,
    ]);
  }

  async #readOffsets(connector: string): Promise<void> {
    try {
      const { offsets } = await this.#herder.connectorOffsets(connector);
      const atMs = this.#clock.wallMs();
      const facts = this.#options.cluster()?.progress.get(connector);
      this.#tracks.observe(connector, offsets, facts?.partitions ?? [], facts?.atMs ?? 0, atMs);
      this.offsets = { connector, offsets, atMs, error: null, moves: this.#tracks.moves(atMs) };
    } catch (error) {
      const kept = this.offsets?.connector === connector ? this.offsets : null;
      this.offsets = {
        connector,
        offsets: kept?.offsets ?? [],
        atMs: kept?.atMs ?? 0,
        error: messageOf(error),
        moves: kept?.moves ?? new Map(),
      };
    }
  }

  async #readPlugins(): Promise<void> {
    try {
      this.plugins = { plugins: await this.#herder.plugins(false), error: null };
    } catch (error) {
      this.plugins = { plugins: null, error: messageOf(error) };
    }
  }

  async #readWorkers(): Promise<void> {
    try {
      this.workers = { probes: await this.#herder.workers(), error: null };
    } catch (error) {
      this.workers = { ...this.workers, error: messageOf(error) };
    }
  }

  /** Where any worker will do, it stays the same one as long as that answers: the levels of two must not take turns. */
  async #readLoggers(wanted: string | null): Promise<void> {
    const { worker } = this.loggers;
    const { addresses } = this.#options;
    const isOneOfMany = addresses.length > 1;
    const asked = wanted !== null ? [wanted] : isOneOfMany ? [...new Set([...(worker === null ? [] : [worker]), ...addresses])] : [null];
    let data = this.loggers;
    for (const one of asked) {
      try {
        data = { loggers: await this.#herder.loggers(one ?? undefined), worker: one, error: null };
        break;
      } catch (error) {
        data = { ...this.loggers, error: messageOf(error) };
      }
    }
    // Somebody may have chosen another one meanwhile.
    if (this.#demand.loggersOf === wanted) this.loggers = data;
  }

  async #readPluginConfig(plugin: string): Promise<void> {
    try {
      const [keys, choices] = await Promise.all([
        this.#herder.pluginConfig(plugin),
        this.#demand.hasPlugins ? this.#choicesOf(plugin) : NO_CHOICES,
      ]);
      this.pluginConfig = { plugin, keys, choices, error: null };
    } catch (error) {
      this.pluginConfig = { plugin, keys: null, choices: NO_CHOICES, error: messageOf(error) };
    }
  }

  /** Only a validation names them; what else it says of a connector without settings does not matter. */
  async #choicesOf(plugin: string): Promise<ReadonlyMap<string, readonly string[]>> {
    try {
      const { configs } = await this.#herder.validateConfig(plugin, { 'connector.class': plugin, name: 'x' });
      return new Map(configs.map(({ value }) => [value.name, value.recommended_values]));
    } catch {
      // Transforms and converters cannot be validated alone.
      return NO_CHOICES;
    }
  }
}

/** `null`: no Connect, or not yet. */
export function detailsOf(connect: { readonly details: ConnectDetails } | null): Pick<ConnectDetails, DetailName> {
  const { offsets = null, plugins = NO_PLUGINS, pluginConfig = null, workers = NO_WORKERS, loggers = NO_LOGGERS } = connect?.details ?? {};
  return { offsets, plugins, pluginConfig, workers, loggers };
}

type DetailName = 'offsets' | 'plugins' | 'pluginConfig' | 'workers' | 'loggers';
