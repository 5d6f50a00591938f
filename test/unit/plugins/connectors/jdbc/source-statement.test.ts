/** The SQL of each mode to the letter, and the order of its values. */
import { describe, expect, test } from 'vitest';
import { type StatementParts, statementParameters, statementText } from '../../../../../src/plugins/connectors/jdbc/source/statement.ts';

const text = (parts: Partial<StatementParts>) =>
  statementText({
    mode: 'bulk',
    table: { database: 'kafkadb', table: 'customers' },
    query: '',
    tracked: { incrementing: null, timestamps: [] },
    quoting: 'ALWAYS',
    suffix: '',
    ...parts,
  });
const of = (table: string) => ({ database: 'kafkadb', table });

describe('tables', () => {
  test.each<[string, Partial<StatementParts>]>([
    ['SELECT * FROM `kafkadb`.`bulk_tab`', { table: of('bulk_tab') }],
    [
      'SELECT * FROM `kafkadb`.`orders` WHERE `kafkadb`.`orders`.`seq` > ? ORDER BY `kafkadb`.`orders`.`seq` ASC',
      { mode: 'incrementing', table: of('orders'), tracked: { incrementing: 'seq', timestamps: [] } },
    ],
    [
      'SELECT * FROM `kafkadb`.`products` WHERE `kafkadb`.`products`.`modified` > ? AND `kafkadb`.`products`.`modified` < ? ORDER BY `kafkadb`.`products`.`modified` ASC',
      { mode: 'timestamp', table: of('products'), tracked: { incrementing: null, timestamps: ['modified'] } },
    ],
    [
      'SELECT * FROM `kafkadb`.`customers` WHERE `kafkadb`.`customers`.`modified` < ? AND ((`kafkadb`.`customers`.`modified` = ? AND `kafkadb`.`customers`.`id` > ?) OR `kafkadb`.`customers`.`modified` > ?) ORDER BY `kafkadb`.`customers`.`modified`,`kafkadb`.`customers`.`id` ASC',
      { mode: 'timestamp+incrementing', tracked: { incrementing: 'id', timestamps: ['modified'] } },
    ],
    [
      'SELECT * FROM `db`.`t` WHERE COALESCE(`db`.`t`.`m`,`db`.`t`.`c`) > ? AND COALESCE(`db`.`t`.`m`,`db`.`t`.`c`) < ? ORDER BY COALESCE(`db`.`t`.`m`,`db`.`t`.`c`) ASC',
      { mode: 'timestamp', table: { database: 'db', table: 't' }, tracked: { incrementing: null, timestamps: ['m', 'c'] } },
    ],
    [
      'SELECT * FROM `db`.`t` WHERE COALESCE(`db`.`t`.`m`,`db`.`t`.`c`) < ? AND ((COALESCE(`db`.`t`.`m`,`db`.`t`.`c`) = ? AND `db`.`t`.`id` > ?) OR COALESCE(`db`.`t`.`m`,`db`.`t`.`c`) > ?) ORDER BY COALESCE(`db`.`t`.`m`,`db`.`t`.`c`),`db`.`t`.`id` ASC',
      { mode: 'timestamp+incrementing', table: { database: 'db', table: 't' }, tracked: { incrementing: 'id', timestamps: ['m', 'c'] } },
    ],
    [
      'SELECT * FROM db.orders WHERE db.orders.seq > ? ORDER BY db.orders.seq ASC LIMIT 1',
      {
        mode: 'incrementing',
        table: { database: 'db', table: 'orders' },
        tracked: { incrementing: 'seq', timestamps: [] },
        quoting: 'NEVER',
        suffix: '  LIMIT 1 ',
      },
    ],
    ['SELECT * FROM `a``b`.`주문.x`', { table: { database: 'a`b', table: '주문.x' } }],
    [
      'SELECT * FROM `orders` WHERE `orders`.`id` > ? ORDER BY `orders`.`id` ASC',
      { mode: 'incrementing', table: { database: null, table: 'orders' }, tracked: { incrementing: 'id', timestamps: [] } },
    ],
  ])('%s', (expected, parts) => {
    expect(text(parts)).toBe(expected);
  });
});

test('queries: columns stand by themselves, and bulk is the text alone', () => {
  const query = 'SELECT * FROM (SELECT id, modified AS m FROM `db`.customers WHERE id<3) o';
  expect(text({ table: null, query })).toBe(query);
  expect(text({ table: null, query, suffix: 'LIMIT 5' })).toBe(`${query} LIMIT 5`);
  expect(
    text({ table: null, query, mode: 'timestamp+incrementing', tracked: { incrementing: 'id', timestamps: ['m'] }, suffix: 'LIMIT 100' }),
  ).toBe(`${query} WHERE \`m\` < ? AND ((\`m\` = ? AND \`id\` > ?) OR \`m\` > ?) ORDER BY \`m\`,\`id\` ASC LIMIT 100`);
});

test('the order of values', () => {
  const bounds = { begin: 'begin', end: 'end', lastId: 7n };
  expect(statementParameters('bulk', bounds)).toEqual([]);
  expect(statementParameters('incrementing', bounds)).toEqual([7n]);
  expect(statementParameters('timestamp', bounds)).toEqual(['begin', 'end']);
  expect(statementParameters('timestamp+incrementing', bounds)).toEqual(['end', 'begin', 7n, 'begin']);
});
