/** The last result of something, for as long as what it was made of is the same. */
export class Memo<T> {
  #made: { readonly of: readonly unknown[]; readonly value: T } | null = null;

  /** `of`: compared by identity, one by one; always as many. */
  get(of: readonly unknown[], make: () => T): T {
    const known = this.#knownOf(of);
    if (known) return known.value;
    const value = make();
    this.#made = { of, value };
    return value;
  }

  /** The same for what is made in steps; left half-way nothing has changed. */
  *inSteps(of: readonly unknown[], make: () => Generator<void, T>): Generator<void, T> {
    const known = this.#knownOf(of);
    if (known) return known.value;
    const value = yield* make();
    this.#made = { of, value };
    return value;
  }

  #knownOf(of: readonly unknown[]): { readonly value: T } | null {
    return this.#made?.of.every((one, i) => Object.is(one, of[i])) ? this.#made : null;
  }
}
