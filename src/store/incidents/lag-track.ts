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
  readonly windowMs: number;
}

interface Bucket {
  readonly atMs: number;
  minLag: number;
  committed: number;
}

const BUCKET_MS = 5_000;
const KEPT_MS = 600_000;
/** Half a window is at least so many gaps between commits. */
const COMMITS = 2.5;
const LEAST_MS = 20_000;
/** For Connect's default of a commit a minute; also until the commits have shown how often they come. */
const MOST_MS = 150_000;

export class LagTrack {
  #buckets: Bucket[] = [];
  #partitions = 0;
  #committed: number | null = null;
  #commitTimes: number[] = [];

  add(atMs: number, sample: LagSample): void {
    if (sample.partitions !== this.#partitions || (this.#committed !== null && sample.committed < this.#committed)) this.#restart();
    this.#partitions = sample.partitions;
    if (this.#committed !== null && sample.committed > this.#committed) this.#commitTimes = [...this.#commitTimes.slice(-5), atMs];
    this.#committed = sample.committed;
    const last = this.#buckets.at(-1);
    if (last && atMs - last.atMs < BUCKET_MS) {
      last.minLag = Math.min(last.minLag, sample.lag);
      last.committed = sample.committed;
    } else this.#buckets.push({ atMs, minLag: sample.lag, committed: sample.committed });
    while (this.#buckets.length > 0 && this.#buckets[0]!.atMs < atMs - KEPT_MS) this.#buckets.shift();
  }

  /** A reset of its offsets, or other partitions, begin anew. */
  #restart(): void {
    this.#buckets = [];
    this.#commitTimes = [];
  }

  /** `null` until two halves of the window are known. */
  trend(nowMs: number): LagTrend | null {
    const halfMs = this.#halfMs();
    const [first, last] = [this.#buckets[0], this.#buckets.at(-1)];
    if (!first || !last || first.atMs > nowMs - 2 * halfMs + BUCKET_MS) return null;
    const [older, newer] = [this.#span(nowMs - 2 * halfMs, nowMs - halfMs), this.#span(nowMs - halfMs, nowMs)];
    if (older === null || newer === null) return null;
    const [lag, lagBefore] = [newer.minLag, older.minLag];
    const spanMs = Math.max(1, newer.last.atMs - older.first.atMs);
    return {
      lag,
      lagBefore,
      growthPerSec: ((lag - lagBefore) * 1_000) / halfMs,
      readPerSec: ((last.committed - older.first.committed) * 1_000) / spanMs,
      windowMs: 2 * halfMs,
    };
  }

  /** After one time and up to another; `null`: nothing was seen then. */
  #span(fromMs: number, toMs: number): { readonly minLag: number; readonly first: Bucket; readonly last: Bucket } | null {
    const [from, to] = [this.#buckets.findIndex((one) => one.atMs > fromMs), this.#buckets.findLastIndex((one) => one.atMs <= toMs)];
    const [first, last] = [this.#buckets[from], this.#buckets[to]];
    if (!first || !last || to < from) return null;
    let minLag = first.minLag;
    for (let i = from + 1; i <= to; i++) minLag = Math.min(minLag, this.#buckets[i]!.minLag);
    return { minLag, first, last };
  }

  #halfMs(): number {
    const gaps = this.#commitTimes.slice(1).map((atMs, i) => atMs - this.#commitTimes[i]!);
    return gaps.length === 0 ? MOST_MS : Math.min(MOST_MS, Math.max(LEAST_MS, COMMITS * Math.max(...gaps)));
  }
}
