/**
 * What the rest of the program may ask of the Kafka room. One `Kafka` per distinct client configuration and thread: its
 * connections are shared by every producer, fetcher, group member and admin made from it.
 */
import type { ConnectionOptions } from 'node:tls';
import type { BytesInPlace } from '../base/bytes-in-place.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { Admin } from './admin-contract.ts';
import type { FetchedRecord, Fetcher, FetcherOptions } from './fetcher-contract.ts';

export type {
  AclBinding,
  Admin,
  BrokerInfo,
  ClientQuota,
  ClusterInfo,
  ConfigChange,
  ConfigEntry,
  ConfigResource,
  EligibleReplicas,
  Features,
  GroupDescription,
  GroupListing,
  GroupMemberInfo,
  GroupOffsets,
  LogDirInfo,
  NewTopic,
  PartitionInfo,
  PartitionOutcome,
  QuorumInfo,
  Reassignment,
  RecordTime,
  TopicConfigs,
  TopicInfo,
} from './admin-contract.ts';

export type { FetchedRecord, Fetcher, FetcherOptions, FetchTrouble, OffsetSpec, PositionReset, RawBatch } from './fetcher-contract.ts';

export type CompressionType = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** SASL as kafkajs takes it, made from `sasl.mechanism` and `sasl.jaas.config`. */
export type SaslOptions =
  | { readonly mechanism: 'plain'; readonly username: string; readonly password: string }
  | {
      readonly mechanism: 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
      readonly isTokenAuth: boolean;
    }
  | {
      readonly mechanism: 'oauthbearer';
      /** A valid token, cached and renewed by itself. `lifetimeMs`: when it expires, milliseconds since the epoch. `extensions`: KIP-342. */
      readonly token: () => Promise<{
        readonly value: string;
        readonly lifetimeMs: number;
        readonly extensions?: Readonly<Record<string, string>>;
      }>;
    };

/** What Kafka client properties say, parsed (`client-properties.ts` makes it; secrets inside: never log it). */
export interface ClientOptions {
  /** `host:port` each. */
  readonly bootstrapServers: readonly string[];
  readonly clientId: string;
  readonly tls: ConnectionOptions | null;
  readonly sasl: SaslOptions | null;
  readonly requestTimeoutMs: number;
  readonly connectionTimeoutMs: number;
  readonly connectionsMaxIdleMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly metadataMaxAgeMs: number;
  readonly defaultApiTimeoutMs: number;
  readonly producer: ProducerOptions;
  readonly fetcher: FetcherOptions;
  readonly group: {
    readonly groupId: string | null;
    readonly groupInstanceId: string | null;
    readonly sessionTimeoutMs: number;
    readonly heartbeatIntervalMs: number;
    readonly maxPollIntervalMs: number;
  };
}

export interface Kafka {
  readonly clientId: string;
  admin(): Admin;
  producer(options?: Partial<ProducerOptions>): Producer;
  /** Idempotent and with acks=all, whatever the options say. */
  transactionalProducer(transactionalId: string, options?: Partial<ProducerOptions>): TransactionalProducer;
  fetcher(options?: Partial<FetcherOptions>): Fetcher;
  groupMember(options: GroupMemberOptions): GroupMember;
  groupConsumer(options: GroupConsumerOptions): GroupConsumer;
  topicLog(options: TopicLogOptions): TopicLog;
  /** Ends producers, fetchers, members and connections. */
  close(): Promise<void>;
}

/** A broker's error code, with the name Kafka gives it. */
export interface KafkaErrorFacts {
  readonly code: number;
  /** e.g. `NOT_LEADER_OR_FOLLOWER`. */
  readonly kafkaName: string;
  readonly isRetriable: boolean;
}

// ---- producer

export interface ProducerOptions {
  readonly acks: -1 | 0 | 1;
  readonly isIdempotent: boolean;
  readonly lingerMs: number;
  readonly batchSizeBytes: number;
  readonly compression: CompressionType;
  readonly maxRequestSizeBytes: number;
  /** All memory that unsent and unacknowledged batches may take. */
  readonly bufferMemoryBytes: number;
  readonly deliveryTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxInFlightPerConnection: number;
  /** Of a transactional producer: the coordinator aborts a transaction that is open for longer. */
  readonly transactionTimeoutMs: number;
  /** Name of the connections that it writes over; producers of one client that name none share theirs. A broker answers one request of a connection after the other. */
  readonly lane?: string;
}

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/**
 * Called never inside `send`, in the order of sending within a partition; records that follow each other with one callback and time may
 * be acknowledged with one call: `count` of them, the first at `offset` (−1n with acks=0). A failure is told for each record.
 */
