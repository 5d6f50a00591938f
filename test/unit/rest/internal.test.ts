/** What workers ask of each other on their own: signed requests on real sockets, and who serves them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RestError } from '../../../src/base/errors.ts';
import { NotHereError, type RequestSignature } from '../../../src/herder/distributed/forwarder.ts';
import type { GroupRequests } from '../../../src/herder/distributed/group-requests.ts';
import { verifySignature } from '../../../src/herder/distributed/request-signature.ts';
import { parseRestConfig } from '../../../src/rest/rest-config.ts';
import { type RestServer, type RestServerOptions, startRestServer } from '../../../src/rest/server.ts';
import type { SessionKey } from '../../../src/storage/config/port.ts';
import { afterThisTest, deadUrl, httpFixture, says } from '../../helpers/http-fixture.ts';
import { createMemoryHerder } from '../../helpers/memory-herder.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-internal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY: SessionKey = { key: Buffer.from('key'), algorithm: 'HmacSHA256', createdMs: 0 };
const ALGORITHM = 'HmacSHA256';
const GOLDEN_EMPTY = 'XV0TlWPJW1lnub2ajJsjOp3ttFByeUzSMtwbdIMmB9A=';
const GOLDEN_ARRAY = 'jPPVhLrEIHDkTySaVQkQvQB30YqcxipUxZxnWEWL8Bo=';

interface Accepted {
  readonly what: string;
  readonly signature: RequestSignature | null;
}

function group(overrides: Partial<GroupRequests> = {}): GroupRequests & { readonly accepted: Accepted[] } {
  const accepted: Accepted[] = [];
  return {
    accepted,
    acceptTaskConfigs: async (connector, configs, signature) =>
      void accepted.push({ what: `${connector} ${JSON.stringify(configs)}`, signature }),
    acceptFencing: async (connector, signature) => void accepted.push({ what: connector, signature }),
    acceptDrain: async (workerId, signature) => {
      accepted.push({ what: `drain ${workerId}`, signature });
      return { worker_id: workerId, connectors: 1, tasks: 2, handover: 'at_once', message: 'It drains.' };
    },
    ...overrides,
  };
}

const DISTRIBUTED: RestServerOptions = { isDistributed: true };

async function start(
  requests: GroupRequests | null,
  raw: Record<string, string> = {},
  options: RestServerOptions = DISTRIBUTED,
): Promise<RestServer> {
  const server = await startRestServer(parseRestConfig({ listeners: 'http://127.0.0.1:0', ...raw }), options);
  if (requests) server.serve(createMemoryHerder(), requests);
  afterThisTest(() => void server.close());
  return server;
}

async function ask(worker: RestServer, line: string, body?: string, headers: Record<string, string> = {}): Promise<[number, string]> {
  const [method = '', at = ''] = line.split(' ');
  const answer = await fetch(`${worker.advertisedUrl.slice(0, -1)}${at}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body ?? null,
  });
  const text = await answer.text();
  return [answer.status, text === '' ? '' : (JSON.parse(text) as { message: string }).message];
}

const signed = (signature: string) => ({
  'X-Connect-Authorization': signature,
  'X-Connect-Request-Signature-Algorithm': ALGORITHM,
});

describe('served by a distributed worker', () => {
  test('the bytes that were signed reach the herder, with their signature', async () => {
    const requests = group();
    const worker = await start(requests);
    expect(await ask(worker, 'POST /connectors/a%2Fb/tasks', '[]', signed(GOLDEN_ARRAY))).toEqual([204, '']);
    expect(await ask(worker, 'PUT /connectors/a%2Fb/fence?forward=false', undefined, signed(GOLDEN_EMPTY))).toEqual([204, '']);
    expect(await ask(worker, 'PUT /worker/drain', '{"worker_id":"h:1"}')).toEqual([202, 'It drains.']);
    expect(requests.accepted.map(({ what }) => what)).toEqual(['a/b []', 'a/b', 'drain h:1']);
    requests.accepted.pop();
    for (const { signature } of requests.accepted) verifySignature(signature, KEY, [ALGORITHM]);
  });

  test('no signature is none, half a one too; one that is no base64 is 400', async () => {
    const requests = group();
    const worker = await start(requests);
    await ask(worker, 'POST /connectors/a/tasks', '[]');
    await ask(worker, 'POST /connectors/a/tasks', '[]', { 'X-Connect-Authorization': GOLDEN_ARRAY });
    expect(requests.accepted.map(({ signature }) => signature)).toEqual([null, null]);
    expect(await ask(worker, 'POST /connectors/a/tasks', '[]', signed('%%%'))).toEqual([
      400,
      'The header X-Connect-Authorization is not base64.',
    ]);
  });

  test('values of any scalar type are texts; null is not set', async () => {
    const requests = group();
    expect(await ask(await start(requests), 'POST /connectors/a/tasks', '[{"a":1.50,"b":true,"c":null,"d":"x"},{}]')).toEqual([204, '']);
    expect(requests.accepted[0]?.what).toBe('a [{"a":"1.50","b":"true","d":"x"},{}]');
  });

  test.each(['', '{}', 'null', '[1]', '[{"a":{}}]', '[', '"x"'])('the body %s is refused', async (body) => {
    const requests = group();
    expect((await ask(await start(requests), 'POST /connectors/a/tasks', body))[0]).toBe(500);
    expect(requests.accepted).toEqual([]);
  });

  test('a thousand tasks of three kilobytes each', async () => {
    const requests = group();
    const configs = Array.from({ length: 1000 }, (_, task) => ({ 'task.id': String(task), query: 'x'.repeat(3000) }));
    expect(await ask(await start(requests), 'POST /connectors/a/tasks', JSON.stringify(configs))).toEqual([204, '']);
    expect(requests.accepted[0]?.what).toBe(`a ${JSON.stringify(configs)}`);
    expect((await ask(await start(requests), 'POST /connectors', JSON.stringify({ name: 'x'.repeat(2_000_000) })))[0]).toBe(413);
  });

  test('without a password, which callers must have', async () => {
    const users = path.join(folder, 'users.properties');
    writeFileSync(users, 'admin=x\n');
    const worker = await start(group(), { 'kconsole.rest.basic.auth.file': users });
    expect((await ask(worker, 'POST /connectors/a/tasks', '[]'))[0]).toBe(204);
    expect((await ask(worker, 'PUT /connectors/a/fence'))[0]).toBe(204);
    for (const line of ['GET /connectors/a/tasks', 'DELETE /connectors/a/fence', 'PUT /connectors/a/stop', 'GET /connectors/a/fence'])
      expect((await ask(worker, line))[0]).toBe(401);
  });

  test('whole, though answers show no secrets', async () => {
    const requests = group();
    const worker = await start(requests, { 'kconsole.rest.mask.secrets': 'true' });
    await ask(worker, 'POST /connectors/a/tasks', '[{"password":"p4ss"}]');
    expect(requests.accepted[0]?.what).toBe('a [{"password":"p4ss"}]');
  });

  test('what the herder refuses', async () => {
    const refuse = async (): Promise<never> => {
      throw new RestError(403, 'Internal request contained invalid signature.');
    };
    const worker = await start(group({ acceptTaskConfigs: refuse, acceptFencing: refuse }));
    expect(await ask(worker, 'PUT /connectors/a/fence')).toEqual([403, 'Internal request contained invalid signature.']);
    expect(await ask(worker, 'PUT /worker/drain', `{"worker_id":"${'h'.repeat(5_000)}"}`)).toEqual([413, expect.any(String)]);
    expect(await ask(worker, 'PUT /worker/drain')).toEqual([500, 'The request has no body; a JSON object is needed.']);
    expect(await ask(worker, 'POST /connectors/a/tasks', '[]')).toEqual([403, 'Internal request contained invalid signature.']);
  });

  test('not on admin listeners', async () => {
    const worker = await start(group(), { 'admin.listeners': 'http://127.0.0.1:0' });
    const answer = await fetch(`${worker.addresses[1]}/connectors/a/fence`, { method: 'PUT' });
    expect(answer.status).toBe(404);
  });
});

test('a standalone worker knows none of them', async () => {
  const worker = await start(group(), {}, {});
  expect(await ask(worker, 'POST /connectors/a/tasks', '[]')).toEqual([405, 'HTTP 405 Method Not Allowed']);
  expect(await ask(worker, 'PUT /connectors/a/fence')).toEqual([404, 'HTTP 404 Not Found']);
  expect(await ask(worker, 'PUT /worker/drain', '{}')).toEqual([404, 'HTTP 404 Not Found']);
});

test('while the worker starts: health says so, everything else is 503', async () => {
  const worker = await start(null, {}, { ...DISTRIBUTED, stage: () => 'The worker is currently reading to the end of the config topic.' });
  const starting = 'Worker is still starting up. The worker is currently reading to the end of the config topic.';
  for (const line of ['GET /health', 'GET /connectors', 'DELETE /connectors/a', 'PUT /connectors/a/fence'])
    expect(await ask(worker, line)).toEqual([503, starting]);
  worker.serve(createMemoryHerder(), group());
  expect((await ask(worker, 'GET /health'))[0]).toBe(200);
});

describe('asked of the leader', () => {
  test('signed as Java signs', async () => {
    const leader = await httpFixture(says('', 204));
    const requests = (await start(null)).internalRequests(ALGORITHM);
    await requests.putTaskConfigs(`${leader.url}/`, 'a/주', [], KEY);
    await requests.fenceZombies(`${leader.url}/`, 'a', KEY);
    await requests.fenceZombies(`${leader.url}/`, 'a', null);
    expect(leader.requests).toEqual([
      'POST /connectors/a%2F%EC%A3%BC/tasks?forward=false',
      'PUT /connectors/a/fence?forward=false',
      'PUT /connectors/a/fence?forward=false',
    ]);
    const headers = leader.arrived.map((request) => [
      request.body,
      request.headers['x-connect-authorization'],
      request.headers['x-connect-request-signature-algorithm'],
    ]);
    expect(headers).toEqual([
      ['[]', GOLDEN_ARRAY, ALGORITHM],
      ['', GOLDEN_EMPTY, ALGORITHM],
      ['', undefined, undefined],
    ]);
  });

  test('and taken by one of ours', async () => {
    const accepted = group();
    const leader = await start(accepted);
    const requests = (await start(null)).internalRequests('HmacSHA512');
    await requests.putTaskConfigs(leader.advertisedUrl, 'a', [{ file: '/tmp/한글', password: 'p4ss' }], KEY);
    await requests.fenceZombies(leader.advertisedUrl, 'a', KEY);
    expect(accepted.accepted.map(({ what }) => what)).toEqual(['a [{"file":"/tmp/한글","password":"p4ss"}]', 'a']);
    const reply = await requests.drain(leader.advertisedUrl, 'h:1', KEY);
    expect([reply, accepted.accepted.at(-1)?.what]).toEqual([
      { worker_id: 'h:1', connectors: 1, tasks: 2, handover: 'at_once', message: 'It drains.' },
      'drain h:1',
    ]);
    for (const { signature } of accepted.accepted) verifySignature(signature, KEY, ['HmacSHA512']);
  });

  test('who does not lead says so', async () => {
    const elsewhere = async (): Promise<never> => {
      throw new NotHereError('http://127.0.0.1:1/', 'Only the leader can make this change.');
    };
    const other = await start(group({ acceptTaskConfigs: elsewhere }));
    const requests = (await start(null)).internalRequests(ALGORITHM);
    const failure = await requests.putTaskConfigs(other.advertisedUrl, 'a', [], KEY).catch((error: unknown) => error);
    expect(failure).toMatchObject({ status: 409, message: expect.stringContaining('conflicting operation') });
  });

  test('a refusal has its status; nobody there is 500', async () => {
    const leader = await httpFixture(says({ error_code: 403, message: 'Internal request contained invalid signature.' }, 403));
    const requests = (await start(null)).internalRequests(ALGORITHM);
    const refused = await requests.fenceZombies(`${leader.url}/`, 'a', KEY).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RestError);
    expect(refused).toMatchObject({ status: 403, message: 'Internal request contained invalid signature.' });
    const away = await requests.fenceZombies(`${await deadUrl()}/`, 'a', KEY).catch((error: unknown) => error);
    expect(away).toMatchObject({ status: 500, message: expect.stringContaining('connection refused') });
  });
});
