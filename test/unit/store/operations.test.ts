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
  await operations.takeUndo()?.run();
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
  await rig.operations.takeUndo()?.run();
  expect(one.connector('orders').config).toMatchObject({ topic: 't', 'x.password': 'geheim' });
});

test('there is no undo of a delete when the worker keeps the secrets to itself', async () => {
  const one = world();
  one.connector('orders').config = { 'connector.class': 'FileStreamSource', 'x.password': '[hidden]' };
  using rig = await startSession(one);
  await rig.operations.delete('orders');
  expect(rig.operations.nextUndo).toBeNull();
});
