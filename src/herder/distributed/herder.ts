/**
 * The herder of a worker in a Connect cluster: reads answer from what this worker has read of Kafka's topics; changes are the leader's, restarts
 * the owner's, and what is another worker's is thrown as NotHereError for REST to pass on. Source: org.apache.kafka.connect.runtime.distributed.DistributedHerder.
 */
import { AlreadyExistsError, NotFoundError, RestError } from '../../base/errors.ts';
import { Lanes } from '../../base/lanes.ts';
import type { Log, LogLevel } from '../../base/log.ts';
import type { Config } from '../../plugin-api/plugin.ts';
import type { ClusterConfig, ConfigStore, ConnectorConfig } from '../../storage/config/port.ts';
import type { Status, StatusStore } from '../../storage/status/port.ts';
import type { Herder } from '../herder.ts';
import { isSameConfig } from '../launcher.ts';
import type {
  ConnectorInfo,
  ConnectorOffset,
  ConnectorOffsets,
  ConnectorStateInfo,
  DrainReply,
  Message,
  MetricSample,
  ServerHealth,
  ServerInfo,
  StateEntry,
  TargetState,
  TaskInfo,
  TaskState,
} from '../model.ts';
import type { OffsetControl, OffsetSubject } from '../offset-control.ts';
import { OwnWorker, type OwnWorkerParts } from '../own-worker.ts';
import { restartPlan } from '../restart-plan.ts';
import { acceptableConfig, mergedConfig } from '../submitted-config.ts';
import type { SubmittedConfig } from '../validate.ts';
import type { Coordination } from './coordination.ts';
import { NotHereError, type RequestSignature } from './forwarder.ts';
import type { GroupRequests } from './group-requests.ts';
import type { LocalConnectors } from './local-connectors.ts';
import type { LocalTasks } from './local-tasks.ts';
import type { Membership } from './membership.ts';
import { handText, type WorkerDrain } from './worker-drain.ts';
import type { ZombieFencing } from './zombie-fencing.ts';

export interface DistributedParts extends OwnWorkerParts {
  readonly configs: ConfigStore;
  readonly statuses: StatusStore;
  readonly coordination: Coordination;
  readonly connectors: LocalConnectors;
  readonly tasks: LocalTasks;
  readonly offsets: OffsetControl;
  readonly fencing: ZombieFencing;
  readonly drain: WorkerDrain;
  readonly log: Log;
  membership(): Membership;
  /** `unknown` when no such plugin is here. */
  typeOf(config: Config): ConnectorInfo['type'];
  /** Throws RestError 400, 403 or 503 unless a worker of the group has signed. */
  verify(signature: RequestSignature | null): void;
  /** The workers of the group sign what they ask of each other. */
  isSigned(): boolean;
  readonly syncTimeoutMs: number;
  /** Of the tasks; the herder adds its own. */
  taskMetrics(): Promise<readonly MetricSample[]>;
  ownMetrics(): readonly MetricSample[];
  forgetActiveTopics(connector: string): void;
}

export class DistributedHerder extends OwnWorker implements Herder, GroupRequests {
  readonly #parts: DistributedParts;
  /** Changes of this worker as the leader, those of one connector in the order they came. */
  readonly #changes = new Lanes();
  /** Each on the outcome of the one before. */
  readonly #patches = new Lanes();

  constructor(parts: DistributedParts) {
    super(parts);
    this.#parts = parts;
  }

  // ---- reading connectors

  async connectors(): Promise<readonly string[]> {
    return [...this.#config.connectors.keys()];
  }

  async connectorInfo(name: string): Promise<ConnectorInfo> {
    return this.#info(name, this.#connector(name));
  }

  async connectorConfig(name: string): Promise<Config> {
    return this.#connector(name).config;
  }

  async connectorStatus(name: string): Promise<ConnectorStateInfo> {
    return this.#status(name, `No status found for connector ${name}`);
  }

  async tasks(name: string): Promise<readonly TaskInfo[]> {
    return this.#connector(name).taskConfigs.map((config, task) => ({ id: { connector: name, task }, config }));
  }

  async taskStatus(name: string, task: number): Promise<TaskState> {
    const found = this.#parts.statuses.task({ connector: name, task });
    if (!found) throw new NotFoundError(`No status found for task ${name}-${task}`);
    return { id: task, ...entryOf(found) };
  }

  // ---- changing connectors

  async putConnectorConfig(
    name: string,
    config: SubmittedConfig,
    { allowReplace, initialState }: { allowReplace: boolean; initialState?: TargetState },
  ): Promise<{ created: boolean; info: ConnectorInfo }> {
    const named = Object.hasOwn(config, 'name') ? config : { ...config, name };
    await this.#throwUnlessLeader();
    // A plugin may take its time to judge: nothing waits for that.
    const accepted = await acceptableConfig(name, named, this.#parts.validation);
    return this.#asLeader(name, async () => {
      const isThere = this.#config.connectors.has(name);
      if (isThere && !allowReplace) throw new AlreadyExistsError(`Connector ${name} already exists`);
      await this.#parts.configs.putConnectorConfig(name, accepted, initialState ?? null);
      // A new connector has no tasks yet, whatever the topic keeps of an older one of that name.
      const info = { name, config: accepted, tasks: isThere ? this.#taskIds(name) : [], type: this.#parts.typeOf(accepted) };
      return { created: !isThere, info };
    });
  }

  patchConnectorConfig(name: string, patch: SubmittedConfig): Promise<ConnectorInfo> {
    return this.#patches.run(name, async () => {
      for (;;) {
        await this.#throwUnlessLeader();
        const { config } = this.#connector(name);
        const accepted = await acceptableConfig(name, mergedConfig(config, patch), this.#parts.validation);
        const info = await this.#asLeader(name, () => this.#replace(name, config, accepted));
        if (info !== null) return info;
      }
    });
  }

