/** Workers on real sockets that pass requests on: to the leader, from there to the owner, and no further. */
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { RestError } from '../../../src/base/errors.ts';
import { NotHereError } from '../../../src/herder/distributed/forwarder.ts';
import type { Herder } from '../../../src/herder/herder.ts';
import { parseRestConfig } from '../../../src/rest/rest-config.ts';
import { type RestServer, type RestServerOptions, startRestServer } from '../../../src/rest/server.ts';
import { afterThisTest, deadUrl, httpFixture, says } from '../../helpers/http-fixture.ts';
import { createMemoryHerder, type MemoryHerder } from '../../helpers/memory-herder.ts';

const VERBS = [
  'putConnectorConfig',
  'patchConnectorConfig',
  'deleteConnector',
  'stopConnector',
  'restartConnector',
  'restartConnectorAndTasks',
  'restartTask',
  'alterConnectorOffsets',
  'resetConnectorOffsets',
] as const satisfies readonly (keyof Herder)[];

/** Every change is another worker's. */
function followerHerder(url: () => string | null): MemoryHerder {
  const elsewhere = async (): Promise<never> => {
    throw new NotHereError(url(), 'Only the leader can make this change.');
  };
  return createMemoryHerder(Object.fromEntries(VERBS.map((verb) => [verb, elsewhere])));
}

async function start(herder: Herder, raw: Record<string, string> = {}, options: RestServerOptions = {}): Promise<RestServer> {
  const server = await startRestServer(parseRestConfig({ listeners: 'http://127.0.0.1:0', ...raw }), options);
  server.serve(herder);
  afterThisTest(() => void server.close());
  return server;
}

const followerOf = (url: string | null, raw?: Record<string, string>, options?: RestServerOptions) =>
  start(
    followerHerder(() => url),
    raw,
    options,
  );

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly location: string | null;
}

