/** One byte, 0 or 1. Source: org.apache.kafka.connect.converters.BooleanConverter. */
import { DataError, SerializationError } from '../../../base/errors.ts';
import type { Converter, Serialized } from '../../../plugin-api/plugin.ts';
import { javaClassOfValue } from '../../../record/java-text.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../../../record/schema.ts';
import { OPTIONAL_BOOLEAN_SCHEMA } from '../../../record/schema-builder.ts';

export class BooleanConverter implements Converter {
  fromConnectData(_topic: string, schema: Schema | null, value: ConnectValue): Serialized {
    if (schema !== null && schema.type !== 'BOOLEAN') throw new DataError(`Invalid schema type for BooleanConverter: ${schema.type}`);
    if (value === null) return null;
    if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
    throw new DataError(`BooleanConverter is not compatible with objects of type class ${javaClassOfValue(value, schema)}`);
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    if (bytes === null) return { schema: OPTIONAL_BOOLEAN_SCHEMA, value: null };
    const [byte] = bytes;
    if (bytes.length !== 1 || (byte !== 0 && byte !== 1)) {
      const what = bytes.length === 1 ? `byte ${byte}` : `${bytes.length} bytes`;
      const cause = new SerializationError(`${what} is no boolean: one byte, 0 or 1, is.`);
      throw new DataError('Failed to deserialize boolean: ', { cause });
    }
    return { schema: OPTIONAL_BOOLEAN_SCHEMA, value: byte === 1 };
  }
}
