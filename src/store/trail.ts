/** Where one has been: back and forward one step, and to the way before this one and back again. */
import type { ViewState } from './view.ts';

type Way = readonly ViewState[];

const MOST = 50;

export class Trail {
  #past: readonly Way[] = [];
  #future: readonly Way[] = [];
  #other: Way | null = null;

  /** `from` is left for a new place. `isJump`: a new way begins. */
  left(from: Way, isJump: boolean): void {
    this.#past = [...this.#past, from].slice(-MOST);
    this.#future = [];
    if (isJump) this.#other = from;
  }

  /** The place before; `null`: there is none. */
  back(from: Way): Way | null {
    const before = this.#past.at(-1) ?? null;
    if (before === null) return null;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, from];
    return before;
  }

  forward(from: Way): Way | null {
    const after = this.#future.at(-1) ?? null;
    if (after === null) return null;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, from];
    return after;
  }

  /** The way that was left for this one; asked again it leads back. */
  other(from: Way): Way | null {
    const other = this.#other;
    if (other === null) return null;
    this.left(from, true);
    return other;
  }
}
