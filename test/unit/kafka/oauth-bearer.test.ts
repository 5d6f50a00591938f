import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { ConfigError } from '../../../src/base/errors.ts';
import {
  allowedTokenUrls,
  type BearerToken,
  type ClientCredentials,
  cachedToken,
  checkTokenEndpoint,
  requestToken,
} from '../../../src/kafka/oauth-bearer.ts';

let server: Server | null = null;
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

/** A clock whose waits pass at once and move it. */
function quickClock(startMs = 1_000_000): Clock & { advance(ms: number): void } {
  let nowMs = startMs;
  return {
    wallMs: () => nowMs,
    monoMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

async function endpoint(answer: (request: IncomingMessage, body: string, response: ServerResponse) => void): Promise<URL> {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => answer(request, body, response));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new URL(`http://127.0.0.1:${port}/token`);
}

const credentials = (tokenEndpoint: URL, more: Partial<ClientCredentials> = {}): ClientCredentials => ({
  tokenEndpoint,
  clientId: 'id',
  clientSecret: 'hunter2',
  scope: 'kafka',
  isHeaderUrlEncoded: false,
  tls: null,
  timeoutMs: 5000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1000,
  ...more,
});

const jwt = (claims: object) =>
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;

test('client credentials', async () => {
  const seen: unknown[] = [];
  const token = jwt({ sub: 'x', exp: 4_000_000_000 });
  const url = await endpoint((request, body, response) => {
    seen.push(request.method, request.headers.authorization, request.headers['content-type'], body);
    response.end(JSON.stringify({ access_token: token, expires_in: 10 }));
  });
  expect(await requestToken(credentials(url), systemClock)).toEqual({ value: token, lifetimeMs: 4_000_000_000_000 });
  expect(seen).toEqual([
    'POST',
    `Basic ${Buffer.from('id:hunter2').toString('base64')}`,
    'application/x-www-form-urlencoded',
    'grant_type=client_credentials&scope=kafka',
  ]);
});

test('an opaque token lives for expires_in', async () => {
  const url = await endpoint((_, __, response) => void response.end(JSON.stringify({ access_token: 'opaque', expires_in: 60 })));
  expect(await requestToken(credentials(url), quickClock(5000))).toEqual({ value: 'opaque', lifetimeMs: 65_000 });
});

test('a server error is tried again', async () => {
  let calls = 0;
  const url = await endpoint((_, __, response) => {
    response.statusCode = ++calls < 3 ? 503 : 200;
    response.end(JSON.stringify({ access_token: 'opaque', expires_in: 60 }));
  });
  await requestToken(credentials(url), quickClock());
  expect(calls).toBe(3);
});

test.each([
  [
    'a refusal',
    (response: ServerResponse) => void response.writeHead(401).end('hunter2 private text'),
    /HTTP status 401\. Check client id/,
  ],
  [
    'a redirect',
    (response: ServerResponse) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    /HTTP status 302\. Redirects are not followed/,
  ],
  ['no JSON', (response: ServerResponse) => void response.end('root:x:0:0 private text'), /did not answer with JSON/],
  ['no token', (response: ServerResponse) => void response.end('{"x":"private text"}'), /gave no usable access_token/],
  [
    'a token with a separator',
    (response: ServerResponse) => void response.end('{"access_token":"a\\u0001b"}'),
    /gave no usable access_token/,
  ],
  ['an endless answer', (response: ServerResponse) => void response.end('x'.repeat(2_000_000)), /the answer is too long/],
  [
    'an old token',
    (response: ServerResponse) => void response.end(JSON.stringify({ access_token: jwt({ exp: 5 }) })),
    /has expired already/,
  ],
])('%s is an error without its text', async (_, answer, message) => {
  const url = await endpoint((__, ___, response) => answer(response));
  const error: unknown = await requestToken(credentials(url), quickClock()).catch((e: unknown) => e);
  expect(String(error)).toMatch(message);
  expect(String(error)).not.toMatch(/private text|hunter2|root:/);
});

test('no answer', async () => {
  const url = await endpoint(() => undefined);
  await expect(requestToken(credentials(url, { timeoutMs: 50, retryBackoffMaxMs: 0 }), systemClock)).rejects.toThrow(
    /no answer within 50 ms/,
  );
  server?.closeAllConnections();
});

test('a token is kept, shared and renewed before its end', async () => {
  const clock = quickClock(0);
  let calls = 0;
  let isBroken = false;
  const token = cachedToken(
    async (): Promise<BearerToken> => {
      calls++;
      if (isBroken) throw new ConfigError('down');
      return { value: `t${calls}`, lifetimeMs: clock.wallMs() + 1000 };
    },
    0.8,
    clock,
  );
  expect(await Promise.all([token(), token(), token()])).toEqual(Array(3).fill({ value: 't1', lifetimeMs: 1000 }));
  clock.advance(799);
  expect((await token()).value).toBe('t1');
  clock.advance(1);
  expect((await token()).value).toBe('t2');
  isBroken = true;
  clock.advance(900);
  expect((await token()).value).toBe('t2');
  clock.advance(200);
  await expect(token()).rejects.toThrow('down');
  isBroken = false;
  expect((await token()).value).toBe('t5');
});

test('the endpoint must be allowed by the process, and https', () => {
  const allowed = ['https://idp.example.com/token', 'http://127.0.0.1:1/token', 'http://idp.example.com/token', 'file:///etc/passwd'];
  expect(checkTokenEndpoint('https://idp.example.com/token', allowed).href).toBe('https://idp.example.com/token');
  expect(checkTokenEndpoint('http://127.0.0.1:1/token', allowed).port).toBe('1');
  for (const text of [
    'http://idp.example.com/token',
    'file:///etc/passwd',
    'http://169.254.169.254/latest',
    'http://localhost.evil.com/',
  ]) {
    expect(() => checkTokenEndpoint(text, allowed)).toThrow(/https is needed/);
  }
  expect(() => checkTokenEndpoint('https://other.example.com/token', allowed)).toThrow(
    /is not on the list of allowed URLs\. Set KCONSOLE_SASL_OAUTHBEARER_ALLOWED_URLS/,
  );
  expect(() => checkTokenEndpoint('https://u:hunter2@idp.example.com/token', allowed)).toThrow(
    new ConfigError('sasl.oauthbearer.token.endpoint.url must not hold a user or a password.'),
  );
  expect(() => checkTokenEndpoint('no url', allowed)).toThrow('is not a URL');
});

test('the allow list comes from the environment, Kafka’s own option included', () => {
  expect(allowedTokenUrls({})).toEqual([]);
  expect(
    allowedTokenUrls({
      KCONSOLE_SASL_OAUTHBEARER_ALLOWED_URLS: 'https://a/t, https://b/t',
      KAFKA_OPTS: '-Xmx1g -Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=https://c/t,https://d/t -Dx=y',
    }),
  ).toEqual(['https://a/t', 'https://b/t', 'https://c/t', 'https://d/t']);
});
