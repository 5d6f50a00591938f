/** Leaves fields out and gives others new names. Source: org.apache.kafka.connect.transforms.ReplaceField. */
import { DataError } from '../../../base/errors.ts';
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import type { ConnectValue, Field, Schema } from '../../../record/schema.ts';
import { buildStruct } from '../../../record/schema-builder.ts';
import { fieldOf, Struct } from '../../../record/struct.ts';
import type { RecordSide } from '../shared/record-side.ts';
import { type ConnectMap, fieldsOf, requireMap, requireStruct } from '../shared/requirements.ts';
import { SchemaCache } from '../shared/schema-cache.ts';
import { basicsOf, fieldValue, moved, REPLACE_NULL } from '../shared/struct-fields.ts';
import { parseRenames, type ReplaceFieldConf } from './spec.ts';

const PURPOSE = 'field replacement';

interface Plan {
  readonly schema: Schema;
  /** Where the value of each field comes from. */
  readonly sources: readonly Field[];
}

export class ReplaceField implements Transformation {
  readonly #side: RecordSide;
  readonly #exclude: ReadonlySet<string>;
  readonly #include: ReadonlySet<string>;
  readonly #renames: ReadonlyMap<string, string>;
  readonly #oldNames: ReadonlyMap<string, string>;
  readonly #replaceNull: boolean;
  readonly #plans = new SchemaCache((schema) => this.#plan(schema));

  constructor(conf: ReplaceFieldConf, side: RecordSide) {
    this.#side = side;
    this.#exclude = new Set(conf.exclude);
    this.#include = new Set(conf.include);
    this.#renames = parseRenames(conf.renames);
    this.#oldNames = new Map([...this.#renames].map(([from, to]) => [to, from]));
    this.#replaceNull = conf[REPLACE_NULL];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.#side.valueOf(record);
    if (value === null) return record;
    const schema = this.#side.schemaOf(record);
    if (schema === null) return this.#side.with(record, null, this.#replaceIn(requireMap(value, PURPOSE)));
    const struct = requireStruct(value, PURPOSE, schema);
    const plan = this.#plans.get(struct.schema);
    const fields = fieldsOf(plan.schema);
    const values = plan.sources.map((source, i) =>
      moved(fieldValue(struct, source, this.#replaceNull), fields[i]!.schema, fields[i]!.name),
    );
    return this.#side.with(record, plan.schema, Struct.trusted(plan.schema, values));
  }

  #replaceIn(value: ConnectMap): ConnectMap {
    const map = new Map<ConnectValue, ConnectValue>();
    for (const [name, entry] of value) {
      const text = String(name);
      if (this.#isKept(text)) map.set(this.#renames.get(text) ?? text, entry);
    }
    return map;
  }

  #plan(schema: Schema): Plan {
    const kept = fieldsOf(schema).filter((field) => this.#isKept(field.name));
    const replaced = buildStruct(
      kept.map((field) => [this.#renames.get(field.name) ?? field.name, field.schema] as const),
      basicsOf(schema),
    );
    return { schema: replaced, sources: fieldsOf(replaced).map((field) => this.#sourceOf(schema, field.name)) };
  }

  /** Found by name alone, as on the JVM: a field that bears the new name of another one gets that one's value, or there is no such. */
  #sourceOf(schema: Schema, name: string): Field {
    const oldName = this.#oldNames.get(name) ?? name;
    const source = fieldOf(schema, oldName);
    if (source === undefined) throw new DataError(`${oldName} is not a valid field name`);
    return source;
  }

  #isKept(name: string): boolean {
    return !this.#exclude.has(name) && (this.#include.size === 0 || this.#include.has(name));
  }
}
