/** Why a Connect URL cannot be used: each cause has its own sentence. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { CheckStep } from '../../../src/base/reach.ts';
import { checkConnect } from '../../../src/control/check.ts';
import { freePort } from '../../../src/demo/free-port.ts';

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serving(answer: (path: string, response: http.ServerResponse) => void): Promise<string> {
  const server = http.createServer((request, response) => answer(request.url ?? '', response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function last(url: string): Promise<CheckStep> {
  let step: CheckStep | null = null;
  for await (const one of checkConnect([url])) step = one;
  return step!;
}

test('a Connect worker tells its version and its connectors', async () => {
  const address = await serving((path, response) =>
    response.end(path === '/' ? '{"version":"4.3.1","commit":"abc","kafka_cluster_id":"c1"}' : '["a","b"]'),
  );
  expect(await last(`http://${address}`)).toEqual({
    what: `Connect http://${address}`,
    outcome: 'ok',
    answer: 'Connect 4.3.1 on the Kafka cluster c1, 2 connectors',
    advice: null,
  });
});

test('something else that speaks HTTP is no Connect worker, and is shown', async () => {
  const address = await serving((_, response) => response.writeHead(200, { server: 'nginx' }).end('<title>Welcome to nginx!</title>'));
  expect((await last(address)).answer).toBe('answers, and is no Connect worker (HTTP 200, nginx, "Welcome to nginx!")');
  const registry = await serving((_, response) => response.end('{}'));
  expect((await last(registry)).answer).toBe('answers, and is no Connect worker (HTTP 200)');
});

test('a login that is wanted, and a password that is never shown', async () => {
  const address = await serving((_, response) => response.writeHead(401).end());
  const step = await last(`http://kim:s3cret@${address}`);
  expect(step).toMatchObject({ outcome: 'failed', answer: 'wants a login (HTTP 401)' });
  expect(JSON.stringify(step)).not.toContain('s3cret');
});

test('nothing listens, the wrong scheme, no address at all', async () => {
  const port = await freePort();
  expect((await last(`http://127.0.0.1:${port}`)).answer).toBe('refused: nothing listens there');
  const address = await serving((_, response) => response.end('{}'));
  expect(await last(`https://${address}`)).toMatchObject({
    what: `TLS ${address}`,
    outcome: 'failed',
    advice: 'this looks like a port without TLS',
  });
  expect((await last('ftp://x')).answer).toContain('has the scheme ftp');
});
