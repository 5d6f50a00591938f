/** What tasks tell of tables, from samples to rows. */
import { expect, test } from 'vitest';
import type { MetricSample } from '../../../src/herder/model.ts';
import { groupMetrics } from '../../../src/store/connector-metrics.ts';

function told(group: string, table: string, task: string, values: Readonly<Record<string, number | string>>): MetricSample[] {
  return Object.entries(values).map(([name, value]) => ({ group, tags: { connector: 'c', task, table }, name, value }));
}

test('a source: each figure at its place, by task and name', () => {
  const samples = [
    { group: 'source-task-metrics', tags: { connector: 'c', task: '1' }, name: 'source-record-write-total', value: 9 },
    ...told('jdbc-source-table-metrics', '`db`.`b`', '1', { 'rows-total': 1 }),
    ...told('jdbc-source-table-metrics', '`db`.`a`', '1', {
      'rows-total': 7,
      'last-reading-rows': 2,
      'last-reading-ms': 12.5,
      'last-reading-age-ms': 900,
      'lag-ms': 1500,
      reading: 1,
      'errors-total': 3,
      retries: 2,
      'last-error-timestamp': 1_700_000_000_000,
      sql: 'SELECT ?',
      parameters: '["2022-01-21 00:44:13","-1"]',
      offset: '{"incrementing":7}',
      'last-error': 'gone',
      warnings: '["No index","NULL"]',
    }),
  ];
  const metrics = groupMetrics(samples).get('c');
  expect(metrics?.tasks.get(1)?.records).toBe(9);
  expect(metrics?.tables.map(({ table }) => table)).toEqual(['`db`.`a`', '`db`.`b`']);
  expect(metrics?.tables[0]).toEqual({
    connector: 'c',
    task: 1,
    table: '`db`.`a`',
    isSink: false,
    rows: 7,
    deleted: null,
    lastRows: 2,
    lastMs: 12.5,
    ageMs: 900,
    lagMs: 1500,
    isReading: true,
    offset: '{"incrementing":7}',
    sql: 'SELECT ?',
    parameters: ['2022-01-21 00:44:13', '-1'],
    errors: 3,
    retries: 2,
    lastError: 'gone',
    lastErrorMs: 1_700_000_000_000,
    lastWriteMs: null,
    warnings: ['No index', 'NULL'],
  });
});

test('a sink has other figures under the same heads', () => {
  const values = {
    'records-written-total': 5,
    'records-deleted-total': 1,
    'last-write-ms': 4,
    'last-write-rows': 3,
    'last-write-took-ms': 1.5,
    'last-statement': 'insert',
  };
  const [row] = groupMetrics([
    { group: 'sink-task-metrics', tags: { connector: 'c', task: '0' }, name: 'sink-record-send-total', value: 6 },
    ...told('jdbc-sink-table-metrics', 'db.t', '0', values),
  ]).get('c')!.tables;
  expect(row).toMatchObject({
    isSink: true,
    rows: 5,
    deleted: 1,
    lastWriteMs: 4,
    lastRows: 3,
    lastMs: 1.5,
    sql: 'insert',
    retries: 0,
    warnings: [],
    lagMs: null,
  });
});

test('what is no list, no number or of another group does no harm', () => {
  const samples = [
    ...told('jdbc-source-table-metrics', 't', '0', { warnings: 'plain words', parameters: '{}', 'lag-ms': Number.NaN, offset: '' }),
    ...told('other-metrics', 't', '0', { 'rows-total': 1 }),
    { group: 'source-task-metrics', tags: { connector: 'c', task: '0' }, name: 'source-record-write-total', value: 0 },
  ];
  const tables = groupMetrics(samples).get('c')!.tables;
  expect(tables).toHaveLength(1);
  expect(tables[0]).toMatchObject({ warnings: ['plain words'], parameters: ['{}'], lagMs: null, offset: null, rows: null });
});
