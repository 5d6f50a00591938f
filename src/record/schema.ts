/**
 * Connect's data model: types, schemas and how a value of each type looks in memory. Source: org.apache.kafka.connect.data.
 *
 * | type                  | with a schema                | without one (schemaless)            |
 * |-----------------------|------------------------------|-------------------------------------|
 * | INT8 INT16 INT32      | number                       | bigint                              |
 * | INT64                 | bigint (never a number)      | bigint                              |
 * | FLOAT32               | number                       | Float32 (wrapper)                   |
 * | FLOAT64               | number                       | number                              |
 * | BOOLEAN STRING        | boolean, string              | same                                |
 * | BYTES                 | Uint8Array                   | same                                |
 * | ARRAY                 | array                        | same                                |
 * | MAP                   | Map                          | Map                                 |
 * | STRUCT                | Struct                       | –                                   |
 * | Date Time Timestamp   | Date (UTC)                   | Date                                |
 * | Decimal               | Decimal                      | Decimal                             |
 */
import type { Decimal, Float32 } from './numbers.ts';
import type { Struct } from './struct.ts';

export type SchemaType =
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FLOAT32'
  | 'FLOAT64'
  | 'BOOLEAN'
  | 'STRING'
  | 'BYTES'
  | 'ARRAY'
  | 'MAP'
  | 'STRUCT';

export type ConnectValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | Decimal
  | Float32
  | Struct
  | readonly ConnectValue[]
  | ReadonlyMap<ConnectValue, ConnectValue>;

export interface Field {
  readonly name: string;
  readonly index: number;
  readonly schema: Schema;
}

/** Immutable. Compare with `schemaEquals`, or by identity where one builder made both. */
export interface Schema {
  readonly type: SchemaType;
  readonly optional: boolean;
  readonly name: string | null;
  readonly version: number | null;
  readonly doc: string | null;
  readonly parameters: ReadonlyMap<string, string> | null;
  /** `undefined`: no default. */
  readonly defaultValue: ConnectValue | undefined;
  /** STRUCT only. */
  readonly fields: readonly Field[] | null;
  /** MAP only. */
  readonly keySchema: Schema | null;
  /** MAP and ARRAY. */
  readonly valueSchema: Schema | null;
}

export interface SchemaAndValue {
  readonly schema: Schema | null;
  readonly value: ConnectValue;
}
