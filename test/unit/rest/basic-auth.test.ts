import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createAuthenticator } from '../../../src/rest/basic-auth.ts';
import { createMemoryHerder } from '../../helpers/memory-herder.ts';
import { restApp } from '../../helpers/rest-rig.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-auth-'));
afterAll(() => rmSync(folder, { recursive: true }));
const users = path.join(folder, 'users.properties');
writeFileSync(users, 'admin=s:cret\n한글=비밀\n');
const jaas = path.join(folder, 'jaas.conf');
writeFileSync(
  jaas,
  `KafkaConnect {\n  org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule required\n  file="${users}";\n};\n`,
);
const EXTENSION = 'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension';
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test('nothing configured: nobody has to authenticate', () => {
  expect(createAuthenticator([], null, undefined)).toBeNull();
});

test.each([
  ['our own key', () => createAuthenticator([], users, undefined)],
  ["Connect's extension", () => createAuthenticator([EXTENSION], null, `-Xmx1g -Djava.security.auth.login.config=${jaas}`)],
])('%s: right user and password only', (_, create) => {
  const isKnown = create()!;
  expect([basic('admin:s:cret'), basic('한글:비밀')].map(isKnown)).toEqual([true, true]);
  expect(
    [undefined, '', 'Basic', basic('admin:wrong'), basic('nobody:s:cret'), basic('admin'), basic(':'), 'Bearer x'].map(isKnown),
  ).toEqual(Array(8).fill(false));
});

test('an extension that is not known stops the worker: the API must not stand open', () => {
  expect(() => createAuthenticator(['com.acme.Auth'], null, undefined)).toThrow('names com.acme.Auth, which kconsole does not have');
  expect(() => createAuthenticator([EXTENSION], null, undefined)).toThrow('kconsole.rest.basic.auth.file');
  expect(() => createAuthenticator([EXTENSION], null, '-Djava.security.auth.login.config=/nonexistent')).toThrow('/nonexistent');
});

test('without a password every path is 401 with the error shape', async () => {
  const app = restApp(createMemoryHerder(), { authenticate: createAuthenticator([], users, undefined) });
  for (const url of ['/connectors', '/nosuch', '/metrics']) {
    const answer = await app.inject({ url });
    expect([answer.statusCode, answer.json().error_code, answer.headers['www-authenticate']]).toEqual([401, 401, 'Basic realm="Connect"']);
  }
  expect((await app.inject({ url: '/connectors', headers: { authorization: basic('admin:s:cret') } })).statusCode).toBe(200);
});
