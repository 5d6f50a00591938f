/**
 * Compacted topics in memory with faults that real brokers show only by chance: writes that are held back or refused, a reader that lags.
 * What Kafka itself does is tested on brokers.
 */
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { LogHub } from '../../src/base/log.ts';
import type { Admin, FetchedRecord, Kafka, NewTopic, RecordPlace, TopicLog, TopicLogOptions } from '../../src/kafka/contract.ts';
import { KafkaError } from '../../src/kafka/kafka-error.ts';
import { partitionOfKey } from '../../src/kafka/producer/partitioner.ts';
import { KafkaConfigStore } from '../../src/storage/config/kafka.ts';
import { type InternalTopicKind, internalTopic } from '../../src/storage/internal-topic.ts';
import { KafkaOffsetStore } from '../../src/storage/offset/kafka.ts';
import { KafkaStatusStore } from '../../src/storage/status/kafka.ts';
import { createMemoryKafka } from './memory-kafka.ts';

type Bytes = Uint8Array | string | null;

interface Topic {
  readonly settings: Readonly<Record<string, string>>;
  readonly replicationFactor: number;
  readonly partitions: FetchedRecord[][];
}

const toBuffer = (bytes: Bytes): Buffer | null => (bytes === null ? null : Buffer.from(bytes as string));

export class MemoryTopics {
  readonly topics = new Map<string, Topic>();
  readonly created: NewTopic[] = [];
  /** Asked before each write; it may wait, and reject. */
  onSend: (key: string, value: string | null) => void | Promise<void> = () => undefined;
  /** Asked before creation and configuration requests. */
  onAdmin: (call: 'topics' | 'createTopics' | 'describeConfigs') => void | Promise<void> = () => undefined;
  brokers = 3;
  /** Nothing is handed to readers while it is true. */
  isHeld = false;
  readonly #logs = new Set<MemoryTopicLog>();

  create({ name, partitions, replicationFactor, configs = {} }: NewTopic): void {
    const count = partitions === -1 ? 1 : partitions;
    this.topics.set(name, { settings: configs, replicationFactor, partitions: Array.from({ length: count }, () => []) });
  }

  append(name: string, key: Bytes, value: Bytes, partition?: number): RecordPlace {
    const topic = this.topic(name);
    const keyBytes = toBuffer(key);
    const at = partition ?? partitionOfKey(keyBytes ?? Buffer.alloc(0), topic.partitions.length);
    const records = topic.partitions[at]!;
    records.push({
      ...{ topic: name, partition: at, offset: BigInt(records.length), timestampMs: 0, timestampType: 'CreateTime', headers: null },
      key: keyBytes,
      value: toBuffer(value),
    });
    this.deliver();
    return { partition: at, offset: BigInt(records.length - 1) };
  }

  /** Keys and values of a topic, by partition and offset. */
  texts(name: string): [key: string, value: string | null][] {
    return this.topic(name)
      .partitions.flat()
      .map(({ key, value }) => [String(key), value === null ? null : String(value)]);
  }

  topic(name: string): Topic {
    const topic = this.topics.get(name);
    if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `topic "${name}" is not known`);
    return topic;
  }

  release(): void {
    this.isHeld = false;
    this.deliver();
  }

  deliver(): void {
    for (const log of this.#logs) log.deliverSoon();
  }

  kafka(): Kafka {
    return {
      ...createMemoryKafka(),
      admin: () => this.#admin(),
      topicLog: (options) => {
        const log = new MemoryTopicLog(this, options, () => this.#logs.delete(log));
        this.#logs.add(log);
        return log;
      },
    };
  }

  #admin(): Admin {
    const calls: Pick<Admin, 'topics' | 'createTopics' | 'describeConfigs' | 'cluster'> = {
      topics: async (names = []) => {
        await this.onAdmin('topics');
        return names.map((name) => {
          const count = this.topics.get(name)?.partitions.length ?? 0;
          const partition = { leader: 1, leaderEpoch: 0, replicas: [1], isr: [1], offlineReplicas: [], error: null };
          const partitions = Array.from({ length: count }, (_, at) => ({ ...partition, partition: at }));
          return { name, topicId: name, isInternal: false, partitions, error: count === 0 ? 'UNKNOWN_TOPIC_OR_PARTITION' : null };
        });
      },
      createTopics: async (topics) => {
        await this.onAdmin('createTopics');
        for (const topic of topics) {
          if (this.topics.has(topic.name)) throw new KafkaError('TOPIC_ALREADY_EXISTS', `topic "${topic.name}"`);
          if (topic.replicationFactor > this.brokers) throw new KafkaError('INVALID_REPLICATION_FACTOR', `topic "${topic.name}"`);
          this.created.push(topic);
          this.create(topic);
        }
      },
      describeConfigs: async ({ name }) => {
        await this.onAdmin('describeConfigs');
        return Object.entries(this.topic(name).settings).map(([setting, value]) => ({
          ...{ name: setting, value, source: 'topic', isSensitive: false, isReadOnly: false },
        }));
      },
      cluster: async () => ({
        clusterId: 'memory',
        controllerId: 1,
        brokers: Array.from({ length: this.brokers }, (_, id) => ({ id, host: 'memory', port: 1, rack: null })),
      }),
    };
    return calls as Admin;
  }
}