async function ask(worker: RestServer, line: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const [method = '', at = ''] = line.split(' ');
  const answer = await fetch(`${worker.advertisedUrl.slice(0, -1)}${at}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.text(), location: answer.headers.get('location') };
}

const messageIn = ({ body }: Answer) => (JSON.parse(body) as { message: string }).message;
const CONFIG = { 'connector.class': 'FileStreamSource', topic: 't' };
const CONFLICT = 'Cannot complete request because of a conflicting operation (e.g. worker rebalance)';

test('a change asked of a follower is made by the leader, and answered as the leader does', async () => {
  const herder = createMemoryHerder();
  const leader = await start(herder);
  const follower = await followerOf(leader.advertisedUrl);
  const created = await ask(follower, 'POST /connectors', { name: 'a', config: CONFIG });
  expect([created.status, JSON.parse(created.body)]).toEqual([
    201,
    { name: 'a', config: { ...CONFIG, name: 'a' }, tasks: [{ connector: 'a', task: 0 }], type: 'source' },
  ]);
  expect(created.location).toBe(`${follower.advertisedUrl}connectors/a`);
  expect((await ask(follower, 'PUT /connectors/b/config', CONFIG)).location).toBe(`${follower.advertisedUrl}connectors/b`);
  expect((await ask(follower, 'PUT /connectors/b/config', CONFIG)).status).toBe(200);
  expect((await ask(follower, 'PUT /connectors/b/stop')).status).toBe(204);
  expect([...herder.held.keys()]).toEqual(['a', 'b']);
  const offset = `{"offsets":[{"partition":{"p":9007199254740993},"offset":{"o":1}}]}`;
  expect((await ask(follower, 'PATCH /connectors/b/offsets', JSON.parse(offset))).status).toBe(200);
  expect(await ask(follower, 'DELETE /connectors/b')).toEqual({ status: 204, body: '', location: null });
  expect(messageIn(await ask(follower, 'POST /connectors', { name: 'a', config: CONFIG }))).toBe('Connector a already exists');
});

test.each([
  ['DELETE /connectors/a', 'DELETE /connectors/a?forward=true'],
  ['PUT /connectors/a/stop?', 'PUT /connectors/a/stop?forward=true'],
  ['POST /connectors/a/restart', 'POST /connectors/a/restart?forward=true'],
  [
    'POST /connectors/a/restart?includeTasks=true&onlyFailed=false',
    'POST /connectors/a/restart?includeTasks=true&onlyFailed=false&forward=true',
  ],
  ['POST /connectors/a/restart?forward=true&onlyFailed=true', 'POST /connectors/a/restart?onlyFailed=true&forward=false'],
  ['POST /connectors/a/tasks/0/restart?forward=TRUE', 'POST /connectors/a/tasks/0/restart?forward=false'],
  ['DELETE /connectors/a%2Fb%20c%EC%A3%BC%3F', 'DELETE /connectors/a%2Fb%20c%EC%A3%BC%3F?forward=true'],
  ['DELETE /connectors/a%0d%0aX-Evil:%201/offsets', 'DELETE /connectors/a%0d%0aX-Evil:%201/offsets?forward=true'],
])('%s is asked as %s', async (asked, wanted) => {
  const leader = await httpFixture(says({}));
  await ask(await followerOf(`${leader.url}/`), asked);
  expect(leader.requests).toEqual([wanted]);
});

test('only the password goes along, and the body as it was', async () => {
  const leader = await httpFixture(says({}));
  const follower = await followerOf(`${leader.url}/`);
  const text = '{ "tasks.max" : 1.50,"a":"\\u00e9" }';
  const { port } = new URL(follower.advertisedUrl);
  await new Promise((resolve) => {
    const head = `PUT http://localhost:${port}/connectors/a/config HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n`;
    const extra =
      'Authorization: Basic \xfc\r\nCookie: a=b\r\nX-Connect-Authorization: x\r\nX-Forwarded-For: y\r\nContent-Type: application/json; charset=utf-8\r\n';
    const socket = net.connect(Number(port), '127.0.0.1', () =>
      socket.write(Buffer.from(`${head}${extra}Content-Length: ${text.length}\r\n\r\n${text}`, 'latin1')),
    );
    socket.resume().on('close', resolve);
  });
  const [arrived] = leader.arrived;
  expect([arrived?.method, arrived?.url, arrived?.body]).toEqual(['PUT', '/connectors/a/config?forward=true', text]);
  expect(arrived?.headers).toEqual({
    host: new URL(leader.url).host,
    accept: 'application/json',
    'content-type': 'application/json',
    'content-length': String(text.length),
    authorization: 'Basic \xfc',
    connection: 'keep-alive',
  });
});

describe('how far', () => {
  test('to the owner by way of the leader', async () => {
    const restarted: string[] = [];
    const owner = await start(createMemoryHerder({ restartTask: async (name, task) => void restarted.push(`${name}-${task}`) }));
    const leader = await followerOf(owner.advertisedUrl);
    const follower = await followerOf(leader.advertisedUrl);
    expect((await ask(follower, 'POST /connectors/a/tasks/1/restart')).status).toBe(204);
    expect(restarted).toEqual(['a-1']);
  });

  test('no further than two workers', async () => {
    const last = await httpFixture(says({}));
    const third = await followerOf(`${last.url}/`);
    const leader = await followerOf(third.advertisedUrl);
    const answer = await ask(await followerOf(leader.advertisedUrl), 'DELETE /connectors/a');
    expect([answer.status, messageIn(answer)]).toEqual([409, CONFLICT]);
    expect(last.requests).toEqual([]);
  });

  test('two that take each other for the leader', async () => {
    const asked: string[] = [];
    const urls = new Map<string, string>();
    const herderOf = (name: string, other: string) =>
      followerHerder(() => {
        asked.push(name);
        return urls.get(other) ?? null;
      });
    const a = await start(herderOf('a', 'b'));
    const b = await start(herderOf('b', 'a'));
    urls.set('a', a.advertisedUrl).set('b', b.advertisedUrl);
    const answer = await ask(a, 'PUT /connectors/c/stop');
    expect([answer.status, messageIn(answer), asked]).toEqual([409, CONFLICT, ['a', 'b', 'a']]);
  });

  test('nowhere when it says so, or nobody is known to lead', async () => {
    for (const value of ['false', '', 'no', 'false&forward=true']) {
      const answer = await ask(await followerOf(await deadUrl()), `DELETE /connectors/a?forward=${value}`);
      expect([answer.status, messageIn(answer)]).toEqual([409, CONFLICT]);
    }
    const answer = await ask(await followerOf(null), 'DELETE /connectors/a');
    expect([answer.status, messageIn(answer)]).toEqual([
      409,
      'Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway.',
    ]);
  });
});

