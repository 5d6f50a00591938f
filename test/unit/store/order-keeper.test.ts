/** Rows hold still while somebody is about to press Enter on one. */
import { expect, test } from 'vitest';
import { OrderKeeper } from '../../../src/store/order-keeper.ts';
import { makeView } from '../../../src/store/view.ts';

test('the order is kept while keys are pressed, and for two seconds after it was made', () => {
  const keeper = new OrderKeeper();
  const view = makeView('connectors');
  expect(keeper.kept(view, 0, 0)).toBeNull();
  keeper.keep(view, ['b', 'a'], true, 0);
  expect(keeper.kept(view, 1_900, -10_000)).toEqual(['b', 'a']);
  expect(keeper.kept(view, 2_100, -10_000)).toBeNull();
  expect(keeper.kept(view, 60_000, 59_000)).toEqual(['b', 'a']);
  expect(keeper.kept(view, 62_100, 59_000)).toBeNull();
});

test('frames that keep the order do not make it younger', () => {
  const keeper = new OrderKeeper();
  const view = makeView('connectors');
  keeper.keep(view, ['a'], true, 0);
  for (let ms = 100; ms <= 2_000; ms += 100) keeper.keep(view, ['a'], false, ms);
  expect(keeper.kept(view, 2_100, -10_000)).toBeNull();
});

test('another view, filter, sorting or an empty table sorts anew', () => {
  const view = makeView('connectors');
  const sort = { column: 'name', isDescending: false };
  for (const other of [makeView('connectors'), { ...view, filter: 'x' }, { ...view, sort }, { ...view, isFaultsOnly: true }]) {
    const keeper = new OrderKeeper();
    keeper.keep(view, ['a'], true, 0);
    expect(keeper.kept(other, 100, 0)).toBeNull();
    expect(keeper.kept(view, 100, 0)).toEqual(['a']);
  }
  const keeper = new OrderKeeper();
  keeper.keep(view, [], true, 0);
  expect(keeper.kept(view, 100, 0)).toBeNull();
});
