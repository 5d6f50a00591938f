/** Copies topics of one cluster to another: finds them, keeps their copies, deals partitions out to tasks. Source: org.apache.kafka.connect.mirror.MirrorSourceConnector. */
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { RetriableError } from '../../../../base/errors.ts';
import { atMost } from '../../../../base/in-time.ts';
import { logFor } from '../../../../base/log.ts';
import type { InspectedPart } from '../../../../plugin-api/inspection.ts';
import type { Config, Connector, ConnectorContext, ExactlyOnceSupport } from '../../../../plugin-api/plugin.ts';
import type { SourceOffset, SourcePartition } from '../../../../plugin-api/records.ts';
import type { ConfigValue } from '../../../../spec/config-def.ts';
import { tellOfConverters } from '../shared/byte-converters.ts';
import { MIRROR_SOURCE_CONNECTOR } from '../shared/class-names.ts';
import { flowOf, mirrorClientProperties } from '../shared/client-properties.ts';
import { type CreateKafka, MirrorClients } from '../shared/clients.ts';
import { createInternalTopic } from '../shared/internal-topics.ts';
import { checkMirrorOffsets } from '../shared/offset-checks.ts';
import { type ReplicationPolicy, replicationPolicyOf } from '../shared/replication-policy.ts';
import { intervalMsOf, Schedule } from '../shared/schedule.ts';
import { topicFilterOf } from '../shared/topic-filter.ts';
import { configFilterOf } from './config-rules.ts';
import { inspectMirror } from './inspect.ts';
import { dealOut, OFFSET_RULES, writePartitions } from './offsets.ts';
import { type MirrorSourceConf, spec } from './spec.ts';
import { offsetSyncsPlace } from './syncs-place.ts';
import { TopicMirror } from './topic-mirror.ts';

/** What takes longer at the start goes on while the connector counts as started: the runtime gives a start a minute. */
const START_LIMIT_MS = 45_000;
/** Between two attempts at the first look, without which there is nothing to do. */
const FIRST_LOOK_MS = 10_000;

const READ_COMMITTED = 'read_committed';

interface Running {
  readonly config: Config;
  readonly conf: MirrorSourceConf;
  readonly context: ConnectorContext;
  readonly stopping: AbortController;
  readonly clients: MirrorClients;
  readonly schedule: Schedule;
  readonly policy: ReplicationPolicy;
  readonly mirror: TopicMirror;
  /** Tasks were asked for before anybody knew what is to be copied. */
  areTasksOwed: boolean;
}

export class MirrorSourceConnector implements Connector {
  readonly #clock: Clock;
  readonly #createKafka: CreateKafka | undefined;
  #running: Running | null = null;

  constructor(clock: Clock = systemClock, createKafka?: CreateKafka) {
    this.#clock = clock;
    this.#createKafka = createKafka;
  }

