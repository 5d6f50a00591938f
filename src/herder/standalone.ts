/**
 * The standalone herder: configurations and statuses in memory, every operator verb. Mutations of one connector run one after the other
 * (a queue each), reads answer from memory. Source: org.apache.kafka.connect.runtime.standalone.StandaloneHerder.
 */
import { AlreadyExistsError, NotFoundError, RestError } from '../base/errors.ts';
import { Lanes } from '../base/lanes.ts';
import type { Log, LogLevel } from '../base/log.ts';
import type { Config } from '../plugin-api/plugin.ts';
import type { Fault } from '../worker/protocol.ts';
import type { WorkerListener } from '../worker/worker.ts';
import type { ConnectorControl } from './connector-control.ts';
import { ConnectorEntry } from './connector-entry.ts';
import type { Herder } from './herder.ts';
import type {
  ConnectorInfo,
  ConnectorOffset,
  ConnectorOffsets,
  ConnectorStateInfo,
  DrainReply,
  Message,
  MetricSample,
  TargetState,
  TaskInfo,
  TaskState,
  WorkerProbe,
} from './model.ts';
import type { OffsetControl } from './offset-control.ts';
import { OwnWorker, type OwnWorkerParts } from './own-worker.ts';
import { pluginFacts } from './plugin-facts.ts';
import { restartPlan } from './restart-plan.ts';
import { acceptableConfig, mergedConfig } from './submitted-config.ts';
import type { SubmittedConfig } from './validate.ts';

export interface StandaloneParts extends OwnWorkerParts {
  readonly control: ConnectorControl;
  readonly offsets: OffsetControl;
  readonly log: Log;
  /** Of the tasks; the herder adds its own. */
  taskMetrics(): Promise<readonly MetricSample[]>;
  ownMetrics(entries: readonly ConnectorEntry[]): readonly MetricSample[];
  forgetActiveTopics(connector: string): void;
}

export class StandaloneHerder extends OwnWorker implements Herder, WorkerListener {
  readonly #parts: StandaloneParts;
  readonly #entries = new Map<string, ConnectorEntry>();
  /** By connector. */
  readonly #lanes = new Lanes();

  constructor(parts: StandaloneParts) {
    super(parts);
    this.#parts = parts;
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
    const accepted = await acceptableConfig(name, Object.hasOwn(config, 'name') ? config : { ...config, name }, this.#parts.validation);
    return this.#lanes.run(name, () => this.#put(name, accepted, options));
  }

  patchConnectorConfig(name: string, patch: SubmittedConfig): Promise<ConnectorInfo> {
    return this.#change(name, async (entry) => {
      const accepted = await acceptableConfig(name, mergedConfig(entry.config, patch), this.#parts.validation);
      const { info } = await this.#put(name, accepted, { allowReplace: true });
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

  override async workers(): Promise<readonly WorkerProbe[]> {
    return (await super.workers()).map((own) => ({ ...own, isStandalone: true }));
  }

  async drain(): Promise<DrainReply> {
    throw new RestError(400, 'A standalone worker cannot drain: no other worker could take its connectors. End its process to stop them.');
  }

  async activeTopics(name: string): Promise<readonly string[]> {
    this.checkTopicTracking();
    return [...(this.#entries.get(name)?.topics ?? [])];
  }

  async resetActiveTopics(name: string): Promise<void> {
    this.checkTopicReset();
    this.#entries.get(name)?.topics.clear();
    this.#parts.forgetActiveTopics(name);
  }

  // ---- logs and figures

  async setLogger(name: string, level: LogLevel, scope: 'worker' | 'cluster'): Promise<readonly string[] | null> {
    const affected = this.setOwnLevel(name, level);
    return scope === 'cluster' ? null : affected;
  }

  async metrics(): Promise<readonly MetricSample[]> {
    return [...this.#parts.ownMetrics([...this.#entries.values()]), ...(await this.#parts.taskMetrics())];
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
    const work = this.#lanes.run(connector, async () => {
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
    return this.#lanes.run(name, () => work(this.#entry(name, unknown)));
  }

  async #put(
    name: string,
    config: Config,
    { allowReplace, initialState = 'STARTED' }: { allowReplace: boolean; initialState?: TargetState },
  ): Promise<{ created: boolean; info: ConnectorInfo }> {
    const existing = this.#entries.get(name);
    if (existing && !allowReplace) throw new AlreadyExistsError(`Connector ${name} already exists`);
    const { catalog, resolver } = this.#parts.validation;
    const facts = await pluginFacts(config, catalog, resolver);
    const entry = existing ?? new ConnectorEntry(name, config, initialState, facts);
    entry.config = config;
    entry.plugin = facts;
    this.#entries.set(name, entry);
    await this.#parts.control.apply(entry);
    return { created: !existing, info: entry.info() };
  }
}
