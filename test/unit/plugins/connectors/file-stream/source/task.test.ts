import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fileStreamSource } from '../../../../../../src/plugins/connectors/file-stream/source/index.ts';
import { RunningSource, TempFolder } from '../running-source.ts';

describe.concurrent('records', () => {
  test('partition, offset, schema, key, time as in the original', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    writeFileSync(file, 'first message\nseconde line\n세번째 메시지\n');
    const beforeMs = Date.now();
    await using source = await RunningSource.start({ file, topic: 'connect-test' });
    await source.has(['first message', 'seconde line', '세번째 메시지']);
    expect(source.positions).toEqual([14n, 27n, 47n]);
    expect(source.records[0]).toMatchObject({
      topic: 'connect-test',
      kafkaPartition: null,
      keySchema: null,
      key: null,
      valueSchema: { type: 'STRING', optional: false },
      headers: null,
      sourcePartition: { filename: file },
    });
    expect(source.records[0]!.timestampMs).toBeGreaterThanOrEqual(beforeMs);
    expect(source.records[0]!.sourcePartition).toBe(source.records[2]!.sourcePartition);
  });

  test('from every position that was handed out, the rest comes and nothing else', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    writeFileSync(file, '가나다\r\n😀\rx\n\n끝\r\n');
    const all = ['가나다', '😀', 'x', '', '끝'];
    const positions = await (async () => {
      await using source = await RunningSource.start({ file });
      await source.has(all);
      return source.positions;
    })();
    for (const [i, position] of positions.slice(0, -1).entries()) {
      await using source = await RunningSource.start({ file }, { position });
      await source.has(all.slice(i + 1));
      expect(source.warnings()).toEqual([]);
    }
  });

  test('batch.size holds, and no complete line waits', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    const lines = Array.from({ length: 25 }, (_, i) => `line ${i}`);
    writeFileSync(file, `${lines.join('\n')}\nno end`);
    await using source = await RunningSource.start({ file, 'batch.size': '10' });
    await source.has(lines);
    expect(source.batchSizes).toEqual([10, 10, 5]);
  });

  test('one poll hands out a megabyte at most, but one line at least', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    const lines = ['a'.repeat(3_000_000), ...Array.from({ length: 30 }, (_, i) => `${i}`.padEnd(100_000, 'b'))];
    writeFileSync(file, `${lines.join('\n')}\n`);
    await using source = await RunningSource.start({ file });
    await source.has(lines);
    expect(source.batchSizes[0]).toBe(1);
    expect(Math.max(...source.batchSizes)).toBeLessThanOrEqual(11);
  });

  test('a line waits for its end, however many pieces it comes in', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    writeFileSync(file, 'a\n');
    await using source = await RunningSource.start({ file });
    await source.has(['a']);
    for (const byte of Buffer.from('한글 😀\r\n')) appendFileSync(file, Buffer.of(byte));
    await source.has(['a', '한글 😀']);
    appendFileSync(file, 'lone\r');
    appendFileSync(file, 'next\n');
    await source.has(['a', '한글 😀', 'lone', 'next']);
    expect(source.positions.at(-1)).toBe(BigInt(statSync(file).size));
  });
});

describe.concurrent('start', () => {
  test('a position inside a line goes back to the start of that line', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    writeFileSync(file, '첫째 줄\n둘째 줄\n');
    // What a worker that counts characters stores behind the first line.
    await using source = await RunningSource.start({ file }, { position: 5n });
    await source.has(['첫째 줄', '둘째 줄']);
    expect(source.warnings().join()).toContain(`position 5 of '${file}' lies inside a line: reading from the start of that line, 0`);
  });

  test('a position between CR and LF is inside the line too', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    writeFileSync(file, '가\r\nx\r\ny\n');
    await using source = await RunningSource.start({ file }, { position: 4n });
    await source.has(['가', 'x', 'y']);
    expect(source.warnings().join()).toContain('reading from the start of that line, 0');
    await using next = await RunningSource.start({ file }, { position: 7n });
    await next.has(['x', 'y']);
  });

  test('a position far inside a long line', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    const long = 'x'.repeat(200_000);
    writeFileSync(file, `a\n${long}\nb\n`);
    await using source = await RunningSource.start({ file }, { position: 150_000n });
    await source.has([long, 'b']);
  });

  test('a position behind the end starts at 0 and says so', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    writeFileSync(file, 'a\nb\n');
    await using source = await RunningSource.start({ file }, { position: 1_000_000n });
    await source.has(['a', 'b']);
    expect(source.warnings().join()).toContain(`'${file}' has 4 bytes, but the stored position is 1000000`);
  });

  test('a position of another type is refused', async () => {
    await expect(RunningSource.start({ file: '/nowhere' }, { position: 'x' })).rejects.toThrow('Offset position is the incorrect type');
  });

  test('what is no single topic is refused', async () => {
    await expect(RunningSource.start({ file: '/nowhere', topic: 'a,b' })).rejects.toThrow('Invalid value a,b for configuration topic');
  });

  test('a missing file is waited for and logged once', async () => {
    using folder = new TempFolder();
    const file = folder.file('sub/test.txt');
    await using source = await RunningSource.start({ file });
    await source.logs(`Couldn't find file '${file}'`);
    mkdirSync(folder.file('sub'));
    writeFileSync(file, 'a\n');
    await source.has(['a']);
    expect(source.warnings()).toHaveLength(1);
  });

  test('a path with blanks, brackets and Korean letters is followed as any other', async () => {
    using folder = new TempFolder();
    mkdirSync(folder.file('접근 로그 [1]'));
    const file = folder.file('접근 로그 [1]/앱 *{a,b}?.log');
    writeFileSync(file, 'a\n');
    await using source = await RunningSource.start({ file });
    await source.has(['a']);
    appendFileSync(file, '끝\n');
    await source.has(['a', '끝']);
  });

  test('a link that leads nowhere yet is waited for', async () => {
    using folder = new TempFolder();
    symlinkSync('target.log', folder.file('link'));
    await using source = await RunningSource.start({ file: folder.file('link') });
    await source.logs("Couldn't find file");
    writeFileSync(folder.file('target.log'), 'a\n');
    await source.has(['a']);
  });

  test.for([
    ['a device', (file: string) => symlinkSync('/dev/null', file), 'it is a device'],
    ['a directory', (file: string) => mkdirSync(file), 'it is a directory'],
    ['a named pipe', (file: string) => execFileSync('mkfifo', [file]), 'it is a named pipe'],
    ['a loop of links', (file: string) => symlinkSync(file, file), 'its symbolic links form a loop (ELOOP)'],
  ] as const)('%s is an error that names path and reason', async ([, make, reason]) => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    make(file);
    await using source = await RunningSource.start({ file });
    const message = await source.fails();
    expect(message).toContain(`'${file}'`);
    expect(message).toContain(reason);
  });
});

