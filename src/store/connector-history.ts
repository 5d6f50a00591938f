/** What one connector has done since the console looks: changes of state, restarts, progress, lag. The status itself tells only «now». */
import type { Total } from '../cluster/cluster-model.ts';
import { CounterTrack } from '../cluster/counter-track.ts';
import type { ConnectorStateInfo } from '../herder/model.ts';
import type { Requested, Since, WantedChange } from './connect-model.ts';

const HOUR_MS = 3_600_000;
const FLAP_WINDOW_MS = 600_000;
const LAG_WINDOW_MS = 60_000;
/** A restart that shows no RESTARTING in between counts as done after so long. */
const RESTART_SEEN_MS = 3_000;
/** A request that the status has not followed by then is said to be late. */
export const LATE_MS = 30_000;

/** The worker's counters; what a sink has committed; the ends of a source's topics. */
export type ProgressOrigin = 'counters' | 'commits' | 'ends';

interface Tracked {
  state: string;
  since: Since;
}

export class ConnectorHistory {
  readonly #states = new Map<string, Tracked>();
  readonly #changes = new Map<string, number[]>();
  #restarts: number[] = [];
  /** Of each task. */
  readonly #taskRestarts = new Map<string, number[]>();
  #track: { readonly origin: ProgressOrigin; readonly of: number; readonly track: CounterTrack } | null = null;
  #deadLetters: { readonly origin: 'metrics' | 'topic'; readonly of: number; readonly track: CounterTrack } | null = null;
  readonly taskTracks: Map<number, CounterTrack> = new Map();
  #lags: { atMs: number; lag: Total }[] = [];
  #requested: Requested | null = null;
  #hasBeenBusy = false;
  #factsAtMs: number | null = null;

