/** Moves or copies fields into headers. Source: org.apache.kafka.connect.transforms.HeaderFrom. */
import { ConfigError, DataError } from '../../../base/errors.ts';
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord, Header } from '../../../plugin-api/records.ts';
import type { ConnectValue, Field, Schema } from '../../../record/schema.ts';
import { buildStruct } from '../../../record/schema-builder.ts';
import { fieldOf, Struct } from '../../../record/struct.ts';
import type { RecordSide } from '../shared/record-side.ts';
import { fieldsOf, requireMap, requireStruct } from '../shared/requirements.ts';
import { SchemaCache } from '../shared/schema-cache.ts';
import { basicsOf, fieldValue, moved, REPLACE_NULL } from '../shared/struct-fields.ts';
import type { HeaderFromConf } from './spec.ts';

interface Plan {
  /** What is left after a move. */
  readonly schema: Schema;
  readonly kept: readonly Field[];
}

export class HeaderFrom implements Transformation {
  readonly #side: RecordSide;
  readonly #fields: readonly string[];
  readonly #headers: readonly string[];
  readonly #isMove: boolean;
  readonly #purpose: string;
  readonly #replaceNull: boolean;
  readonly #plans = new SchemaCache((schema) => this.#plan(schema));

  /** Throws ConfigError when there are not as many headers as fields. */
  constructor(conf: HeaderFromConf, side: RecordSide) {
    if (conf.fields.length !== conf.headers.length) {
      throw new ConfigError("'fields' config must have the same number of elements as 'headers' config.");
    }
    this.#side = side;
    this.#fields = conf.fields;
    this.#headers = conf.headers;
    this.#isMove = conf.operation === 'move';
    this.#purpose = `header ${conf.operation}`;
    this.#replaceNull = conf[REPLACE_NULL];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.#side.schemaOf(record);
    return schema === null ? this.#fromMap(record) : this.#fromStruct(record, schema);
  }

  #fromMap<R extends ConnectRecord>(record: R): R {
    const value = requireMap(this.#side.valueOf(record), this.#purpose);
    const added = this.#fields.map((name, i) => ({ key: this.#headers[i]!, schema: null, value: value.get(name) ?? null }));
    const withHeaders = withAdded(record, added);
    if (!this.#isMove) return withHeaders;
    const left = new Map(value);
    for (const name of this.#fields) left.delete(name);
    return this.#side.with(withHeaders, null, left);
  }

  #fromStruct<R extends ConnectRecord>(record: R, schema: Schema): R {
    const struct = requireStruct(this.#side.valueOf(record), this.#purpose, schema);
    const added = this.#fields.map((name, i) => {
      const field = fieldOf(struct.schema, name);
      if (field === undefined) throw new DataError(`Field does not exist: ${name}`);
      return { key: this.#headers[i]!, schema: field.schema, value: fieldValue(struct, field, this.#replaceNull) };
    });
    const withHeaders = withAdded(record, added);
    if (!this.#isMove) return withHeaders;
    const plan = this.#plans.get(struct.schema);
    const values: ConnectValue[] = plan.kept.map((field) => moved(fieldValue(struct, field, this.#replaceNull), field.schema, field.name));
    return this.#side.with(withHeaders, plan.schema, Struct.trusted(plan.schema, values));
  }

  #plan(schema: Schema): Plan {
    const kept = fieldsOf(schema).filter((field) => !this.#fields.includes(field.name));
    return {
      schema: buildStruct(
        kept.map((field) => [field.name, field.schema] as const),
        basicsOf(schema),
      ),
      kept,
    };
  }
}

function withAdded<R extends ConnectRecord>(record: R, added: readonly Header[]): R {
  return { ...record, headers: record.headers === null ? added : [...record.headers, ...added] };
}
