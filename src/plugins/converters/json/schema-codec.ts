/** Schemas as JSON, both ways. Source: JsonConverter.asJsonSchema and asConnectSchema, org.apache.kafka.connect.json.JsonSchema. */
import { DataError } from '../../../base/errors.ts';
import type { JsonNode } from '../../../record/json-reader.ts';
import { quoteJson } from '../../../record/json-text.ts';
import type { Schema, SchemaType } from '../../../record/schema.ts';
import {
  buildArray,
  buildMap,
  buildSchema,
  buildStruct,
  SchemaBuilderError,
  type SchemaOptions,
  withOptions,
} from '../../../record/schema-builder.ts';
import { type ReadSettings, readValue } from './read-value.ts';
import type { ValueWriter } from './write-value.ts';

type SimpleType = Exclude<SchemaType, 'ARRAY' | 'MAP' | 'STRUCT'>;

const SIMPLE_TYPES: ReadonlyMap<string, SimpleType> = new Map<string, SimpleType>([
  ['boolean', 'BOOLEAN'],
  ['int8', 'INT8'],
  ['int16', 'INT16'],
  ['int32', 'INT32'],
  ['int64', 'INT64'],
  ['float', 'FLOAT32'],
  ['double', 'FLOAT64'],
  ['bytes', 'BYTES'],
  ['string', 'STRING'],
]);
const JSON_NAMES: ReadonlyMap<SchemaType, string> = new Map([...SIMPLE_TYPES].map(([name, type]) => [type, name]));

/** The object's text. `field`: name of the struct field that has this schema. Throws DataError for arrays and maps without element schemas. */
export function schemaToJson(schema: Schema, writerOf: (schema: Schema) => ValueWriter, field?: string): string {
  let text = `{"type":${typeMembers(schema, writerOf)},"optional":${schema.optional}`;
  if (schema.name !== null) text += `,"name":${quoteJson(schema.name)}`;
  if (schema.version !== null) text += `,"version":${schema.version}`;
  if (schema.doc !== null) text += `,"doc":${quoteJson(schema.doc)}`;
  if (schema.parameters !== null) {
    const members = [...schema.parameters].map(([name, value]) => `${quoteJson(name)}:${quoteJson(value)}`);
    text += `,"parameters":{${members.join(',')}}`;
  }
  if (schema.defaultValue !== undefined) text += `,"default":${writerOf(schema)(schema.defaultValue)}`;
  if (field !== undefined) text += `,"field":${quoteJson(field)}`;
  return `${text}}`;
}

function typeMembers(schema: Schema, writerOf: (schema: Schema) => ValueWriter): string {
  const part = (nested: Schema | null) => {
    if (nested === null) throw new DataError(`A ${schema.type} schema without schemas of its elements cannot be written as JSON.`);
    return schemaToJson(nested, writerOf);
  };
  switch (schema.type) {
    case 'ARRAY':
      return `"array","items":${part(schema.valueSchema)}`;
    case 'MAP':
      return `"map","keys":${part(schema.keySchema)},"values":${part(schema.valueSchema)}`;
    case 'STRUCT':
      return `"struct","fields":[${(schema.fields ?? []).map((f) => schemaToJson(f.schema, writerOf, f.name)).join(',')}]`;
    default:
      return `"${JSON_NAMES.get(schema.type)}"`;
  }
}

/** The schema that the object describes; `null` for JSON null and a missing member. Throws DataError. */
export function schemaFromJson(node: JsonNode | undefined, settings: ReadSettings): Schema | null {
  if (node === undefined || node === null) return null;
  const members = node instanceof Map ? node : new Map<string, JsonNode>();
  const type = members.get('type');
  if (typeof type !== 'string') throw new DataError("Schema must contain 'type' field");
  const schema = buildTyped(type, members, optionsOf(members), settings);
  const defaultNode = members.get('default');
  if (defaultNode === undefined) return schema;
  const defaultValue = readValue(schema, defaultNode, settings);
  if (defaultValue !== null) return withOptions(schema, { defaultValue });
  if (schema.optional) return schema;
  // A number for a string, say: no JSON null, but read as null.
  const cause = new DataError(`Invalid value: null used for required value, schema type: ${schema.type}`);
  throw new SchemaBuilderError('Invalid default value', { cause });
}

function buildTyped(type: string, members: Map<string, JsonNode>, options: SchemaOptions, settings: ReadSettings): Schema {
  const part = (member: string, missing: string) => {
    const nested = schemaFromJson(members.get(member), settings);
    if (nested === null) throw new DataError(missing);
    return nested;
  };
  switch (type) {
    case 'array':
      return buildArray(part('items', 'Array schema did not specify the element type'), options);
    case 'map': {
      const keys = part('keys', 'Map schema did not specify the key type');
      return buildMap(keys, part('values', 'Map schema did not specify the value type'), options);
    }
    case 'struct':
      return buildStruct(fieldsOf(members.get('fields'), settings), options);
    default: {
      const simple = SIMPLE_TYPES.get(type);
      if (simple === undefined) throw new DataError(`Unknown schema type: ${type}`);
      return buildSchema(simple, options);
    }
  }
}

function fieldsOf(node: JsonNode | undefined, settings: ReadSettings): [string, Schema][] {
  if (!Array.isArray(node)) throw new DataError('Struct schema\'s "fields" argument is not an array.');
  return node.map((fieldNode) => {
    const name = fieldNode instanceof Map ? fieldNode.get('field') : undefined;
    if (typeof name !== 'string') throw new DataError("Struct schema's field name not specified properly");
    const schema = schemaFromJson(fieldNode, settings);
    if (schema === null) throw new DataError(`fieldSchema for field ${name} cannot be null.`);
    return [name, schema];
  });
}

function optionsOf(members: Map<string, JsonNode>): SchemaOptions {
  const name = members.get('name');
  const version = members.get('version');
  const doc = members.get('doc');
  return {
    optional: members.get('optional') === true,
    name: typeof name === 'string' ? name : null,
    version: typeof version === 'bigint' ? Number(BigInt.asIntN(32, version)) : null,
    doc: typeof doc === 'string' ? doc : null,
    parameters: parametersOf(members.get('parameters')),
  };
}

function parametersOf(node: JsonNode | undefined): Map<string, string> | null {
  if (!(node instanceof Map)) return null;
  const parameters = new Map<string, string>();
  for (const [name, value] of node) {
    if (typeof value !== 'string') throw new DataError('Schema parameters must have string values.');
    parameters.set(name, value);
  }
  return parameters;
}
