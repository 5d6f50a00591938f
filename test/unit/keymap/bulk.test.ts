/** Marks, and what is done to all of them: asked, run, retried, taken back as one. */
import { expect, test } from 'vitest';
import { RestError } from '../../../src/base/errors.ts';
import { marksText } from '../../../src/store/marks.ts';
import { connector, ScriptedWorld } from '../../helpers/scripted-world.ts';
import { startSession } from '../../helpers/session-rig.ts';

function world(count = 4): ScriptedWorld {
  const one = new ScriptedWorld();
  one.connectors = Array.from({ length: count }, (_, i) => connector(`pay-${i}`, 'source'));
  one.connectors.push(connector('orders', 'source'));
  return one;
}

async function open(one = world(), facts: Parameters<typeof startSession>[1] = {}) {
  const rig = await startSession(one, facts);
  await rig.press('go.connectors');
  const marked = () => [...rig.session.view.marks.keys()];
  const marks = () => marksText(rig.session.view.marks, rig.session.current().selection);
  const table = () => rig.session.bulk?.data.rows.map((row) => `${row.id} ${row.state}${row.detail ? ` ${row.detail}` : ''}`);
  return { ...rig, rig, one, marked, marks, table, [Symbol.dispose]: () => rig[Symbol.dispose]() };
}

test('marks: one, a range, all that pass the filter; they outlive filter and refresh', async () => {
  using t = await open();
  expect(t.rows()).toEqual(['orders', 'pay-0', 'pay-1', 'pay-2', 'pay-3']);
  await t.keys('j', 'space');
  expect(t.marked()).toEqual(['pay-0']);
  await t.keys('j', 'j', 'ctrl-space');
  expect(t.marked()).toEqual(['pay-0', 'pay-1', 'pay-2']);
  await t.keys('space');
  expect(t.marked()).toEqual(['pay-0', 'pay-1']);
  await t.keys('/', 'o', 'r', 'd', 'enter', '*');
  expect(t.marked()).toEqual(['pay-0', 'pay-1', 'orders']);
  expect(t.marks()).toBe('3 marked (2 hidden)');
  await t.clock.advance(10_000);
  expect(t.marks()).toBe('3 marked (2 hidden)');
  await t.keys('*');
  expect(t.marked()).toEqual(['pay-0', 'pay-1']);
});

test('esc: the filter first, then the marks, then back', async () => {
  using t = await open();
  await t.keys('*', '/', 'p', 'a', 'y', 'enter');
  expect(t.marks()).toBe('5 marked (1 hidden)');
  await t.keys('esc');
  expect(t.marks()).toBe('5 marked');
  await t.keys('esc');
  expect(t.marked()).toEqual([]);
  expect(t.session.view.pane).toBe('connectors');
  await t.keys('esc');
  expect(t.session.view.pane).toBe('home');
});

test('ctrl-\\ clears all marks, and keys act on the row again', async () => {
  using t = await open();
  await t.keys('*', 'ctrl-\\', 'p', 'y');
  expect(t.one.calls).toEqual(['pause orders']);
});

test('many are asked for with their names, and No is the default', async () => {
  using t = await open(world(14));
  await t.keys('*', 'p');
  expect(t.dialog()[0]).toBe('pause 15 connectors?');
  expect(t.dialog()).toContain('orders  RUNNING with 1 task');
  expect(t.dialog()).toContain('… and 5 more');
  await t.keys('enter');
  expect(t.one.calls).toEqual([]);
  await t.keys('p', 'y');
  expect(t.one.calls).toHaveLength(15);
  expect(t.session.view.pane).toBe('bulk');
  expect(t.flash()).toBe('pause 15 connectors: 15 ok · z undoes it');
});

