/** The repository itself: what lies at its top, what must not be in it, and that the dependency table is whole. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** As in .gitignore. */
const IGNORED = /^(\.git|node_modules|dist|coverage|\.bench)$|\.tgz$/;
const files = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => !IGNORED.test(entry.name))
  .flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    return readdirSync(path.join(ROOT, entry.name), { recursive: true, withFileTypes: true })
      .filter((inner) => inner.isFile())
      .map((inner) => path.relative(ROOT, path.join(inner.parentPath, inner.name)));
  });
const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');

test('the top level holds what a newcomer expects', () => {
  const top = new Set(files.map((name) => name.split('/')[0] ?? '').filter((name) => !name.startsWith('.')));
  expect([...top].sort()).toEqual(
    [
      ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'package-lock.json', 'package.json', 'tsconfig.json'],
      ...['config', 'hooks', 'screens', 'src', 'test'],
    ].sort(),
  );
});

test('no file names a home of this machine, or where a package was downloaded from', () => {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string }> };
  expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  const home = /\/(root|home\/\w+|Users\/\w+|work)\/(main|shared|\.cache|\.npm)\b/;
  const texts = files.filter((name) => /\.(tsx?|mjs|json|md|properties|ya?ml|svg|sh)$|^\.\w+$/.test(name));
  expect(texts.filter((name) => home.test(read(name)))).toEqual([]);
});

test('each dependency has its reason, and each pins its version', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string> | undefined>;
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };
  const table = read('CONTRIBUTING.md').split('## Dependencies')[1] ?? '';
  const firstCells = [...table.matchAll(/^\| (`[^|]+)\|/gm)].map(([, cell]) => cell ?? '');
  const named = firstCells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''));
  const hasReason = (name: string) => named.some((one) => (one.endsWith('/*') ? name.startsWith(one.slice(0, -1)) : name === one));
  expect(Object.keys(all).filter((name) => !hasReason(name))).toEqual([]);
  expect(named.filter((one) => !one.endsWith('/*') && !(one in all))).toEqual([]);
  expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
