/** Offsets as they are stored: byte for byte the original's, old forms read, microseconds kept. */
import { describe, expect, test } from 'vitest';
import { LogHub } from '../../../../../src/base/log.ts';
import { bulkPartition, offsetOf, partitionsOf, positionOf, START } from '../../../../../src/plugins/connectors/jdbc/source/offsets.ts';
import { storedOffset } from '../../../../../src/plugins/connectors/jdbc/source/stored-offset.ts';

const table = (name: string) => ({ database: 'kafkadb', table: name });

test('partitions, the newest form first', () => {
  expect(partitionsOf(table('products')).map((one) => JSON.stringify(one))).toEqual([
    '{"protocol":"1","table":"kafkadb.products"}',
    '{"table":"products"}',
  ]);
  expect(partitionsOf(null)).toEqual([{ query: 'query' }]);
  expect([bulkPartition(table('bulk_tab')), bulkPartition(null)]).toEqual([{ table: 'bulk_tab' }, { query: 'query' }]);
});

describe('offsets', () => {
  test.each([
    ['{"incrementing":3}', { incrementing: 3n }],
    ['{"timestamp_nanos":0,"timestamp":1642904785000}', { timestamp_nanos: 0n, timestamp: 1_642_904_785_000n }],
    [
      '{"timestamp_nanos":123456000,"incrementing":9007199254740993,"timestamp":1642725853123}',
      { timestamp_nanos: 123_456_000n, incrementing: 9_007_199_254_740_993n, timestamp: 1_642_725_853_123n },
    ],
    [
      '{"timestamp_nanos":0,"timestamp":1000,"same_time_rows":7,"same_time_crc":4294967295}',
      { timestamp_nanos: 0n, timestamp: 1000n, same_time_rows: 7n, same_time_crc: 4_294_967_295n },
    ],
    ['{}', {}],
  ])('%s', (text, stored) => {
    const written = Object.entries(offsetOf(positionOf(stored))).map(([name, value]) => `"${name}":${value}`);
    expect(`{${written.join(',')}}`).toBe(text);
  });

  test('of releases that stored no nanoseconds', () => {
    expect(positionOf({ timestamp: 1_642_725_853_123n }).timestamp).toEqual({ ms: 1_642_725_853_123, nanos: 123_000_000 });
    expect(positionOf({ timestamp: 5, incrementing: null })).toEqual({ ...START, timestamp: { ms: 5, nanos: 5_000_000 } });
  });

  test.each([{ incrementing: '3' }, { incrementing: 1.5 }, { timestamp: true }])('%j is none', (stored) => {
    expect(() => positionOf(stored)).toThrow(/which is no whole number. Stop the connector, set or reset its offsets/);
  });
});

describe('what was found', () => {
  const lines: string[] = [];
  const hub = new LogHub(() => 0);
  hub.attach((event) => void lines.push(event.message));
  const found = (name: string, offsets: Parameters<typeof storedOffset>[2]) => {
    lines.length = 0;
    return storedOffset(`\`kafkadb\`.\`${name}\``, partitionsOf(table(name)), offsets, hub.log('test'));
  };

  test('nothing', () => {
    expect(found('orders', [null, null])).toBe(null);
    expect(lines).toEqual(["Partition offset for '`kafkadb`.`orders`' is null. Computing initial offset."]);
  });

  test('the newest form, in the words of the original', () => {
    expect(found('products', [{ timestamp_nanos: 0n, timestamp: 1_642_904_785_000n }, null])).toEqual({
      timestamp_nanos: 0n,
      timestamp: 1_642_904_785_000n,
    });
    expect(lines).toEqual([
      'Found offset {{table=products}=null, {protocol=1, table=kafkadb.products}={timestamp_nanos=0, timestamp=1642904785000}} for partition {protocol=1, table=kafkadb.products}',
      "Partition offset for '`kafkadb`.`products`' is not null. Using existing offset.",
    ]);
    found('customers', [{ timestamp_nanos: 0n, incrementing: 1n, timestamp: 1_642_725_900_000n }, null]);
    expect(lines[0]).toBe(
      'Found offset {{protocol=1, table=kafkadb.customers}={timestamp_nanos=0, incrementing=1, timestamp=1642725900000}, {table=customers}=null} for partition {protocol=1, table=kafkadb.customers}',
    );
    found('orders', [{ incrementing: 3n }, null]);
    expect(lines[0]).toBe(
      'Found offset {{protocol=1, table=kafkadb.orders}={incrementing=3}, {table=orders}=null} for partition {protocol=1, table=kafkadb.orders}',
    );
  });

  test('the old form where there is no other', () => {
    expect(found('orders', [null, { incrementing: 2n }])).toEqual({ incrementing: 2n });
    expect(lines[0]).toContain('for partition {table=orders}');
    expect(found('orders', [{ incrementing: 9n }, { incrementing: 2n }])).toEqual({ incrementing: 9n });
  });
});
