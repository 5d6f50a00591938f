/**
 * Figures over a sliding window, as Kafka's metrics compute them: `windows` samples of `windowMs` each, old ones dropped.
 * Source: org.apache.kafka.common.metrics.stats.{SampledStat,Rate,Avg,Max,Min}.
 */
export interface SampleConfig {
  readonly windowMs: number;
  readonly windows: number;
}

export const DEFAULT_SAMPLES: SampleConfig = { windowMs: 30_000, windows: 2 };

interface Sample {
  startMs: number;
  count: number;
  sum: number;
  max: number;
  min: number;
}

const emptySample = (startMs: number): Sample => ({
  startMs,
  count: 0,
  sum: 0,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
});

/** One measured thing: total, rate, average, maximum. Record a batch at once (`record(n)`), not each of its items. */
export class SampledStat {
  readonly #config: SampleConfig;
  #samples: Sample[] = [];
  #total = 0;

  constructor(config: SampleConfig = DEFAULT_SAMPLES) {
    this.#config = config;
  }

  /** All that was ever recorded. */
  get total(): number {
    return this.#total;
  }

  record(value: number, nowMs: number): void {
    this.#total += value;
    let current = this.#samples.at(-1);
    if (!current || nowMs - current.startMs >= this.#config.windowMs) {
      current = emptySample(nowMs);
      this.#samples.push(current);
      if (this.#samples.length > this.#config.windows) this.#samples.shift();
    }
    current.count++;
    current.sum += value;
    current.max = Math.max(current.max, value);
    current.min = Math.min(current.min, value);
  }

  /** Recorded per second over the window; the window counts as nearly full from the start, so that a first burst is no huge rate. */
  ratePerSecond(nowMs: number): number {
    const samples = this.#live(nowMs);
    const first = samples[0];
    if (!first) return 0;
    const { windowMs, windows } = this.#config;
    let elapsedMs = nowMs - first.startMs;
    const fullWindows = Math.floor(elapsedMs / windowMs);
    if (fullWindows < windows - 1) elapsedMs += (windows - 1 - fullWindows) * windowMs;
    const sum = samples.reduce((a, s) => a + s.sum, 0);
    return elapsedMs <= 0 ? 0 : sum / (elapsedMs / 1000);
  }

  /** `NaN` when nothing was recorded in the window. */
  avg(nowMs: number): number {
    const samples = this.#live(nowMs);
    const count = samples.reduce((a, s) => a + s.count, 0);
    return count === 0 ? Number.NaN : samples.reduce((a, s) => a + s.sum, 0) / count;
  }

  max(nowMs: number): number {
    const samples = this.#live(nowMs);
    return samples.length === 0 ? Number.NaN : Math.max(...samples.map((s) => s.max));
  }

  min(nowMs: number): number {
    const samples = this.#live(nowMs);
    return samples.length === 0 ? Number.NaN : Math.min(...samples.map((s) => s.min));
  }

  #live(nowMs: number): Sample[] {
    const oldestMs = nowMs - this.#config.windows * this.#config.windowMs;
    return this.#samples.filter((s) => s.startMs > oldestMs);
  }
}

/** Share of time in each state over the same window (`running-ratio`, `pause-ratio`). */
export class StateRatio<S extends string> {
  readonly #horizonMs: number;
  #spans: { state: S; fromMs: number }[];

  constructor(initial: S, nowMs: number, config: SampleConfig = DEFAULT_SAMPLES) {
    this.#horizonMs = config.windowMs * config.windows;
    this.#spans = [{ state: initial, fromMs: nowMs }];
  }

  get state(): S {
    return this.#spans.at(-1)!.state;
  }

  enter(state: S, nowMs: number): void {
    if (state === this.state) return;
    this.#spans.push({ state, fromMs: nowMs });
    const oldestMs = nowMs - this.#horizonMs;
    while (this.#spans.length > 1 && this.#spans[1]!.fromMs <= oldestMs) this.#spans.shift();
  }

  /** 0 to 1. */
  ratio(state: S, nowMs: number): number {
    const oldestMs = Math.max(nowMs - this.#horizonMs, this.#spans[0]!.fromMs);
    const totalMs = nowMs - oldestMs;
    if (totalMs <= 0) return state === this.state ? 1 : 0;
    let inStateMs = 0;
    this.#spans.forEach((span, i) => {
      if (span.state !== state) return;
      const endMs = this.#spans[i + 1]?.fromMs ?? nowMs;
      inStateMs += Math.max(0, endMs - Math.max(span.fromMs, oldestMs));
    });
    return inStateMs / totalMs;
  }
}
