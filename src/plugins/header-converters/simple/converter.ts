/** Headers as text, and text as whatever it looks like. Source: org.apache.kafka.connect.storage.SimpleHeaderConverter. */
import type { HeaderConverter } from '../../../plugin-api/plugin.ts';
import type { Header } from '../../../plugin-api/records.ts';
import { decodeUtf8, toEncodable } from '../../../record/java-utf8.ts';
import type { SchemaAndValue } from '../../../record/schema.ts';
import { convertToString } from '../../../record/values.ts';
import { parseString } from '../../../record/values-parser.ts';

export class SimpleHeaderConverter implements HeaderConverter {
  fromConnectHeader(_topic: string, header: Header): Uint8Array | null {
    const text = convertToString(header.schema, header.value);
    return text === null ? null : Buffer.from(toEncodable(text));
  }

  /** Never throws: text of no other kind is a string. */
  toConnectHeader(_topic: string, _key: string, bytes: Uint8Array | null): SchemaAndValue {
    return bytes === null ? { schema: null, value: null } : parseString(decodeUtf8(bytes));
  }
}
