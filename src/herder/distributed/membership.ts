/**
 * This worker as a member of the Connect group: joins, is told what to run, leads when it is asked to. The herder knows this port;
 * `group-membership.ts` implements it over Kafka's group protocol. Source: WorkerGroupMember, WorkerCoordinator, WorkerRebalanceListener.
 */
import type { ClusterConfig } from '../../storage/config/port.ts';
import type { ConnectorTaskId } from '../../storage/connector-states.ts';
import type { Drain } from './drain.ts';

export interface ConnectorsAndTasks {
  readonly connectors: readonly string[];
  readonly tasks: readonly ConnectorTaskId[];
}

/** What one round gave this worker. */
export interface Assignment extends ConnectorsAndTasks {
  /** `CONFIG_MISMATCH`: the leader could not read as far as a member had; nothing is assigned. */
  readonly error: 'NONE' | 'CONFIG_MISMATCH';
  readonly leader: string;
  /** Ends in `/`. */
  readonly leaderUrl: string;
  /** The assignment holds for exactly this offset of the config topic. */
  readonly configOffset: bigint;
  /** To stop now; another round hands them out. Empty with `eager`. */
  readonly revoked: ConnectorsAndTasks;
  /** The next round is to be asked for after so many milliseconds; 0: none is planned. */
  readonly delayMs: number;
  readonly generation: number;
  readonly memberId: string;
  readonly protocol: 'eager' | 'compatible' | 'sessioned';
}

/** One member as the leader knows it. */
export interface MemberFacts extends ConnectorsAndTasks {
  readonly memberId: string;
  readonly url: string;
  /** It drains: it is given nothing. */
  readonly isLeaving: boolean;
}

export interface MembershipListener {
  /** Awaited before each join: work that the configuration no longer wants must have ended before the group agrees anew. `ConfigView.snapshot()` is read right after it. */
  beforeJoin(): Promise<void>;
  /**
   * A round has completed. `assignment.connectors` and `.tasks` are all that this worker owns from now on but for what `revoked` names (which it
   * still runs and must stop first). The next join waits until this resolves.
   */
  onAssigned(assignment: Assignment): Promise<void>;
  /**
   * Everything must be stopped before this resolves: an eager round begins, no coordinator can be found, or the group has gone on without this worker
   * for so long that others may run what it owns. What nobody else runs may come back with the next `onAssigned`.
   */
  onRevokedAll(reason: string): Promise<void>;
  /** Final: the worker cannot be a member (fenced, not authorised, no common protocol). */
  onFailed(error: Error): void;
}

export interface Membership {
  /** Resolves after the first round. */
  start(listener: MembershipListener): Promise<void>;
  requestRejoin(reason: string): void;
  readonly memberId: string;
  readonly generation: number;
  readonly isLeader: boolean;
  /** That the group has agreed on; `null` before the first round. */
  readonly protocol: Assignment['protocol'] | null;
  /** URL of the leader (ends in `/`); `null` while a round goes on or before the first. */
  readonly leaderUrl: string | null;
  /** Of the last round, also while another goes on; `null` before the first, and once the group has forgotten this worker. */
  readonly lastLeaderUrl: string | null;
  /** Of the round that goes on now: requests must wait for it. */
  readonly isRebalancing: boolean;
  /** Wall time of the round that the leader has planned for lost work; `null`: none. */
  readonly scheduledRebalanceMs: number | null;
  /** The leader alone knows who owns what. `null`: not the leader, or nobody owns it. */
  ownerUrl(owned: { readonly connector: string; readonly task?: number }): string | null;
  /** Of the last round; empty when this worker does not lead. */
  members(): readonly MemberFacts[];
  /** Tells the group that this worker is to run nothing any more, until it leaves; asked again it is the same drain. It stays a member until `stop`. */
  drain(): Drain;
  /** Leaves the group at once. */
  stop(reason: string): Promise<void>;
}

/** What membership must know of the config topic to take part in a round. */
export interface ConfigView {
  /** The herder's snapshot, which it runs by. */
  snapshot(): ClusterConfig;
  /** A snapshot that is newer when there is one; used by a leader that is behind a member. */
  freshSnapshot(): Promise<ClusterConfig>;
}
