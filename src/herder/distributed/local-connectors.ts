/**
 * The connector instances of this worker: each is brought to what the configuration wants of it, one step at a time per connector. Which of
 * them are this worker's is told by `own`. Source: DistributedHerder.{startConnector,processConnectorConfigUpdates}, WorkerConnector.
 */
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { SerialQueue } from '../../base/serial-queue.ts';
import type { Config } from '../../plugin-api/plugin.ts';
import type { ClusterConfig, ConnectorConfig } from '../../storage/config/port.ts';
import type { ConnectorState, TargetState } from '../../storage/connector-states.ts';
import { type Fault, toFault } from '../../worker/protocol.ts';
import type { PluginFacts } from '../connector-entry.ts';
import { isSameConfig, type Launchable, type Launcher } from '../launcher.ts';
import type { MeteredConnector } from '../worker-metrics.ts';
import type { StatusWriter } from './status-writer.ts';

export interface LocalConnectorsParts {
  readonly launcher: Launcher;
  readonly statuses: StatusWriter;
  /** What the work goes by. */
  config(): ClusterConfig;
  /** Throws when there is no such plugin, or its name cannot be resolved. */
  pluginOf(config: Config): Promise<PluginFacts>;
  /** The connector runs (again): its tasks may have to be others. */
  onRunning(connector: string): void;
  /** It has stopped and is not this worker's any more. */
  onGone(connector: string): void;
  /** A start that takes longer does not hold up its stop. */
  readonly gracefulStopMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

interface Instance extends Launchable {
  readonly plugin: PluginFacts;
  target: TargetState;
  state: 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED';
}

export class LocalConnectors {
  readonly #parts: LocalConnectorsParts;
  readonly #instances = new Map<string, Instance>();
  readonly #lanes = new Map<string, SerialQueue>();
  #owned: ReadonlySet<string> = new Set();

  constructor(parts: LocalConnectorsParts) {
    this.#parts = parts;
  }

  get owned(): ReadonlySet<string> {
    return this.#owned;
  }

  /** Says which are this worker's; `stopOthers` and `reconcile` follow it. */
  own(names: readonly string[]): void {
    this.#owned = new Set(names);
  }

