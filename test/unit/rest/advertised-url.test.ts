/** Which address the others are told, for every combination of listeners and settings. */
import { expect, test } from 'vitest';
import { advertisedUrlOf, unreachableNote, workerIdOf } from '../../../src/rest/advertised-url.ts';
import { parseRestConfig } from '../../../src/rest/rest-config.ts';

const OWN = '10.0.0.7';

/** Port 0 becomes 50000. */
function advertise(listeners: string, settings: Readonly<Record<string, string>> = {}): string {
  const config = parseRestConfig({ listeners, ...settings });
  const open = config.listeners.map((listener) => ({ listener, port: listener.port || 50_000 }));
  return advertisedUrlOf(config, open, () => OWN);
}

const HOST = { 'rest.advertised.host.name': 'worker-1' };
const PORT = { 'rest.advertised.port': '80' };
const as = (scheme: string) => ({ 'rest.advertised.listener': scheme });

test.each([
  ['http://a:1', {}, 'http://a:1/'],
  ['https://a:1', {}, 'https://a:1/'],
  ['http://a:0', {}, 'http://a:50000/'],
  ['http://:1', {}, `http://${OWN}:1/`],
  ['http://0.0.0.0:1', {}, `http://${OWN}:1/`],
  ['http://[::]:1', {}, `http://${OWN}:1/`],
  ['http://[::1]:1', {}, 'http://[::1]:1/'],
  // The first http listener, though https comes first.
  ['https://a:1,http://b:2,http://c:3', {}, 'http://b:2/'],
  ['https://a:1,http://b:2', as('https'), 'https://a:1/'],
  ['http://a:1,https://b:2', as('HTTPS'), 'https://b:2/'],
  ['http://a:1,https://b:2', as('http'), 'http://a:1/'],
  // A proxy in front may speak another scheme than this worker.
  ['http://a:1', as('https'), 'https://a:1/'],
  ['https://a:1', { ...as('http'), ...HOST, ...PORT }, 'http://worker-1:80/'],
  ['http://a:1', HOST, 'http://worker-1:1/'],
  ['http://:1', HOST, 'http://worker-1:1/'],
  ['http://a:1', PORT, 'http://a:80/'],
  ['http://a:1', { ...HOST, ...PORT }, 'http://worker-1:80/'],
  ['http://a:1,https://b:2', { ...as('https'), ...HOST }, 'https://worker-1:2/'],
  ['http://a:1', { 'rest.advertised.host.name': 'fd00::7' }, 'http://[fd00::7]:1/'],
  ['http://a:1', { 'rest.advertised.host.name': '' }, 'http://a:1/'],
] as const)('%s with %j', (listeners, settings, url) => {
  expect(advertise(listeners, settings)).toBe(url);
  expect(workerIdOf(url)).toBe(url.slice(url.indexOf('//') + 2, -1));
});

test('a worker that others cannot reach, though nobody asked for that', () => {
  const note = (settings: Readonly<Record<string, string>>) => unreachableNote(parseRestConfig(settings), 'http://127.0.0.1:8083/');
  expect(note({})).toContain('advertises http://127.0.0.1:8083/, which workers on other machines cannot reach');
  expect(note({ 'rest.advertised.host.name': 'localhost' })).not.toBeNull();
  for (const settings of [{ listeners: 'http://127.0.0.1:8083' }, { listeners: 'http://:8083' }, HOST]) expect(note(settings)).toBeNull();
});
