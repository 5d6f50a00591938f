import { expect, test } from 'vitest';
import type { SourceOffset, SourcePartition } from '../../../../../src/plugin-api/records.ts';
import { checkOffsets } from '../../../../../src/plugins/connectors/jdbc/source/offset-checks.ts';
import { spec } from '../../../../../src/plugins/connectors/jdbc/source/spec.ts';

const TABLES = { mode: 'timestamp+incrementing' };
const QUERY = { mode: 'incrementing', query: 'SELECT 1' };
const table = { protocol: '1', table: 'kafkadb.orders' };

function check(config: Record<string, string>, partition: SourcePartition | null, offset: SourceOffset | null): () => void {
  return () => checkOffsets(spec.parse(config), [{ partition, offset }]);
}

test('offsets as tasks store them are right, in both forms of partitions', () => {
  expect(check(TABLES, table, { timestamp_nanos: 0n, incrementing: 3n, timestamp: 1642725853000n })).not.toThrow();
  expect(check(TABLES, { table: 'orders' }, { incrementing: 3n })).not.toThrow();
  expect(check(QUERY, { query: 'query' }, { incrementing: 3n })).not.toThrow();
});

test('a reset is right whatever it removes', () => {
  expect(check({ mode: 'bulk' }, { anything: 1n }, null)).not.toThrow();
  expect(check(TABLES, null, null)).not.toThrow();
});

test.each<[Record<string, string>, SourcePartition | null, SourceOffset, string]>([
  [TABLES, null, {}, 'Partition objects cannot be null'],
  [TABLES, { filename: 'x' }, {}, 'The partition {"filename":"x"} is none of this connector\'s.'],
  [TABLES, { protocol: '2', table: 'a' }, {}, 'is none of this connector'],
  [TABLES, { table: 'a.b', protocol: '1' }, {}, '"protocol" must stand before "table"'],
  [TABLES, { query: 'query' }, {}, 'is that of a query'],
  [QUERY, table, {}, 'is that of a table'],
  [{ mode: 'bulk' }, table, {}, 'Mode "bulk" keeps no offsets'],
  [TABLES, table, { position: 3n }, 'An offset has no "position"'],
  [TABLES, table, { incrementing: '3' }, 'The value of "incrementing" in an offset is a whole number, not "3".'],
  [TABLES, table, { timestamp: 1.5 }, 'is a whole number, not 1.5.'],
  [TABLES, table, { timestamp_nanos: 1n }, 'An offset with timestamp_nanos needs a timestamp'],
  [TABLES, table, { timestamp_nanos: 1_000_000_000n, timestamp: 0n }, 'not 1000000000.'],
])('%#: refused', (config, partition, offset, message) => {
  expect(check(config, partition, offset)).toThrow(message);
});
