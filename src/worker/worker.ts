/**
 * Connectors and tasks of this process: places them in hosts (threads), starts and stops them, and ends a host in which one hangs.
 * It knows instances only; what should run, and every status, is the herder's. Source: org.apache.kafka.connect.runtime.Worker.
 */
import type { Clock } from '../base/clock.ts';
import { ConnectError } from '../base/errors.ts';
import type { Log, LogHub, LogLevel } from '../base/log.ts';
import type { ConnectorTaskId, MetricSample } from '../herder/model.ts';
import type { Config } from '../plugin-api/plugin.ts';
import type { SourceOffsets } from '../storage/offset/source-offsets.ts';
import type { TaskTarget } from '../task/lifecycle.ts';
import type { ExactlyOnceGuard } from './exactly-once-guard.ts';
import { type HostLink, type HostReceiver, HostTimeoutError } from './host-link.ts';
import { HostPool, type OpenHost } from './host-pool.ts';
import { watchHosts } from './host-watch.ts';
import { Instances, type RunningConnector, type RunningTask } from './instances.ts';
import {
  type Fault,
  type FromHost,
  type InstanceId,
  type OffsetChange,
  type Question,
  type QuestionResults,
  type TaskEvent,
  type TaskStart,
  toFault,
} from './protocol.ts';

/** Longest wait for a call into a connector (start, task configurations, offsets). REST gives up after 90 s. */
const CONNECTOR_CALL_MS = 60_000;
const PING_MS = 1_000;
const METRICS_MS = 1_000;

/** What the herder hears. `moved`: the task was taken from a thread that had to be ended, and starts again in another one. */
export interface WorkerListener {
  onTask(id: ConnectorTaskId, event: TaskEvent | 'moved', trace: string | null): void;
  onConnectorFailed(connector: string, fault: Pick<Fault, 'message' | 'trace'>): void;
  onReconfigure(connector: string): void;
  onActiveTopic(connector: string, taskId: number, topic: string): void;
}

/** Plugins of packages are ended when they keep their thread busy; those that are built in are not. */
export interface PackageWatch {
  /** How long a thread may stand still, in milliseconds. */
  readonly hangMs: number;
  /** Class names of the plugins of packages that serve a connector with this configuration. */
  classesOf(connector: Config): readonly string[];
}

export interface WorkerParts {
  readonly openHost: OpenHost;
  /** Most threads. */
  readonly threads: number;
  readonly offsets: SourceOffsets;
  readonly guard: ExactlyOnceGuard;
  readonly gracefulStopMs: number;
  readonly packages: PackageWatch;
  readonly clock: Clock;
  readonly log: Log;
  readonly logHub: LogHub;
  readonly listener: WorkerListener;
}

/** What starting a task takes, but for the instance number. */
export type TaskToStart = Omit<TaskStart, 'instance'>;

export class Worker implements HostReceiver {
  readonly #parts: WorkerParts;
  readonly #pool: HostPool;
  readonly #instances = new Instances();
  /** Hosts that are being ended because something in them hangs. */
  readonly #evictions = new Map<HostLink, Promise<void>>();
  readonly #watching = new AbortController();

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#pool = new HostPool(parts.threads, parts.openHost, this, parts.clock);
    const watched = {
      clock: parts.clock,
      log: parts.log,
      links: () => this.#pool.links,
      tasksOn: (link: HostLink) =>
        this.#instances
          .allTasks()
          .filter((task) => task.host === link)
          .map(nameOf),
      hangMs: parts.packages.hangMs,
      onHang: (link: HostLink) => this.#endHanging(link),
    };
    this.#pool.warmUp();
    void watchHosts(watched, this.#watching.signal);
  }

  hasConnector(name: string): boolean {
    return this.#instances.connector(name) !== undefined;
  }

