/**
 * The tasks of this worker. A set of task configurations that is replaced ends its tasks at once, and the new ones start only after the
 * group has agreed on them: until then another worker may still run what has moved. Source: DistributedHerder.{startTask,processTaskConfigUpdatesWithIncrementalCooperative}.
 */
import type { Log } from '../../base/log.ts';
import { SerialQueue } from '../../base/serial-queue.ts';
import type { Config } from '../../plugin-api/plugin.ts';
import type { ClusterConfig, ConnectorConfig } from '../../storage/config/port.ts';
import type { ConnectorTaskId } from '../../storage/connector-states.ts';
import { type TaskEvent, toFault } from '../../worker/protocol.ts';
import type { Worker } from '../../worker/worker.ts';
import { STATE_OF } from '../connector-control.ts';
import type { Launcher } from '../launcher.ts';
import type { StatusWriter } from './status-writer.ts';

export interface LocalTasksParts {
  readonly worker: Worker;
  readonly launcher: Launcher;
  readonly statuses: StatusWriter;
  config(): ClusterConfig;
  /** `null`: unknown. */
  versionOf(connector: Config): string | null;
  readonly log: Log;
}

/** The set of task configurations that a task was started from. */
type Started = number;

export class LocalTasks {
  readonly #parts: LocalTasksParts;
  /** By connector, then by task number. */
  readonly #started = new Map<string, Map<number, Started>>();
  readonly #lanes = new Map<string, SerialQueue>();
  #owned: ReadonlyMap<string, ReadonlySet<number>> = new Map();

  constructor(parts: LocalTasksParts) {
    this.#parts = parts;
  }

  own(tasks: readonly ConnectorTaskId[]): void {
    const owned = new Map<string, Set<number>>();
    for (const { connector, task } of tasks) {
      const numbers = owned.get(connector);
      if (numbers) numbers.add(task);
      else owned.set(connector, new Set([task]));
    }
    this.#owned = owned;
  }

