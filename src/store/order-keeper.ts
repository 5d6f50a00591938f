/** Keeps rows in their places while keys are pressed: a table may re-sort only when nobody is about to press Enter on a row. */
import type { ViewState } from './view.ts';

const HOLD_MS = 2_000;

export class OrderKeeper {
  #kept: { key: string; ids: readonly string[]; sortedAtMs: number } | null = null;

  /** The order to keep, or `null` when it is time to sort anew. Monotonic times. */
  kept(view: ViewState, nowMs: number, lastKeyMs: number): readonly string[] | null {
    // An empty table has no places to keep: its first rows come sorted.
    if (this.#kept?.key !== keyOf(view) || this.#kept.ids.length === 0) return null;
    const isResting = nowMs - lastKeyMs > HOLD_MS && nowMs - this.#kept.sortedAtMs > HOLD_MS;
    return isResting ? null : this.#kept.ids;
  }

  /** `isSorted`: the ids were sorted just now. */
  keep(view: ViewState, ids: readonly string[], isSorted: boolean, nowMs: number): void {
    this.#kept = { key: keyOf(view), ids, sortedAtMs: isSorted || !this.#kept ? nowMs : this.#kept.sortedAtMs };
  }
}

function keyOf(view: ViewState): string {
  return `${view.key} ${view.filter}\u0000${view.sort?.column ?? ''}\u0000${view.sort?.isDescending ?? ''}\u0000${view.isFaultsOnly}\u0000${view.hidesInternals}`;
}
