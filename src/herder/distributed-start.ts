/**
 * Puts a distributed worker together: cluster id, the three topics, task threads, herder, and last the group. Source: ConnectDistributed, DistributedHerder.
 */
import { systemClock } from '../base/clock.ts';
import { ConfigError } from '../base/errors.ts';
import { logHub } from '../base/log.ts';
import type { Config } from '../plugin-api/plugin.ts';
import { KafkaConfigStore } from '../storage/config/kafka.ts';
import { type InternalTopicKind, internalTopic } from '../storage/internal-topic.ts';
import { KafkaOffsetStore } from '../storage/offset/kafka.ts';
import { KafkaStatusStore } from '../storage/status/kafka.ts';
import { workerAdminProperties } from '../worker/plugin-clients.ts';
import type { WorkerConfig } from '../worker/worker-config.ts';
import { type DistributedSettings, hasExactlyOnceSources } from '../worker/worker-spec.ts';
import { assembleDistributed } from './distributed/assembly.ts';
import type { InternalRequests } from './distributed/forwarder.ts';
import { GroupMembership } from './distributed/group-membership.ts';
import type { GroupProtocol } from './distributed/group-protocols.ts';
import type { DistributedHerder } from './distributed/herder.ts';
import type { SessionKeySettings } from './distributed/leader-duties.ts';
import { readMemberUrls } from './distributed/member-urls.ts';
import type { Membership } from './distributed/membership.ts';
import { checkAlgorithms, verifySignature } from './distributed/request-signature.ts';
import { whileKafkaIsAway } from './patience.ts';
import { assembleWorker, kafkaPoolOf, openPolicy, readClusterId, type WorkerDeps } from './worker-parts.ts';
import type { WorkerStages } from './worker-stage.ts';

export interface DistributedDeps extends WorkerDeps {
  /** Where other workers reach this one; ends in `/`. */
  advertisedUrl(): string;
  readonly internalRequests: InternalRequests;
  /** Told what the worker is busy with while it starts. */
  readonly stages: WorkerStages;
  /** The worker can take no part in its cluster any more. */
  onFailed(error: Error): void;
  /** The worker has drained, and is to be stopped. `reason`: a sentence without its full stop. */
  onDrained(reason: string): void;
}

