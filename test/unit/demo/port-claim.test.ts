import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { claimPort } from '../../../src/demo/port-claim.ts';

const folder = () => mkdtempSync(path.join(tmpdir(), 'kconsole-claims-'));

test('a port is one cluster’s until that lets it go', () => {
  const at = folder();
  const release = claimPort(19092, at);
  expect(release).not.toBeNull();
  expect(claimPort(19092, at)).toBeNull();
  expect(claimPort(29092, at)).not.toBeNull();
  release?.();
  expect(existsSync(path.join(at, 'kconsole-port-19092'))).toBe(false);
  expect(claimPort(19092, at)).not.toBeNull();
});

test.each(['2147483646', 'no number'])('what a process has left behind that is gone (%s) counts for nothing', (left) => {
  const at = folder();
  writeFileSync(path.join(at, 'kconsole-port-19092'), left);
  expect(claimPort(19092, at)).not.toBeNull();
  expect(readdirSync(at)).toEqual(['kconsole-port-19092']);
});
