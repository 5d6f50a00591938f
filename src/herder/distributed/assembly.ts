/** The herder of a distributed worker over whatever stores, membership and worker it is given, and how its parts hear of each other. */
import type { Log } from '../../base/log.ts';
import type { Config } from '../../plugin-api/plugin.ts';
import type { ConfigStore } from '../../storage/config/port.ts';
import type { StatusStore } from '../../storage/status/port.ts';
import type { ExactlyOnceGuard } from '../../worker/exactly-once-guard.ts';
import type { WorkerListener } from '../../worker/worker.ts';
import { OffsetControl } from '../offset-control.ts';
import { knownPluginFacts, pluginFacts } from '../plugin-facts.ts';
import { restartPlan } from '../restart-plan.ts';
import { workerMetrics } from '../worker-metrics.ts';
import type { WorkerParts } from '../worker-parts.ts';
import { Coordination } from './coordination.ts';
import type { InternalRequests, RequestSignature } from './forwarder.ts';
import { GroupGuard } from './group-guard.ts';
import { DistributedHerder } from './herder.ts';
import { LeaderDuties, type SessionKeySettings } from './leader-duties.ts';
import { LocalConnectors } from './local-connectors.ts';
import { LocalTasks } from './local-tasks.ts';
import type { ConfigView, Membership } from './membership.ts';
import { StatusWriter } from './status-writer.ts';
import { TaskPublisher } from './task-publisher.ts';
import { WorkerDrain } from './worker-drain.ts';
import { ZombieFencing } from './zombie-fencing.ts';

export interface AssemblyParts {
  readonly worker: Omit<WorkerParts, 'stop' | 'reload'>;
  readonly configs: ConfigStore;
  readonly statusStore: StatusStore;
  openMembership(view: ConfigView): Membership;
  readonly internalRequests: InternalRequests;
  /** Throws RestError 400, 403 or 503 unless the request was signed with the session key. */
  verify(signature: RequestSignature | null): void;
  readonly groupId: string;
  workerId(): string;
  /** URLs of the group's members, each ending in `/`; empty while a round goes on. */
  memberUrls(): Promise<readonly string[]>;
  onFailed(error: Error): void;
  /** The worker has nothing left to do, and may end. `reason`: a sentence without its full stop. */
  onDrained(reason: string): void;
  readonly settings: {
    /** `null`: the group does not sign. */
    readonly sessionKey: SessionKeySettings | null;
    readonly syncTimeoutMs: number;
    readonly maxDelayMs: number;
    readonly unsyncBackoffMs: number;
    readonly gracefulStopMs: number;
    readonly isTopicTrackingEnabled: boolean;
    readonly isTopicResetAllowed: boolean;
  };
  readonly log: Log;
}

export interface DistributedAssembly {
  readonly herder: DistributedHerder;
  readonly membership: Membership;
  readonly coordination: Coordination;
  readonly listener: WorkerListener;
  readonly guard: ExactlyOnceGuard;
  /** Stops all work of this worker, says so in the statuses, then leaves the group. */
  stop(): Promise<void>;
}