  /** Connectors that exist here, whatever their state. */
  names(): string[] {
    return [...this.#instances.keys()];
  }

  /** `taskStates`: of all the connector's tasks. */
  metered(taskStates: (connector: string) => readonly ConnectorState[]): MeteredConnector[] {
    return [...this.#instances.values()].map(({ name, state, plugin }) => ({ name, state, plugin, taskStates: taskStates(name) }));
  }

  /** What asks a connector for its tasks; `null` unless it runs here. */
  running(name: string): (Launchable & { readonly plugin: PluginFacts }) | null {
    const found = this.#instances.get(name);
    return found?.state === 'RUNNING' ? found : null;
  }

  /** Resolves when none runs here that is another worker's. */
  async stopOthers(): Promise<void> {
    await Promise.all([...this.#lanes.keys()].filter((name) => !this.#owned.has(name)).map((name) => this.#reconcileSoon(name)));
  }

  /** Those that `reconcile` has something to do for. */
  unsettled(names: readonly string[]): string[] {
    const { connectors } = this.#parts.config();
    return names.filter((name) => {
      const found = this.#instances.get(name);
      const wanted = connectors.get(name);
      const isAsWanted = wanted !== undefined && found?.config === wanted.config && found.target === wanted.target;
      return !isAsWanted || this.#lanes.get(name)?.isIdle === false;
    });
  }

  /** Brings the connector to what is wanted of it. Never rejects: what fails is in its status. */
  reconcile(name: string): Promise<void> {
    return this.#inLane(name, () => this.#reconcile(name));
  }

  /** A new instance; `isAnnounced`: its status says RESTARTING in between. */
  restart(name: string, isAnnounced: boolean): Promise<void> {
    return this.#inLane(name, async () => {
      const found = this.#instances.get(name);
      if (found) await this.#stop(found);
      if (isAnnounced && this.#owned.has(name)) this.#parts.statuses.connector(name, 'RESTARTING', null);
      await this.#reconcile(name);
    });
  }

  /** The instance failed by itself. */
  onFailed(name: string, fault: Pick<Fault, 'trace'>): void {
    const found = this.#instances.get(name);
    if (!found) return;
    found.state = 'FAILED';
    this.#parts.statuses.connector(name, 'FAILED', found.plugin.version, fault.trace);
  }

  /** Its tasks could not be made, or can be made again: `fault` null. */
  onTasksMade(name: string, fault: Pick<Fault, 'trace'> | null): void {
    const found = this.#instances.get(name);
    if (found?.state !== 'RUNNING') return;
    this.#parts.statuses.connector(name, fault ? 'FAILED' : 'RUNNING', found.plugin.version, fault?.trace ?? null);
  }

  async #reconcile(name: string): Promise<void> {
    const wanted = this.#owned.has(name) ? this.#parts.config().connectors.get(name) : undefined;
    let found = this.#instances.get(name);
    if (found && (!wanted || !isSameConfig(found.config, wanted.config))) {
      await this.#stop(found);
      found = undefined;
    }
    if (!wanted) return;
    if (!found) await this.#begin(name, wanted);
    else if (found.target !== wanted.target) await this.#retarget(found, wanted.target);
  }

  async #begin(name: string, { config, target }: ConnectorConfig): Promise<void> {
    let plugin: PluginFacts;
    try {
      plugin = await this.#parts.pluginOf(config);
    } catch (error) {
      this.#parts.log.for({ connector: name }).error('The connector failed to start.', error);
      this.#parts.statuses.connector(name, 'FAILED', null, toFault(error).trace);
      return;
    }
    const instance: Instance = { name, config, plugin, target, state: 'STOPPED' };
    this.#instances.set(name, instance);
    if (target === 'STARTED') await this.#start(instance);
    else this.#set(instance, target);
  }

  async #start(instance: Instance): Promise<void> {
    try {
      await this.#parts.launcher.startConnector(instance);
      this.#set(instance, 'RUNNING');
      this.#parts.onRunning(instance.name);
    } catch (error) {
      this.#parts.log.for({ connector: instance.name }).error('The connector failed to start.', error);
      this.#set(instance, 'FAILED', toFault(error).trace);
    }
  }

  /** A failed connector waits for its restart, unless it is to be STOPPED. */
  async #retarget(instance: Instance, target: TargetState): Promise<void> {
    instance.target = target;
    if (instance.state === 'FAILED' && target !== 'STOPPED') return;
    if (target !== 'STARTED') {
      await this.#parts.launcher.stopConnector(instance.name);
      this.#set(instance, target);
    } else if (instance.state === 'RUNNING') this.#parts.onRunning(instance.name);
    else await this.#start(instance);
  }

  async #stop({ name }: Instance): Promise<void> {
    await this.#parts.launcher.stopConnector(name);
    this.#instances.delete(name);
    if (!this.#owned.has(name)) this.#parts.onGone(name);
    this.#parts.statuses.connector(name, 'UNASSIGNED', null);
    if (!this.#parts.config().connectors.has(name)) this.#parts.statuses.removeConnector(name);
  }

  #set(instance: Instance, state: Instance['state'], trace: string | null = null): void {
    instance.state = state;
    this.#parts.statuses.connector(instance.name, state, instance.plugin.version, trace);
  }

  /** A start that hangs is ended, so that the stop behind it is reached. */
  async #reconcileSoon(name: string): Promise<void> {
    const done = this.reconcile(name);
    const over = new AbortController();
    const late = this.#parts.clock.sleep(this.#parts.gracefulStopMs, over.signal).then(async () => {
      if (!over.signal.aborted) await this.#parts.launcher.stopConnector(name);
    });
    await done;
    over.abort();
    await late;
  }

  async #inLane(name: string, step: () => Promise<void>): Promise<void> {
    const lane = this.#lanes.get(name) ?? new SerialQueue();
    this.#lanes.set(name, lane);
    try {
      await lane.run(step);
    } catch (error) {
      this.#parts.log.for({ connector: name }).error('The connector could not be brought to its state.', error);
    } finally {
      if (lane.isIdle && !this.#instances.has(name)) this.#lanes.delete(name);
    }
  }
}
