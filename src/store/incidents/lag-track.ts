/**
 * The lag of one reader over the last minutes. Committed offsets jump (every minute by default), so the lag is a saw: what tells whether a
 * reader falls behind is the bottom of the saw, compared over as many commits as it takes.
 */

/** Of the reader's partitions together. */
export interface LagSample {
  readonly lag: number;
  readonly committed: number;
  /** How many partitions are in the sums: other sums are not compared. */
  readonly partitions: number;
}

export interface LagTrend {
  /** Least lag of the newer half of the window: so far behind it is just after a commit. */
  readonly lag: number;
  /** Least lag of the older half. */
  readonly lagBefore: number;
  readonly growthPerSec: number;
  /** How fast it reads. */
  readonly readPerSec: number;
  /** So many records may have come between a commit and the next look at it: two bottoms may differ by that and mean nothing. */
  readonly doubt: number;
  readonly windowMs: number;
}

interface Bucket {
  readonly atMs: number;
  minLag: number;
  committed: number;
  /** The longest time that went by without a look. */
  gapMs: number;
}

interface Span {
  readonly minLag: number;
  readonly gapMs: number;
  readonly first: Bucket;
  readonly last: Bucket;
}

const BUCKET_MS = 5_000;
const KEPT_MS = 600_000;
/** Half a window is at least so many gaps between commits. */
const COMMITS = 2.5;
const LEAST_MS = 20_000;
/** For Connect's default of a commit a minute; also until the commits have shown how often they come. */
const MOST_MS = 150_000;
/** Records come in bursts, and commits and ends are not asked in one moment. */
const DOUBT = 1.5;

export class LagTrack {
  #buckets: Bucket[] = [];
  #partitions = 0;
  #committed: number | null = null;
  #commitTimes: number[] = [];
  #lookedMs: number | null = null;

  add(atMs: number, sample: LagSample): void {
    if (sample.partitions !== this.#partitions || (this.#committed !== null && sample.committed < this.#committed)) this.#restart();
    this.#partitions = sample.partitions;
    if (this.#committed !== null && sample.committed > this.#committed) this.#commitTimes = [...this.#commitTimes.slice(-5), atMs];
    this.#committed = sample.committed;
    const last = this.#buckets.at(-1);
    const gapMs = this.#lookedMs === null ? 0 : atMs - this.#lookedMs;
    this.#lookedMs = atMs;
    if (last && atMs - last.atMs < BUCKET_MS) {
      last.minLag = Math.min(last.minLag, sample.lag);
      last.committed = sample.committed;
      last.gapMs = Math.max(last.gapMs, gapMs);
    } else this.#buckets.push({ atMs, minLag: sample.lag, committed: sample.committed, gapMs });
    while (this.#buckets.length > 0 && this.#buckets[0]!.atMs < atMs - KEPT_MS) this.#buckets.shift();
  }

  /** A reset of its offsets, or other partitions, begin anew. */
  #restart(): void {
    this.#buckets = [];
    this.#commitTimes = [];
  }

  /**
   * `null` until two halves of the window are known. What grows by less than can be told apart within a few commits is looked for over the longest
   * window.
   */
  trend(nowMs: number): LagTrend | null {
    const halfMs = this.#halfMs();
    const quick = this.#over(halfMs, nowMs);
    if (quick === null || halfMs === MOST_MS || exceedsDoubt(quick)) return quick;
    const slow = this.#over(MOST_MS, nowMs);
    // It may have caught up meanwhile, or be about to.
    const isBetter = quick.lagBefore - quick.lag > quick.doubt;
    return slow !== null && !isBetter && exceedsDoubt(slow) && exceedsDoubt({ ...slow, lag: quick.lag }) ? slow : quick;
  }

  #over(halfMs: number, nowMs: number): LagTrend | null {
    const [first, last] = [this.#buckets[0], this.#buckets.at(-1)];
    if (!first || !last || first.atMs > nowMs - 2 * halfMs + BUCKET_MS) return null;
    const [older, newer] = [this.#span(nowMs - 2 * halfMs, nowMs - halfMs), this.#span(nowMs - halfMs, nowMs)];
    if (older === null || newer === null) return null;
    const [lag, lagBefore] = [newer.minLag, older.minLag];
    const spanMs = Math.max(1, newer.last.atMs - older.first.atMs);
    const growthPerSec = ((lag - lagBefore) * 1_000) / halfMs;
    const readPerSec = ((newer.last.committed - older.first.committed) * 1_000) / spanMs;
    const comesPerSec = Math.max(0, readPerSec + growthPerSec);
    const doubt = (DOUBT * comesPerSec * Math.max(older.gapMs, newer.gapMs)) / 1_000;
    return { lag, lagBefore, growthPerSec, readPerSec, doubt, windowMs: 2 * halfMs };
  }

  /** After one time and up to another; `null`: nothing was seen then. */
  #span(fromMs: number, toMs: number): Span | null {
    const [from, to] = [this.#buckets.findIndex((one) => one.atMs > fromMs), this.#buckets.findLastIndex((one) => one.atMs <= toMs)];
    const [first, last] = [this.#buckets[from], this.#buckets[to]];
    if (!first || !last || to < from) return null;
    let { minLag, gapMs } = first;
    for (let i = from + 1; i <= to; i++) {
      minLag = Math.min(minLag, this.#buckets[i]!.minLag);
      gapMs = Math.max(gapMs, this.#buckets[i]!.gapMs);
    }
    return { minLag, gapMs, first, last };
  }

  #halfMs(): number {
    const gaps = this.#commitTimes.slice(1).map((atMs, i) => atMs - this.#commitTimes[i]!);
    return gaps.length === 0 ? MOST_MS : Math.min(MOST_MS, Math.max(LEAST_MS, COMMITS * Math.max(...gaps)));
  }
}

/** More growth than two looks at a reader that keeps pace can differ by. */
export function exceedsDoubt({ lag, lagBefore, doubt }: LagTrend): boolean {
  return lag - lagBefore > doubt;
}
