import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConnectError, RetriableError } from '../../../../../../src/base/errors.ts';
import { type LogEvent, LogHub } from '../../../../../../src/base/log.ts';
import { fileStreamSink } from '../../../../../../src/plugins/connectors/file-stream/sink/index.ts';
import { FileStreamSinkTask } from '../../../../../../src/plugins/connectors/file-stream/sink/task.ts';
import { BYTES_SCHEMA, buildStruct, FLOAT64_SCHEMA, INT32_SCHEMA, STRING_SCHEMA } from '../../../../../../src/record/schema-builder.ts';
import { Struct } from '../../../../../../src/record/struct.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';
import { TempFolder } from '../running-source.ts';
import { sinkContext, sinkRecord, sinkRecords } from '../sink-parts.ts';

const textOf = (file: string) => readFileSync(file, 'utf8');

async function started(file: string, events: LogEvent[] = []): Promise<FileStreamSinkTask> {
  const hub = new LogHub(() => 0);
  hub.attach((event) => events.push(event));
  const task = new FileStreamSinkTask();
  await task.start({ file }, sinkContext(hub.log('test')));
  return task;
}

describe('lines', () => {
  test('behind what is there, each readable as soon as put has ended', async () => {
    using folder = new TempFolder();
    const file = folder.file('out.txt');
    writeFileSync(file, 'before\n');
    const task = await started(file);
    await task.put(sinkRecords(['첫째', 'two 😀', '']));
    expect(textOf(file)).toBe('before\n첫째\ntwo 😀\n\n');
    await task.put([]);
    await task.put(sinkRecords(['four']));
    await task.flush();
    await task.stop();
    expect(textOf(file)).toBe('before\n첫째\ntwo 😀\n\nfour\n');
  });

  test("values are Java's texts", async () => {
    using folder = new TempFolder();
    const file = folder.file('out.txt');
    const point = buildStruct([
      ['x', INT32_SCHEMA],
      ['y', FLOAT64_SCHEMA],
    ]);
    const task = await started(file);
    await task.put([
      sinkRecord(null, null),
      sinkRecord(point, new Struct(point).put('x', 1).put('y', 2)),
      sinkRecord(null, new Map([['k', 1n]])),
      sinkRecord(FLOAT64_SCHEMA, 1e10),
      sinkRecord(null, ['a', true]),
      sinkRecord(STRING_SCHEMA, 'lone \ud800 surrogate'),
    ]);
    await task.put([sinkRecord(BYTES_SCHEMA, Buffer.from('x'))]);
    await task.stop();
    expect(textOf(file)).toMatch(/^null\nStruct\{x=1,y=2\.0\}\n\{k=1\}\n1\.0E10\n\[a, true\]\nlone \? surrogate\n\[B@[0-9a-f]+\n$/);
  });

  test('a batch of many megabytes', async () => {
    using folder = new TempFolder();
    const file = folder.file('out.txt');
    const values = Array.from({ length: 300 }, (_, i) => `${i}`.padEnd(20_000, i % 2 ? '글' : 'x'));
    const task = await started(file);
    await task.put(sinkRecords(values));
    await task.stop();
    expect(textOf(file)).toBe(`${values.join('\n')}\n`);
  });

  test('two tasks on one file: every line whole', async () => {
    using folder = new TempFolder();
    const file = folder.file('out.txt');
    const tasks = [await started(file), await started(file)];
    const batch = (name: string) => sinkRecords(Array.from({ length: 50 }, (_, i) => `${name}${i}`.padEnd(100, name)));
    for (let round = 0; round < 20; round++) await Promise.all(tasks.map((task, i) => task.put(batch('ab'[i]!))));
    await Promise.all(tasks.map((task) => task.stop()));
    const lines = textOf(file).trimEnd().split('\n');
    expect(lines).toHaveLength(2000);
    expect(lines.every((line) => /^(a\d+a+|b\d+b+)$/.test(line) && line.length === 100)).toBe(true);
  });
});

test('a path with Korean letters and blanks, through a link', async () => {
  using folder = new TempFolder();
  mkdirSync(folder.file('접근 로그'));
  symlinkSync('접근 로그/출력 (1).txt', folder.file('link'));
  const task = await started(folder.file('link'));
  await task.put(sinkRecords(['1']));
  await task.put(sinkRecords(['2']));
  await task.stop();
  expect(textOf(folder.file('접근 로그/출력 (1).txt'))).toBe('1\n2\n');
});

describe('the file is moved under the task', () => {
  test.each([
    ['renamed', (file: string) => renameSync(file, `${file}.1`), 'moved or deleted'],
    ['deleted', (file: string) => unlinkSync(file), 'moved or deleted'],
    [
      'renamed and created',
      (file: string) => {
        renameSync(file, `${file}.1`);
        writeFileSync(file, '');
      },
      'replaced',
    ],
  ])('%s: the next batch is in a file of that name', async (_, move, says) => {
    using folder = new TempFolder();
    const events: LogEvent[] = [];
    const file = folder.file('out.txt');
    const task = await started(file, events);
    await task.put(sinkRecords(['1']));
    move(file);
    await task.put(sinkRecords(['2']));
    expect(textOf(file)).toBe('2\n');
    expect(events.map((e) => e.message).join()).toContain(`'${file}' was ${says}`);
    move(`${file}`);
    await task.flush();
    expect(textOf(file)).toBe('');
    await task.stop();
  });

  test('truncated: goes on at its end', async () => {
    using folder = new TempFolder();
    const file = folder.file('out.txt');
    const task = await started(file);
    await task.put(sinkRecords(['1', '2']));
    truncateSync(file, 0);
    await task.put(sinkRecords(['3']));
    await task.stop();
    expect(textOf(file)).toBe('3\n');
  });
});

describe('faults', () => {
  test.each([
    ['the folder is missing', () => undefined, 'sub/out.txt', 'no such file or directory (ENOENT)'],
    ['a directory', (folder: string) => mkdirSync(`${folder}/d`), 'd', 'it is a directory (EISDIR)'],
    [
      'a named pipe that nobody reads',
      (folder: string) => execFileSync('mkfifo', [`${folder}/p`]),
      'p',
      'nobody reads the other end of it (ENXIO)',
    ],
    ['a loop of links', (folder: string) => symlinkSync('l', `${folder}/l`), 'l', 'its symbolic links form a loop (ELOOP)'],
  ])('cannot be opened: %s', async (_, make, name, reason) => {
    using folder = new TempFolder();
    make(folder.path);
    const file = folder.file(name);
    const error: unknown = await started(file).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ message: `Couldn't find or create file '${file}' for FileStreamSinkTask`, isRetriable: false });
    expect((error as Error).cause).toMatchObject({
      message: `Cannot open '${file}' for writing: ${reason}. Mend that and restart the task, or set another file.`,
    });
  });

  test('the folder goes while the file is open: the batch is refused by name, and taken when the folder is there again', async () => {
    using folder = new TempFolder();
    mkdirSync(folder.file('sub'));
    const file = folder.file('sub/out.txt');
    const task = await started(file);
    await task.put(sinkRecords(['1']));
    renameSync(folder.file('sub'), folder.file('gone'));
    await expect(task.put(sinkRecords(['2']))).rejects.toMatchObject({
      message: `Couldn't find or create file '${file}' for FileStreamSinkTask`,
      cause: { message: expect.stringContaining('no such file or directory (ENOENT)') },
    });
    mkdirSync(folder.file('sub'));
    await task.put(sinkRecords(['2']));
    await task.stop();
    expect([textOf(folder.file('gone/out.txt')), textOf(file)]).toEqual(['1\n', '2\n']);
  });

  // Not beside others: it changes who this process is.
  test('no permission for the folder, then for the file; granted, a restart writes', async () => {
    using folder = new TempFolder();
    const file = folder.file('out.txt');
    writeFileSync(file, 'before\n');
    chmodSync(file, 0o444);
    chmodSync(folder.path, 0o755);
    const isRoot = process.geteuid?.() === 0;
    const asNobody = async <T>(work: () => Promise<T>): Promise<T> => {
      if (isRoot) process.seteuid?.(65_534);
      try {
        return await work();
      } finally {
        if (isRoot) process.seteuid?.(0);
      }
    };
    for (const name of ['out.txt', ...(isRoot ? ['new.txt'] : [])]) {
      const error: unknown = await asNobody(() => started(folder.file(name))).catch((e: unknown) => e);
      expect((error as Error).cause).toMatchObject({
        message: `Cannot open '${folder.file(name)}' for writing: permission denied (EACCES). Mend that and restart the task, or set another file.`,
      });
    }
    chmodSync(file, 0o666);
    await asNobody(async () => {
      const task = await started(file);
      await task.put(sinkRecords(['1']));
      await task.stop();
    });
    expect(textOf(file)).toBe('before\n1\n');
  });

  test('a full disk is retried for a minute, with a pause, then the task fails', async () => {
    const clock = createTestClock();
    const timeouts: number[] = [];
    const task = new FileStreamSinkTask(clock);
    await task.start({ file: '/dev/full' }, sinkContext(undefined, timeouts));
    const attempt = () => task.put(sinkRecords(['1', '2'])).catch((e: unknown) => e);
    expect(await attempt()).toBeInstanceOf(RetriableError);
    expect(await attempt()).toMatchObject({
      isRetriable: true,
      message: "Cannot write to '/dev/full': no space left on the device (ENOSPC). None of the batch is in it: make room; trying again.",
    });
    expect(timeouts).toEqual([1000, 1000]);
    await clock.advance(61_000);
    expect(await attempt()).toMatchObject({ isRetriable: false, message: expect.stringContaining("Cannot write to '/dev/full'") });
    await task.stop();
  });

  test('a batch that fits only in part is taken back; given again it is there once', () => {
    using folder = new TempFolder();
    const file = folder.file('out.txt');
    appendFileSync(file, '');
    const program = path.join(import.meta.dirname, '../limited-sink-process.ts');
    // The kernel writes up to the limit of 64 KiB and refuses the rest, as a disk does that becomes full.
    const output = execFileSync('bash', ['-c', `ulimit -S -f 64; exec "${process.execPath}" "${program}" "${file}"`], { encoding: 'utf8' });
    const { message, sizeBytes, isRetriable } = JSON.parse(output);
    expect(message).toContain(`Cannot write to '${file}': the file would become larger than the limit`);
    expect(message).toContain('None of the batch is in it');
    expect(isRetriable).toBe(false);
    expect(sizeBytes).toBe(50 * 1000);
    const lines = textOf(file).trimEnd().split('\n');
    expect(lines).toEqual(Array.from({ length: 110 }, (_, i) => `${i}`.padEnd(999, '.')));
  });
});

test('standard output', () => {
  const program = path.join(import.meta.dirname, '../stdin-process.ts');
  expect(execFileSync(process.execPath, [program, 'sink'], { encoding: 'utf8' })).toBe('첫째\nsecond\n');
});

describe('connector', () => {
  test('as many tasks as are allowed; offsets may be altered', async () => {
    const connector = fileStreamSink.create();
    const config = { file: '/x', topics: 't' };
    await connector.start(config, {
      log: new LogHub(() => 0).log('test'),
      signal: new AbortController().signal,
      requestTaskReconfiguration: () => undefined,
      raiseError: () => undefined,
    });
    expect(await connector.taskConfigs(2)).toEqual([config, config]);
    expect(connector.alterOffsets?.(config, [])).toBe(true);
    expect([...fileStreamSink.spec.keys.keys()]).toEqual(['file']);
  });
});
