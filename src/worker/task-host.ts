/**
 * The far side of the protocol: runs connector and task instances and reports on them. The same code serves a worker thread
 * (`task-thread-entry.ts`) and tests in one thread (`in-line-host.ts`).
 */
import type { Clock } from '../base/clock.ts';
import { ConnectError, traceOf } from '../base/errors.ts';
import type { Log, LogHub } from '../base/log.ts';
import { secrets } from '../base/secrets.ts';
import type { MetricSample } from '../herder/model.ts';
import type { Catalog } from '../plugins/catalog.ts';
import type { TaskListener } from '../task/lifecycle.ts';
import { runTask, TaskControl } from '../task/lifecycle.ts';
import { ConnectorRunner } from './connector-runner.ts';
import { type CreateKafka, KafkaPool } from './kafka-pool.ts';
import { taskSamples } from './metrics.ts';
import {
  type Call,
  type CallResults,
  type FromHost,
  type InstanceId,
  type Outcome,
  type Question,
  type QuestionResults,
  RemoteError,
  type TaskEvent,
  type TaskStart,
  type ToHost,
  toFault,
} from './protocol.ts';
import { type BuiltTask, buildTask } from './task-builder.ts';
import type { HostSettings } from './task-settings.ts';

export interface TaskHostParts {
  readonly settings: HostSettings;
  readonly plugins: Catalog;
  readonly createKafka: CreateKafka;
  readonly clock: Clock;
  readonly logHub: LogHub;
  post(message: FromHost): void;
}

interface HostedTask {
  readonly start: TaskStart;
  readonly control: TaskControl;
  built: BuiltTask | null;
  /** A task that failed stays known, for its metrics, until it is stopped. */
  isEnded: boolean;
}

export class TaskHost {
  readonly #parts: TaskHostParts;
  readonly #pool: KafkaPool;
  readonly #connectors = new Map<InstanceId, ConnectorRunner>();
  readonly #tasks = new Map<InstanceId, HostedTask>();
  readonly #questions = new Map<number, (outcome: Outcome<unknown>) => void>();
  #nextQuestion = 1;

  constructor(parts: TaskHostParts) {
    this.#parts = parts;
    this.#pool = new KafkaPool(parts.createKafka, parts.logHub.log('org.apache.kafka.clients'));
  }

  receive(message: ToHost): void {
    switch (message.kind) {
      case 'secrets':
        for (const [value, reference] of message.entries) secrets.remember(value, reference);
        return;
      case 'call':
        this.#answer(message.id, message.call);
        return;
      case 'startTask':
        void this.#runTask(message);
        return;
      case 'setTarget':
        this.#tasks.get(message.instance)?.control.setTarget(message.target);
        return;
      case 'stopTask':
        this.#stopTask(message.instance);
        return;
      case 'cancelTask':
        this.#tasks.get(message.instance)?.control.cancel();
        return;
      case 'forgetActiveTopics':
        for (const task of this.#tasks.values()) {
          if (task.start.connector === message.connector) task.built?.loop.forgetActiveTopics();
        }
        return;
      case 'logLevel':
        this.#parts.logHub.setLevel(message.logger, message.level);
        return;
      case 'answer':
        this.#questions.get(message.id)?.(message.outcome);
        this.#questions.delete(message.id);
        return;
    }
  }

