/** MariaDB's server for local databases: found, or fetched once as Debian's packages, unpacked into the XDG cache and not installed. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ConnectError, errorCodeOf, messageOf } from '../base/errors.ts';
import { cacheFolder } from '../base/user-folders.ts';
import { type Ended, runToEnd } from './child.ts';

const run = promisify(execFile);

export interface MariaDbProgram {
  readonly daemon: string;
  /** Folder with the messages, character sets and the SQL of the system tables. */
  readonly share: string;
  readonly pluginFolder: string | null;
  /** For LD_LIBRARY_PATH; empty: the system's are used. */
  readonly libraryFolders: readonly string[];
  /** In words, where it is from. */
  readonly from: string;
}

const PACKAGE = 'mariadb-server-core';
const WAY_OUT = 'Install MariaDB (Debian: apt-get install mariadb-server-core), or set MARIADB_HOME to a folder that holds it.';
const DAEMONS = ['sbin/mariadbd', 'bin/mariadbd', 'libexec/mariadbd'];
const SHARES = ['share/mysql', 'share/mariadb', 'share'];
const SYSTEM_SQL = ['mariadb_system_tables.sql', 'mysql_system_tables.sql'];

/** `$MARIADB_HOME`, else the one on this machine, else the cache, which apt-get fills (9 MB, once). Throws ConnectError, or the signal's reason. */
export async function findMariaDb(signal?: AbortSignal): Promise<MariaDbProgram> {
  const home = process.env.MARIADB_HOME;
  if (home) {
    const program = programBelow(home, 'of MARIADB_HOME') ?? programBelow(path.join(home, 'usr'), 'of MARIADB_HOME');
    if (program !== null) return program;
    throw new ConnectError(
      `MARIADB_HOME is "${home}", but there is no mariadbd with its share folder. Point it at an unpacked MariaDB, or unset it.`,
    );
  }
  const installed = prefixesOfPath()
    .map((prefix) => programBelow(prefix, 'of this machine'))
    .find((program) => program !== null);
  if (installed) return installed;
  const folder = path.join(cacheFolder(), `mariadb-${process.arch}`);
  const from = existsSync(folder) ? 'at hand' : 'fetched once with apt-get';
  if (!existsSync(folder)) await fetchPackages(folder, signal);
  const program = programBelow(path.join(folder, 'usr'), from);
  if (program === null) throw new ConnectError(`${folder} holds no MariaDB. Remove it, and it is fetched again.`);
  return program;
}

/** The system's programs of this kind stand outside of most users' PATH. */
function prefixesOfPath(): string[] {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  return [...new Set(folders.filter((folder) => path.isAbsolute(folder)).map((folder) => path.dirname(folder)))];
}

function programBelow(prefix: string, from: string): MariaDbProgram | null {
  const first = (names: readonly string[], holds: (folder: string) => boolean) =>
    names.map((name) => path.join(prefix, name)).find(holds) ?? null;
  const daemon = first(DAEMONS, existsSync);
  const share = first(SHARES, (folder) => systemTablesIn(folder) !== null && existsSync(path.join(folder, 'charsets')));
  if (daemon === null || share === null) return null;
  const pluginFolder = first(['lib/mysql/plugin', 'lib/mariadb/plugin', 'lib/plugin'], existsSync);
  const isOwn = prefix.startsWith(cacheFolder());
  return { daemon, share, pluginFolder, libraryFolders: isOwn ? libraryFolders(path.dirname(prefix)) : [], from };
}

/** The file with the SQL that makes the system tables; its beginning tells how the others are called: `mysql_` or `mariadb_`. */
export function systemTablesIn(share: string): string | null {
  return SYSTEM_SQL.map((name) => path.join(share, name)).find((file) => existsSync(file)) ?? null;
}

function libraryFolders(root: string): string[] {
  return ['usr/lib', 'lib'].flatMap((name) => {
    const folder = path.join(root, name);
    const below = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((entry) => /-linux-gnu/.test(entry.name)) : [];
    return below.map((entry) => path.join(folder, entry.name));
  });
}

/** Into a neighbour, which is renamed when whole: a broken-off download is never taken for the server. */
async function fetchPackages(folder: string, signal: AbortSignal | undefined): Promise<void> {
  const partial = `${folder}.partial-${process.pid}`;
  const root = path.join(partial, 'root');
  mkdirSync(root, { recursive: true });
  try {
    const packages = path.join(partial, 'packages');
    mkdirSync(packages);
    try {
      await download(packages, [], signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ConnectError && errorCodeOf(error.cause) === 'ENOENT') throw error;
      // No lists, or old ones: they are read anew into a place of ours, which needs no rights.
      const own = ownLists(partial);
      await mustRun('apt-get', [...own, '-q', 'update'], 'read the list of packages', signal);
      await download(packages, own, signal);
    }
    for (const name of readdirSync(packages).filter((file) => file.endsWith('.deb')))
      await mustRun('dpkg-deb', ['-x', path.join(packages, name), root], `unpack ${name}`, signal);
    renameSync(root, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function ownLists(partial: string): string[] {
  const lists = path.join(partial, 'lists');
  const cache = path.join(partial, 'cache');
  mkdirSync(path.join(lists, 'partial'), { recursive: true });
  mkdirSync(path.join(cache, 'archives', 'partial'), { recursive: true });
  return ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
}

/** The server and the libraries that this system lacks for it. */
async function download(folder: string, options: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const names = await missingPackages(options, signal);
  await mustRun(
    'sh',
    ['-c', 'cd "$1" && shift && exec apt-get "$@"', 'sh', folder, ...options, '-q', 'download', ...names],
    'fetch MariaDB',
    signal,
  );
}

/** A simulated installation, which needs no rights, names them. */
async function missingPackages(options: readonly string[], signal: AbortSignal | undefined): Promise<string[]> {
  const args = [...options, '-q', '-s', '--no-install-recommends', 'install', PACKAGE];
  try {
    const { stdout } = await run('apt-get', args, { env: { ...process.env, LC_ALL: 'C' }, ...(signal ? { signal } : {}) });
    const names = [...stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!);
    return names.length > 0 ? names : [PACKAGE];
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') throw cannotRun('apt-get', error);
    throw refused(`apt-get knows no package ${PACKAGE} that fits this system`, messageOf(error));
  }
}

async function mustRun(command: string, args: readonly string[], what: string, signal: AbortSignal | undefined): Promise<void> {
  let ended: Ended;
  try {
    ended = await runToEnd(command, args, signal);
  } catch (error) {
    throw cannotRun(command, error);
  }
  signal?.throwIfAborted();
  if (ended.code !== 0) throw refused(`${command} could not ${what} (exit code ${ended.code})`, ended.said);
}

function cannotRun(command: string, cause: unknown): ConnectError {
  return new ConnectError(`MariaDB is fetched with apt-get and dpkg-deb, and "${command}" cannot be run. ${WAY_OUT}`, { cause });
}

function refused(what: string, said: string): ConnectError {
  return new ConnectError(`${what}. ${WAY_OUT}\n${said}`);
}
