/** A field in place of the whole key or value. Source: org.apache.kafka.connect.transforms.ExtractField. */
import { IllegalArgumentError } from '../../../base/errors.ts';
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import type { ConnectValue, Field, Schema } from '../../../record/schema.ts';
import { fieldOf } from '../../../record/struct.ts';
import type { RecordSide } from '../shared/record-side.ts';
import { requireMap, requireStruct } from '../shared/requirements.ts';
import { SchemaCache } from '../shared/schema-cache.ts';
import { fieldValue, REPLACE_NULL } from '../shared/struct-fields.ts';
import { pathSteps } from './field-path.ts';
import type { ExtractFieldConf } from './spec.ts';

const PURPOSE = 'field extraction';
const NESTED = 'nested field access';

export class ExtractField implements Transformation {
  readonly #side: RecordSide;
  readonly #path: string;
  readonly #steps: readonly string[];
  readonly #replaceNull: boolean;
  readonly #fields = new SchemaCache((schema) => this.#fieldsOnPath(schema));

  constructor(conf: ExtractFieldConf, side: RecordSide) {
    this.#side = side;
    this.#path = conf.field;
    this.#steps = conf['field.syntax.version'].toUpperCase() === 'V2' ? pathSteps(conf.field) : [conf.field];
    this.#replaceNull = conf[REPLACE_NULL];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.#side.schemaOf(record);
    const value = this.#side.valueOf(record);
    if (schema === null) return this.#side.with(record, null, this.#fromMap(value));
    const struct = value === null ? null : requireStruct(value, PURPOSE, schema);
    const fields = this.#fields.get(schema);
    // A connector may give a struct of another schema than its record says: the fields' places are the struct's own.
    const extracted =
      struct === null ? null : this.#fromStruct(struct, struct.schema === schema ? fields : this.#fields.get(struct.schema));
    return this.#side.with(record, fields.at(-1)!.schema, extracted);
  }

  #fromMap(value: ConnectValue): ConnectValue {
    return this.#steps.reduce<ConnectValue>(
      (inner, step, i) => (inner === null ? null : (requireMap(inner, i === 0 ? PURPOSE : NESTED).get(step) ?? null)),
      value,
    );
  }

  #fromStruct(struct: ConnectValue, fields: readonly Field[]): ConnectValue {
    return fields.reduce<ConnectValue>((inner, field, i) => {
      if (inner === null) return null;
      return fieldValue(requireStruct(inner, NESTED, field.schema), field, this.#replaceNull || i < fields.length - 1);
    }, struct);
  }

  #fieldsOnPath(schema: Schema): readonly Field[] {
    const fields: Field[] = [];
    for (const step of this.#steps) {
      const field = fieldOf(fields.at(-1)?.schema ?? schema, step);
      if (field === undefined) throw new IllegalArgumentError(`Unknown field: ${this.#path}`);
      fields.push(field);
    }
    return fields;
  }
}
