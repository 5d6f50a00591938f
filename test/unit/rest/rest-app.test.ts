/** HTTP itself: methods, media types, names, sizes, hosts, headers, times. */
import { expect, test } from 'vitest';
import { LogHub } from '../../../src/base/log.ts';
import { toCorsRules } from '../../../src/rest/cors.ts';
import { parseHeaderRules } from '../../../src/rest/response-headers.ts';
import { createRestApp } from '../../../src/rest/rest-app.ts';
import { createMemoryHerder } from '../../helpers/memory-herder.ts';
import { restApp, restAppOptions } from '../../helpers/rest-rig.ts';
import { createTestClock, settle } from '../../helpers/test-clock.ts';

const CONFIG = { 'connector.class': 'FileStreamSource', topic: 't1' };
const JSON_TYPE = { 'content-type': 'application/json' };

async function appWith(...names: string[]) {
  const herder = createMemoryHerder();
  for (const name of names) await herder.putConnectorConfig(name, { ...CONFIG, name }, { allowReplace: false });
  return { herder, app: restApp(herder) };
}

test.each([
  ['GET', '/nosuch', 404, 'HTTP 404 Not Found'],
  ['GET', '/CONNECTORS', 404, 'HTTP 404 Not Found'],
  ['GET', '/connectors/x/nosuch', 404, 'HTTP 404 Not Found'],
  ['OPTIONS', '/nosuch', 404, 'HTTP 404 Not Found'],
  ['GET', '/connectors/x/tasks-config', 404, 'HTTP 404 Not Found'],
  ['GET', '/connectors/x/tasks/99999999999/status', 404, 'HTTP 404 Not Found'],
  ['GET', '/connectors/x/tasks/-1/status', 404, 'No status found for task x--1'],
  ['DELETE', '/connectors', 405, 'HTTP 405 Method Not Allowed'],
  ['POST', '/', 405, 'HTTP 405 Method Not Allowed'],
  ['PUT', '/connectors/x', 405, 'HTTP 405 Method Not Allowed'],
  ['GET', '/connectors/x/pause', 405, 'HTTP 405 Method Not Allowed'],
  ['TRACE', '/connectors', 405, 'HTTP 405 Method Not Allowed'],
] as const)('%s %s is %i', async (method, url, status, message) => {
  const { app } = await appWith('x');
  const answer = await app.inject({ method: method as 'GET', url });
  expect(answer.statusCode).toBe(status);
  expect(answer.body).toBe(JSON.stringify({ error_code: status, message }));
  expect(answer.headers['content-type']).toBe('application/json');
});

test('a wrong method is told before a wrong media type, and that before a broken body', async () => {
  const { app } = await appWith();
  const text = { 'content-type': 'text/plain' };
  expect((await app.inject({ method: 'DELETE', url: '/connectors', headers: text, payload: 'x' })).statusCode).toBe(405);
  expect((await app.inject({ method: 'POST', url: '/connectors', headers: text, payload: '{bad' })).statusCode).toBe(415);
});

test.each([
  ['text/plain', '{}'],
  ['application/x-www-form-urlencoded', ''],
  ['application/jsonx', '{}'],
])('media type %s is refused with 415, also without a body', async (type, payload) => {
  const { app } = await appWith('x');
  const answer = await app.inject({ method: 'PUT', url: '/connectors/x/pause', headers: { 'content-type': type }, payload });
  expect([answer.statusCode, answer.body]).toEqual([415, '{"error_code":415,"message":"HTTP 415 Unsupported Media Type"}']);
});

test('a body without a media type is refused; a charset on the right one is fine', async () => {
  const { app } = await appWith();
  const bare = await app.inject({ method: 'POST', url: '/connectors', headers: { 'content-length': '2' }, payload: Buffer.from('{}') });
  expect(bare.statusCode).toBe(415);
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  const answer = await app.inject({ method: 'POST', url: '/connectors', headers, payload: JSON.stringify({ name: 'a', config: CONFIG }) });
  expect(answer.statusCode).toBe(201);
});

test('an answer that the caller cannot read is 406', async () => {
  const { app } = await appWith();
  expect((await app.inject({ url: '/connectors', headers: { accept: 'text/html' } })).statusCode).toBe(406);
  expect((await app.inject({ url: '/connectors', headers: { accept: 'text/html, */*;q=0.1' } })).statusCode).toBe(200);
  expect((await app.inject({ url: '/metrics', headers: { accept: 'text/plain' } })).statusCode).toBe(200);
});

