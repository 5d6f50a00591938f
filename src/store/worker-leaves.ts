/**
 * What would become of a worker's connectors and tasks if it left its group, or drained: the leader's own reckoning, carried on round by round over what the
 * group has told, until nothing moves any more. Pure.
 */
import type { ConnectGroup, ConnectGroupMember } from '../cluster/connect-group.ts';
import { assignCooperatively, type CooperativeState, NEW_LEADER } from '../herder/distributed/cooperative-assignor.ts';
import { assignEagerly } from '../herder/distributed/eager-assignor.ts';
import type { ConnectorsAndTasks } from '../herder/distributed/membership.ts';
import { difference, fromWork, intersection, isEmpty, toWork, union, type Work } from '../herder/distributed/work.ts';

export interface LeavingForecast {
  /**
   * `waits`: its work waits for its return first, for `scheduled.rebalance.max.delay.ms`; `at once`: the leader itself leaves, and the next one
   * knows of nothing to wait for; `handed over`: its leader, one of ours, takes it and hands it out; `anew`: everything stops and is handed out
   * again (eager); `nobody`: no worker is left.
   */
  readonly how: 'waits' | 'at once' | 'handed over' | 'anew' | 'nobody';
  /** Of the worker that leaves, by who gets it; by URL. */
  readonly moves: ReadonlyArray<ConnectorsAndTasks & { readonly to: string }>;
  /** What moves between the others besides. */
  readonly between: number;
}

/** As the default is; how long it is does not change who gets what. */
const DELAY_MS = 300_000;
/** Each takes back or hands out something, or it is over; so many are never needed. */
const MOST_ROUNDS = 8;

type Shares = ReadonlyMap<string, Work>;

type KnownGroup = Pick<ConnectGroup, 'workers' | 'leader' | 'protocol'>;

export function ifWorkerLeft(group: KnownGroup, memberId: string): LeavingForecast {
  return forecast(group, memberId, memberId === group.leader ? 'at once' : 'waits');
}

/** Under a leader of ours; one of Apache Kafka's lets it leave as any other. */
export function ifWorkerDrained(group: KnownGroup, memberId: string): LeavingForecast {
  return forecast(group, memberId, 'handed over');
}

function forecast(group: KnownGroup, memberId: string, how: 'waits' | 'at once' | 'handed over'): LeavingForecast {
  const gone = group.workers.find((one) => one.memberId === memberId);
  const others = group.workers.filter((one) => one !== gone && !one.isDraining);
  if (!gone || others.length === 0) return { how: 'nobody', moves: [], between: 0 };
  const isEager = group.protocol === 'default';
  const after = isEager ? eagerly(group.workers, others) : cooperatively(group.workers, others, how);
  const lost = toWork(gone.owned);
  const moves = others.flatMap(({ memberId: id, url }) => {
    const got = intersection(after.get(id)!, lost);
    return isEmpty(got) ? [] : [{ to: url, ...fromWork(got) }];
  });
  const between = others.reduce((sum, one) => sum + countOf(difference(after.get(one.memberId)!, toWork(one.owned), lost)), 0);
  return { how: isEager ? 'anew' : how, moves, between };
}

const countOf = ({ connectors, tasks }: Work): number => connectors.size + tasks.size;
const workOf = (workers: readonly ConnectGroupMember[]): Map<string, Work> =>
  new Map(workers.map((one) => [one.memberId, toWork(one.owned)]));

function eagerly(all: readonly ConnectGroupMember[], others: readonly ConnectGroupMember[]): Shares {
  const configured = union(...workOf(all).values());
  return assignEagerly(
    others.map((one) => one.memberId),
    configured,
  );
}

function cooperatively(
  all: readonly ConnectGroupMember[],
  others: readonly ConnectGroupMember[],
  how: 'waits' | 'at once' | 'handed over',
): Shares {
  const before = workOf(all);
  const configured = union(...before.values());
  // What a leader of ours has taken from a worker that drains is new to it, as everything is to a new leader.
  const remembered: CooperativeState = { ...NEW_LEADER, assigned: configured, generation: 0, members: new Set(before.keys()) };
  let state = how === 'waits' ? remembered : NEW_LEADER;
  let members = workOf(others);
  let nowMs = 0;
  for (let generation = 1; generation <= MOST_ROUNDS; generation++) {
    const { shares, delayMs, next } = assignCooperatively(state, {
      members,
      configured,
      lastGeneration: generation - 1,
      generation,
      nowMs,
      maxDelayMs: DELAY_MS,
    });
    state = next;
    nowMs += delayMs;
    members = new Map([...members].map(([id, owned]) => [id, difference(union(owned, shares.get(id)!.assigned), shares.get(id)!.revoked)]));
    const isOver = [...shares.values()].every(({ revoked }) => isEmpty(revoked)) && delayMs === 0;
    if (isOver && isEmpty(difference(configured, ...members.values()))) break;
  }
  return members;
}