  #stopTask(instance: InstanceId): void {
    const task = this.#tasks.get(instance);
    if (task?.isEnded) this.#tasks.delete(instance);
    else task?.control.requestStop();
  }

  #answer(id: number, call: Call): void {
    this.#perform(call).then(
      (ok) => this.#parts.post({ kind: 'result', id, outcome: { ok } }),
      (error: unknown) => this.#parts.post({ kind: 'result', id, outcome: { fault: toFault(error) } }),
    );
  }

  async #perform(call: Call): Promise<CallResults[Call['call']]> {
    switch (call.call) {
      case 'startConnector':
        return this.#startConnector(call);
      case 'stopConnector': {
        const runner = this.#connectors.get(call.instance);
        this.#connectors.delete(call.instance);
        await runner?.stop();
        return undefined;
      }
      case 'taskConfigs':
        return this.#connectorOf(call.instance).taskConfigs(call.maxTasks);
      case 'alterOffsets': {
        const plugin = this.#parts.plugins.connector(call.config['connector.class'] ?? '');
        return (await plugin.create().alterOffsets?.(call.config, call.offsets)) ?? false;
      }
      case 'metrics':
        return this.#metrics();
      case 'ping':
        return undefined;
    }
  }

  async #startConnector(start: { instance: InstanceId; connector: string; config: Record<string, string> }): Promise<undefined> {
    const { plugins, post } = this.#parts;
    const plugin = plugins.connector(start.config['connector.class'] ?? '');
    const { instance, connector, config } = start;
    const runner = new ConnectorRunner({
      plugin,
      config,
      log: this.#log('WorkerConnector', connector),
      requestTaskReconfiguration: () => post({ kind: 'reconfigure', instance }),
      raiseError: (error) => post({ kind: 'connectorFailed', instance, fault: toFault(error) }),
    });
    this.#connectors.set(instance, runner);
    await runner.start();
    return undefined;
  }

  #connectorOf(instance: InstanceId): ConnectorRunner {
    const runner = this.#connectors.get(instance);
    if (!runner) throw new ConnectError('The connector is not running in this thread.');
    return runner;
  }

  async #runTask(start: TaskStart): Promise<void> {
    const task: HostedTask = { start, control: new TaskControl(start.target), built: null, isEnded: false };
    this.#tasks.set(start.instance, task);
    const log = this.#log('WorkerTask', start.connector, start.taskId);
    const listener = this.#listenerOf(start.instance);
    try {
      task.built = this.#build(task, log, listener);
    } catch (error) {
      log.error('Failed to start task', error);
      this.#tasks.delete(start.instance);
      if (!task.control.isCancelled) listener.onFailure(error);
      return;
    }
    const { loop, metrics } = task.built;
    await runTask(loop, task.control, listener, { metrics, log });
    task.isEnded = true;
    if (task.control.isStopping) this.#tasks.delete(start.instance);
  }

  #build(task: HostedTask, log: Log, listener: TaskListener): BuiltTask {
    const { start, control } = task;
    const { settings, plugins, clock, post } = this.#parts;
    const { connector, taskId, taskGeneration } = start;
    return buildTask(start, {
      settings,
      plugins,
      pool: this.#pool,
      clock,
      log,
      control,
      listener,
      offsets: {
        read: (partitions) => this.#ask({ ask: 'readOffsets', connector, partitions }),
        write: (offsets) => this.#ask({ ask: 'writeOffsets', connector, offsets }),
      },
      guard: {
        fenceZombies: () => this.#ask({ ask: 'fenceZombies', connector }),
        checkOwnership: async () => {
          if (await this.#ask({ ask: 'isStillAssigned', connector, taskId, taskGeneration })) return;
          throw new ConnectError(
            `Task ${connector}-${taskId} is not started: it was given to another worker or got a new configuration meanwhile, and starts there or with that.`,
          );
        },
      },
      onActiveTopic: (topic) => post({ kind: 'activeTopic', connector, taskId, topic }),
    });
  }

  #listenerOf(instance: InstanceId): TaskListener {
    const tell = (event: TaskEvent, trace: string | null = null) => this.#parts.post({ kind: 'task', instance, event, trace });
    return {
      onStartup: () => tell('startup'),
      onPause: () => tell('pause'),
      onResume: () => tell('resume'),
      onShutdown: () => tell('shutdown'),
      onFailure: (error) => tell('failure', error instanceof RemoteError ? error.trace : traceOf(error)),
    };
  }

  #metrics(): MetricSample[] {
    return [...this.#tasks.values()].flatMap(({ start, built }) => (built ? taskSamples(start, built) : []));
  }

  #ask<Q extends Question>(question: Q): Promise<QuestionResults[Q['ask']]> {
    const id = this.#nextQuestion++;
    return new Promise((resolve, reject) => {
      this.#questions.set(id, (outcome) => {
        if ('fault' in outcome) reject(new RemoteError(outcome.fault));
        else resolve(outcome.ok as QuestionResults[Q['ask']]);
      });
      this.#parts.post({ kind: 'question', id, question });
    });
  }

  #log(name: string, connector: string, task?: number): Log {
    const context = task === undefined ? { connector } : { connector, task };
    return this.#parts.logHub.log(`org.apache.kafka.connect.runtime.${name}`, context);
  }
}
