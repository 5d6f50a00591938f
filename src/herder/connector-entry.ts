/** What the herder knows of one connector: what is wanted (configuration, target state) and what is so (statuses, topics). */
import type { Config } from '../plugin-api/plugin.ts';
import type { ConnectorInfo, ConnectorState, ConnectorStateInfo, ConnectorTaskId, StateEntry, TargetState, TaskState } from './model.ts';

export interface PluginFacts {
  readonly type: 'source' | 'sink';
  readonly version: string;
  readonly className: string;
}

interface Status {
  readonly state: ConnectorState;
  readonly trace: string | null;
}

export class ConnectorEntry {
  readonly name: string;
  config: Config;
  target: TargetState;
  plugin: PluginFacts;
  /** The tasks that exist now, and what tells the connector configuration (its values resolved) that they were made for. */
  taskConfigs: readonly Config[] = [];
  appliedDigest: string | null = null;
  readonly topics = new Set<string>();
  #status: Status = { state: 'UNASSIGNED', trace: null };
  readonly #taskStatuses = new Map<number, Status>();

  constructor(name: string, config: Config, target: TargetState, plugin: PluginFacts) {
    this.name = name;
    this.config = config;
    this.target = target;
    this.plugin = plugin;
  }

  get state(): ConnectorState {
    return this.#status.state;
  }

  setState(state: ConnectorState, trace: string | null = null): void {
    this.#status = { state, trace };
  }

  get taskStates(): (ConnectorState | null)[] {
    return this.taskConfigs.map((_, task) => this.#taskStatuses.get(task)?.state ?? null);
  }

  /** Words about a task that does not exist (any more) are not kept. */
  setTaskState(task: number, state: ConnectorState, trace: string | null = null): void {
    if (task < this.taskConfigs.length) this.#taskStatuses.set(task, { state, trace });
  }

  /** Replaces the tasks; the new ones have not started. */
  setTasks(configs: readonly Config[], appliedDigest: string | null): void {
    this.taskConfigs = configs;
    this.appliedDigest = appliedDigest;
    this.#taskStatuses.clear();
    configs.forEach((_, task) => {
      this.#taskStatuses.set(task, { state: 'UNASSIGNED', trace: null });
    });
  }

  taskIds(): ConnectorTaskId[] {
    return this.taskConfigs.map((_, task) => ({ connector: this.name, task }));
  }

  info(): ConnectorInfo {
    return { name: this.name, config: this.config, tasks: this.taskIds(), type: this.plugin.type };
  }

  stateInfo(workerId: string): ConnectorStateInfo {
    return {
      name: this.name,
      connector: this.#entryOf(this.#status, workerId),
      tasks: this.taskConfigs.map((_, task) => this.taskStateInfo(task, workerId)!),
      type: this.plugin.type,
    };
  }

  taskStateInfo(task: number, workerId: string): TaskState | null {
    const status = this.#taskStatuses.get(task);
    return status ? { id: task, ...this.#entryOf(status, workerId) } : null;
  }

  #entryOf({ state, trace }: Status, workerId: string): StateEntry {
    return { state, worker_id: workerId, version: this.plugin.version, ...(trace ? { trace } : {}) };
  }
}
