/**
 * A member of a group, of whatever protocol type (classic protocol: JoinGroup, SyncGroup, Heartbeat, LeaveGroup). It drives itself: heartbeats go on
 * while callbacks run, the coordinator may move or be away, a lost membership is told and joined anew. Source of the rules:
 * org.apache.kafka.clients.consumer.internals.AbstractCoordinator (4.3).
 */
import { backoffMs } from '../base/backoff.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { ClusterLink } from './cluster-link.ts';
import type { GroupMember, GroupMemberOptions } from './contract.ts';
import { CoordinatorContact } from './group/coordinator-contact.ts';
import { commitGroupOffsets, fetchGroupOffsets, noMembership, type OffsetToCommit } from './group/group-offsets.ts';
import {
  type GroupCall,
  type JoinedGroup,
  joinGroup,
  leaveGroup,
  type MemberIdentity,
  sendHeartbeat,
  syncGroup,
} from './group/group-requests.ts';
import { KafkaError, toKafkaError } from './kafka-error.ts';

/** Added to the rebalance timeout when waiting for the other members, for the way there and back. */
const JOIN_LAPSE_MS = 5_000;
/** How long leaving may take before the others have to wait for the session timeout instead. */
const LEAVE_MS = 5_000;

/** Faults that no further attempt mends. */
const FINAL = new Set([
  'FENCED_INSTANCE_ID',
  'GROUP_AUTHORIZATION_FAILED',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'INCONSISTENT_GROUP_PROTOCOL',
  'GROUP_MAX_SIZE_REACHED',
  'UNSUPPORTED_VERSION',
  'SASL_AUTHENTICATION_FAILED',
  'SSL_HANDSHAKE_FAILED',
  'CLOSED',
]);

let memberCount = 0;

export function createGroupMember(link: ClusterLink, options: GroupMemberOptions): GroupMember {
  return new ClassicMember(link, options);
}

class ClassicMember implements GroupMember {
  readonly #link: ClusterLink;
  readonly #options: GroupMemberOptions;
  readonly #joinLane: string;
  readonly #ended = new AbortController();
  readonly #listeners = new Set<(error: Error) => void>();
  readonly #first = Promise.withResolvers<void>();
  #isStarted = false;
  #generation = -1;
  #memberId = '';
  /** Not null: another round is wanted. */
  #rejoinReason: string | null = 'first join';
  /** Why the membership is gone, until `onLost` was called. */
  #loss: KafkaError | null = null;
  /** `onJoinPrepare` was called for the round that is on its way. */
  #isPrepared = false;
  #isBeating = false;
  /** Ends the wait of the main loop. */
  #wake: (() => void) | null = null;
  readonly #contact: CoordinatorContact;

  constructor(link: ClusterLink, options: GroupMemberOptions) {
    this.#link = link;
    this.#options = options;
    this.#joinLane = `join ${options.groupId} ${++memberCount}`;
    this.#contact = new CoordinatorContact(link, options.groupId);
    // Without anybody waiting for `start` the fault goes to the listeners alone.
    this.#first.promise.catch(() => {});
  }

  get generation(): number {
    return this.#generation;
  }

  get memberId(): string {
    return this.#memberId;
  }

  get isStable(): boolean {
    return this.#generation >= 0 && this.#isBeating && !this.isOverdue && this.#rejoinReason === null && this.#loss === null;
  }

  /** While it waits for a round the coordinator waits for it. */
  get isOverdue(): boolean {
    return this.#isBeating && this.#contact.silentMs > this.#options.sessionTimeoutMs;
  }

  get isEnded(): boolean {
    return this.#ended.signal.aborted;
  }

  get #identity(): MemberIdentity {
    const { groupId, groupInstanceId = null } = this.#options;
    return { groupId, generation: this.#generation, memberId: this.#memberId, groupInstanceId };
  }

