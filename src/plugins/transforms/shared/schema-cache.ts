/**
 * What a transform makes of a schema, made once: records of one kind share their schema object, so the answer is found by identity.
 * A source that makes an equal schema anew for each record gets the answer of the equal one, out of the last 16 (as on the JVM), so that
 * everything behind it sees one schema object.
 */
import type { Schema } from '../../../record/schema.ts';
import { schemaEquals } from '../../../record/schema-equals.ts';

const RECENT = 16;

export class SchemaCache<T> {
  readonly #make: (schema: Schema) => T;
  readonly #known = new WeakMap<Schema, T>();
  /** Newest last. */
  readonly #recent: { readonly schema: Schema; readonly made: T }[] = [];
  #last: { readonly schema: Schema; readonly made: T } | null = null;

  /** What `make` throws is not kept. */
  constructor(make: (schema: Schema) => T) {
    this.#make = make;
  }

  get(schema: Schema): T {
    if (this.#last !== null && this.#last.schema === schema) return this.#last.made;
    let made = this.#known.get(schema);
    if (made === undefined) {
      made = this.#ofEqual(schema);
      this.#known.set(schema, made);
    }
    this.#last = { schema, made };
    return made;
  }

  #ofEqual(schema: Schema): T {
    const equal = this.#recent.find((one) => schemaEquals(one.schema, schema));
    if (equal !== undefined) return equal.made;
    const made = this.#make(schema);
    if (this.#recent.push({ schema, made }) > RECENT) this.#recent.shift();
    return made;
  }
}