test('HEAD has the head of GET; OPTIONS names the methods', async () => {
  const { app } = await appWith('x');
  const head = await app.inject({ method: 'HEAD', url: '/connectors' });
  expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', '5']);
  const options = await app.inject({ method: 'OPTIONS', url: '/connectors' });
  expect(options.statusCode).toBe(200);
  expect(String(options.headers.allow).split(',').sort()).toEqual(['GET', 'HEAD', 'OPTIONS', 'POST']);
  expect(options.headers['content-type']).toMatch(/^text\/plain/);
});

test('a trailing slash changes nothing', async () => {
  const { app } = await appWith('x');
  for (const url of ['/connectors/', '/connectors/x/', '/connectors/x/status/', '/connector-plugins/'])
    expect((await app.inject({ url })).statusCode).toBe(200);
});

test.each([
  'with space',
  '한글 이름',
  'a/b',
  'a%2Fb%',
  'q?&=#;+',
  `quote'"<>`,
  'n'.repeat(300),
  'émoji😀',
  '__proto__',
  'constructor',
  '1',
])('the name %s: created, found at its Location, listed, expanded, deleted', async (name) => {
  const { app } = await appWith();
  const made = await app.inject({
    method: 'POST',
    url: '/connectors',
    headers: { ...JSON_TYPE, host: 'localhost:8083' },
    payload: JSON.stringify({ name, config: CONFIG }),
  });
  expect(made.statusCode).toBe(201);
  const location = String(made.headers.location);
  expect(location).toMatch(/^http:\/\/localhost:8083\/connectors\/[\x21-\x7e]+$/);
  expect(decodeURIComponent(location.split('/connectors/')[1]!)).toBe(name);
  const url = `/connectors/${encodeURIComponent(name)}`;
  expect((await app.inject({ url })).json().config.name).toBe(name);
  expect((await app.inject({ url: '/connectors' })).json()).toEqual([name]);
  const expanded = JSON.parse((await app.inject({ url: '/connectors?expand=info&expand=bogus' })).body) as object;
  expect(Object.keys(expanded)).toEqual([name]);
  expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(204);
});

test('expand gives the parts asked for, and an empty object for unknown words', async () => {
  const { app } = await appWith('x');
  expect(Object.keys((await app.inject({ url: '/connectors?expand=status&expand=info' })).json().x)).toEqual(['status', 'info']);
  expect((await app.inject({ url: '/connectors?expand=bogus' })).body).toBe('{"x":{}}');
});

test('configuration values: scalars become the text that stood there, null stays, the order is kept, __proto__ is dropped', async () => {
  const { app, herder } = await appWith();
  const payload = '{"name":" n ","config":{"z":1.50,"connector.class":"F","a":1e3,"b":true,"__proto__":{"x":"y"},"c":9007199254740993}}';
  const answer = await app.inject({ method: 'POST', url: '/connectors', headers: JSON_TYPE, payload });
  expect(answer.statusCode).toBe(201);
  expect(JSON.stringify(herder.held.get('n')?.config)).toBe(
    '{"z":"1.50","connector.class":"F","a":"1e3","b":"true","c":"9007199254740993","name":"n"}',
  );
});

test.each([
  ['POST', '/connectors', ''],
  ['POST', '/connectors', 'null'],
  ['POST', '/connectors', '[]'],
  ['POST', '/connectors', '"x"'],
  ['POST', '/connectors', '{bad'],
  ['POST', '/connectors', '{"name":"x","config":{}} trailing'],
  ['POST', '/connectors', '{"name":"x"}'],
  ['POST', '/connectors', '{"name":"x","config":null}'],
  ['POST', '/connectors', '{"nme":"x","config":{}}'],
  ['POST', '/connectors', '{"name":["x"],"config":{}}'],
  ['POST', '/connectors', '{"name":"x","config":{"a":{"b":1}}}'],
  ['POST', '/connectors', '{"name":"x","config":{},"initial_state":"bogus"}'],
  ['POST', '/connectors', `${'['.repeat(5000)}`],
  ['POST', '/connectors', `{"name":"x","config":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`],
  ['PUT', '/connectors/x/config', ''],
  ['PUT', '/connectors/x/config', 'null'],
  ['PUT', '/connectors/x/config', '[]'],
  ['PATCH', '/connectors/x/offsets', '{"offsets":"x"}'],
  ['PATCH', '/connectors/x/offsets', '{"offsets":[null]}'],
  ['PATCH', '/connectors/x/offsets', '{"offsets":[],"zz":1}'],
  ['PATCH', '/connectors/x/offsets', '{"offsets":[{"partition":{},"offset":{},"q":1}]}'],
  ['PATCH', '/connectors/x/offsets', '{"offsets":[{"partition":{"a":1},"offset":{"position":10000000000000000000}}]}'],
  ['PUT', '/connector-plugins/F/config/validate', ''],
  ['PUT', '/admin/loggers/a.b', ''],
] as const)('%s %s with a broken body is refused as a JVM worker does: %#', async (method, url, payload) => {
  const { app, herder } = await appWith('x');
  const before = structuredClone([...herder.held]);
  const answer = await app.inject({ method, url, headers: JSON_TYPE, payload });
  expect(answer.statusCode).toBe(500);
  expect(Object.keys(answer.json())).toEqual(['error_code', 'message']);
  expect([...herder.held]).toEqual(before);
});

