/** Checks values against schemas. Rules and sentences: org.apache.kafka.connect.data.ConnectSchema.validateValue. */
import { DataError } from '../base/errors.ts';
import { javaClassOfValue } from './java-text.ts';
import { Decimal } from './numbers.ts';
import type { ConnectValue, Schema } from './schema.ts';
import { isList, isMap, schemaEquals } from './schema-equals.ts';
import { StructBase } from './struct-base.ts';

const logicalChecks: ReadonlyMap<string, (value: ConnectValue) => boolean> = new Map([
  ['org.apache.kafka.connect.data.Decimal', (value: ConnectValue) => value instanceof Decimal],
  ['org.apache.kafka.connect.data.Date', isDate],
  ['org.apache.kafka.connect.data.Time', isDate],
  ['org.apache.kafka.connect.data.Timestamp', isDate],
]);

function isDate(value: ConnectValue): boolean {
  return value instanceof Date;
}

const MAX_LONG = 9223372036854775807n;

/**
 * Throws DataError when the value is not in the form that the schema's type has in memory (table in schema.ts), nested values included.
 * `location` is the end of the sentence: `field: "a"`, `element of array field: "a"`.
 */
export function validateValue(schema: Schema, value: ConnectValue, location = 'value'): void {
  if (value === null) {
    if (schema.optional) return;
    throw new DataError(`Invalid value: null used for required ${location}, schema type: ${schema.type}`);
  }
  const logicalCheck = schema.name === null ? undefined : logicalChecks.get(schema.name);
  if (!(logicalCheck === undefined ? hasForm(schema, value) : logicalCheck(value))) throw wrongForm(schema, value, location);
  if (typeof value !== 'object') return;
  if (value instanceof StructBase) validateStruct(schema, value);
  else if (isList(value)) {
    const element = required(schema.valueSchema, `element of array ${location}`);
    for (const entry of value) validateValue(element, entry, `element of array ${location}`);
  } else if (isMap(value)) {
    const keys = required(schema.keySchema, `key of map ${location}`);
    const values = required(schema.valueSchema, `value of map ${location}`);
    for (const [key, entry] of value) {
      validateValue(keys, key, `key of map ${location}`);
      validateValue(values, entry, `value of map ${location}`);
    }
  }
}

function hasForm(schema: Schema, value: ConnectValue): boolean {
  switch (schema.type) {
    case 'INT8':
      return typeof value === 'number' && (value << 24) >> 24 === value;
    case 'INT16':
      return typeof value === 'number' && (value << 16) >> 16 === value;
    case 'INT32':
      return typeof value === 'number' && (value | 0) === value;
    case 'INT64':
      return typeof value === 'bigint' && value <= MAX_LONG && value >= -MAX_LONG - 1n;
    case 'FLOAT32':
    case 'FLOAT64':
      return typeof value === 'number';
    case 'BOOLEAN':
      return typeof value === 'boolean';
    case 'STRING':
      return typeof value === 'string';
    case 'BYTES':
      return value instanceof Uint8Array;
    case 'ARRAY':
      return isList(value);
    case 'MAP':
      return isMap(value);
    case 'STRUCT':
      return value instanceof StructBase;
  }
}

function validateStruct(schema: Schema, value: StructBase): void {
  if (!schemaEquals(value.schema, schema)) throw new DataError('Struct schemas do not match.');
  value.validate();
}

function required(schema: Schema | null, location: string): Schema {
  if (schema === null) throw new DataError(`No schema defined for ${location}`);
  return schema;
}

function wrongForm(schema: Schema, value: ConnectValue, location: string): DataError {
  const name = schema.name === null ? '' : ` "${schema.name}"`;
  return new DataError(`Invalid Java object for schema${name} with type ${schema.type}: class ${javaClassOfValue(value)} for ${location}`);
}
