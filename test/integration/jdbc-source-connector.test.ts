/** The connector of the JDBC source alone, on a real MariaDB: which tables it finds, how it deals them out, what it says when it cannot. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { LogHub } from '../../src/base/log.ts';
import { freePort } from '../../src/demo/free-port.ts';
import type { Config, ConnectorContext } from '../../src/plugin-api/plugin.ts';
import { JdbcSourceConnector } from '../../src/plugins/connectors/jdbc/source/connector.ts';
import { spec } from '../../src/plugins/connectors/jdbc/source/spec.ts';
import { createDatabase, type TestDatabase } from '../helpers/mariadb.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let one: TestDatabase;
let other: TestDatabase;
const stops: (() => void)[] = [];

beforeAll(async () => {
  one = await createDatabase('src_one', ['customers', 'orders']);
  other = await createDatabase('src_two');
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});
afterAll(async () => {
  await one.drop();
  await other.drop();
});

/** A started connector, and what it says. */
async function started(config: Config) {
  const connector = new JdbcSourceConnector();
  const hub = new LogHub(() => 0);
  const lines: string[] = [];
  hub.attach(({ level, message }) => lines.push(`${level} ${message}`));
  const stopping = new AbortController();
  const told: { changes: number; errors: string[] } = { changes: 0, errors: [] };
  const context: ConnectorContext = {
    log: hub.log('test'),
    signal: stopping.signal,
    requestTaskReconfiguration: () => told.changes++,
    raiseError: (error) => told.errors.push(String(error)),
  };
  const full = { name: 'c', 'connection.url': one.url, mode: 'bulk', 'topic.prefix': 'p-', ...config };
  const begin = connector.start(full, context);
  stops.push(() => {
    stopping.abort();
    connector.stop();
  });
  const tables = async (maxTasks = 100) =>
    (await connector.taskConfigs(maxTasks)).map((task) => task.tables?.replaceAll(one.name, 'one').replaceAll(other.name, 'two'));
  return { connector, begin, lines, told, stopping, tables, full };
}

const inOne = (): Config => ({ 'catalog.pattern': one.name });

test('tables of every database come by kind, database and name; catalog.pattern names one', async () => {
  await one.run('CREATE VIEW a_view AS SELECT 1 AS x', 'CREATE SEQUENCE a_sequence');
  await other.run('CREATE TABLE zz (id INT)', 'CREATE TABLE b (id INT) WITH SYSTEM VERSIONING');
  const whole = await started({ 'table.include.list': `(${one.name}|${other.name})\\..*` });
  await whole.begin;
  expect(await whole.tables()).toEqual(['`one`.`customers`', '`one`.`orders`', '`two`.`b`', '`two`.`zz`']);
  const part = await started(inOne());
  await part.begin;
  expect(await part.tables(1)).toEqual(['`one`.`customers`,`one`.`orders`']);
  const withViews = await started({ ...inOne(), 'table.types': 'view, table' });
  await withViews.begin;
  expect(await withViews.tables()).toEqual(['`one`.`customers`', '`one`.`orders`', '`one`.`a_view`']);
  const own = await started({ 'connection.url': `${one.url}&nullDatabaseMeansCurrent=true` });
  await own.begin;
  expect(await own.tables(1)).toEqual(['`one`.`customers`,`one`.`orders`']);
  const all = await started({ 'table.types': 'SYSTEM TABLE' });
  await all.begin;
  expect((await all.tables()).some((name) => name?.startsWith('`mysql`.'))).toBe(true);
});

test('a database whose name differs by case, or fits as a pattern only, is another one', async () => {
  const found = await started({ 'catalog.pattern': one.name.toUpperCase() });
  await found.begin;
  expect(await found.connector.taskConfigs(3)).toEqual([{ ...found.full, tables: '', 'tables.fetched': 'true' }]);
  expect(found.lines.at(-1)).toContain('WARN No tables were found');
  const pattern = await started({ 'catalog.pattern': `${one.name.slice(0, -1)}_` });
  await pattern.begin;
  expect(await pattern.tables()).toEqual(['']);
});

test('five tables over three tasks, each setting handed on', async () => {
  await other.run(...[1, 2, 3, 4, 5].map((n) => `CREATE TABLE m${n} (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY)`));
  const { begin, connector, tables, full } = await started({ 'catalog.pattern': other.name, 'table.whitelist': 'm1,m2,m3,m4,m5' });
  await begin;
  expect(await tables(3)).toEqual(['`two`.`m1`,`two`.`m2`', '`two`.`m3`,`two`.`m4`', '`two`.`m5`']);
  expect(await connector.taskConfigs(1)).toEqual([
    { ...full, tables: [1, 2, 3, 4, 5].map((n) => `\`${other.name}\`.\`m${n}\``).join(',') },
  ]);
});

