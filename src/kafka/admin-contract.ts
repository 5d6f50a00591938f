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
  /** The broker's own words about it, where it was asked for them. */
  readonly documentation?: string | null;
}

/** Chosen settings of one topic among many; none when they may not be read. */
export interface TopicConfigs {
  readonly topic: string;
  readonly entries: readonly ConfigEntry[];
  readonly error: string | null;
}

/** What came of one partition in a request about many. */
export interface PartitionOutcome extends TopicPartition {
  /** Kafka's name of the error, or null. */
  readonly error: string | null;
  readonly message: string | null;
}

/** Replicas out of sync that may lead nevertheless without a loss, and those that did so last (KIP-966). */
export interface EligibleReplicas extends TopicPartition {
  readonly eligible: readonly number[];
  readonly lastKnown: readonly number[];
}

/** A partition whose replicas are on their way to other brokers. `replicas` holds the old and the new ones. */
export interface Reassignment extends TopicPartition {
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

export interface Features {
  /** Switched on for the whole cluster. */
  readonly finalized: ReadonlyArray<{ readonly name: string; readonly level: number }>;
  /** What the broker that was asked could do. */
  readonly supported: ReadonlyArray<{ readonly name: string; readonly min: number; readonly max: number }>;
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

export interface GroupMemberInfo {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  /** Of a static member (`group.instance.id`), else null. */
  readonly instanceId: string | null;
  readonly rackId: string | null;
  /** `null` for classic groups, whose members have none of their own. */
  readonly epoch: number | null;
  readonly subscribedTopics: readonly string[];
  /** Set when it subscribes by a regular expression. */
  readonly subscribedRegex: string | null;
  readonly assignment: readonly TopicPartition[];
  /** What the coordinator wants it to have, where there is a difference between the two (consumer and streams groups). */
  readonly targetAssignment: readonly TopicPartition[] | null;
  /** Classic groups only; empty else. */
  readonly rawAssignment: Buffer;
  readonly rawMetadata: Buffer;
}

export interface GroupDescription {
  readonly groupId: string;
  /** `classic`, `consumer`, `share`, `streams`; empty when nobody could tell. */
  readonly groupType: string;
  readonly state: string;
  readonly protocolType: string;
  readonly protocol: string;
  /** Grows with each change of members or subscriptions; `null` for classic groups. */
  readonly epoch: number | null;
  /** Epoch that the target assignment was made for. */
  readonly assignmentEpoch: number | null;
  readonly coordinator: number | null;
  readonly error: string | null;
  readonly members: readonly GroupMemberInfo[];
}

/** Where a group stands in each partition: committed offsets, or where a share group begins to read. Sorted by topic and partition. */
export interface GroupOffsets {
  readonly groupId: string;
  /** `metadata`: the text that was committed with it, if there is one. */
  readonly offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint; readonly metadata?: string }>;
  /** Kafka's name of the error, or null. */
  readonly error: string | null;
}

/** When the first record at or after an offset was written. */
export interface RecordTime extends TopicPartition {
  readonly offset: bigint;
  /** `null`: there is no such record, or it bears no time, or it was not told because of `error`. */
  readonly timestampMs: number | null;
  /** False: its batch was not told whole; the record is not newer than this. */
  readonly isExact: boolean;
  /** Kafka's name of the error, or null. */
  readonly error: string | null;
}

/** Limits of one entity. */
export interface ClientQuota {
  /** `user`, `client-id`, `ip`; a name of null is the default of its type. */
  readonly entity: ReadonlyArray<{ readonly type: string; readonly name: string | null }>;
  readonly limits: ReadonlyArray<{ readonly key: string; readonly value: number }>;
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
  /** The settings `keys` of many topics (null: all of them), in few requests that all brokers share. */
  topicConfigs(topics: readonly string[], keys: readonly string[] | null): Promise<TopicConfigs[]>;
  /**
   * What is not named stays as it is. Rejects with INVALID_CONFIG for what the broker does not accept; nothing is changed then.
   * `isDryRun`: the broker only says whether it would accept.
   */
  alterConfigs(resource: ConfigResource, changes: Readonly<Record<string, ConfigChange>>, isDryRun?: boolean): Promise<void>;
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
  alterGroupOffsets(
    groupId: string,
    offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint; readonly metadata?: string }>,
  ): Promise<void>;
  deleteGroupOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<void>;
  deleteGroups(groupIds: readonly string[]): Promise<void>;
  /** Committed offsets of many groups, few requests to each coordinator. One answer a group, in the order asked; never rejects. */
  offsetsOfGroups(groupIds: readonly string[]): Promise<GroupOffsets[]>;
  /** Where share groups begin to read. One answer a group, in the order asked; never rejects. UNSUPPORTED_VERSION before Kafka 4.1. */
  offsetsOfShareGroups(groupIds: readonly string[]): Promise<GroupOffsets[]>;
  /** Only while the group has no members: rejects with NON_EMPTY_GROUP otherwise. */
  alterShareGroupOffsets(groupId: string, offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>): Promise<void>;
  deleteShareGroupOffsets(groupId: string, topics: readonly string[]): Promise<void>;
  /** Reads one batch of each partition, nothing of it is kept. In the order asked; never rejects. */
  recordTimes(places: ReadonlyArray<TopicPartition & { readonly offset: bigint }>): Promise<RecordTime[]>;
  quotas(): Promise<ClientQuota[]>;
  /** Rejects with SECURITY_DISABLED where the brokers have no authorizer. */
  acls(): Promise<AclBinding[]>;
  /** Those that are there already stay. Rejects with KafkaError that names what was refused; the rest is made. */
  createAcls(bindings: readonly AclBinding[]): Promise<void>;
  /** Of all brokers, or of some; of all topics, or of some. Folders come whatever lies in them. */
  logDirs(brokerIds?: readonly number[], topics?: ReadonlyArray<Pick<TopicInfo, 'name' | 'partitions'>>): Promise<LogDirInfo[]>;
  quorum(): Promise<QuorumInfo>;
  /** Only partitions that have any. Rejects with UNSUPPORTED_VERSION before Kafka 3.8. */
  eligibleReplicas(topics?: readonly string[]): Promise<EligibleReplicas[]>;
  /** Of all partitions when `partitions` is null; those that needed none are missing then. */
  electLeaders(type: 'preferred' | 'unclean', partitions: readonly TopicPartition[] | null): Promise<PartitionOutcome[]>;
  reassignments(): Promise<Reassignment[]>;
  /** `replicas` null takes back a move that is under way. */
  alterReassignments(moves: ReadonlyArray<TopicPartition & { readonly replicas: readonly number[] | null }>): Promise<PartitionOutcome[]>;
  /**
   * Takes these transactional ids over: producers that have them can commit nothing more, and what they have left open is aborted. Rejects with
   * KafkaError naming the ids that could not be; trying again is safe.
   */
  fenceProducers(transactionalIds: readonly string[]): Promise<void>;
  /** Without an id any broker is asked. */
  features(brokerId?: number): Promise<Features>;
}
