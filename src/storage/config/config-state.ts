/**
 * What the records of the config topic add up to, one after the other. Compaction removes records that a later one of the same key replaces,
 * so a reader may find a commit without its tasks, tasks of a connector that was deleted, or a target state before its connector: each is kept
 * or ignored as the original does. Source: KafkaConfigBackingStore.process*, ClusterConfigState (reference 3.2).
 */
import type { Config } from '../../plugin-api/plugin.ts';
import type { TargetState } from '../connector-states.ts';
import type { ClusterConfig, ConfigListener, ConnectorConfig, SessionKey } from './port.ts';
import type { ConfigRecord } from './records.ts';

/** What is known under one connector's name, also while there is no connector of that name. */
interface Known {
  config: Config | null;
  target: TargetState | null;
  taskConfigs: readonly Config[];
  taskCount: number;
  isInconsistent: boolean;
  appliedConfig: Config | null;
  taskGeneration: number;
  fencedTaskCount: number | null;
  isPendingFencing: boolean;
  /** Task records since the last commit. */
  readonly deferred: Map<number, Config>;
  /** Made when it is asked for; `null`: something has changed since. */
  view: ConnectorConfig | null;
}

const NO_CONFIGS: readonly Config[] = [];

export class ConfigState {
  readonly #known = new Map<string, Known>();
  #sessionKey: SessionKey | null = null;
  #offset = -1n;
  /** Made when it is asked for, since thousands of records may come between two questions; what has not changed is shared. */
  #snapshot: ClusterConfig | null = null;

  /** The record at this offset was read, whatever it was. */
  passed(offset: bigint): void {
    this.#offset = offset + 1n;
    this.#snapshot = null;
  }

  snapshot(): ClusterConfig {
    if (this.#snapshot !== null) return this.#snapshot;
    const connectors = new Map<string, ConnectorConfig>();
    for (const name of this.#known.keys()) {
      const connector = this.connector(name);
      if (connector !== null) connectors.set(name, connector);
    }
    this.#snapshot = { offset: this.#offset, sessionKey: this.#sessionKey, connectors };
    return this.#snapshot;
  }

  connector(name: string): ConnectorConfig | null {
    const known = this.#known.get(name);
    if (known === undefined) return null;
    known.view ??= viewOf(known);
    return known.view;
  }

  /** `listener` is told of what it is, unless it is null (what lay in the topic before the worker started). */
  apply(record: ConfigRecord, listener: ConfigListener | null): void {
    this.#snapshot = null;
    switch (record.kind) {
      case 'target-state':
        this.#change(record.connector).target = record.target;
        // A deletion is told by the connector's own record.
        if (record.target !== null) listener?.onTargetStateChange(record.connector);
        return;
      case 'connector':
        if (record.config === null) this.#remove(record.connector, listener);
        else {
          this.#change(record.connector).config = record.config;
          listener?.onConnectorConfigUpdate(record.connector);
        }
        return;
      case 'task':
        this.#change(record.id.connector).deferred.set(record.id.task, record.config);
        return;
      case 'commit':
        if (commit(this.#change(record.connector), record.taskCount)) listener?.onTaskConfigsUpdate(record.connector);
        return;
      case 'tasks-fencing': {
        const known = this.#change(record.connector);
        known.fencedTaskCount = record.taskCount;
        known.isPendingFencing = false;
        return;
      }
      case 'session-key':
        this.#sessionKey = record.key;
        listener?.onSessionKeyUpdate(record.key);
        return;
      case 'restart':
        listener?.onRestartRequest(record.request);
        return;
      case 'logger':
        listener?.onLoggerLevel(record.logger, record.level);
        return;
    }
  }

  /** There is no connector of this name, but a target state for one. */
  isOrphan(connector: string): boolean {
    const known = this.#known.get(connector);
    return known !== undefined && known.config === null && known.target !== null;
  }

  orphans(): string[] {
    return [...this.#known.keys()].filter((name) => this.isOrphan(name));
  }

  #change(connector: string): Known {
    let known = this.#known.get(connector);
    if (known === undefined) {
      known = nothing();
      this.#known.set(connector, known);
    }
    known.view = null;
    return known;
  }

  /** How many tasks were fenced outlives the connector: its tasks may still run somewhere when one of the same name is made. */
  #remove(connector: string, listener: ConfigListener | null): void {
    const known = this.#change(connector);
    known.config = null;
    forgetTasks(known);
    listener?.onConnectorConfigRemove(connector);
  }
}

function nothing(): Known {
  return {
    config: null,
    target: null,
    taskConfigs: NO_CONFIGS,
    taskCount: 0,
    isInconsistent: false,
    appliedConfig: null,
    taskGeneration: -1,
    fencedTaskCount: null,
    isPendingFencing: false,
    deferred: new Map(),
    view: null,
  };
}

function forgetTasks(known: Known): void {
  known.taskConfigs = NO_CONFIGS;
  known.taskCount = 0;
  known.isInconsistent = false;
  known.appliedConfig = null;
  known.deferred.clear();
}

/** False: the connector was deleted, and compaction has left nothing else of it. */
function commit(known: Known, taskCount: number): boolean {
  if (known.config === null) {
    forgetTasks(known);
    return false;
  }
  const set = wholeSet(known.deferred, taskCount);
  known.isInconsistent = set === null;
  known.taskConfigs = set ?? NO_CONFIGS;
  if (set !== null) {
    known.appliedConfig = known.config;
    known.taskGeneration++;
  }
  known.taskCount = taskCount;
  known.isPendingFencing = true;
  // Whole or not: the next commit needs a set of its own.
  known.deferred.clear();
  return true;
}

/** More tasks than `taskCount` are no fault: those records are left of a larger set. */
function wholeSet(deferred: ReadonlyMap<number, Config>, taskCount: number): readonly Config[] | null {
  if (deferred.size < taskCount) return null;
  const configs: Config[] = [];
  for (let task = 0; task < taskCount; task++) {
    const config = deferred.get(task);
    if (config === undefined) return null;
    configs.push(config);
  }
  return configs;
}

function viewOf(known: Known): ConnectorConfig | null {
  const { config, target, taskConfigs, taskCount, isInconsistent, appliedConfig, taskGeneration, fencedTaskCount, isPendingFencing } =
    known;
  if (config === null) return null;
  return {
    ...{ config, target: target ?? 'STARTED', taskConfigs, taskCount, isInconsistent },
    ...{ appliedConfig, taskGeneration, fencedTaskCount, isPendingFencing },
  };
}
