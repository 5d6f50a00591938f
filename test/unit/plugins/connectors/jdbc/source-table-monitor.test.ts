/** Source: TableMonitorThreadTest. */
import { expect, test } from 'vitest';
import { LogHub } from '../../../../../src/base/log.ts';
import type { TableName } from '../../../../../src/mysql/dialect.ts';
import { SqlError } from '../../../../../src/mysql/sql-errors.ts';
import { TableMonitor } from '../../../../../src/plugins/connectors/jdbc/source/table-monitor.ts';
import { createTestClock, settle } from '../../../../helpers/test-clock.ts';

const named = (...tables: string[]): TableName[] => tables.map((table) => ({ database: 'db', table }));
const refused = new SqlError('gone', { sqlState: '08S01', errno: 0 });

/** A monitor over a list that the test changes; what it tells is kept. */
function rig(first: Promise<readonly TableName[]> = Promise.resolve(named('a'))) {
  const clock = createTestClock();
  const stopping = new AbortController();
  const told: string[] = [];
  const hub = new LogHub(() => 0);
  hub.attach(({ level, message }) => told.push(`${level} ${message}`));
  const state = { look: async (): Promise<readonly TableName[]> => named('a') };
  const monitor = new TableMonitor({
    look: () => state.look(),
    intervalMs: 1000,
    clock,
    log: hub.log('test'),
    signal: stopping.signal,
    onChange: () => told.push('changed'),
    onFailure: (error) => told.push(`failed ${String(error)}`),
  });
  const done = monitor.run(first);
  return { clock, state, monitor, told, stopping, done };
}

const tablesOf = async (monitor: TableMonitor) => (await monitor.tables(10_000))?.map(({ table }) => table) ?? null;

test('the first list is no change; new tables and those that go are', async () => {
  const { clock, state, monitor, told } = rig();
  expect(await tablesOf(monitor)).toEqual(['a']);
  await clock.advance(5000);
  expect(told).toEqual(['INFO Tables to copy: 1; new: db.a']);
  state.look = async () => named('b', 'c');
  await clock.advance(1000);
  expect(told.splice(0)).toEqual(['INFO Tables to copy: 1; new: db.a', 'INFO Tables to copy: 2; new: db.b, db.c; gone: db.a', 'changed']);
  expect(await tablesOf(monitor)).toEqual(['b', 'c']);
});

test('a list that was asked for in vain is told when it is there', async () => {
  const late = Promise.withResolvers<readonly TableName[]>();
  const { clock, monitor, told } = rig(late.promise);
  const asked = monitor.tables(10_000);
  await clock.advance(10_000);
  expect(await asked).toBeNull();
  late.resolve(named('a'));
  await settle();
  expect(told.at(-1)).toBe('changed');
});

test('what the database refuses costs a look and no more', async () => {
  const { clock, state, monitor, told } = rig(Promise.reject(refused));
  await clock.advance(999);
  expect(told.splice(0)).toEqual(['ERROR The list of tables could not be read and stays as it is until the next look in 1000 ms. gone']);
  await clock.advance(1);
  expect(await tablesOf(monitor)).toEqual(['a']);
  state.look = () => Promise.reject(refused);
  await clock.advance(2000);
  expect(told.filter((line) => line.startsWith('ERROR'))).toHaveLength(2);
  expect(await tablesOf(monitor)).toEqual(['a']);
});

test('another error ends it', async () => {
  const { clock, state, told, done } = rig();
  state.look = () => Promise.reject(new TypeError('of our own making'));
  await clock.advance(1000);
  await done;
  expect(told.at(-1)).toBe('failed TypeError: of our own making');
  expect(clock.sleepers).toBe(0);
});

test('it stops at once, and tells nothing of the look that was under way', async () => {
  const { clock, state, told, stopping, done } = rig();
  await settle();
  state.look = () => new Promise((_, reject) => stopping.signal.addEventListener('abort', () => reject(refused)));
  await clock.advance(1000);
  stopping.abort();
  await done;
  expect(told).toEqual(['INFO Tables to copy: 1; new: db.a']);
});

test('of very many tables some are named', async () => {
  const { told } = rig(Promise.resolve(named(...Array.from({ length: 1000 }, (_, i) => `t${i}`))));
  await settle();
  expect(told[0]).toContain('Tables to copy: 1000; new: db.t0, db.t1,');
  expect(told[0]).toMatch(/db\.t19 and 980 more$/);
});