  /** A status as it came. `isBlind`: nobody looked before, so what is new says nothing about since when. */
  observe(status: ConnectorStateInfo, nowMs: number, isBlind: boolean): void {
    this.#observeOne('connector', status.connector.state, nowMs, isBlind);
    for (const task of status.tasks) this.#observeOne(String(task.id), task.state, nowMs, isBlind);
    if (this.#states.size > status.tasks.length + 1) this.#forgetTasks(status);
    forgetOld(this.#changes, nowMs - FLAP_WINDOW_MS);
    forgetOld(this.#taskRestarts, nowMs - HOUR_MS);
    if (this.#restarts.length > 0) this.#restarts = this.#restarts.filter((atMs) => nowMs - atMs <= HOUR_MS);
    this.#settle(status, nowMs);
  }

  #forgetTasks({ tasks }: ConnectorStateInfo): void {
    const ids = new Set(['connector', ...tasks.map((task) => String(task.id))]);
    for (const id of this.#states.keys()) if (!ids.has(id)) this.#states.delete(id);
  }

  #observeOne(id: string, state: string, nowMs: number, isBlind: boolean): void {
    const known = this.#states.get(id);
    if (known?.state === state) return;
    this.#states.set(id, { state, since: { atMs: nowMs, isExact: !isBlind } });
    if (!known) return;
    if (state === 'RESTARTING' || (known.state === 'FAILED' && state === 'RUNNING')) this.#countRestart(id, nowMs);
    // Pausing and stopping are what people do; failing and coming back is what flaps.
    if (state === 'FAILED' || known.state === 'FAILED' || state === 'UNASSIGNED')
      this.#changes.set(id, [...(this.#changes.get(id) ?? []), nowMs]);
  }

  /** The connector and its tasks that come together are one restart. */
  #countRestart(id: string, nowMs: number): void {
    const own = this.#taskRestarts.get(id) ?? [];
    // Seen as RESTARTING and then as running it is one restart.
    if (nowMs - (own.at(-1) ?? Number.NEGATIVE_INFINITY) > RESTART_SEEN_MS) this.#taskRestarts.set(id, [...own, nowMs]);
    if (this.#restarts.at(-1) !== nowMs) this.#restarts.push(nowMs);
  }

  since(id: string): Since {
    return this.#states.get(id)?.since ?? { atMs: 0, isExact: false };
  }

  /** Of one task (or `connector`). */
  restartsOf(id: string): number {
    return this.#taskRestarts.get(id)?.length ?? 0;
  }

  get restartsLastHour(): number {
    return this.#restarts.length;
  }

  /** Failures and recoveries within ten minutes, of the one task (or the connector) that had most of them. */
  get stateChanges(): number {
    let most = 0;
    for (const times of this.#changes.values()) most = Math.max(most, times.length);
    return most;
  }

  // ---- what was asked for

  get requested(): Requested | null {
    return this.#requested;
  }

  request(change: WantedChange, nowMs: number): void {
    this.#requested = { ...change, sinceMs: nowMs, isLate: false };
    this.#hasBeenBusy = false;
  }

  dropRequest(): void {
    this.#requested = null;
  }

  #settle(status: ConnectorStateInfo, nowMs: number): void {
    const asked = this.#requested;
    if (!asked) return;
    if (this.#isReached(status, asked, nowMs)) {
      this.#requested = null;
      if (asked.wanted === 'RESTARTED') this.#settleRestart(asked, nowMs);
    } else if (!asked.isLate && nowMs - asked.sinceMs > LATE_MS) this.#requested = { ...asked, isLate: true };
  }

  /** What has failed again before anybody saw it run has failed since the restart, not since before. */
  #settleRestart({ restarted, sinceMs }: Requested, nowMs: number): void {
    for (const [id, known] of this.#states) {
      const isMeant = restarted === 'all' || restarted === 'failed' || id === String(restarted);
      if (!isMeant || known.state !== 'FAILED' || known.since.atMs >= sinceMs) continue;
      known.since = { atMs: sinceMs, isExact: true };
      this.#countRestart(id, nowMs);
    }
  }

  #isReached(status: ConnectorStateInfo, asked: Requested, nowMs: number): boolean {
    const states = [status.connector.state, ...status.tasks.map((task) => task.state)];
    switch (asked.wanted) {
      case 'PAUSED':
        return states.every((state) => state === 'PAUSED' || state === 'FAILED') && status.connector.state === 'PAUSED';
      case 'STOPPED':
        return status.connector.state === 'STOPPED' && status.tasks.length === 0;
      case 'RUNNING':
        return status.connector.state === 'RUNNING' && !states.some((state) => state === 'PAUSED' || state === 'STOPPED');
      case 'DELETED':
        return false;
      case 'RESTARTED': {
        const isBusy = states.some((state) => state === 'RESTARTING' || state === 'UNASSIGNED');
        this.#hasBeenBusy ||= isBusy;
        return !isBusy && (this.#hasBeenBusy || nowMs - asked.sinceMs > RESTART_SEEN_MS);
      }
    }
  }

  // ---- progress

  /**
   * Figures of different origins are never put into one track: a sum of offsets is no count of records. `of`: how many partitions
   * are summed up; one more of them is no progress.
   */
  track(origin: ProgressOrigin, of: number): CounterTrack {
    if (this.#track?.origin !== origin || this.#track.of !== of)
      this.#track = { origin, of, track: new CounterTrack(origin === 'commits' ? 'stepped' : 'sampled') };
    return this.#track.track;
  }

  /** The same for the dead-letter queue: the worker's counters, or the end of its topic. */
  deadLetterTrack(origin: 'metrics' | 'topic', of: number): CounterTrack {
    if (this.#deadLetters?.origin !== origin || this.#deadLetters.of !== of)
      this.#deadLetters = { origin, of, track: new CounterTrack('sampled') };
    return this.#deadLetters.track;
  }

  get deadLetters(): { readonly origin: 'metrics' | 'topic'; readonly track: CounterTrack } | null {
    return this.#deadLetters;
  }

  get progress(): CounterTrack | null {
    return this.#track?.track ?? null;
  }

  taskTrack(id: number): CounterTrack {
    const known = this.taskTracks.get(id) ?? new CounterTrack('sampled');
    this.taskTracks.set(id, known);
    return known;
  }

  /** True once for each time Kafka was asked: the same figures must not be counted twice. */
  isNews(atMs: number): boolean {
    if (atMs === this.#factsAtMs) return false;
    this.#factsAtMs = atMs;
    return true;
  }

  addLag(lag: Total, nowMs: number): void {
    if (this.#lags.at(-1)?.lag.known !== lag.known) this.#lags = [];
    this.#lags.push({ atMs: nowMs, lag });
    while (this.#lags.length > 2 && this.#lags[0]!.atMs < nowMs - LAG_WINDOW_MS) this.#lags.shift();
  }

  /** Growth of the lag a second over the last minute; `null` until 5 s are known. */
  get lagPerSec(): number | null {
    const [first, last] = [this.#lags[0], this.#lags.at(-1)];
    if (!first || !last || last.atMs - first.atMs < 5_000) return null;
    return (Number(last.lag.value - first.lag.value) * 1000) / (last.atMs - first.atMs);
  }
}

function forgetOld(times: Map<string, number[]>, beforeMs: number): void {
  for (const [id, all] of times)
    times.set(
      id,
      all.filter((atMs) => atMs >= beforeMs),
    );
}
