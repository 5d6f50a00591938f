/** `kconsole workers drain`, over our own REST routes on a real socket. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { parseRestConfig } from '../../../src/rest/rest-config.ts';
import { startRestServer } from '../../../src/rest/server.ts';
import { httpFixture, says } from '../../helpers/http-fixture.ts';
import { createMemoryHerder, type MemoryHerder } from '../../helpers/memory-herder.ts';
import { runOneShotLine } from '../../helpers/run-one-shot.ts';

const rest = await startRestServer(parseRestConfig({ listeners: 'http://127.0.0.1:0' }));
const at = `--attach ${rest.advertisedUrl}`;
let herder: MemoryHerder;
let asked: (string | undefined)[];
afterAll(() => rest.close());
beforeEach(async () => {
  asked = [];
  herder = createMemoryHerder();
  const { drain } = herder;
  herder.drain = (worker) => {
    asked.push(worker);
    return drain(worker);
  };
  await herder.putConnectorConfig('orders', { 'connector.class': 'F' }, { allowReplace: false });
  rest.serve(herder);
});

test('the worker that is named, as address or id, else the one that is asked; how its work moves is told', async () => {
  const message = 'its leader hands out its 0 connectors and 0 tasks at once; then it ends.';
  expect(await runOneShotLine(`workers drain http://h:2/ --yes ${at}`)).toEqual({
    exit: 0,
    err: '',
    out: `Worker h:2 drains: ${message}\n`,
  });
  const json = await runOneShotLine(`workers drain -y -o json ${at}`);
  expect(JSON.parse(json.out)).toMatchObject({ worker_id: '127.0.0.1:8083', handover: 'at_once', isOver: false });
  expect(asked).toEqual(['h:2', undefined]);
});

test('asks first, and does nothing when nobody can be asked or the name is another', async () => {
  expect(await runOneShotLine(`workers drain h:2 ${at}`)).toMatchObject({ exit: 2, err: expect.stringContaining('add --yes') });
  const answers = (answer: string) => ({ isInteractive: true, ask: async () => answer });
  expect((await runOneShotLine(`workers drain h:2 ${at}`, answers('no'))).exit).toBe(1);
  expect(asked).toEqual([]);
  expect((await runOneShotLine(`workers drain h:2 ${at}`, answers('h:2'))).exit).toBe(0);
  expect(asked).toEqual(['h:2']);
});

test('of several workers one must be named; one that can be asked itself is', async () => {
  const other = await httpFixture(says({ worker_id: 'x', connectors: 1, tasks: 1, handover: 'at_once', message: 'It drains.' }, 202));
  const both = `--attach ${rest.advertisedUrl},${other.url}`;
  expect(await runOneShotLine(`workers drain -y ${both}`)).toMatchObject({ exit: 2, err: expect.stringContaining('name the one') });
  expect((await runOneShotLine(`workers drain -y ${new URL(other.url).host} ${both}`)).out).toBe('It drains.\n');
  expect([asked, other.requests]).toEqual([[], [`PUT /admin/drain?worker=${encodeURIComponent(new URL(other.url).host)}`]]);
});

test('--wait: until nothing is its any more', async () => {
  const late = await runOneShotLine(`workers drain 127.0.0.1:8083 -y --wait 0 ${at}`);
  expect(late).toMatchObject({
    exit: 1,
    err: expect.stringContaining('After 0 s 2 connectors and tasks are still those of 127.0.0.1:8083'),
  });
  const waiting = runOneShotLine(`workers drain 127.0.0.1:8083 -y --wait 60 ${at}`);
  await expect.poll(() => asked.length).toBe(2);
  await herder.deleteConnector('orders');
  expect(await waiting).toMatchObject({ exit: 0, out: '127.0.0.1:8083: drained\n' });
});

test('a refusal is told; Apache Kafka’s worker cannot', async () => {
  herder.drain = async () => Promise.reject(new Error('nobody can take its work'));
  expect(await runOneShotLine(`workers drain -y ${at}`)).toMatchObject({ exit: 1, err: 'kconsole: nobody can take its work\n' });
  const jvm = await httpFixture(says({ error_code: 404, message: 'HTTP 404 Not Found' }, 404));
  expect(await runOneShotLine(`workers drain -y --attach ${jvm.url}`)).toMatchObject({
    exit: 1,
    err: expect.stringContaining("Apache Kafka's, which cannot drain"),
  });
});
