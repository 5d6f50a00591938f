import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataError } from '../../../../src/base/errors.ts';
import { parseJavaMap, serializeJavaMap } from '../../../../src/storage/offset/java-map.ts';
import type { OffsetEntry } from '../../../../src/storage/offset/port.ts';

const folder = path.resolve(import.meta.dirname, '../../../golden/offsets');

function golden(name: string): Buffer {
  return readFileSync(path.join(folder, name));
}

/** As OffsetFile.java prints them. */
function lines(entries: readonly OffsetEntry[]): string[] {
  return entries.map(({ key, value }) => `${key.toString('hex')} ${value === null ? '-' : value.toString('hex')}`).sort();
}

const key = Buffer.from('["connect-file-source",{"filename":"/tmp/test.txt"}]');
const value = Buffer.from('{"position":9007199254740993}');

test('files of the JVM’s FileOffsetBackingStore are read', () => {
  expect(parseJavaMap(golden('empty.bin'))).toEqual([]);
  expect(parseJavaMap(golden('reset.bin'))).toEqual([{ key, value: null }]);
  expect(parseJavaMap(golden('one.bin'))).toEqual([{ key, value }]);
  const many = readFileSync(path.join(folder, 'many.txt'), 'utf8').trimEnd().split('\n').sort();
  expect(lines(parseJavaMap(golden('many.bin')))).toEqual(many);
});

test('what is written has the JVM’s bytes', () => {
  for (const name of ['empty.bin', 'reset.bin', 'one.bin', 'many.bin']) {
    expect(serializeJavaMap(parseJavaMap(golden(name))).equals(golden(name)), name).toBe(true);
  }
});

test('arrays that the JVM wrote once and refers to again are found', () => {
  const position = Buffer.from('{"position":5}');
  const self = Buffer.from('self');
  expect(lines(parseJavaMap(golden('shared.bin')))).toEqual(
    lines([
      { key: Buffer.from('["a",{"f":1}]'), value: position },
      { key: Buffer.from('["b",{"f":2}]'), value: position },
      { key: Buffer.from('["c",{"f":3}]'), value: null },
      { key: Buffer.alloc(0), value: position },
      { key: self, value: self },
    ]),
  );
});

const entry = fc.record({
  key: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  value: fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
});

test('any entries come back, in order', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
      expect(parseJavaMap(serializeJavaMap(entries))).toEqual(entries);
    }),
  );
});

test('a file cut at any byte is an error that says where', () => {
  const whole = golden('one.bin');
  for (let length = 0; length < whole.length; length++) {
    expect(() => parseJavaMap(whole.subarray(0, length)), `${length} bytes`).toThrow(
      /^Not an offset file of Kafka Connect: .*\(byte \d+ of \d+\)\.$/,
    );
  }
});

test('damage gives entries or a DataError, never anything else, and no memory', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('one.bin', 'many.bin', 'shared.bin'),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (name, changes) => {
        const bytes = Buffer.from(golden(name));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        try {
          parseJavaMap(bytes);
        } catch (error) {
          if (!(error instanceof DataError)) throw error;
        }
      },
    ),
    { numRuns: 5000 },
  );
});

test('errors name what is wrong', () => {
  const changed = (at: number, hex: string) => {
    const bytes = Buffer.from(golden('one.bin'));
    bytes.write(hex, at, 'hex');
    return () => parseJavaMap(bytes);
  };
  expect(() => parseJavaMap(Buffer.from('{"not":"java"}'))).toThrow('it does not begin as a Java object stream (byte 0 of 14)');
  expect(changed(2, '0006')).toThrow('its stream version is 6, not 5');
  expect(changed(8, '4a')).toThrow('its root is Java.util.HashMap, not java.util.HashMap');
  expect(changed(golden('one.bin').indexOf('7708', 'hex') + 6, '7fffffff')).toThrow('the map claims 2147483647 entries');
});