test('names that want care: quotes, dots, commas, blanks, Korean, reserved words', async () => {
  const database = await createDatabase('src`, .정 "x');
  try {
    await database.run(
      ...['select', 'a.b', 'a,b', 'with`tick', '고객', "it's"].map((name) => `CREATE TABLE \`${name.replaceAll('`', '``')}\` (id INT)`),
    );
    const { begin, connector } = await started({ 'catalog.pattern': database.name, 'quote.sql.identifiers': 'never' });
    await begin;
    const [task] = await connector.taskConfigs(1);
    const quoted = `\`${database.name.replaceAll('`', '``')}\``;
    expect(task?.tables).toBe(
      ['`a,b`', '`a.b`', "`it's`", 'select', '`with``tick`', '`고객`'].map((name) => `${quoted}.${name}`).join(','),
    );
  } finally {
    await database.drop();
  }
});

test('a table that comes and one that goes are told while it runs', async () => {
  const { begin, tables, told, lines } = await started({ ...inOne(), 'table.poll.interval.ms': '50' });
  await begin;
  expect(await tables(1)).toEqual(['`one`.`customers`,`one`.`orders`']);
  await one.run('CREATE TABLE late (id INT)');
  await waitUntil('the new table is told', () => told.changes === 1);
  expect(await tables(1)).toEqual(['`one`.`customers`,`one`.`late`,`one`.`orders`']);
  await one.run('DROP TABLE late');
  await waitUntil('the dropped table is told', () => told.changes === 2);
  expect(await tables(1)).toEqual(['`one`.`customers`,`one`.`orders`']);
  expect(lines.filter((line) => line.includes('late'))).toEqual([
    `INFO Tables to copy: 3; new: ${one.name}.late`,
    `INFO Tables to copy: 2; gone: ${one.name}.late`,
  ]);
});

test('tables of one name in two databases: it fails, says which, and looks no more', async () => {
  const { begin, connector, tables, told } = await started({
    'table.include.list': `(${one.name}|${other.name})\\.dup.*`,
    'table.poll.interval.ms': '50',
  });
  await begin;
  await one.run('CREATE TABLE dup (id INT)');
  await waitUntil('the first one is found', async () => (await tables())[0] === '`one`.`dup`');
  const before = told.changes;
  await other.run('CREATE TABLE dup (id INT)');
  await waitUntil('the second one is told', () => told.changes > before);
  const refused = connector.taskConfigs(1);
  await expect(refused).rejects.toThrow('has detected duplicate unqualified table names');
  await expect(refused).rejects.toThrow(`\n\t[[\`${one.name}\`.\`dup\`, \`${other.name}\`.\`dup\`]]`);
  expect(told.errors).toHaveLength(1);
  expect(told.errors[0]).toContain('duplicate unqualified table names');
  const unqualified = await started({ 'table.whitelist': 'dup', 'table.names.qualify': 'false' });
  await unqualified.begin;
  expect(await unqualified.tables()).toEqual(['`dup`']);
  await one.run('DROP TABLE dup');
});

test('a query is one task without tables; tables are not looked for', async () => {
  const { begin, connector, full, lines } = await started({ query: 'SELECT 1' });
  await begin;
  expect(await connector.taskConfigs(5)).toEqual([{ ...full, tables: '' }]);
  expect(lines).toEqual([]);
});

test('nobody there: as many attempts as allowed, then the start fails; the password is in no word of it', async () => {
  const port = await freePort();
  const url = `jdbc:mysql://127.0.0.1:${port}/x?user=kafka&password=s3cret-pass`;
  const { begin, lines } = await started({ 'connection.url': url, 'connection.attempts': '3', 'connection.backoff.ms': '10' });
  const error = await begin.then(() => null, String);
  expect(error).toContain(`Connecting to 127.0.0.1:${port}`);
  expect(error).toContain('attempt 3 of 3 (connection.attempts)');
  expect(lines.filter((line) => line.startsWith('INFO Unable to connect to database on attempt'))).toHaveLength(2);
  expect(`${error}${lines.join('')}`).not.toContain('s3cret-pass');
});

test('a wrong password: said, and not shown', async () => {
  const { begin } = await started({ 'connection.url': one.url.replace('kafka123', 's3cret-pass'), 'connection.attempts': '1' });
  const error = await begin.then(() => null, String);
  expect(error).toMatch(/Access denied for user 'kafka'@/);
  expect(error).not.toContain('s3cret-pass');
});

test('a start that waits for its next attempt ends at once when it is to stop', async () => {
  const port = await freePort();
  const { begin, stopping, lines } = await started({
    'connection.url': `jdbc:mysql://127.0.0.1:${port}/x`,
    'connection.backoff.ms': '600000',
  });
  await waitUntil('the first attempt has failed', () => lines.length > 0);
  stopping.abort();
  await expect(begin).rejects.toThrow(/abort/i);
});

test('the list of tables survives a time in which the database refuses it', async () => {
  const user = `u_${one.name.slice(-8)}`;
  const allow = [`CREATE USER ${user} IDENTIFIED BY 'p4ssw0rd'`, `GRANT SELECT ON *.* TO ${user}`];
  await one.run(...allow);
  const url = one.url.replace(/user=.*/, `user=${user}&password=p4ssw0rd`);
  const { begin, tables, told, lines } = await started({ ...inOne(), 'connection.url': url, 'table.poll.interval.ms': '50' });
  try {
    await begin;
    await tables();
    await one.run(`DROP USER ${user}`);
    await waitUntil('the refusal is told', () => lines.some((line) => line.startsWith('ERROR The list of tables could not be read')));
    expect(await tables(1)).toEqual(['`one`.`customers`,`one`.`orders`']);
    await one.run(...allow, 'CREATE TABLE after_all (id INT)');
    await waitUntil('the change is told', () => told.changes > 0);
    expect(await tables(1)).toEqual(['`one`.`after_all`,`one`.`customers`,`one`.`orders`']);
    expect(told.errors).toEqual([]);
  } finally {
    await one.run(`DROP USER IF EXISTS ${user}`, 'DROP TABLE IF EXISTS after_all');
  }
});

/** Names of keys with errors, and their texts. */
async function validated(config: Config): Promise<Record<string, string[]>> {
  const full = { 'connection.url': one.url, mode: 'bulk', 'topic.prefix': 'p-', ...config };
  const values = spec.validateAll(full);
  await new JdbcSourceConnector(systemClock).validate(full, values);
  return Object.fromEntries([...values.values()].flatMap(({ name, errors }) => (errors.length > 0 ? [[name, errors]] : [])));
}

test('which keys are wrong, as the original answers', async () => {
  const keys = async (config: Config) => Object.keys(await validated(config));
  const free = await freePort();
  expect(await keys({ 'table.whitelist': 'orders' })).toEqual([]);
  expect(await keys({ 'table.whitelist': 'orders', 'table.blacklist': 'x' })).toEqual([]);
  expect(await keys({ 'table.types': 'BANANA' })).toEqual([]);
  expect(await keys({ 'transaction.isolation.mode': 'sometimes' })).toEqual([]);
  expect(await keys({ 'quote.sql.identifiers': 'sometimes' })).toEqual(['connection.url']);
  expect(await keys({ query: 'SELECT 1', 'table.whitelist': 'orders' })).toEqual(['table.whitelist', 'query', 'query.masked']);
  expect(await keys({ 'connection.password': 'wrong' })).toEqual(['connection.url']);
  expect(await keys({ 'connection.url': `jdbc:mysql://127.0.0.1:${free}/x` })).toEqual(['connection.url']);
  expect(await keys({ 'connection.url': '' })).toEqual(['connection.url']);
  expect(await keys({ 'connection.url': 'jdbc:postgresql://localhost/x' })).toEqual(['connection.url']);
  expect((await validated({ 'connection.password': 's3cret-pass' }))['connection.url']?.[0]).toMatch(
    /^Could not connect to database\. .*Access denied(?!.*s3cret)/,
  );
});

test('a query that the database does not take is refused before it is started', async () => {
  expect(await validated({ query: `SELECT * FROM \`${one.name}\`.orders -- all` })).toEqual({});
  expect(await validated({ query: '/* why */ WITH x AS (SELECT 1 AS id) SELECT * FROM x' })).toEqual({});
  expect((await validated({ query: 'SELECT nope FROM nowhere' })).query?.[0]).toMatch(/^The configured query is not valid\. .*nowhere/);
  expect((await validated({ query: 'DELETE FROM orders' })).query).toEqual([
    "Only SELECT statements are supported for 'query'. Write a statement that starts with SELECT.",
  ]);
  const masked = (await validated({ 'query.masked': 'SELECT 1 FROM s3cret_table' }))['query.masked']?.[0];
  expect(masked).toBe('The configured query is not valid: error 1146, SQLState 42S02.');
  expect((await validated({ query: 'SELECT 1; DROP TABLE orders' })).query?.[0]).toContain('The configured query is not valid.');
});
