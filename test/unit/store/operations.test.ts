/** What an operator does: through the herder's door, written down, and undone where that is honest. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RestError } from '../../../src/base/errors.ts';
import { connector, ScriptedWorld } from '../../helpers/scripted-world.ts';
import { startSession } from '../../helpers/session-rig.ts';

function world(): ScriptedWorld {
  const one = new ScriptedWorld();
  one.connectors = [
    connector('orders', 'source', {
      tasks: [
        { state: 'RUNNING', worker: 'w:1' },
        { state: 'FAILED', worker: 'w:1', trace: 'x' },
      ],
    }),
  ];
  return one;
}

test('a pause is asked, shown as asked, logged with what was before, and undone by a resume', async () => {
  const one = world();
  using rig = await startSession(one);
  const { operations, session } = rig;
  expect(await operations.pause('orders')).toBe(true);
  expect(operations.row('orders')?.requested).toMatchObject({ wanted: 'PAUSED' });
  expect(session.ui.flash).toMatchObject({ level: 'info', text: 'pause orders requested · z undoes it' });
  expect(session.actionLog.records.at(-1)).toMatchObject({
    action: 'connector.pause',
    target: 'orders',
    request: 'PUT /connectors/orders/pause',
    before: 'RUNNING',
    result: 'ok',
  });
  await rig.clock.advance(3_000);
  expect(operations.row('orders')).toMatchObject({ state: 'PAUSED', requested: null });
  expect(operations.nextUndo?.title).toBe('resume orders');
  await operations.undo();
  expect(one.calls).toEqual(['pause orders', 'resume orders']);
  expect(readFileSync(rig.actionLogFile, 'utf8').trim().split('\n')).toHaveLength(2);
});

test('a stop is undone to what was before', async () => {
  const one = world();
  one.connector('orders').state = 'PAUSED';
  using rig = await startSession(one);
  await rig.operations.stop('orders');
  expect(rig.operations.nextUndo?.title).toBe('pause orders');
});

test('asking for what is so already leaves nothing to undo', async () => {
  using rig = await startSession(world());
  await rig.operations.resume('orders');
  expect(rig.operations.nextUndo).toBeNull();
});

test.each([
  ['failed', 'restart failed orders'],
  ['all', 'restart all orders'],
  ['connector', 'restart connector orders'],
  [1, 'restart task 1 orders'],
] as const)('restart of %s', async (scope, call) => {
  const one = world();
  using rig = await startSession(one);
  await rig.operations.restart('orders', scope);
  expect(one.calls).toEqual([call]);
  expect(rig.operations.row('orders')?.requested).toMatchObject({ wanted: 'RESTARTED', restarted: scope });
  expect(rig.operations.nextUndo).toBeNull();
});

test('what is refused is said, logged, and leaves neither a request nor an undo', async () => {
  const one = world();
  using rig = await startSession(one);
  one.herderError = new RestError(409, 'Cannot complete request because of a conflicting operation (e.g. worker rebalance)');
  expect(await rig.operations.pause('orders')).toBe(false);
  expect(rig.session.ui.flash).toMatchObject({ level: 'error', text: expect.stringContaining('conflicting operation') });
  expect(rig.session.ui.unreadErrors).toBe(1);
  expect(rig.session.actionLog.records.at(-1)).toMatchObject({
    result: 'failed',
    detail: expect.stringContaining('conflicting operation'),
  });
  expect(rig.operations.row('orders')?.requested).toBeNull();
  expect(rig.operations.nextUndo).toBeNull();
  expect(rig.session.ui.running).toBeNull();
});

test('a connector that was deleted is made again with the config it had', async () => {
  const one = world();
  one.connector('orders').config = { 'connector.class': 'FileStreamSource', topic: 't', 'x.password': 'geheim' };
  using rig = await startSession(one);
  await rig.operations.delete('orders');
  await rig.clock.advance(3_000);
  expect(rig.operations.row('orders')).toBeNull();
  expect(rig.operations.nextUndo?.title).toBe('create orders again with the config it had');
  expect(rig.session.actionLog.records.at(-1)?.before).not.toContain('geheim');
  await rig.operations.undo();
  expect(one.connector('orders').config).toMatchObject({ topic: 't', 'x.password': 'geheim' });
});

test('there is no undo of a delete when the worker keeps the secrets to itself', async () => {
  const one = world();
  one.connector('orders').config = { 'connector.class': 'FileStreamSource', 'x.password': '[hidden]' };
  using rig = await startSession(one);
  await rig.operations.delete('orders');
  expect(rig.operations.nextUndo).toBeNull();
});

test('an undo is written down as the undo of what it took back', async () => {
  using rig = await startSession(world());
  await rig.operations.pause('orders');
  await rig.clock.advance(3_000);
  await rig.operations.undo();
  const [pause, resume] = rig.session.actionLog.records;
  expect(pause).toMatchObject({ action: 'connector.pause', after: 'PAUSED asked for', response: null, undoOf: null });
  expect(resume).toMatchObject({ action: 'connector.resume', result: 'ok', undoOf: pause?.id });
  // An undo is no action to be undone: the one before comes next.
  expect(rig.operations.nextUndo).toBeNull();
});

test('an undo right after the action counts, although the status still says what was before', async () => {
  const one = world();
  one.isDeaf = true;
  using rig = await startSession(one);
  await rig.operations.pause('orders');
  await rig.operations.undo();
  expect(one.calls).toEqual(['pause orders', 'resume orders']);
});

test('an undo is refused when somebody else has changed the same since', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.operations.pause('orders');
  await rig.clock.advance(3_000);
  await one.herder.stopConnector('orders');
  await rig.operations.undo();
  expect(one.calls).toEqual(['pause orders', 'stop orders']);
  expect(rig.session.ui.flash?.text).toBe('not undone: orders is STOPPED now; the pause is not what holds any more');
  expect(rig.session.actionLog.records.at(-1)).toMatchObject({ action: 'app.undo', result: 'refused' });
  expect(rig.operations.nextUndo).toBeNull();
});

test('an undo that cannot be checked stays', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.operations.pause('orders');
  one.herderError = new Error('no route');
  await rig.operations.undo();
  expect(rig.session.ui.flash?.text).toContain('no route. Nothing was done; z tries again');
  expect(rig.operations.nextUndo?.title).toBe('resume orders');
});

test('a change of the config: before and after in the log, secrets hidden, and the way back', async () => {
  const one = world();
  const before = { 'connector.class': 'FileStreamSource', topic: 't', 'x.password': 'geheim' };
  one.connector('orders').config = before;
  using rig = await startSession(one);
  expect(await rig.operations.changeConfig('orders', { ...before, topic: 'u', 'x.password': 'neues' }, before)).toBe(true);
  expect(one.connector('orders').config).toMatchObject({ topic: 'u', 'x.password': 'neues' });
  const record = rig.session.actionLog.records.at(-1);
  expect(record).toMatchObject({
    action: 'connector.edit',
    before: expect.stringContaining('"topic":"t"'),
    after: expect.stringContaining('"topic":"u"'),
  });
  expect(JSON.stringify(record)).not.toMatch(/geheim|neues/);
  expect(rig.operations.nextUndo).toMatchObject({
    title: 'put back the config of orders',
    lines: ['2 settings as before: topic, x.password'],
  });
  await rig.operations.undo();
  expect(one.connector('orders').config).toEqual(before);
});

test('a config that was changed again is not put back', async () => {
  const one = world();
  using rig = await startSession(one);
  const { config } = one.connector('orders');
  await rig.operations.changeConfig('orders', { ...config, topic: 'u' });
  one.connector('orders').config = { ...config, topic: 'v' };
  await rig.operations.undo();
  expect(rig.session.ui.flash?.text).toBe('not undone: the config of orders was changed again since');
  expect(one.connector('orders').config.topic).toBe('v');
});

test('a config that was changed by somebody else while it was edited is not overwritten', async () => {
  const one = world();
  using rig = await startSession(one);
  const { config } = one.connector('orders');
  one.connector('orders').config = { ...config, topic: 'theirs' };
  expect(await rig.operations.changeConfig('orders', { ...config, topic: 'mine' }, config)).toBe(false);
  expect(rig.session.ui.flash?.text).toContain('changed by somebody else meanwhile');
  expect(one.connector('orders').config.topic).toBe('theirs');
});

test('a secret that the worker hides and that was changed cannot be put back', async () => {
  const one = world();
  const before = { 'connector.class': 'FileStreamSource', topic: 't', 'x.password': '[hidden]' };
  one.connector('orders').config = before;
  using rig = await startSession(one);
  await rig.operations.changeConfig('orders', { ...before, 'x.password': 'neues' });
  expect(rig.operations.nextUndo).toBeNull();
  one.connector('orders').config = before;
  await rig.operations.changeConfig('orders', { ...before, topic: 'u' });
  expect(rig.operations.nextUndo?.title).toBe('put back the config of orders');
});

test('a deleted connector comes back as it was: offsets that are gone first, then running', async () => {
  const one = world();
  const offsets = [{ partition: { filename: 'a' }, offset: { position: 7n } }];
  one.connector('orders').offsets = offsets;
  using rig = await startSession(one);
  await rig.operations.delete('orders');
  await rig.clock.advance(3_000);
  const undone = rig.operations.undo();
  await rig.clock.advance(1_000);
  await undone;
  expect(one.connector('orders')).toMatchObject({ state: 'RUNNING', offsets });
  expect(rig.session.actionLog.records.at(-1)).toMatchObject({ action: 'connector.create', result: 'ok', after: 'RUNNING' });
});

test('a deleted connector that somebody has made again is left alone', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.operations.delete('orders');
  one.connectors.push(connector('orders', 'source'));
  await rig.operations.undo();
  expect(rig.session.ui.flash?.text).toBe('not undone: there is a connector orders again');
});

test('a change whose answer never came is neither done nor failed', async () => {
  const one = world();
  using rig = await startSession(one);
  one.herderError = new RestError(504, 'PUT was sent, but no answer within 95 s; it is not known whether it was carried out');
  expect(await rig.operations.pause('orders')).toBe(false);
  expect(rig.session.actionLog.records.at(-1)).toMatchObject({ result: 'unknown' });
});
