/** Real sockets: listeners, ports that are taken, TLS, slow callers, the end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { logHub } from '../../../src/base/log.ts';
import { parseRestConfig } from '../../../src/rest/rest-config.ts';
import { type RestServer, type RestServerOptions, startRestServer } from '../../../src/rest/server.ts';
import { LOCAL_NAMES, makeCertificates } from '../../helpers/certificates.ts';
import { createMemoryHerder } from '../../helpers/memory-herder.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-rest-'));
const certificate = path.join(folder, 'server-both.pem');
const open: RestServer[] = [];

beforeAll(() => makeCertificates(folder, { server: LOCAL_NAMES }));
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(raw: Record<string, string>, options: RestServerOptions = {}): Promise<RestServer> {
  const server = await startRestServer(parseRestConfig(raw), options);
  open.push(server);
  server.serve(createMemoryHerder());
  return server;
}

const ANY_PORT = 'http://127.0.0.1:0';

test('the address that is bound is advertised, and is the worker id', async () => {
  const server = await start({ listeners: ANY_PORT });
  expect(server.advertisedUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect(server.workerId).toBe(server.advertisedUrl.slice('http://'.length, -1));
  expect(await (await fetch(`${server.advertisedUrl}connectors`)).json()).toEqual([]);
});

test('advertised host, port and listener as configured', async () => {
  const settings = { 'rest.advertised.host.name': 'worker-1.example', 'rest.advertised.port': '80' };
  const server = await start({ listeners: ANY_PORT, ...settings });
  expect([server.advertisedUrl, server.workerId]).toEqual(['http://worker-1.example:80/', 'worker-1.example:80']);
});

test('a taken port: an error naming the port and what to do; what was opened before is closed again', async () => {
  const first = await start({ listeners: ANY_PORT });
  const port = new URL(first.advertisedUrl).port;
  const free = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const { port: otherPort } = free.address() as net.AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const config = parseRestConfig({ listeners: `http://127.0.0.1:${otherPort},http://127.0.0.1:${port}` });
  await expect(startRestServer(config)).rejects.toThrow(
    `port ${port} is in use by another process. Stop that one, or give this worker another port`,
  );
  await expect(fetch(`http://127.0.0.1:${otherPort}/`)).rejects.toThrow();
});

test('admin listeners: shared, off, their own', async () => {
  const statusOf = async (address: string, at: string) => (await fetch(`${address}${at}`)).status;
  const shared = await start({ listeners: ANY_PORT });
  expect(await statusOf(shared.addresses[0]!, '/admin/loggers')).toBe(200);
  const off = await start({ listeners: ANY_PORT, 'admin.listeners': '' });
  expect([await statusOf(off.addresses[0]!, '/admin/loggers'), await statusOf(off.addresses[0]!, '/connectors')]).toEqual([404, 200]);
  const own = await start({ listeners: ANY_PORT, 'admin.listeners': ANY_PORT });
  const [main = '', admin = ''] = own.addresses;
  expect([await statusOf(main, '/admin/loggers'), await statusOf(admin, '/admin/loggers'), await statusOf(admin, '/connectors')]).toEqual([
    404, 200, 404,
  ]);
});

test('https from PEM: TLS 1.2 and 1.3, nothing older', async () => {
  const tls = { 'listeners.https.ssl.keystore.location': certificate, 'listeners.https.ssl.keystore.type': 'PEM' };
  const server = await start({ listeners: 'https://127.0.0.1:0', ...tls });
  const read = (options: https.RequestOptions) =>
    new Promise<number | undefined>((resolve, reject) => {
      https
        .get(`${server.advertisedUrl}connectors`, { rejectUnauthorized: false, agent: false, ...options }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
        .on('error', reject);
    });
  expect(await read({ maxVersion: 'TLSv1.2' })).toBe(200);
  expect(await read({ minVersion: 'TLSv1.3' })).toBe(200);
  await expect(read({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow();
});

test('https without a key says what to set', async () => {
  await expect(startRestServer(parseRestConfig({ listeners: 'https://127.0.0.1:0' }))).rejects.toThrow(ConfigError);
  await expect(startRestServer(parseRestConfig({ listeners: 'https://127.0.0.1:0' }))).rejects.toThrow('ssl.keystore.location');
});

test('a listener that others can reach without a password is warned of', async () => {
  const warnings: string[] = [];
  const detach = logHub.attach((event) => void (event.level === 'WARN' && warnings.push(event.message)));
  const users = path.join(folder, 'users.properties');
  writeFileSync(users, 'admin=x\n');
  await start({ listeners: ANY_PORT });
  await start({ listeners: 'http://0.0.0.0:0', 'kconsole.rest.basic.auth.file': users });
  expect(warnings).toEqual([]);
  await start({ listeners: 'HTTP://:0' });
  detach();
  expect(warnings).toEqual([expect.stringContaining('can be reached from other machines without a password')]);
});

test.each([
  ['a head that never ends', 'GET /connectors HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
  [
    'a body that never comes',
    'POST /connectors HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  ],
])('%s is cut off with 408', async (_, text) => {
  const server = await start({ listeners: ANY_PORT }, { receiveTimeoutMs: 300 });
  expect(await talk(server, text)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
});

test('broken and oversized heads are 400 and 431, with the error shape', async () => {
  const server = await start({ listeners: ANY_PORT });
  expect(await talk(server, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"error_code":400/);
  expect(await talk(server, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 [\s\S]*"error_code":431/,
  );
});

test('closing ends kept connections and requests that hang, within seconds', async () => {
  const server = await startRestServer(parseRestConfig({ listeners: ANY_PORT }));
  server.serve(createMemoryHerder({ connectors: () => new Promise(() => undefined) }));
  const hanging = fetch(`${server.advertisedUrl}connectors`).then(
    () => 'answered',
    () => 'cut',
  );
  await fetch(`${server.advertisedUrl}health`);
  const startedMs = performance.now();
  await server.close();
  expect(performance.now() - startedMs).toBeLessThan(6_000);
  expect(await hanging).toBe('cut');
});

/** Everything the server says until it closes the connection. */
function talk(server: RestServer, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.advertisedUrl);
    let answer = '';
    const socket = net.connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