test('offsets: 64-bit numbers are exact both ways, kinds of numbers stay apart', async () => {
  const { app, herder } = await appWith('x');
  await herder.stopConnector('x');
  const payload =
    '{"offsets":[{"partition":{"filename":"/f"},"offset":{"position":9007199254740993}},{"partition":{"p":1},"offset":null}]}';
  const answer = await app.inject({ method: 'PATCH', url: '/connectors/x/offsets', headers: JSON_TYPE, payload });
  expect(answer.statusCode).toBe(200);
  expect(herder.held.get('x')?.offsets).toEqual([
    { partition: { filename: '/f' }, offset: { position: 9007199254740993n } },
    { partition: { p: 1n }, offset: null },
  ]);
  expect((await app.inject({ url: '/connectors/x/offsets' })).body).toBe(payload);
});

test('a body of more than 1 MB is 413', async () => {
  const { app } = await appWith();
  const answer = await app.inject({
    method: 'POST',
    url: '/connectors',
    headers: JSON_TYPE,
    payload: `{"name":"${'x'.repeat(1024 * 1024)}"}`,
  });
  expect([answer.statusCode, answer.json().error_code]).toEqual([413, 413]);
});

test('on a loopback address foreign host names are refused (DNS rebinding), on others not', async () => {
  const herder = createMemoryHerder();
  const app = restApp(herder, { allowedHosts: () => ['worker-1.example'] });
  const statusFor = async (host: string) => (await app.inject({ url: '/connectors', headers: { host } })).statusCode;
  for (const host of ['localhost:8083', '127.0.0.1', '127.9.8.7:1', '[::1]:8083', 'a.localhost', 'WORKER-1.example:8083'])
    expect([host, await statusFor(host)]).toEqual([host, 200]);
  for (const host of ['evil.example', 'evil.example:8083', '127.0.0.1.evil.example', '10.0.0.1', 'localhost.evil.example'])
    expect([host, await statusFor(host)]).toEqual([host, 403]);
  const open = restApp(herder, { allowedHosts: () => null });
  expect((await open.inject({ url: '/connectors', headers: { host: 'worker.example' } })).statusCode).toBe(200);
});

test('cross-origin calls: none by default, the configured ones when asked', async () => {
  const herder = createMemoryHerder();
  const closed = await restApp(herder).inject({ url: '/connectors', headers: { origin: 'http://a.example' } });
  expect(closed.headers['access-control-allow-origin']).toBeUndefined();
  const app = restApp(herder, { cors: toCorsRules('http://*.example', 'GET,PUT') });
  const allowed = await app.inject({ url: '/connectors', headers: { origin: 'http://a.example' } });
  expect([allowed.headers['access-control-allow-origin'], allowed.headers.vary]).toEqual(['http://a.example', 'Origin']);
  const other = await app.inject({ url: '/connectors', headers: { origin: 'http://a.example.evil' } });
  expect(other.headers['access-control-allow-origin']).toBeUndefined();
  const preflight = await app.inject({
    method: 'OPTIONS',
    url: '/connectors',
    headers: { origin: 'http://a.example', 'access-control-request-method': 'PUT' },
  });
  expect([preflight.statusCode, preflight.headers['access-control-allow-methods']]).toEqual([200, 'GET,PUT']);
});

test('configured headers are on every answer, errors too', async () => {
  const app = restApp(createMemoryHerder(), {
    headerRules: parseHeaderRules('set X-Frame-Options: DENY, "add Cache-Control: no-cache, no-store", setDate Expires: 0'),
  });
  for (const url of ['/connectors', '/nosuch']) {
    const { headers } = await app.inject({ url });
    expect([headers['x-frame-options'], headers['cache-control'], headers.expires]).toEqual([
      'DENY',
      'no-cache, no-store',
      'Thu, 01 Jan 1970 00:00:00 GMT',
    ]);
  }
});

