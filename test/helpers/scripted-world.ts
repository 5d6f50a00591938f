/**
 * A Connect cluster and a Kafka whose every figure is written down: for frames that must look the same each time, and for faults that
 * real ones show only by chance. What the real ones do is shown by the journeys.
 */

import { NotFoundError } from '../../src/base/errors.ts';
import type { Herder } from '../../src/herder/herder.ts';
import type { ConnectorOffset, ConnectorState, ConnectorType, MetricSample, NumberedLogEvent } from '../../src/herder/model.ts';
import type {
  AclBinding,
  Admin,
  ClientQuota,
  FetchedRecord,
  Fetcher,
  Kafka,
  LogDirInfo,
  RawBatch,
  TopicInfo,
} from '../../src/kafka/contract.ts';
import { rawBatch } from './kept-batches.ts';
import { createMemoryHerder } from './memory-herder.ts';
import { MemoryProducer } from './memory-kafka.ts';
import { ScriptedCluster } from './scripted-cluster.ts';
import { groupAdmin, type ScriptedGroup } from './scripted-groups.ts';

export interface ScriptedTask {
  state: ConnectorState;
  worker: string;
  trace?: string;
}

export interface ScriptedConnector {
  name: string;
  type: ConnectorType;
  state: ConnectorState;
  worker: string;
  tasks: ScriptedTask[];
  config: Record<string, string>;
  topics: string[];
  trace?: string;
  offsets: ConnectorOffset[];
  /** Total of records, as the worker's metrics give it; grows by `perLook` with every look. */
  records: number;
  perLook: number;
  /** Records that a sink has taken since its last commit. */
  awaitingCommit: number;
  /** `task-error-metrics` of its first task, by name. */
  errors: Record<string, number>;
  /** What its tasks tell beyond that. */
  samples: MetricSample[];
}

export interface ScriptedTopic {
  name: string;
  partitions: Array<{ leader: number; replicas: number[]; isr: number[]; end: bigint }>;
  isInternal?: boolean;
}

export class ScriptedWorld {
  connectors: ScriptedConnector[] = [];
  topics: ScriptedTopic[] = [];
  brokers: number[] = [1, 2, 3];
  controller: number | null = 2;
  groups = new Map<string, ScriptedGroup>();
  /** `null`: the brokers have no authorizer. */
  acls: AclBinding[] | null = [];
  quotas: ClientQuota[] = [];
  records: FetchedRecord[] = [];
  /** Settings, eligible replicas, moves of replicas. */
  readonly cluster = new ScriptedCluster();
  /** What was written is in `sent`. */
  readonly producer = new ScriptedProducer();
  log: NumberedLogEvent[] | null = [];
  hasMetrics = true;
  diskUsedShare = 0.61;
  /** Every call that changes something, as `pause orders`. */
  readonly calls: string[] = [];
  /** Set: every call of the herder fails with it. */
  herderError: Error | null = null;
  kafkaError: Error | null = null;
  /** Changes are taken and nothing follows (a status that lags behind). */
  isDeaf = false;

  readonly herder: Herder = this.#makeHerder();
  readonly kafka: Kafka = this.#makeKafka();

  connector(name: string): ScriptedConnector {
    const found = this.connectors.find((one) => one.name === name);
    if (!found) throw new NotFoundError(`Connector ${name} not found`);
    return found;
  }

