/**
 * The standalone herder: configurations and statuses in memory, every operator verb. Mutations of one connector run one after the other
 * (a queue each), reads answer from memory. Source: org.apache.kafka.connect.runtime.standalone.StandaloneHerder.
 */
import { AlreadyExistsError, NotFoundError, RestError } from '../base/errors.ts';
import type { Log, LogHub, LogLevel } from '../base/log.ts';
import type { LogQuery, LogRing } from '../base/log-ring.ts';
import { SerialQueue } from '../base/serial-queue.ts';
import type { Config } from '../plugin-api/plugin.ts';
import type { Fault } from '../worker/protocol.ts';
import type { WorkerListener } from '../worker/worker.ts';
import type { ConnectorControl } from './connector-control.ts';
import { ConnectorEntry } from './connector-entry.ts';
import type { Herder } from './herder.ts';
import type {
  ConfigInfos,
  ConfigKeyInfo,
  ConnectorInfo,
  ConnectorOffset,
  ConnectorOffsets,
  ConnectorStateInfo,
  LoggerLevel,
  Message,
  MetricSample,
  NumberedLogEvent,
  PluginInfo,
  ServerHealth,
  ServerInfo,
  TargetState,
  TaskInfo,
  TaskState,
} from './model.ts';
import type { OffsetControl } from './offset-control.ts';
import { listPlugins, pluginConfig } from './plugin-list.ts';
import { restartPlan } from './restart-plan.ts';
import {
  findConnector,
  type SubmittedConfig,
  throwIfInvalid,
  type ValidationContext,
  validateConnectorConfig,
  validateForPlugin,
} from './validate.ts';

export interface StandaloneParts {
  readonly control: ConnectorControl;
  readonly offsets: OffsetControl;
  readonly validation: ValidationContext;
  readonly logRing: LogRing;
  readonly logHub: LogHub;
  readonly log: Log;
  readonly serverInfo: ServerInfo;
  /** `host:port` of the advertised REST URL. */
  workerId(): string;
  readonly isTopicTrackingEnabled: boolean;
  readonly isTopicResetAllowed: boolean;
  /** Of the tasks; the herder adds its own. */
  taskMetrics(): Promise<readonly MetricSample[]>;
  ownMetrics(entries: readonly ConnectorEntry[]): readonly MetricSample[];
  forgetActiveTopics(connector: string): void;
  onLogLevel(logger: string, level: LogLevel): void;
}

export class StandaloneHerder implements Herder, WorkerListener {
  readonly #parts: StandaloneParts;
  readonly #entries = new Map<string, ConnectorEntry>();
  readonly #queues = new Map<string, SerialQueue>();

  constructor(parts: StandaloneParts) {
    this.#parts = parts;
  }

  // ---- the worker and its plugins

  async serverInfo(): Promise<ServerInfo> {
    return this.#parts.serverInfo;
  }

