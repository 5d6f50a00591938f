/**
 * What happens to a connector and its tasks when something about it changes: the steps behind the herder's verbs, and the statuses that
 * follow from what the worker reports. One job at a time per connector. Source: StandaloneHerder.
 */
import { ConnectError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { TaskEvent } from '../worker/protocol.ts';
import { toFault } from '../worker/protocol.ts';
import type { Worker } from '../worker/worker.ts';
import type { ConnectorEntry } from './connector-entry.ts';
import { isSameTasks, type Launcher, type MadeTasks } from './launcher.ts';
import type { ConnectorState, ConnectorTaskId, TargetState } from './model.ts';
import type { RestartPlan } from './restart-plan.ts';

/** What a task's words mean for its status. */
export const STATE_OF: Readonly<Record<TaskEvent | 'moved', ConnectorState>> = {
  startup: 'RUNNING',
  resume: 'RUNNING',
  pause: 'PAUSED',
  shutdown: 'UNASSIGNED',
  failure: 'FAILED',
  moved: 'RESTARTING',
};

export class ConnectorControl {
  readonly #worker: Worker;
  readonly #launcher: Launcher;
  readonly #log: Log;

  constructor(worker: Worker, launcher: Launcher, log: Log) {
    this.#worker = worker;
    this.#launcher = launcher;
    this.#log = log;
  }

  /** Brings a new or changed connector to its target. Rejects with what the connector threw; its status says so as well. */
  async apply(entry: ConnectorEntry): Promise<void> {
    await this.#launcher.stopConnector(entry.name);
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
      await this.#launcher.stopConnector(entry.name);
      entry.setState('PAUSED');
      return;
    }
    if (!this.#worker.hasConnector(entry.name)) await this.#start(entry);
    await this.updateTasks(entry);
  }

  /** Asks the connector for its tasks; replaces them all when they or the connector's settings, as they are now, have changed. */
  async updateTasks(entry: ConnectorEntry): Promise<void> {
    let made: MadeTasks;
    try {
      made = await this.#launcher.makeTasks(entry);
    } catch (error) {
      const log = this.#log.for({ connector: entry.name });
      if (error instanceof ConnectError && error.isRetriable) {
        log.warn(
          `The connector cannot say yet which tasks it has, and those that there are stay: it asks again by itself. ${messageOf(error)}`,
        );
        return;
      }
      log.error('The connector gave no task configurations.', error);
      entry.setState('FAILED', toFault(error).trace);
      throw error;
    }
    if (entry.appliedDigest === made.digest && isSameTasks(entry.taskConfigs, made.configs)) return;
    await this.#worker.stopTasks(entry.taskIds());
    entry.setTasks(made.configs, made.digest);
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
    await this.#worker.stopTasks(entry.taskIds());
    entry.setTasks([], null);
    await this.#launcher.stopConnector(entry.name);
  }

  onTask(entry: ConnectorEntry, { task }: ConnectorTaskId, event: TaskEvent | 'moved', trace: string | null): void {
    entry.setTaskState(task, STATE_OF[event], trace);
    this.#launcher.countTask({ connector: entry.name, task }, event);
  }

  async #toStopped(entry: ConnectorEntry): Promise<void> {
    await this.#worker.stopTasks(entry.taskIds());
    entry.setTasks([], null);
    await this.#launcher.stopConnector(entry.name);
    entry.setState('STOPPED');
  }

  async #start(entry: ConnectorEntry): Promise<void> {
    try {
      await this.#launcher.startConnector(entry);
      entry.setState('RUNNING');
    } catch (error) {
      this.#log.for({ connector: entry.name }).error('The connector failed to start.', error);
      entry.setState('FAILED', toFault(error).trace);
      throw error;
    }
  }

  /** What keeps the task from being started shows in its status. */
  async #startTask(entry: ConnectorEntry, task: number): Promise<void> {
    const id = { connector: entry.name, task };
    try {
      await this.#launcher.startTask(id, entry.config, entry.taskConfigs[task]!, entry.target);
    } catch (error) {
      this.#log.for(id).error('The task failed to start.', error);
      this.onTask(entry, id, 'failure', toFault(error).trace);
    }
  }
}
