/** The command lines, over our own REST routes on a real socket. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { parseRestConfig } from '../../../src/rest/rest-config.ts';
import { startRestServer } from '../../../src/rest/server.ts';
import { createMemoryHerder, type MemoryHerder } from '../../helpers/memory-herder.ts';
import { runOneShotLine } from '../../helpers/run-one-shot.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-cli-'));
const rest = await startRestServer(parseRestConfig({ listeners: 'http://127.0.0.1:0' }));
let herder: MemoryHerder;
afterAll(async () => {
  await rest.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  herder = createMemoryHerder();
  await herder.putConnectorConfig(
    'orders',
    { 'connector.class': 'F', 'connection.password': 's3cret', name: 'orders' },
    { allowReplace: false },
  );
  rest.serve(herder);
});

const kconsole = runOneShotLine;

const at = `--attach ${rest.advertisedUrl}`;

test('the list as a table and as JSON, without secrets; 0 when nothing is wrong', async () => {
  const table = await kconsole(`connectors ${at}`);
  expect(table).toEqual({
    exit: 0,
    err: '',
    out: 'NAME    TYPE    STATE    TASKS  WORKER          ERROR\norders  source  RUNNING  1/1    127.0.0.1:8083\n',
  });
  const json = await kconsole(`connectors list -o json ${at}`);
  expect(JSON.parse(json.out).orders.status.connector.state).toBe('RUNNING');
  expect(json.out).not.toContain('s3cret');
});

test('1 as soon as something has failed; its first line shows, whatever it holds', async () => {
  herder.connectorStatus = async (name) => ({
    name,
    connector: { state: 'RUNNING', worker_id: 'w' },
    tasks: [{ id: 0, state: 'FAILED', worker_id: 'w', trace: 'org.E: \u001b[2Jdisk full\n\tat x\n' }],
    type: 'sink',
  });
  const list = await kconsole(`connectors ${at}`);
  expect([list.exit, list.out]).toEqual([1, expect.stringContaining('0/1 1 FAILED')]);
  expect(list.out).toContain('org.E: ␛[2Jdisk full');
  expect((await kconsole(`connectors show orders ${at}`)).out).toMatch(/task 0 {2}org\.E: ␛\[2Jdisk full\n {8}.*at x/);
  expect((await kconsole(`tasks ${at}`)).exit).toBe(1);
});

test('paused and stopped are no fault', async () => {
  for (const verb of ['pause', 'stop']) {
    expect(await kconsole(`connectors ${verb} orders --wait 5 ${at}`)).toMatchObject({ exit: 0, err: '' });
    expect((await kconsole(`connectors ${at}`)).exit).toBe(0);
  }
  expect((await kconsole(`connectors resume orders --wait 5 ${at}`)).out).toBe('orders: RUNNING\n');
});

test('2 for a wrong command line, 3 when nobody answers, 1 for a refusal', async () => {
  expect((await kconsole(`connectors pause ${at}`)).exit).toBe(2);
  expect((await kconsole(`connectors list -o yaml ${at}`)).exit).toBe(2);
  expect((await kconsole(`tasks restart orders x ${at}`)).exit).toBe(2);
  expect((await kconsole(`connectors pause orders --wait soon ${at}`)).exit).toBe(2);
  expect((await kconsole('connectors --attach ftp://x')).exit).toBe(2);
  expect(await kconsole('connectors --attach http://127.0.0.1:1')).toMatchObject({
    exit: 3,
    err: expect.stringContaining('No Connect worker answers'),
  });
  expect(await kconsole(`connectors show nope ${at}`)).toEqual({ exit: 1, out: '', err: 'kconsole: No status found for connector nope\n' });
});

test('deleting needs --yes without a terminal, and the typed name on one', async () => {
  expect(await kconsole(`connectors delete orders ${at}`)).toMatchObject({
    exit: 2,
    err: 'kconsole: To delete the connector orders without a terminal, add --yes.\n',
  });
  expect((await kconsole(`connectors delete orders ${at}`, { isInteractive: true, ask: async () => 'order' })).exit).toBe(1);
  expect(herder.held.has('orders')).toBe(true);
  expect((await kconsole(`connectors delete orders ${at}`, { isInteractive: true, ask: async () => 'orders' })).out).toBe(
    'orders: deleted\n',
  );
  expect(herder.held.has('orders')).toBe(false);
});

test('create, set and config; secrets only on demand', async () => {
  const file = path.join(folder, 'new.properties');
  writeFileSync(file, 'name=new\nconnector.class=F\ntopic=t\n');
  expect((await kconsole(`connectors create -f ${file} ${at}`)).out).toBe('new: created\n');
  expect(await kconsole(`connectors create -f ${file} ${at}`)).toMatchObject({ exit: 1, err: 'kconsole: Connector new already exists\n' });
  expect((await kconsole(`connectors set new topic=a=b name- ${at}`)).exit).toBe(0);
  expect(herder.held.get('new')?.config).toEqual({ 'connector.class': 'F', topic: 'a=b' });
  expect((await kconsole(`connectors config orders ${at}`)).out).toContain('connection.password  [hidden]');
  expect((await kconsole(`connectors config orders --show-secrets ${at}`)).out).toContain('s3cret');
});

test('offsets: exact, refused while running, with --stop the connector is left as it was found', async () => {
  const file = path.join(folder, 'offsets.json');
  writeFileSync(file, '{"offsets":[{"partition":{"filename":"/f"},"offset":{"position":9007199254740993}}]}');
  expect(await kconsole(`offsets alter orders -f ${file} --yes ${at}`)).toMatchObject({
    exit: 1,
    err: expect.stringContaining('must be in the STOPPED state'),
  });
  expect(await kconsole(`offsets reset orders ${at}`)).toMatchObject({ exit: 2, err: expect.stringContaining('add --yes') });
  await herder.pauseConnector('orders');
  const altered = await kconsole(`offsets alter orders -f ${file} --stop --yes ${at}`);
  expect([altered.exit, altered.out]).toEqual([0, expect.stringContaining('{"filename":"/f"}  {"position":9007199254740993}')]);
  expect(herder.held.get('orders')?.state).toBe('PAUSED');
  expect((await kconsole(`offsets get orders -o json ${at}`)).out).toBe(
    '{"offsets":[{"partition":{"filename":"/f"},"offset":{"position":9007199254740993}}]}\n',
  );
  expect((await kconsole(`offsets reset orders --stop --yes ${at}`)).out).toContain('no offsets stored');
  expect((await kconsole(`offsets alter orders --yes ${at}`)).exit).toBe(2);
});

test('validate: 1 with the faults, 0 without', async () => {
  const file = path.join(folder, 'v.json');
  writeFileSync(file, '{"name":"v","connector.class":"F"}');
  expect(await kconsole(`connectors validate -f ${file} ${at}`)).toMatchObject({ exit: 0, out: `${file}: no fault found\n` });
  const value = {
    name: 'topic',
    value: null,
    recommended_values: [],
    errors: ['Missing required configuration "topic" which has no default value.'],
    visible: true,
  };
  herder.validateConfig = async (name) => ({ name, error_count: 1, groups: [], configs: [{ definition: null, value }] });
  expect(await kconsole(`connectors validate -f ${file} ${at}`)).toMatchObject({
    exit: 1,
    out: expect.stringContaining('topic  Missing required configuration'),
  });
});
