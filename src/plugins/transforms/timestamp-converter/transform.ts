/** Makes times out of texts, numbers and Connect's own types, and the other way round. Source: org.apache.kafka.connect.transforms.TimestampConverter. */
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import type { ConnectValue, Schema } from '../../../record/schema.ts';
import { buildStruct } from '../../../record/schema-builder.ts';
import { Struct } from '../../../record/struct.ts';
import type { RecordSide } from '../shared/record-side.ts';
import { fieldsOf, requireMap, requireStruct } from '../shared/requirements.ts';
import { SchemaCache } from '../shared/schema-cache.ts';
import { basicsOf, fieldValue, moved, REPLACE_NULL } from '../shared/struct-fields.ts';
import type { TargetType, TimestampConverterConf } from './spec.ts';
import { kindOfSchema, kindOfValue, timestampKinds } from './timestamp-kinds.ts';

const PURPOSE = 'converting timestamp formats';

export class TimestampConverter implements Transformation {
  readonly #side: RecordSide;
  readonly #field: string;
  readonly #target: TargetType;
  readonly #kinds: ReturnType<typeof timestampKinds>;
  readonly #replaceNull: boolean;
  readonly #schemas = new SchemaCache((schema) => this.#changed(schema));

  constructor(conf: TimestampConverterConf, side: RecordSide) {
    this.#side = side;
    this.#field = conf.field;
    this.#target = conf['target.type'];
    this.#kinds = timestampKinds(conf);
    this.#replaceNull = conf[REPLACE_NULL];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.#side.schemaOf(record);
    const value = this.#side.valueOf(record);
    if (schema === null) return this.#side.with(record, null, this.#schemaless(value));
    if (this.#field === '') return this.#side.with(record, this.#schemaFor(schema), this.#converted(value, schema));
    const struct = value === null ? null : requireStruct(value, PURPOSE, schema);
    const changed = this.#schemas.get(schema);
    return this.#side.with(record, changed, struct === null ? null : this.#struct(struct, changed));
  }

  #schemaless(value: ConnectValue): ConnectValue {
    if (value === null || this.#field === '') return this.#converted(value, null);
    const map = new Map(requireMap(value, PURPOSE));
    map.set(this.#field, this.#converted(map.get(this.#field) ?? null, null));
    return map;
  }

  #struct(struct: Struct, changed: Schema): Struct {
    const targets = fieldsOf(changed);
    const values = fieldsOf(struct.schema).map((field, i) => {
      const value = fieldValue(struct, field, this.#replaceNull);
      const kept = field.name === this.#field ? this.#converted(value, field.schema) : value;
      return moved(kept, targets[i]!.schema, field.name);
    });
    return Struct.trusted(changed, values);
  }

  #converted(value: ConnectValue, schema: Schema | null): ConnectValue {
    // The JVM asks the schema first, also where there is nothing to convert.
    const source = schema === null ? null : kindOfSchema(schema);
    if (value === null) return null;
    return this.#kinds[this.#target].fromInstant(this.#kinds[source ?? kindOfValue(value)].toInstant(value, schema));
  }

  #schemaFor(schema: Schema): Schema {
    return this.#kinds[this.#target].schemas[schema.optional ? 1 : 0];
  }

  #changed(schema: Schema): Schema {
    const fields = fieldsOf(schema).map(
      (field) => [field.name, field.name === this.#field ? this.#schemaFor(field.schema) : field.schema] as const,
    );
    const options = { ...basicsOf(schema), optional: schema.optional };
    if (!(schema.defaultValue instanceof Struct)) return buildStruct(fields, options);
    return buildStruct(fields, { ...options, defaultValue: this.#struct(schema.defaultValue, buildStruct(fields, options)) });
  }
}
