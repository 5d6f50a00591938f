/** One task that writes heartbeats to the target. Source: org.apache.kafka.connect.mirror.MirrorHeartbeatConnector. */
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { atMost } from '../../../../base/in-time.ts';
import type { Config, Connector, ConnectorContext } from '../../../../plugin-api/plugin.ts';
import type { SourceOffset, SourcePartition } from '../../../../plugin-api/records.ts';
import { tellOfConverters } from '../shared/byte-converters.ts';
import { type CreateKafka, MirrorClients } from '../shared/clients.ts';
import { createInternalTopic } from '../shared/internal-topics.ts';
import { checkMirrorOffsets } from '../shared/offset-checks.ts';
import { replicationPolicyOf } from '../shared/replication-policy.ts';
import { intervalMsOf, Schedule } from '../shared/schedule.ts';
import { type MirrorHeartbeatConf, spec } from './spec.ts';

/** A topic that takes longer to make is made while the connector counts as started: the runtime gives a start a minute. */
const START_LIMIT_MS = 45_000;

interface Running {
  readonly config: Config;
  readonly conf: MirrorHeartbeatConf;
  readonly stopping: AbortController;
  readonly clients: MirrorClients;
}

export class MirrorHeartbeatConnector implements Connector {
  readonly #clock: Clock;
  readonly #createKafka: CreateKafka | undefined;
  #running: Running | null = null;

  constructor(clock: Clock = systemClock, createKafka?: CreateKafka) {
    this.#clock = clock;
    this.#createKafka = createKafka;
  }

  /** Rejects with ConfigError. `enabled` is for the other two connectors: heartbeats go on. */
  async start(config: Config, context: ConnectorContext): Promise<void> {
    const conf = spec.parse(config);
    const policy = replicationPolicyOf(config);
    tellOfConverters(config, context.log);
    const clients = new MirrorClients(config, context.log, this.#createKafka);
    const stopping = new AbortController();
    const signal = AbortSignal.any([stopping.signal, context.signal]);
    this.#running = { config, conf, stopping, clients };
    const admin = clients.of('target', 'admin', 'heartbeats-target-admin').kafka.admin();
    const topic = {
      name: policy.heartbeatsTopic(),
      replicationFactor: conf['heartbeats.topic.replication.factor'],
      cluster: conf['target.cluster.alias'],
    };
    const schedule = new Schedule({ timeoutMs: Number(conf['admin.timeout.ms']), clock: this.#clock, log: context.log, signal });
    const made = schedule.execute('making the topic of heartbeats', () => createInternalTopic(admin, topic, context.log));
    await atMost(made, START_LIMIT_MS, this.#clock, signal);
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    running?.stopping.abort();
    await running?.clients.close();
  }

  taskConfigs(_maxTasks: number): Config[] {
    if (!this.#running) return [];
    const { config, conf } = this.#running;
    const intervalMs = intervalMsOf(conf['emit.heartbeats.enabled'], conf['emit.heartbeats.interval.seconds']);
    return intervalMs < 0 ? [] : [config];
  }

  alterOffsets(_config: Config, offsets: ReadonlyArray<{ partition: SourcePartition | null; offset: SourceOffset | null }>): boolean {
    checkMirrorOffsets({ texts: ['sourceClusterAlias', 'targetClusterAlias'], hasPartition: false, isZero: true }, offsets);
    return true;
  }
}
