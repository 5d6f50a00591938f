import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTableList } from '../../../../../src/mysql/dialect.ts';
import { writeTableList } from '../../../../../src/plugins/connectors/jdbc/source/table-list.ts';

test('tables are written as the original hands them to its tasks', () => {
  const tables = ['multitab1', 'multitab2'].map((table) => ({ database: 'kafkadb', table }));
  expect(writeTableList(tables, 'ALWAYS')).toBe('`kafkadb`.`multitab1`,`kafkadb`.`multitab2`');
  expect(writeTableList(tables.slice(1), 'NEVER')).toBe('kafkadb.multitab2');
});

test('without quoting, a name that could not be read back is quoted all the same', () => {
  expect(writeTableList([{ database: 'a.b', table: '고객' }], 'NEVER')).toBe('`a.b`.`고객`');
});

test('any names come back as they were', () => {
  const name = fc.string({ minLength: 1, unit: fc.constantFrom('a', '`', '.', ',', ' ', '정', '"', "'", '\\', '$', '1') });
  const tables = fc.array(fc.record({ database: fc.option(name), table: name }));
  fc.assert(
    fc.property(tables, fc.constantFrom('ALWAYS', 'NEVER'), (list, quoting) => {
      expect(parseTableList(writeTableList(list, quoting))).toEqual(list);
    }),
  );
});
