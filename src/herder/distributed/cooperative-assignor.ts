/**
 * Incremental cooperative assignment (KIP-415, KIP-893): what a member owns stays with it unless the loads differ by more than one; what
 * must move is revoked in one round and handed out in the next; what a member that went away has left waits for its return, what one gives up
 * that drains does not. The leader keeps the state from round to round; a new leader begins without. Source: IncrementalCooperativeAssignor
 * (reference 2.5), and rounds of the original in `test/golden/connect/cooperative-rounds.jsonl`; drains are ours.
 */
import { dealOut, isIdle, type Load, spread, surplusOf, toLoad } from './load.ts';
import { difference, intersection, isEmpty, NO_WORK, union, type Work } from './work.ts';

/** What the leader knows from the rounds before. */
export interface CooperativeState {
  /** All that was handed out and not revoked, and what was lost with members that went away. */
  readonly assigned: Work;
  readonly revoked: Work;
  readonly generation: number;
  readonly members: ReadonlySet<string>;
  /** Members that owned nothing while lost work waited, in the order they came: it goes to them first. */
  readonly candidates: readonly string[];
  /** When what waits is handed out (monotonic); `null`: nothing waits. */
  readonly scheduledMs: number | null;
  /** The last round took work from busy members. */
  readonly hasBalanced: boolean;
  /** Rounds that wanted to do that again at once. */
  readonly deferredRounds: number;
}

export const NEW_LEADER: CooperativeState = {
  assigned: NO_WORK,
  revoked: NO_WORK,
  generation: -1,
  members: new Set(),
  candidates: [],
  scheduledMs: null,
  hasBalanced: false,
  deferredRounds: 0,
};

export interface CooperativeRound {
  /** What each member says that it owns, by member id. */
  readonly members: ReadonlyMap<string, Work>;
  readonly configured: Work;
  /** Members that drain: they give up all they own, and are given nothing. At least one other must be there. Default: none. The original has no such. */
  readonly leaving?: ReadonlySet<string>;
  /** Of the last round that this leader saw complete, and of this one. */
  readonly lastGeneration: number;
  readonly generation: number;
  /** Monotonic. */
  readonly nowMs: number;
  /** `scheduled.rebalance.max.delay.ms` */
  readonly maxDelayMs: number;
}

export interface CooperativeShare {
  /** New to the member. */
  readonly assigned: Work;
  /** To be stopped by it now; nobody else gets it in this round. */
  readonly revoked: Work;
}

export interface CooperativeOutcome {
  readonly shares: ReadonlyMap<string, CooperativeShare>;
  /** The next round is planned after so many milliseconds; 0: none is. */
  readonly delayMs: number;
  readonly next: CooperativeState;
}

/** A round that would take work away right after one that did waits 40 ms, then 1.6 s, 64 s …, at most as long as lost work does. */
const BACKOFF_FACTOR = 40;

const NOBODY: ReadonlySet<string> = new Set();

/** The part of the state that says when work is handed out or taken away. */
type Timing = Pick<CooperativeState, 'candidates' | 'scheduledMs' | 'hasBalanced' | 'deferredRounds'> & { readonly delayMs: number };

export function assignCooperatively(state: CooperativeState, round: CooperativeRound): CooperativeOutcome {
  const { configured, leaving = NOBODY, generation, nowMs, maxDelayMs } = round;
  const members = new Map([...round.members].sort(([a], [b]) => (a < b ? -1 : 1)));
  const active = union(...members.values());
  const previous = rememberedWork(state, round.lastGeneration, active);
  const deleted = difference(previous, configured);
  const lost = difference(previous, active, deleted);
  const created = difference(configured, previous, active);
  // The original misses work that is not wanted any more when its leader has forgotten the last round, and finds it a round later.
  const unwanted = union(difference(active, configured), ownedTwice(members));
  const revoked = new Map([...members].map(([id, owned]) => [id, leaving.has(id) ? owned : intersection(owned, unwanted)]));
  const staying = [...members].filter(([id]) => !leaving.has(id));
  const loads = staying.map(([id, owned]) => toLoad(id, difference(owned, unwanted)));

  const isNobodyGone = [...state.members].every((id) => members.has(id));
  const { returned, timing } = handleLost(lost, loads, isNobodyGone, state, nowMs, maxDelayMs);
  const surplus = timing.delayMs === 0 && !loads.every(isIdle) ? surplusOf(configured, loads) : new Map<string, Work>();
  const { isAllowed, settled } = balanceNow(surplus.size > 0, timing, nowMs, maxDelayMs);
  if (isAllowed) for (const load of loads) takeFrom(load, surplus.get(load.id) ?? NO_WORK, revoked);
  spread([created, returned], loads);

  const { delayMs, ...kept } = settled;
  const after = new Map<string, Work>(loads.map((load) => [load.id, load]));
  return {
    shares: new Map(
      [...members].map(([id, owned]) => [id, { assigned: difference(after.get(id) ?? NO_WORK, owned), revoked: revoked.get(id)! }]),
    ),
    delayMs,
    next: {
      ...kept,
      assigned: union(...loads, lost),
      revoked: union(...revoked.values()),
      generation,
      // Who said that it goes is not waited for.
      members: new Set(after.keys()),
    },
  };
}