  /** Rejects with ConfigError; clusters that do not answer are waited for while it runs. */
  async start(config: Config, context: ConnectorContext): Promise<void> {
    const conf = spec.parse(config);
    if (!conf.enabled) {
      context.log.info('enabled=false: nothing is copied.');
      return;
    }
    tellOfConverters(config, context.log, true);
    const running = this.#open(config, conf, context);
    this.#running = running;
    const begun = this.#begin(running);
    void begun.then(() => this.#goOn(running));
    await atMost(begun, START_LIMIT_MS, this.#clock, running.stopping.signal);
  }

  /** Resolves at once: what is under way is broken off. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    running?.stopping.abort();
    await running?.clients.close();
  }

  /** Throws RetriableError while nobody knows what is to be copied: tasks that there are stay. The original takes them away. */
  taskConfigs(maxTasks: number): Config[] {
    if (!this.#running) return [];
    const { config, conf, mirror } = this.#running;
    const { partitions } = mirror;
    this.#running.areTasksOwed = partitions === null;
    if (partitions === null)
      throw new RetriableError(
        `The topics of cluster '${conf['source.cluster.alias']}' could not be listed so far. It is asked again by itself.`,
      );
    return dealOut(partitions, maxTasks).map((hand, i) => ({
      ...config,
      'task.assigned.partitions': writePartitions(hand),
      'task.index': String(i),
    }));
  }

  validate(config: Config, values: Map<string, ConfigValue>): void {
    const emits = config['emit.offset-syncs.enabled'];
    const setsSyncs = Object.keys(config).some((name) => name.startsWith('offset-syncs-') || name.startsWith('offset-syncs.topic.'));
    if (emits === 'false' && setsSyncs) {
      values
        .get('emit.offset-syncs.enabled')
        ?.errors.push("MirrorSourceConnector can't setup offset-syncs feature while emit.offset-syncs.enabled set to false");
    }
    if (config['exactly.once.support'] !== 'required' || readsCommittedOnly(config)) return;
    const row = { name: 'exactly.once.support', value: null, recommendedValues: [], errors: [NOT_COMMITTED_ONLY], visible: true };
    values.set(row.name, row);
  }

  inspect(config: Config): Promise<readonly InspectedPart[]> {
    return inspectMirror(config, logFor(MIRROR_SOURCE_CONNECTOR), this.#createKafka);
  }

  /** Records of transactions that are aborted later must not be among those that are copied. */
  exactlyOnceSupport(config: Config): ExactlyOnceSupport {
    return readsCommittedOnly(config) ? 'SUPPORTED' : 'UNSUPPORTED';
  }

  alterOffsets(_config: Config, offsets: ReadonlyArray<{ partition: SourcePartition | null; offset: SourceOffset | null }>): boolean {
    checkMirrorOffsets(OFFSET_RULES, offsets);
    return true;
  }

  #open(config: Config, conf: MirrorSourceConf, context: ConnectorContext): Running {
    const { log } = context;
    const policy = replicationPolicyOf(config);
    const topicFilter = topicFilterOf(config);
    const configFilter = configFilterOf(conf);
    const stopping = new AbortController();
    const signal = AbortSignal.any([stopping.signal, context.signal]);
    const clients = new MirrorClients(config, log, this.#createKafka);
    const mirror = new TopicMirror({
      source: clients.of('source', 'admin', 'replication-source-admin').kafka.admin(),
      target: clients.of('target', 'admin', 'replication-target-admin').kafka.admin(),
      sourceAlias: conf['source.cluster.alias'],
      targetAlias: conf['target.cluster.alias'],
      areHeartbeatsCopied: conf['heartbeats.replication.enabled'],
      replicationFactor: conf['replication.factor'],
      ...{ policy, topicFilter, configFilter, log },
      onPartitionsChanged: () => context.requestTaskReconfiguration(),
      onFatal: (error) => context.raiseError(error),
    });
    const timeoutMs = Number(conf['admin.timeout.ms']);
    const schedule = new Schedule({ timeoutMs, clock: this.#clock, log, signal });
    return { config, conf, context, stopping, clients, schedule, policy, mirror, areTasksOwed: false };
  }

  async #begin(running: Running): Promise<void> {
    const { schedule, mirror } = running;
    await schedule.execute('making the topic of offset syncs', () => this.#createSyncsTopic(running));
    await schedule.execute('listing topics and partitions', () => mirror.load());
    await schedule.execute('making copies of topics', () => mirror.createMissing());
  }

  /** Rounds that never end; before the first of them the source must have answered once. */
  async #goOn(running: Running): Promise<void> {
    const { config, conf, schedule, mirror, stopping, context } = running;
    if (running.areTasksOwed && mirror.partitions !== null) context.requestTaskReconfiguration();
    while (mirror.partitions === null && !stopping.signal.aborted) {
      await this.#clock.sleep(FIRST_LOOK_MS, stopping.signal);
      await schedule.execute('listing topics and partitions', () => mirror.refresh());
    }
    if (stopping.signal.aborted) return;
    schedule.repeat('copying ACLs of topics', intervalMsOf(conf['sync.topic.acls.enabled'], conf['sync.topic.acls.interval.seconds']), () =>
      mirror.syncAcls(),
    );
    schedule.repeat(
      'copying settings of topics',
      intervalMsOf(conf['sync.topic.configs.enabled'], conf['sync.topic.configs.interval.seconds']),
      () => mirror.syncConfigs(),
    );
    context.log.info(`Copying ${flowOf(config)}: ${mirror.partitions?.length ?? 0} partitions.`);
    schedule.repeat(
      'looking for new topics and partitions',
      intervalMsOf(conf['refresh.topics.enabled'], conf['refresh.topics.interval.seconds']),
      () => mirror.refresh(),
      true,
    );
  }

  async #createSyncsTopic({ conf, policy, clients, context }: Running): Promise<void> {
    if (!conf['emit.offset-syncs.enabled']) return;
    const { side, topic, cluster } = offsetSyncsPlace(conf, policy);
    const admin = clients.of(side, 'admin', `offset-syncs-${side}-admin`).kafka.admin();
    const replicationFactor = conf['offset-syncs.topic.replication.factor'];
    await createInternalTopic(admin, { name: topic, replicationFactor, cluster }, context.log);
  }
}

/** The original's sentence. */
const NOT_COMMITTED_ONLY =
  "MirrorSourceConnector can only provide exactly-once guarantees when its source consumer is configured with isolation.level set to 'read_committed'; " +
  'otherwise, records from aborted and uncommitted transactions will be replicated from the source cluster to the target cluster.';

function readsCommittedOnly(config: Config): boolean {
  return mirrorClientProperties(config, 'source', 'consumer', 'replication-consumer')['isolation.level'] === READ_COMMITTED;
}
