import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readConnectorFile } from '../../../src/herder/connector-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
}

describe('connector files', () => {
  test('properties', () => {
    expect(readConnectorFile(file('a.properties', 'name=a\nconnector.class = FileStreamSource\ntopic: 한글\n'))).toEqual({
      name: 'a',
      config: { name: 'a', 'connector.class': 'FileStreamSource', topic: '한글' },
      initialState: null,
    });
  });

  test('a JSON object of settings, scalars as texts', () => {
    expect(readConnectorFile(file('b.json', '{"name":"b","tasks.max":1,"x":true,"n":12345678901234567890}'))).toEqual({
      name: 'b',
      config: { name: 'b', 'tasks.max': '1', x: 'true', n: '12345678901234567890' },
      initialState: null,
    });
  });

  test('a JSON request with its initial state', () => {
    expect(readConnectorFile(file('c', '{"name":"c","config":{"topic":"t"},"initial_state":"stopped"}'))).toEqual({
      name: 'c',
      config: { topic: 't', name: 'c' },
      initialState: 'STOPPED',
    });
  });

  test.each([
    ['missing.properties', null, 'Cannot read connector file'],
    ['nameless.properties', 'topic=t', "is missing the mandatory 'name' configuration"],
    ['bad.json', '{"name":', 'is not valid JSON'],
    ['list.json', '[1]', 'must hold a JSON object'],
    ['nested.json', '{"name":"x","a":{"b":1}}', 'Setting a in connector file'],
    ['two-names.json', '{"name":"x","config":{"name":"y"}}', "doesn't match the one specified in 'name' (x)"],
    ['state.json', '{"name":"x","config":{},"initial_state":"asleep"}', 'use RUNNING, PAUSED or STOPPED'],
  ])('%s is refused, and named', (name, content, message) => {
    const at = content === null ? path.join(folder, name) : file(name, content);
    expect(() => readConnectorFile(at)).toThrow(message);
    expect(() => readConnectorFile(at)).toThrow(at);
  });
});
