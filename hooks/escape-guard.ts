/**
 * Esc on a slow line: an arrow key is Esc, `[`, `A`, and its parts may come one by one. Ink hands out the Esc after 20 ms; this waits a
 * little longer, and puts such a key together again instead of taking its parts for commands.
 */
const HOLD_MS = 35;
const PART_MS = 80;

const FINALS: Readonly<Record<string, string>> = { A: 'up', B: 'down', C: 'right', D: 'left', H: 'home', F: 'end' };

export class EscapeGuard {
  readonly #emit: (keys: readonly string[]) => void;
  #held: readonly string[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(emit: (keys: readonly string[]) => void) {
    this.#emit = emit;
  }

  feed(keys: readonly string[]): void {
    for (const key of keys) this.#one(key);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #one(key: string): void {
    const isIntroducer = this.#held.length === 1 && (key === '[' || key === 'O');
    if (this.#held.length === 0 && key !== 'esc') this.#emit([key]);
    else if (this.#held.length === 0) this.#hold(['esc'], HOLD_MS);
    else if (isIntroducer) this.#hold([...this.#held, key], PART_MS);
    else if (this.#held.length >= 2 && /^[0-9;]$/.test(key)) this.#hold([...this.#held, key], PART_MS);
    else if (this.#held.length >= 2) {
      // The end of a key's bytes: an arrow, or one that is not known and means nothing.
      this.#release([]);
      const name = FINALS[key];
      if (name) this.#emit([name]);
    } else {
      this.#release(this.#held);
      this.#one(key);
    }
  }

  #hold(keys: readonly string[], ms: number): void {
    this.#held = keys;
    if (this.#timer) clearTimeout(this.#timer);
    // What was only an Esc is one; the rest of a broken key is thrown away.
    this.#timer = setTimeout(() => this.#release(keys.length === 1 ? keys : []), ms);
  }

  #release(keys: readonly string[]): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#held = [];
    if (keys.length > 0) this.#emit(keys);
  }
}
