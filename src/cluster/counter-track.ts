/** A counter seen now and then: how fast it grows, when it last grew, and its recent course for a sparkline. */
import { type Sample, SampledRate } from './sampled-rate.ts';

/**
 * `sampled`: the value is true at each look (metrics, end offsets). `stepped`: it jumps now and then by what happened before
 * (committed offsets, every minute by default), so its speed is only known from one jump to the next.
 */
export type CounterKind = 'sampled' | 'stepped';

export const SPARK_POINTS = 60;
/** A stepped counter that was never seen to move does not move, after so long. Above Connect's default commit interval of 60 s. */
const STEPPED_STILL_MS = 70_000;
/** Jumps that a stepped rate is taken over: looks and jumps do not keep step, which evens out over some of them. */
const STEPS = 5;
const LEAST_STILL_MS = 15_000;

export class CounterTrack {
  readonly kind: CounterKind;
  readonly #sampled = new SampledRate();
  /** Looks at which the value had changed (stepped). */
  #steps: Sample[] = [];
  #firstMs: number | null = null;
  #lastGrowthMs: number | null = null;
  readonly #spark: number[] = [];
  #sparkSeen: readonly number[] | null = null;

  constructor(kind: CounterKind) {
    this.kind = kind;
  }

  /** Times on one clock, growing. A value that falls (restart, reset) begins anew. */
  add(atMs: number, value: number): void {
    const { last } = this.#sampled;
    this.#firstMs ??= atMs;
    if (last && value < last.value) this.#steps = [];
    else if (last && value > last.value) {
      this.#lastGrowthMs = atMs;
      this.#steps = [...this.#steps.slice(1 - STEPS), { atMs, value }];
    }
    this.#sampled.add(atMs, value);
    this.#sparkSeen = null;
    this.#spark.push(this.rate(atMs) ?? 0);
    if (this.#spark.length > SPARK_POINTS) this.#spark.shift();
  }

  get firstMs(): number | null {
    return this.#firstMs;
  }

  /** When the counter was last seen to have grown; `null`: never since the first look. */
  get lastGrowthMs(): number | null {
    return this.#lastGrowthMs;
  }

  /** Per second; `null` while it cannot be known. */
  rate(nowMs: number): number | null {
    return this.kind === 'sampled' ? this.#sampled.perSec : this.#steppedRate(nowMs);
  }

  get spark(): readonly number[] {
    this.#sparkSeen ??= [...this.#spark];
    return this.#sparkSeen;
  }

  #steppedRate(nowMs: number): number | null {
    const stillMs = nowMs - (this.#lastGrowthMs ?? this.#firstMs ?? nowMs);
    const last = this.#steps.at(-1);
    const gapsMs = this.#steps.slice(1).map((step, i) => step.atMs - this.#steps[i]!.atMs);
    const lastGapMs = gapsMs.at(-1);
    if (!last || lastGapMs === undefined) return stillMs > STEPPED_STILL_MS ? 0 : null;
    // The shortest gap is how often it jumps when it moves: after two of them without a jump it stands.
    if (stillMs > Math.max(2 * Math.min(...gapsMs), LEAST_STILL_MS)) return 0;
    // A far longer gap was a standstill: what was before it says nothing about now.
    const first = this.#steps[gapsMs.findLastIndex((gapMs) => gapMs > 3 * lastGapMs) + 1]!;
    return ((last.value - first.value) * 1000) / (last.atMs - first.atMs);
  }
}
