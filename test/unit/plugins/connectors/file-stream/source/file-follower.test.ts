import { appendFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConnectError } from '../../../../../../src/base/errors.ts';
import { type LogEvent, LogHub } from '../../../../../../src/base/log.ts';
import { FileFollower } from '../../../../../../src/plugins/connectors/file-stream/source/file-follower.ts';
import { OpenFile } from '../../../../../../src/plugins/connectors/file-stream/source/open-file.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';
import { TempFolder } from '../running-source.ts';

function follower(file: string, open?: (path: string) => Promise<OpenFile>) {
  const clock = createTestClock();
  const events: LogEvent[] = [];
  const hub = new LogHub(() => 0);
  hub.attach((event) => events.push(event));
  const parts = { file, startPosition: 0, maxLineBytes: 1000, clock, log: hub.log('test') };
  return { clock, events, follower: new FileFollower(open ? { ...parts, open } : parts) };
}

/** Only a network file system gives this error. */
function staleError(): ConnectError {
  return new ConnectError("Cannot read 'x' at byte 2: stale.", { cause: Object.assign(new Error('stale'), { code: 'ESTALE' }) });
}

test('a stale handle is opened again, and reading goes on at the start of the line it was in', async () => {
  using folder = new TempFolder();
  const file = folder.file('app.log');
  writeFileSync(file, 'a\nbcd');
  const opened: OpenFile[] = [];
  const { follower: f, events } = follower(file, async (path) => {
    opened.push(await OpenFile.open(path));
    return opened.at(-1)!;
  });
  const buffer = Buffer.alloc(100);
  expect(await f.read(buffer)).toEqual({ kind: 'moved', position: 0, isEnded: false });
  expect(await f.read(buffer)).toEqual({ kind: 'data', count: 5 });
  opened[0]!.read = () => Promise.reject(staleError());
  expect(await f.read(buffer)).toMatchObject({ kind: 'nothing' });
  expect(await f.read(buffer)).toEqual({ kind: 'moved', position: 2, isEnded: false });
  expect(await f.read(buffer)).toEqual({ kind: 'data', count: 3 });
  expect(opened).toHaveLength(2);
  expect(events.some((e) => e.message.includes('Opening it again'))).toBe(true);
  await f.close();
});

test('a missing file is logged once a minute', async () => {
  const { follower: f, events, clock } = follower('/nowhere/app.log');
  const buffer = Buffer.alloc(10);
  for (let second = 0; second < 125; second++) {
    expect(await f.read(buffer)).toEqual({ kind: 'nothing', recheckMs: 1000 });
    await clock.advance(1000);
  }
  expect(events.map((e) => e.message)).toEqual(
    Array(3).fill("Couldn't find file '/nowhere/app.log' for FileStreamSourceTask, waiting for it to be created"),
  );
});

test('the first bytes tell a rewritten file, also when they are fewer than are remembered', async () => {
  using folder = new TempFolder();
  const file = folder.file('app.log');
  writeFileSync(file, '1\n');
  const { follower: f } = follower(file);
  const buffer = Buffer.alloc(4096);
  await f.read(buffer);
  expect(await f.read(buffer)).toEqual({ kind: 'data', count: 2 });
  appendFileSync(file, `${'x'.repeat(2000)}\n`);
  expect(await f.read(buffer)).toEqual({ kind: 'data', count: 2001 });
  // The 1,000th byte is another one.
  writeFileSync(file, `1\n${'x'.repeat(997)}y${'x'.repeat(1002)}\nmore\n`);
  expect(await f.read(buffer)).toEqual({ kind: 'moved', position: 0, isEnded: false });
  expect(await f.read(buffer)).toEqual({ kind: 'data', count: 2008 });
  await f.close();
});
