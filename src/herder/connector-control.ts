/**
 * What happens to a connector and its tasks when something about it changes: the steps behind the herder's verbs, and the statuses that
 * follow from what the worker reports. One job at a time per connector. Source: StandaloneHerder.
 */
import { ConnectError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../plugin-api/plugin.ts';
import type { TaskEvent } from '../worker/protocol.ts';
import { toFault } from '../worker/protocol.ts';
import type { Worker } from '../worker/worker.ts';
import type { ConnectorEntry } from './connector-entry.ts';
import type { ConnectorState, ConnectorTaskId, TargetState } from './model.ts';
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

export class ConnectorControl {
  readonly connectorStarts: StartCounts = { attempts: 0, successes: 0, failures: 0 };
  readonly taskStarts: StartCounts = { attempts: 0, successes: 0, failures: 0 };
  readonly #worker: Worker;
  readonly #log: Log;
  /** Tasks that were started and have not said how that went. */
  readonly #starting = new Set<string>();

  constructor(worker: Worker, log: Log) {
    this.#worker = worker;
    this.#log = log;
  }

  /** Brings a new or changed connector to its target. Rejects with what the connector threw; its status says so as well. */
  async apply(entry: ConnectorEntry): Promise<void> {
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
      await this.#worker.stopConnector(entry.name);
      entry.setState('PAUSED');
      return;
    }
    if (!this.#worker.hasConnector(entry.name)) await this.#start(entry);
    await this.updateTasks(entry);
  }

  /** Asks the connector for its tasks; replaces them all when they or the connector's settings have changed. */
  async updateTasks(entry: ConnectorEntry): Promise<void> {
    let configs: Config[];
    try {
      configs = await this.#worker.taskConfigs(entry.name, maxTasksOf(entry.config));
      checkTaskCount(entry, configs.length);
    } catch (error) {
      this.#log.for({ connector: entry.name }).error('The connector gave no task configurations.', error);
      entry.setState('FAILED', toFault(error).trace);
      throw error;
    }
    if (sameConfig(entry.appliedConfig, entry.config) && sameConfigs(entry.taskConfigs, configs)) return;
    await this.#worker.stopTasks(entry.taskIds());
    entry.setTasks(configs, entry.config);
    for (const { task } of entry.taskIds()) this.#startTask(entry, task);
  }

  async restartConnector(entry: ConnectorEntry): Promise<void> {
    entry.setState('RESTARTING');
    await this.apply(entry);
  }

  async restartTask(entry: ConnectorEntry, task: number): Promise<void> {
    entry.setTaskState(task, 'RESTARTING');
    await this.#worker.stopTasks([{ connector: entry.name, task }]);
    this.#startTask(entry, task);
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
    if (entry.taskConfigs === before) for (const task of plan.tasks) this.#startTask(entry, task);
  }

  /** Ends tasks and connector; the entry itself is the herder's. */
  async remove(entry: ConnectorEntry): Promise<void> {
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
    await this.#worker.stopTasks(entry.taskIds());
    entry.setTasks([], null);
    await this.#worker.stopConnector(entry.name);
    entry.setState('STOPPED');
  }

  async #start(entry: ConnectorEntry): Promise<void> {
    this.connectorStarts.attempts++;
    try {
      await this.#worker.startConnector(entry.name, entry.config);
      entry.setState('RUNNING');
      this.connectorStarts.successes++;
    } catch (error) {
      this.connectorStarts.failures++;
      this.#log.for({ connector: entry.name }).error('The connector failed to start.', error);
      entry.setState('FAILED', toFault(error).trace);
      throw error;
    }
  }

  #startTask(entry: ConnectorEntry, task: number): void {
    this.taskStarts.attempts++;
    this.#starting.add(`${task} ${entry.name}`);
    this.#worker.startTask({
      connector: entry.name,
      taskId: task,
      connectorConfig: entry.config,
      taskConfig: entry.taskConfigs[task]!,
      target: entry.target === 'PAUSED' ? 'PAUSED' : 'STARTED',
    });
  }
}

function maxTasksOf(config: Config): number {
  return config['tasks.max'] === undefined ? 1 : Number(config['tasks.max']);
}

/** KIP-1004: more tasks than allowed are refused, or (tasks.max.enforce=false) let through. */
function checkTaskCount(entry: ConnectorEntry, count: number): void {
  const max = maxTasksOf(entry.config);
  if (count <= max || entry.config['tasks.max.enforce']?.trim().toLowerCase() === 'false') return;
  throw new ConnectError(
    `The connector ${entry.name} has generated ${count} tasks, which is greater than ${max}, the maximum number of tasks it is configured to create. Raise tasks.max, or set tasks.max.enforce=false.`,
  );
}

function sameConfigs(a: readonly Config[], b: readonly Config[]): boolean {
  return a.length === b.length && a.every((config, i) => sameConfig(config, b[i]!));
}

function sameConfig(a: Config | null, b: Config | null): boolean {
  if (a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
