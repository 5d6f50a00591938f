/** `kconsole validate` on JDBC sources, with a real MariaDB: what would be asked of it, what it would do for that, what is worth knowing before. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { createDatabase, type TestDatabase } from '../helpers/mariadb.ts';
import { runOneShotLine } from '../helpers/run-one-shot.ts';
import { writeProperties } from '../helpers/worker-process.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-validate-'));
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase('src_validate', ['customers', 'orders', 'bulk_tab']);
  await database.run(
    'CREATE INDEX modified ON customers (modified)',
    "INSERT INTO customers (name, email, modified) VALUES ('a', 'a@x', '2022-01-21 00:44:13'), ('b', 'b@x', '2022-01-21 00:44:14')",
    'CREATE TABLE fine (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, modified DATETIME(6) NOT NULL, KEY (modified, id))',
    "INSERT INTO fine (modified) VALUES ('2037-01-01 00:00:00.25')",
    'CREATE TABLE loose (id INT NULL, a DATETIME(6) NULL, b DATETIME(6) NULL)',
  );
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function validate(config: Readonly<Record<string, string>>, more = '') {
  const file = writeProperties(path.join(folder, 'c.properties'), {
    name: 'c',
    'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
    'tasks.max': '10',
    'connection.url': database.url,
    'catalog.pattern': database.name,
    'topic.prefix': 'mysql-',
    ...config,
  });
  const run = await runOneShotLine(`validate ${file}${more}`);
  return { ...run, out: run.out.replaceAll(database.name, 'db') };
}

const TS_INC = { mode: 'timestamp+incrementing', 'timestamp.column.name': 'modified', 'incrementing.column.name': 'id' };

test('the SQL of a table, the plan of its first reading and of later ones, and what it would miss', async () => {
  const { exit, out } = await validate({ ...TS_INC, 'table.whitelist': 'customers' });
  expect(exit).toBe(0);
  expect(out).toContain('  settings are right\n');
  expect(out).toMatch(/\n {2}server {2}10\.\d+\.\d+-MariaDB/);
  expect(out).toContain('\n  tables  task 0: db.customers\n');
  expect(out).toContain('\n`db`.`customers`\n  topic  mysql-customers\n');
  expect(out).toContain(
    '  SQL    SELECT * FROM `db`.`customers` WHERE `db`.`customers`.`modified` < ? AND ((`db`.`customers`.`modified` = ? AND `db`.`customers`.`id` > ?) OR `db`.`customers`.`modified` > ?) ORDER BY `db`.`customers`.`modified`,`db`.`customers`.`id` ASC\n',
  );
  expect(out).toMatch(/\n {2}first {2}\? = \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, 1970-01-01 00:00:00, -1, 1970-01-01 00:00:00\n {9}customers: /);
  expect(out).toMatch(
    /\n {2}later {2}\? = [^,]+, 2022-01-21 00:44:14, 2, 2022-01-21 00:44:14\n {9}customers: range over modified, about \d+ rows/,
  );
  expect(out).toContain('  warning: `modified` has whole seconds (timestamp)');
  expect(out).not.toMatch(/No index|catalog\.pattern is not set|kafka123/);
});

test('indexes that are missing, columns that may be NULL, newest rows of the future', async () => {
  const { out } = await validate({ mode: 'timestamp', 'timestamp.column.name': 'modified', 'table.whitelist': 'fine' });
  expect(out).toMatch(/warning: The newest row is of 2037-01-01 00:00:00\.250000, and the database's clock shows \d{4}-/);
  expect(out).not.toMatch(/No index|whole seconds/);
  const loose = { 'table.whitelist': 'loose', 'incrementing.column.name': 'id', mode: 'incrementing' };
  const refused = await validate(loose);
  expect(refused.exit).toBe(1);
  expect(refused.out).toContain(
    '  error: Cannot make incremental queries using incrementing column id on `db`.`loose` because this column is nullable.\n',
  );
  const allowed = await validate({ ...loose, 'validate.non.null': 'false' });
  expect(allowed.exit).toBe(0);
  expect(allowed.out).toContain(
    '  warning: No index begins with `id`: each poll reads the whole table. CREATE INDEX `id` ON `db`.`loose` (`id`);\n',
  );
  expect(allowed.out).toContain('  warning: `id` may be NULL: rows without a value there are never read. Make it NOT NULL.\n');
  const both = await validate({
    'table.whitelist': 'loose',
    mode: 'timestamp',
    'timestamp.column.name': 'a,b',
    'validate.non.null': 'false',
  });
  expect(both.out).toContain('  warning: No index serves COALESCE of `a`, `b`: each poll reads the whole table');
  expect(both.out).toContain('  warning: `a`, `b` may be NULL');
});

test('several tables over several tasks; a table without the column; a bulk', async () => {
  const { exit, out } = await validate({
    mode: 'incrementing',
    'incrementing.column.name': 'id',
    'table.whitelist': 'customers,fine,orders',
    'tasks.max': '2',
  });
  expect(exit).toBe(1);
  expect(out).toContain('  tables  task 0: db.customers, db.fine\n          task 1: db.orders\n');
  expect(out).toContain(
    "\n`db`.`orders`\n  topic  mysql-orders\n  error: Incrementing column: id does not exist in table '`db`.`orders`'\n",
  );
  const bulk = await validate({ mode: 'bulk', 'table.whitelist': 'bulk_tab' });
  expect(bulk).toMatchObject({ exit: 0 });
  expect(bulk.out).toContain('  SQL    SELECT * FROM `db`.`bulk_tab`\n');
});

test('a query: its statement and plan; one that is masked stays so', async () => {
  const query = { mode: 'incrementing', 'incrementing.column.name': 'seq' };
  const shown = await validate({ ...query, query: 'SELECT seq FROM orders' });
  expect(shown.exit).toBe(0);
  expect(shown.out).toContain(
    '\nquery\n  topic  mysql-\n  SQL    SELECT seq FROM orders WHERE `seq` > ? ORDER BY `seq` ASC\n  first  ? = -1\n',
  );
  const masked = await validate({ ...query, 'query.masked': 'SELECT seq FROM orders' });
  expect(masked.out).toContain('  SQL    [hidden] WHERE `seq` > ? ORDER BY `seq` ASC\n');
  expect(masked.out).not.toContain('FROM orders');
  const broken = await validate({ ...query, query: 'SELECT seq FROM orders WHERE seq < 5' });
  expect(broken.exit).toBe(1);
  expect(broken.out).toMatch(/ {2}error: The statement .* You have an error in your SQL syntax/);
});

test('a database in another zone than db.timezone', async () => {
  const { out } = await validate({ mode: 'bulk', 'table.whitelist': 'orders', 'db.timezone': 'Asia/Seoul' });
  expect(out).toMatch(
    / {2}warning: Times in records are 9 h too early: the database shows them in .+, and db\.timezone=Asia\/Seoul reads them\./,
  );
});

test('every database is looked through unless one is named; no table; names that no topic has', async () => {
  const all = await validate({ mode: 'bulk', 'table.whitelist': `${database.name}.orders,bulk_tab`, 'catalog.pattern': database.name });
  expect(all.out).not.toContain('catalog.pattern is not set');
  const none = await validate({ mode: 'bulk', 'table.whitelist': 'nothing_of_this_name' });
  expect(none.exit).toBe(1);
  expect(none.out).toContain('  error: No table is found: check the filter');
  await database.run('CREATE TABLE `고객` (id INT)');
  const korean = await validate({ mode: 'bulk', 'table.whitelist': '고객' });
  expect(korean.exit).toBe(1);
  expect(korean.out).toContain('  error: "mysql-고객" cannot be the name of a topic');
});

test('no connection: said with the key, and nothing of the password', async () => {
  const url = `jdbc:mysql://127.0.0.1:${await freePort()}/x?user=kafka&password=s3cret-pass`;
  const { exit, out } = await validate({ mode: 'bulk', 'table.whitelist': 'orders', 'connection.url': url });
  expect(exit).toBe(1);
  expect(out).toMatch(/ {2}error: connection\.url: Could not connect to database\. Connecting to 127\.0\.0\.1:\d+\/x failed/);
  expect(out).not.toContain('s3cret');
});

test('as JSON', async () => {
  const { out } = await validate({ mode: 'bulk', 'table.whitelist': 'orders' }, ' -o json');
  const [{ errors, parts }] = JSON.parse(out) as [{ errors: unknown[]; parts: { title: string; errors: unknown[] }[] }];
  expect(errors).toEqual([]);
  expect(parts.map(({ title, errors }) => [title, errors])).toEqual([
    [`${database.host}:${database.port}/db`, []],
    ['`db`.`orders`', []],
  ]);
});
