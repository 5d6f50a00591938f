import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { parseProperties, parsePropertiesBytes, readPropertiesFile } from '../../../src/spec/properties-file.ts';

// Written by test/golden/properties/Capture.java (java.util.Properties of Java 17): [text, what it gave, or null where it threw].
const captured: [string, Record<string, string> | null][] = JSON.parse(
  readFileSync(new URL('../../golden/properties/java-17.json', import.meta.url), 'utf8'),
);

describe('like java.util.Properties', () => {
  test.each(captured)('%j', (text, expected) => {
    if (expected === null) expect(() => parseProperties(text, 'x.properties')).toThrow(ConfigError);
    else expect({ ...parsePropertiesBytes(Buffer.from(text, 'latin1'), 'x.properties') }).toEqual(expected);
  });
});

test('valid UTF-8 is read as UTF-8, with or without a byte order mark', () => {
  expect({ ...parsePropertiesBytes(Buffer.from('이름=주문 내역\n'), 'x') }).toEqual({ 이름: '주문 내역' });
  expect({ ...parsePropertiesBytes(Buffer.from('\ufeffname=x\n'), 'x') }).toEqual({ name: 'x' });
});

test('a fault names file and line', () => {
  expect(() => parseProperties('a=b\n# c\npath=C:\\users\n', 'worker.properties')).toThrow(
    new ConfigError('worker.properties, line 3: \\u needs four hexadecimal digits, not "sers". Write a plain backslash as \\\\.'),
  );
});

test('hostile keys are plain keys', () => {
  const properties = parseProperties('__proto__=x\nconstructor=y\n', 'x');
  expect(Object.keys(properties)).toEqual(['__proto__', 'constructor']);
});

describe('files', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kconsole-properties-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are read, and what cannot be read is named', () => {
    const path = join(folder, 'a.properties');
    writeFileSync(path, 'a=1\n');
    expect({ ...readPropertiesFile(path) }).toEqual({ a: '1' });
    expect(() => readPropertiesFile(join(folder, 'none'))).toThrow(
      new ConfigError(`Cannot read properties file ${folder}/none: there is no such file.`),
    );
    expect(() => readPropertiesFile(folder)).toThrow(new ConfigError(`Cannot read properties file ${folder}: it is a directory.`));
  });
});

test('any bytes give properties or a ConfigError', () => {
  const pieces = fc.array(fc.constantFrom('\\', 'u', '0041', '=', ':', ' ', '\t', '\n', '\r', '\f', '#', '!', 'key', '값', '"'), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 400 }),
        pieces.map((all) => Buffer.from(all.join(''))),
      ),
      (bytes) => {
        try {
          const properties = parsePropertiesBytes(bytes, 'x');
          for (const value of Object.values(properties)) expect(typeof value).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test('what is written with every character escaped is read back', () => {
  const escaped = (text: string) =>
    [...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1, unit: 'binary' }), fc.string({ unit: 'binary' })), (wanted) => {
      const text = Object.entries(wanted)
        .map(([k, v]) => `${escaped(k)}=\\\n  ${escaped(v)}`)
        .join('\n');
      expect(Object.entries(parseProperties(text, 'x')).sort()).toEqual(Object.entries(wanted).sort());
    }),
  );
});

test('a megabyte of backslashes takes no time', () => {
  const start = performance.now();
  parseProperties(`a=${'\\\\'.repeat(500_000)}\n${'b=\\\n'.repeat(100_000)}`, 'x');
  expect(performance.now() - start).toBeLessThan(2000);
});
