/** The offset file goes to the JVM's own store and comes back: test/golden/offsets/OffsetFile.java runs on the Kafka jars. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { findJava } from '../../src/demo/java.ts';
import { FileOffsetStore } from '../../src/storage/offset/file.ts';
import { parseJavaMap } from '../../src/storage/offset/java-map.ts';
import { offsetKey, offsetValue } from '../../src/storage/offset/offset-json.ts';
import type { OffsetEntry } from '../../src/storage/offset/port.ts';

const program = path.resolve(import.meta.dirname, '../golden/offsets/OffsetFile.java');
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-offsets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entries: OffsetEntry[] = [
  { key: offsetKey('connect-file-source', { filename: '/data/ü 😀.txt' }), value: offsetValue({ position: 9007199254740993n }) },
  { key: offsetKey('c\u001f"', { filename: null }), value: null },
  ...Array.from({ length: 30 }, (_, index) => ({
    key: offsetKey('many', { n: index }),
    value: offsetValue({ position: index, done: false }),
  })),
];

function lines(all: readonly OffsetEntry[]): string[] {
  return all.map(({ key, value }) => `${key.toString('hex')} ${value === null ? '-' : value.toString('hex')}`).sort();
}

async function java(...args: string[]): Promise<[string, string[]]> {
  const libs = process.env.KCONSOLE_TEST_KAFKA_LIBS;
  if (!libs) throw new Error('KCONSOLE_TEST_KAFKA_LIBS does not name the folder with the Kafka jars');
  return [await findJava(), ['-cp', path.join(libs, '*'), program, ...args]];
}

test('the JVM reads what we wrote', async () => {
  const file = path.join(folder, 'ours.offsets');
  const store = new FileOffsetStore(file);
  await store.start();
  await store.set(entries);
  await store.stop();
  const [command, args] = await java('read', file);
  const { stdout } = await promisify(execFile)(command, args);
  expect(stdout.trimEnd().split('\n')).toEqual(lines(entries));
});

test('we read what the JVM wrote', async () => {
  const file = path.join(folder, 'theirs.offsets');
  const [command, args] = await java('write', file);
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let problem = '';
    child.stderr.on('data', (chunk: Buffer) => {
      problem = (problem + chunk.toString()).slice(-2000);
    });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`OffsetFile.java ended with ${code}: ${problem}`))));
    child.stdin.end(`${lines(entries).join('\n')}\n`);
  });
  expect(lines(parseJavaMap(readFileSync(file)))).toEqual(lines(entries));
  const store = new FileOffsetStore(file);
  await store.start();
  expect(lines(await store.entries())).toEqual(lines(entries));
});

test('a file that is cut short stops the start with a sentence', async () => {
  const file = path.join(folder, 'cut.offsets');
  writeFileSync(file, readFileSync(path.resolve(import.meta.dirname, '../golden/offsets/one.bin')).subarray(0, 100));
  await expect(new FileOffsetStore(file).start()).rejects.toThrow(/cannot be read: Not an offset file of Kafka Connect: it ends within/);
});