  #change(call: string, name: string, apply: (one: ScriptedConnector) => void): Promise<void> {
    if (this.herderError) return Promise.reject(this.herderError);
    this.calls.push(`${call} ${name}`);
    if (!this.isDeaf) apply(this.connector(name));
    return Promise.resolve();
  }

  #set(one: ScriptedConnector, state: ConnectorState): void {
    one.state = state;
    if (state === 'STOPPED') one.tasks = [];
    else if (one.tasks.length === 0) one.tasks = [{ state, worker: one.worker }];
    for (const task of one.tasks) if (task.state !== 'FAILED') task.state = state;
  }

  #restart(one: ScriptedConnector, which: (task: ScriptedTask, id: number) => boolean): void {
    for (const [id, task] of one.tasks.entries()) {
      if (!which(task, id)) continue;
      task.state = 'RUNNING';
      delete task.trace;
    }
  }

  #makeHerder(): Herder {
    const read = <T>(value: () => T): Promise<T> => (this.herderError ? Promise.reject(this.herderError) : Promise.resolve(value()));
    return {
      ...createMemoryHerder(),
      connectors: () => read(() => this.connectors.map((one) => one.name)),
      overview: () =>
        read(() => Object.fromEntries(this.connectors.map((one) => [one.name, { status: statusOf(one), info: infoOf(one) }]))),
      connectorStatus: (name) => read(() => statusOf(this.connector(name))),
      connectorInfo: (name) => read(() => infoOf(this.connector(name))),
      connectorConfig: (name) => read(() => this.connector(name).config),
      activeTopics: (name) => read(() => this.connector(name).topics),
      connectorOffsets: (name) => read(() => ({ offsets: this.connector(name).offsets })),
      pauseConnector: (name) => this.#change('pause', name, (one) => this.#set(one, 'PAUSED')),
      resumeConnector: (name) => this.#change('resume', name, (one) => this.#set(one, 'RUNNING')),
      stopConnector: (name) => this.#change('stop', name, (one) => this.#set(one, 'STOPPED')),
      deleteConnector: (name) =>
        this.#change('delete', name, () =>
          this.connectors.splice(
            this.connectors.findIndex((one) => one.name === name),
            1,
          ),
        ),
      putConnectorConfig: async (name, config, { initialState }) => {
        if (this.herderError) throw this.herderError;
        const kept = Object.fromEntries(Object.entries(config).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
        const known = this.connectors.find((other) => other.name === name);
        if (known) {
          this.calls.push(`config ${name}`);
          known.config = kept;
          return { created: false, info: infoOf(known) };
        }
        this.calls.push(`create ${name}`);
        const one = connector(name, 'source', { config: kept });
        if (initialState === 'STOPPED' || initialState === 'PAUSED') this.#set(one, initialState);
        this.connectors.push(one);
        return { created: true, info: infoOf(one) };
      },
      restartConnector: (name) => this.#change('restart connector', name, (one) => this.#restart(one, () => false)),
      restartConnectorAndTasks: async (name, { includeTasks, onlyFailed }) => {
        await this.#change(`restart ${onlyFailed ? 'failed' : 'all'}${includeTasks ? '' : ' without tasks'}`, name, (one) => {
          one.state = 'RUNNING';
          this.#restart(one, (task) => !onlyFailed || task.state === 'FAILED');
        });
        return statusOf(this.connector(name));
      },
      restartTask: (name, task) => this.#change(`restart task ${task}`, name, (one) => this.#restart(one, (_, id) => id === task)),
      alterConnectorOffsets: async (name, offsets) => {
        await this.#change(
          `alter ${JSON.stringify(offsets, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))}`,
          name,
          (one) => {
            const text = (value: unknown) => JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
            const rest = one.offsets.filter((old) => !offsets.some((change) => text(change.partition) === text(old.partition)));
            one.offsets = [...rest, ...offsets.filter((change) => change.offset !== null)];
          },
        );
        return { message: 'The offsets for this connector have been altered successfully' };
      },
      resetConnectorOffsets: async (name) => {
        await this.#change('reset offsets', name, (one) => {
          one.offsets = [];
        });
        return { message: 'The offsets for this connector have been reset successfully' };
      },
      metrics: () => read(() => (this.hasMetrics ? this.connectors.flatMap((one) => this.#metricsOf(one)) : null)),
      workerLog: ({ connector: name, task, afterSequence = -1, limit = 1000 }) =>
        read(() => {
          const isWanted = (event: NumberedLogEvent) =>
            event.sequence > afterSequence && (!name || event.connector === name) && (task === undefined || event.task === task);
          return this.log?.filter(isWanted).slice(0, limit) ?? null;
        }),
    };
  }

  #metricsOf(one: ScriptedConnector): MetricSample[] {
    if (one.state === 'RUNNING') one.records += one.perLook;
    const [group, name] =
      one.type === 'sink' ? ['sink-task-metrics', 'sink-record-send-total'] : ['source-task-metrics', 'source-record-write-total'];
    const errors = Object.entries(one.errors).map(([error, value]) => ({
      group: 'task-error-metrics',
      name: error,
      tags: { connector: one.name, task: '0' },
      value,
    }));
    const records = one.tasks.map((_, task) => ({
      group,
      name,
      tags: { connector: one.name, task: String(task) },
      value: Math.floor(one.records / one.tasks.length),
    }));
    const awaiting = {
      group,
      name: 'sink-record-active-count',
      tags: { connector: one.name, task: '0' },
      value: one.awaitingCommit,
    };
    return [...records, ...(one.type === 'sink' ? [awaiting] : []), ...errors, ...one.samples];
  }

  #makeKafka(): Kafka {
    const unused = (): never => {
      throw new Error('the console never joins a group');
    };
    return {
      clientId: 'scripted',
      admin: () => this.#admin(),
      fetcher: () => new ScriptedFetcher(this),
      producer: () => this.producer,
      transactionalProducer: unused,
      groupMember: unused,
      groupConsumer: unused,
      topicLog: unused,
      close: async () => undefined,
    };
  }

  #admin(): Admin {
    const read = <T>(value: () => T): Promise<T> => (this.kafkaError ? Promise.reject(this.kafkaError) : Promise.resolve(value()));
    const nothing = async () => undefined;
    return {
      cluster: () =>
        read(() => ({
          clusterId: 'scripted',
          controllerId: this.controller,
          brokers: this.brokers.map((id) => ({ id, host: `10.0.0.${id}`, port: 9092, rack: 'abc'[id - 1] ?? null })),
        })),
      topics: (names) => {
        const wanted = names && new Set(names);
        return read(() => this.topics.filter((one) => !wanted || wanted.has(one.name)).map(toTopicInfo));
      },
      listOffsets: (partitions, spec) => {
        const byName = new Map(this.topics.map((one) => [one.name, one]));
        return read(() =>
          partitions.map(({ topic, partition }) => {
            const end = byName.get(topic)?.partitions[partition]?.end ?? null;
            const offset = end === null ? null : spec === 'earliest' ? 0n : spec === 'latest' ? end : end / 2n;
            return { topic, partition, offset, timestampMs: null, error: end === null ? 'UNKNOWN_TOPIC_OR_PARTITION' : null };
          }),
        );
      },
      logDirs: (brokerIds = this.brokers, topics) =>
        read(() => {
          const wanted = topics && new Set(topics.map(({ name }) => name));
          const lying = this.topics.filter(({ name }) => !wanted || wanted.has(name));
          this.cluster.copied.bytes += this.cluster.copied.perLook;
          return brokerIds.map((id) => this.#logDir(id, lying));
        }),
      quorum: () =>
        read(() => ({
          leaderId: this.controller ?? -1,
          leaderEpoch: 41,
          highWatermark: 900n,
          voters: [1, 2, 3].map((id) => ({ id, logEndOffset: 900n, lastFetchMs: -1, lastCaughtUpMs: -1 })),
          observers: [],
        })),
      createTopics: nothing,
      deleteTopics: nothing,
      createPartitions: nothing,
      deleteRecords: nothing,
      fenceProducers: nothing,
      ...groupAdmin(this, read),
      ...this.cluster.admin(this, read),
    };
  }

  #logDir(brokerId: number, topics: readonly ScriptedTopic[]): LogDirInfo {
    const partitions = topics.flatMap(({ name, partitions: all }) =>
      all.flatMap(({ replicas, end }, partition) =>
        replicas.includes(brokerId) ? [{ topic: name, partition, sizeBytes: end * 80n, offsetLag: 0n, isFuture: false }] : [],
      ),
    );
    for (const { topic, partition, adding } of this.cluster.moves) {
      const { bytes: sizeBytes } = this.cluster.copied;
      const isNew = adding.includes(brokerId) && topics.some(({ name }) => name === topic);
      if (isNew && !partitions.some((one) => one.topic === topic && one.partition === partition))
        partitions.push({ topic, partition, sizeBytes, offsetLag: 1_500n, isFuture: false });
    }
    return {
      brokerId,
      path: `/var/lib/kafka/data-${brokerId}`,
      error: null,
      totalBytes: 500_000_000_000n,
      usableBytes: 500_000_000_000n - BigInt(Math.round(this.diskUsedShare * 500_000_000_000)),
      partitions,
    };
  }
}

