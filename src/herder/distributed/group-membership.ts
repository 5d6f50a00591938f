/**
 * The worker as a member of a group of type `connect`, over Kafka's classic group protocol. It remembers what it owns from round to round and
 * says so in each. What it does when touch is lost, each time so that no task runs twice and none is given up without need:
 * - the group does not know it any more, for less than its session timeout: the work goes on, it says in the next round what it has;
 * - … for longer (its process was stopped): others may have the work by now, so all of it ends before it joins again;
 * - no coordinator can be found: all ends, and is given back;
 * - the herder takes longer than the rebalance timeout: it leaves, so that the others need not wait, and comes back with nothing running.
 * Source: WorkerCoordinator, WorkerGroupMember (reference 2.3).
 */
import type { Clock } from '../../base/clock.ts';
import { messageOf, RestError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import {
  CONNECT_PROTOCOL_TYPE,
  decodeWorkerAssignment,
  drainingAllocation,
  NO_WORK as NOTHING,
  type WorkerAssignment,
} from '../../kafka/connect-protocol.ts';
import type { GroupMember, Kafka } from '../../kafka/contract.ts';
import { KafkaError } from '../../kafka/kafka-error.ts';
import { Drain } from './drain.ts';
import { type GroupProtocol, type OfferedProtocol, offeredProtocols, protocolOf, versionOf } from './group-protocols.ts';
import type { Assignment, ConfigView, MemberFacts, Membership, MembershipListener } from './membership.ts';
import { PatientCalls } from './patient-calls.ts';
import { PlannedRound } from './planned-round.ts';
import { RoundLeader } from './round-leader.ts';
import { difference, fromWork, NO_WORK, toWork, union } from './work.ts';

export interface GroupMembershipOptions {
  readonly kafka: Pick<Kafka, 'groupMember'>;
  readonly groupId: string;
  /** `connect.protocol`: the most that this worker can. */
  readonly protocol: GroupProtocol;
  /** Where others reach this worker; ends in `/`. */
  url(): string;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
  /** `scheduled.rebalance.max.delay.ms` */
  readonly maxDelayMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** The others wait in a round until the last member has heard of it, and signs of life cost next to nothing. */
const BEAT_MS = 1_000;

interface RoundFacts {
  readonly generation: number;
  readonly memberId: string;
  readonly protocol: string;
}

interface Round {
  readonly protocol: GroupProtocol;
  readonly leader: string;
  readonly leaderUrl: string;
}

export class GroupMembership implements Membership {
  readonly #options: GroupMembershipOptions;
  readonly #view: ConfigView;
  readonly #leader: RoundLeader;
  /** Of the listener. What is owned changes with them only. */
  readonly #calls: PatientCalls;
  readonly #first = Promise.withResolvers<void>();
  readonly #ended = new AbortController();
  #member: GroupMember;
  #listener: MembershipListener | null = null;
  #round: Round | null = null;
  /** What it says in the next round that it owns; `null`: it was never assigned anything, or has given all back. */
  #allocation: WorkerAssignment | null = null;
  #completedGeneration = -1;
  /** In the last round that was completed. */
  #hasLed = false;
  #isRebalancing = true;
  /** It left because the listener took too long. */
  #isAway = false;
  readonly #planned: PlannedRound;
  /** Not null: this worker is to run nothing any more. */
  #drain: Drain | null = null;

  constructor(view: ConfigView, options: GroupMembershipOptions) {
    const { url, maxDelayMs, clock, log } = options;
    this.#options = options;
    this.#view = view;
    this.#leader = new RoundLeader({ view, url, maxDelayMs, onNobodyStays: () => this.#giveUpDrain(), clock, log });
    this.#member = this.#newMember();
    this.#planned = new PlannedRound(clock, () => this.requestRejoin('the planned rebalance is due'));
    this.#calls = new PatientCalls({
      patienceMs: options.rebalanceTimeoutMs,
      onTooLong: (what) => void this.#stayAway(what),
      signal: this.#ended.signal,
      clock,
      log,
    });
    // Without anybody waiting for `start` the fault goes to the listener alone.
    this.#first.promise.catch(() => {});
  }

  async start(listener: MembershipListener): Promise<void> {
    this.#listener = listener;
    await this.#getReady();
    if (!this.#isAway) this.#enter();
    return this.#first.promise;
  }

  requestRejoin(reason: string): void {
    this.#isRebalancing = true;
    this.#member.requestRejoin(reason);
  }

  get memberId(): string {
    return this.#member.memberId;
  }

  get generation(): number {
    return this.#member.generation;
  }

  get protocol(): GroupProtocol | null {
    return this.#round?.protocol ?? null;
  }

  get isLeader(): boolean {
    return this.#isKnown && this.#round?.leader === this.#member.memberId;
  }

  get leaderUrl(): string | null {
    return this.isRebalancing ? null : (this.#round?.leaderUrl ?? null);
  }

  get lastLeaderUrl(): string | null {
    return this.#isKnown ? (this.#round?.leaderUrl ?? null) : null;
  }

  /** Whoever was stopped for longer than its session must hear from the group first. */
  get #isKnown(): boolean {
    return this.#member.generation >= 0 && !this.#member.isOverdue;
  }

  get isRebalancing(): boolean {
    return this.#isRebalancing || !this.#member.isStable;
  }

  get scheduledRebalanceMs(): number | null {
    return this.#planned.dueMs;
  }

  ownerUrl({ connector, task }: { readonly connector: string; readonly task?: number }): string | null {
    const owner = this.members().find(({ connectors, tasks }) =>
      task === undefined ? connectors.includes(connector) : tasks.some((one) => one.connector === connector && one.task === task),
    );
    return owner?.url ?? null;
  }

  members(): readonly MemberFacts[] {
    return this.isLeader ? this.#leader.members : [];
  }

  drain(): Drain {
    if (this.#drain) return this.#drain;
    this.#drain = new Drain();
    // Whatever is said there, all work is handed out anew when a member leaves.
    if (this.protocol === 'eager') this.#drain.end();
    else {
      void this.#endDrainInTime(this.#drain);
      this.requestRejoin('this worker drains');
    }
    return this.#drain;
  }

  async stop(reason: string): Promise<void> {
    this.#ended.abort();
    this.#planned.drop();
    this.#isRebalancing = true;
    this.#first.reject(new KafkaError('CLOSED', `the worker left group "${this.#options.groupId}": ${reason}`));
    await this.#member.leave(reason);
  }

  // ---- the member, and the listener

  #newMember(): GroupMember {
    const { kafka, groupId, sessionTimeoutMs, heartbeatIntervalMs, rebalanceTimeoutMs } = this.#options;
    return kafka.groupMember({
      groupId,
      protocolType: CONNECT_PROTOCOL_TYPE,
      sessionTimeoutMs,
      heartbeatIntervalMs,
      beatMs: BEAT_MS,
      rebalanceTimeoutMs,
      protocols: () => this.#protocols(),
      assign: (protocol, joined, generation) =>
        this.#leader.assign({
          leader: this.#member.memberId,
          version: versionOf(protocol),
          joined,
          generation,
          lastGeneration: this.#completedGeneration,
        }),
      onJoinPrepare: () => this.#onJoinPrepare(),
      onAssigned: (bytes, facts) => this.#onAssigned(bytes, facts),
      onLost: (error, silentMs) => this.#onLost(error, silentMs),
      onCoordinatorLost: (unreachableMs) => void this.#onCoordinatorLost(unreachableMs),
    });
  }

  #enter(): void {
    if (this.#ended.signal.aborted) return;
    const member = this.#member;
    member.onError((error) => {
      if (member.isEnded && member === this.#member && !this.#isAway) this.#fail(error);
      else this.#options.log.error(`Group "${this.#options.groupId}": ${messageOf(error)}`);
    });
    // A fault is told to `onError`.
    member.start().catch(() => {});
  }

  #fail(error: Error): void {
    const { groupId } = this.#options;
    const isForeign = error instanceof KafkaError && error.kafkaName === 'INCONSISTENT_GROUP_PROTOCOL';
    const offered = this.#protocols().map(({ name }) => name);
    const fault = isForeign
      ? new KafkaError(
          error.kafkaName,
          `The members of group "${groupId}" are no Connect workers, or none of the protocols ${offered.join(', ')} is known to all of them. Set another group.id, or the connect.protocol of the others.`,
          { cause: error },
        )
      : error;
    if (this.#round === null) this.#first.reject(fault);
    else this.#listener?.onFailed(fault);
  }

  /** The others must not wait for this worker: it leaves, and comes back once the call has ended. */
  async #stayAway(what: string): Promise<void> {
    const { log, rebalanceTimeoutMs, groupId, clock } = this.#options;
    if (this.#isAway) return;
    const sinceMs = clock.monoMs();
    this.#isAway = true;
    this.#suspend();
    log.warn(
      `${what} takes longer than ${rebalanceTimeoutMs} ms (rebalance.timeout.ms): this worker leaves group "${groupId}", and comes back when that is done.`,
    );
    void this.#member.leave(`${what} takes longer than ${rebalanceTimeoutMs} ms`);
    await this.#stopAll(`the worker had to leave group "${groupId}"`, () => clock.monoMs() - sinceMs);
    if (this.#drain) return;
    await this.#getReady();
    if (this.#ended.signal.aborted) return;
    this.#isAway = false;
    this.#member = this.#newMember();
    this.#enter();
  }

  #getReady(): Promise<void> {
    return this.#calls.run('Getting ready to join the group', () => this.#listener?.beforeJoin());
  }

  // ---- rounds

  #protocols(): OfferedProtocol[] {
    const { protocol, url } = this.#options;
    const allocation = this.#drain ? drainingAllocation(this.#allocation) : this.#allocation;
    this.#drain?.say();
    return offeredProtocols(protocol, { url: url(), configOffset: this.#view.snapshot().offset, allocation });
  }

  async #onJoinPrepare(): Promise<void> {
    this.#suspend();
    if (this.#round?.protocol === 'eager') await this.#giveAllBack('a rebalance of the group begins');
    await this.#getReady();
  }

  #suspend(): void {
    this.#isRebalancing = true;
    this.#planned.drop();
  }

  async #onAssigned(bytes: Buffer, facts: RoundFacts): Promise<void> {
    const { groupId, clock, heartbeatIntervalMs, log } = this.#options;
    const member = this.#member;
    let given: WorkerAssignment;
    try {
      given = decodeWorkerAssignment(bytes);
    } catch (error) {
      log.error(`The leader of group "${groupId}" has sent what cannot be read; joining again: ${messageOf(error)}`);
      await clock.sleep(heartbeatIntervalMs, this.#ended.signal);
      if (member.isEnded) return;
      return this.requestRejoin('the assignment could not be read');
    }
    await this.#calls.run('Taking over an assignment of the group', () => {
      const assignment = this.#take(given, facts);
      this.#drain?.onRound(assignment);
      return this.#listener?.onAssigned(assignment);
    });
    if (member.isEnded) return;
    if (this.#drain?.isDecided) this.#drain.end();
    else if (given.revoked.connectors.length + given.revoked.tasks.length > 0) this.requestRejoin('what was revoked has been given up');
    else if (given.delayMs > 0) this.#planned.plan(given.delayMs);
    this.#first.resolve();
  }

  /** From now on it owns what it had and was not revoked, and what is new. */
  #take(given: WorkerAssignment, { generation, memberId, protocol: name }: RoundFacts): Assignment {
    const protocol = protocolOf(name);
    const before = this.#allocation === null || protocol === 'eager' ? NO_WORK : toWork(this.#allocation.assigned);
    const revoked = toWork(given.revoked);
    const owned = fromWork(difference(union(before, toWork(given.assigned)), revoked));
    const { leader, leaderUrl, configOffset, delayMs } = given;
    this.#round = { protocol, leader, leaderUrl };
    this.#completedGeneration = generation;
    this.#hasLed = leader === memberId;
    this.#allocation = { ...given, assigned: owned, revoked: NOTHING };
    // Whoever asks for another round from here on has not been heard yet.
    this.#isRebalancing = false;
    return {
      ...owned,
      error: given.error === 0 ? 'NONE' : 'CONFIG_MISMATCH',
      leader,
      leaderUrl,
      configOffset,
      revoked: fromWork(revoked),
      delayMs,
      generation,
      memberId,
      protocol,
    };
  }

  // ---- draining

  async #endDrainInTime(drain: Drain): Promise<void> {
    const { clock, rebalanceTimeoutMs, groupId, log } = this.#options;
    const { signal } = this.#ended;
    await clock.sleep(rebalanceTimeoutMs, signal);
    if (signal.aborted || this.#drain !== drain || drain.isDecided) return;
    log.warn(
      `Group "${groupId}" has not agreed anew within ${rebalanceTimeoutMs} ms (rebalance.timeout.ms): this worker leaves it as it is.`,
    );
    drain.end();
  }

  /** Who has gone too far leaves; then the next leader stays. */
  #giveUpDrain(): void {
    const { groupId, log } = this.#options;
    const reason = `All workers of group "${groupId}" drain: this one, its leader, goes on, so that somebody can take their work.`;
    if (!this.#drain?.giveUp(new RestError(409, reason))) return;
    log.warn(reason);
    this.#drain = null;
  }

  // ---- losing touch

  async #onLost(error: Error, silentMs: number): Promise<void> {
    const { sessionTimeoutMs } = this.#options;
    this.#suspend();
    const reason = `the membership was lost for ${Math.round(silentMs)} ms: ${messageOf(error)}`;
    const awayMs = silentMs - sessionTimeoutMs;
    if (this.#member.isEnded || this.#round?.protocol === 'eager') await this.#giveAllBack(reason);
    else if (awayMs > 0) await this.#stopAll(reason, () => awayMs);
    await this.#getReady();
  }

  async #onCoordinatorLost(unreachableMs: number): Promise<void> {
    if (this.#allocation === null) return;
    await this.#giveAllBack(`no coordinator of the group could be found for ${Math.round(unreachableMs)} ms`);
    this.requestRejoin('all work was given back while no coordinator could be found');
  }

  /** It says that it owns things as long as they run. */
  #giveAllBack(reason: string): Promise<void> {
    return this.#stopAll(reason, () => Number.POSITIVE_INFINITY);
  }

  /** `awayMs`: how long the group has gone on without this worker. What it still says that it owns it goes on with once nobody else has it. */
  #stopAll(reason: string, awayMs: () => number): Promise<void> {
    return this.#calls.run('Stopping all work', async () => {
      await this.#listener?.onRevokedAll(reason);
      // A new leader hands out at once what nobody has; the old one keeps it for the time of the delay.
      if (this.#hasLed || awayMs() > this.#options.maxDelayMs) this.#allocation = null;
      this.#drain?.end();
    });
  }
}
