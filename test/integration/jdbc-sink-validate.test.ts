/** What is told of a sink before it is started: by validation over the spec and the database, and by `kconsole validate`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { spec } from '../../src/plugins/connectors/jdbc/sink/spec.ts';
import { validateSink } from '../../src/plugins/connectors/jdbc/sink/validate-sink.ts';
import { jdbcScenario } from '../helpers/jdbc-golden.ts';
import { createDatabase, type TestDatabase } from '../helpers/mariadb.ts';
import { runOneShotLine } from '../helpers/run-one-shot.ts';
import { writeProperties } from '../helpers/worker-process.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-validate-'));
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase('sink_validate');
  await database.run(
    'CREATE TABLE fine (id INT PRIMARY KEY, name TEXT, ts DATETIME(3))',
    'CREATE TABLE keyless (id INT, name VARCHAR(9) NOT NULL, ts DATETIME)',
  );
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('validation', () => {
  const WRONG: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
    good: {},
    'insert.mode': { 'insert.mode': 'merge' },
    'pk.mode': { 'pk.mode': 'guess' },
    delete: { 'delete.enabled': 'true' },
    batch: { 'batch.size': '-1' },
    zone: { 'db.timezone': 'Mars/Olympus' },
    'no url': { 'connection.url': undefined },
    password: { 'connection.password': 'wrong' },
    format: { 'table.name.format': '' },
  };
  const golden = jdbcScenario('sink', 'sink_validate').afterwards.get('errors') as Record<string, Record<string, string[]>>;

  test.each(Object.entries(WRONG))('%s: the same keys are wrong as with the original, for the same reasons', async (name, more) => {
    const given = { 'connection.url': database.url, topics: 't', ...more };
    const config = Object.fromEntries(Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
    const values = spec.validateAll(config);
    await validateSink(config, values, systemClock);
    const errors = [...values.values()].flatMap((row) => (row.errors.length > 0 ? [[row.name, row.errors] as const] : []));
    expect(errors.map(([key]) => key).sort()).toEqual(Object.keys(golden[name]!).sort());
    // The recording keeps the beginning of each; of those about the connection it keeps none.
    for (const [key, texts] of errors) {
      expect(texts.length).toBe(golden[name]![key]!.length);
      for (const [i, text] of texts.entries()) expect(text.startsWith(golden[name]![key]![i]!.replace('…', ''))).toBe(true);
    }
  });
});

async function validate(config: Readonly<Record<string, string>>) {
  const file = writeProperties(path.join(folder, 'c.properties'), {
    name: 'c',
    'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
    'connection.url': database.url,
    ...config,
  });
  const run = await runOneShotLine(`validate ${file}`);
  return { ...run, out: run.out.replaceAll(database.name, 'db') };
}

const UPSERT = { 'insert.mode': 'upsert', 'pk.mode': 'record_value', 'pk.fields': 'id' };

describe('kconsole validate', () => {
  test('a table that is there and fits', async () => {
    const { exit, out } = await validate({ ...UPSERT, topics: 'fine' });
    expect(exit).toBe(0);
    expect(out).toContain('  settings are right\n');
    expect(out).toMatch(/longest statement {2}\d+ bytes \(max_allowed_packet\)/);
    expect(out).toMatch(/writes +upsert, key record_value \(id\)\n/);
    expect(out).toMatch(/`db`\.`fine`\n {2}topic +fine\n {2}table +BASE TABLE, InnoDB, about 0 rows\n/);
    expect(out).toMatch(/columns +id int\(11\), name text, ts datetime\(3\)\n/);
    expect(out).not.toMatch(/error|warning|kafka123/);
  });

  test('what would go wrong unseen: no unique key, no index, whole seconds, columns that records may lack', async () => {
    const { exit, out } = await validate({ ...UPSERT, topics: 'keyless' });
    expect(exit).toBe(0);
    expect(out).toContain('warning: No unique key is made of (id): insert.mode=upsert adds a row for every record. Give the table one.');
    expect(out).toContain('warning: Fractions of seconds are cut in ts: make them DATETIME(3) or finer.');
    expect(out).toContain('warning: Records without name are refused: the columns take no NULL and have no default.');
    const update = await validate({ ...UPSERT, 'insert.mode': 'update', topics: 'keyless' });
    expect(update.out).toContain('warning: No index begins with one of (id): each update reads the whole table.');
  });

  test('tables that are not there: an error, or the statement that makes them', async () => {
    const { exit, out } = await validate({ ...UPSERT, topics: 'nowhere,other.nowhere,a.b.c' });
    expect(exit).not.toBe(0);
    expect(out).toContain('error: The table is not there, and auto.create=false: create it, or set auto.create=true.');
    expect(out).toContain('The point in "other.nowhere" parts database and table: the table is nowhere in other.');
    expect(out).toContain("error: Table name 'a.b.c' for topic 'a.b.c' cannot be used");
    const made = await validate({ ...UPSERT, 'auto.create': 'true', topics: 'nowhere' });
    expect(made.exit).toBe(0);
    expect(made.out).toMatch(
      /DDL +CREATE TABLE `db`\.`nowhere` \(\n +a column for each field: its type of SQL, NULL or NOT NULL,\n +PRIMARY KEY\(`id`\)\)/,
    );
  });

  test('keys that cannot be: TEXT as a key, columns that are missing', async () => {
    const kafka = await validate({ 'pk.mode': 'kafka', 'auto.create': 'true', topics: 'nowhere' });
    expect(kafka.exit).not.toBe(0);
    expect(kafka.out).toContain(
      'Create the table before, with `__connect_topic` VARCHAR(249) NOT NULL, `__connect_partition` INT NOT NULL',
    );
    const missing = await validate({ ...UPSERT, 'pk.fields': 'id,region', topics: 'fine', 'auto.evolve': 'true' });
    expect(missing.out).toContain('error: The table lacks the key columns region (pk.mode, pk.fields), which auto.evolve never adds.');
  });

  test('no connection is an error of its key', async () => {
    const { exit, out } = await validate({ topics: 'fine', 'connection.url': database.url.replace('kafka123', 'wrong-9') });
    expect(exit).not.toBe(0);
    expect(out).toMatch(/error: connection\.url: Could not connect to database\. .*Access denied/);
    expect(out).not.toContain('wrong-9');
  });
});
