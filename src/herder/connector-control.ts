/**
 * What happens to a connector and its tasks when something about it changes: the steps behind the herder's verbs, and the statuses that
 * follow from what the worker reports. One job at a time per connector. Source: StandaloneHerder.
 */
import { ConnectError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../plugin-api/plugin.ts';
import { type ConfigResolver, digestOf, withReferences } from '../worker/config-resolver.ts';
import type { TaskEvent } from '../worker/protocol.ts';
import { toFault } from '../worker/protocol.ts';
import type { Worker } from '../worker/worker.ts';
import type { ConfigReload } from './config-reload.ts';
import type { ConnectorEntry } from './connector-entry.ts';
import type { ConnectorState, ConnectorTaskId, TargetState } from './model.ts';
import type { StartingConnector } from './plugin-thread.ts';
import type { RestartPlan } from './restart-plan.ts';

const STATE_OF: Readonly<Record<TaskEvent | 'moved', ConnectorState>> = {
  startup: 'RUNNING',
  resume: 'RUNNING',
  pause: 'PAUSED',
  shutdown: 'UNASSIGNED',
  failure: 'FAILED',
  moved: 'RESTARTING',
};

/** Starts since the worker began, for `connect-worker-metrics`. */
export interface StartCounts {
  attempts: number;
  successes: number;
  failures: number;
}

export type CheckOverrides = (connector: StartingConnector) => Promise<void>;

export class ConnectorControl {
  readonly connectorStarts: StartCounts = { attempts: 0, successes: 0, failures: 0 };
  readonly taskStarts: StartCounts = { attempts: 0, successes: 0, failures: 0 };
  readonly #worker: Worker;
  readonly #resolver: ConfigResolver;
  readonly #reload: ConfigReload;
  readonly #log: Log;
  readonly #checkOverrides: CheckOverrides | null;
  /** Tasks that were started and have not said how that went. */
  readonly #starting = new Set<string>();

  /** `checkOverrides`: rejects when the client overrides of a connector that is to start are refused. */
  constructor(worker: Worker, resolver: ConfigResolver, reload: ConfigReload, log: Log, checkOverrides: CheckOverrides | null) {
    this.#worker = worker;
    this.#resolver = resolver;
    this.#reload = reload;
    this.#log = log;
    this.#checkOverrides = checkOverrides;
  }

  /** Brings a new or changed connector to its target. Rejects with what the connector threw; its status says so as well. */
  async apply(entry: ConnectorEntry): Promise<void> {
    this.#reload.cancel(entry.name);
    await this.#worker.stopConnector(entry.name);
    if (entry.target === 'STARTED') {
      await this.#start(entry);
      await this.updateTasks(entry);
    } else entry.setState(entry.target);
  }

  async setTarget(entry: ConnectorEntry, target: TargetState): Promise<void> {
    const previous = entry.target;
    entry.target = target;
    if (target === 'STOPPED') return this.#toStopped(entry);
    const taskTarget = target === 'PAUSED' ? 'PAUSED' : 'STARTED';
    for (const id of entry.taskIds()) this.#worker.setTaskTarget(id, taskTarget);
    // A failed connector waits for its restart.
    if (entry.state === 'FAILED' && previous !== 'STOPPED') return;
    if (target === 'PAUSED') {
      this.#reload.cancel(entry.name);
      await this.#worker.stopConnector(entry.name);
      entry.setState('PAUSED');
      return;
    }
    if (!this.#worker.hasConnector(entry.name)) await this.#start(entry);
    await this.updateTasks(entry);
  }

  /** Asks the connector for its tasks; replaces them all when they or the connector's settings, as they are now, have changed. */
  async updateTasks(entry: ConnectorEntry): Promise<void> {
    let configs: Config[];
    let resolved: Config;
    try {
      ({ config: resolved } = await this.#resolver.resolve(entry.config));
      const made = await this.#worker.taskConfigs(entry.name, maxTasksOf(resolved));
      checkTaskCount(entry.name, resolved, made.length);
      configs = made.map((config) => withReferences(config, entry.config, resolved));
    } catch (error) {
      this.#log.for({ connector: entry.name }).error('The connector gave no task configurations.', error);
      entry.setState('FAILED', toFault(error).trace);
      throw error;
    }
    const digest = digestOf(resolved);
    if (entry.appliedDigest === digest && sameConfigs(entry.taskConfigs, configs)) return;
    await this.#worker.stopTasks(entry.taskIds());
    entry.setTasks(configs, digest);
    for (const { task } of entry.taskIds()) await this.#startTask(entry, task);
  }

  async restartConnector(entry: ConnectorEntry): Promise<void> {
    entry.setState('RESTARTING');
    await this.apply(entry);
  }

  async restartTask(entry: ConnectorEntry, task: number): Promise<void> {
    entry.setTaskState(task, 'RESTARTING');
    await this.#worker.stopTasks([{ connector: entry.name, task }]);
    await this.#startTask(entry, task);
  }

  /** A restart by plan: the answer has been given, so that what fails shows in the statuses. */
  async restart(entry: ConnectorEntry, plan: RestartPlan): Promise<void> {
    const log = this.#log.for({ connector: entry.name });
    if (plan.restartsConnector) entry.setState('RESTARTING');
    for (const task of plan.tasks) entry.setTaskState(task, 'RESTARTING');
    const before = entry.taskConfigs;
    await this.#worker.stopTasks(plan.tasks.map((task) => ({ connector: entry.name, task })));
    for (const task of plan.tasks) entry.setTaskState(task, 'RESTARTING');
    if (plan.restartsConnector) {
      try {
        await this.apply(entry);
      } catch (error) {
        log.error(`The connector could not be restarted: ${messageOf(error)}`);
      }
    }
    // When the connector made new tasks, they have been started with it.
    if (entry.taskConfigs === before) for (const task of plan.tasks) await this.#startTask(entry, task);
  }

  /** Ends tasks and connector; the entry itself is the herder's. */
  async remove(entry: ConnectorEntry): Promise<void> {
    this.#reload.cancel(entry.name);
    await this.#worker.stopTasks(entry.taskIds());
    entry.setTasks([], null);
    await this.#worker.stopConnector(entry.name);
  }

  onTask(entry: ConnectorEntry, { task }: ConnectorTaskId, event: TaskEvent | 'moved', trace: string | null): void {
    entry.setTaskState(task, STATE_OF[event], trace);
    if (!this.#starting.delete(`${task} ${entry.name}`)) return;
    if (event === 'failure') this.taskStarts.failures++;
    else this.taskStarts.successes++;
  }

  async #toStopped(entry: ConnectorEntry): Promise<void> {
    this.#reload.cancel(entry.name);
    await this.#worker.stopTasks(entry.taskIds());
    entry.setTasks([], null);
    await this.#worker.stopConnector(entry.name);
    entry.setState('STOPPED');
  }

  async #start(entry: ConnectorEntry): Promise<void> {
    this.connectorStarts.attempts++;
    try {
      const resolved = await this.#resolver.resolve(entry.config);
      const { type: kind, className } = entry.plugin;
      await this.#checkOverrides?.({ kind, className, config: resolved.config });
      await this.#worker.startConnector(entry.name, resolved.config);
      this.#reload.schedule(entry.name, resolved);
      entry.setState('RUNNING');
      this.connectorStarts.successes++;
    } catch (error) {
      this.connectorStarts.failures++;
      this.#log.for({ connector: entry.name }).error('The connector failed to start.', error);
      entry.setState('FAILED', toFault(error).trace);
      throw error;
    }
  }

  /** What keeps the task from being started shows in its status. */
  async #startTask(entry: ConnectorEntry, task: number): Promise<void> {
    this.taskStarts.attempts++;
    const id = { connector: entry.name, task };
    this.#starting.add(`${task} ${entry.name}`);
    let connectorConfig: Config;
    let taskConfig: Config;
    try {
      ({ config: connectorConfig } = await this.#resolver.resolve(entry.config));
      ({ config: taskConfig } = await this.#resolver.resolve(entry.taskConfigs[task]!));
    } catch (error) {
      this.#log.for(id).error('The task failed to start.', error);
      this.onTask(entry, id, 'failure', toFault(error).trace);
      return;
    }
    const target = entry.target === 'PAUSED' ? 'PAUSED' : 'STARTED';
    this.#worker.startTask({ connector: entry.name, taskId: task, connectorConfig, taskConfig, target });
  }
}

function maxTasksOf(config: Config): number {
  return config['tasks.max'] === undefined ? 1 : Number(config['tasks.max']);
}

/** KIP-1004: more tasks than allowed are refused, or (tasks.max.enforce=false) let through. */
function checkTaskCount(name: string, config: Config, count: number): void {
  const max = maxTasksOf(config);
  if (count <= max || config['tasks.max.enforce']?.trim().toLowerCase() === 'false') return;
  throw new ConnectError(
    `The connector ${name} has generated ${count} tasks, which is greater than ${max}, the maximum number of tasks it is configured to create. Raise tasks.max, or set tasks.max.enforce=false.`,
  );
}

function sameConfigs(a: readonly Config[], b: readonly Config[]): boolean {
  return a.length === b.length && a.every((config, i) => sameConfig(config, b[i]!));
}

function sameConfig(a: Config, b: Config): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