test('one that fails: the others are done, r does it once more to that one alone, z takes all of it back', async () => {
  using t = await open();
  const { pauseConnector } = t.one.herder;
  let isBroken = true;
  t.one.herder.pauseConnector = async (name) => {
    if (name === 'pay-2' && isBroken) throw new RestError(500, 'no leader');
    return pauseConnector(name);
  };
  t.one.connector('pay-1').state = 'STOPPED';
  await t.clock.advance(3_000);
  await t.keys('*', 'p');
  expect(t.dialog()).toContain('pay-1   STOPPED with 1 task · skipped');
  await t.keys('y');
  expect(t.table()?.toSorted()).toEqual([
    'orders ok',
    'pay-0 ok',
    'pay-1 skipped pay-1 does not run: nothing to pause',
    'pay-2 failed no leader',
    'pay-3 ok',
  ]);
  expect(t.flash()).toBe('pause 5 connectors: 3 ok · 1 failed · 1 skipped · r retries what failed');
  expect(t.rows()[0]).toBe('pay-2');
  isBroken = false;
  t.one.calls.length = 0;
  await t.keys('r');
  expect(t.dialog().slice(0, 2)).toEqual(['pause once more: 1 connector?', 'pay-2  no leader']);
  await t.keys('y');
  expect(t.one.calls).toEqual(['pause pay-2']);
  expect(t.flash()).toBe('pause 5 connectors: 4 ok · 1 skipped · z undoes it');
  await t.clock.advance(3_000);
  expect(t.operations.nextUndo?.title).toBe('take back: pause 4 connectors');
  // Somebody else has gone on with one of them.
  await t.one.herder.stopConnector('pay-3');
  t.one.calls.length = 0;
  await t.keys('z', 'y');
  await t.clock.advance(0);
  expect(t.one.calls.toSorted()).toEqual(['resume orders', 'resume pay-0', 'resume pay-2']);
  expect(t.table()).toContain('pay-3 skipped pay-3 is STOPPED now; the pause is not what holds any more');
  expect(t.operations.nextUndo).toBeNull();
  const log = t.session.actionLog.records;
  const bulks = new Set(log.filter((one) => one.action === 'connector.pause').map((one) => one.bulk));
  expect(bulks.size).toBe(1);
  expect(log.filter((one) => one.undoOf !== null)).toHaveLength(3);
});

test('deleting many wants their number typed', async () => {
  using t = await open();
  await t.keys('/', 'p', 'a', 'y', 'enter', '*', 'ctrl-d');
  expect(t.dialog().at(-1)).toBe('type 4 connectors to delete: ');
  await t.keys('y', 'enter');
  expect(t.one.calls).toEqual([]);
  await t.keys(
    'esc',
    'ctrl-d',
    ...'4 connectors'
      .replace(' ', '\u0000')
      .split('')
      .map((key) => (key === '\u0000' ? 'space' : key)),
    'enter',
  );
  await t.clock.advance(0);
  expect(t.one.calls).toHaveLength(4);
  await t.clock.advance(3_000);
  expect(t.session.connect?.data.connectors.map((row) => row.name)).toEqual(['orders']);
  await t.keys('z', 'y');
  await t.clock.advance(3_000);
  expect(t.session.connect?.data.connectors).toHaveLength(5);
});

test('a protected context wants the number typed for a pause of many', async () => {
  using t = await open(world(), { isProtected: true });
  await t.keys('*', 'p');
  expect(t.dialog().at(-1)).toBe('type 5 connectors to pause: ');
});

test('patterns and several names on the line', async () => {
  using t = await open();
  await t.command('pause pay-*');
  expect(t.dialog()[0]).toBe('pause 4 connectors?');
  await t.keys('y');
  expect(t.one.calls.toSorted()).toEqual(['pause pay-0', 'pause pay-1', 'pause pay-2', 'pause pay-3']);
  await t.command('stop pay-0 orders');
  expect(t.dialog()[0]).toBe('stop 2 connectors?');
  await t.keys('esc');
  await t.command('stop pay-0 nothing');
  expect(t.flash()).toBe('there is no connector "nothing"');
  await t.command('stop x*');
  expect(t.flash()).toBe('no connector matches "x*"');
  await t.command('stop ord*');
  expect(t.dialog()[0]).toBe('stop orders?');
});

