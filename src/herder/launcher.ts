/**
 * The steps that bring connectors and tasks to life in this process, for every herder: references to config providers resolved, client
 * overrides checked, starts counted, and the task configurations that a connector makes held against tasks.max.
 */
import { ConnectError } from '../base/errors.ts';
import type { Config } from '../plugin-api/plugin.ts';
import { type ConfigResolver, digestOf, withReferences } from '../worker/config-resolver.ts';
import type { TaskEvent } from '../worker/protocol.ts';
import type { Worker } from '../worker/worker.ts';
import type { ConfigReload } from './config-reload.ts';
import type { ConnectorTaskId, TargetState } from './model.ts';
import type { StartingConnector } from './plugin-thread.ts';

/** Starts since the worker began, for `connect-worker-metrics`. */
export interface StartCounts {
  attempts: number;
  successes: number;
  failures: number;
}

export type CheckOverrides = (connector: StartingConnector) => Promise<void>;

/** A connector as far as starting it needs to know it. */
export interface Launchable {
  readonly name: string;
  readonly config: Config;
  readonly plugin: { readonly type: 'source' | 'sink'; readonly className: string };
}

/** What a connector made of its configuration: references are put back, so that no secret is kept. */
export interface MadeTasks {
  readonly configs: readonly Config[];
  /** Tells the connector configuration, its values resolved, that they were made for. */
  readonly digest: string;
}

export class Launcher {
  readonly connectorStarts: StartCounts = { attempts: 0, successes: 0, failures: 0 };
  readonly taskStarts: StartCounts = { attempts: 0, successes: 0, failures: 0 };
  readonly #worker: Worker;
  readonly #resolver: ConfigResolver;
  readonly #reload: ConfigReload;
  readonly #checkOverrides: CheckOverrides | null;
  /** Tasks that were started and have not said how that went. */
  readonly #starting = new Set<string>();

  /** `checkOverrides`: rejects when the client overrides of a connector that is to start are refused. */
  constructor(worker: Worker, resolver: ConfigResolver, reload: ConfigReload, checkOverrides: CheckOverrides | null) {
    this.#worker = worker;
    this.#resolver = resolver;
    this.#reload = reload;
    this.#checkOverrides = checkOverrides;
  }

  /** Rejects with what the connector threw. */
  async startConnector({ name, config, plugin }: Launchable): Promise<void> {
    this.connectorStarts.attempts++;
    try {
      const resolved = await this.#resolver.resolve(config);
      await this.#checkOverrides?.({ kind: plugin.type, className: plugin.className, config: resolved.config });
      await this.#worker.startConnector(name, resolved.config);
      this.#reload.schedule(name, resolved);
      this.connectorStarts.successes++;
    } catch (error) {
      this.connectorStarts.failures++;
      throw error;
    }
  }

  async stopConnector(name: string): Promise<void> {
    this.#reload.cancel(name);
    await this.#worker.stopConnector(name);
  }

  /** Rejects with what the connector threw, or ConnectError when it makes more tasks than it may. */
  async makeTasks({ name, config }: Launchable): Promise<MadeTasks> {
    const { config: resolved } = await this.#resolver.resolve(config);
    const made = await this.#worker.taskConfigs(name, maxTasksOf(resolved));
    checkTaskCount(name, resolved, made.length);
    return { configs: made.map((task) => withReferences(task, config, resolved)), digest: digestOf(resolved) };
  }

  /** Resolves when the task is on its way; how that ends is told by `onTask`. Rejects when its configuration cannot be resolved. */
  async startTask(
    { connector, task }: ConnectorTaskId,
    connectorConfig: Config,
    taskConfig: Config,
    target: TargetState,
    taskGeneration = -1,
  ): Promise<void> {
    this.taskStarts.attempts++;
    this.#starting.add(`${task} ${connector}`);
    const [own, its] = await Promise.all([this.#resolver.resolve(connectorConfig), this.#resolver.resolve(taskConfig)]);
    this.#worker.startTask({
      connector,
      taskId: task,
      connectorConfig: own.config,
      taskConfig: its.config,
      taskGeneration,
      target: target === 'PAUSED' ? 'PAUSED' : 'STARTED',
    });
  }

  /** Whatever is heard of a task for the first time after its start tells how that went. */
  countTask({ connector, task }: ConnectorTaskId, event: TaskEvent | 'moved'): void {
    if (!this.#starting.delete(`${task} ${connector}`)) return;
    if (event === 'failure') this.taskStarts.failures++;
    else this.taskStarts.successes++;
  }
}

export function isSameTasks(a: readonly Config[], b: readonly Config[]): boolean {
  return a.length === b.length && a.every((config, i) => isSameConfig(config, b[i]!));
}

export function isSameConfig(a: Config, b: Config): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
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
