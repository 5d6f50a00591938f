/** Bytes as they are. Source: org.apache.kafka.connect.converters.ByteArrayConverter. */
import { DataError } from '../../../base/errors.ts';
import type { Converter, Serialized } from '../../../plugin-api/plugin.ts';
import { javaClassOfValue } from '../../../record/java-text.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../../../record/schema.ts';
import { OPTIONAL_BYTES_SCHEMA } from '../../../record/schema-builder.ts';

export class ByteArrayConverter implements Converter {
  fromConnectData(_topic: string, schema: Schema | null, value: ConnectValue): Serialized {
    if (schema !== null && schema.type !== 'BYTES') throw new DataError(`Invalid schema type for ByteArrayConverter: ${schema.type}`);
    if (value === null || value instanceof Uint8Array) return value;
    throw new DataError(`ByteArrayConverter is not compatible with objects of type class ${javaClassOfValue(value, schema)}`);
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    // The bytes belong to the fetched batch: a kept view would hold all of it, or change under the reader.
    return { schema: OPTIONAL_BYTES_SCHEMA, value: bytes === null ? null : new Uint8Array(bytes) };
  }
}
