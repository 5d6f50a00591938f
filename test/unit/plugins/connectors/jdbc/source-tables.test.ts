/** Which tables are copied, and by which task. Source: TableMonitorThreadTest, JdbcSourceConnectorTest. */
import { expect, test } from 'vitest';
import { spec } from '../../../../../src/plugins/connectors/jdbc/source/spec.ts';
import { filterTables } from '../../../../../src/plugins/connectors/jdbc/source/table-filter.ts';
import { groupTables, refuseDuplicates } from '../../../../../src/plugins/connectors/jdbc/source/task-tables.ts';

const tables = ['a.orders', 'a.customers', 'b.orders', 'b.x'].map((name) => {
  const [database = '', table = ''] = name.split('.');
  return { database, table };
});
const kept = (config: Record<string, string>) =>
  filterTables(tables, spec.parse(config)).map(({ database, table }) => `${database}.${table}`);

test.each([
  [{}, ['a.orders', 'a.customers', 'b.orders', 'b.x']],
  [{ 'table.whitelist': 'x,customers' }, ['a.customers', 'b.x']],
  [{ 'table.whitelist': 'b.orders, `a`.`customers`' }, ['a.customers', 'b.orders']],
  [{ 'table.whitelist': 'Orders' }, []],
  [{ 'table.blacklist': 'a.orders,x' }, ['a.customers', 'b.orders']],
  [{ 'table.include.list': 'a\\..*', 'table.exclude.list': '.*customers' }, ['a.orders']],
  [{ 'table.include.list': 'orders' }, []],
  [{ 'table.include.list': 'b\\.x', 'table.whitelist': 'customers' }, ['b.x']],
  [{ 'table.exclude.list': 'b.*' }, []],
])('%j keeps %j', (config, expected) => {
  expect(kept(config)).toEqual(expected);
});

test.each([
  [1, 1, [1]],
  [4, 3, [2, 1, 1]],
  [5, 3, [2, 2, 1]],
  [5, 10, [1, 1, 1, 1, 1]],
  [7, 2, [4, 3]],
])('%i tables for at most %i tasks', (count, most, sizes) => {
  const items = Array.from({ length: count }, (_, i) => i);
  const groups = groupTables(items, most);
  expect(groups.map((group) => group.length)).toEqual(sizes);
  expect(groups.flat()).toEqual(items);
});

test('tables that would share a topic are refused, with the key that may help', () => {
  const refuse = (config: Record<string, string>) => () => refuseDuplicates(tables, spec.parse(config));
  const start = 'The connector uses the unqualified table name as the topic name and has detected duplicate unqualified table names.';
  expect(refuse({})).toThrow(start);
  expect(refuse({})).toThrow(
    "the connector's 'table.whitelist' or 'table.blacklist', or its database in catalog.pattern.\n\t[[`a`.`orders`, `b`.`orders`]]",
  );
  expect(refuse({ 'table.whitelist': 'orders' })).toThrow("the connector's 'table.whitelist', or");
  expect(refuse({ 'table.blacklist': 'y' })).toThrow("the connector's 'table.blacklist', or");
  expect(refuse({ 'table.include.list': '.*' })).toThrow("the connector's 'table.include.list', or");
  expect(() => refuseDuplicates(tables.slice(1), spec.parse({}))).not.toThrow();
});