export type DeliveryCallback = (error: Error | null, partition: number, offset: bigint, timestampMs: number, count: number) => void;

export interface Producer {
  /**
   * Puts a record into its partition's batch at once (bytes are copied; a string is encoded as UTF-8 in place).
   * `partition` null: murmur2 of the key, else sticky. `timestampMs` null: now.
   * False: nothing was taken, because the topic's metadata is not known yet or the memory is full: await `ready(topic)` and send again.
   * Throws KafkaError RECORD_TOO_LARGE (naming size and limit) or UNKNOWN_TOPIC_OR_PARTITION at once.
   */
  send(
    topic: string,
    partition: number | null,
    key: Uint8Array | string | null,
    value: Uint8Array | string | BytesInPlace | null,
    headers: readonly RecordHeader[] | null,
    timestampMs: number | null,
    onDelivery: DeliveryCallback | null,
  ): boolean;
  /** Resolves when `send` to this topic can succeed: metadata known (created by the broker when it allows that) and memory free. Rejects with KafkaError when that is final. */
  ready(topic: string, signal?: AbortSignal): Promise<void>;
  /** Sends everything now and resolves when each record is acknowledged or failed. */
  flush(): Promise<void>;
  /** Hands over whole record batches as fetched from another cluster (base offset, producer id and epoch are reset, CRC made anew). One promise a batch. */
  sendRaw(topic: string, partition: number, batch: Buffer): Promise<{ baseOffset: bigint }>;
  partitionCount(topic: string): number | null;
  readonly stats: {
    readonly bufferedBytes: number;
    readonly inFlightRequests: number;
    readonly sentRecords: number;
    readonly sentBytes: number;
    readonly lastError: string | null;
  };
  /** Flushes for at most `timeoutMs`, then drops what is left (their callbacks get an error). */
  close(timeoutMs: number): Promise<void>;
}

/**
 * Readers with read_committed see the records of a transaction once it is committed, or never. Used by one caller at a time. Whatever fails while a
 * transaction is open makes `send` and `commitTransaction` reject until it is aborted. Final, so that not even that is possible, is above all
 * PRODUCER_FENCED or INVALID_PRODUCER_EPOCH: another producer with the same transactional id was initialised, or the transaction took too long.
 * What may pass is tried again inside for delivery.timeout.ms.
 */
export interface TransactionalProducer extends Producer {
  readonly transactionalId: string;
  /** First and once: takes the id over. Fences earlier producers of it and ends what they have left open. May be asked again after a retriable error. */
  initTransactions(): Promise<void>;
  /** Asks nobody: a transaction without records costs nothing. */
  beginTransaction(): void;
  /** Flushes, then commits. Resolves when it is certain. */
  commitTransaction(): Promise<void>;
  /** What was not sent yet is dropped: its callbacks get an error. */
  abortTransaction(): Promise<void>;
  /** As `Producer.close`; a transaction that is open is aborted first, unless `timeoutMs` is 0. */
  close(timeoutMs: number): Promise<void>;
}

// ---- group member: any protocol type

export interface GroupMemberOptions {
  readonly groupId: string;
  /** `consumer`, `connect`, … */
  readonly protocolType: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** More signs of life than `heartbeatIntervalMs` asks for: a member hears of a round that another one began in the answer to one. */
  readonly beatMs?: number;
  readonly groupInstanceId?: string | null;
  /** Asked before each join: protocol names in order of preference with this member's metadata. */
  protocols(): ReadonlyArray<{ readonly name: string; readonly metadata: Buffer }>;
  /** Called on the leader: assignment bytes by member id. */
  assign(
    protocol: string,
    members: ReadonlyArray<{ readonly memberId: string; readonly groupInstanceId: string | null; readonly metadata: Buffer }>,
    generation: number,
  ): Promise<ReadonlyMap<string, Buffer>>;
  /** Work of the last generation must end before the next join (eager); resolve when it has. */
  onJoinPrepare(generation: number, memberId: string): Promise<void>;
  onAssigned(
    assignment: Buffer,
    facts: { readonly generation: number; readonly memberId: string; readonly leaderId: string; readonly protocol: string },
  ): Promise<void>;
  /**
   * Membership is gone (fenced, unknown member, illegal generation): partitions may be owned by others already. `silentMs`: since it sent the last sign
   * of life that the coordinator took; longer than its session, and others have had time to take over. No `onJoinPrepare` follows before the next join.
   */
  onLost(error: Error, silentMs: number): Promise<void>;
  /** Once each time that a coordinator was looked for in vain for `heartbeatIntervalMs`; the membership may still hold. */
  onCoordinatorLost?(unreachableMs: number): void;
}

