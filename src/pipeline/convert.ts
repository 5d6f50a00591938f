/** The three converters of a task, with the class names that error reports show. */
import type { RecordHeader } from '../kafka/contract.ts';
import type { Converter, HeaderConverter } from '../plugin-api/plugin.ts';
import type { Header } from '../plugin-api/records.ts';

export interface Converters {
  readonly key: Converter;
  readonly value: Converter;
  readonly header: HeaderConverter;
  readonly keyClass: string;
  readonly valueClass: string;
  readonly headerClass: string;
}

/** Order and duplicates are kept; no headers is `null`. */
export function toRecordHeaders(converter: HeaderConverter, topic: string, headers: readonly Header[] | null): RecordHeader[] | null {
  if (headers === null || headers.length === 0) return null;
  return headers.map((h) => ({ key: h.key, value: converter.fromConnectHeader(topic, h) }));
}

export function toConnectHeaders(converter: HeaderConverter, topic: string, headers: readonly RecordHeader[] | null): Header[] | null {
  if (headers === null || headers.length === 0) return null;
  return headers.map((h) => {
    const { schema, value } = converter.toConnectHeader(topic, h.key, h.value);
    return { key: h.key, schema, value };
  });
}