export interface RunningDistributed {
  readonly herder: DistributedHerder;
  readonly membership: Membership;
  /** Leaves the group, stops connectors and tasks within the graceful time, says so in the statuses. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * A worker that has joined its group. While Kafka is away it waits and says so; `signal` ends that. Throws StartError, ConfigError or
 * ConnectError for what waiting cannot mend; nothing runs then.
 */
export async function startDistributed(
  config: WorkerConfig<DistributedSettings>,
  deps: DistributedDeps,
  signal: AbortSignal,
): Promise<RunningDistributed> {
  const pool = kafkaPoolOf(deps);
  const hub = deps.logHub ?? logHub;
  const log = hub.log('org.apache.kafka.connect.runtime.distributed.DistributedHerder');
  const { settings, properties } = config;
  const algorithms = settings['inter.worker.verification.algorithms'];
  checkAlgorithms(settings['inter.worker.signature.algorithm'], algorithms);
  const lease = pool.acquire('admin', { ...workerAdminProperties(properties), 'client.id': clientIdOf(properties, deps.workerId()) });
  const isolation = hasExactlyOnceSources(settings) ? { isolationLevel: 'read_committed' as const } : {};
  // From the first of the two rolling restarts on, so that no leader writes without when the second begins.
  const isFencing = settings['exactly.once.source.support'].toLowerCase() !== 'disabled';
  const leaderProducer = { acks: -1, lingerMs: 0 } as const;
  const openLeaderProducer = isFencing
    ? () => lease.kafka.transactionalProducer(`connect-cluster-${settings['group.id']}`, leaderProducer)
    : null;
  const clock = deps.clock ?? systemClock;
  const store = (kind: InternalTopicKind, logger: string) => ({
    kafka: lease.kafka,
    topic: internalTopic(kind, properties, log),
    clock,
    log: hub.log(`org.apache.kafka.connect.storage.${logger}`),
  });
  const configs = new KafkaConfigStore({ ...store('config', 'KafkaConfigBackingStore'), ...isolation, openLeaderProducer });
  const offsets = new KafkaOffsetStore({ ...store('offset', 'KafkaOffsetBackingStore'), ...isolation });
  const statusStore = new KafkaStatusStore(store('status', 'KafkaStatusBackingStore'));
  let clusterId = '';
  const parts = assembleWorker({
    config,
    deps,
    pool,
    store: offsets,
    guard: {
      fenceZombies: (...asked) => assembly.guard.fenceZombies(...asked),
      isStillAssigned: (...asked) => assembly.guard.isStillAssigned(...asked),
    },
    listener: {
      onTask: (...event) => assembly.listener.onTask(...event),
      onConnectorFailed: (...event) => assembly.listener.onConnectorFailed(...event),
      onReconfigure: (...event) => assembly.listener.onReconfigure(...event),
      onActiveTopic: (...event) => assembly.listener.onActiveTopic(...event),
    },
    log,
    clusterId: () => clusterId,
    restartConnector: (connector) => assembly.herder.restartConnector(connector),
  });
  const assembly = assembleDistributed({
    worker: parts,
    configs,
    statusStore,
    groupId: settings['group.id'],
    workerId: () => deps.workerId(),
    internalRequests: deps.internalRequests,
    verify: (signature) => verifySignature(signature, configs.snapshot().sessionKey, algorithms),
    memberUrls: () => readMemberUrls(lease.kafka.admin(), settings['group.id']),
    onFailed: (error) => deps.onFailed(error),
    onDrained: (reason) => deps.onDrained(reason),
    openMembership: (view) =>
      new GroupMembership(view, {
        kafka: lease.kafka,
        groupId: settings['group.id'],
        protocol: protocolOf(settings),
        url: () => deps.advertisedUrl(),
        sessionTimeoutMs: settings['session.timeout.ms'],
        heartbeatIntervalMs: settings['heartbeat.interval.ms'],
        rebalanceTimeoutMs: settings['rebalance.timeout.ms'],
        maxDelayMs: settings['scheduled.rebalance.max.delay.ms'],
        clock,
        log: hub.log('org.apache.kafka.connect.runtime.distributed.WorkerCoordinator'),
      }),
    settings: {
      sessionKey: sessionKeyOf(settings),
      syncTimeoutMs: settings['worker.sync.timeout.ms'],
      maxDelayMs: settings['scheduled.rebalance.max.delay.ms'],
      unsyncBackoffMs: settings['worker.unsync.backoff.ms'],
      gracefulStopMs: Number(settings['task.shutdown.graceful.timeout.ms']),
      isTopicTrackingEnabled: settings['topic.tracking.enable'],
      isTopicResetAllowed: settings['topic.tracking.allow.reset'],
    },
    log,
  });
  const { herder, membership, coordination } = assembly;
  let stopping: Promise<void> | null = null;
  const stop = async () => {
    await assembly.stop();
    await parts.stop();
    await Promise.all([configs.stop(), statusStore.stop(), offsets.stop()]);
    await lease.release();
  };
  const running: RunningDistributed = {
    herder,
    membership,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
  // Nothing else ends a group that does not answer.
  const giveUp = () => void running.stop();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const patient = <T>(what: string, work: () => Promise<T>) => whileKafkaIsAway(what, work, { clock, log, signal });
    clusterId = await deps.stages.during('connecting to the brokers', () =>
      patient('the brokers', () => readClusterId(config, pool, clock, log)),
    );
    await deps.stages.during('initializing and reading to the end of internal topics', async () => {
      await Promise.all([
        patient('the offsets topic', () => offsets.start()),
        patient('the status topic', () => statusStore.start()),
        patient('the config topic', () => configs.start(coordination)),
      ]);
    });
    await openPolicy(config, deps.packages);
    coordination.begin();
    await deps.stages.during('ensuring membership in the cluster', () => membership.start(coordination));
  } catch (error) {
    await running.stop();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
  return running;
}

/** As the original names its member: the broker puts this before the member's id. */
function clientIdOf(properties: Config, workerId: string): string {
  return properties['client.id'] || `connect-${workerId}`;
}

function protocolOf(settings: DistributedSettings): GroupProtocol {
  return settings['connect.protocol'].toLowerCase() as GroupProtocol;
}

const KEY_BITS: Readonly<Record<string, number>> = { hmacsha256: 256, hmacsha384: 384, hmacsha512: 512, hmacsha1: 160, hmacmd5: 128 };

/** Throws ConfigError for an algorithm that is not known here. */
function sessionKeyOf(settings: DistributedSettings): SessionKeySettings | null {
  if (protocolOf(settings) !== 'sessioned') return null;
  const algorithm = settings['inter.worker.key.generation.algorithm'];
  const bits = settings['inter.worker.key.size'] ?? KEY_BITS[algorithm.toLowerCase()];
  if (bits === undefined)
    throw new ConfigError(
      `Invalid value ${algorithm} for configuration inter.worker.key.generation.algorithm: known are HmacSHA256, HmacSHA384, HmacSHA512, HmacSHA1 and HmacMD5.`,
    );
  return { algorithm, sizeBytes: Math.ceil(bits / 8), ttlMs: settings['inter.worker.key.ttl.ms'] };
}
