/** A sink record whose value is a text that lies among others: a string is made of it only for those who ask. */
import type { FetchedRecord } from '../kafka/contract.ts';
import type { Header, SinkRecord } from '../plugin-api/records.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../record/schema.ts';

export class TextRecord implements SinkRecord {
  readonly origin: FetchedRecord;
  readonly keyAndSchema: SchemaAndValue;
  readonly valueSchema: Schema;
  readonly headers: readonly Header[] | null;
  readonly valueIn: Buffer;
  readonly valueStart: number;
  readonly valueEnd: number;

  /** Plain ASCII from `start` to `end` of `bytes`. */
  constructor(
    origin: FetchedRecord,
    key: SchemaAndValue,
    valueSchema: Schema,
    headers: readonly Header[] | null,
    bytes: Buffer,
    start: number,
    end: number,
  ) {
    this.origin = origin;
    this.keyAndSchema = key;
    this.valueSchema = valueSchema;
    this.headers = headers;
    this.valueIn = bytes;
    this.valueStart = start;
    this.valueEnd = end;
  }

  get topic(): string {
    return this.origin.topic;
  }

  get kafkaPartition(): number {
    return this.origin.partition;
  }

  get kafkaOffset(): bigint {
    return this.origin.offset;
  }

  get keySchema(): Schema | null {
    return this.keyAndSchema.schema;
  }

  get key(): ConnectValue {
    return this.keyAndSchema.value;
  }

  get value(): string {
    return this.valueIn.toString('latin1', this.valueStart, this.valueEnd);
  }

  get timestampMs(): number | null {
    const { timestampMs } = this.origin;
    return timestampMs >= 0 ? timestampMs : null;
  }

  get timestampType(): SinkRecord['timestampType'] {
    return this.origin.timestampMs >= 0 ? this.origin.timestampType : 'NoTimestampType';
  }
}