export function assembleDistributed(given: AssemblyParts): DistributedAssembly {
  const { configs, statusStore, settings, log } = given;
  const { worker, launcher, validation, clock, hub } = given.worker;
  const { catalog, resolver } = validation;
  const config = () => coordination.config;
  const statuses = new StatusWriter(statusStore, () => given.workerId());
  const connectors: LocalConnectors = new LocalConnectors({
    launcher,
    statuses,
    config,
    pluginOf: (connector) => pluginFacts(connector, catalog, resolver),
    onRunning: (name) => publisher.request(name),
    onGone: (name) => publisher.forget(name),
    gracefulStopMs: settings.gracefulStopMs,
    clock,
    log,
  });
  const versionOf = (connector: Config) => knownPluginFacts(connector, catalog)?.version ?? null;
  const tasks = new LocalTasks({ worker, launcher, statuses, config, versionOf, log });
  const publish = async (connector: string, made: readonly Config[]): Promise<void> => {
    const leader = await coordination.leader();
    if (leader === null) await herder.putTaskConfigs(connector, made);
    else await given.internalRequests.putTaskConfigs(leader, connector, made, sessionKey());
  };
  const publisher = new TaskPublisher({ connectors, launcher, config, publish, clock, log });
  const duties = new LeaderDuties({
    configs,
    statuses: statusStore,
    config,
    membership: () => membership,
    sessionKey: settings.sessionKey,
    clock,
    log,
  });
  const coordination: Coordination = new Coordination({
    ...settings,
    configs,
    statusStore,
    statuses,
    connectors,
    tasks,
    membership: () => membership,
    onLeading: () => duties.afterRound(),
    onFollowing: () => duties.onFollowing(),
    onRestart: async (request) => {
      const plan = restartPlan(request, await herder.connectorStatus(request.connector));
      const isOwned = connectors.owned.has(request.connector);
      await Promise.all([
        plan.restartsConnector && isOwned ? connectors.restart(request.connector, true) : undefined,
        tasks.restart(request.connector, plan.tasks, true),
      ]);
    },
    onLoggerLevel: (logger, level) => {
      hub.setLevel(logger, level);
      worker.setLogLevel(logger, level);
    },
    onFailed: (error) => given.onFailed(error),
    clock,
    log,
  });
  const membership: Membership = given.openMembership(coordination);
  const isSigned = () => membership.protocol === 'sessioned';
  const sessionKey = () => (isSigned() ? configs.snapshot().sessionKey : null);
  const fencing = new ZombieFencing({
    configs,
    groupId: given.groupId,
    syncTimeoutMs: settings.syncTimeoutMs,
    withAdmin: async (connector, unresolved, work) =>
      given.worker.offsets.withAdmin(connector, (await resolver.resolve(unresolved)).config, work),
    log,
  });
  const drain = new WorkerDrain({
    membership: () => membership,
    settled: () => coordination.settled(),
    inHand: () => ({ connectors: connectors.names().length, tasks: tasks.count }),
    workerId: () => given.workerId(),
    memberUrls: () => given.memberUrls(),
    ask: (url, workerId) => given.internalRequests.drain(url, workerId, sessionKey()),
    onDrained: (reason) => given.onDrained(reason),
    maxDelayMs: settings.maxDelayMs,
    clock,
    log,
  });
  const fence = validation.cluster?.hasExactlyOnceSources ? { fence: (name: string) => fencing.fence(name) } : {};
  const herder: DistributedHerder = new DistributedHerder({
    ...given.worker,
    ...settings,
    configs,
    statuses: statusStore,
    coordination,
    connectors,
    tasks,
    offsets: new OffsetControl({ ...given.worker.offsets, ...fence }),
    fencing,
    drain,
    logHub: hub,
    log,
    membership: () => membership,
    workerId: () => given.workerId(),
    typeOf: (connector) => knownPluginFacts(connector, catalog)?.type ?? 'unknown',
    verify: (signature) => {
      if (isSigned()) given.verify(signature);
    },
    isSigned,
    ownMetrics: () =>
      workerMetrics(
        connectors.metered((name) => [...statusStore.tasks(name).values()].map(({ state }) => state)),
        { connectors: launcher.connectorStarts, tasks: launcher.taskStarts, taskCount: tasks.count },
      ),
    forgetActiveTopics: (connector) => worker.forgetActiveTopics(connector),
    onLogLevel: (logger, level) => worker.setLogLevel(logger, level),
  });
  const listener: WorkerListener = {
    onTask: (...event) => tasks.onTask(...event),
    onConnectorFailed: (name, fault) => connectors.onFailed(name, fault),
    onReconfigure: (connector) => publisher.request(connector),
    onActiveTopic: (connector, task, topic) => {
      if (!settings.isTopicTrackingEnabled || statusStore.topics(connector).some((one) => one.topic === topic)) return;
      statusStore.putTopic({ connector, task, topic, discoveredMs: clock.wallMs() });
    },
  };
  const guard = new GroupGuard({
    configs,
    fence: async (connector) => {
      const leader = await coordination.leader();
      if (leader === null) await herder.fenceZombies(connector);
      else await given.internalRequests.fenceZombies(leader, connector, sessionKey());
    },
    owns: (id) => tasks.owns(id),
    clock,
    log,
  });
  return {
    herder,
    membership,
    coordination,
    listener,
    guard,
    stop: async () => {
      coordination.stop();
      publisher.stop();
      duties.stop();
      // Before the group knows: nobody else may begin what still runs here.
      await coordination.onRevokedAll('the worker is stopping');
      await membership.stop('the worker is stopping');
    },
  };
}