  /** That were started here, whatever became of them. */
  get count(): number {
    return [...this.#started.values()].reduce((sum, { size }) => sum + size, 0);
  }

  owns({ connector, task }: ConnectorTaskId): boolean {
    return this.#owned.get(connector)?.has(task) ?? false;
  }

  /** Resolves when no task runs here that is another worker's, or of a set that was replaced. */
  async stopStale(connectors: Iterable<string> = this.#started.keys()): Promise<void> {
    const touched = [...connectors].filter((connector) => this.#lanes.has(connector) || this.#staleOf(connector).length > 0);
    await Promise.all(touched.map((connector) => this.#inLane(connector, () => this.#stopStale(connector))));
  }

  /** Starts what is this worker's and does not run. `isAgreed`: asked when it comes to that; the group knows of the connector's newest set of tasks. */
  async startOwned(isAgreed: (connector: string) => boolean): Promise<void> {
    const touched = [...this.#owned.keys()].filter((connector) => this.#lanes.has(connector) || !this.#isComplete(connector));
    await Promise.all(touched.map((connector) => this.#inLane(connector, () => this.#startOwned(connector, isAgreed))));
  }

  applyTarget(connector: string): Promise<void> {
    return this.#inLane(connector, async () => {
      const target = this.#parts.config().connectors.get(connector)?.target === 'PAUSED' ? 'PAUSED' : 'STARTED';
      for (const task of this.#startedOf(connector).keys()) this.#parts.worker.setTaskTarget({ connector, task }, target);
    });
  }

  /** Those of the tasks that are this worker's; `isAnnounced`: their statuses say RESTARTING in between. */
  restart(connector: string, tasks: readonly number[], isAnnounced: boolean): Promise<void> {
    return this.#inLane(connector, async () => {
      const own = tasks.filter((task) => this.owns({ connector, task }) && this.#isCurrent(connector, task));
      await this.#stop(connector, own);
      if (isAnnounced) for (const task of own) this.#parts.statuses.task({ connector, task }, 'RESTARTING', null);
      for (const task of own) await this.#start(connector, task);
    });
  }

  onTask(id: ConnectorTaskId, event: TaskEvent | 'moved', trace: string | null): void {
    const { statuses, launcher, config } = this.#parts;
    const wanted = config().connectors.get(id.connector);
    statuses.task(id, STATE_OF[event], wanted ? this.#parts.versionOf(wanted.config) : null, trace);
    launcher.countTask(id, event);
  }

  // ---- inside

  #startedOf(connector: string): ReadonlyMap<number, Started> {
    return this.#started.get(connector) ?? new Map();
  }

  #runnable(connector: string): ConnectorConfig | null {
    const wanted = this.#parts.config().connectors.get(connector);
    return wanted && !wanted.isInconsistent ? wanted : null;
  }

  /** It was started, and from the set that holds now. */
  #isCurrent(connector: string, task: number): boolean {
    const wanted = this.#runnable(connector);
    return wanted !== null && task < wanted.taskConfigs.length && this.#startedOf(connector).get(task) === wanted.taskGeneration;
  }

  /** Tasks that are another worker's, or of a set that was replaced. */
  #staleOf(connector: string): number[] {
    return [...this.#startedOf(connector).keys()].filter((task) => !this.owns({ connector, task }) || !this.#isCurrent(connector, task));
  }

  /** What is this worker's was started, from the set that holds now. */
  #isComplete(connector: string): boolean {
    for (const task of this.#owned.get(connector) ?? []) if (!this.#isCurrent(connector, task)) return false;
    return this.#staleOf(connector).length === 0;
  }

  async #stopStale(connector: string): Promise<void> {
    const stale = this.#staleOf(connector);
    await this.#stop(connector, stale);
    const wanted = this.#parts.config().connectors.get(connector);
    for (const task of stale) if (task >= (wanted?.taskConfigs.length ?? 0)) this.#parts.statuses.removeTask({ connector, task });
  }

  async #startOwned(connector: string, isAgreed: (connector: string) => boolean): Promise<void> {
    await this.#stopStale(connector);
    const wanted = this.#runnable(connector);
    if (!wanted || !isAgreed(connector)) return;
    for (const task of this.#owned.get(connector) ?? [])
      if (task < wanted.taskConfigs.length && !this.#startedOf(connector).has(task)) await this.#start(connector, task);
  }

  async #stop(connector: string, tasks: readonly number[]): Promise<void> {
    if (tasks.length === 0) return;
    await this.#parts.worker.stopTasks(tasks.map((task) => ({ connector, task })));
    const started = this.#started.get(connector);
    for (const task of tasks) started?.delete(task);
    if (started?.size === 0) this.#started.delete(connector);
  }

  /** What keeps the task from being started shows in its status. */
  async #start(connector: string, task: number): Promise<void> {
    const wanted = this.#runnable(connector);
    const taskConfig = wanted?.taskConfigs[task];
    if (!wanted || !taskConfig) return;
    const started = this.#started.get(connector) ?? new Map<number, Started>();
    this.#started.set(connector, started.set(task, wanted.taskGeneration));
    try {
      await this.#parts.launcher.startTask({ connector, task }, wanted.config, taskConfig, wanted.target, wanted.taskGeneration);
    } catch (error) {
      this.#parts.log.for({ connector, task }).error('The task failed to start.', error);
      this.onTask({ connector, task }, 'failure', toFault(error).trace);
    }
  }

  async #inLane(connector: string, step: () => Promise<void>): Promise<void> {
    const lane = this.#lanes.get(connector) ?? new SerialQueue();
    this.#lanes.set(connector, lane);
    try {
      await lane.run(step);
    } catch (error) {
      this.#parts.log.for({ connector }).error('Tasks of the connector could not be brought to their state.', error);
    } finally {
      if (lane.isIdle) this.#lanes.delete(connector);
    }
  }
}
