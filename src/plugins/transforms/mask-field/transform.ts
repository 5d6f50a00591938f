/** Hides the values of fields. Source: org.apache.kafka.connect.transforms.MaskField. */
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import type { ConnectValue, Schema } from '../../../record/schema.ts';
import { Struct } from '../../../record/struct.ts';
import { javaHashOrder } from '../../../spec/java-hash-order.ts';
import type { RecordSide } from '../shared/record-side.ts';
import { fieldsOf, requireMap, requireStruct } from '../shared/requirements.ts';
import { fieldValue, moved, REPLACE_NULL } from '../shared/struct-fields.ts';
import { emptyLike, replacementLike } from './mask.ts';
import type { MaskFieldConf } from './spec.ts';

const PURPOSE = 'mask fields';

export class MaskField implements Transformation {
  readonly #side: RecordSide;
  readonly #fields: ReadonlySet<string>;
  readonly #replacement: string | null;
  readonly #replaceNull: boolean;

  constructor(conf: MaskFieldConf, side: RecordSide) {
    this.#side = side;
    this.#fields = new Set(javaHashOrder(conf.fields));
    this.#replacement = conf.replacement;
    this.#replaceNull = conf[REPLACE_NULL];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.#side.schemaOf(record);
    const value = this.#side.valueOf(record);
    if (schema !== null) return this.#side.with(record, schema, this.#maskStruct(requireStruct(value, PURPOSE, schema)));
    const masked = new Map(requireMap(value, PURPOSE));
    for (const field of this.#fields) masked.set(field, this.#mask(masked.get(field) ?? null, null));
    return this.#side.with(record, null, masked);
  }

  #maskStruct(struct: Struct): Struct {
    const values = fieldsOf(struct.schema).map((field) => {
      const value = fieldValue(struct, field, this.#replaceNull);
      return moved(this.#fields.has(field.name) ? this.#mask(value, field.schema) : value, field.schema, field.name);
    });
    return Struct.trusted(struct.schema, values);
  }

  #mask(value: ConnectValue, schema: Schema | null): ConnectValue {
    return this.#replacement === null ? emptyLike(value) : replacementLike(value, schema, this.#replacement);
  }
}
