/** Names that `kconsole plugins new` takes, and what it refuses to touch. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UsageError } from '../../../src/cli/one-shot/context.ts';
import { createPlugin } from '../../../src/cli/one-shot/new-plugin.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kconsole-new-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each(['', '.', '../up', '/abs', 'Big', 'two words', '-x', 'x-', 'a--b', '@scope/x', 'x'.repeat(61)])(
  'the name "%s" is refused',
  (name) => {
    expect(() => createPlugin(name, folder)).toThrow(UsageError);
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('what is there already stays as it is', () => {
  writeFileSync(path.join(folder, 'mine'), 'text');
  expect(() => createPlugin('mine', folder)).toThrow(/mine is there already, and nothing was written/);
  expect(readFileSync(path.join(folder, 'mine'), 'utf8')).toBe('text');
});

test('nothing of the example’s name is left, and folders on the way are made', () => {
  const made = createPlugin('my-own2', path.join(folder, 'deep', 'er'));
  const texts = readdirSync(made, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(src|test)[/\\].*\.ts$|^[^/\\]+\.(json|properties)$/.test(name))
    .map((name) => readFileSync(path.join(made, name), 'utf8'));
  expect(texts.length).toBeGreaterThanOrEqual(8);
  expect(texts.filter((text) => /example-counter|\bexample\.[A-Z]/.test(text))).toEqual([]);
  expect(texts.join()).toContain("className: 'my-own2.Mark'");
  expect(existsSync(path.join(made, 'node_modules', 'kconsole', 'package.json'))).toBe(true);
});
