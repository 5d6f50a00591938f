import { expect, test } from 'vitest';
import { javaHashOrder, javaMapOrder } from '../../../src/spec/java-hash-order.ts';

// Printed by java.util.HashMap of Java 17.
test('keys put one by one', () => {
  expect(
    javaHashOrder([
      'converter.type',
      'schemas.enable',
      'schemas.cache.size',
      'schema.content',
      'decimal.format',
      'replace.null.with.default',
    ]),
  ).toEqual(['decimal.format', 'converter.type', 'schemas.cache.size', 'replace.null.with.default', 'schemas.enable', 'schema.content']);
  expect(javaHashOrder(['b', 'name', 'my.password'])).toEqual(['my.password', 'b', 'name']);
});

test('keys that are maps', () => {
  const forms = (table: string) => [{ protocol: '1', table: `kafkadb.${table}` }, { table }];
  expect(javaMapOrder(forms('products')).map(({ table }) => table)).toEqual(['products', 'kafkadb.products']);
  expect(javaMapOrder(forms('customers')).map(({ table }) => table)).toEqual(['kafkadb.customers', 'customers']);
});

test('a copy of a map', () => {
  expect(javaHashOrder(['b', 'name'], true)).toEqual(['name', 'b']);
  expect(javaHashOrder(['b', 'name', 'my.password'], true)).toEqual(['name', 'my.password', 'b']);
});

test('nothing is lost when the table grows', () => {
  const keys = Array.from({ length: 100 }, (_, i) => `key-${i}`);
  expect(javaHashOrder(keys).sort()).toEqual([...keys].sort());
  expect(javaHashOrder([])).toEqual([]);
});
