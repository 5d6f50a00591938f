/** Servers that are dead, slow, half dead or no Connect at all; real sockets. */
import type http from 'node:http';
import type net from 'node:net';
import { expect, test } from 'vitest';
import { AlreadyExistsError, ConfigError, NotFoundError, RestError, UnreachableError } from '../../../src/base/errors.ts';
import { createHttpHerder, type HttpHerder, type HttpHerderOptions } from '../../../src/control/over-http.ts';
import { afterThisTest, deadUrl, httpFixture, says } from '../../helpers/http-fixture.ts';
import { createMemoryHerder } from '../../helpers/memory-herder.ts';
import { restApp } from '../../helpers/rest-rig.ts';

function herderAt(urls: readonly string[], options: HttpHerderOptions = {}): HttpHerder {
  const herder = createHttpHerder(urls, {
    connectTimeoutMs: 500,
    readTimeoutMs: 500,
    changeTimeoutMs: 500,
    rebalanceWaitMs: 0,
    ...options,
  });
  afterThisTest(() => herder.close());
  return herder;
}

test('a dead address is passed over, also for changes, and the living one is asked first from then on', async () => {
  const dead = await deadUrl();
  const living = await httpFixture(says(['a']));
  const herder = herderAt([dead, living.url]);
  expect(await herder.connectors()).toEqual(['a']);
  await herder.pauseConnector('a');
  expect(living.requests).toEqual(['GET /connectors', 'PUT /connectors/a/pause']);
});

test('nobody answers: every address with its reason', async () => {
  const urls = [await deadUrl(), await deadUrl()];
  const error = await herderAt(urls)
    .connectors()
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(UnreachableError);
  for (const url of urls) expect(String(error)).toContain(`${url}: connection refused`);
});

test('a worker that hangs: reading goes on to the next one, a change does not', async () => {
  const hanging = await httpFixture(() => undefined);
  const living = await httpFixture(says(['a']));
  const herder = herderAt([hanging.url, living.url], { readTimeoutMs: 200, changeTimeoutMs: 200 });
  const change = await herder.deleteConnector('a').catch((e: unknown) => e);
  expect(change).toBeInstanceOf(RestError);
  expect(String(change)).toContain('it is not known whether it was carried out');
  expect(living.requests).toEqual([]);
  expect(await herder.connectors()).toEqual(['a']);
});

test('a kept connection that the worker has closed meanwhile is replaced without a word', async () => {
  let isFirst = true;
  const server = await httpFixture((request, response) => {
    says(['a'])(request, response);
    if (isFirst) request.socket.once('data', () => request.socket.destroy());
    isFirst = false;
  });
  const herder = herderAt([server.url]);
  expect(await herder.connectors()).toEqual(['a']);
  expect(await herder.connectors()).toEqual(['a']);
});

test.each([
  [404, 'Connector x not found', NotFoundError, 'Connector x not found'],
  [409, 'Connector x already exists', AlreadyExistsError, 'Connector x already exists'],
  [400, 'no', RestError, 'no'],
  [404, 'HTTP 404 Not Found', RestError, 'This worker does not offer PUT /connectors/x/stop: it is too old for it'],
  [405, 'HTTP 405 Method Not Allowed', RestError, 'it is too old for it'],
] as const)('%i %s comes back as the error it was', async (status, message, type, text) => {
  const server = await httpFixture(says({ error_code: status, message }, status));
  const error = await herderAt([server.url])
    .stopConnector('x')
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(type);
  expect(String(error)).toContain(text);
});

test('what is no Connect says so: a page with 200, a page with 502, broken JSON', async () => {
  const page = (status: number) => (_: unknown, response: http.ServerResponse) =>
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html><title>Bad Gateway</title>');
  await expect(herderAt([(await httpFixture(page(200))).url]).connectors()).rejects.toThrow('with text/html instead of JSON');
  await expect(herderAt([(await httpFixture(page(502))).url]).connectors()).rejects.toThrow('answered HTTP 502: Bad Gateway');
  await expect(herderAt([(await httpFixture(says('{"a":'))).url]).connectors()).rejects.toThrow('instead of JSON');
});

test('an answer that breaks off is no answer', async () => {
  const server = await httpFixture((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('["a"');
    setImmediate(() => response.destroy());
  });
  await expect(herderAt([server.url]).connectors()).rejects.toBeInstanceOf(UnreachableError);
});

test('during a rebalance the call is repeated until the wait is over', async () => {
  let left = 2;
  const server = await httpFixture((request, response) =>
    left-- > 0
      ? says({ error_code: 409, message: 'Cannot complete request because of a conflicting operation (e.g. worker rebalance)' }, 409)(
          request,
          response,
        )
      : says(['a'])(request, response),
  );
  expect(await herderAt([server.url], { rebalanceWaitMs: 5_000 }).connectors()).toEqual(['a']);
  expect(server.requests).toHaveLength(3);
  left = 1;
  await expect(herderAt([server.url]).connectors()).rejects.toThrow('worker rebalance');
});

