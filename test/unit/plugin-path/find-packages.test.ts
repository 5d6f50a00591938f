/** What counts as a package of plugin.path, and what is wrong with those that do not. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPackages } from '../../../src/plugin-path/find-packages.ts';
import { writePackage } from '../../helpers/plugin-packages.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kconsole-find-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const namesIn = (...entries: string[]) => findPackages(entries).packages.map(({ name }) => name);

test('packages lie in a folder of the path, below a scope, or are named themselves; each counts once', () => {
  writePackage(folder, 'b', {});
  const a = writePackage(folder, 'a', {});
  writePackage(path.join(folder, '@scope'), 'c', {});
  mkdirSync(path.join(folder, 'java-plugin'));
  writeFileSync(path.join(folder, 'java-plugin', 'x.jar'), '');
  writeFileSync(path.join(folder, 'y.jar'), '');
  symlinkSync(a, path.join(folder, 'link-to-a'));
  expect(namesIn(folder, a)).toEqual(['c', 'a', 'b']);
  expect(findPackages([a])).toEqual({
    packages: [{ name: 'a', version: '1.0.0', folder: a, main: path.join(a, 'index.js') }],
    faults: [],
  });
});

test('a folder that is not there is a fault, and the others are read', () => {
  const a = writePackage(folder, 'a', {});
  const { packages, faults } = findPackages([path.join(folder, 'none'), a]);
  expect(packages.map(({ name }) => name)).toEqual(['a']);
  expect(faults).toEqual([
    { package: path.join(folder, 'none'), message: expect.stringMatching(/^it cannot be read \(ENOENT.*correct plugin\.path\.$/) },
  ]);
});

test.each([
  ['no JSON', '{', /package\.json cannot be read: /],
  ['no object', '3', /package\.json is no object/],
  ['no name', { version: '1.0.0', main: 'index.js' }, /has no "name"/],
  ['no version', { name: 'x', main: 'index.js' }, /has no "version" such as "1\.0\.0"/],
  ['a version in words', { name: 'x', version: 'newest', main: 'index.js' }, /has no "version"/],
  ['no main', { name: 'x', version: '1.0.0' }, /has no "main": name the module that exports plugins/],
  ['a main that is not there', { name: 'x', version: '1.0.0', main: 'lib.js' }, /names "main": "lib\.js", and there is no such file/],
  ['a main outside', { name: 'x', version: '1.0.0', main: '../outside.js' }, /lies outside of the package/],
  ['a main that links outside', { name: 'x', version: '1.0.0', main: 'link.js' }, /lies outside of the package/],
])('a manifest with %s', (_, manifest, message) => {
  writeFileSync(path.join(folder, 'outside.js'), '');
  const at = writePackage(folder, 'x', { manifest });
  symlinkSync(path.join(folder, 'outside.js'), path.join(at, 'link.js'));
  expect(findPackages([folder])).toEqual({ packages: [], faults: [{ package: at, message: expect.stringMatching(message) }] });
});

test('TypeScript below node_modules is refused with what to do', () => {
  const modules = path.join(folder, 'node_modules');
  const at = writePackage(modules, 'x', { manifest: { name: 'x', version: '1.0.0', main: 'index.ts' } });
  writeFileSync(path.join(at, 'index.ts'), '');
  expect(findPackages([modules]).faults[0]?.message).toMatch(
    /TypeScript below a folder node_modules.*Put the package elsewhere, or compile it/,
  );
});
