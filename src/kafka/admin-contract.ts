/** The administration part of the contract (`contract.ts` hands its names on). */
import type { TopicPartition } from '../plugin-api/records.ts';

export interface BrokerInfo {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface ClusterInfo {
  readonly clusterId: string;
  /** −1: there is none now; `null`: nobody has told, for want of rights or of an answer. */
  readonly controllerId: number | null;
  readonly brokers: readonly BrokerInfo[];
}

export interface PartitionInfo {
  readonly partition: number;
  /** −1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
  /** Kafka's name of the partition's error, or null. */
  readonly error: string | null;
}

export interface TopicInfo {
  readonly name: string;
  readonly topicId: string;
  readonly isInternal: boolean;
  readonly partitions: readonly PartitionInfo[];
  readonly error: string | null;
}

export interface ConfigEntry {
  readonly name: string;
  /** `null` also for sensitive values. */
  readonly value: string | null;
  readonly source: 'topic' | 'broker' | 'default-broker' | 'static' | 'default' | 'broker-logger' | 'group' | 'unknown';
  readonly isSensitive: boolean;
  readonly isReadOnly: boolean;
}

export interface NewTopic {
  readonly name: string;
  /** −1: the broker's default. */
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs?: Readonly<Record<string, string>>;
}

export type ConfigResource = { readonly type: 'topic' | 'broker' | 'group'; readonly name: string };

/** `null`: back to the default. A string: the value. Lists can also grow and shrink by single elements, separated by commas (KIP-339). */
export type ConfigChange = string | null | { readonly append: string } | { readonly subtract: string };

export interface GroupListing {
  readonly groupId: string;
  readonly protocolType: string;
  readonly state: string;
  readonly groupType: string;
}

export interface GroupDescription {
  readonly groupId: string;
  readonly state: string;
  readonly protocolType: string;
  readonly protocol: string;
  readonly coordinator: number | null;
  readonly error: string | null;
  readonly members: ReadonlyArray<{
    readonly memberId: string;
    readonly clientId: string;
    readonly host: string;
    readonly assignment: readonly TopicPartition[];
    readonly rawAssignment: Buffer;
    readonly rawMetadata: Buffer;
  }>;
}

export interface LogDirInfo {
  readonly brokerId: number;
  readonly path: string;
  readonly error: string | null;
  readonly totalBytes: bigint | null;
  readonly usableBytes: bigint | null;
  readonly partitions: ReadonlyArray<
    TopicPartition & { readonly sizeBytes: bigint; readonly offsetLag: bigint; readonly isFuture: boolean }
  >;
}

export interface QuorumInfo {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly highWatermark: bigint;
  readonly voters: ReadonlyArray<{
    readonly id: number;
    readonly logEndOffset: bigint;
    readonly lastFetchMs: number;
    readonly lastCaughtUpMs: number;
  }>;
  readonly observers: ReadonlyArray<{
    readonly id: number;
    readonly logEndOffset: bigint;
    readonly lastFetchMs: number;
    readonly lastCaughtUpMs: number;
  }>;
}

export interface AclBinding {
  readonly resourceType: string;
  readonly resourceName: string;
  readonly patternType: string;
  readonly principal: string;
  readonly host: string;
  readonly operation: string;
  readonly permission: string;
}

/** Results per item carry their own error, so that one bad partition never blanks the rest. */
export interface Admin {
  cluster(): Promise<ClusterInfo>;
  /** All topics when `names` is absent. */
  topics(names?: readonly string[]): Promise<TopicInfo[]>;
  /** Resolves once each is created; rejects with KafkaError naming the topic (TOPIC_ALREADY_EXISTS …). */
  createTopics(topics: readonly NewTopic[], timeoutMs?: number): Promise<void>;
  deleteTopics(names: readonly string[], timeoutMs?: number): Promise<void>;
  createPartitions(topic: string, total: number): Promise<void>;
  deleteRecords(before: ReadonlyArray<TopicPartition & { readonly offset: bigint }>): Promise<void>;
  describeConfigs(resource: ConfigResource): Promise<ConfigEntry[]>;
  /** What is not named stays as it is. Rejects with INVALID_CONFIG for what the broker does not accept; nothing is changed then. */
  alterConfigs(resource: ConfigResource, changes: Readonly<Record<string, ConfigChange>>): Promise<void>;
  listOffsets(
    partitions: ReadonlyArray<TopicPartition>,
    spec: 'earliest' | 'latest' | 'max-timestamp' | { readonly timestampMs: number },
    isolation?: 'read_uncommitted' | 'read_committed',
  ): Promise<
    ReadonlyArray<TopicPartition & { readonly offset: bigint | null; readonly timestampMs: number | null; readonly error: string | null }>
  >;
  /** Rejects only when no broker answers; `onBrokerFault` is told of each that does not: groups that it coordinates are missing then. */
  groups(onBrokerFault?: (brokerId: number, error: Error) => void): Promise<GroupListing[]>;
  describeGroups(groupIds: readonly string[]): Promise<GroupDescription[]>;
  groupOffsets(groupId: string): Promise<ReadonlyArray<TopicPartition & { readonly offset: bigint; readonly metadata: string }>>;
  alterGroupOffsets(groupId: string, offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>): Promise<void>;
  deleteGroupOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<void>;
  deleteGroups(groupIds: readonly string[]): Promise<void>;
  acls(): Promise<AclBinding[]>;
  logDirs(brokerIds?: readonly number[]): Promise<LogDirInfo[]>;
  quorum(): Promise<QuorumInfo>;
}
