/** How MariaDB's server is started here: its options, its surroundings, its last words. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MariaDbProgram } from './mariadb-program.ts';

export interface MariaDbSettings {
  /** Everything of the server lies here; the caller removes it. Data that is there already is used again. */
  readonly folder: string;
  /** Statements of the first start, one a line: databases, users, rights. Root may come from this machine, without a password unless one is set. */
  readonly firstStatements?: readonly string[];
  /** More options of the server, as `name: value`; an empty value is a bare `--name`. */
  readonly options?: Readonly<Record<string, string>>;
  /** Gives up a start that is under way; what it has started ends. */
  readonly signal?: AbortSignal;
}

/**
 * Small and quick to start; safe against a crash of the server, not of the machine. `explicit-defaults-for-timestamp` off as in MariaDB before 10.10
 * and MySQL before 8: `modified TIMESTAMP` is NOT NULL then, which timestamp modes need.
 */
const OPTIONS: Readonly<Record<string, string>> = {
  'bind-address': '127.0.0.1',
  'skip-name-resolve': '',
  'character-set-server': 'utf8mb4',
  'collation-server': 'utf8mb4_general_ci',
  'default-time-zone': '+00:00',
  'explicit-defaults-for-timestamp': '0',
  'local-infile': '0',
  'performance-schema': '0',
  'max-connections': '200',
  'table-open-cache': '200',
  'open-files-limit': '1024',
  'innodb-buffer-pool-size': '64M',
  'innodb-log-file-size': '16M',
  'innodb-flush-log-at-trx-commit': '2',
  'innodb-use-native-aio': '0',
  'innodb-buffer-pool-dump-at-shutdown': '0',
  'innodb-buffer-pool-load-at-startup': '0',
  'aria-pagecache-buffer-size': '8M',
  'key-buffer-size': '8M',
};
const LAST_LINES = 5;

export function argumentsOf(program: MariaDbProgram, { folder, options }: MariaDbSettings, data: string): string[] {
  const places = {
    datadir: data,
    tmpdir: data,
    // Below the data folder, where the server works: the whole path could be longer than a socket's may be.
    socket: 'server.sock',
    'pid-file': path.join(folder, 'server.pid'),
    'general-log-file': path.join(folder, 'general.log'),
    'lc-messages-dir': program.share,
    'character-sets-dir': path.join(program.share, 'charsets'),
    ...(program.pluginFolder === null ? {} : { 'plugin-dir': program.pluginFolder }),
    ...(process.getuid?.() === 0 ? { user: 'root' } : {}),
  };
  const all = Object.entries({ ...OPTIONS, ...places, ...options });
  return ['--no-defaults', ...all.map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`))];
}

export function environmentOf({ libraryFolders }: MariaDbProgram): NodeJS.ProcessEnv {
  const { LD_LIBRARY_PATH: given, ...rest } = process.env;
  const libraries = [...libraryFolders, ...(given ? [given] : [])].join(':');
  return { ...rest, LC_ALL: 'C', ...(libraries === '' ? {} : { LD_LIBRARY_PATH: libraries }) };
}

export function lastLines(folder: string, name: string): string {
  const file = path.join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-LAST_LINES).join('\n') : '(nothing)';
}
