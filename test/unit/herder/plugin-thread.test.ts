/** The time that a package has begins when its thread runs. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogHub } from '../../../src/base/log.ts';
import { PluginThread } from '../../../src/herder/plugin-thread.ts';
import { findPackages } from '../../../src/plugin-path/find-packages.ts';
import { FAULTY_SOURCE, writePackage } from '../../helpers/plugin-packages.ts';
import { createTestClock } from '../../helpers/test-clock.ts';
import { waitUntil } from '../../helpers/wait-until.ts';

const LIMIT_MS = 1_000;
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kconsole-thread-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function load(code: string) {
  writePackage(folder, 'tried', { code });
  const { packages } = await findPackages([folder]);
  const clock = createTestClock();
  const thread = new PluginThread(clock, LIMIT_MS, new LogHub(() => 0).log('test'));
  return { clock, thread, loaded: thread.run({ job: 'load', package: packages[0]! }) };
}

test('however long the thread takes to start, the package has all its time', async () => {
  const { clock, thread, loaded } = await load(FAULTY_SOURCE);
  await clock.advance(100 * LIMIT_MS);
  expect((await loaded).plugins).toHaveLength(1);
  await thread.close();
});

test('a package that hangs is given up when its time is over, and the next job gets another thread', async () => {
  const { clock, thread, loaded } = await load('for (;;);');
  const refused = expect(loaded).rejects.toThrow(`it did not return within ${LIMIT_MS} ms and was ended`);
  await waitUntil('its time runs', () => clock.sleepers > 0);
  await clock.advance(LIMIT_MS);
  await refused;
  expect(thread.isOpen).toBe(false);
});
