/** What the console knows of a Kafka cluster: frozen, replaced whole when something has changed. */
import type { ClusterInfo, PartitionInfo, QuorumInfo, Reassignment, TopicInfo } from '../kafka/contract.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { ClusterDetails } from './cluster-details.ts';
import type { DiskIndex, DiskInfo } from './disk-index.ts';
import type { Reach } from './poll-loop.ts';
import type { ReassignmentPaces } from './reassignment-pace.ts';
import type { RetentionOutlook } from './retention.ts';
import type { TopicRules } from './topic-rules.ts';

export interface TopicRow {
  readonly info: TopicInfo;
  readonly replicationFactor: number;
  /** Partitions without a leader. */
  readonly offline: number;
  /** Partitions with fewer in-sync replicas than `min.insync.replicas`: producers with acks=all are refused. */
  readonly belowMin: number;
  /** Partitions whose in-sync set is smaller than their replica set. */
  readonly under: number;
  /** `null`: not asked (only asked for topics that are not whole, or while all are looked at). */
  readonly rules: TopicRules | null;
  readonly minIsr: number | null;
  /** Sum of end offsets; `null` when not asked, or not known of all partitions. */
  readonly endOffset: bigint | null;
  readonly recordsPerSec: number | null;
  /** Bytes on disk of all replicas' leaders; `null` when not asked. */
  readonly sizeBytes: bigint | null;
}

export interface BrokerRow {
  readonly id: number;
  readonly address: string | null;
  readonly rack: string | null;
  readonly isUp: boolean;
  readonly isController: boolean;
  readonly leaders: number;
  readonly replicas: number;
  /** Partitions that this broker leads and that lack a replica. */
  readonly underReplicated: number;
  /** Replicas that are on this broker and not in sync. */
  readonly outOfSync: number;
  /** Partitions whose first replica is here: it should lead them. */
  readonly preferred: number;
  /** Of those, the ones that it leads. */
  readonly preferredLed: number;
  readonly usedShare: number | null;
  readonly sizeBytes: bigint | null;
  readonly logDirErrors: readonly string[];
  /** In the metadata, and yet it did not answer when it was asked; else `null`. */
  readonly silence: string | null;
}

export interface PartitionLag extends TopicPartition {
  /** `null`: never. */
  readonly committed: bigint | null;
  readonly end: bigint | null;
  /** From the committed offset, or from the first record there is; `null`: not known. */
  readonly lag: bigint | null;
  readonly member: string | null;
}

/** A sum over partitions, of which some may not be known: those without a leader, for one. Sums over others are not compared with it. */
export interface Total {
  readonly value: bigint;
  /** How many are in it. */
  readonly known: number;
  readonly isWhole: boolean;
}

export interface GroupPartition extends PartitionLag {
  /** How long the record that is read next has waited; 0 without lag, `null`: not asked, or not known. */
  readonly lagMs: number | null;
  /** False: it waits so long at least. */
  readonly isLagMsExact: boolean;
  /** Records read a second, by commits; only of the group that is looked at. */
  readonly readPerSec: number | null;
}

export interface GroupMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly instanceId: string | null;
  readonly epoch: number | null;
  readonly subscribed: string;
  readonly assignment: readonly TopicPartition[];
  /** `null`: the same as it has, or not known in groups of this type. */
  readonly target: readonly TopicPartition[] | null;
}

export interface GroupRow {
  readonly groupId: string;
  /** `consumer`, `share`, `streams`; of classic groups their protocol, like `connect`, or `classic` for consumers. */
  readonly type: string;
  readonly state: string;
  readonly memberCount: number | null;
  readonly topics: readonly string[];
  /** Sum over its partitions; `null`: not known yet. */
  readonly lag: bigint | null;
  /** False: of some partitions it is not known, it is more than that. */
  readonly isLagWhole: boolean;
  /** Of the partition whose next record has waited longest; asked only of groups in sight. `null`: not asked, or not known. */
  readonly lagMs: number | null;
  readonly isLagMsWhole: boolean;
  readonly lagPerSec: number | null;
  /** Its lag at the last looks, oldest first. */
  readonly lagPoints: readonly number[];
  readonly coordinator: number | null;
  readonly error: string | null;
  /** Grows with each change of members or subscriptions; `null` for classic groups. */
  readonly epoch: number | null;
  readonly protocol: string;
  readonly partitions: readonly GroupPartition[];
  /** Of groups in sight; `null`: not asked. */
  readonly members: readonly GroupMember[] | null;
}

export interface IsrSummary {
  readonly offline: number;
  readonly belowMin: number;
  readonly under: number;
}

/** What a connector's progress is judged by. */
export interface ProgressFacts {
  readonly atMs: number;
  readonly end: Total | null;
  readonly committed: Total | null;
  readonly lag: Total | null;
  readonly partitions: readonly PartitionLag[];
  /** Records that were ever written to its dead-letter queue, by anybody; `null`: no queue, no topic, or not known. */
  readonly queueEnd: Total | null;
}

/** A connector whose topics (and group, for sinks) are to be watched. */
export interface Watch {
  readonly connector: string;
  readonly groupId: string | null;
  readonly topics: readonly string[];
  /** It names its topics by a pattern: it may read more than those in `topics`. */
  readonly isByPattern?: boolean;
  /** A partition without a committed offset is read from its first record (Connect's default), not from its end. */
  readonly readsFromStart: boolean;
  /** Topic of its dead-letter queue. */
  readonly queue: string | null;
}

export interface ClusterData {
  readonly reach: Reach;
  readonly info: ClusterInfo | null;
  readonly brokers: readonly BrokerRow[];
  readonly topics: readonly TopicRow[];
  readonly isr: IsrSummary;
  readonly quorum: QuorumInfo | null;
  readonly quorumError: string | null;
  readonly logDirs: readonly DiskInfo[] | null;
  readonly disks: DiskIndex | null;
  /** How fast the moves of replicas go that are looked at. */
  readonly movePaces: ReassignmentPaces;
  readonly details: ClusterDetails;
  readonly groups: readonly GroupRow[] | null;
  /** Wall time of the last round that asked for groups; `null`: none yet. They are asked only while they are looked at. */
  readonly groupsAtMs: number | null;
  readonly groupsError: string | null;
  /** Brokers that did not list their groups: what is known of those is of before. */
  readonly groupsMissing: string | null;
  /** By connector. */
  readonly progress: ReadonlyMap<string, ProgressFacts>;
  readonly progressError: string | null;
  /** First and end offsets of the topic whose partitions are looked at. */
  readonly bounds: TopicBounds | null;
  /** By group, of those that lag: when retention will overtake them, the worst partition first. */
  readonly retention: ReadonlyMap<string, readonly RetentionOutlook[]>;
}

export interface TopicBounds {
  readonly topic: string;
  readonly earliest: ReadonlyMap<number, bigint>;
  readonly latest: ReadonlyMap<number, bigint>;
}

export interface PartitionRow {
  readonly topic: string;
  readonly info: PartitionInfo;
  readonly health: PartitionHealth;
  readonly earliest: bigint | null;
  readonly latest: bigint | null;
  readonly sizeBytes: bigint | null;
  /** Out of sync, and yet may lead without a loss; `null`: not known. */
  readonly eligible: readonly number[] | null;
  readonly lastKnown: readonly number[];
  readonly move: Reassignment | null;
}

export type PartitionHealth = 'offline' | 'below-min' | 'under' | 'ok';
