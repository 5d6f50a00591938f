/** What went wrong a moment ago, each text once: shown while it goes on happening, gone when it is over. */
const SHOWN_MS = 5_000;
const MOST = 3;

export class Troubles {
  readonly #monoMs: () => number;
  readonly #lastMs = new Map<string, number>();

  constructor(monoMs: () => number) {
    this.#monoMs = monoMs;
  }

  add(text: string): void {
    this.#lastMs.delete(text);
    this.#lastMs.set(text, this.#monoMs());
  }

  /** The newest last, a few at most. */
  recent(): readonly string[] {
    const nowMs = this.#monoMs();
    for (const [text, atMs] of this.#lastMs) if (nowMs - atMs > SHOWN_MS) this.#lastMs.delete(text);
    return [...this.#lastMs.keys()].slice(-MOST);
  }
}
