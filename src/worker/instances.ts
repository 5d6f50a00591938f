/** What runs where: connectors by name, tasks by connector and number, both by the number of their instance. */
import type { ConnectorTaskId } from '../herder/model.ts';
import type { Config } from '../plugin-api/plugin.ts';
import type { TaskTarget } from '../task/lifecycle.ts';
import type { HostLink } from './host-link.ts';
import type { InstanceId, TaskStart } from './protocol.ts';

export interface RunningConnector {
  readonly instance: InstanceId;
  readonly name: string;
  readonly config: Config;
  readonly host: HostLink;
}

export interface RunningTask {
  readonly start: TaskStart;
  /** Where it runs, or is to run when that host answers. */
  host: HostLink;
  /** The host was told of it. */
  isLaunched: boolean;
  /** Resolves when the task has ended, in whatever way. */
  readonly ended: PromiseWithResolvers<void>;
  isEnded: boolean;
  target: TaskTarget;
  /** On its way to another thread: what it says meanwhile is nobody's business. */
  isMoving: boolean;
  /** It is to end: it moves nowhere. */
  isStopping: boolean;
}

export class Instances {
  readonly #connectors = new Map<string, RunningConnector>();
  readonly #tasks = new Map<string, RunningTask>();
  readonly #connectorsByInstance = new Map<InstanceId, RunningConnector>();
  readonly #tasksByInstance = new Map<InstanceId, RunningTask>();
  #next = 1;

  nextInstance(): InstanceId {
    return this.#next++;
  }

  connector(name: string): RunningConnector | undefined {
    return this.#connectors.get(name);
  }

  connectorOf(instance: InstanceId): RunningConnector | undefined {
    return this.#connectorsByInstance.get(instance);
  }

  task({ connector, task }: ConnectorTaskId): RunningTask | undefined {
    return this.#tasks.get(keyOf(connector, task));
  }

  taskOf(instance: InstanceId): RunningTask | undefined {
    return this.#tasksByInstance.get(instance);
  }

  allConnectors(): RunningConnector[] {
    return [...this.#connectors.values()];
  }

  allTasks(): RunningTask[] {
    return [...this.#tasks.values()];
  }

  addConnector(running: RunningConnector): void {
    this.#connectors.set(running.name, running);
    this.#connectorsByInstance.set(running.instance, running);
    running.host.connectors.add(running.instance);
  }

  removeConnector(running: RunningConnector): void {
    if (this.#connectors.get(running.name) === running) this.#connectors.delete(running.name);
    this.#connectorsByInstance.delete(running.instance);
    running.host.connectors.delete(running.instance);
  }

  addTask(running: RunningTask): void {
    const { start, host } = running;
    this.#tasks.set(keyOf(start.connector, start.taskId), running);
    this.#tasksByInstance.set(start.instance, running);
    host.tasks.add(start.instance);
  }

  rehost(running: RunningTask, host: HostLink): void {
    running.host.tasks.delete(running.start.instance);
    running.host = host;
    host.tasks.add(running.start.instance);
  }

  removeTask(running: RunningTask): void {
    const { start, host } = running;
    const key = keyOf(start.connector, start.taskId);
    if (this.#tasks.get(key) === running) this.#tasks.delete(key);
    this.#tasksByInstance.delete(start.instance);
    host.tasks.delete(start.instance);
  }
}

function keyOf(connector: string, task: number): string {
  return `${task} ${connector}`;
}