  /** `null`: it is not what was judged any more; somebody has changed it meanwhile. */
  async #replace(name: string, judged: Config, accepted: Config): Promise<ConnectorInfo | null> {
    if (!isSameConfig(this.#connector(name).config, judged)) return null;
    await this.#parts.configs.putConnectorConfig(name, accepted, null);
    return { name, config: accepted, tasks: this.#taskIds(name), type: this.#parts.typeOf(accepted) };
  }

  deleteConnector(name: string): Promise<void> {
    return this.#asLeader(name, async () => {
      this.#connector(name);
      await this.#parts.configs.removeConnectorConfig(name);
    });
  }

  pauseConnector(name: string): Promise<void> {
    return this.#setTarget(name, 'PAUSED');
  }

  resumeConnector(name: string): Promise<void> {
    return this.#setTarget(name, 'STARTED');
  }

  stopConnector(name: string): Promise<void> {
    return this.#asLeader(name, async () => {
      this.#connector(name, `Unknown connector ${name}`);
      await this.#parts.configs.putTaskConfigs(name, []);
      await this.#parts.configs.putTargetState(name, 'STOPPED');
    });
  }

  async restartConnector(name: string): Promise<void> {
    await this.#parts.coordination.settled();
    this.#connector(name, `Unknown connector: ${name}`);
    if (!this.#parts.connectors.owned.has(name)) throw this.#elsewhere({ connector: name });
    await this.#parts.connectors.restart(name, false);
  }

  restartConnectorAndTasks(name: string, options: { includeTasks: boolean; onlyFailed: boolean }): Promise<ConnectorStateInfo> {
    return this.#asLeader(name, async () => {
      this.#connector(name, `Unknown connector: ${name}`);
      const plan = restartPlan(options, this.#status(name, `Status for connector ${name} not found`));
      await this.#parts.configs.putRestartRequest({ connector: name, ...options });
      return plan.state;
    });
  }

  async restartTask(name: string, task: number): Promise<void> {
    await this.#parts.coordination.settled();
    const { taskConfigs } = this.#connector(name, `Unknown connector: ${name}`);
    if (!taskConfigs[task]) throw new NotFoundError(`Unknown task: ${name}-${task}`);
    if (!this.#parts.tasks.owns({ connector: name, task })) throw this.#elsewhere({ connector: name, task });
    await this.#parts.tasks.restart(name, [task], false);
  }

  // ---- what other workers of the group ask

  /** Throws as `verify` does, or NotHereError. */
  async acceptTaskConfigs(name: string, configs: readonly Config[], signature: RequestSignature | null): Promise<void> {
    this.#parts.verify(signature);
    await this.putTaskConfigs(name, configs);
  }

  async acceptFencing(name: string, signature: RequestSignature | null): Promise<void> {
    this.#parts.verify(signature);
    await this.fenceZombies(name);
  }

  async acceptDrain(workerId: string, signature: RequestSignature | null): Promise<DrainReply> {
    const own = this.#parts.workerId();
    // Whoever wants a password of operators must not be drained by anybody.
    if (!this.#parts.isSigned())
      throw new RestError(403, `The workers of this group do not sign what they ask of each other (connect.protocol): ask ${own} itself.`);
    this.#parts.verify(signature);
    if (workerId !== own) throw new RestError(409, `This worker is ${own}, not ${workerId}.`);
    return this.#parts.drain.here();
  }

  /** Producers of tasks that the connector had before its last set can write no more. */
  fenceZombies(name: string): Promise<void> {
    return this.#asLeader(name, () => this.#parts.fencing.fence(name));
  }

  /** A connector of this worker, or of one that asked, has made these. */
  putTaskConfigs(name: string, configs: readonly Config[]): Promise<void> {
    return this.#asLeader(name, async () => {
      const { target } = this.#connector(name);
      // Made while it was being stopped: a stopped connector has no tasks.
      if (target === 'STOPPED' && configs.length > 0) return;
      await this.#parts.configs.putTaskConfigs(name, configs);
    });
  }

  // ---- offsets and topics

  async connectorOffsets(name: string): Promise<ConnectorOffsets> {
    return this.#parts.offsets.read(await this.#offsetSubject(name));
  }

  alterConnectorOffsets(name: string, offsets: readonly ConnectorOffset[]): Promise<Message> {
    return this.#asLeader(name, async () => this.#parts.offsets.alter(await this.#offsetSubject(name), offsets));
  }

  resetConnectorOffsets(name: string): Promise<Message> {
    return this.#asLeader(name, async () => this.#parts.offsets.reset(await this.#offsetSubject(name)));
  }

  async activeTopics(name: string): Promise<readonly string[]> {
    this.checkTopicTracking();
    return this.#parts.statuses.topics(name).map(({ topic }) => topic);
  }

  async resetActiveTopics(name: string): Promise<void> {
    this.checkTopicReset();
    this.#parts.statuses.removeTopics(name);
    this.#parts.forgetActiveTopics(name);
  }

  // ---- the worker itself

  drain(worker?: string): Promise<DrainReply> {
    return this.#parts.drain.drain(worker);
  }

  /** Late when this worker's own queue is: the caller gives up after a while. */
  override async health(): Promise<ServerHealth> {
    await this.#parts.coordination.responds();
    const { left } = this.#parts.drain;
    if (left === null) return super.health();
    return { status: 'healthy', message: `Worker drains: ${handText(left)} still run on it.` };
  }

  override async serverInfo(): Promise<ServerInfo> {
    const info = await super.serverInfo();
    const { left } = this.#parts.drain;
    return left === null ? info : { ...info, draining: left };
  }

  // ---- logs and figures

  async setLogger(name: string, level: LogLevel, scope: 'worker' | 'cluster'): Promise<readonly string[] | null> {
    if (scope === 'cluster') {
      await this.#parts.configs.putLoggerLevel(name, level);
      return null;
    }
    return this.setOwnLevel(name, level);
  }

  async metrics(): Promise<readonly MetricSample[]> {
    return [...this.#parts.ownMetrics(), ...(await this.#parts.taskMetrics())];
  }

  // ---- inside

  get #config(): ClusterConfig {
    return this.#parts.configs.snapshot();
  }

  #connector(name: string, message = `Connector ${name} not found`): ConnectorConfig {
    const found = this.#config.connectors.get(name);
    if (!found) throw new NotFoundError(message);
    return found;
  }

  #info(name: string, { config }: ConnectorConfig): ConnectorInfo {
    return { name, config, tasks: this.#taskIds(name), type: this.#parts.typeOf(config) };
  }

  #taskIds(name: string): ConnectorInfo['tasks'] {
    return (this.#config.connectors.get(name)?.taskConfigs ?? []).map((_, task) => ({ connector: name, task }));
  }

  #status(name: string, missing: string): ConnectorStateInfo {
    const { statuses, typeOf } = this.#parts;
    const own = statuses.connector(name);
    if (!own) throw new NotFoundError(missing);
    const tasks = [...statuses.tasks(name)].sort(([a], [b]) => a - b).map(([id, status]) => ({ id, ...entryOf(status) }));
    const config = this.#config.connectors.get(name)?.config;
    return { name, connector: entryOf(own), tasks, type: config ? typeOf(config) : 'unknown' };
  }

  async #offsetSubject(name: string): Promise<OffsetSubject> {
    await this.#parts.configs.refresh(this.#parts.syncTimeoutMs);
    const { config, target, taskConfigs } = this.#connector(name);
    const type = this.#parts.typeOf(config);
    if (type === 'unknown')
      throw new RestError(500, `Connector ${name} has a class that this worker does not know: ${config['connector.class']}`);
    return { name, config, target, taskConfigs, plugin: { type } };
  }

  /** One record that any worker may write. */
  async #setTarget(name: string, target: TargetState): Promise<void> {
    // Made through another worker a moment ago, it may not have been read here yet.
    if (!this.#config.connectors.has(name)) await this.#parts.configs.refresh(this.#parts.syncTimeoutMs);
    this.#connector(name, `Unknown connector ${name}`);
    await this.#parts.configs.putTargetState(name, target);
  }

  /** A connector's changes one after the other, each on all that was written before it. Throws NotHereError when another worker leads. */
  async #asLeader<T>(connector: string, change: () => Promise<T>): Promise<T> {
    await this.#throwUnlessLeader();
    return this.#changes.run(connector, async () => {
      await this.#throwUnlessLeader();
      return change();
    });
  }

  async #throwUnlessLeader(): Promise<void> {
    const url = await this.#parts.coordination.leader();
    if (url !== null) throw new NotHereError(url, 'Only the leader can make this change.');
  }

  /** Only the leader knows the owner. */
  #elsewhere(owned: { readonly connector: string; readonly task?: number }): NotHereError {
    const membership = this.#parts.membership();
    const url = membership.isLeader ? membership.ownerUrl(owned) : membership.leaderUrl;
    return new NotHereError(url, `${owned.connector}${owned.task === undefined ? '' : `-${owned.task}`} runs on another worker.`);
  }
}

function entryOf({ state, workerId, version, trace }: Status): StateEntry {
  return { state, worker_id: workerId, version, ...(trace ? { trace } : {}) };
}