class MemoryTopicLog implements TopicLog {
  readonly #topics: MemoryTopics;
  readonly #options: TopicLogOptions;
  readonly #onStop: () => void;
  readonly #positions = new Map<number, number>();
  readonly #waiters = new Set<{ ends: readonly number[]; resolve: () => void; reject: (error: Error) => void }>();
  #sending: Promise<unknown> = Promise.resolve();
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(topics: MemoryTopics, options: TopicLogOptions, onStop: () => void) {
    this.#topics = topics;
    this.#options = options;
    this.#onStop = onStop;
  }

  get partitionCount(): number {
    return this.#topics.topic(this.#options.topic).partitions.length;
  }

  async start(): Promise<void> {
    this.#topics.topic(this.#options.topic);
    this.#state = 'started';
    await this.readToEnd();
  }

  readToEnd(): Promise<void> {
    if (this.#state !== 'started') return Promise.reject(new KafkaError('CLOSED', 'not started'));
    return this.#reach(this.#topics.topic(this.#options.topic).partitions.map((records) => records.length));
  }

  readPast({ partition, offset }: RecordPlace): Promise<void> {
    if (this.#state !== 'started') return Promise.reject(new KafkaError('CLOSED', 'not started'));
    return this.#reach(Array.from({ length: partition + 1 }, (_, at) => (at === partition ? Number(offset) + 1 : 0)));
  }

  #reach(ends: readonly number[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiters.add({ ends, resolve, reject });
    this.deliverSoon();
    return promise;
  }

  deliverSoon(): void {
    setImmediate(() => this.#deliver());
  }

  #deliver(): void {
    if (this.#state !== 'started' || this.#topics.isHeld) return;
    this.#topics.topic(this.#options.topic).partitions.forEach((records, partition) => {
      for (let at = this.#positions.get(partition) ?? 0; at < records.length; at++) {
        this.#positions.set(partition, at + 1);
        this.#options.onRecord(records[at]!);
      }
    });
    for (const waiter of this.#waiters) {
      if (waiter.ends.some((end, partition) => (this.#positions.get(partition) ?? 0) < end)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }

  /** One after the other, as by one producer. */
  send(key: Bytes, value: Bytes): Promise<RecordPlace> {
    const sent = this.#sending.then(async () => {
      if (this.#state === 'stopped') throw new KafkaError('CLOSED', 'stopped');
      await this.#topics.onSend(String(toBuffer(key)), value === null ? null : String(toBuffer(value)));
      return this.#topics.append(this.#options.topic, key, value);
    });
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#onStop();
    for (const { reject } of this.#waiters) reject(new KafkaError('CLOSED', 'stopped'));
    this.#waiters.clear();
  }
}

interface Rig<Store> {
  readonly store: Store;
  /** Messages of WARN and above. */
  readonly warnings: string[];
}

/** The worker's properties that name the three topics. */
export const STORAGE: Readonly<Record<string, string>> = {
  'config.storage.topic': 'configs',
  'offset.storage.topic': 'offsets',
  'status.storage.topic': 'statuses',
};

function rigParts(topics: MemoryTopics, kind: InternalTopicKind, clock: Clock) {
  const hub = new LogHub(() => 0);
  const warnings: string[] = [];
  hub.attach(({ level, message }) => {
    if (level === 'WARN' || level === 'ERROR') warnings.push(message);
  });
  const log = hub.log('test');
  return { warnings, options: { kafka: topics.kafka(), topic: internalTopic(kind, STORAGE, log), log, clock } };
}

export function kafkaConfigStore(topics: MemoryTopics, clock: Clock = systemClock): Rig<KafkaConfigStore> {
  const { options, warnings } = rigParts(topics, 'config', clock);
  return { store: new KafkaConfigStore(options), warnings };
}

export function kafkaStatusStore(topics: MemoryTopics, clock: Clock = systemClock): Rig<KafkaStatusStore> {
  const { options, warnings } = rigParts(topics, 'status', clock);
  return { store: new KafkaStatusStore(options), warnings };
}

export function kafkaOffsetStore(topics: MemoryTopics): Rig<KafkaOffsetStore> {
  const { options, warnings } = rigParts(topics, 'offset', systemClock);
  return { store: new KafkaOffsetStore(options), warnings };
}
