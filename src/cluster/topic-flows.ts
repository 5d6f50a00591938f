/** How fast topics grow, out of their ends at the last looks. */
import type { Clock } from '../base/clock.ts';
import { LoopPacer } from '../base/turn.ts';
import type { EndOffsets } from './end-offsets.ts';
import { SampledRate } from './sampled-rate.ts';

export interface TopicFlow {
  readonly endOffset: bigint;
  readonly recordsPerSec: number | null;
}

export class TopicFlows {
  readonly #clock: Clock;
  readonly #rates = new Map<string, SampledRate>();
  readonly #flows = new Map<string, TopicFlow>();
  #version = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Of the last look; `null`: the ends are not known of all its partitions. */
  of(name: string): TopicFlow | null {
    return this.#flows.get(name) ?? null;
  }

  /** Grows when any of them has changed. */
  get version(): number {
    return this.#version;
  }

  async add(names: ReadonlySet<string>, ends: EndOffsets, nowMs: number): Promise<void> {
    const changes: Array<readonly [name: string, flow: TopicFlow | null]> = [];
    for (const name of this.#rates.keys()) if (!names.has(name)) changes.push([name, null]);
    const pacer = new LoopPacer(this.#clock);
    for (const name of names) {
      const turn = pacer.turnWhenDue();
      if (turn) await turn;
      const endOffset = ends.sumOf(name);
      if (endOffset === null) {
        changes.push([name, null]);
        continue;
      }
      const rate = this.#rates.get(name) ?? new SampledRate();
      this.#rates.set(name, rate);
      rate.add(nowMs, Number(endOffset));
      const before = this.#flows.get(name);
      // Most topics rest.
      if (before?.endOffset !== endOffset || before.recordsPerSec !== rate.perSec)
        changes.push([name, { endOffset, recordsPerSec: rate.perSec }]);
    }
    this.#apply(changes);
  }

  #apply(changes: ReadonlyArray<readonly [name: string, flow: TopicFlow | null]>): void {
    for (const [name, flow] of changes) {
      if (flow !== null) this.#flows.set(name, flow);
      else {
        // A partition whose end is not known for a moment must not look like records that came at once.
        this.#rates.delete(name);
        this.#flows.delete(name);
      }
    }
    if (changes.length > 0) this.#version++;
  }
}
