import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findMariaDb } from '../../../src/demo/mariadb-program.ts';

let folder: string;
const before = { ...process.env };

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kconsole-mariadb-home-'));
});

afterEach(() => {
  for (const name of ['MARIADB_HOME', 'PATH', 'XDG_CACHE_HOME'])
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  rmSync(folder, { recursive: true, force: true });
});

function put(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), '');
  }
}

test.each([
  ['sbin/mariadbd', 'share/mysql', 'mysql_system_tables.sql'],
  ['bin/mariadbd', 'share', 'mariadb_system_tables.sql'],
  ['usr/sbin/mariadbd', 'usr/share/mariadb', 'mariadb_system_tables.sql'],
])('MARIADB_HOME with %s and %s', async (daemon, share, tables) => {
  put(daemon, `${share}/${tables}`, `${share}/charsets/Index.xml`);
  process.env.MARIADB_HOME = folder;
  expect(await findMariaDb()).toEqual({
    daemon: path.join(folder, daemon),
    share: path.join(folder, share),
    pluginFolder: null,
    libraryFolders: [],
    from: 'of MARIADB_HOME',
  });
});

test('MARIADB_HOME without a server is refused with the way out', async () => {
  process.env.MARIADB_HOME = folder;
  await expect(findMariaDb()).rejects.toThrow(
    `MARIADB_HOME is "${folder}", but there is no mariadbd with its share folder. Point it at an unpacked MariaDB, or unset it.`,
  );
});

test('a cache that holds none says so', async () => {
  delete process.env.MARIADB_HOME;
  process.env.PATH = path.join(folder, 'nothing');
  process.env.XDG_CACHE_HOME = folder;
  put(`kconsole/mariadb-${process.arch}/usr/readme`);
  await expect(findMariaDb()).rejects.toThrow(/holds no MariaDB\. Remove it, and it is fetched again\.$/);
});
