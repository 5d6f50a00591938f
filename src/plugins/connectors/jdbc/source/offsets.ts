/**
 * How far a table or query is read, as Connect stores it; byte for byte the original's, so that either goes on where the other stopped.
 *
 * | partition | offset | mode |
 * |---|---|---|
 * | `{"protocol":"1","table":"db.orders"}` | `{"incrementing":3}` | incrementing |
 * | the same | `{"timestamp_nanos":0,"timestamp":1642904785000}` | timestamp |
 * | the same | `{"timestamp_nanos":0,"incrementing":3,"timestamp":1642725853000}` | timestamp+incrementing |
 * | `{"query":"query"}` | as above | with `query` |
 * | `{"table":"orders"}` | as above | of releases before 5.0: read, never written |
 *
 * Of our own: `"same_time_rows":7,"same_time_crc":123` says how many rows behind `timestamp` that share one time are handed over as well
 * (`time-groups.ts`). The original passes over what it does not know.
 * Source: io.confluent.connect.jdbc.source.{OffsetProtocols, TimestampIncrementingOffset}.
 */
import { ConnectError } from '../../../../base/errors.ts';
import { plainTable, type TableName } from '../../../../mysql/dialect.ts';
import type { OffsetValue, SourceOffset } from '../../../../plugin-api/records.ts';
import { type Moment, momentAt, momentOfMs } from './moment.ts';

type TextMap = Readonly<Record<string, string>>;

export interface Position {
  /** `null`: no row was read by its id. */
  readonly incrementing: bigint | number | null;
  readonly timestamp: Moment | null;
  /** Of the rows of one time behind `timestamp`. */
  readonly sameTime: SameTimeRows | null;
}

/** The first `count` rows of one time are handed over; `crc` tells whether the rows that are read again are these. */
export interface SameTimeRows {
  readonly count: number;
  readonly crc: number;
}

export const START: Position = { incrementing: null, timestamp: null, sameTime: null };

/** Where offsets are looked for, the newest form first; what is stored is of the first one. `table` null: the query. */
export function partitionsOf(table: TableName | null): readonly [TextMap, ...TextMap[]] {
  if (table === null) return [{ query: 'query' }];
  return [{ protocol: '1', table: plainTable(table) }, { table: table.table }];
}

/** Of records that store no offset: the original's, for those who read it in an error. */
export function bulkPartition(table: TableName | null): TextMap {
  return table === null ? { query: 'query' } : { table: table.table };
}

/** Only what the position has, in the original's order. */
export function offsetOf({ incrementing, timestamp, sameTime }: Position): SourceOffset {
  const offset: Record<string, OffsetValue> = {};
  if (timestamp !== null) offset.timestamp_nanos = timestamp.nanos;
  if (incrementing !== null) offset.incrementing = incrementing;
  if (timestamp !== null) offset.timestamp = timestamp.ms;
  if (sameTime !== null) {
    offset.same_time_rows = sameTime.count;
    offset.same_time_crc = sameTime.crc;
  }
  return offset;
}

/** Throws ConnectError for an offset that none of these modes has written. */
export function positionOf(offset: SourceOffset): Position {
  const ms = wholeNumber(offset, 'timestamp');
  const nanos = wholeNumber(offset, 'timestamp_nanos');
  const rows = wholeNumber(offset, 'same_time_rows');
  const crc = wholeNumber(offset, 'same_time_crc');
  return {
    incrementing: wholeNumber(offset, 'incrementing'),
    timestamp: ms === null ? null : nanos === null ? momentOfMs(Number(ms)) : momentAt(Number(ms), Number(nanos)),
    sameTime: rows === null || crc === null ? null : { count: Number(rows), crc: Number(crc) },
  };
}

function wholeNumber(offset: SourceOffset, name: string): bigint | null {
  const value = offset[name] ?? null;
  if (value === null) return null;
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new ConnectError(
    `The stored offset has ${name}=${String(value)}, which is no whole number. Stop the connector, set or reset its offsets, and resume it.`,
  );
}
