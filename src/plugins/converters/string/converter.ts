/** Text of any value. Source: org.apache.kafka.connect.storage.StringConverter. */
import { type BytesInPlace, CopyInPlace } from '../../../base/bytes-in-place.ts';
import { SerializationError } from '../../../base/errors.ts';
import type { Converter, Serialized } from '../../../plugin-api/plugin.ts';
import { javaText } from '../../../record/java-text.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../../../record/schema.ts';
import { OPTIONAL_STRING_SCHEMA } from '../../../record/schema-builder.ts';
import { type Charset, charsetOf, UTF_8 } from './charset.ts';
import type { StringConf } from './spec.ts';

export class StringConverter implements Converter {
  readonly #charset: Charset;
  readonly #copy = new CopyInPlace();

  /** Throws SerializationError for an encoding that is not known. */
  constructor(conf: StringConf) {
    const charset = charsetOf(conf['converter.encoding']);
    if (charset === null) throw new SerializationError(`Unsupported encoding ${conf['converter.encoding']}`);
    this.#charset = charset;
  }

  fromConnectData(_topic: string, schema: Schema | null, value: ConnectValue): Serialized {
    return value === null ? null : this.#charset.encode(javaText(schema, value));
  }

  fromTextInPlace(_schema: Schema | null, bytes: Buffer, start: number, end: number): BytesInPlace | null {
    return this.#charset === UTF_8 ? this.#copy.of(bytes, start, end) : null;
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    return { schema: OPTIONAL_STRING_SCHEMA, value: bytes === null ? null : this.#charset.decode(bytes) };
  }
}