describe('answers of the other worker', () => {
  test.each([
    [404, 'Connector a not found'],
    [400, 'Connector configuration is invalid and contains the following 1 error(s):\nno'],
    [409, 'Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)'],
    [500, 'Request timed out. The worker is currently reading.'],
    [401, 'User cannot access the resource.'],
  ])('an error of %i is given as it is', async (status, message) => {
    const leader = await httpFixture(says({ error_code: status, message }, status));
    const answer = await ask(await followerOf(`${leader.url}/`), 'PUT /connectors/a/config', CONFIG);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { error_code: status, message }]);
  });

  const AT = 'IO Error trying to forward REST request: PUT /connectors/a/config at URL: ';
  test.each([
    [
      'a page of a proxy',
      says('<html>Bad Gateway', 502, { 'content-type': 'text/html' }),
      `${AT}it answered 502 with text/html that is no JSON`,
    ],
    ['an empty error', says('', 503), `${AT}it answered 503 with application/json that is no JSON`],
    ['JSON of somebody else', says({ error: 'no' }, 404), `${AT}it answered 404 without the message of a Connect worker`],
    [
      'a page that welcomes',
      says('<html>', 200, { 'content-type': 'text/html\u00a0evil' }),
      `${AT}it answered 200 with text/html that is no JSON`,
    ],
    ['a redirect', says('', 302, { location: 'http://127.0.0.1:1/' }), 'Unexpected status code when handling forwarded request: 302'],
  ] as const)('%s', async (_, answers, message) => {
    const leader = await httpFixture(answers);
    const answer = await ask(await followerOf(`${leader.url}/`), 'PUT /connectors/a/config', CONFIG);
    expect([answer.status, messageIn(answer).replace(`${leader.url}/`, 'URL')]).toEqual([500, message]);
    expect(answer.location).toBe(null);
  });

  test('a Location that is none is left out', async () => {
    for (const [location, wanted] of [
      ['http://leader:1/connectors/a%20b', 'connectors/a%20b'],
      ['/connectors/x', 'connectors/x'],
      ['javascript:alert(1)', null],
      ['http://leader:1/a b', null],
    ] as const) {
      const leader = await httpFixture(says({}, 201, { location }));
      const follower = await followerOf(`${leader.url}/`);
      const answer = await ask(follower, 'PUT /connectors/a/config', CONFIG);
      expect([answer.status, answer.location]).toEqual([201, wanted === null ? null : follower.advertisedUrl + wanted]);
    }
  });
});

describe('a leader that is away', () => {
  const failure = async (url: string, options: RestServerOptions = {}) => {
    const answer = await ask(await followerOf(url, {}, options), 'DELETE /connectors/a');
    expect(answer.status).toBe(500);
    return messageIn(answer).replace(url, 'URL');
  };
  const prefix = 'IO Error trying to forward REST request: DELETE /connectors/a at URL: ';

  test('refuses', async () => {
    expect(await failure(`${await deadUrl()}/`)).toBe(
      `${prefix}connection refused; nothing was changed. If that worker has ended, make the request again when its session in the group is over`,
    );
  });

  test('is slow', async () => {
    const leader = await httpFixture(() => undefined);
    expect(await failure(`${leader.url}/`, { requestTimeoutMs: 200 })).toBe(
      `${prefix}no answer within 210 ms; it is not known whether it was carried out: look, and make the request again if it was not`,
    );
  });

  test('breaks off', async () => {
    const leader = await httpFixture((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"a"');
      setImmediate(() => response.destroy());
    });
    expect(await failure(`${leader.url}/`)).toMatch(
      /; it is not known whether it was carried out: look, and make the request again if it was not$/,
    );
  });

  test.each(['ftp://127.0.0.1/', 'no url'])('advertises %s', async (url) => {
    expect(await failure(url)).toContain(prefix);
  });
});