test('marked tasks of a connector are restarted one by one', async () => {
  const one = world(1);
  one.connector('orders').tasks = [0, 1, 2].map(() => ({ state: 'RUNNING', worker: 'w:1' }));
  using t = await open(one);
  await t.command('tasks orders');
  await t.keys('space', 'j', 'space', 'r', 't');
  expect(t.dialog().slice(0, 3)).toEqual(['restart 2 tasks?', 'orders 0  RUNNING', 'orders 1  RUNNING']);
  await t.keys('y');
  await t.clock.advance(0);
  expect(one.calls.toSorted()).toEqual(['restart task 0 orders', 'restart task 1 orders']);
});

test('ctrl-c starts no more, waits for those that run, and the table says what came of each', async () => {
  using t = await open(world(9));
  const waiting: Array<() => void> = [];
  t.one.herder.pauseConnector = () => new Promise((resolve) => waiting.push(resolve));
  await t.keys('*', 'p', 'y');
  expect(waiting).toHaveLength(4);
  await t.command('bulk');
  await t.keys('ctrl-c');
  expect(t.session.bulk?.data).toMatchObject({ isRunning: true, isStopping: true });
  for (const answer of waiting) answer();
  await t.clock.advance(0);
  expect(waiting).toHaveLength(4);
  expect(t.flash()).toBe('pause 10 connectors: 4 ok · 6 skipped · z undoes it');
});

test('a console that ends in the middle says what is not known, on the terminal and in the action log', async () => {
  using t = await open();
  t.one.herder.pauseConnector = () => new Promise(() => undefined);
  await t.keys('*', 'p', 'y');
  expect(t.session.bulk?.abandon()).toBe('pause 5 connectors was not finished: 4 not known · 1 skipped');
  expect(t.session.actionLog.records.filter((one) => one.result === 'unknown')).toHaveLength(4);
});

test('a read-only context marks, and has no key that acts on marks', async () => {
  using t = await open(world(), { isReadOnly: true });
  await t.keys('*', 'p');
  expect(t.marked()).toHaveLength(5);
  expect(t.flash()).toBe('p means nothing here; ? shows the keys');
  await t.command('pause pay-*');
  expect(t.flash()).toBe('there is no command "pause"; ? lists them');
});

test('esc in the table of a bulk that runs starts no more, and the table says so; again it goes back', async () => {
  using t = await open(world(9));
  const waiting: Array<() => void> = [];
  t.one.herder.pauseConnector = () => new Promise((resolve) => waiting.push(resolve));
  await t.keys('*', 'p', 'y', 'esc');
  expect(t.session.bulk?.data).toMatchObject({ isRunning: true, isStopping: true });
  for (const answer of waiting) answer();
  await t.clock.advance(0);
  expect(waiting).toHaveLength(4);
  expect(t.table()?.filter((row) => row.endsWith('skipped not begun: it was stopped'))).toHaveLength(6);
  await t.keys('esc');
  expect(t.session.view.pane).toBe('connectors');
});

test('asked to, a bulk stops at the first error and names it', async () => {
  using t = await open(world(9));
  t.one.herder.pauseConnector = async (name) => {
    if (name === 'pay-0') throw new RestError(500, 'no leader');
  };
  await t.command('stop-at-error');
  await t.keys('*', 'p');
  expect(t.dialog().join(' ')).toContain('It stops at the first error');
  await t.keys('y');
  await t.clock.advance(0);
  const rows = t.table() ?? [];
  expect(rows).toContain('pay-0 failed no leader');
  expect(rows.filter((row) => row.endsWith('skipped not begun: pay-0 came to an error before')).length).toBeGreaterThan(0);
});