  start(): Promise<void> {
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#contact.note(this.#link.clock.monoMs());
      void this.#run();
      void this.#beat();
    }
    return this.#first.promise;
  }

  onError(listener: (error: Error) => void): void {
    this.#listeners.add(listener);
  }

  requestRejoin(reason: string): void {
    this.#rejoinReason ??= reason;
    this.#wake?.();
  }

  // ---- rounds

  async #run(): Promise<void> {
    for (let failed = 0; !this.#ended.signal.aborted; ) {
      try {
        if (this.#loss) await this.#tellLoss();
        if (this.#rejoinReason === null) await this.#news();
        else await this.#rebalance(this.#rejoinReason);
        failed = 0;
      } catch (error) {
        const fault = toKafkaError(error, `group "${this.#options.groupId}"`);
        if (this.#ended.signal.aborted) return;
        if (FINAL.has(fault.kafkaName)) return this.#fail(fault);
        this.#afterFault(fault);
        const { retryBackoffMs, retryBackoffMaxMs } = this.#link.options;
        await this.#link.clock.sleep(backoffMs(failed++, retryBackoffMs, retryBackoffMaxMs), this.#ended.signal);
      }
    }
  }

  async #news(): Promise<void> {
    if (this.#loss || this.#rejoinReason !== null || this.#ended.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
  }

  /** One whole round. Heartbeats go on until the request to join leaves, and again from its answer on. */
  async #rebalance(reason: string): Promise<void> {
    if (!this.#isPrepared && this.#generation >= 0) await this.#told(() => this.#options.onJoinPrepare(this.#generation, this.#memberId));
    this.#isPrepared = true;
    if (this.#loss || this.#ended.signal.aborted) return;
    const { protocolType, sessionTimeoutMs, rebalanceTimeoutMs, groupId } = this.#options;
    const timeoutMs = Math.max(rebalanceTimeoutMs + JOIN_LAPSE_MS, this.#link.options.requestTimeoutMs);
    const call: GroupCall = { lane: this.#joinLane, timeoutMs };
    const protocols = this.#options.protocols();
    this.#isBeating = false;
    this.#rejoinReason = null;
    let sentMs = this.#link.clock.monoMs();
    let isJoined = false;
    try {
      const onMemberId = (memberId: string) => {
        this.#memberId = memberId;
      };
      const request = { protocolType, protocols, sessionTimeoutMs, rebalanceTimeoutMs, reason, onMemberId };
      const joined = await joinGroup(this.#link, this.#identity, request, call);
      if (this.#ended.signal.aborted) return this.#leaveLate(joined.memberId);
      this.#contact.note(sentMs);
      this.#generation = joined.generation;
      this.#memberId = joined.memberId;
      this.#isBeating = true;
      const { protocol, leaderId } = joined;
      const assignments = await this.#assign(joined);
      sentMs = this.#link.clock.monoMs();
      const assignment = await syncGroup(this.#link, this.#identity, { protocolType, protocol }, assignments, call);
      if (this.#ended.signal.aborted) return;
      this.#contact.note(sentMs);
      isJoined = true;
      this.#isPrepared = false;
      const role = joined.isLeader ? `leader of ${joined.members.length}` : `leader ${leaderId}`;
      this.#link.log.info(
        `Joined group "${groupId}" as ${joined.memberId}: generation ${joined.generation}, protocol ${protocol}, ${role} (${reason})`,
      );
      const facts = { generation: joined.generation, memberId: joined.memberId, leaderId, protocol };
      await this.#told(() => this.#options.onAssigned(assignment, facts));
      this.#first.resolve();
    } finally {
      if (!isJoined) this.#rejoinReason ??= reason;
    }
  }

  async #assign({ isLeader, keepsAssignment, protocol, members, generation }: JoinedGroup): Promise<ReadonlyMap<string, Buffer>> {
    if (!isLeader || keepsAssignment) return new Map();
    try {
      return await this.#options.assign(protocol, members, generation);
    } catch (error) {
      const fault = toKafkaError(error, `assignment of group "${this.#options.groupId}"`);
      if (!fault.isRetriable) this.#tellError(fault);
      throw new KafkaError('REBALANCE_IN_PROGRESS', `the assignment could not be made: ${fault.message}`, { cause: fault });
    }
  }

  /** Faults of callbacks are the owner's: they are told and do not end the membership. */
  async #told(callback: () => Promise<void>): Promise<void> {
    try {
      await callback();
    } catch (error) {
      this.#tellError(toKafkaError(error, `group "${this.#options.groupId}"`));
    }
  }

  #tellError(error: KafkaError): void {
    if (this.#listeners.size === 0) this.#link.log.error(error.message, error);
    for (const listener of this.#listeners) listener(error);
  }

  // ---- faults

  #afterFault(fault: KafkaError): void {
    const { groupId, heartbeatIntervalMs } = this.#options;
    this.#link.log.debug(`Group "${groupId}": ${fault.message}`);
    if (fault.kafkaName === 'UNKNOWN_MEMBER_ID' || fault.kafkaName === 'ILLEGAL_GENERATION') this.#lose(fault);
    else if (fault.kafkaName !== 'REBALANCE_IN_PROGRESS')
      void this.#contact.fault(fault, heartbeatIntervalMs, this.#ended.signal, (ms) => this.#options.onCoordinatorLost?.(ms));
  }

  #lose(fault: KafkaError): void {
    if (this.#generation >= 0) {
      this.#link.log.warn(`Lost the membership in group "${this.#options.groupId}" (generation ${this.#generation}): ${fault.message}`);
      this.#loss = fault;
    }
    this.#generation = -1;
    this.#isBeating = false;
    if (fault.kafkaName !== 'ILLEGAL_GENERATION') this.#memberId = '';
    this.requestRejoin(`membership lost: ${fault.kafkaName}`);
  }

  async #tellLoss(): Promise<void> {
    const loss = this.#loss;
    if (!loss) return;
    this.#loss = null;
    this.#isPrepared = true;
    await this.#told(() => this.#options.onLost(loss, this.#contact.silentMs));
  }

  async #fail(fault: KafkaError): Promise<void> {
    if (this.#ended.signal.aborted) return;
    const wasMember = this.#generation >= 0 || this.#loss !== null;
    const isOutsider = fault.kafkaName === 'FENCED_INSTANCE_ID' || fault.kafkaName === 'CLOSED';
    this.#link.log.error(`Group "${this.#options.groupId}": ${fault.message}`);
    if (isOutsider) this.#memberId = '';
    await this.#end('the member failed');
    if (wasMember) await this.#told(() => this.#options.onLost(fault, this.#contact.silentMs));
    this.#first.reject(fault);
    this.#tellError(fault);
  }

  // ---- heartbeats

  async #beat(): Promise<void> {
    const { heartbeatIntervalMs, sessionTimeoutMs } = this.#options;
    const beatMs = Math.min(this.#options.beatMs ?? heartbeatIntervalMs, heartbeatIntervalMs);
    const { retryBackoffMs, retryBackoffMaxMs, requestTimeoutMs } = this.#link.options;
    const { signal } = this.#ended;
    for (let failed = 0; ; ) {
      const waitMs = failed === 0 ? beatMs : Math.min(beatMs, backoffMs(failed - 1, retryBackoffMs, retryBackoffMaxMs));
      await this.#link.clock.sleep(waitMs, signal);
      if (signal.aborted) return;
      if (!this.#isBeating) {
        failed = 0;
        continue;
      }
      const identity = this.#identity;
      const sentMs = this.#link.clock.monoMs();
      const isCurrent = () => this.#isBeating && this.#generation === identity.generation && !signal.aborted;
      try {
        await sendHeartbeat(this.#link, identity, { timeoutMs: Math.min(requestTimeoutMs, sessionTimeoutMs) });
        this.#contact.note(sentMs);
        failed = 0;
      } catch (error) {
        failed++;
        if (isCurrent()) await this.#afterBeat(toKafkaError(error, `heartbeat of group "${identity.groupId}"`), sentMs);
      }
    }
  }

  async #afterBeat(fault: KafkaError, sentMs: number): Promise<void> {
    if (FINAL.has(fault.kafkaName)) return this.#fail(fault);
    if (fault.kafkaName === 'REBALANCE_IN_PROGRESS') {
      this.#contact.note(sentMs);
      this.requestRejoin('the group is rebalancing');
    } else this.#afterFault(fault);
  }

  // ---- offsets

  async commitOffsets(offsets: readonly OffsetToCommit[]): Promise<void> {
    const identity = this.#identity;
    if (identity.generation < 0) throw noMembership(identity.groupId, this.#rejoinReason !== null && this.#loss === null);
    try {
      await commitGroupOffsets(this.#link, identity, offsets, { signal: this.#ended.signal });
    } catch (error) {
      const fault = toKafkaError(error, `offset commit of group "${identity.groupId}"`);
      if (this.#generation === identity.generation && !this.#ended.signal.aborted) this.#afterCommit(fault);
      throw fault;
    }
  }

  #afterCommit(fault: KafkaError): void {
    if (fault.kafkaName === 'FENCED_INSTANCE_ID') void this.#fail(fault);
    else if (fault.kafkaName === 'REBALANCE_IN_PROGRESS') this.requestRejoin('the group is rebalancing');
    else if (fault.kafkaName === 'UNKNOWN_MEMBER_ID' || fault.kafkaName === 'ILLEGAL_GENERATION') this.#lose(fault);
  }

  async committedOffsets(partitions: readonly TopicPartition[]): Promise<Map<string, bigint | null>> {
    const found = new Map<string, bigint | null>(partitions.map(({ topic, partition }) => [`${topic} ${partition}`, null]));
    if (partitions.length === 0) return found;
    const answers = await fetchGroupOffsets(this.#link, this.#options.groupId, partitions, { isStable: true, signal: this.#ended.signal });
    for (const { topic, partition, offset, error } of answers) {
      if (error) throw error;
      found.set(`${topic} ${partition}`, offset);
    }
    return found;
  }

  // ---- end

  leave(reason: string = 'the member is closing'): Promise<void> {
    const wasEnded = this.#ended.signal.aborted;
    const ended = this.#end(reason);
    if (!wasEnded) this.#first.reject(new KafkaError('CLOSED', `the member left group "${this.#options.groupId}": ${reason}`));
    return ended;
  }

  async #end(reason: string): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#isBeating = false;
    this.#wake?.();
    this.#link.closeLane(this.#joinLane);
    const identity = this.#identity;
    this.#generation = -1;
    await this.#leaveAs(identity, reason);
  }

  /** The answer to a join came after the end: the broker counts a member that nobody is. */
  #leaveLate(memberId: string): Promise<void> {
    return this.#leaveAs({ ...this.#identity, memberId }, 'the member was closed while it joined');
  }

  /** Static members stay in the group until their session ends, so that a restart causes no rebalance (KIP-345). */
  async #leaveAs(identity: MemberIdentity, reason: string): Promise<void> {
    if (identity.memberId === '' || identity.groupInstanceId !== null) return;
    try {
      await leaveGroup(this.#link, identity, reason, LEAVE_MS);
    } catch (error) {
      const { groupId, sessionTimeoutMs } = this.#options;
      this.#link.log.warn(`Could not leave group "${groupId}"; its other members take over after ${sessionTimeoutMs} ms`, error);
    }
  }
}