describe('connections', () => {
  test('are kept; one that the leader has closed meanwhile is not used', async () => {
    const leader = await httpFixture(says({}));
    const follower = await followerOf(`${leader.url}/`);
    const remove = () => ask(follower, 'DELETE /connectors/a');
    for (let i = 0; i < 3; i++) expect((await remove()).status).toBe(200);
    expect(leader.sockets).toHaveLength(1);
    const closed = new Promise((resolve) => leader.sockets[0]?.once('close', resolve));
    leader.sockets[0]?.destroy();
    await closed;
    expect((await remove()).status).toBe(200);
    expect([leader.sockets.length, leader.requests.length]).toEqual([2, 4]);
  });

  test('a change that may have arrived is not sent again', async () => {
    let left = 1;
    const leader = await httpFixture((request, response) => (left-- > 0 ? says({})(request, response) : request.socket.destroy()));
    const follower = await followerOf(`${leader.url}/`);
    expect((await ask(follower, 'DELETE /connectors/a')).status).toBe(200);
    const answer = await ask(follower, 'DELETE /connectors/b');
    expect([answer.status, messageIn(answer)]).toEqual([500, expect.stringContaining('it is not known whether it was carried out')]);
    expect(leader.requests).toEqual(['DELETE /connectors/a?forward=true', 'DELETE /connectors/b?forward=true']);
  });

  test('twenty at once', async () => {
    const herder = createMemoryHerder();
    const follower = await followerOf((await start(herder)).advertisedUrl);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(follower, 'POST /connectors', { name: 'a', config: CONFIG })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
  });
});

test('other errors of a herder are no reason to pass a request on', async () => {
  const herder = createMemoryHerder({
    deleteConnector: async () => {
      throw new RestError(409, 'stale');
    },
  });
  expect(messageIn(await ask(await start(herder), 'DELETE /connectors/a'))).toBe('stale');
});

describe('a worker that shows no secrets', () => {
  const MASKING = { 'kconsole.rest.mask.secrets': 'true' };
  const SECRET = { ...CONFIG, 'connection.password': 'p4ss' };

  test('sends the stored values on, and masks what comes back', async () => {
    const leader = createMemoryHerder();
    const follower = followerHerder(() => leaderServer.advertisedUrl);
    follower.held.set('a', { config: { ...SECRET, name: 'a' }, state: 'RUNNING', offsets: [] });
    const leaderServer = await start(leader);
    const worker = await start(follower, MASKING);
    const hidden = { ...SECRET, 'connection.password': '[hidden]' };
    const created = await ask(worker, 'POST /connectors', { name: 'a', initial_state: 'PAUSED', config: hidden });
    expect([created.status, created.body.includes('p4ss'), created.body.includes('[hidden]')]).toEqual([201, false, true]);
    expect(leader.held.get('a')).toMatchObject({ state: 'PAUSED', config: { 'connection.password': 'p4ss' } });
    const changed = await ask(worker, 'PUT /connectors/a/config', { ...hidden, topic: 'other' });
    expect([changed.status, changed.body.includes('p4ss')]).toEqual([200, false]);
    expect(leader.held.get('a')?.config).toMatchObject({ 'connection.password': 'p4ss', topic: 'other' });
    const patched = await ask(worker, 'PATCH /connectors/a/config', { topic: null, 'connection.password': '[hidden]' });
    expect([patched.status, patched.body.includes('p4ss')]).toEqual([200, false]);
    expect(leader.held.get('a')?.config).toEqual({
      'connector.class': CONFIG['connector.class'],
      'connection.password': 'p4ss',
      name: 'a',
    });
  });
});
