import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileOffsetStore } from '../../../../src/storage/offset/file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kconsole-offsets-'));
  file = path.join(folder, 'connect.offsets');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (key: string, value: string | null) => ({ key: Buffer.from(key), value: value === null ? null : Buffer.from(value) });

async function opened(at = file): Promise<FileOffsetStore> {
  const store = new FileOffsetStore(at);
  await store.start();
  return store;
}

async function texts(store: FileOffsetStore): Promise<Record<string, string | null>> {
  return Object.fromEntries((await store.entries()).map((e) => [e.key.toString(), e.value?.toString() ?? null]));
}

describe('the offset file', () => {
  test('what was set is there after a restart, resets included', async () => {
    const store = await opened();
    await store.set([entry('a', '1'), entry('b', '2')]);
    await store.set([entry('a', '3'), entry('c', null)]);
    await store.stop();
    const again = await opened();
    expect(await texts(again)).toEqual({ a: '3', b: '2', c: null });
    expect(await again.get([Buffer.from('b'), Buffer.from('x')])).toEqual([Buffer.from('2'), null]);
    expect(readdirSync(folder)).toEqual(['connect.offsets']);
  });

  test('a missing and an empty file mean no offsets', async () => {
    expect(await texts(await opened())).toEqual({});
    writeFileSync(file, '');
    expect(await texts(await opened())).toEqual({});
  });

  test('many writes at once end in one file that has them all', async () => {
    const store = await opened();
    await Promise.all(Array.from({ length: 50 }, (_, i) => store.set([entry(`k${i}`, `${i}`)])));
    expect(Object.keys(await texts(await opened()))).toHaveLength(50);
  });

  test('an unreadable file is an error that names it and the way out', async () => {
    writeFileSync(file, 'garbage that is no map');
    await expect(opened()).rejects.toThrow(
      /The offset file .*connect.offsets \(offset.storage.file.filename\) cannot be read: .* Restore it from a copy/,
    );
    expect(readFileSync(file, 'utf8')).toBe('garbage that is no map');
    rmSync(file);
    mkdirSync(file);
    await expect(opened()).rejects.toThrow(/Cannot read the offset file .*EISDIR/);
  });

  test('a folder that is not there is named at the start', async () => {
    await expect(opened(path.join(folder, 'no', 'x.offsets'))).rejects.toThrow(
      /The folder .*no of the offset file .* does not exist; make it/,
    );
  });

  test('a write that fails leaves the old file, and the next one has everything', async () => {
    const store = await opened();
    await store.set([entry('a', '1')]);
    const before = readFileSync(file);
    rmSync(folder, { recursive: true });
    await expect(store.set([entry('b', '2')])).rejects.toThrow(/Cannot write the offset file .* The old one is untouched/);
    mkdirSync(folder);
    writeFileSync(file, before);
    await store.set([entry('c', '3')]);
    expect(await texts(await opened())).toEqual({ a: '1', b: '2', c: '3' });
  });

  test('keeps the mode of the file, and a link a link', async () => {
    const real = path.join(folder, 'real.offsets');
    writeFileSync(real, '');
    chmodSync(real, 0o600);
    symlinkSync(real, file);
    const store = await opened();
    await store.set([entry('a', '1')]);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o600);
    expect(await texts(await opened(real))).toEqual({ a: '1' });
  });
});
