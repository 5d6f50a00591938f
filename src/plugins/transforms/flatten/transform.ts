/** Brings the fields of nested structs or maps to the top: `outer.inner`. Source: org.apache.kafka.connect.transforms.Flatten. */
import { DataError } from '../../../base/errors.ts';
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import { javaClassOfValue } from '../../../record/java-text.ts';
import { Decimal } from '../../../record/numbers.ts';
import type { ConnectValue, Field, Schema } from '../../../record/schema.ts';
import { buildStruct, withOptions } from '../../../record/schema-builder.ts';
import { isMap } from '../../../record/schema-equals.ts';
import { Struct } from '../../../record/struct.ts';
import type { RecordSide } from '../shared/record-side.ts';
import { type ConnectMap, fieldsOf, requireMap, requireStruct } from '../shared/requirements.ts';
import { SchemaCache } from '../shared/schema-cache.ts';
import { basicsOf, moved } from '../shared/struct-fields.ts';
import type { FlattenConf } from './spec.ts';

const PURPOSE = 'flattening';

type NamedSchema = readonly [name: string, schema: Schema];

export class Flatten implements Transformation {
  readonly #side: RecordSide;
  readonly #delimiter: string;
  readonly #schemas = new SchemaCache((schema) => this.#flattened(schema));

  constructor(conf: FlattenConf, side: RecordSide) {
    this.#side = side;
    this.#delimiter = conf.delimiter;
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.#side.valueOf(record);
    if (value === null) return record;
    const schema = this.#side.schemaOf(record);
    if (schema === null) {
      const flat = new Map<ConnectValue, ConnectValue>();
      this.#flattenMap(requireMap(value, PURPOSE), '', flat);
      return this.#side.with(record, null, flat);
    }
    const struct = requireStruct(value, PURPOSE, schema);
    const flat = this.#schemas.get(schema);
    const values: ConnectValue[] = [];
    flattenStruct(struct, fieldsOf(struct.schema), values, fieldsOf(flat));
    return this.#side.with(record, flat, Struct.trusted(flat, values));
  }

  #flattenMap(map: ConnectMap, prefix: string, flat: Map<ConnectValue, ConnectValue>): void {
    for (const [key, value] of map) {
      const name = this.#name(prefix, String(key));
      if (isMap(value)) this.#flattenMap(value, name, flat);
      else flat.set(name, plainValue(value, name));
    }
  }

  #flattened(schema: Schema): Schema {
    const fields: NamedSchema[] = [];
    this.#collect(schema, '', schema.optional, schema.defaultValue ?? null, fields);
    return buildStruct(fields, basicsOf(schema));
  }

  /** Optional is what is optional itself or lies in something optional; a default comes from the field, else from the struct around it. */
  #collect(schema: Schema, prefix: string, isOptional: boolean, outerDefault: ConnectValue, fields: NamedSchema[]): void {
    for (const field of fieldsOf(schema)) {
      const name = this.#name(prefix, field.name);
      const optional = isOptional || field.schema.optional;
      const inherited = outerDefault instanceof Struct ? outerDefault.get(field) : null;
      const defaultValue = field.schema.defaultValue ?? inherited;
      if (field.schema.type === 'STRUCT') this.#collect(field.schema, name, optional, defaultValue, fields);
      else if (field.schema.type !== 'MAP') fields.push([name, withOptions(field.schema, { optional, defaultValue })]);
      else {
        throw new DataError(`Flatten transformation does not support ${field.schema.type} for record with schemas (for field ${name}).`);
      }
    }
  }

  #name(prefix: string, name: string): string {
    return prefix === '' ? name : prefix + this.#delimiter + name;
  }
}

/** Appends the values of all leaves; those of a struct that is null (`struct` null) are null. */
function flattenStruct(struct: Struct | null, fields: readonly Field[], values: ConnectValue[], targets: readonly Field[]): void {
  for (const field of fields) {
    const value = struct?.get(field) ?? null;
    if (field.schema.type === 'STRUCT') {
      flattenStruct(value instanceof Struct ? value : null, fieldsOf(field.schema), values, targets);
      continue;
    }
    const target = targets[values.length]!;
    // What was never put, because the struct around it is null, is not judged either.
    values.push(struct === null ? null : moved(value, target.schema, target.name));
  }
}

function plainValue(value: ConnectValue, name: string): ConnectValue {
  if (value instanceof Struct) {
    throw new DataError(
      `Flatten transformation does not support class ${javaClassOfValue(value)} for record without schemas (for field ${name}).`,
    );
  }
  if (value instanceof Date || value instanceof Decimal) {
    throw new DataError(
      `Flatten transformation was passed a value of type class ${javaClassOfValue(value)} which is not supported by Connect's data API`,
    );
  }
  return value;
}
