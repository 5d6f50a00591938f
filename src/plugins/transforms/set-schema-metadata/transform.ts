/** Gives a schema another name, version or both. Source: org.apache.kafka.connect.transforms.SetSchemaMetadata. */
import { ConfigError } from '../../../base/errors.ts';
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import type { ConnectValue, Schema } from '../../../record/schema.ts';
import { Struct } from '../../../record/struct.ts';
import type { RecordSide } from '../shared/record-side.ts';
import { fieldsOf, requireSchema } from '../shared/requirements.ts';
import { SchemaCache } from '../shared/schema-cache.ts';
import { fieldValue, moved, REPLACE_NULL } from '../shared/struct-fields.ts';
import type { SetSchemaMetadataConf } from './spec.ts';

export class SetSchemaMetadata implements Transformation {
  readonly #side: RecordSide;
  readonly #replaceNull: boolean;
  readonly #schemas: SchemaCache<Schema>;

  /** Throws ConfigError when neither is given. */
  constructor(conf: SetSchemaMetadataConf, side: RecordSide) {
    const name = conf['schema.name'];
    const version = conf['schema.version'];
    if (name === null && version === null) throw new ConfigError('Neither schema name nor version configured');
    this.#side = side;
    this.#replaceNull = conf[REPLACE_NULL];
    // Its default is taken over unchecked, and only structs go through: so the JVM.
    this.#schemas = new SchemaCache((schema) => ({
      ...schema,
      name: name ?? schema.name,
      version: version ?? schema.version,
      fields: fieldsOf(schema),
    }));
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.#side.valueOf(record);
    const schema = this.#side.schemaOf(record);
    if (value === null && schema === null) return record;
    const renamed = this.#schemas.get(requireSchema(schema, 'updating schema metadata'));
    return this.#side.with(record, renamed, value instanceof Struct ? this.#rebound(value, renamed) : value);
  }

  /** The same fields under the new schema. */
  #rebound(struct: Struct, schema: Schema): Struct {
    const values: ConnectValue[] = fieldsOf(schema).map((field) =>
      moved(fieldValue(struct, field, this.#replaceNull), field.schema, field.name),
    );
    return Struct.trusted(schema, values);
  }
}