/** What was handed out before, as far as that can be relied on. */
function rememberedWork(state: CooperativeState, lastGeneration: number, active: Work): Work {
  // Revoked work that somebody still has was never given up.
  if (!isEmpty(intersection(state.revoked, active))) return active;
  // Another member has led in between, or the last round was never completed.
  return state.generation === lastGeneration ? state.assigned : NO_WORK;
}

/** What more than one member says that it owns. */
function ownedTwice(members: ReadonlyMap<string, Work>): Work {
  let once = NO_WORK;
  let twice = NO_WORK;
  for (const owned of members.values()) {
    twice = union(twice, intersection(once, owned));
    once = union(once, owned);
  }
  return twice;
}

function takeFrom(load: Load, taken: Work, revoked: Map<string, Work>): void {
  revoked.set(load.id, union(revoked.get(load.id) ?? NO_WORK, taken));
  for (const name of taken.connectors) load.connectors.delete(name);
  for (const key of taken.tasks) load.tasks.delete(key);
}

/** What is to be handed out in this round of what went away with a member, and when the rest is. Members that waited get theirs here. */
function handleLost(
  lost: Work,
  loads: readonly Load[],
  isNobodyGone: boolean,
  { candidates, scheduledMs, hasBalanced, deferredRounds }: CooperativeState,
  nowMs: number,
  maxDelayMs: number,
): { readonly returned: Work; readonly timing: Timing } {
  const nothingWaits = { candidates: [], scheduledMs: null, delayMs: 0, deferredRounds };
  if (isEmpty(lost) && !hasBalanced) return { returned: NO_WORK, timing: { ...nothingWaits, hasBalanced } };
  const byId = new Map(loads.map((load) => [load.id, load]));
  // Members that are all here have missed their last assignment.
  if (maxDelayMs === 0 || (scheduledMs === null && isNobodyGone))
    return { returned: lost, timing: { candidates, scheduledMs, delayMs: 0, hasBalanced, deferredRounds } };
  if (scheduledMs !== null && nowMs >= scheduledMs) {
    const waiting = candidates.flatMap((id) => byId.get(id) ?? []);
    dealOut(lost, waiting);
    return { returned: waiting.length === 0 ? lost : NO_WORK, timing: { ...nothingWaits, hasBalanced: false } };
  }
  const idle = loads.filter(isIdle).map(({ id }) => id);
  const delayMs = scheduledMs === null ? maxDelayMs : Math.min(scheduledMs - nowMs, maxDelayMs);
  const timing = { scheduledMs: nowMs + delayMs, delayMs, hasBalanced, deferredRounds };
  return { returned: NO_WORK, timing: { ...timing, candidates: [...new Set([...candidates, ...idle])] } };
}

/** Whether busy members give away now what they have too much: not while lost work waits, and not at once after a round in which some did. */
function balanceNow(
  isWanted: boolean,
  timing: Timing,
  nowMs: number,
  maxDelayMs: number,
): { readonly isAllowed: boolean; readonly settled: Timing } {
  if (timing.delayMs > 0) return { isAllowed: false, settled: { ...timing, hasBalanced: false } };
  if (!isWanted) return { isAllowed: false, settled: timing.hasBalanced ? { ...timing, hasBalanced: false, deferredRounds: 0 } : timing };
  if (!timing.hasBalanced) return { isAllowed: true, settled: { ...timing, hasBalanced: true } };
  const deferredRounds = timing.deferredRounds + 1;
  const delayMs = Math.min(BACKOFF_FACTOR ** deferredRounds, maxDelayMs);
  if (delayMs === 0) return { isAllowed: true, settled: { ...timing, deferredRounds } };
  return { isAllowed: false, settled: { ...timing, deferredRounds, delayMs, scheduledMs: nowMs + delayMs } };
}
