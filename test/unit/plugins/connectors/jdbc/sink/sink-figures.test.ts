import { expect, test } from 'vitest';
import { SinkFigures } from '../../../../../../src/plugins/connectors/jdbc/sink/sink-figures.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';

const orders = { database: 'db', table: 'orders' };
const users = { database: 'db', table: 'users' };
const work = (table: typeof orders, written: number, deleted = 0) => ({
  table,
  written,
  deleted,
  statement: `INSERT INTO ${table.table} VALUES(?)`,
});

test('rows, the last statement and how long the last batch took, by table; errors until a batch is written again', async () => {
  const clock = createTestClock();
  const figures = new SinkFigures(clock);
  expect(figures.all()).toEqual([]);
  const startMs = clock.monoMs();
  await clock.advance(7);
  figures.done([work(orders, 3, 1), work(users, 2), work(orders, 2)], startMs);
  figures.failed(new Error('Duplicate entry'), users);
  figures.failed(new Error('Duplicate entry again'), users);
  const [ofOrders, ofUsers] = figures.all();
  expect(ofOrders).toEqual({
    group: 'jdbc-sink-table-metrics',
    tags: { table: '`db`.`orders`' },
    values: {
      'records-written-total': 5,
      'records-deleted-total': 1,
      'records-reported-total': 0,
      'errors-total': 0,
      retries: 0,
      'last-write-ms': clock.wallMs(),
      'last-write-rows': 6,
      'last-write-took-ms': 7,
      'last-statement': 'INSERT INTO orders VALUES(?)',
    },
    details: {},
  });
  expect(ofUsers!.values).toMatchObject({
    'records-written-total': 2,
    'errors-total': 2,
    retries: 2,
    'last-error-timestamp': clock.wallMs(),
  });
  expect(ofUsers!.details).toEqual({ 'last-error': 'Duplicate entry again' });
  figures.done([work(users, 1)], clock.monoMs());
  figures.reported(users, 2);
  expect(figures.all()[1]!.values).toMatchObject({ 'errors-total': 2, retries: 0, 'records-reported-total': 2 });
});

test('what is worth knowing of a table goes with its figures, as a list', () => {
  const figures = new SinkFigures(createTestClock());
  figures.warned(orders, ['No unique key', 'Fractions']);
  expect(figures.all()[0]!.details).toEqual({ warnings: '["No unique key","Fractions"]' });
});

test('an error without a table is the trouble of all of them', () => {
  const clock = createTestClock();
  const figures = new SinkFigures(clock);
  figures.done([work(orders, 1), work(users, 1)], clock.monoMs());
  figures.failed(new Error('gone'), null);
  expect(figures.all().map(({ values }) => values.retries)).toEqual([1, 1]);
});
