/** How the offsets of one connector move while they are looked at: the speed of each partition, when it last moved, when its lag is gone. */
import type { PartitionLag } from '../cluster/cluster-model.ts';
import { CounterTrack } from '../cluster/counter-track.ts';
import { secondsLeft } from '../cluster/sampled-rate.ts';
import type { ConnectorOffset } from '../herder/model.ts';
import { canonical, type OffsetObject, positionOf, sinkPartition } from './offset-plan.ts';

export interface OffsetMove {
  /** Records per second that a sink commits; `null`: not known (yet), or a source. */
  readonly perSec: number | null;
  /** Records per second that are written to its partition. */
  readonly writtenPerSec: number | null;
  /** Wall time at which its offset was last seen to have changed; `null`: not since we look. */
  readonly movedMs: number | null;
}

interface Track {
  text: string;
  movedMs: number | null;
  readonly committed: CounterTrack;
  readonly end: CounterTrack;
}

export class OffsetTracks {
  #connector: string | null = null;
  #tracks = new Map<string, Track>();
  #endsMs = 0;

  /** An answer as it came. `ends` are older or newer than it: `endsMs` tells when they were asked. */
  observe(connector: string, offsets: readonly ConnectorOffset[], ends: readonly PartitionLag[], endsMs: number, nowMs: number): void {
    const isFirst = this.#connector !== connector;
    if (isFirst) this.#tracks = new Map();
    this.#connector = connector;
    const known = new Map<string, Track>();
    for (const { partition, offset } of offsets) {
      const id = canonical(partition);
      const text = canonical(offset);
      const track = this.#tracks.get(id) ?? newTrack(text, isFirst ? null : nowMs);
      known.set(id, track);
      if (track.text !== text) {
        track.text = text;
        track.movedMs = nowMs;
      }
      const position = offset === null ? null : positionOf(offset);
      if (position !== null) track.committed.add(nowMs, Number(position));
    }
    this.#tracks = known;
    if (endsMs <= this.#endsMs) return;
    this.#endsMs = endsMs;
    for (const one of ends) if (one.end !== null) known.get(canonical(sinkPartition(one)))?.end.add(endsMs, Number(one.end));
  }

  /** By the canonical text of the partition. */
  moves(nowMs: number): ReadonlyMap<string, OffsetMove> {
    return new Map(
      [...this.#tracks].map(([id, { committed, end, movedMs }]) => [
        id,
        { perSec: committed.rate(nowMs), writtenPerSec: end.rate(nowMs), movedMs },
      ]),
    );
  }
}

function newTrack(text: string, movedMs: number | null): Track {
  return { text, movedMs, committed: new CounterTrack('stepped'), end: new CounterTrack('sampled') };
}

/** Seconds until nothing waits any more at these speeds; Infinity: it does not shrink; `null`: cannot be told yet. */
export function secondsToZero(lag: bigint | null, move: OffsetMove | null): number | null {
  return secondsLeft(lag, move?.perSec ?? null, move?.writtenPerSec ?? null);
}

/** Units of the times that sources keep in their offsets, in milliseconds. */
const TIME_MEMBERS: Readonly<Record<string, number>> = {
  ts_ms: 1,
  ts_sec: 1_000,
  ts_usec: 1e-3,
  ts_ns: 1e-6,
  timestamp: 1,
  timestamp_ms: 1,
};
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

/** The time that an offset itself tells (of a change log, of a timestamp column); `null`: it tells none. */
export function timeInOffset(offset: OffsetObject | null): number | null {
  for (const [name, unitMs] of Object.entries(TIME_MEMBERS)) {
    const value = offset?.[name];
    if (typeof value !== 'bigint' && typeof value !== 'number') continue;
    const ms = Number(value) * unitMs;
    if (ms >= EARLIEST_MS && ms < LATEST_MS) return ms;
  }
  return null;
}
