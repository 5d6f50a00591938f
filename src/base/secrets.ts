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
  readonly #references = new Map<string, string>();
  /** Longest first: one value may be part of another. */
  #ordered: readonly SecretEntry[] = [];

  remember(value: string, reference: string): void {
    for (const form of formsOf(value)) {
      if (form.length < LEAST_LENGTH || COMMON.test(form) || this.#references.get(form) === reference) continue;
      this.#references.delete(form);
      this.#references.set(form, reference);
    }
    for (const oldest of this.#references.keys()) {
      if (this.#references.size <= MOST) break;
      this.#references.delete(oldest);
    }
    this.#ordered = [...this.#references].sort(([a], [b]) => b.length - a.length);
  }

  entries(): readonly SecretEntry[] {
    return this.#ordered;
  }

  hide(text: string): string {
    let hidden = text;
    for (const [value, reference] of this.#ordered) if (hidden.includes(value)) hidden = hidden.replaceAll(value, () => reference);
    return hidden;
  }
}

/** As it was given, as parsers of settings trim it, and as it stands inside JSON text. */
function formsOf(value: string): Set<string> {
  const trimmed = value.trim();
  return new Set([value, trimmed, JSON.stringify(value).slice(1, -1), JSON.stringify(trimmed).slice(1, -1)]);
}

export const secrets: SecretRegistry = new SecretRegistry();

/** The text with every known secret replaced by its reference. */
export function hideSecrets(text: string): string {
  return secrets.hide(text);
}
