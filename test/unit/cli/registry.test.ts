/** Where the schema registry is found, and with which login. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openRegistry } from '../../../src/cli/registry.ts';

/** Answers with the login that it was given. */
async function echo(): Promise<string> {
  const server = createServer((request, response) => response.end(JSON.stringify([request.headers.authorization ?? 'nobody'])));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const basic = (text: string) => [`Basic ${Buffer.from(text).toString('base64')}`];

test('none is named: none', () => {
  expect(openRegistry({})).toBeNull();
  expect(openRegistry({ properties: { 'bootstrap.servers': 'b:1' } })).toBeNull();
});

test('by the command line, by client properties, by a worker for its converters; logins as there', async () => {
  const url = await echo();
  const who = async (properties: Record<string, string>, given?: string) => {
    const registry = openRegistry({ url: given, properties });
    onTestFinished(() => registry?.close());
    return registry?.subjects();
  };
  const login = { 'basic.auth.credentials.source': 'USER_INFO', 'basic.auth.user.info': 'a:b' };
  expect(await who({}, url)).toEqual(['nobody']);
  expect(await who({ 'schema.registry.url': url })).toEqual(['nobody']);
  expect(await who({ 'schema.registry.url': url, ...login })).toEqual(basic('a:b'));
  expect(await who({ 'schema.registry.url': url, 'schema.registry.basic.auth.user.info': 'c:d' })).toEqual(basic('c:d'));
  expect(await who({ 'schema.registry.url': url.replace('//', '//e:f@') })).toEqual(basic('e:f'));
  expect(await who({ 'value.converter.schema.registry.url': url, 'value.converter.basic.auth.user.info': 'g:h' })).toEqual(basic('g:h'));
  expect(await who({ 'schema.registry.url': url, 'bearer.auth.token': 't' })).toEqual(['Bearer t']);
});

test('what cannot be used is refused with the setting', () => {
  const properties = {
    'schema.registry.url': 'http://r:1',
    'basic.auth.credentials.source': 'SASL_INHERIT',
    'basic.auth.user.info': 'a:b',
  };
  expect(() => openRegistry({ properties })).toThrow('basic.auth.credentials.source = "SASL_INHERIT" is not supported');
  const tls = {
    'schema.registry.url': 'https://r:1',
    'schema.registry.ssl.truststore.location': '/nowhere.pem',
    'schema.registry.ssl.truststore.type': 'PEM',
  };
  expect(() => openRegistry({ properties: tls })).toThrow('/nowhere.pem');
});
