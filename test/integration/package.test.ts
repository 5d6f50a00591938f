/** `npm pack` gives a package that installs into an empty prefix and runs, with few packages beside it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-package-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the package installs into an empty prefix and runs', () => {
  const npm = (args: string[]) => execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  npm(['pack', '--ignore-scripts', '--pack-destination', folder]);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
  npm(['install', '-g', '--prefix', path.join(folder, 'prefix'), path.join(folder, archive)]);
  const program = path.join(folder, 'prefix', 'bin', 'kconsole');
  const run = (args: string[]) => execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, HOME: folder } });
  expect(run(['--version']).trim()).toMatch(/^\d+\.\d+\.\d+/);
  expect(run(['--help'])).toContain('standalone');
  run(['plugins', 'new', 'packed', '--in', folder]);
  const plugin = path.join(folder, 'packed');
  const env = { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}` };
  expect(execFileSync('npm', ['test', '--offline'], { cwd: plugin, encoding: 'utf8', env })).toContain('pass 3');
  const modules = path.join(root, 'node_modules');
  execFileSync(path.join(modules, '.bin', 'tsc'), ['-p', plugin, '--typeRoots', path.join(modules, '@types')], { encoding: 'utf8' });
  expect(run(['brokers', '-b', process.env.KCONSOLE_TEST_BOOTSTRAP!, '-o', 'json'])).toContain('127.0.0.1');
}, 240_000);
