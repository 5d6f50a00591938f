import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { parseRestConfig } from '../../../src/rest/rest-config.ts';

const listenersOf = (listeners: string) =>
  parseRestConfig({ listeners }).listeners.map(({ scheme, host, port }) => ({ scheme, host, port }));

test('listeners: scheme in any case, empty host, IPv6, several', () => {
  expect(listenersOf('HTTP://:18083')).toEqual([{ scheme: 'http', host: null, port: 18083 }]);
  expect(listenersOf('http://127.0.0.1:0, https://[::1]:8443')).toEqual([
    { scheme: 'http', host: '127.0.0.1', port: 0 },
    { scheme: 'https', host: '::1', port: 8443 },
  ]);
});

test('unset listeners bind loopback only, unless others are told where to call', () => {
  const hostOf = (advertised: string) => parseRestConfig({ 'rest.advertised.host.name': advertised }).listeners.map(({ host }) => host);
  expect(parseRestConfig({}).listeners).toMatchObject([{ scheme: 'http', host: '127.0.0.1', port: 8083 }]);
  expect([hostOf(''), hostOf('localhost'), hostOf('worker-1'), hostOf('10.0.0.7')]).toEqual([['127.0.0.1'], ['127.0.0.1'], [null], [null]]);
});

test('admin.listeners: unset is shared, empty is off, set is its own', () => {
  expect(parseRestConfig({}).adminListeners).toBeNull();
  expect(parseRestConfig({ 'admin.listeners': '' }).adminListeners).toEqual([]);
  expect(parseRestConfig({ 'admin.listeners': 'http://127.0.0.1:9' }).adminListeners).toMatchObject([{ port: 9 }]);
});

test.each([
  [{ listeners: '' }, 'listeners is empty'],
  [{ listeners: 'ftp://x:1' }, 'the scheme ftp is not known'],
  [{ listeners: '127.0.0.1:8083' }, 'write an address as http://host:port'],
  [{ listeners: 'http://x:99999' }, 'write an address as http://host:port'],
  [{ listeners: 'http://x:1,http://x:1' }, 'twice'],
  [{ 'rest.advertised.listener': 'ftp' }, 'use http or https'],
  [{ 'rest.advertised.port': 'many' }, 'Invalid value many for configuration rest.advertised.port'],
  [{ 'response.http.headers.config': 'frobnicate X: y' }, 'write [set|add|setDate|addDate] Name: value'],
  [{ 'response.http.headers.config': 'setDate Expires: tomorrow' }, 'milliseconds'],
  [{ 'kconsole.rest.mask.secrets': 'maybe' }, 'Expected value to be either true or false'],
] as const)('%o is refused: %s', (raw, text) => {
  expect(() => parseRestConfig(raw)).toThrow(ConfigError);
  expect(() => parseRestConfig(raw)).toThrow(text);
});
