/**
 * Which records of a ring pass a filter, found piece by piece: what is new first, then back from the newest to the oldest, so that the
 * matches that one wants to see are there at once and no frame waits for the rest.
 */
import type { RecordRing, TailRecord } from '../cluster/record-ring.ts';

/** Records, and bytes of them, after which the clock is looked at again. */
const CHUNK = 64;
const CHUNK_BYTES = 65_536;

export class MatchScan {
  readonly #ring: RecordRing;
  readonly #passes: (record: TailRecord) => boolean;
  /** Sequences found going back, the newest first, and those found going on, the oldest first. */
  #older: number[] = [];
  #newer: number[] = [];
  /** What lies between has been looked at. */
  #from: number;
  #to: number;

  constructor(ring: RecordRing, passes: (record: TailRecord) => boolean) {
    this.#ring = ring;
    this.#passes = passes;
    this.#from = ring.endSequence;
    this.#to = ring.endSequence;
  }

  /** Looks on for at most `budgetMs`; true when something is left to look at. */
  scan(monoMs: () => number, budgetMs: number): boolean {
    this.#forget();
    const untilMs = monoMs() + budgetMs;
    do {
      if (this.#isDone) return false;
      this.#piece();
    } while (monoMs() < untilMs);
    return !this.#isDone;
  }

  get #isDone(): boolean {
    return this.#to >= this.#ring.endSequence && this.#from <= this.#ring.firstSequence;
  }

  #piece(): void {
    const isGoingOn = this.#to < this.#ring.endSequence;
    let bytes = 0;
    for (let i = 0; i < CHUNK && bytes < CHUNK_BYTES; i++) {
      if (isGoingOn ? this.#to >= this.#ring.endSequence : this.#from <= this.#ring.firstSequence) return;
      const sequence = isGoingOn ? this.#to++ : --this.#from;
      const record = this.#ring.get(sequence);
      if (!record) continue;
      bytes += record.sizeBytes;
      if (this.#passes(record)) (isGoingOn ? this.#newer : this.#older).push(sequence);
    }
  }

  /** What has left the ring is no match any more. */
  #forget(): void {
    const first = this.#ring.firstSequence;
    this.#to = Math.max(this.#to, first);
    this.#from = Math.max(this.#from, first);
    const kept = this.#older.findLastIndex((sequence) => sequence >= first) + 1;
    this.#older.length = kept;
    const gone = lowerBound(this.#newer.length, (i) => this.#newer[i]!, first);
    if (gone > 0) this.#newer = this.#newer.slice(gone);
  }

  /** Records that were looked at and are still there. */
  get scanned(): number {
    return this.#to - this.#from;
  }

  /** Matches in the order of arrival. */
  get length(): number {
    return this.#older.length + this.#newer.length;
  }

  at(i: number): number {
    const older = this.#older.length;
    return i < older ? this.#older[older - 1 - i]! : this.#newer[i - older]!;
  }

  /** Matches before this sequence. */
  countBefore(sequence: number): number {
    return lowerBound(this.length, (i) => this.at(i), sequence);
  }
}

function lowerBound(length: number, at: (i: number) => number, wanted: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
