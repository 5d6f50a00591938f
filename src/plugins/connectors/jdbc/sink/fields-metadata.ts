/**
 * Which columns a record's schemas give, and which of them are the primary key. Rules and sentences:
 * io.confluent.connect.jdbc.sink.metadata.FieldsMetadata.
 */
import { ConnectError } from '../../../../base/errors.ts';
import type { Field, Schema } from '../../../../record/schema.ts';
import { INT32_SCHEMA, INT64_SCHEMA, OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../../../../record/schema-builder.ts';
import { schemaText } from '../../../../record/schema-equals.ts';
import { fieldOf } from '../../../../record/struct.ts';
import type { SinkConf } from './sink-conf.ts';

export const KAFKA_KEY_NAMES = ['__connect_topic', '__connect_partition', '__connect_offset'] as const;
const KAFKA_KEY_SCHEMAS = [STRING_SCHEMA, INT32_SCHEMA, INT64_SCHEMA] as const;

export interface SinkField {
  readonly name: string;
  readonly schema: Schema;
  readonly isKey: boolean;
}

export interface FieldsMetadata {
  /** In the order in which they are written. */
  readonly keys: readonly SinkField[];
  readonly others: readonly SinkField[];
  /** In the order of CREATE TABLE: coordinates in Kafka, fields of the value, the rest by name. */
  readonly all: readonly SinkField[];
}

export type MetadataConf = Pick<SinkConf, 'pkMode' | 'pkFields' | 'fieldsWhitelist' | 'stringColumn'>;

/** May be made of a table that takes NULL: a key never may. */
export function isOptional({ schema, isKey }: SinkField): boolean {
  return !isKey && schema.optional;
}

/** As Java prints it into the messages about missing columns. */
export function fieldText({ name, schema, isKey }: SinkField): string {
  return `SinkRecordField{schema=${schemaText(schema)}, name='${name}', isPrimaryKey=${isKey}}`;
}

/** No array, map or struct; logical types are primitive. */
export function isPrimitive({ type }: Schema): boolean {
  return type !== 'ARRAY' && type !== 'MAP' && type !== 'STRUCT';
}

/** `table`: its name alone, for messages. Throws ConnectError when the schemas do not fit the configuration. */
export function fieldsMetadata(table: string, conf: MetadataConf, keySchema: Schema | null, valueSchema: Schema | null): FieldsMetadata {
  if (valueSchema !== null && valueSchema.type !== 'STRUCT' && valueSchema.type !== 'STRING') {
    throw new ConnectError(
      `Value schema must be of type Struct or String, but in the records for table '${table}' it is ${valueSchema.type}.`,
    );
  }
  const keys = keyFields(table, conf, keySchema, valueSchema);
  const others = otherFields(table, conf, new Set(keys.map(({ name }) => name)), valueSchema);
  if (keys.length + others.length === 0) throw new ConnectError(`No fields found using key and value schemas for table: ${table}`);
  return { keys, others, all: inOrder(keys, others, valueSchema) };
}

function keyFields(table: string, conf: MetadataConf, keySchema: Schema | null, valueSchema: Schema | null): readonly SinkField[] {
  switch (conf.pkMode) {
    case 'none':
      return [];
    case 'kafka':
      return kafkaKey(table, conf.pkFields);
    case 'record_key':
      return recordKey(table, conf.pkFields, keySchema);
    case 'record_value':
      return recordValueKey(table, conf.pkFields, valueSchema);
  }
}

function kafkaKey(table: string, wanted: readonly string[]): readonly SinkField[] {
  const names = wanted.length === 0 ? KAFKA_KEY_NAMES : [...new Set(wanted)];
  if (names.length !== 3 || (wanted.length !== 0 && wanted.length !== 3)) {
    throw new ConnectError(
      `PK mode for table '${table}' is KAFKA so there should either be no field names defined for defaults ${listText(KAFKA_KEY_NAMES)} ` +
        `to be applicable, or exactly 3, defined fields are: ${listText(wanted)}`,
    );
  }
  return names.map((name, index) => ({ name, schema: KAFKA_KEY_SCHEMAS[index]!, isKey: true }));
}

function recordKey(table: string, wanted: readonly string[], keySchema: Schema | null): readonly SinkField[] {
  if (keySchema === null) throw new ConnectError(`PK mode for table '${table}' is RECORD_KEY, but record key schema is missing`);
  if (isPrimitive(keySchema)) {
    const [name] = wanted;
    if (wanted.length !== 1 || name === undefined) {
      throw new ConnectError(
        `Need exactly one PK column defined since the key schema for records is a primitive type, defined columns are: ${listText(wanted)}`,
      );
    }
    return [{ name, schema: keySchema, isKey: true }];
  }
  if (keySchema.type !== 'STRUCT') throw new ConnectError(`Key schema must be primitive type or Struct, but is of type: ${keySchema.type}`);
  return fieldsOf(table, 'RECORD_KEY', 'key', wanted, keySchema);
}

function recordValueKey(table: string, wanted: readonly string[], valueSchema: Schema | null): readonly SinkField[] {
  if (valueSchema?.type === 'STRING') throw new ConnectError('pk.mode record_value is not supported with String value schemas');
  if (valueSchema === null) throw new ConnectError(`PK mode for table '${table}' is RECORD_VALUE, but record value schema is missing`);
  return fieldsOf(table, 'RECORD_VALUE', 'value', wanted, valueSchema);
}

function fieldsOf(table: string, mode: string, part: 'key' | 'value', wanted: readonly string[], schema: Schema): readonly SinkField[] {
  const names = wanted.length === 0 ? (schema.fields ?? []).map(({ name }) => name) : [...new Set(wanted)];
  return names.map((name) => {
    const field = fieldOf(schema, name);
    if (field === undefined) {
      throw new ConnectError(
        `PK mode for table '${table}' is ${mode} with configured PK fields ${listText(wanted)}, but record ${part} schema does not contain field: ${name}`,
      );
    }
    return { name, schema: field.schema, isKey: true };
  });
}

function otherFields(table: string, conf: MetadataConf, keys: ReadonlySet<string>, valueSchema: Schema | null): readonly SinkField[] {
  if (valueSchema?.type === 'STRING') {
    if (keys.has(conf.stringColumn)) {
      throw new ConnectError(
        `Configured string.output.value.column.name '${conf.stringColumn}' conflicts with a primary key column for table '${table}'`,
      );
    }
    return [{ name: conf.stringColumn, schema: OPTIONAL_STRING_SCHEMA, isKey: false }];
  }
  const isWanted = ({ name }: Field) => !keys.has(name) && (conf.fieldsWhitelist.size === 0 || conf.fieldsWhitelist.has(name));
  return (valueSchema?.fields ?? []).filter(isWanted).map(({ name, schema }) => ({ name, schema, isKey: false }));
}

function inOrder(keys: readonly SinkField[], others: readonly SinkField[], valueSchema: Schema | null): readonly SinkField[] {
  const left = new Map([...keys, ...others].map((field) => [field.name, field]));
  const ofValue = valueSchema?.type === 'STRING' ? others.map(({ name }) => name) : (valueSchema?.fields ?? []).map(({ name }) => name);
  const first = [...KAFKA_KEY_NAMES, ...ofValue].flatMap((name) => {
    const field = left.get(name);
    left.delete(name);
    return field ?? [];
  });
  return [...first, ...[...left.values()].sort((a, b) => (a.name < b.name ? -1 : 1))];
}

export function listText(names: readonly string[]): string {
  return `[${names.join(', ')}]`;
}