  async health(): Promise<ServerHealth> {
    return { status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' };
  }

  async plugins(connectorsOnly: boolean): Promise<readonly PluginInfo[]> {
    return listPlugins(this.#parts.validation.catalog, connectorsOnly);
  }

  async pluginConfig(plugin: string, version?: string): Promise<readonly ConfigKeyInfo[]> {
    return pluginConfig(this.#parts.validation.catalog, plugin, version);
  }

  async validateConfig(pluginType: string, config: SubmittedConfig): Promise<ConfigInfos> {
    return validateForPlugin(pluginType, config, this.#parts.validation);
  }

  // ---- reading connectors

  async connectors(): Promise<readonly string[]> {
    return [...this.#entries.keys()];
  }

  async connectorInfo(name: string): Promise<ConnectorInfo> {
    return this.#entry(name).info();
  }

  async connectorConfig(name: string): Promise<Config> {
    return this.#entry(name).config;
  }

  async connectorStatus(name: string): Promise<ConnectorStateInfo> {
    return this.#entry(name, `No status found for connector ${name}`).stateInfo(this.#parts.workerId());
  }

  async tasks(name: string): Promise<readonly TaskInfo[]> {
    const entry = this.#entry(name);
    return entry.taskIds().map((id) => ({ id, config: entry.taskConfigs[id.task]! }));
  }

  async taskStatus(name: string, task: number): Promise<TaskState> {
    const state = this.#entries.get(name)?.taskStateInfo(task, this.#parts.workerId());
    if (!state) throw new NotFoundError(`No status found for task ${name}-${task}`);
    return state;
  }

  // ---- changing connectors

  async putConnectorConfig(
    name: string,
    config: SubmittedConfig,
    options: { allowReplace: boolean; initialState?: TargetState },
  ): Promise<{ created: boolean; info: ConnectorInfo }> {
    const accepted = await this.#validated(name, Object.hasOwn(config, 'name') ? config : { ...config, name });
    return this.#inTurn(name, () => this.#put(name, accepted, options));
  }

  patchConnectorConfig(name: string, patch: SubmittedConfig): Promise<ConnectorInfo> {
    return this.#change(name, async (entry) => {
      const merged: Record<string, string> = { ...entry.config };
      for (const [key, value] of Object.entries(patch)) {
        if (value === null) delete merged[key];
        else merged[key] = value;
      }
      const { info } = await this.#put(name, await this.#validated(name, merged), { allowReplace: true });
      return info;
    });
  }

  async deleteConnector(name: string): Promise<void> {
    await this.#change(name, async (entry) => {
      await this.#parts.control.remove(entry);
      this.#entries.delete(name);
    });
  }

  pauseConnector(name: string): Promise<void> {
    return this.#change(name, (entry) => this.#parts.control.setTarget(entry, 'PAUSED'), `Unknown connector ${name}`);
  }

  resumeConnector(name: string): Promise<void> {
    return this.#change(name, (entry) => this.#parts.control.setTarget(entry, 'STARTED'), `Unknown connector ${name}`);
  }

  stopConnector(name: string): Promise<void> {
    return this.#change(name, (entry) => this.#parts.control.setTarget(entry, 'STOPPED'), `Unknown connector ${name}`);
  }

  restartConnector(name: string): Promise<void> {
    return this.#change(name, (entry) => this.#parts.control.restartConnector(entry), `Unknown connector: ${name}`);
  }

  restartConnectorAndTasks(name: string, options: { includeTasks: boolean; onlyFailed: boolean }): Promise<ConnectorStateInfo> {
    return this.#change(
      name,
      async (entry) => {
        const plan = restartPlan(options, entry.stateInfo(this.#parts.workerId()));
        await this.#parts.control.restart(entry, plan);
        return plan.state;
      },
      `Unknown connector: ${name}`,
    );
  }

  restartTask(name: string, task: number): Promise<void> {
    return this.#change(
      name,
      async (entry) => {
        if (!entry.taskConfigs[task]) throw new NotFoundError(`Unknown task: ${name}-${task}`);
        await this.#parts.control.restartTask(entry, task);
      },
      `Unknown connector: ${name}`,
    );
  }

  // ---- offsets and topics

  async connectorOffsets(name: string): Promise<ConnectorOffsets> {
    return this.#parts.offsets.read(this.#entry(name));
  }

  alterConnectorOffsets(name: string, offsets: readonly ConnectorOffset[]): Promise<Message> {
    return this.#change(name, (entry) => this.#parts.offsets.alter(entry, offsets));
  }

  resetConnectorOffsets(name: string): Promise<Message> {
    return this.#change(name, (entry) => this.#parts.offsets.reset(entry));
  }

  async activeTopics(name: string): Promise<readonly string[]> {
    if (!this.#parts.isTopicTrackingEnabled) throw new RestError(403, 'Topic tracking is disabled.');
    return [...(this.#entries.get(name)?.topics ?? [])];
  }

  async resetActiveTopics(name: string): Promise<void> {
    if (!this.#parts.isTopicTrackingEnabled) throw new RestError(403, 'Topic tracking is disabled.');
    if (!this.#parts.isTopicResetAllowed) throw new RestError(403, 'Topic tracking reset is disabled.');
    this.#entries.get(name)?.topics.clear();
    this.#parts.forgetActiveTopics(name);
  }

  // ---- logs and figures

  async loggers(): Promise<Readonly<Record<string, LoggerLevel>>> {
    const rows = [...this.#parts.logHub.loggers()].map(([name, { level, lastModifiedMs }]): [string, LoggerLevel] => [
      name,
      { level, last_modified: lastModifiedMs },
    ]);
    return Object.fromEntries(rows);
  }

  async logger(name: string): Promise<LoggerLevel> {
    const found = this.#parts.logHub.loggers().get(name);
    if (!found) throw new NotFoundError(`Logger ${name} not found.`);
    return { level: found.level, last_modified: found.lastModifiedMs };
  }

  async setLogger(name: string, level: LogLevel, scope: 'worker' | 'cluster'): Promise<readonly string[] | null> {
    const affected = this.#parts.logHub.setLevel(name, level);
    this.#parts.onLogLevel(name, level);
    return scope === 'cluster' ? null : affected;
  }

  async metrics(): Promise<readonly MetricSample[]> {
    return [...this.#parts.ownMetrics([...this.#entries.values()]), ...(await this.#parts.taskMetrics())];
  }

  async workerLog(query: LogQuery): Promise<readonly NumberedLogEvent[]> {
    return this.#parts.logRing.read(query);
  }

  // ---- what the worker reports

  onTask: WorkerListener['onTask'] = (id, event, trace) => {
    const entry = this.#entries.get(id.connector);
    if (entry) this.#parts.control.onTask(entry, id, event, trace);
  };

  onConnectorFailed(connector: string, fault: Pick<Fault, 'message' | 'trace'>): void {
    this.#entries.get(connector)?.setState('FAILED', fault.trace);
  }

  onReconfigure(connector: string): void {
    const work = this.#inTurn(connector, async () => {
      const entry = this.#entries.get(connector);
      if (entry?.target === 'STARTED' && entry.state !== 'FAILED') await this.#parts.control.updateTasks(entry);
    });
    // The failure is in the connector's status.
    work.catch((error: unknown) => this.#parts.log.for({ connector }).error('The tasks could not be configured anew.', error));
  }

  onActiveTopic(connector: string, _taskId: number, topic: string): void {
    if (this.#parts.isTopicTrackingEnabled) this.#entries.get(connector)?.topics.add(topic);
  }

  // ---- inside

  #entry(name: string, message = `Connector ${name} not found`): ConnectorEntry {
    const entry = this.#entries.get(name);
    if (!entry) throw new NotFoundError(message);
    return entry;
  }

  /** `work` on the connector, when all before it is done. */
  #change<T>(name: string, work: (entry: ConnectorEntry) => Promise<T>, unknown?: string): Promise<T> {
    return this.#inTurn(name, () => work(this.#entry(name, unknown)));
  }

  async #inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(name) ?? new SerialQueue();
    this.#queues.set(name, queue);
    try {
      return await queue.run(work);
    } finally {
      if (queue.isIdle && !this.#entries.has(name)) this.#queues.delete(name);
    }
  }

  async #put(
    name: string,
    config: Config,
    { allowReplace, initialState = 'STARTED' }: { allowReplace: boolean; initialState?: TargetState },
  ): Promise<{ created: boolean; info: ConnectorInfo }> {
    const existing = this.#entries.get(name);
    if (existing && !allowReplace) throw new AlreadyExistsError(`Connector ${name} already exists`);
    const { catalog, resolver } = this.#parts.validation;
    const { config: named } = await resolver.resolve({ 'connector.class': config['connector.class']! });
    const { kind, version, className } = findConnector(named['connector.class']!.trim(), catalog);
    const facts = { type: kind, version, className };
    const entry = existing ?? new ConnectorEntry(name, config, initialState, facts);
    entry.config = config;
    entry.plugin = facts;
    this.#entries.set(name, entry);
    await this.#parts.control.apply(entry);
    return { created: !existing, info: entry.info() };
  }

  /** The configuration as it may be stored. Throws RestError 400 with every finding. */
  async #validated(name: string, config: SubmittedConfig): Promise<Config> {
    if (Object.hasOwn(config, 'name') && config.name !== name)
      throw new RestError(400, `Connector name configuration (${config.name}) doesn't match connector name in the URL (${name})`);
    throwIfInvalid(await validateConnectorConfig(config, this.#parts.validation));
    return withoutNulls(config);
  }
}

/** A connector's own validation lets a null pass for a key that it does not need, and a JVM worker then breaks on it. */
function withoutNulls(config: SubmittedConfig): Config {
  const entries = Object.entries(config).map(([key, value]): [string, string] => {
    if (value === null) throw new RestError(400, `The value of ${key} is null. Give a value, or leave the key out.`);
    return [key, value];
  });
  return Object.fromEntries(entries);
}
