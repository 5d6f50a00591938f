/** The log of a worker without a screen: bounded, private, and no reason to fail. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RotatingFile } from '../../../../src/cli/left/rotating-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-rotating-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: RotatingFile, text: string) => new Promise<void>((resolve) => file.write(text, () => resolve()));

test('at its limit the file is put aside, and two of them are all there ever is', async () => {
  const name = path.join(folder, 'new', 'worker.log');
  const file = new RotatingFile(name, 20);
  for (const text of ['first line\n', 'second\n', 'third line\n', 'fourth line\n']) await write(file, text);
  expect(readFileSync(`${name}.1`, 'utf8')).toBe('third line\n');
  expect(readFileSync(name, 'utf8')).toBe('fourth line\n');
  expect(statSync(name).mode & 0o777).toBe(0o600);
  file.end();
  await once(file, 'finish');
  const again = new RotatingFile(name, 20);
  await write(again, 'more\n');
  expect(readFileSync(name, 'utf8')).toBe('fourth line\nmore\n');
});

test('what cannot be written is lost, and the next line tries again', async () => {
  const name = path.join(folder, 'blocked.log');
  mkdirSync(name);
  const file = new RotatingFile(name);
  await write(file, 'lost\n');
  rmSync(name, { recursive: true });
  await write(file, 'kept\n');
  expect(readFileSync(name, 'utf8')).toBe('kept\n');
});
