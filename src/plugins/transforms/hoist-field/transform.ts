/** Wraps the whole key or value, also a null, into a struct or map of one field. Source: org.apache.kafka.connect.transforms.HoistField. */
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import { buildStruct } from '../../../record/schema-builder.ts';
import { Struct } from '../../../record/struct.ts';
import { validateValue } from '../../../record/validate-value.ts';
import type { RecordSide } from '../shared/record-side.ts';
import { SchemaCache } from '../shared/schema-cache.ts';
import type { HoistFieldConf } from './spec.ts';

export class HoistField implements Transformation {
  readonly #side: RecordSide;
  readonly #field: string;
  readonly #schemas = new SchemaCache((schema) => buildStruct([[this.#field, schema]]));

  constructor(conf: HoistFieldConf, side: RecordSide) {
    this.#side = side;
    this.#field = conf.field;
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.#side.schemaOf(record);
    const value = this.#side.valueOf(record);
    if (schema === null) return this.#side.with(record, null, new Map([[this.#field, value]]));
    // Nobody has checked yet that the connector's value fits its own schema.
    validateValue(schema, value, `field: "${this.#field}"`);
    const hoisted = this.#schemas.get(schema);
    return this.#side.with(record, hoisted, Struct.trusted(hoisted, [value]));
  }
}
