/** A structured value with its schema. Source: org.apache.kafka.connect.data.Struct. */
import { DataError } from '../base/errors.ts';
import { javaText } from './java-text.ts';
import type { ConnectValue, Field, Schema } from './schema.ts';
import { schemaText } from './schema-equals.ts';
import { StructBase } from './struct-base.ts';
import { validateValue } from './validate-value.ts';

const indexes = new WeakMap<Schema, ReadonlyMap<string, Field>>();

/** The field of a STRUCT schema with this name; `undefined` when there is none. Throws DataError when the schema is no struct. */
export function fieldOf(schema: Schema, name: string): Field | undefined {
  let index = indexes.get(schema);
  if (index === undefined) {
    if (schema.fields === null) throw new DataError('Cannot look up fields on non-struct type');
    index = new Map(schema.fields.map((field) => [field.name, field]));
    indexes.set(schema, index);
  }
  return index.get(name);
}

/** Values by field, checked against the schema when they are put. A field that was never put is null. */
export class Struct extends StructBase {
  readonly schema: Schema;
  /** By field index, without defaults. Change through `put` only. */
  readonly values: readonly ConnectValue[];

  /** `values`: see `trusted`. */
  constructor(schema: Schema, values?: ConnectValue[]) {
    super();
    if (schema.type !== 'STRUCT' || schema.fields === null) throw new DataError(`Not a struct schema: ${schemaText(schema)}`);
    this.schema = schema;
    this.values = values ?? new Array<ConnectValue>(schema.fields.length).fill(null);
  }

  /** For decoders that make each value from its field's schema: takes the array over without checking it. */
  static trusted(schema: Schema, values: ConnectValue[]): Struct {
    return new Struct(schema, values);
  }

  /** The value, or the field's default where it is null. Throws DataError for an unknown field. */
  get(field: string | Field): ConnectValue {
    const known = this.#field(field);
    const value = this.values[known.index] ?? null;
    return value === null ? (known.schema.defaultValue ?? null) : value;
  }

  getWithoutDefault(field: string | Field): ConnectValue {
    return this.values[this.#field(field).index] ?? null;
  }

  /** Throws DataError for an unknown field and for a value that does not fit its schema. Returns itself. */
  put(field: string | Field, value: ConnectValue): this {
    const known = this.#field(field);
    validateValue(known.schema, value, `field: "${known.name}"`);
    (this.values as ConnectValue[])[known.index] = value;
    return this;
  }

  /** Throws DataError when a required field without default is null, or a value does not fit its schema. */
  validate(): void {
    for (const field of this.schema.fields ?? []) {
      const value = this.values[field.index] ?? null;
      if (value === null && (field.schema.optional || (field.schema.defaultValue ?? null) !== null)) continue;
      validateValue(field.schema, value, `field: "${field.name}"`);
    }
  }

  override toString(): string {
    return javaText(this.schema, this);
  }

  #field(field: string | Field): Field {
    if (typeof field !== 'string') return field;
    const known = fieldOf(this.schema, field);
    if (known === undefined) throw new DataError(`${field} is not a valid field name`);
    return known;
  }
}
