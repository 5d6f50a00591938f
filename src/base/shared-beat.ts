/** Work that many do every so often, on one timer for all of them: a timer each would cost more than the work. */
import { NOT_NEEDED } from './abort.ts';
import type { Clock } from './clock.ts';

export class SharedBeat {
  readonly #everyMs: number;
  readonly #crews = new WeakMap<Clock, Set<() => void>>();
  readonly #ends = new WeakMap<Clock, AbortController>();

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** `work` must not throw. Gives what ends it; with the last one the timer ends. */
  join(clock: Clock, work: () => void): () => void {
    const crew = this.#crews.get(clock) ?? new Set();
    this.#crews.set(clock, crew);
    crew.add(work);
    if (crew.size === 1) void this.#run(clock, crew);
    return () => {
      if (crew.delete(work) && crew.size === 0) this.#ends.get(clock)?.abort(NOT_NEEDED);
    };
  }

  async #run(clock: Clock, crew: ReadonlySet<() => void>): Promise<void> {
    const end = new AbortController();
    this.#ends.set(clock, end);
    for (;;) {
      await clock.sleep(this.#everyMs, end.signal);
      if (end.signal.aborted) return;
      for (const work of crew) work();
    }
  }
}
