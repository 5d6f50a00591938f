/** Whatever comes: an answer, in time, with the error shape when it is none; nothing of it may leak into prototypes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryHerder } from '../../helpers/memory-herder.ts';
import { restApp } from '../../helpers/rest-rig.ts';

const ROUTES = [
  ['POST', '/connectors'],
  ['PUT', '/connectors/x/config'],
  ['PATCH', '/connectors/x/config'],
  ['PATCH', '/connectors/x/offsets'],
  ['PUT', '/connector-plugins/F/config/validate'],
  ['PUT', '/admin/loggers/a'],
] as const;

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
