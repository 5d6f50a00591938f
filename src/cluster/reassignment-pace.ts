/** How fast moves of replicas go, out of what the disks held at the last looks. */
import type { ReassignmentProgress } from './reassignment-progress.ts';
import { SampledRate, secondsLeft } from './sampled-rate.ts';

/** Throttled brokers copy in bursts: what is said of a move evens them out. */
const WINDOW_MS = 30_000;
/** Between two bursts a move seems to stand; before it was watched for so long, that is not said of it. */
const STILL_MS = 10_000;

export interface ReassignmentPace {
  /** Bytes that the new replicas have grown by a second, together; `null`: not known yet. */
  readonly bytesPerSec: number | null;
  /** Until they have all that the leader has; Infinity: it grows as fast as they do, or they stand. `null`: not known yet. */
  readonly secondsLeft: number | null;
}

export type ReassignmentPaces = ReadonlyMap<string, ReassignmentPace>;

export const UNKNOWN_PACE: ReassignmentPace = { bytesPerSec: null, secondsLeft: null };
export const NO_PACES: ReassignmentPaces = new Map();

/** Of one partition. */
interface Track {
  readonly done: SampledRate;
  readonly total: SampledRate;
}

export const paceKey = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string => `${topic} ${partition}`;

export class ReassignmentTracks {
  #tracks = new Map<string, Track>();
  #paces = NO_PACES;

  /** By `paceKey`; the same object until something was added. */
  get paces(): ReassignmentPaces {
    return this.#paces;
  }

  /** The moves that are under way, by a new answer about the disks; `atMs` on a clock that never goes back. */
  add(moves: readonly ReassignmentProgress[], atMs: number): void {
    if (moves.length === 0 && this.#tracks.size === 0) return;
    const known = new Map<string, Track>();
    const paces = new Map<string, ReassignmentPace>();
    for (const move of moves) {
      const key = paceKey(move);
      // Where the disks say nothing for a moment, what comes back must not look like bytes that were copied at once.
      if (move.doneBytes === null || move.totalBytes === null) continue;
      const track = this.#tracks.get(key) ?? { done: new SampledRate(WINDOW_MS), total: new SampledRate(WINDOW_MS) };
      track.done.add(atMs, Number(move.doneBytes));
      track.total.add(atMs, Number(move.totalBytes));
      known.set(key, track);
      paces.set(key, paceOf(track, move.totalBytes - move.doneBytes));
    }
    this.#tracks = known;
    this.#paces = paces;
  }
}

function paceOf({ done, total }: Track, leftBytes: bigint): ReassignmentPace {
  const bytesPerSec = done.perSec;
  const isStill = bytesPerSec === 0 && done.spanMs < STILL_MS && leftBytes > 0n;
  const left = secondsLeft(leftBytes, bytesPerSec, total.perSec);
  const isTooEarly = left === Number.POSITIVE_INFINITY && done.spanMs < STILL_MS;
  return { bytesPerSec: isStill ? null : bytesPerSec, secondsLeft: isTooEarly ? null : left };
}
