/** How late the main event loop is, since the last time that it was asked for here. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Coarse on purpose: a finer timer would cost an idle worker CPU. */
const RESOLUTION_MS = 50;
const NANOSECONDS_PER_MS = 1e6;

export interface LoopLag {
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export class EventLoopLag {
  #histogram: ReturnType<typeof monitorEventLoopDelay> | null = null;

  /** False before the first `read`, which therefore knows nothing yet: nobody pays for the watch who does not ask. */
  get isWatching(): boolean {
    return this.#histogram !== null;
  }

  read(): LoopLag {
    if (!this.#histogram) {
      this.#histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      this.#histogram.enable();
    }
    const histogram = this.#histogram;
    const ms = (nanoseconds: number) => (histogram.count > 0 ? Math.max(0, nanoseconds / NANOSECONDS_PER_MS - RESOLUTION_MS) : 0);
    const lag = { meanMs: ms(histogram.mean), p99Ms: ms(histogram.percentile(99)), maxMs: ms(histogram.max) };
    histogram.reset();
    return lag;
  }
}
