/** The launcher keeps what was compiled for the next start, where nobody else could have put code there. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../dist/kconsole.js');
let cache: string;

beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'kconsole-launcher-'));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
});

function run(more: Readonly<Record<string, string>> = {}): string {
  const { NODE_COMPILE_CACHE: _, ...environment } = process.env;
  return execFileSync(process.execPath, [program, '--version'], {
    env: { ...environment, XDG_CACHE_HOME: cache, ...more },
    encoding: 'utf8',
  }).trim();
}

const compiled = () => path.join(cache, 'kconsole', 'compiled');
const kept = () => readdirSync(compiled(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

test('what was compiled is kept, and the next start says the same', () => {
  const first = run();
  const count = kept();
  expect(count).toBeGreaterThan(0);
  expect([run(), kept()]).toEqual([first, count]);
});

test('a folder that others can write to is not used', () => {
  mkdirSync(compiled(), { recursive: true });
  chmodSync(path.join(cache, 'kconsole'), 0o777);
  expect([run().length > 0, kept()]).toEqual([true, 0]);
});

test('a place of the user’s own, none, and one that cannot be made', () => {
  const own = path.join(cache, 'own');
  run({ NODE_COMPILE_CACHE: own });
  expect(readdirSync(own).length).toBeGreaterThan(0);
  run({ NODE_COMPILE_CACHE: '' });
  expect(run({ XDG_CACHE_HOME: program })).toMatch(/^\d+\./);
  expect(existsSync(compiled())).toBe(false);
});
