/**
 * Values that config providers have given, and how to keep them out of what people and machines may read: in logs, traces and answers each
 * is replaced by the reference that it came from (`${file:/secrets.properties:password}`). One registry a thread; the main thread hands its
 * own to the others before they work with such values.
 */

/** Shorter values, numbers of a few digits and such words are too common in texts to tell them apart. */
const LEAST_LENGTH = 4;
const COMMON = /^(?:true|false|null|none|all|\d{1,5})$/i;
/** Old values (rotated secrets) stay known up to this many. */
const MOST = 10_000;

export type SecretEntry = readonly [value: string, reference: string];

export class SecretRegistry {
  /** As they were given, oldest first. */
  readonly #given = new Map<string, string>();
  /** Every form of them, longest first: one value may be part of another. `null`: to be made anew. */
  #ordered: readonly SecretEntry[] | null = [];

  remember(value: string, reference: string): void {
    if (this.#given.get(value) === reference || formsOf(value).length === 0) return;
    this.#given.delete(value);
    this.#given.set(value, reference);
    for (const oldest of this.#given.keys()) {
      if (this.#given.size <= MOST) break;
      this.#given.delete(oldest);
    }
    this.#ordered = null;
  }

  /** As they were given: whoever remembers them makes the other forms itself. */
  entries(): readonly SecretEntry[] {
    return [...this.#given];
  }

  hide(text: string): string {
    this.#ordered ??= [
      ...new Map([...this.#given].flatMap(([value, reference]) => formsOf(value).map((form) => [form, reference] as const))),
    ].sort(([a], [b]) => b.length - a.length);
    let hidden = text;
    for (const [value, reference] of this.#ordered) if (hidden.includes(value)) hidden = hidden.replaceAll(value, () => reference);
    return hidden;
  }
}

/** As it was given, as parsers of settings trim it, and as it stands inside JSON text; without those that are too common. */
function formsOf(value: string): readonly string[] {
  const trimmed = value.trim();
  const forms = new Set([value, trimmed, JSON.stringify(value).slice(1, -1), JSON.stringify(trimmed).slice(1, -1)]);
  return [...forms].filter((form) => form.length >= LEAST_LENGTH && !COMMON.test(form));
}

export const secrets: SecretRegistry = new SecretRegistry();

/** The text with every known secret replaced by its reference. */
export function hideSecrets(text: string): string {
  return secrets.hide(text);
}
