/** The data of a new MariaDB. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConnectError } from '../base/errors.ts';
import { endWithUs } from './child.ts';
import { argumentsOf, environmentOf, lastLines, type MariaDbSettings } from './mariadb-launch.ts';
import { type MariaDbProgram, systemTablesIn } from './mariadb-program.ts';

/** The server makes its own system tables from SQL at its standard input: about two seconds. */
export async function makeMariaDbData(program: MariaDbProgram, settings: MariaDbSettings, data: string): Promise<void> {
  const partial = `${data}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  const statements = path.join(settings.folder, 'first-statements.sql');
  writeFileSync(statements, firstStart(program, settings.firstStatements ?? []));
  const input = openSync(statements, 'r');
  const log = openSync(path.join(settings.folder, 'bootstrap.log'), 'w');
  const child = spawn(program.daemon, [...argumentsOf(program, settings, partial), '--bootstrap', '--skip-networking'], {
    stdio: [input, log, log],
    env: environmentOf(program),
    detached: true,
  });
  closeSync(input);
  closeSync(log);
  endWithUs(child);
  const stop = () => child.kill('SIGKILL');
  settings.signal?.addEventListener('abort', stop);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new ConnectError(`"${program.daemon}" cannot be run: ${error.message}.`)));
    child.once('exit', resolve);
  });
  settings.signal?.removeEventListener('abort', stop);
  settings.signal?.throwIfAborted();
  if (code !== 0)
    throw new ConnectError(
      `MariaDB could not make its data (exit code ${code}). Its last words:\n${lastLines(settings.folder, 'bootstrap.log')}`,
    );
  rmSync(statements);
  renameSync(partial, data);
}

function firstStart(program: MariaDbProgram, statements: readonly string[]): string {
  const tables = systemTablesIn(program.share)!;
  const others = ['performance_tables', 'system_tables_data', 'test_data_timezone']
    .map((name) => tables.replace('system_tables', name))
    .filter((file) => existsSync(file));
  return [
    // One statement a line.
    'CREATE DATABASE mysql;',
    'USE mysql;',
    'SET @auth_root_socket=NULL;',
    ...[tables, ...others].map((file) => readFileSync(file, 'utf8')),
    'FLUSH PRIVILEGES;',
    ...statements.map((statement) => `${statement};`),
    '',
  ].join('\n');
}
