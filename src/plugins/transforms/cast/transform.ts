/** Gives fields, or the whole key or value, another simple type. Source: org.apache.kafka.connect.transforms.Cast. */
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import type { ConnectValue, Schema } from '../../../record/schema.ts';
import { buildSchema, buildStruct } from '../../../record/schema-builder.ts';
import { Struct } from '../../../record/struct.ts';
import type { RecordSide } from '../shared/record-side.ts';
import { fieldsOf, requireMap, requireStruct } from '../shared/requirements.ts';
import { SchemaCache } from '../shared/schema-cache.ts';
import { basicsOf, fieldValue, moved, REPLACE_NULL } from '../shared/struct-fields.ts';
import { castValue } from './cast-value.ts';
import { type CastConf, type Casts, type CastType, parseCasts } from './spec.ts';

const PURPOSE = 'cast types';

export class Cast implements Transformation {
  readonly #side: RecordSide;
  readonly #casts: Casts;
  readonly #replaceNull: boolean;
  readonly #schemas = new SchemaCache((schema) => this.#changed(schema));

  constructor(conf: CastConf, side: RecordSide) {
    this.#side = side;
    this.#casts = parseCasts(conf.spec);
    this.#replaceNull = conf[REPLACE_NULL];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.#side.valueOf(record);
    if (value === null) return record;
    const schema = this.#side.schemaOf(record);
    if (schema === null) return this.#side.with(record, null, this.#schemaless(value));
    const changed = this.#schemas.get(schema);
    if (this.#casts.whole !== null) return this.#side.with(record, changed, castValue(schema, value, this.#casts.whole));
    return this.#side.with(record, changed, this.#struct(requireStruct(value, PURPOSE, schema), changed));
  }

  #schemaless(value: ConnectValue): ConnectValue {
    const { whole, byField } = this.#casts;
    if (whole !== null) return castValue(null, value, whole);
    const map = new Map(requireMap(value, PURPOSE));
    for (const [field, type] of byField) map.set(field, castValue(null, map.get(field) ?? null, type));
    return map;
  }

  #struct(struct: Struct, changed: Schema): Struct {
    const targets = fieldsOf(changed);
    const values = fieldsOf(struct.schema).map((field, i) => {
      const value = fieldValue(struct, field, this.#replaceNull);
      const type = this.#casts.byField.get(field.name);
      return moved(type === undefined ? value : castValue(field.schema, value, type), targets[i]!.schema, field.name);
    });
    return Struct.trusted(changed, values);
  }

  #changed(schema: Schema): Schema {
    const { whole, byField } = this.#casts;
    if (whole !== null) return castSchema(schema, whole, true);
    const fields = fieldsOf(schema).map((field) => {
      const type = byField.get(field.name);
      return [field.name, type === undefined ? field.schema : castSchema(field.schema, type, false)] as const;
    });
    // A default of the struct itself is refused, as on the JVM: structs cannot be cast.
    castValue(schema, schema.defaultValue ?? null, 'STRING');
    return buildStruct(fields, { ...basicsOf(schema), optional: schema.optional });
  }
}

/** `isWhole`: keeps name, version, documentation and parameters, which a field loses. */
function castSchema(schema: Schema, type: CastType, isWhole: boolean): Schema {
  const { optional, defaultValue = null } = schema;
  const basics = isWhole ? basicsOf(schema) : {};
  return buildSchema(type, { ...basics, optional, defaultValue: castValue(schema, defaultValue, type) });
}