test('old workers: no health, no metrics, no log, no version in states', async () => {
  const status = {
    name: 'x',
    connector: { state: 'RUNNING', worker_id: 'w' },
    tasks: [{ id: 0, state: 'RUNNING', worker_id: 'w' }],
    type: 'source',
  };
  const server = await httpFixture((request, response) =>
    request.url === '/connectors/x/status'
      ? says(status)(request, response)
      : says({ error_code: 404, message: 'HTTP 404 Not Found' }, 404)(request, response),
  );
  const herder = herderAt([server.url]);
  expect((await herder.health()).status).toBe('healthy');
  expect([await herder.metrics(), await herder.workerLog({})]).toEqual([null, null]);
  expect(await herder.connectorStatus('x')).toEqual(status);
});

test('a JVM worker that is still starting is not taken for a healthy old one', async () => {
  const page = '<html><title>Error 404 Not Found</title></html>';
  const server = await httpFixture((_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end(page));
  await expect(herderAt([server.url]).health()).rejects.toThrow('/health answered HTTP 404: Error 404 Not Found');
});

test('an initial state is sent for a new connector; one that is there is changed without', async () => {
  const app = restApp(createMemoryHerder());
  await app.listen({ port: 0, host: '127.0.0.1' });
  afterThisTest(() => void app.close());
  const herder = herderAt([`http://127.0.0.1:${(app.server.address() as net.AddressInfo).port}`]);
  const config = { 'connector.class': 'F', name: 'x' };
  const paused = { allowReplace: true, initialState: 'PAUSED' } as const;
  expect((await herder.putConnectorConfig('x', config, paused)).created).toBe(true);
  expect((await herder.connectorStatus('x')).connector.state).toBe('PAUSED');
  const changed = await herder.putConnectorConfig('x', { ...config, topic: 't' }, paused);
  expect([changed.created, changed.info.config.topic]).toEqual([false, 't']);
});

test('an unhealthy worker is an answer, not an error', async () => {
  const server = await httpFixture(says({ status: 'unhealthy', message: 'm' }, 500));
  expect(await herderAt([server.url]).health()).toEqual({ status: 'unhealthy', message: 'm' });
});

test('names are encoded, a base path is kept, user and password go as Basic and into no message', async () => {
  let authorization = '';
  const server = await httpFixture((request, response) => {
    authorization = request.headers.authorization ?? '';
    says({ error_code: 400, message: 'no' }, 400)(request, response);
  });
  const herder = herderAt([`${server.url.replace('//', '//user:s%3Acret@')}/connect/`]);
  const error = await herder.connectorInfo('a/b 한?').catch((e: unknown) => e);
  expect(server.requests).toEqual(['GET /connect/connectors/a%2Fb%20%ED%95%9C%3F']);
  expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()).toBe('user:s:cret');
  expect(String(error) + herder.addresses.join()).not.toContain('cret');
});

test('an address that is none', () => {
  expect(() => createHttpHerder([])).toThrow(ConfigError);
  expect(() => createHttpHerder(['ftp://x'])).toThrow('is reached by http or https');
  expect(() => createHttpHerder(['http://'])).toThrow('is not an address');
  expect(createHttpHerder(['localhost:8083']).addresses).toEqual(['http://localhost:8083']);
});

test('metrics of a worker of ours come over HTTP, from the real routes', async () => {
  const sample = { group: 'source-task-metrics', tags: { connector: '주문', task: '0' }, name: 'source-record-write-total', value: 7 };
  const detail = { ...sample, name: 'parameters', value: 'id > "7"', isDetail: true as const };
  const app = restApp(createMemoryHerder({ metrics: async () => [sample, detail] }));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  afterThisTest(() => void app.close());
  const { isDetail, ...told } = detail;
  expect(isDetail).toBe(true);
  expect(await herderAt([url]).metrics()).toEqual([sample, told]);
  // What changes all the time would fill a metrics store.
  const scraped = await (await fetch(`${url}/metrics`)).text();
  expect(scraped).toContain('source_record_write_total');
  expect(scraped).not.toContain('parameters');
});

test('a worker that is named is asked, and no other in its place', async () => {
  const [first, second] = [await httpFixture(says({})), await httpFixture(says(['a']))];
  const herder = herderAt([first.url, second.url]);
  await herder.loggers(second.url);
  await herder.setLogger('a', 'DEBUG', 'worker', second.url);
  expect(first.requests).toEqual([]);
  expect(second.requests).toEqual(['GET /admin/loggers', 'PUT /admin/loggers/a?scope=worker']);
  const dead = herderAt([first.url, 'http://127.0.0.1:1']);
  await expect(dead.setLogger('a', 'DEBUG', 'worker', 'http://127.0.0.1:1')).rejects.toThrow(UnreachableError);
  expect(first.requests).toEqual([]);
  await expect(dead.loggers('http://127.0.0.1:2')).rejects.toThrow('give its address to --attach');
});
