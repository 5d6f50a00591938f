/** What file pipelines gave on connect-standalone: a line to topic bytes, a message to the line of the sink file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { jsonConverter } from '../../../../src/plugins/converters/json/index.ts';
import { stringConverter } from '../../../../src/plugins/converters/string/index.ts';
import { javaText } from '../../../../src/record/java-text.ts';
import { STRING_SCHEMA } from '../../../../src/record/schema-builder.ts';
import { bytesOf } from '../../../contracts/converter-contract.ts';

interface Captured {
  readonly 'sink json with schemas': Readonly<Record<string, string>>;
  readonly 'sink json without schemas': Readonly<Record<string, string>>;
  readonly 'source json on': readonly string[];
  readonly 'source json off': readonly string[];
  readonly 'source string': readonly string[];
}

const file = path.resolve(import.meta.dirname, '../../../golden/records/file-pipelines.json');
const captured = JSON.parse(readFileSync(file, 'utf8')) as Captured;
const on = jsonConverter.create({}, false);
const off = jsonConverter.create({ 'schemas.enable': 'false' }, false);

test('source lines become the same bytes', () => {
  const lines = captured['source string'];
  expect(lines.length).toBeGreaterThan(10);
  for (const [converter, expected] of [
    [on, captured['source json on']],
    [off, captured['source json off']],
    [stringConverter.create({}, false), lines],
  ] as const) {
    const written = lines.map((line) => Buffer.from(bytesOf(converter.fromConnectData('t', STRING_SCHEMA, line)) ?? []).toString());
    expect(written).toEqual(expected);
  }
});

test('messages become the same sink lines', () => {
  for (const [converter, expected] of [
    [on, captured['sink json with schemas']],
    [off, captured['sink json without schemas']],
  ] as const) {
    expect(Object.keys(expected).length).toBeGreaterThan(20);
    for (const [message, line] of Object.entries(expected)) {
      const { schema, value } = converter.toConnectData('t', Buffer.from(message));
      expect(javaText(schema, value), message).toBe(line);
    }
  }
});
