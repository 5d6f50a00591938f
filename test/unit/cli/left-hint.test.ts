/** Starting again what still runs: the failure names the worker that was left, and how to get to it. */
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Registration } from '../../../src/cli/left/registration.ts';
import { leftHint } from '../../../src/cli/worker-command.ts';

const left: Registration = {
  pid: 4711,
  processStart: 'x',
  name: 'standalone',
  restUrl: 'http://127.0.0.1:8083/',
  bootstrapServers: 'a:9092',
  workerFile: path.resolve('conf/w.properties'),
  leftAt: '2026-01-01T00:00:00.000Z',
  logFile: '/tmp/x.log',
};

test('a worker of the same file is named with its pid and address, whatever way the file was written', () => {
  const hint = leftHint('./conf/../conf/w.properties', [{ ...left, workerFile: '/elsewhere' }, left]);
  expect(hint).toContain('pid 4711, http://127.0.0.1:8083/');
  expect(hint).toContain('Run kconsole without a file');
});

test('workers of other files, or of none, are no reason', () => {
  expect(leftHint('conf/w.properties', [])).toBeNull();
  expect(leftHint('conf/w.properties', [{ ...left, workerFile: null }])).toBeNull();
});
