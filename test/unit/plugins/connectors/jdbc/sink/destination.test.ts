import { describe, expect, test } from 'vitest';
import { destinationTable, tableText } from '../../../../../../src/plugins/connectors/jdbc/sink/destination.ts';

const naming = (format: string, more: { isNormalized?: boolean; byTopic?: Record<string, string> } = {}) => ({
  format,
  isNormalized: more.isNormalized ?? false,
  byTopic: new Map(Object.entries(more.byTopic ?? {})),
});
// biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is written so
const TOPIC = '${topic}';

describe('the table of a topic', () => {
  test.each([
    [TOPIC, 'orders', 'db.orders'],
    [`kafka_${TOPIC}_${TOPIC}`, 'orders', 'db.kafka_orders_orders'],
    ['fixed', 'orders', 'db.fixed'],
    [`other.${TOPIC}`, 'orders', 'other.orders'],
    [TOPIC, 'appdb.orders', 'appdb.orders'],
    ['`a.b`', 'orders', 'db.a.b'],
    [`\`x\`.\`${TOPIC}\``, 'a.b.c', 'x.a.b.c'],
    // What a topic may hold is no pattern of a replacement.
    [TOPIC, "$&$1$'", "db.$&$1$'"],
  ])('%s of %s', (format, topic, wanted) => {
    const { database, table } = destinationTable(naming(format), topic, 'db');
    expect(`${database}.${table}`).toBe(wanted);
  });

  test.each([
    ['server.db.orders', 'a table is reached by database.table, no more'],
    ['.orders', 'a part of it is empty'],
    ['orders.', 'it ends with a point'],
    ['`orders', 'its last back-tick is missing'],
    ['``', 'a part of it is empty'],
  ])('%s is refused', (topic, reason) => {
    expect(() => destinationTable(naming(TOPIC), topic, 'db')).toThrow(
      `Table name '${topic}' for topic '${topic}' cannot be used: ${reason}`,
    );
  });

  test('without a database in the address the name must have one', () => {
    expect(() => destinationTable(naming(TOPIC), 'orders', null)).toThrow('connection.url names no database');
    expect(destinationTable(naming(TOPIC), 'a.b', null)).toEqual({ database: 'a', table: 'b' });
  });

  test('a list of topics and tables allows no others', () => {
    const listed = naming(TOPIC, { byTopic: { orders: 'shop.bestellungen' }, isNormalized: true });
    expect(destinationTable(listed, 'orders', 'db')).toEqual({ database: 'shop', table: 'bestellungen' });
    expect(() => destinationTable(listed, 'users', 'db')).toThrow(
      "Topic 'users' has no table in topics.to.tables.mapping: add it there as users:table.",
    );
  });

  test('normalized names have no points', () => {
    expect(destinationTable(naming(TOPIC, { isNormalized: true }), 'app-db.orders한', 'db')).toEqual({
      database: 'db',
      table: 'app_db_orders_',
    });
  });
});

test('messages show it as Java does', () => {
  expect(tableText({ database: 'db', table: 't' })).toBe('"db"."t"');
});
