/** A distributed herder over stores in memory and a group that the test plays. */
import { assembleDistributed, type DistributedAssembly } from '../../src/herder/distributed/assembly.ts';
import { Drain } from '../../src/herder/distributed/drain.ts';
import type { InternalRequests } from '../../src/herder/distributed/forwarder.ts';
import type {
  Assignment,
  ConfigView,
  ConnectorsAndTasks,
  MemberFacts,
  Membership,
  MembershipListener,
} from '../../src/herder/distributed/membership.ts';
import { MemoryConfigStore } from '../../src/storage/config/memory.ts';
import { MemoryStatusStore } from '../../src/storage/status/memory.ts';
import { type MemoryWorkerOptions, memoryWorker } from './memory-worker.ts';

const OWN_URL = 'http://127.0.0.1:8083/';
export const LEADER_URL = 'http://leader:8083/';
/** After which the next rounds are asked for at once. */
const QUIET_MS = 1_000;
const NOTHING: ConnectorsAndTasks = { connectors: [], tasks: [] };

/** A group whose rounds are held when the test says so. */
export class PlayedGroup implements Membership {
  readonly #view: ConfigView;
  #listener: MembershipListener | null = null;
  generation = 0;
  isLeader = true;
  isRebalancing = true;
  readonly memberId = 'member-1';
  readonly protocol = 'sessioned';
  readonly scheduledRebalanceMs = null;
  owner: string | null = 'http://owner:8083/';
  /** Reasons of rounds that were asked for and not held yet. */
  readonly asked: string[] = [];
  leftFor: string | null = null;
  /** Whom the leader knows. */
  others: readonly MemberFacts[] = [];
  drained: Drain | null = null;
  #owned: ConnectorsAndTasks = NOTHING;

  constructor(view: ConfigView) {
    this.#view = view;
  }

  get leaderUrl(): string | null {
    return this.isRebalancing ? null : this.isLeader ? OWN_URL : LEADER_URL;
  }

  get lastLeaderUrl(): string | null {
    return this.isLeader ? OWN_URL : LEADER_URL;
  }

  async start(listener: MembershipListener): Promise<void> {
    this.#listener = listener;
    await this.round();
  }

  requestRejoin(reason: string): void {
    this.asked.push(reason);
    this.isRebalancing = true;
  }

  ownerUrl(): string | null {
    return this.owner;
  }

  members() {
    return this.others;
  }

  drain(): Drain {
    this.drained ??= new Drain();
    return this.drained;
  }

  async stop(reason: string): Promise<void> {
    this.leftFor = reason;
  }

  /** One round; without `given` everything that is configured is this worker's. Gives the offset that the group agreed on. */
  async round(given: Partial<Assignment> = {}): Promise<bigint> {
    await this.#listener?.beforeJoin();
    const config = this.#view.snapshot();
    this.asked.length = 0;
    const all = {
      connectors: [...config.connectors.keys()],
      tasks: [...config.connectors].flatMap(([connector, { taskConfigs }]) => taskConfigs.map((_, task) => ({ connector, task }))),
    };
    this.isRebalancing = false;
    const assignment: Assignment = {
      ...all,
      error: 'NONE',
      leader: this.isLeader ? this.memberId : 'member-2',
      leaderUrl: this.isLeader ? OWN_URL : LEADER_URL,
      configOffset: config.offset,
      revoked: NOTHING,
      delayMs: 0,
      generation: ++this.generation,
      memberId: this.memberId,
      protocol: 'sessioned',
      ...given,
    };
    this.#owned = { connectors: assignment.connectors, tasks: assignment.tasks };
    await this.#listener?.onAssigned(assignment);
    return config.offset;
  }

  get owned(): ConnectorsAndTasks {
    return this.#owned;
  }

  /** The group has gone on without this worker. */
  lose(): Promise<void> | undefined {
    this.isRebalancing = true;
    return this.#listener?.onRevokedAll('the group does not know this worker any more');
  }
}

interface DistributedRigOptions extends MemoryWorkerOptions {
  readonly internalRequests?: Partial<InternalRequests>;
  readonly memberUrls?: readonly string[];
}

export async function distributedRig(options: DistributedRigOptions = {}) {
  const taskEvents: string[] = [];
  const parts = memoryWorker(
    () => ({
      ...assembly.listener,
      onTask: (id, event, trace) => {
        taskEvents.push(`${id.connector}-${id.task} ${event}`);
        assembly.listener.onTask(id, event, trace);
      },
      restartConnector: (name) => assembly.herder.restartConnector(name),
    }),
    options,
  );
  const configs = new MemoryConfigStore();
  const statusStore = new MemoryStatusStore();
  let group: PlayedGroup | null = null;
  const failures: Error[] = [];
  const drained: string[] = [];
  const assembly: DistributedAssembly = assembleDistributed({
    worker: parts,
    configs,
    statusStore,
    openMembership: (view) => {
      group = new PlayedGroup(view);
      return group;
    },
    internalRequests: {
      putTaskConfigs: async () => Promise.reject(new Error('no leader is played')),
      fenceZombies: async () => Promise.reject(new Error('no leader is played')),
      drain: async () => Promise.reject(new Error('no other worker is played')),
      ...options.internalRequests,
    },
    groupId: 'group',
    verify: () => undefined,
    workerId: () => '127.0.0.1:8083',
    memberUrls: async () => options.memberUrls ?? [],
    onFailed: (error) => failures.push(error),
    onDrained: (reason) => drained.push(reason),
    settings: {
      sessionKey: { algorithm: 'HmacSHA256', sizeBytes: 32, ttlMs: 3_600_000 },
      syncTimeoutMs: 3_000,
      maxDelayMs: 300_000,
      unsyncBackoffMs: 300_000,
      gracefulStopMs: 5_000,
      isTopicTrackingEnabled: true,
      isTopicResetAllowed: true,
    },
    log: parts.log,
  });
  await configs.start(assembly.coordination);
  assembly.coordination.begin();
  await group!.start(assembly.coordination);
  const states = (name: string) => {
    const tasks = [...statusStore.tasks(name)].sort(([a], [b]) => a - b).map(([, { state }]) => state);
    return [statusStore.connector(name)?.state ?? null, ...tasks];
  };
  return {
    ...assembly,
    configs,
    statusStore,
    group: group as unknown as PlayedGroup,
    failures,
    /** Why it is to be stopped. */
    drained,
    /** What the tasks of this worker have told, in order. */
    taskEvents,
    clock: parts.clock,
    kafka: parts.kafka,
    logRing: parts.logRing,
    states,
    /** Holds the rounds that are asked for until none is; a quiet time goes by before and after each. */
    async agree(): Promise<void> {
      await parts.clock.advance(QUIET_MS);
      while (group!.asked.length > 0) {
        await group!.round();
        await parts.clock.advance(QUIET_MS);
      }
    },
  };
}
