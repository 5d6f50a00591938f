/**
 * Groups of Connect workers, looked at again and again: when a delayed rebalance is due, which the brokers tell only as a length from a round
 * whose moment they do not tell; and who the members were before a rebalance, while brokers tell nothing of them.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { Admin } from '../kafka/contract.ts';
import { type ConnectGroup, fetchConnectGroups } from './connect-group.ts';

export interface WatchedConnectGroup extends ConnectGroup {
  /** Wall time, reckoned anew at each look; `null`: none is planned, or a round goes on. */
  readonly rebalanceDueMs: number | null;
  /** False: the round was there at the first look already, so that it is due by then at the latest. */
  readonly isDueExact: boolean;
  /** Workers and leader are those of the round before this one. */
  readonly isOfLastRound: boolean;
}

interface Round {
  readonly key: string;
  /** Monotonic: clocks are set. */
  readonly seenMs: number;
  readonly isSeenNew: boolean;
  readonly group: ConnectGroup;
}

/** Two looks farther apart do not tell when a round was. */
const CLOSE_LOOKS_MS = 15_000;

export class ConnectGroupWatch {
  readonly #admin: Pick<Admin, 'groups' | 'describeGroups'>;
  readonly #clock: Clock;
  readonly #rounds = new Map<string, Round>();
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(admin: Pick<Admin, 'groups' | 'describeGroups'>, clock: Clock) {
    this.#admin = admin;
    this.#clock = clock;
  }

  async read(): Promise<WatchedConnectGroup[]> {
    const groups = await fetchConnectGroups(this.#admin);
    const nowMs = this.#clock.monoMs();
    const isClose = nowMs - this.#lookedAtMs <= CLOSE_LOOKS_MS;
    this.#lookedAtMs = nowMs;
    const ids = new Set(groups.map(({ groupId }) => groupId));
    for (const id of this.#rounds.keys()) if (!ids.has(id)) this.#rounds.delete(id);
    return groups.map((group) => this.#watched(group, nowMs, isClose));
  }

  #watched(group: ConnectGroup, nowMs: number, isClose: boolean): WatchedConnectGroup {
    const before = this.#rounds.get(group.groupId) ?? null;
    // Between rounds brokers keep what members said to themselves.
    if (group.workers.length === 0) {
      const last = group.memberCount === 0 ? null : before?.group;
      const known = last ? { workers: last.workers, leader: last.leader, leaderUrl: last.leaderUrl, protocol: last.protocol } : {};
      return { ...group, ...known, rebalanceDueMs: null, isDueExact: false, isOfLastRound: last != null };
    }
    const key = roundKey(group);
    const isNew = before?.key !== key;
    const round: Round = isNew ? { key, seenMs: nowMs, isSeenNew: before !== null && isClose, group } : { ...before, group };
    this.#rounds.set(group.groupId, round);
    const rebalanceDueMs = group.delayMs > 0 ? this.#clock.wallMs() + round.seenMs + group.delayMs - nowMs : null;
    return { ...group, rebalanceDueMs, isDueExact: round.isSeenNew, isOfLastRound: false };
  }
}

/** Brokers tell no generation of such a group: rounds differ by what was said in them. */
function roundKey({ leader, configOffset, delayMs, workers }: ConnectGroup): string {
  const facts = [leader, configOffset, delayMs, workers.map((one) => [one.memberId, one.configOffset, one.owned, one.isDraining])];
  return createHash('sha1')
    .update(JSON.stringify(facts, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
    .digest('base64');
}
