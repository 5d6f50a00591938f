/**
 * What this worker does when the group has agreed anew or the config topic says something new. Passes over the changes run one after the
 * other; what only a round of the group can settle is asked for. Source: DistributedHerder.{tick,handleRebalanceCompleted,RebalanceListener,ConfigUpdateListener}.
 */
import type { Clock } from '../../base/clock.ts';
import { messageOf, RestError } from '../../base/errors.ts';
import { inParallel } from '../../base/in-parallel.ts';
import type { Log, LogLevel } from '../../base/log.ts';
import { SerialQueue } from '../../base/serial-queue.ts';
import { until } from '../../base/until.ts';
import { KafkaError } from '../../kafka/kafka-error.ts';
import type { ClusterConfig, ConfigListener, ConfigStore, RestartRequest } from '../../storage/config/port.ts';
import type { StatusStore } from '../../storage/status/port.ts';
import { LeaderPlace } from './leader-place.ts';
import type { LocalConnectors } from './local-connectors.ts';
import type { LocalTasks } from './local-tasks.ts';
import type { Assignment, ConfigView, Membership, MembershipListener } from './membership.ts';
import { greaterImpact } from './restart-impact.ts';
import { RoundRequests } from './round-requests.ts';
import type { StatusWriter } from './status-writer.ts';

export interface CoordinationParts {
  readonly configs: ConfigStore;
  readonly statusStore: StatusStore;
  readonly statuses: StatusWriter;
  readonly connectors: LocalConnectors;
  readonly tasks: LocalTasks;
  membership(): Membership;
  /** After each round that this worker leads. */
  onLeading(): Promise<void>;
  onFollowing(): void;
  onRestart(request: RestartRequest): Promise<void>;
  onLoggerLevel(logger: string, level: LogLevel): void;
  onFailed(error: Error): void;
  /** `worker.sync.timeout.ms` */
  readonly syncTimeoutMs: number;
  /** `scheduled.rebalance.max.delay.ms` */
  readonly maxDelayMs: number;
  /** `worker.unsync.backoff.ms`, after which an eager member comes back. */
  readonly unsyncBackoffMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

interface Changes {
  readonly connectors: Set<string>;
  readonly taskSets: Set<string>;
  readonly targets: Set<string>;
  readonly restarts: Map<string, RestartRequest>;
}

const noChanges = (): Changes => ({ connectors: new Set(), taskSets: new Set(), targets: new Set(), restarts: new Map() });

/** Connectors that start or change at the same time. */
const AT_ONCE = 8;
const FLUSH_MS = 5_000;
/** How long what others wrote is waited for before work of this worker stops. */
const NEWS_MS = 1_000;
/** How long a request waits for a round of the group to end before it is answered with 409. */
const REQUEST_PATIENCE_MS = 30_000;
const LOOK_MS = 10;
/** Attempts to read as far as the group has before everything is given back. */
const MAX_CATCH_UPS = 5;

const STALE = 'Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)';

/** Trying again does not mend it. */
const isRefusal = (fault: unknown): boolean => fault instanceof KafkaError && !fault.isRetriable;

export class Coordination implements MembershipListener, ConfigListener, ConfigView {
  readonly #parts: CoordinationParts;
  readonly #passes = new SerialQueue();
  #changes = noChanges();
  #isPassDue = false;
  /** What the work goes by. */
  #current: ClusterConfig;
  /** What this worker can answer for in the group: nothing runs here that it no longer wants. */
  #agreed: ClusterConfig;
  /** Of each connector: offset of the last change to it that a round of the group must settle. */
  readonly #shapeOffsets = new Map<string, bigint>();
  #isResolved = false;
  #failedCatchUps = 0;
  readonly #ended = new AbortController();
  readonly #place: LeaderPlace;
  readonly #rounds: RoundRequests;

  constructor(parts: CoordinationParts) {
    this.#parts = parts;
    const { signal } = this.#ended;
    this.#place = new LeaderPlace({ ...parts, signal });
    const request = () => parts.membership().requestRejoin('connectors or tasks were added, removed or changed');
    this.#rounds = new RoundRequests({ request, clock: parts.clock, signal });
    this.#current = parts.configs.snapshot();
    this.#agreed = this.#current;
  }

  /** Once the config store has been read, before the worker joins. */
  begin(): void {
    this.#current = this.#parts.configs.snapshot();
    this.#agreed = this.#current;
  }

  /** Nothing is begun any more. */
  stop(): void {
    this.#ended.abort();
  }

  get config(): ClusterConfig {
    return this.#current;
  }

