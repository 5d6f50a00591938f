/** What the tests of mirror connectors share: a log that is kept, and clusters in memory as far as their admin is asked. */
import { type Log, LogHub } from '../../../../../src/base/log.ts';
import type { AclBinding, Admin, ConfigChange, ConfigEntry, ConfigResource, Kafka, NewTopic } from '../../../../../src/kafka/contract.ts';
import { KafkaError } from '../../../../../src/kafka/kafka-error.ts';

export function keptLog(): { readonly log: Log; readonly told: string[] } {
  const told: string[] = [];
  const hub = new LogHub(() => 0);
  hub.attach(({ level, message }) => told.push(`${level} ${message}`));
  return { log: hub.log('test'), told };
}

export class MemoryCluster {
  readonly topics = new Map<string, number>();
  readonly configs = new Map<string, ConfigEntry[]>();
  readonly created: NewTopic[] = [];
  readonly altered: Array<{ readonly name: string; readonly changes: Readonly<Record<string, ConfigChange>> }> = [];
  acls: AclBinding[] = [];
  readonly clusterId: string;
  brokers = 3;
  /** Every question is answered with it. */
  fault: Error | null = null;
  /** Name of the error that new topics, partitions, settings or ACLs are refused with. */
  refusal: string | null = null;
  /** Topics are listed once it resolves. */
  gate: Promise<void> = Promise.resolve();
  /** The brokers have no authorizer. */
  isOpen = false;

  constructor(clusterId: string, topics: Readonly<Record<string, number>> = {}) {
    this.clusterId = clusterId;
    for (const [name, count] of Object.entries(topics)) this.topics.set(name, count);
  }

  readonly admin = {
    cluster: async () => {
      this.#answer();
      const brokers = Array.from({ length: this.brokers }, (_, id) => ({ id, host: 'b', port: 1, rack: null }));
      return { clusterId: this.clusterId, controllerId: 1, brokers };
    },
    topics: async () => {
      await this.gate;
      this.#answer();
      return [...this.topics].map(([name, count]) => ({
        ...{ name, topicId: '', isInternal: false, error: null },
        partitions: Array.from({ length: count }, (_, partition) => ({
          ...{ partition, leader: 1, leaderEpoch: 0, replicas: [], isr: [], offlineReplicas: [], error: null },
        })),
      }));
    },
    topicConfigs: async (topics: readonly string[]) => {
      this.#answer();
      return topics.map((topic) => ({ topic, error: null, entries: this.configs.get(topic) ?? [] }));
    },
    createTopics: async (topics: readonly NewTopic[]) => {
      this.#change();
      for (const topic of topics) {
        this.created.push(topic);
        this.topics.set(topic.name, topic.partitions);
      }
    },
    createPartitions: async (name: string, total: number) => {
      this.#change();
      this.topics.set(name, total);
    },
    alterConfigs: async ({ name }: ConfigResource, changes: Readonly<Record<string, ConfigChange>>) => {
      this.#change();
      this.altered.push({ name, changes });
    },
    acls: async () => {
      this.#answer();
      if (this.isOpen) throw new KafkaError('SECURITY_DISABLED', 'SECURITY_DISABLED: ACLs: No Authorizer is configured.');
      return this.acls;
    },
    createAcls: async (bindings: readonly AclBinding[]) => {
      this.#change();
      this.acls.push(...bindings);
    },
  } satisfies Partial<Admin>;

  #answer(): void {
    if (this.fault) throw this.fault;
  }

  #change(): void {
    this.#answer();
    if (this.refusal !== null) throw new KafkaError(this.refusal, `${this.refusal}: refused`);
  }

  /** As far as the connectors ask for it. */
  get kafka(): Kafka {
    const parts: Partial<Kafka> = { admin: () => this.admin as Partial<Admin> as Admin, close: async () => undefined };
    return parts as Kafka;
  }
}
