/** Reports of failed records that are on their way, and whether one could not be made. */
import type { Clock } from '../base/clock.ts';

export class PendingReports {
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | null = null;

  /** One that rejects fails the task, whoever else is told. */
  add(delivered: Promise<void>): void {
    const done: Promise<void> = delivered.then(
      () => {
        this.#underWay.delete(done);
      },
      (error: unknown) => {
        this.#underWay.delete(done);
        // The first one counts.
        this.#failure ??= { error };
      },
    );
    this.#underWay.add(done);
  }

  /** Throws what failed, if anything did. */
  check(): void {
    if (this.#failure) throw this.#failure.error;
  }

  /** Waits until each is delivered; false when that takes longer than `timeoutMs`. Throws what failed. */
  async settled(clock: Clock, timeoutMs: number): Promise<boolean> {
    if (this.#underWay.size > 0) {
      const over = new AbortController();
      await Promise.race([Promise.all(this.#underWay), clock.sleep(timeoutMs, over.signal)]);
      over.abort();
    }
    this.check();
    return this.#underWay.size === 0;
  }
}