  /** Rejects with what the connector threw, or when it did not return in time. It then counts as running until it is stopped. */
  async startConnector(name: string, config: Config): Promise<void> {
    const host = await this.#pool.placeAnswering('connector', PING_MS);
    if (this.hasConnector(name)) throw new ConnectError(`Connector ${name} is running already.`);
    const running: RunningConnector = { instance: this.#instances.nextInstance(), name, config, host };
    this.#instances.addConnector(running);
    host.tellSecrets();
    await running.host.call({ call: 'startConnector', instance: running.instance, connector: name, config }, CONNECTOR_CALL_MS);
  }

  async taskConfigs(name: string, maxTasks: number): Promise<Config[]> {
    const running = this.#instances.connector(name);
    if (!running) throw new ConnectError(`Connector ${name} not found in this worker.`);
    return running.host.call({ call: 'taskConfigs', instance: running.instance, maxTasks }, CONNECTOR_CALL_MS);
  }

  /** On a fresh instance, as the connector is stopped. True: it has taken care of its own store as well. */
  async alterOffsets(connector: string, config: Config, offsets: readonly OffsetChange[]): Promise<boolean> {
    const host = await this.#pool.placeAnswering('connector', PING_MS);
    host.tellSecrets();
    return host.call({ call: 'alterOffsets', connector, config, offsets }, CONNECTOR_CALL_MS);
  }

  /** Resolves when the instance is gone; one that does not stop in time costs its thread. */
  async stopConnector(name: string): Promise<void> {
    const running = this.#instances.connector(name);
    if (!running) return;
    this.#instances.removeConnector(running);
    const { gracefulStopMs, log } = this.#parts;
    try {
      await running.host.call({ call: 'stopConnector', instance: running.instance }, gracefulStopMs);
    } catch (error) {
      if (running.host.isGone) return;
      if (error instanceof HostTimeoutError) await this.#evict(running.host, `connector ${name} did not stop within ${gracefulStopMs} ms`);
      else log.for({ connector: name }).error('The connector threw an error while it was stopped.', error);
    }
  }

  startTask(task: TaskToStart): void {
    if (this.#instances.task({ connector: task.connector, task: task.taskId })) {
      throw new ConnectError(`Task ${task.connector}-${task.taskId} is running already.`);
    }
    this.#launch(task);
  }

  setTaskTarget(id: ConnectorTaskId, target: TaskTarget): void {
    const running = this.#instances.task(id);
    if (!running) return;
    running.target = target;
    running.host.post({ kind: 'setTarget', instance: running.start.instance, target });
  }

  /** Resolves when all are gone. Those that take longer than the graceful time, counted for all together, are ended with their thread. */
  async stopTasks(ids: readonly ConnectorTaskId[]): Promise<void> {
    const find = () => ids.map((id) => this.#instances.task(id)).filter((task) => task !== undefined);
    // A task on its way to another thread is waited for: it would start there after it was stopped here.
    await Promise.all(find().map(({ host }) => this.#evictions.get(host)));
    const tasks = find();
    for (const task of tasks) task.isStopping = true;
    const hanging = await this.#endTasks(tasks);
    for (const task of tasks) this.#instances.removeTask(task);
    for (const host of new Set(hanging.map((task) => task.host))) {
      const names = hanging.filter((task) => task.host === host).map(nameOf);
      await this.#evict(host, `task ${names.join(', ')} did not stop within ${this.#parts.gracefulStopMs} ms`);
    }
  }

  forgetActiveTopics(connector: string): void {
    for (const link of this.#pool.links) link.post({ kind: 'forgetActiveTopics', connector });
  }

  setLogLevel(logger: string, level: LogLevel): void {
    for (const link of this.#pool.links) link.post({ kind: 'logLevel', logger, level });
  }

  /** Of every task; those of a thread that does not answer at once are left out. */
  async metrics(): Promise<MetricSample[]> {
    const answers = this.#pool.links.map((link) => link.call({ call: 'metrics' }, METRICS_MS).catch(() => []));
    return (await Promise.all(answers)).flat();
  }

  /** Stops everything within the graceful time, then ends the threads. Nothing can be started any more. */
  async stop(): Promise<void> {
    this.#watching.abort();
    for (const link of this.#pool.links) link.isRetired = true;
    const tasks = this.#instances.allTasks();
    for (const task of tasks) task.isStopping = true;
    const connectors = this.#instances.allConnectors();
    const stopConnectors = connectors.map(async ({ instance, host, name }) => {
      try {
        await host.call({ call: 'stopConnector', instance }, this.#parts.gracefulStopMs);
      } catch (error) {
        this.#parts.log.for({ connector: name }).warn('The connector was not stopped in an orderly way.', error);
      }
    });
    const [hanging] = await Promise.all([this.#endTasks(tasks), ...stopConnectors]);
    for (const task of hanging) {
      this.#parts.log
        .for({ connector: task.start.connector, task: task.start.taskId })
        .error(
          `Task ${nameOf(task)} did not stop within ${this.#parts.gracefulStopMs} ms (task.shutdown.graceful.timeout.ms) and is ended.`,
        );
    }
    await this.#pool.terminateAll();
  }

  // ---- what hosts say

  message(_link: HostLink, message: Exclude<FromHost, { kind: 'ready' | 'result' | 'question' }>): void {
    const { listener, logHub } = this.#parts;
    switch (message.kind) {
      case 'log':
        // The logger becomes known here as well, for `GET /admin/loggers`.
        logHub.log(message.event.logger);
        logHub.publish(message.event);
        return;
      case 'activeTopic':
        listener.onActiveTopic(message.connector, message.taskId, message.topic);
        return;
      case 'task':
        this.#onTaskEvent(message.instance, message.event, message.trace);
        return;
      case 'reconfigure': {
        const connector = this.#instances.connectorOf(message.instance);
        if (connector) listener.onReconfigure(connector.name);
        return;
      }
      case 'connectorFailed': {
        const connector = this.#instances.connectorOf(message.instance);
        if (connector) listener.onConnectorFailed(connector.name, message.fault);
        return;
      }
    }
  }

  async answer(question: Question): Promise<QuestionResults[Question['ask']]> {
    const { offsets, guard } = this.#parts;
    const { connector } = question;
    switch (question.ask) {
      case 'readOffsets':
        return offsets.read(connector, question.partitions);
      case 'writeOffsets':
        await offsets.write(connector, question.offsets);
        return undefined;
      case 'fenceZombies':
        await guard.fenceZombies(connector);
        return undefined;
      case 'isStillAssigned':
        return guard.isStillAssigned({ connector, task: question.taskId }, question.taskGeneration);
    }
  }

  /** The host died by itself: what lived there has failed, and says why. */
  gone(link: HostLink, reason: ConnectError): void {
    const { log, listener } = this.#parts;
    log.error(reason.message);
    this.#pool.remove(link);
    const trace = `${reason.javaClass}: ${reason.message}\n`;
    for (const instance of [...link.tasks]) this.#onTaskEvent(instance, 'failure', trace);
    for (const connector of this.#instances.allConnectors().filter((c) => c.host === link)) {
      this.#instances.removeConnector(connector);
      listener.onConnectorFailed(connector.name, { message: reason.message, trace });
    }
  }

  // ---- inside

  #launch(task: TaskToStart): void {
    const running: RunningTask = {
      start: { ...task, instance: this.#instances.nextInstance() },
      host: this.#pool.place('task'),
      isLaunched: false,
      ended: Promise.withResolvers<void>(),
      isEnded: false,
      target: task.target,
      isMoving: false,
      isStopping: false,
    };
    this.#instances.addTask(running);
    if (!running.host.wasHeard) this.#launchNow(running);
    else void this.#launchWhereAnswered(running);
  }

  async #launchWhereAnswered(running: RunningTask): Promise<void> {
    while (!(await running.host.answers(PING_MS))) {
      if (running.isEnded) return;
      this.#instances.rehost(running, this.#pool.place('task'));
    }
    this.#launchNow(running);
  }

  #launchNow(running: RunningTask): void {
    // It was told to stop before it had begun, or its host has died meanwhile.
    if (running.isEnded) return;
    running.isLaunched = true;
    running.host.tellSecrets();
    running.host.post({ kind: 'startTask', ...running.start, target: running.target });
  }

  #onTaskEvent(instance: InstanceId, event: TaskEvent, trace: string | null): void {
    const running = this.#instances.taskOf(instance);
    if (!running || running.isEnded) return;
    const { connector, taskId } = running.start;
    if (event === 'shutdown' || event === 'failure') {
      running.isEnded = true;
      // A failed task keeps no thread busy.
      running.host.tasks.delete(instance);
      running.ended.resolve();
    }
    if (!running.isMoving) this.#parts.listener.onTask({ connector, task: taskId }, event, trace);
  }

  /** Asks them to stop and waits, at most for the graceful time; gives those that are still there, cancelled. */
  async #endTasks(tasks: readonly RunningTask[]): Promise<RunningTask[]> {
    for (const { host, start, isLaunched } of tasks) {
      if (isLaunched) host.post({ kind: 'stopTask', instance: start.instance });
      else this.#onTaskEvent(start.instance, 'shutdown', null);
    }
    const over = new AbortController();
    const timeout = this.#parts.clock.sleep(this.#parts.gracefulStopMs, over.signal);
    await Promise.race([Promise.all(tasks.map((task) => task.ended.promise)), timeout]);
    over.abort();
    const hanging = tasks.filter((task) => !task.isEnded);
    for (const { host, start } of hanging) host.post({ kind: 'cancelTask', instance: start.instance });
    return hanging;
  }

  /** Ends a host in which something hangs; what else lives there goes on in another one. */
  #evict(host: HostLink, because: string): Promise<void> {
    if (host.isGone) return Promise.resolve();
    const running = this.#evictions.get(host);
    if (running) return running;
    const eviction = this.#evictNow(host, because).finally(() => this.#evictions.delete(host));
    this.#evictions.set(host, eviction);
    return eviction;
  }

  /**
   * Which of a thread's packages keeps it busy cannot be told from outside: all their tasks there have failed and, when there are none, all
   * their connectors. What else lives there moves.
   */
  #endHanging(host: HostLink): void {
    if (host.isGone || this.#evictions.has(host)) return;
    const { packages, listener } = this.#parts;
    const isOfPackage = (config: Config) => packages.classesOf(config).length > 0;
    const tasks = this.#instances.allTasks().filter((t) => t.host === host && !t.isEnded && isOfPackage(t.start.connectorConfig));
    const connectors = this.#instances.allConnectors().filter((c) => c.host === host && tasks.length === 0 && isOfPackage(c.config));
    const configs = [...tasks.map(({ start }) => start.connectorConfig), ...connectors.map(({ config }) => config)];
    if (configs.length === 0) return;
    const classes = [...new Set(configs.flatMap((config) => packages.classesOf(config)))].join(' or ');
    const because = `it has not answered for ${packages.hangMs} ms (kconsole.plugin.timeout.ms), kept busy by a plugin of plugin.path: ${classes}`;
    const message = `Task thread ${host.index} was ended: ${because}.`;
    const trace = `${new ConnectError(message).javaClass}: ${message}\n`;
    for (const { start } of tasks) this.#onTaskEvent(start.instance, 'failure', trace);
    for (const connector of connectors) {
      this.#instances.removeConnector(connector);
      listener.onConnectorFailed(connector.name, { message, trace });
    }
    void this.#evict(host, because);
  }

  async #evictNow(host: HostLink, because: string): Promise<void> {
    const { log, listener } = this.#parts;
    host.isRetired = true;
    const living = this.#instances.allTasks().filter((task) => task.host === host && !task.isEnded);
    const others = living.filter((task) => !task.isStopping);
    const connectors = this.#instances.allConnectors().filter((c) => c.host === host);
    log.error(
      `Task thread ${host.index} is ended: ${because}.${others.length > 0 ? ` Moved to a new thread: ${others.map(nameOf).join(', ')}.` : ''}`,
    );
    for (const task of others) {
      task.isMoving = true;
      listener.onTask({ connector: task.start.connector, task: task.start.taskId }, 'moved', null);
    }
    // A thread that still answers lets its healthy tasks finish, so that nothing of theirs is done twice.
    if (await host.answers(PING_MS)) await this.#endTasks(living);
    await host.terminate(new ConnectError(`Task thread ${host.index} was ended: ${because}.`));
    this.#pool.remove(host);
    for (const { isStopping, start } of living) if (isStopping) this.#onTaskEvent(start.instance, 'shutdown', null);
    for (const task of others) {
      this.#instances.removeTask(task);
      this.#launch({ ...task.start, target: task.target });
    }
    await Promise.all(connectors.map((connector) => this.#moveConnector(connector)));
  }

  async #moveConnector(old: RunningConnector): Promise<void> {
    if (this.#instances.connector(old.name) !== old) return;
    this.#instances.removeConnector(old);
    try {
      await this.startConnector(old.name, old.config);
    } catch (error) {
      this.#parts.listener.onConnectorFailed(old.name, toFault(error));
    }
  }
}

function nameOf({ start }: RunningTask): string {
  return `${start.connector}-${start.taskId}`;
}
