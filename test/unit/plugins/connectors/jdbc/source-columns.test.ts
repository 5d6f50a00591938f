/** Which columns are tracked, and when a table is refused for them. Texts: kafka-connect-jdbc 10.10. */
import { expect, test } from 'vitest';
import { checkColumns, type TableColumn } from '../../../../../src/plugins/connectors/jdbc/source/column-checks.ts';
import { spec } from '../../../../../src/plugins/connectors/jdbc/source/spec.ts';
import { trackedColumns } from '../../../../../src/plugins/connectors/jdbc/source/tracked-columns.ts';

const orders = { database: 'db', table: 'orders' };
const tracked = (config: Record<string, string>, table: typeof orders | null = orders) => trackedColumns(spec.parse(config), table);

function column(name: string, more: Partial<TableColumn> = {}): TableColumn {
  return { name, isNullable: false, isAutoIncrement: false, ...more };
}

const columns = [
  column('seq', { isAutoIncrement: true }),
  column('made', { isNullable: true }),
  column('changed', { isNullable: true }),
  column('modified'),
];

function check(incrementing: string | null, timestamps: readonly string[], of: readonly TableColumn[] = columns, mustBeNonNull = true) {
  return checkColumns({ table: '`db`.`orders`', columns: of, tracked: { incrementing, timestamps }, mustBeNonNull });
}

test('a mode tracks what it needs', () => {
  const names = { 'incrementing.column.name': 'id', 'timestamp.column.name': 'a, b' };
  expect(tracked({ ...names, mode: 'bulk' })).toEqual({ incrementing: null, timestamps: [] });
  expect(tracked({ ...names, mode: 'incrementing' })).toEqual({ incrementing: 'id', timestamps: [] });
  expect(tracked({ ...names, mode: 'timestamp' })).toEqual({ incrementing: null, timestamps: ['a', 'b'] });
  expect(tracked({ ...names, mode: 'timestamp+incrementing' })).toEqual({ incrementing: 'id', timestamps: ['a', 'b'] });
  expect(() => tracked({ mode: 'timestamp' })).toThrow('Mode timestamp needs the name of a column in timestamp.column.name.');
});

test('mappings name columns by table, one for each table', () => {
  const mode = {
    mode: 'timestamp+incrementing',
    'timestamp.columns.mapping': 'db\\.o.*:[ a | b ]',
    'incrementing.column.mapping': 'db\\.orders:id,x:y',
  };
  expect(tracked(mode)).toEqual({ incrementing: 'id', timestamps: ['a', 'b'] });
  const start = 'Error while validating incrementing column mappings: Included table';
  const wrong = (mapping: string) => () => tracked({ mode: 'incrementing', 'incrementing.column.mapping': mapping });
  expect(wrong('orders:id')).toThrow(`${start} '\`db\`.\`orders\`' does not match any of the provided regexes`);
  expect(wrong('db.*:id,.*:id')).toThrow(`${start} '\`db\`.\`orders\`' matches more than one of the provided regexes`);
  expect(tracked({ mode: 'incrementing', 'incrementing.column.mapping': 'x:y', 'incrementing.column.name': 'id' }, null).incrementing).toBe(
    'id',
  );
});

test('columns are found in any case and given under their own names', () => {
  expect(check('SEQ', ['Modified'])).toEqual({ incrementing: 'seq', timestamps: ['modified'] });
  expect(check('', [])).toEqual({ incrementing: 'seq', timestamps: [] });
  expect(check(null, ['changed', 'modified'])).toEqual({ incrementing: null, timestamps: ['changed', 'modified'] });
});

test.each([
  ['nope', [], "Incrementing column: nope does not exist in table '`db`.`orders`'"],
  [null, ['nope', 'modified', 'neither'], "Timestamp columns: nope, neither do not exist in table '`db`.`orders`'"],
  ['made', [], 'Cannot make incremental queries using incrementing column made on `db`.`orders` because this column is nullable.'],
  [
    null,
    ['made', 'changed'],
    'Cannot make incremental queries using timestamp columns made,changed on `db`.`orders` because all of these columns are nullable.',
  ],
])('%s, %s is refused', (incrementing, timestamps, message) => {
  expect(() => check(incrementing, timestamps)).toThrow(message);
});

test('validate.non.null=false lets nullable columns through, missing ones not', () => {
  expect(check('made', ['changed'], columns, false)).toEqual({ incrementing: 'made', timestamps: ['changed'] });
  expect(() => check('nope', [], columns, false)).toThrow('does not exist');
  expect(() => check('', [], [column('id')], false)).toThrow('Table `db`.`orders` has no AUTO_INCREMENT column');
});
