/** What a transform needs of a key or value, with the sentences of org.apache.kafka.connect.transforms.util.Requirements. */
import { DataError } from '../../../base/errors.ts';
import type { ConnectRecord, SinkRecord } from '../../../plugin-api/records.ts';
import { javaClassOfValue } from '../../../record/java-text.ts';
import type { ConnectValue, Field, Schema } from '../../../record/schema.ts';
import { isMap } from '../../../record/schema-equals.ts';
import { Struct } from '../../../record/struct.ts';

/** A schemaless object: what JSON without a schema gives. */
export type ConnectMap = ReadonlyMap<ConnectValue, ConnectValue>;

export function requireMap(value: ConnectValue, purpose: string): ConnectMap {
  if (isMap(value)) return value;
  throw new DataError(`Only Map objects supported in absence of schema for [${purpose}], found: ${javaClassOfValue(value)}`);
}

/** `schema` is the value's own: it tells which Java class a number would have. */
export function requireStruct(value: ConnectValue, purpose: string, schema: Schema | null): Struct {
  if (value instanceof Struct) return value;
  throw new DataError(`Only Struct objects supported for [${purpose}], found: ${javaClassOfValue(value, schema)}`);
}

export function requireSchema(schema: Schema | null, purpose: string): Schema {
  if (schema !== null) return schema;
  throw new DataError(`Schema required for [${purpose}]`);
}

export function requireSinkRecord(record: ConnectRecord, purpose: string): SinkRecord {
  if ('kafkaOffset' in record) return record as SinkRecord;
  throw new DataError(`Only SinkRecord supported for [${purpose}], found: org.apache.kafka.connect.source.SourceRecord`);
}

/** Fields of a struct schema. Throws DataError for a schema of another type. */
export function fieldsOf(schema: Schema): readonly Field[] {
  if (schema.fields === null) throw new DataError('Cannot list fields on non-struct type');
  return schema.fields;
}
