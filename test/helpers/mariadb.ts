/** A database of its own for each test file on the run's MariaDB (KCONSOLE_TEST_MARIADB, see services.ts), with the seed's tables when wanted. */
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { DEMO_TABLES, type DemoTable } from '../../src/demo/tables.ts';
import type { DatabaseConnection } from '../../src/mysql/connection.ts';
import { quoteName } from '../../src/mysql/dialect.ts';
import { parseJdbcUrl } from '../../src/mysql/jdbc-url.ts';
import { openConnection } from '../../src/mysql/open-connection.ts';

export interface StatementRecord {
  /** SQL texts in the order of arrival, those of tests' own root connection left out; line ends inside of a statement kept. */
  statements(): readonly string[];
}

export interface TestDatabase {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** For `connection.url`: user kafka, password kafka123. */
  readonly url: string;
  /** Of the user root, in this database, with explicit_defaults_for_timestamp off. */
  readonly root: DatabaseConnection;
  /** Runs statements one after the other as root. */
  run(...statements: readonly string[]): Promise<void>;
  /** From now on, what arrives on connections to this database that are opened from now on: the server's general log. */
  recordStatements(): Promise<StatementRecord>;
  /** Drops the database and ends the connection. */
  drop(): Promise<void>;
}

function serverOf(address = process.env.KCONSOLE_TEST_MARIADB): URL {
  if (!address) throw new Error('KCONSOLE_TEST_MARIADB is not set: run this file in the project "services".');
  return new URL(address);
}

/** A fresh, empty database; `tables` of the seed are made in it. Its name begins with `prefix`. `server`: another one than the run's. */
export async function createDatabase(prefix: string, tables: readonly DemoTable[] = [], server?: string): Promise<TestDatabase> {
  const { hostname, port, password } = serverOf(server);
  const name = `${prefix}_${randomBytes(4).toString('hex')}`;
  const base = `jdbc:mysql://${hostname}:${port}`;
  const open = (database: string) =>
    openConnection(
      parseJdbcUrl(
        `${base}/${encodeURIComponent(database)}?user=root&password=${password}&sessionVariables=explicit_defaults_for_timestamp=0`,
      ),
      {
        clock: systemClock,
      },
    );
  const first = await open('');
  await first.execute(`CREATE DATABASE ${quoteName(name)}`);
  await first.close();
  const root = await open(name);
  const run = async (...statements: readonly string[]) => {
    for (const statement of statements) await root.execute(statement);
  };
  await run(...tables.map((table) => DEMO_TABLES[table]));
  return {
    name,
    host: hostname,
    port: Number(port),
    url: `${base}/${encodeURIComponent(name)}?user=kafka&password=kafka123`,
    root,
    run,
    recordStatements: async () => {
      const { rows } = await root.query('SELECT @@general_log_file, @@datadir');
      await root.execute('SET GLOBAL general_log=1');
      const file = path.resolve(String(rows[0]![1]), String(rows[0]![0]));
      const from = statSync(file).size;
      return { statements: () => statementsOf(textFrom(file, from), name) };
    },
    drop: async () => {
      await root.execute(`DROP DATABASE IF EXISTS ${quoteName(name)}`);
      await root.close();
    },
  };
}

function textFrom(file: string, from: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(fstatSync(descriptor).size - from);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, from));
  } finally {
    closeSync(descriptor);
  }
}

/** `261127  0:01:30<tab>     5 Query<tab>SELECT 1`; the time is left out when it is that of the line before. */
const LOG_LINE =
  /^(?:\d{6} [ \d]\d:\d\d:\d\d|\t)\t *(\d+) (Connect|Query|Quit|Init DB|Prepare|Execute|Close stmt|Ping|Statistics|Field List)(?:\t|$)(.*)$/;

function statementsOf(log: string, database: string): string[] {
  const threads = new Set<string>();
  const statements: string[] = [];
  let isOurs = false;
  for (const line of log.split('\n')) {
    const match = LOG_LINE.exec(line);
    if (match === null) {
      if (isOurs && line !== '') statements.push(`${statements.pop()}\n${line}`);
      continue;
    }
    const [, thread = '', command, text = ''] = match;
    if (command === 'Connect' && text.includes(` on ${database} `) && !text.startsWith('root@')) threads.add(thread);
    isOurs = command === 'Query' && threads.has(thread);
    if (isOurs) statements.push(text);
  }
  return statements;
}
