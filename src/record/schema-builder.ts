/** Makes schemas. All have one object shape, so that code that reads them stays fast. Source: org.apache.kafka.connect.data.SchemaBuilder. */
import { DataError } from '../base/errors.ts';
import type { ConnectValue, Field, Schema, SchemaType } from './schema.ts';
import { validateValue } from './validate-value.ts';

/** A schema that cannot be: a field twice, a default that does not fit. */
export class SchemaBuilderError extends DataError {
  override readonly javaClass: string = 'org.apache.kafka.connect.errors.SchemaBuilderException';
}

export interface SchemaOptions {
  /** @default false */
  readonly optional?: boolean;
  readonly name?: string | null;
  readonly version?: number | null;
  readonly doc?: string | null;
  /** Empty means none. */
  readonly parameters?: ReadonlyMap<string, string> | Readonly<Record<string, string>> | null;
  /** Null or `undefined`: no default. Checked against the schema. */
  readonly defaultValue?: ConnectValue | undefined;
}

interface Parts {
  readonly fields?: readonly Field[];
  readonly keySchema?: Schema | null;
  readonly valueSchema?: Schema | null;
}

type SimpleType = Exclude<SchemaType, 'ARRAY' | 'MAP' | 'STRUCT'>;

/** A schema of a type without parts. Throws SchemaBuilderError for a default that does not fit. */
export function buildSchema(type: SimpleType, options: SchemaOptions = {}): Schema {
  return assemble(type, options, {});
}

/** Fields as name and schema, in order. Throws SchemaBuilderError for an empty or repeated name. */
export function buildStruct(fields: readonly (readonly [name: string, schema: Schema])[], options: SchemaOptions = {}): Schema {
  const seen = new Set<string>();
  for (const [name] of fields) {
    if (name === '') throw new SchemaBuilderError('fieldName cannot be null.');
    if (seen.has(name)) throw new SchemaBuilderError(`Cannot create field because of field name duplication ${name}`);
    seen.add(name);
  }
  return assemble('STRUCT', options, { fields: fields.map(([name, schema], index) => ({ name, index, schema })) });
}

/** `valueSchema` null: elements of no common type, each in its schemaless form. */
export function buildArray(valueSchema: Schema | null, options: SchemaOptions = {}): Schema {
  return assemble('ARRAY', options, { valueSchema });
}

/** Null schemas as in `buildArray`. */
export function buildMap(keySchema: Schema | null, valueSchema: Schema | null, options: SchemaOptions = {}): Schema {
  return assemble('MAP', options, { keySchema, valueSchema });
}

/** The same schema with some properties changed. */
export function withOptions(schema: Schema, options: SchemaOptions): Schema {
  const { optional, name, version, doc, parameters, defaultValue } = schema;
  return assemble(
    schema.type,
    { optional, name, version, doc, parameters, defaultValue, ...options },
    {
      ...(schema.fields === null ? {} : { fields: schema.fields }),
      keySchema: schema.keySchema,
      valueSchema: schema.valueSchema,
    },
  );
}

function assemble(type: SchemaType, options: SchemaOptions, parts: Parts): Schema {
  const schema: Schema = {
    type,
    optional: options.optional ?? false,
    name: options.name ?? null,
    version: options.version ?? null,
    doc: options.doc ?? null,
    parameters: parametersOf(options.parameters),
    defaultValue: options.defaultValue ?? undefined,
    fields: parts.fields ?? null,
    keySchema: parts.keySchema ?? null,
    valueSchema: parts.valueSchema ?? null,
  };
  if (schema.defaultValue === undefined) return schema;
  try {
    validateValue(schema, schema.defaultValue);
  } catch (error) {
    throw new SchemaBuilderError('Invalid default value', { cause: error });
  }
  return schema;
}

function parametersOf(parameters: SchemaOptions['parameters']): ReadonlyMap<string, string> | null {
  if (parameters === undefined || parameters === null) return null;
  const map = new Map(parameters instanceof Map ? parameters : Object.entries(parameters));
  return map.size === 0 ? null : map;
}

export const INT8_SCHEMA = buildSchema('INT8');
export const INT16_SCHEMA = buildSchema('INT16');
export const INT32_SCHEMA = buildSchema('INT32');
export const INT64_SCHEMA = buildSchema('INT64');
export const FLOAT32_SCHEMA = buildSchema('FLOAT32');
export const FLOAT64_SCHEMA = buildSchema('FLOAT64');
export const BOOLEAN_SCHEMA = buildSchema('BOOLEAN');
export const STRING_SCHEMA = buildSchema('STRING');
export const BYTES_SCHEMA = buildSchema('BYTES');
export const OPTIONAL_INT8_SCHEMA = buildSchema('INT8', { optional: true });
export const OPTIONAL_INT16_SCHEMA = buildSchema('INT16', { optional: true });
export const OPTIONAL_INT32_SCHEMA = buildSchema('INT32', { optional: true });
export const OPTIONAL_INT64_SCHEMA = buildSchema('INT64', { optional: true });
export const OPTIONAL_FLOAT32_SCHEMA = buildSchema('FLOAT32', { optional: true });
export const OPTIONAL_FLOAT64_SCHEMA = buildSchema('FLOAT64', { optional: true });
export const OPTIONAL_BOOLEAN_SCHEMA = buildSchema('BOOLEAN', { optional: true });
export const OPTIONAL_STRING_SCHEMA = buildSchema('STRING', { optional: true });
export const OPTIONAL_BYTES_SCHEMA = buildSchema('BYTES', { optional: true });
