/** Makes the key out of fields of the value. Source: org.apache.kafka.connect.transforms.ValueToKey. */
import { DataError } from '../../../base/errors.ts';
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import type { Field, Schema } from '../../../record/schema.ts';
import { buildStruct } from '../../../record/schema-builder.ts';
import { fieldOf, Struct } from '../../../record/struct.ts';
import { KEY } from '../shared/record-side.ts';
import { requireMap, requireStruct } from '../shared/requirements.ts';
import { SchemaCache } from '../shared/schema-cache.ts';
import { fieldValue, moved, REPLACE_NULL } from '../shared/struct-fields.ts';
import type { ValueToKeyConf } from './spec.ts';

const PURPOSE = 'copying fields from value to key';

export class ValueToKey implements Transformation {
  readonly #fields: readonly string[];
  readonly #replaceNull: boolean;
  readonly #plans = new SchemaCache((schema) => this.#plan(schema));

  constructor(conf: ValueToKeyConf) {
    this.#fields = conf.fields;
    this.#replaceNull = conf[REPLACE_NULL];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const { value, valueSchema } = record;
    if (valueSchema === null) {
      const map = requireMap(value, PURPOSE);
      return KEY.with(record, null, new Map(this.#fields.map((field) => [field, map.get(field) ?? null])));
    }
    const struct = requireStruct(value, PURPOSE, valueSchema);
    const { schema, sources } = this.#plans.get(struct.schema);
    const values = sources.map((field) => moved(fieldValue(struct, field, this.#replaceNull), field.schema, field.name));
    return KEY.with(record, schema, Struct.trusted(schema, values));
  }

  #plan(schema: Schema): { readonly schema: Schema; readonly sources: readonly Field[] } {
    const sources = this.#fields.map((name) => {
      const field = fieldOf(schema, name);
      if (field === undefined) throw new DataError(`Field does not exist: ${name}`);
      return field;
    });
    return { schema: buildStruct(sources.map((field) => [field.name, field.schema] as const)), sources };
  }
}