export interface GroupMember {
  readonly generation: number;
  readonly memberId: string;
  readonly isStable: boolean;
  /** No sign of life of it was taken for longer than its session: the group may have gone on without it. */
  readonly isOverdue: boolean;
  /** After `leave` or a final fault: make a new member to join again. */
  readonly isEnded: boolean;
  /** Joins, and keeps heartbeats and rejoins going by itself until `leave`; faults that are final reject here or go to `onError`. */
  start(): Promise<void>;
  onError(listener: (error: Error) => void): void;
  /** Another round. The whole group goes along when the leader asks, or a follower whose `protocols()` have changed; else the broker answers a follower with what it has. */
  requestRejoin(reason: string): void;
  /** Commits offsets as this member and generation (offset of the next record to read). Rejects with KafkaError (REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION … in `kafkaName`). */
  commitOffsets(offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint; readonly metadata?: string }>): Promise<void>;
  /** Committed offsets of the group; `null` where there is none. */
  committedOffsets(partitions: readonly TopicPartition[]): Promise<Map<string, bigint | null>>;
  /** At once, also in the middle of a rebalance; no callback begins afterwards. Resolves when the coordinator knows, or after 5 s. */
  leave(reason?: string): Promise<void>;
}

// ---- consumer: a group member of type `consumer` with a fetcher (classic protocol, range assignor, as the JVM's default)

export interface GroupConsumerOptions {
  readonly groupId: string;
  /** Names, or a pattern that must match the whole topic name (internal topics are left out); new topics and partitions are found within metadata.max.age.ms. */
  readonly subscription: readonly string[] | RegExp;
  /** Before anything of the new partitions is handed out. Their positions are known then (committed offset, else auto.offset.reset). */
  onAssigned(partitions: readonly TopicPartition[]): Promise<void>;
  /** While they are still ours: commit now. */
  onRevoked(partitions: readonly TopicPartition[]): Promise<void>;
  /** They may belong to others already: do not commit. */
  onLost(partitions: readonly TopicPartition[]): Promise<void>;
}

/** Rebalance callbacks run inside `poll`, as in the JVM client; heartbeats go on by themselves between polls. */
export interface GroupConsumer {
  poll(timeoutMs: number, signal?: AbortSignal): Promise<FetchedRecord[]>;
  assignment(): readonly TopicPartition[];
  position(partition: TopicPartition): bigint | null;
  endOffset(partition: TopicPartition): bigint | null;
  /** As of a fetcher. */
  readonly consumedBytes: number;
  seek(partition: TopicPartition, offset: bigint): void;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  committed(partitions: readonly TopicPartition[]): Promise<ReadonlyArray<TopicPartition & { readonly offset: bigint | null }>>;
  commit(offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>): Promise<void>;
  wakeup(): void;
  /** Revokes (with callback), leaves the group, closes. */
  close(): Promise<void>;
}

// ---- a compacted topic as a log

export interface TopicLogOptions {
  readonly topic: string;
  readonly isolationLevel?: 'read_uncommitted' | 'read_committed';
  /** Called for each record in order per partition, from the start of the topic on. */
  onRecord(record: FetchedRecord): void;
  onError(error: Error): void;
}

/** Where a record lies in its topic. `offset` −1: written, and the broker has not said where. */
export interface RecordPlace {
  readonly partition: number;
  readonly offset: bigint;
}

export interface TopicLog {
  /** Resolves when everything that was in the topic at the call has been handed out; goes on following. */
  start(): Promise<void>;
  readToEnd(): Promise<void>;
  /** Resolves when the record at that place, and all before it in its partition, have been handed out; where the offset is −1 it reads to the end. */
  readPast(place: RecordPlace): Promise<void>;
  send(key: Uint8Array | string | null, value: Uint8Array | string | null): Promise<RecordPlace>;
  readonly partitionCount: number;
  stop(): Promise<void>;
}