test('without a herder: /health says starting, the rest 503', async () => {
  const app = restApp(null, { stage: () => 'The worker is currently reading.' });
  const health = await app.inject({ url: '/health' });
  expect([health.statusCode, health.body]).toEqual([
    503,
    '{"status":"starting","message":"Worker is still starting up. The worker is currently reading."}',
  ]);
  expect((await app.inject({ url: '/connectors' })).statusCode).toBe(503);
});

test('a herder that hangs: 500 with the stage after 90 s, /health unhealthy after 10 s', async () => {
  const clock = createTestClock();
  const never = () => new Promise<never>(() => undefined);
  const app = restApp(createMemoryHerder({ connectors: never, health: never }), {
    clock,
    stage: () => 'The worker is currently stopping.',
  });
  const slow = app.inject({ url: '/connectors' });
  const health = app.inject({ url: '/health' });
  await settle();
  await clock.advance(10_000);
  expect(await health.then(({ statusCode, body }) => [statusCode, body])).toEqual([
    500,
    '{"status":"unhealthy","message":"Worker was unable to handle this request and may be unable to handle other requests. The worker is currently stopping."}',
  ]);
  await clock.advance(80_000);
  expect(await slow.then(({ statusCode, body }) => [statusCode, body])).toEqual([
    500,
    '{"error_code":500,"message":"Request timed out. The worker is currently stopping."}',
  ]);
});

test('an unexpected error of the herder is a 500 with its message, and an ERROR in the log', async () => {
  const hub = new LogHub(() => 0);
  const lines: string[] = [];
  hub.attach((event) => lines.push(`${event.level} ${event.message}`));
  const herder = createMemoryHerder({
    connectors: () => {
      throw new TypeError('x is not a function');
    },
  });
  const app = createRestApp({ ...restAppOptions(herder), log: hub.log('rest') });
  const answer = await app.inject({ url: '/connectors' });
  expect([answer.statusCode, answer.body]).toEqual([500, '{"error_code":500,"message":"x is not a function"}']);
  expect(lines).toEqual(['ERROR Uncaught exception in REST call to /connectors']);
});

test('loggers: level in any case, unknown level 404, missing level 400, cluster scope 204', async () => {
  const { app } = await appWith();
  const put = (url: string, payload: string) => app.inject({ method: 'PUT', url, headers: JSON_TYPE, payload });
  expect((await put('/admin/loggers/a.b', '{"level":"debug","more":1}')).body).toBe('["a.b"]');
  expect((await app.inject({ url: '/admin/loggers/a.b' })).json().level).toBe('DEBUG');
  expect((await put('/admin/loggers/a.b', '{"level":"LOUD"}')).body).toBe(`{"error_code":404,"message":"invalid log level 'LOUD'."}`);
  expect((await put('/admin/loggers/a.b', '{}')).body).toBe(
    `{"error_code":400,"message":"Desired 'level' parameter was not specified in request."}`,
  );
  expect((await put('/admin/loggers/a.b?scope=cluster', '{"level":"WARN"}')).statusCode).toBe(204);
});

test('the worker log: what steers a terminal is escaped, after and limit are honoured, a herder without one is 404', async () => {
  const { app, herder } = await appWith();
  const event = (sequence: number, message: string) => ({
    sequence,
    timeMs: 0,
    level: 'INFO' as const,
    logger: 'l',
    message,
    connector: null,
    task: null,
    trace: null,
  });
  herder.log = [event(1, 'a'), event(2, '\u009b31m\u202e\u001b[2J한글'), event(3, 'c')];
  const answer = await app.inject({ url: '/admin/worker-log?after=1&limit=1' });
  expect(answer.body).toContain('\\u009b31m\\u202e\\u001b[2J한글');
  expect(answer.json()).toEqual([herder.log[1]]);
  expect((await app.inject({ url: '/admin/worker-log?after=x' })).statusCode).toBe(400);
  herder.log = null;
  expect((await app.inject({ url: '/admin/worker-log' })).statusCode).toBe(404);
});

test('drains the worker that is named, or itself', async () => {
  const herder = createMemoryHerder();
  const app = restApp(herder);
  for (const [query, worker] of [
    ['', '127.0.0.1:8083'],
    ['?worker=', '127.0.0.1:8083'],
    ['?worker=h%3A1', 'h:1'],
  ] as const) {
    const answer = await app.inject({ method: 'PUT', url: `/admin/drain${query}` });
    expect([answer.statusCode, answer.json()]).toEqual([
      202,
      {
        worker_id: worker,
        connectors: 0,
        tasks: 0,
        handover: 'at_once',
        message: `Worker ${worker} drains: its leader hands out its 0 connectors and 0 tasks at once; then it ends.`,
      },
    ]);
  }
});
