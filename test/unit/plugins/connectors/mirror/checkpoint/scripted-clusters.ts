/** Two clusters in memory, as far as the checkpoint connector asks them: internal topics and groups. What brokers do is tested on brokers. */
import { LogHub } from '../../../../../../src/base/log.ts';
import type { Admin, ClientOptions, GroupDescription, Kafka, NewTopic, TopicLogOptions } from '../../../../../../src/kafka/contract.ts';
import { KafkaError } from '../../../../../../src/kafka/kafka-error.ts';
import type { CreateKafka } from '../../../../../../src/plugins/connectors/mirror/shared/clients.ts';

export interface ScriptedGroup {
  state: string;
  groupType: string;
  protocolType: string;
  offsets: Array<{ topic: string; partition: number; offset: bigint; metadata?: string }>;
  /** What reading its offsets, or its state, is answered with. */
  error: string | null;
  /** What writing is refused with. */
  refusal: string | null;
}

export class ScriptedCluster {
  readonly topics = new Map<string, Array<{ key: Buffer | null; value: Buffer | null }>>();
  readonly groups = new Map<string, ScriptedGroup>();
  /** By topic: what reading it is refused with. */
  readonly unreadable = new Map<string, string>();
  readonly commits: string[] = [];
  readonly created: NewTopic[] = [];
  readonly clientIds: string[] = [];
  clusterId = 'one';
  /** What every question is refused with. */
  fault: string | null = null;
  /** Brokers that do not list their groups. */
  muteBroker: number | null = null;
  readonly #followers = new Set<{ topic: string; read: (at: number) => void }>();
  openClients = 0;

  group(name: string, more: Partial<ScriptedGroup> = {}): ScriptedGroup {
    const group = {
      ...{ state: 'Empty', groupType: 'classic', protocolType: 'consumer', offsets: [], error: null, refusal: null },
      ...more,
    };
    this.groups.set(name, group);
    return group;
  }

  write(topic: string, key: Buffer | null, value: Buffer | null): void {
    const records = this.topics.get(topic) ?? [];
    this.topics.set(topic, records);
    records.push({ key, value });
    for (const follower of this.#followers) if (follower.topic === topic) follower.read(records.length - 1);
  }

  kafka(options: ClientOptions): Kafka {
    this.clientIds.push(options.clientId);
    this.openClients++;
    const admin = this.#admin();
    const kafka: Partial<Kafka> = {
      clientId: options.clientId,
      admin: () => admin,
      topicLog: (log) => this.#log(log),
      close: async () => {
        this.openClients--;
      },
    };
    return kafka as Kafka;
  }

  #log({ topic, onRecord, onError }: TopicLogOptions): ReturnType<Kafka['topicLog']> {
    const read = (at: number) => {
      const record = this.topics.get(topic)?.[at];
      if (record)
        onRecord({ topic, partition: 0, offset: BigInt(at), timestampMs: 1, timestampType: 'CreateTime', headers: null, ...record });
    };
    const follower = { topic, read };
    const log: Partial<ReturnType<Kafka['topicLog']>> = {
      start: async () => {
        const refusal = this.unreadable.get(topic);
        if (refusal !== undefined) {
          onError(new KafkaError(refusal, `${refusal}: topic "${topic}"`));
          await new Promise(() => undefined);
        }
        this.topics.get(topic)?.forEach((_, at) => {
          read(at);
        });
        this.#followers.add(follower);
      },
      stop: async () => {
        this.#followers.delete(follower);
      },
    };
    return log as ReturnType<Kafka['topicLog']>;
  }

  #refuse(): void {
    if (this.fault !== null) throw new KafkaError(this.fault, `${this.fault}: cluster`);
  }

  #admin(): Admin {
    const admin: Partial<Admin> = {
      cluster: async () => {
        this.#refuse();
        return { clusterId: this.clusterId, controllerId: 1, brokers: [{ id: 1, host: 'localhost', port: 1, rack: null }] };
      },
      topics: async (names = []) => {
        this.#refuse();
        return names.map((name) => ({
          ...{ name, topicId: '', isInternal: false, partitions: [] },
          error: this.topics.has(name) ? null : 'UNKNOWN_TOPIC_OR_PARTITION',
        }));
      },
      createTopics: async (topics) => {
        this.#refuse();
        this.created.push(...topics);
        for (const { name } of topics) this.topics.set(name, this.topics.get(name) ?? []);
      },
      groups: async (onBrokerFault) => {
        this.#refuse();
        if (this.muteBroker !== null) onBrokerFault?.(this.muteBroker, new KafkaError('REQUEST_TIMED_OUT', 'no answer'));
        return [...this.groups].map(([groupId, { protocolType, state, groupType }]) => ({ groupId, protocolType, state, groupType }));
      },
      offsetsOfGroups: async (names) =>
        names.map((groupId) => {
          const group = this.groups.get(groupId);
          const error = this.fault ?? group?.error ?? null;
          return { groupId, offsets: error === null ? (group?.offsets ?? []) : [], error };
        }),
      describeGroups: async (names) => names.map((groupId) => this.#describe(groupId)),
      alterGroupOffsets: async (groupId, offsets) => {
        const group = this.groups.get(groupId) ?? this.group(groupId);
        if (group.refusal !== null) throw new KafkaError(group.refusal, `${group.refusal}: group "${groupId}"`);
        this.commits.push(
          `${groupId}: ${offsets.map((one) => `${one.topic}-${one.partition}=${one.offset}${one.metadata ? ` (${one.metadata})` : ''}`).join(' ')}`,
        );
        const isSame = (a: { topic: string; partition: number }, b: typeof a) => a.topic === b.topic && a.partition === b.partition;
        group.offsets = [...group.offsets.filter((old) => !offsets.some((one) => isSame(one, old))), ...offsets];
      },
    };
    return admin as Admin;
  }

  #describe(groupId: string): GroupDescription {
    const group = this.groups.get(groupId);
    const isActive = group !== undefined && group.state !== 'Empty' && group.state !== 'Dead';
    const member = { memberId: 'm', clientId: 'shop', host: '/10.0.0.7', instanceId: null, rackId: null, epoch: null };
    return {
      ...{ groupId, protocol: 'range', epoch: null, assignmentEpoch: null, coordinator: 1 },
      ...{ groupType: group?.groupType ?? '', protocolType: group?.protocolType ?? '', state: group?.state ?? 'Dead' },
      error: this.fault ?? group?.error ?? (group === undefined ? 'GROUP_ID_NOT_FOUND' : null),
      members: isActive
        ? [
            {
              ...member,
              ...{ subscribedTopics: [], subscribedRegex: null, assignment: [], targetAssignment: null },
              ...{ rawAssignment: Buffer.alloc(0), rawMetadata: Buffer.alloc(0) },
            },
          ]
        : [],
    };
  }
}

/** Flow A->B. What is logged is kept. */
export function scriptedFlow() {
  const source = new ScriptedCluster();
  const target = new ScriptedCluster();
  const create: CreateKafka = (options) => (options.bootstrapServers[0] === 'a:1' ? source : target).kafka(options);
  const hub = new LogHub(() => 0);
  const told: string[] = [];
  hub.attach(({ level, message }) => told.push(`${level} ${message}`));
  const config = {
    name: 'cp',
    'source.cluster.alias': 'A',
    'target.cluster.alias': 'B',
    'source.cluster.bootstrap.servers': 'a:1',
    'target.cluster.bootstrap.servers': 'b:1',
  };
  return { source, target, create, log: hub.log('test'), told, config };
}