  /** Resolves when no round goes on or is due. Rejects with RestError 409 when that takes too long, 503 when this worker leads and may not. */
  async settled(): Promise<void> {
    const isOver = () => this.#isSettled() || isRefusal(this.#place.fault);
    if (!isOver()) await until(isOver, { clock: this.#parts.clock, forMs: REQUEST_PATIENCE_MS, everyMs: LOOK_MS });
    if (this.#isSettled()) return;
    const { fault } = this.#place;
    if (fault === null) throw new RestError(409, STALE);
    throw new RestError(
      503,
      `This worker leads the group and cannot do what a leader must, so that nothing can be changed; it tries again by itself: ${messageOf(fault)}`,
    );
  }

  /**
   * `null`: this worker leads, and may write; rounds that its own changes bring about do not hold it up. Otherwise the URL of
   * who led last: who does not any more says so.
   * Rejects with RestError 409 while none is known.
   */
  async leader(): Promise<string | null> {
    const membership = this.#parts.membership();
    const isLeading = () => this.#place.isTaken && membership.isLeader && membership.generation >= 0;
    if (isLeading()) return null;
    if (membership.lastLeaderUrl === null || membership.isLeader) await this.settled();
    if (isLeading()) return null;
    const url = membership.lastLeaderUrl;
    if (membership.isLeader || url === null) throw new RestError(409, STALE);
    return url;
  }

  /** Resolves once what this worker has to do for the group and for changes of the config topic is not stuck. */
  responds(): Promise<void> {
    return this.#passes.run(() => undefined);
  }

  #isSettled(): boolean {
    const isQuiet = !this.#isPassDue && this.#passes.isIdle && !this.#rounds.isDue;
    return this.#isResolved && isQuiet && !this.#parts.membership().isRebalancing;
  }

  // ---- the config topic

  onConnectorConfigUpdate(connector: string): void {
    this.#changes.connectors.add(connector);
    this.#passSoon();
  }

  onConnectorConfigRemove(connector: string): void {
    this.#changes.connectors.add(connector);
    this.#passSoon();
  }

  onTaskConfigsUpdate(connector: string): void {
    this.#changes.taskSets.add(connector);
    this.#passSoon();
  }

  onTargetStateChange(connector: string): void {
    this.#changes.targets.add(connector);
    this.#passSoon();
  }

  /** It is in the snapshot. */
  onSessionKeyUpdate(): void {}

  onRestartRequest(request: RestartRequest): void {
    const { restarts } = this.#changes;
    restarts.set(request.connector, greaterImpact(restarts.get(request.connector), request));
    this.#passSoon();
  }

  onLoggerLevel(logger: string, level: LogLevel): void {
    this.#parts.onLoggerLevel(logger, level);
  }

  onPrivilegesLost(reason: string): void {
    this.#place.onPrivilegesLost(reason);
  }

  #passSoon(): void {
    if (this.#isPassDue || this.#ended.signal.aborted) return;
    this.#isPassDue = true;
    void this.#passes.run(() => this.#pass());
  }

  async #pass(): Promise<void> {
    const { configs, tasks, log } = this.#parts;
    this.#isPassDue = false;
    const changes = this.#changes;
    this.#changes = noChanges();
    const before = this.#current;
    this.#current = configs.snapshot();
    const has = (name: string) => this.#current.connectors.has(name);
    const reshaped = new Set([...changes.taskSets, ...[...changes.connectors].filter((name) => has(name) !== before.connectors.has(name))]);
    const removed = [...changes.connectors].filter((name) => !has(name));
    try {
      await tasks.stopStale(new Set([...changes.taskSets, ...removed]));
    } catch (error) {
      log.error('Tasks whose configurations were replaced could not be stopped.', error);
    }
    this.#agreed = this.#current;
    if (reshaped.size > 0) {
      for (const name of reshaped) {
        if (has(name)) this.#shapeOffsets.set(name, this.#current.offset);
        else this.#shapeOffsets.delete(name);
      }
      this.#rounds.onChange(this.#current.offset);
    }
    // Not waited for: a connector that is slow to start must not hold up the group.
    void this.#apply(changes);
  }

  async #apply({ connectors: changed, targets, restarts }: Changes): Promise<void> {
    const { connectors, tasks, log } = this.#parts;
    const touched = [...new Set([...changed, ...targets])];
    await inParallel(touched, AT_ONCE, async (name) => {
      if (targets.has(name)) await tasks.applyTarget(name);
      if (connectors.owned.has(name)) await connectors.reconcile(name);
    });
    for (const request of restarts.values()) {
      try {
        await this.#parts.onRestart(request);
      } catch (error) {
        log.for({ connector: request.connector }).error(`The restart that was asked for could not be made: ${messageOf(error)}`);
      }
    }
  }

