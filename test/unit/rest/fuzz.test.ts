/** Whatever comes: an answer, in time, with the error shape when it is none; nothing of it may leak into prototypes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adminRoutes, HEALTH_PATH, mainRoutes } from '../../../src/rest/route-table.ts';
import { createMemoryHerder } from '../../helpers/memory-herder.ts';
import { restApp } from '../../helpers/rest-rig.ts';

const ALL = [...mainRoutes, ...adminRoutes, { method: 'GET', path: HEALTH_PATH }];
/** Those that read a body, at things that are there. */
const ROUTES = ALL.filter(({ method }) => method !== 'GET' && method !== 'DELETE').map(
  ({ method, path }) => [method as 'POST', path.replace(':name', 'x').replace(':task', '0').replace(/:\w+/, 'F')] as const,
);
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

async function stoppedHerder() {
  const herder = createMemoryHerder();
  await herder.putConnectorConfig('x', { 'connector.class': 'F', name: 'x' }, { allowReplace: true, initialState: 'STOPPED' });
  return herder;
}

function expectShape(status: number, body: string): void {
  if (status < 400) return;
  const error = JSON.parse(body) as { error_code: number; message: string };
  expect(Object.keys(error)).toEqual(['error_code', 'message']);
  expect(error.error_code).toBe(status);
  expect(typeof error.message).toBe('string');
}

const nastyKey = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'name',
    'config',
    'offsets',
    'partition',
    'offset',
    'level',
    'connector.class',
    'initial_state',
  ),
  fc.string(),
);
const nastyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.bigInt().map(String),
    fc.boolean(),
    fc.constant(null),
    tie('array'),
    tie('object'),
  ),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(nastyKey, tie('value'), { maxKeys: 5 }),
})).value;

test('JSON of any shape', async () => {
  const app = restApp(await stoppedHerder());
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ROUTES), nastyJson, async ([method, url], value) => {
      const answer = await app.inject({
        method,
        url,
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify(value) ?? 'null',
      });
      expectShape(answer.statusCode, answer.body);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test('bytes that are no JSON', async () => {
  const app = restApp(await stoppedHerder());
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ROUTES), fc.uint8Array({ maxLength: 200 }), async ([method, url], bytes) => {
      const answer = await app.inject({ method, url, headers: { 'content-type': 'application/json' }, payload: Buffer.from(bytes) });
      expectShape(answer.statusCode, answer.body);
    }),
    { numRuns: 400 },
  );
});

test('paths and queries of any text', async () => {
  const app = restApp(await stoppedHerder());
  const segment = fc.oneof(
    fc.constantFrom(
      'connectors',
      'x',
      'tasks',
      '0',
      'status',
      'offsets',
      'admin',
      'loggers',
      'worker-log',
      'drain',
      '%2F',
      '%',
      '%ZZ',
      '..',
      '%00',
      '%E0%A4%A',
    ),
    fc.webSegment(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(segment, { maxLength: 6 }), fc.webQueryParameters(), async (segments, query) => {
      const answer = await app.inject({ url: `/${segments.join('/')}?${query}` });
      expect(answer.statusCode).toBeLessThan(500);
      expectShape(answer.statusCode, answer.body);
    }),
    { numRuns: 500 },
  );
});

test('every route by every method, with names, queries and bodies of any text', async () => {
  const herder = await stoppedHerder();
  const app = restApp(herder);
  const name = fc.oneof(
    fc.constantFrom('x', '0', '-1', '9'.repeat(30), '__proto__', 'constructor', '%00', '%2e%2e', '%FF', 'a%'),
    fc.webSegment(),
  );
  const value = fc.oneof(fc.constantFrom('', 'true', 'false', 'status', 'info', '-1', 'NaN', '[1,', 'cluster'), fc.webSegment());
  const query = fc.array(
    fc.tuple(
      fc.constantFrom('expand', 'forward', 'includeTasks', 'onlyFailed', 'connectorsOnly', 'version', 'scope', 'after', 'limit', 'task'),
      value,
    ),
    { maxLength: 3 },
  );
  const seen = new Set<string>();
  const call = fc.tuple(
    fc.constantFrom(...ALL),
    fc.constantFrom(...METHODS),
    fc.array(name, { minLength: 2, maxLength: 2 }),
    query,
    nastyJson,
  );
  await fc.assert(
    fc.asyncProperty(call, async ([route, method, names, pairs, body]) => {
      let at = 0;
      const url = `${route.path.replace(/:\w+/g, () => names[at++] || 'x')}?${pairs.map((pair) => pair.join('=')).join('&')}`;
      const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'DELETE';
      const answer = await app.inject({
        method,
        url,
        ...(hasBody ? { headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) ?? 'null' } : {}),
      });
      seen.add(`${method} ${route.path}`);
      if (!hasBody) expect([method, url, answer.statusCode]).toEqual([method, url, expect.toSatisfy((status: number) => status < 500)]);
      if (method === 'HEAD') expect(answer.body).toBe('');
      else expectShape(answer.statusCode, answer.body);
      // Names of dots alone are parts of a path to the caller, who leaves them out.
      if (method === 'OPTIONS' && !names.some((text) => text.includes('%') || /^\.{1,2}$/.test(text)))
        expect(answer.headers.allow).toContain(route.method);
    }),
    { numRuns: 4_000 },
  );
  const missed = ALL.flatMap(({ path }) => METHODS.map((method) => `${method} ${path}`)).filter((each) => !seen.has(each));
  expect(missed).toEqual([]);
});