// Not beside others: it changes who this process is.
test('a file without permission is an error that names path and reason; granted, a restart reads it', async () => {
  using folder = new TempFolder();
  const file = folder.file('test.txt');
  writeFileSync(file, 'secret\n');
  chmodSync(folder.path, 0o755);
  chmodSync(file, 0);
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await using source = await RunningSource.start({ file });
    const message = await source.fails();
    expect(message).toContain(`Cannot open '${file}' for FileStreamSourceTask: permission denied (EACCES)`);
    expect(message).toContain('Mend that and restart the task');
    if (isRoot) process.seteuid?.(0);
    chmodSync(file, 0o644);
    if (isRoot) process.seteuid?.(65_534);
    await using again = await RunningSource.start({ file });
    await again.has(['secret']);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

describe('line too long', () => {
  test('the lines before it come, then the task fails with file and position of the line', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    writeFileSync(file, `ok\n${'x'.repeat(2000)}\nnever\n`);
    await using source = await RunningSource.start({ file, 'max.line.bytes': '1000' });
    const message = await source.fails();
    expect(source.lines).toEqual(['ok']);
    expect(message).toContain(`The line at byte 3 of '${file}' is longer than max.line.bytes (1000)`);
  });

  test.each(['0', '-1', '268435457'])('max.line.bytes %s is refused', async (value) => {
    await expect(RunningSource.start({ file: '/nowhere', 'max.line.bytes': value })).rejects.toThrow(
      `Invalid value ${value} for configuration max.line.bytes`,
    );
  });

  test('8 MB without a line end are enough to fail', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    writeFileSync(file, 'ok\n');
    truncateSync(file, 100 * 1024 * 1024);
    await using source = await RunningSource.start({ file });
    expect(await source.fails()).toContain('The line at byte 3');
    expect(source.lines).toEqual(['ok']);
  });
});

describe('waiting', () => {
  test('poll answers null after a second and ends at once when the task is stopped', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    writeFileSync(file, 'a\n');
    const source = await RunningSource.start({ file });
    await source.has(['a']);
    expect(await source.stop()).toBeLessThan(200);
    const task = fileStreamSource.createTask();
    const { signal } = new AbortController();
    const stop = await RunningSource.start({ file });
    await task.start(
      { file, topic: 't' },
      { log: stop.log, connector: 'c', taskId: 0, signal, offsets: async () => [{ position: 2n }], transactions: null },
    );
    const startMs = performance.now();
    expect(await task.poll()).toBeNull();
    const ms = performance.now() - startMs;
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(1500);
    await task.stop();
    await stop.stop();
  });

  test('an appended line is handed out within milliseconds', async () => {
    using folder = new TempFolder();
    const file = folder.file('test.txt');
    writeFileSync(file, 'a\n');
    await using source = await RunningSource.start({ file });
    await source.has(['a']);
    const times: number[] = [];
    for (let i = 0; i < 40; i++) {
      const count = source.records.length;
      await new Promise((resolve) => setTimeout(resolve, 10));
      const startMs = performance.now();
      appendFileSync(file, `${i}\n`);
      while (source.records.length === count) await new Promise((resolve) => setImmediate(resolve));
      times.push(performance.now() - startMs);
    }
    times.sort((a, b) => a - b);
    expect(times[20]).toBeLessThan(15);
  });
});
