/** Schemas on the screen, from a registry on a real socket: subjects, versions, text, difference; login, and a registry that is dead. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createSchemaRegistry } from '../../../src/control/schema-registry.ts';
import { startConsole } from '../../helpers/console-rig.ts';
import { ScriptedWorld } from '../../helpers/scripted-world.ts';

const avro = (...fields: string[]) =>
  JSON.stringify({ type: 'record', name: 'Order', fields: fields.map((name) => ({ name, type: 'string' })) });
const TEXTS = [avro('id', '이름'), avro('id', '이름', 'note')];

interface Registry {
  readonly url: string;
  readonly asked: string[];
  /** Every answer from now on. */
  fails: { status: number; body: unknown } | null;
}

async function startRegistry(isAllowed: (request: IncomingMessage) => boolean = () => true): Promise<Registry> {
  const registry: { url: string; asked: string[]; fails: Registry['fails'] } = { url: '', asked: [], fails: null };
  const answers: Readonly<Record<string, unknown>> = {
    '/subjects': ['orders-value', 'a/b 한글'],
    '/config': { compatibilityLevel: 'BACKWARD' },
    '/config/orders-value?defaultToGlobal=true': { compatibilityLevel: 'FULL' },
    '/subjects/orders-value/versions': [1, 2],
    '/subjects/orders-value/versions/latest': { subject: 'orders-value', version: 2, id: 41, schema: TEXTS[1] },
    '/subjects/orders-value/versions/1': { subject: 'orders-value', version: 1, id: 40, schema: TEXTS[0] },
    '/subjects/orders-value/versions/2': { subject: 'orders-value', version: 2, id: 41, schema: TEXTS[1] },
    [`/subjects/${encodeURIComponent('a/b 한글')}/versions/latest`]: {
      version: 7,
      id: 9,
      schemaType: 'PROTOBUF',
      schema: 'syntax = "proto3";\nmessage A {}',
      references: [{ name: 'o', subject: 'orders-value', version: 1 }],
    },
  };
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    registry.asked.push(url);
    const answer = answers[url];
    const { status, body } = !isAllowed(request)
      ? { status: 401, body: { error_code: 401, message: 'Unauthorized' } }
      : (registry.fails ??
        (answer === undefined ? { status: 404, body: { error_code: 40401, message: 'not found' } } : { status: 200, body: answer }));
    response.writeHead(status, { 'Content-Type': 'application/vnd.schemaregistry.v1+json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  registry.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return registry;
}

async function openSchemas(url: string, headers: Readonly<Record<string, string>> = {}) {
  const rig = startConsole(new ScriptedWorld(), { registry: createSchemaRegistry([url], { headers }) });
  await rig.screen.shows('incidents');
  rig.keys(':', ...'sc', 'enter');
  return rig;
}

test('subjects, versions, the text of one, the difference of two', async () => {
  const registry = await startRegistry();
  await using rig = await openSchemas(registry.url);
  await rig.screen.shows(/orders-value +AVRO +2 +FULL +41 +0/);
  await rig.screen.shows(/a\/b 한글 +PROTOBUF +7 +\S+ +9 +1/);
  await rig.screen.shows('2 of 2 · BACKWARD');
  rig.keys('j', 'enter');
  await rig.screen.shows(/▸ +2 +41 +AVRO/);
  rig.keys('enter');
  await rig.screen.shows('"name": "이름",');
  await rig.screen.shows('id 41 · AVRO · 0 references');
  rig.press('schema.diff');
  await rig.screen.shows('v1 → v2');
  await rig.screen.shows('+       "name": "note",');
  // A version never changes.
  expect(registry.asked.filter((url) => url.endsWith('/versions/1'))).toHaveLength(1);
});

test('nothing is asked before somebody looks', async () => {
  const registry = await startRegistry();
  await using rig = startConsole(new ScriptedWorld(), { registry: createSchemaRegistry([registry.url]) });
  await rig.screen.shows('incidents');
  await rig.pass(20_000);
  expect(registry.asked).toEqual([]);
});

test('what is wrong with the registry is one sentence; what was known stays', async () => {
  const registry = await startRegistry();
  await using rig = await openSchemas(registry.url);
  await rig.screen.shows(/orders-value +AVRO/);
  registry.fails = { status: 500, body: { message: 'store timeout' } };
  await rig.pass(5_000);
  await rig.screen.shows(/▲ as it was before: The schema registry http:\/\/127\.0\.0\.1:\d+ answers 500/);
  await rig.screen.shows(/orders-value +AVRO/);
});

test('a login that is wrong, one that is right, and an address where nothing listens', async () => {
  const wanted = `Basic ${Buffer.from('reader:s3cret').toString('base64')}`;
  const registry = await startRegistry((request) => request.headers.authorization === wanted);
  {
    await using rig = await openSchemas(registry.url);
    await rig.screen.shows(/The schema registry http:\/\/127\.0\.0\.1:\d+ wants a login \(401\)/);
  }
  {
    await using rig = await openSchemas(registry.url, { Authorization: wanted });
    await rig.screen.shows(/orders-value +AVRO/);
  }
  await using rig = await openSchemas('http://127.0.0.1:1');
  await rig.screen.shows('No schema registry answers.');
});

test('without a registry the word says how to name one', async () => {
  await using rig = startConsole(new ScriptedWorld());
  await rig.screen.shows('incidents');
  rig.keys(':', ...'schemas', 'enter');
  await rig.screen.shows('no schema registry is configured: --schema-registry URL');
});
