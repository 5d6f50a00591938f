/** Saved contexts: what they may say, how a mistake is told, and who may read them. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  contextFile,
  lastContext,
  parseContext,
  readContext,
  readContexts,
  rememberContext,
  saveContext,
  secretsWarning,
} from '../../../../src/cli/places/contexts.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-contexts-'));
beforeAll(() => {
  vi.stubEnv('XDG_CONFIG_HOME', path.join(folder, 'config'));
  vi.stubEnv('XDG_STATE_HOME', path.join(folder, 'state'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('one that was saved is there again, for its owner only', () => {
  expect(readContexts()).toEqual({ contexts: [], problems: [] });
  saveContext({ name: '운영-eu', brokers: 'k1:9092', commandConfig: '/etc/client.properties', connect: ['http://u:p@c1:8083'] });
  expect(readContext('운영-eu')).toEqual({
    name: '운영-eu',
    brokers: 'k1:9092',
    commandConfig: '/etc/client.properties',
    connect: ['http://u:p@c1:8083'],
    colour: null,
    readOnly: false,
    protected: false,
    skin: null,
  });
  expect(statSync(contextFile('운영-eu')).mode & 0o777).toBe(0o600);
  expect(() => saveContext({ name: '운영-eu', brokers: 'x:1', commandConfig: null, connect: [] })).toThrow(
    'there is a context "운영-eu" already',
  );
  for (const name of ['', '../x', 'a/b', 'a b', '.hidden', 'x'.repeat(41)])
    expect(() => saveContext({ name, brokers: 'x:1', commandConfig: null, connect: [] })).toThrow('cannot be a name');
});

test('what is wrong is told with file, member and value, and hides no other context', () => {
  const reading = (text: string) => () => parseContext('x', text, '/c/x.json');
  expect(reading('{')).toThrow('Context /c/x.json: it is not JSON');
  expect(reading('[]')).toThrow('it must be an object');
  expect(reading('{"broker":"a:1"}')).toThrow('there is no member "broker". There are: brokers, commandConfig, connect');
  expect(reading('{"connect":"http://a"}')).toThrow('connect is "http://a", not a list of addresses like ["http://host:8083"]');
  expect(reading('{"brokers":"a:1","colour":"mauve"}')).toThrow('colour is "mauve", not one of red, orange');
  expect(reading('{"brokers":"a:1","colour":"red"}')).not.toThrow();
  expect(reading('{"brokers":"a:1","readOnly":"yes"}')).toThrow('readOnly is "yes", not true or false');
  expect(reading('{"readOnly":true}')).toThrow('it names neither brokers nor connect');
  expect(parseContext('x', '{"brokers":"a:1","commandConfig":"../client.properties"}', '/c/x.json').commandConfig).toBe(
    '/client.properties',
  );
  writeFileSync(contextFile('broken'), '{');
  const { contexts, problems } = readContexts();
  expect(contexts.map(({ name }) => name)).toEqual(['운영-eu']);
  expect(problems).toEqual([expect.stringContaining('broken.json: it is not JSON')]);
  expect(() => readContext('gone')).toThrow(/There is no context "gone": .*gone\.json cannot be read\. There are: broken, 운영-eu\./);
});

test('the last one is remembered', () => {
  expect(lastContext()).toBeNull();
  rememberContext('운영-eu');
  expect(lastContext()).toBe('운영-eu');
  expect(readFileSync(path.join(folder, 'state/kconsole/last-context'), 'utf8')).toBe('운영-eu\n');
});

test('client properties that others may read are warned of', () => {
  const file = path.join(folder, 'client.properties');
  writeFileSync(file, 'x=1\n', { mode: 0o600 });
  expect(secretsWarning({ commandConfig: file })).toBeNull();
  chmodSync(file, 0o644);
  expect(secretsWarning({ commandConfig: file })).toBe(`${file} may be read by others (mode 644): chmod 600 keeps its secrets`);
  expect(secretsWarning({ commandConfig: null })).toBeNull();
});