  // ---- the group

  async beforeJoin(): Promise<void> {
    if (this.#isPassDue || !this.#passes.isIdle) await this.#passes.run(() => undefined);
  }

  snapshot(): ClusterConfig {
    return this.#agreed;
  }

  async freshSnapshot(): Promise<ClusterConfig> {
    const { configs, syncTimeoutMs, log } = this.#parts;
    try {
      await configs.refresh(syncTimeoutMs);
    } catch (error) {
      log.warn(`The config topic could not be read to its end within ${syncTimeoutMs} ms (worker.sync.timeout.ms): ${messageOf(error)}`);
    }
    return configs.snapshot();
  }

  async onAssigned(assignment: Assignment): Promise<void> {
    const { connectors, tasks, statuses, log } = this.#parts;
    this.#isResolved = false;
    this.#rounds.onRound();
    statuses.generation = assignment.generation;
    if (assignment.error === 'NONE') {
      connectors.own(assignment.connectors);
      tasks.own(assignment.tasks);
      // Also while this worker is behind: the group counts on what it has taken away.
      await Promise.all([connectors.stopOthers(), tasks.stopStale()]);
      if (assignment.revoked.connectors.length + assignment.revoked.tasks.length > 0) await this.#flushStatuses();
    }
    if (this.#ended.signal.aborted || !(await this.#hasCaughtUp(assignment))) return;
    if (assignment.leader !== assignment.memberId) this.#place.leave();
    else if (!(await this.#place.take(assignment.generation))) return;
    this.#isResolved = true;
    this.#rounds.onAgreed(assignment.configOffset);
    void inParallel(connectors.unsettled(assignment.connectors), AT_ONCE, (name) => connectors.reconcile(name));
    // What came later than the group's agreement waits for the round that it has asked for.
    void tasks.startOwned((name) => (this.#shapeOffsets.get(name) ?? -1n) <= assignment.configOffset);
    log.info(
      `Generation ${assignment.generation}: ${assignment.connectors.length} connectors and ${assignment.tasks.length} tasks run here; the leader is ${assignment.leaderUrl}`,
    );
  }

  async onRevokedAll(reason: string): Promise<void> {
    const { connectors, tasks, statusStore, log } = this.#parts;
    this.#isResolved = false;
    this.#place.lose();
    connectors.own([]);
    tasks.own([]);
    if (connectors.names().length > 0) log.info(`Stopping all connectors and tasks of this worker: ${reason}`);
    // Others may have taken over while this worker was out of touch: what they wrote must not be overwritten with UNASSIGNED.
    await statusStore.refresh(NEWS_MS).catch(() => undefined);
    await Promise.all([connectors.stopOthers(), tasks.stopStale()]);
    await this.#flushStatuses();
  }

  onFailed(error: Error): void {
    this.#parts.onFailed(error);
  }

  async #flushStatuses(): Promise<void> {
    try {
      await this.#parts.statusStore.flush(FLUSH_MS);
    } catch (error) {
      this.#parts.log.warn(`Statuses could not be written for now: ${messageOf(error)}`);
    }
  }

  /** Reads as far as the group has. False: another round was asked for. */
  async #hasCaughtUp(assignment: Assignment): Promise<boolean> {
    const { clock, log, maxDelayMs, unsyncBackoffMs } = this.#parts;
    const isBehind = () => this.#agreed.offset < assignment.configOffset;
    if (assignment.error === 'NONE' && !isBehind()) {
      this.#failedCatchUps = 0;
      return true;
    }
    await this.freshSnapshot();
    await this.#passes.run(() => this.#pass());
    if (!isBehind()) {
      this.#failedCatchUps = 0;
      if (assignment.error === 'NONE') return true;
      this.#parts.membership().requestRejoin('the leader was behind the config topic');
      return false;
    }
    this.#failedCatchUps++;
    const waitMs =
      assignment.protocol === 'eager' ? unsyncBackoffMs : Math.round(maxDelayMs / 10 / Math.min(this.#failedCatchUps, MAX_CATCH_UPS));
    log.warn(
      `This worker has read the config topic to offset ${this.#agreed.offset}, the group to ${assignment.configOffset}; joining again in ${waitMs} ms.`,
    );
    if (assignment.protocol === 'eager' || this.#failedCatchUps > MAX_CATCH_UPS) await this.onRevokedAll('the config topic cannot be read');
    await clock.sleep(waitMs, this.#ended.signal);
    this.#parts.membership().requestRejoin('the worker was behind the config topic');
    return false;
  }
}
