/**
 * Finds the groups of the source cluster and deals them out to tasks, which translate their offsets.
 * Source: org.apache.kafka.connect.mirror.MirrorCheckpointConnector (KIP-382, KIP-545).
 */
import { NOT_NEEDED } from '../../../../base/abort.ts';
import { backoffMs } from '../../../../base/backoff.ts';
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { ConnectError, messageOf, RetriableError } from '../../../../base/errors.ts';
import { logFor } from '../../../../base/log.ts';
import type { InspectedPart } from '../../../../plugin-api/inspection.ts';
import type { Config, Connector, ConnectorContext } from '../../../../plugin-api/plugin.ts';
import type { SourceOffset, SourcePartition } from '../../../../plugin-api/records.ts';
import type { ConfigValue } from '../../../../spec/config-def.ts';
import { tellOfConverters } from '../shared/byte-converters.ts';
import { MIRROR_CHECKPOINT_CONNECTOR } from '../shared/class-names.ts';
import { type CreateKafka, MirrorClients } from '../shared/clients.ts';
import { groupFilterOf } from '../shared/group-filter.ts';
import { createInternalTopic } from '../shared/internal-topics.ts';
import { checkMirrorOffsets, type OffsetRules } from '../shared/offset-checks.ts';
import { replicationPolicyOf } from '../shared/replication-policy.ts';
import { topicFilterOf } from '../shared/topic-filter.ts';
import { findGroups } from './find-groups.ts';
import { isPassing } from './follow-topic.ts';
import { GroupMonitor } from './group-monitor.ts';
import { inspectCheckpoints } from './inspect.ts';
import { type CheckpointConf, millis, spec } from './spec.ts';
import { chunksOf, groupsToConfig } from './task-groups.ts';
import { validateCheckpointConfig } from './validate-config.ts';

/** Longest wait for the first list of groups: the runtime gives a call a minute. */
const FIRST_LIST_MS = 45_000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 30_000;
const OFFSET_RULES: OffsetRules = { texts: ['group', 'topic'], hasPartition: true, isZero: true };

interface Running {
  readonly config: Config;
  readonly conf: CheckpointConf;
  readonly context: ConnectorContext;
  readonly clients: MirrorClients;
  readonly stopping: AbortController;
  readonly signal: AbortSignal;
  readonly monitor: GroupMonitor;
}

export class MirrorCheckpointConnector implements Connector {
  readonly #clock: Clock;
  readonly #create: CreateKafka | undefined;
  #running: Running | null = null;

  constructor(clock: Clock = systemClock, create?: CreateKafka) {
    this.#clock = clock;
    this.#create = create;
  }

  /** Throws ConfigError for settings. The clusters are asked afterwards: what they refuse for good fails the connector then. */
  start(config: Config, context: ConnectorContext): void {
    const conf = spec.parse(config);
    if (!conf.enabled || !conf['emit.checkpoints.enabled']) {
      context.log.info(`No checkpoints: ${conf.enabled ? 'emit.checkpoints.enabled' : 'enabled'} is false.`);
      return;
    }
    tellOfConverters(config, context.log);
    const stopping = new AbortController();
    const signal = AbortSignal.any([context.signal, stopping.signal]);
    const clients = new MirrorClients(config, context.log, this.#create);
    const running: Running = {
      config,
      conf,
      context,
      clients,
      stopping,
      signal,
      monitor: this.#monitor(config, conf, context, clients, signal),
    };
    this.#running = running;
    void this.#makeTopic(running);
    void running.monitor.run();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    running?.stopping.abort(NOT_NEEDED);
    await running?.clients.close();
  }

  /** Rejects with RetriableError while the groups are not known: tasks that there are stay. */
  async taskConfigs(maxTasks: number): Promise<Config[]> {
    const running = this.#running;
    if (running === null) return [];
    const { config, conf, monitor } = running;
    const groups = await monitor.groups(Math.min(Number(conf['admin.timeout.ms']), FIRST_LIST_MS));
    if (groups === null) {
      const why = monitor.lastError === null ? 'It has not answered yet' : messageOf(monitor.lastError);
      throw new RetriableError(`The groups of cluster "${conf['source.cluster.alias']}" are not known yet. ${why}`);
    }
    return chunksOf(groups, maxTasks).map((chunk, index) => ({ ...config, ...groupsToConfig(chunk), 'task.index': String(index) }));
  }

  validate(config: Config, values: Map<string, ConfigValue>): void {
    validateCheckpointConfig(config, values);
  }

  inspect(config: Config): Promise<readonly InspectedPart[]> {
    return inspectCheckpoints(config, logFor(MIRROR_CHECKPOINT_CONNECTOR), this.#clock, this.#create);
  }

  /** Nothing reads these offsets, so there is nothing else to take care of. */
  alterOffsets(_config: Config, offsets: ReadonlyArray<{ partition: SourcePartition | null; offset: SourceOffset | null }>): boolean {
    checkMirrorOffsets(OFFSET_RULES, offsets);
    return true;
  }

  #monitor(config: Config, conf: CheckpointConf, context: ConnectorContext, clients: MirrorClients, signal: AbortSignal): GroupMonitor {
    const admin = clients.of('source', 'admin', 'checkpoint-source-admin').kafka.admin();
    const isGroupWanted = groupFilterOf(config);
    const isTopicWanted = topicFilterOf(config);
    return new GroupMonitor({
      look: () => findGroups({ admin, isGroupWanted, isTopicWanted }),
      isPassing,
      intervalMs: conf['refresh.groups.enabled'] ? millis(conf['refresh.groups.interval.seconds']) : null,
      cluster: conf['source.cluster.alias'],
      clock: this.#clock,
      log: context.log,
      signal,
      onChange: () => context.requestTaskReconfiguration(),
      onFailure: (error) => {
        const text = `The groups of cluster "${conf['source.cluster.alias']}" cannot be listed. ${messageOf(error)}`;
        context.raiseError(new ConnectError(text, { cause: error }));
      },
    });
  }

  /** Until it is there; what the brokers refuse for good fails the connector. Never rejects. */
  async #makeTopic({ config, conf, context, clients, signal }: Running): Promise<void> {
    const { kafka } = clients.of('target', 'admin', 'checkpoint-target-admin');
    const name = replicationPolicyOf(config).checkpointsTopic(conf['source.cluster.alias']);
    const topic = { name, replicationFactor: conf['checkpoints.topic.replication.factor'], cluster: conf['target.cluster.alias'] };
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await createInternalTopic(kafka.admin(), topic, context.log);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const text = `Topic "${name}" for checkpoints cannot be made on cluster "${topic.cluster}": ${messageOf(error)}`;
        if (!isPassing(error)) {
          context.raiseError(new ConnectError(`${text}. Look at checkpoints.topic.replication.factor.`, { cause: error }));
          return;
        }
        const waitMs = backoffMs(failures, FIRST_RETRY_MS, MAX_RETRY_MS);
        context.log.warn(`${text}. It is tried again in ${waitMs} ms.`);
        await this.#clock.sleep(waitMs, signal);
      }
    }
  }
}
