/**
 * Whether offsets that somebody writes by hand are such as a task would find and understand. The original takes anything, and then starts the
 * table from its beginning. Source: io.confluent.connect.jdbc.source.{OffsetProtocols,TimestampIncrementingOffset}.
 */
import { ConnectError } from '../../../../base/errors.ts';
import type { SourceOffset, SourcePartition } from '../../../../plugin-api/records.ts';
import { writeJson } from '../../../../record/json-text.ts';
import { type JdbcSourceConf, queryOf } from './spec.ts';
import { usesIncrementing, usesTimestamp } from './spec-mode.ts';

type OffsetConf = Pick<JdbcSourceConf, 'mode' | 'query' | 'query.masked'>;

const NANOS_PER_SECOND = 1_000_000_000n;
const NAMES = ['timestamp_nanos', 'incrementing', 'timestamp', 'same_time_rows', 'same_time_crc'];
const FORMS = '{"protocol":"1","table":"database.table"}, {"table":"table"} of releases before 5.0, or {"query":"query"}';

/** Throws ConnectError at the first that is not right. A reset (null) always is: garbage must be removable. */
export function checkOffsets(
  conf: OffsetConf,
  offsets: ReadonlyArray<{ partition: SourcePartition | null; offset: SourceOffset | null }>,
): void {
  for (const { partition, offset } of offsets) {
    if (offset === null) continue;
    if (partition === null) throw new ConnectError('Partition objects cannot be null');
    if (!usesIncrementing(conf.mode) && !usesTimestamp(conf.mode))
      throw new ConnectError(`Mode "${conf.mode}" keeps no offsets: it reads everything at each poll.`);
    checkPartition(partition, queryOf(conf) !== null);
    checkOffset(offset);
  }
}

function checkPartition(partition: SourcePartition, isQuery: boolean): void {
  const text = writeJson(partition);
  const names = Object.keys(partition).join(',');
  if (names === 'query' && partition.query === 'query') {
    if (!isQuery) throw new ConnectError(`The partition ${text} is that of a query, but the connector copies tables.`);
    return;
  }
  if (names === 'table,protocol')
    throw new ConnectError(`In the partition ${text} "protocol" must stand before "table": their order is part of its name.`);
  const isTable = names === 'protocol,table' ? partition.protocol === '1' : names === 'table';
  if (!isTable || typeof partition.table !== 'string' || partition.table === '')
    throw new ConnectError(`The partition ${text} is none of this connector's. They are: ${FORMS}.`);
  if (isQuery)
    throw new ConnectError(`The partition ${text} is that of a table, but the connector copies a query: its one is {"query":"query"}.`);
}

function checkOffset(offset: SourceOffset): void {
  for (const [name, value] of Object.entries(offset)) {
    if (!NAMES.includes(name)) throw new ConnectError(`An offset has no "${name}": it may hold ${NAMES.join(', ')}.`);
    if (typeof value !== 'bigint')
      throw new ConnectError(`The value of "${name}" in an offset is a whole number, not ${writeJson(value)}.`);
  }
  const nanos = offset.timestamp_nanos;
  if (nanos === undefined) return;
  if (offset.timestamp === undefined)
    throw new ConnectError("An offset with timestamp_nanos needs a timestamp: the one is the fraction of the other's second.");
  if (typeof nanos === 'bigint' && (nanos < 0n || nanos >= NANOS_PER_SECOND)) {
    throw new ConnectError(`timestamp_nanos is the fraction of a second, 0 to 999999999, not ${nanos}.`);
  }
}
