import { appendFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LogHub } from '../../../../../../src/base/log.ts';
import { FileWatch } from '../../../../../../src/plugins/connectors/file-stream/source/file-watch.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';
import { waitUntil } from '../../../../../helpers/wait-until.ts';
import { TempFolder } from '../running-source.ts';

test('a busy file is looked at every few milliseconds, a quiet one is notified of again', async () => {
  using folder = new TempFolder();
  const file = folder.file('app.log');
  writeFileSync(file, '');
  const clock = createTestClock();
  const watch = new FileWatch(file, clock, new LogHub(() => 0).log('test'), () => false);
  await waitUntil('the watch to be ready', () => watch.version > 0);
  const seen = watch.version;
  appendFileSync(file, '1\n');
  await watch.changed(seen, 60_000);
  expect(watch.version).toBeGreaterThan(seen);

  for (let read = 0; read < 149; read++) watch.noteData();
  expect(watch.isBusy).toBe(false);
  watch.noteData();
  expect(watch.isBusy).toBe(true);
  const tick = watch.changed(watch.version, 1000);
  await clock.advance(8);
  await tick;

  // As busy in the next window, then not any more.
  await clock.advance(1000);
  for (let read = 0; read < 100; read++) watch.noteData();
  await clock.advance(1000);
  watch.noteData();
  expect(watch.isBusy).toBe(true);
  await clock.advance(1000);
  const before = watch.version;
  const notified = watch.changed(before, 60_000);
  expect(watch.isBusy).toBe(false);
  await notified;
  expect(watch.version).toBeGreaterThan(before);
  await watch.close();
});

test('other files of the folder are told of only when they matter', async () => {
  using folder = new TempFolder();
  const clock = createTestClock();
  let matters = false;
  // The file is missing: the folder is watched.
  const watch = new FileWatch(folder.file('app.log'), clock, new LogHub(() => 0).log('test'), () => matters);
  await waitUntil('the watch to be ready', () => watch.version > 0);
  let seen = watch.version;
  writeFileSync(folder.file('other.log'), 'x');
  writeFileSync(folder.file('app.log'), 'x');
  await waitUntil('the own file to be told of', () => watch.version > seen);
  matters = true;
  seen = watch.version;
  writeFileSync(folder.file('app.log.1'), 'x');
  await waitUntil('the folder to be told of', () => watch.version > seen);
  await watch.close();
});
