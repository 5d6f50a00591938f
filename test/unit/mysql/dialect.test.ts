import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { parseNameParts, parseTableList, parseTableName, plainTable, quoteName, quoteTable } from '../../../src/mysql/dialect.ts';

describe('names', () => {
  test('quoted and bare', () => {
    const name = { database: 'kafkadb', table: 'customers' };
    expect([quoteTable(name), quoteTable(name, 'NEVER'), plainTable(name)]).toEqual([
      '`kafkadb`.`customers`',
      'kafkadb.customers',
      'kafkadb.customers',
    ]);
    expect([quoteTable({ database: null, table: 't' }), plainTable({ database: null, table: 't' })]).toEqual(['`t`', 't']);
    expect(quoteName('a`b')).toBe('`a``b`');
  });

  test.each([
    ['t', ['t']],
    ['db.t', ['db', 't']],
    ['`db`.`t`', ['db', 't']],
    ['"db"."t"', ['db', 't']],
    ['`a.b`.`c``d`', ['a.b', 'c`d']],
    ['db.`주문`', ['db', '주문']],
    ['a.b.c', ['a', 'b', 'c']],
  ])('%s', (text, parts) => {
    expect(parseNameParts(text)).toEqual(parts);
  });

  test.each([
    ['', 'part 1 is empty'],
    ['a.', 'part 2 is empty'],
    ['.a', 'part 1 is empty'],
    ['`a', 'is not closed'],
    ['`a`b', 'a "." is missing at character 4'],
    ['``', 'part 1 is empty'],
  ])('"%s" is refused: %s', (text, reason) => {
    expect(() => parseNameParts(text)).toThrow(ConfigError);
    expect(() => parseNameParts(text)).toThrow(reason);
  });

  test('three parts are no table of MySQL', () => {
    expect(() => parseTableName('a.b.c')).toThrow('"a.b.c" has 3 parts');
  });

  test('whatever the names are, a quoted list is read back', () => {
    const part = fc.string({ minLength: 1, unit: fc.constantFrom('a', '`', '"', '.', ',', ' ', '한', '\\') });
    const table = fc.record({ database: fc.option(part, { nil: null }), table: part });
    fc.assert(
      fc.property(fc.array(table), (tables) => {
        expect(parseTableList(tables.map((name) => quoteTable(name)).join(','))).toEqual(tables);
      }),
    );
  });
});
