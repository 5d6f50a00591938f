/** How fast a counter grows whose value is true at each look (metrics, end offsets), over the last seconds. */
const WINDOW_MS = 6_000;

export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

export class SampledRate {
  readonly #windowMs: number;
  #samples: Sample[] = [];

  constructor(windowMs: number = WINDOW_MS) {
    this.#windowMs = windowMs;
  }

  /** Times on one clock, growing. A value that falls (restart, reset) begins anew. */
  add(atMs: number, value: number): void {
    if (value < (this.last?.value ?? value)) this.#samples = [];
    this.#samples.push({ atMs, value });
    while (this.#samples.length > 2 && this.#samples[1]!.atMs < atMs - this.#windowMs) this.#samples.shift();
  }

  get last(): Sample | undefined {
    return this.#samples.at(-1);
  }

  /** What `perSec` is taken over. */
  get spanMs(): number {
    return (this.last?.atMs ?? 0) - (this.#samples[0]?.atMs ?? 0);
  }

  /** `null` while it cannot be known. */
  get perSec(): number | null {
    const [first, last] = [this.#samples[0], this.last];
    if (!first || !last || last.atMs <= first.atMs) return null;
    return ((last.value - first.value) * 1000) / (last.atMs - first.atMs);
  }
}

/** Seconds until nothing is left at these speeds; Infinity: it does not shrink; `null`: cannot be told yet. */
export function secondsLeft(left: bigint | null, donePerSec: number | null, addedPerSec: number | null): number | null {
  if (left === null) return null;
  if (left === 0n) return 0;
  if (donePerSec === null || addedPerSec === null) return null;
  const shrinksPerSec = donePerSec - addedPerSec;
  return shrinksPerSec <= 0 ? Number.POSITIVE_INFINITY : Number(left) / shrinksPerSec;
}