class ScriptedProducer extends MemoryProducer {
  override async flush(): Promise<void> {
    while (this.inFlight.length > 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Hands out the world's records once, then waits for more. */
class ScriptedFetcher implements Fetcher {
  readonly consumedBytes = 0;
  readonly #world: ScriptedWorld;
  #at = 0;
  #hasPolled = false;
  #assigned: ReadonlyArray<{ topic: string; partition: number }> = [];

  constructor(world: ScriptedWorld) {
    this.#world = world;
  }

  assign(partitions: Parameters<Fetcher['assign']>[0]): void {
    this.#assigned = partitions;
    this.#at = partitions[0]?.offset === 'latest' ? 0 : 0;
  }

  async pollRaw(timeoutMs: number, signal?: AbortSignal): Promise<RawBatch[]> {
    return (await this.poll(timeoutMs, signal)).map((record) => rawBatch([record]));
  }

  async poll(timeoutMs: number, signal?: AbortSignal): Promise<FetchedRecord[]> {
    if (this.#world.kafkaError) throw this.#world.kafkaError;
    const fresh = this.#world.records
      .slice(this.#at)
      .filter((record) => this.#assigned.some((one) => one.topic === record.topic && one.partition === record.partition));
    this.#at = this.#world.records.length;
    this.#hasPolled = true;
    if (fresh.length > 0) return fresh;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(timeoutMs, 20));
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return [];
  }

  add(): void {}
  takeResets() {
    return [];
  }
  troubles() {
    return [];
  }
  remove(): void {}
  seek(): void {}
  pause(): void {}
  resume(): void {}
  paused = () => [];
  assignment = () => this.#assigned;
  /** It has all once it was asked. */
  position = ({ topic, partition }: { topic: string; partition: number }) =>
    (this.#hasPolled ? this.#world.topics.find((one) => one.name === topic)?.partitions[partition]?.end : null) ?? 0n;
  endOffset = () => 0n;
  wakeup(): void {}
  close = async () => undefined;
}

function statusOf(one: ScriptedConnector) {
  const version = '4.3.1';
  return {
    name: one.name,
    connector: { state: one.state, worker_id: one.worker, version, ...(one.trace ? { trace: one.trace } : {}) },
    tasks: one.tasks.map((task, id) => ({
      id,
      state: task.state,
      worker_id: task.worker,
      version,
      ...(task.trace ? { trace: task.trace } : {}),
    })),
    type: one.type,
  };
}

function infoOf(one: ScriptedConnector) {
  return {
    name: one.name,
    config: { ...one.config, name: one.name },
    tasks: one.tasks.map((_, task) => ({ connector: one.name, task })),
    type: one.type,
  };
}

function toTopicInfo({ name, partitions, isInternal }: ScriptedTopic): TopicInfo {
  return {
    name,
    topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
    isInternal: isInternal ?? false,
    partitions: partitions.map(({ leader, replicas, isr }, partition) => ({
      partition,
      leader,
      leaderEpoch: 3,
      replicas,
      isr,
      offlineReplicas: replicas.filter((id) => !isr.includes(id)),
      error: leader < 0 ? 'LEADER_NOT_AVAILABLE' : null,
    })),
    error: null,
  };
}

export function connector(name: string, type: ConnectorType, more: Partial<ScriptedConnector> = {}): ScriptedConnector {
  const worker = more.worker ?? '10.0.0.11:8083';
  return {
    name,
    type,
    state: 'RUNNING',
    worker,
    tasks: [{ state: 'RUNNING', worker }],
    config: {
      'connector.class':
        type === 'sink'
          ? 'org.apache.kafka.connect.file.FileStreamSinkConnector'
          : 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      'tasks.max': '1',
    },
    topics: [],
    offsets: [],
    records: 0,
    perLook: 0,
    awaitingCommit: 0,
    errors: {},
    samples: [],
    ...more,
  };
}

export function topic(name: string, partitions: number, end: bigint, isInternal = false): ScriptedTopic {
  return {
    name,
    isInternal,
    partitions: Array.from({ length: partitions }, (_, i) => {
      const replicas = [0, 1, 2].map((n) => ((i + n) % 3) + 1);
      return { leader: replicas[0]!, replicas, isr: [...replicas], end };
    }),
  };
}
