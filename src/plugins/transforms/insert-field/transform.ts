/** Adds facts of the record, or a fixed text, as fields. Source: org.apache.kafka.connect.transforms.InsertField. */
import { ConfigError } from '../../../base/errors.ts';
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import { TIMESTAMP_SCHEMA, timestampSchema } from '../../../record/logical-types.ts';
import type { ConnectValue, Schema } from '../../../record/schema.ts';
import {
  buildStruct,
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from '../../../record/schema-builder.ts';
import { Struct } from '../../../record/struct.ts';
import { invalidValue } from '../../../spec/parse.ts';
import type { RecordSide } from '../shared/record-side.ts';
import { fieldsOf, requireMap, requireSinkRecord, requireStruct } from '../shared/requirements.ts';
import { SchemaCache } from '../shared/schema-cache.ts';
import { basicsOf, fieldValue, moved, REPLACE_NULL } from '../shared/struct-fields.ts';
import type { InsertFieldConf } from './spec.ts';

const PURPOSE = 'field insertion';
const OPTIONAL_TIMESTAMP_SCHEMA = timestampSchema({ optional: true });

/** A field to add, and what goes into it; `undefined` leaves it out. */
interface Insertion {
  readonly name: string;
  readonly schema: Schema;
  valueOf(record: ConnectRecord): ConnectValue | undefined;
  /** The same without a schema. */
  schemalessOf(record: ConnectRecord): ConnectValue | undefined;
}

export class InsertField implements Transformation {
  readonly #side: RecordSide;
  readonly #insertions: readonly Insertion[];
  readonly #replaceNull: boolean;
  readonly #schemas = new SchemaCache((schema) => this.#extended(schema));

  constructor(conf: InsertFieldConf, side: RecordSide) {
    this.#side = side;
    this.#insertions = insertionsOf(conf);
    this.#replaceNull = conf[REPLACE_NULL];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.#side.valueOf(record);
    if (value === null) return record;
    const schema = this.#side.schemaOf(record);
    if (schema === null) return this.#side.with(record, null, this.#extendedMap(record, value));
    const struct = requireStruct(value, PURPOSE, schema);
    const extended = this.#schemas.get(struct.schema);
    return this.#side.with(record, extended, this.#extendedStruct(record, struct, extended));
  }

  #extendedMap(record: ConnectRecord, value: ConnectValue): ConnectValue {
    const map = new Map(requireMap(value, PURPOSE));
    for (const insertion of this.#insertions) {
      const added = insertion.schemalessOf(record);
      if (added !== undefined) map.set(insertion.name, added);
    }
    return map;
  }

  #extendedStruct(record: ConnectRecord, struct: Struct, schema: Schema): Struct {
    const values: ConnectValue[] = [];
    for (const field of fieldsOf(struct.schema)) values.push(moved(fieldValue(struct, field, this.#replaceNull), field.schema, field.name));
    for (const insertion of this.#insertions) values.push(insertion.valueOf(record) ?? null);
    return Struct.trusted(schema, values);
  }

  #extended(schema: Schema): Schema {
    const kept = fieldsOf(schema).map((field) => [field.name, field.schema] as const);
    return buildStruct([...kept, ...this.#insertions.map(({ name, schema: added }) => [name, added] as const)], basicsOf(schema));
  }
}

/** In the order in which the fields come. Throws ConfigError when nothing is to be added. */
function insertionsOf(conf: InsertFieldConf): Insertion[] {
  const all: Insertion[] = [];
  const add = (setting: string | null, optional: Schema, required: Schema, of: Pick<Insertion, 'valueOf' | 'schemalessOf'>) => {
    if (setting === null) return;
    const name = /[?!]$/.test(setting) ? setting.slice(0, -1) : setting;
    all.push({ name, schema: setting.endsWith('!') ? required : optional, ...of });
  };
  const alike = (take: Insertion['valueOf']) => ({ valueOf: take, schemalessOf: take });
  add(
    conf['topic.field'],
    OPTIONAL_STRING_SCHEMA,
    STRING_SCHEMA,
    alike((record) => record.topic),
  );
  add(conf['partition.field'], OPTIONAL_INT32_SCHEMA, INT32_SCHEMA, {
    valueOf: ({ kafkaPartition }) => kafkaPartition ?? undefined,
    schemalessOf: ({ kafkaPartition }) => (kafkaPartition === null ? undefined : BigInt(kafkaPartition)),
  });
  add(
    conf['offset.field'],
    OPTIONAL_INT64_SCHEMA,
    INT64_SCHEMA,
    alike((record) => requireSinkRecord(record, PURPOSE).kafkaOffset),
  );
  add(conf['timestamp.field'], OPTIONAL_TIMESTAMP_SCHEMA, TIMESTAMP_SCHEMA, {
    valueOf: ({ timestampMs }) => (timestampMs === null ? undefined : new Date(timestampMs)),
    schemalessOf: ({ timestampMs }) => (timestampMs === null ? undefined : BigInt(timestampMs)),
  });
  const text = conf['static.value'];
  if (conf['static.field'] !== null && text === null) {
    throw invalidValue('static.value', null, `No value specified for static field: ${conf['static.field']}`);
  }
  add(
    conf['static.field'],
    OPTIONAL_STRING_SCHEMA,
    STRING_SCHEMA,
    alike(() => text ?? undefined),
  );
  if (all.length === 0) throw new ConfigError('No field insertion configured');
  return all;
}
