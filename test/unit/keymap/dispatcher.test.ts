/** Every key goes to the question, to the line, or to its command. */
import { expect, test } from 'vitest';
import { startSession } from '../../helpers/session-rig.ts';
import { troubledWorld } from '../../helpers/worlds.ts';

test('keys of each verb: asked with No as the default, and only y goes on', async () => {
  for (const [key, call] of [
    ['p', 'pause'],
    ['s', 'stop'],
  ] as const) {
    const world = troubledWorld();
    using rig = await startSession(world);
    await rig.command('tasks accesslog-source');
    for (const no of ['enter', 'esc', 'n', 'N', 'space', 'q']) {
      await rig.keys(key, no);
      expect(rig.dialog(), no).toEqual([]);
    }
    expect(world.calls).toEqual([]);
    await rig.keys(key, 'y');
    expect(world.calls).toEqual([`${call} accesslog-source`]);
  }
});

test('what cannot be done now says why', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  await rig.command('pause legacy-import');
  expect(rig.flash()).toBe('legacy-import does not run: nothing to pause');
  await rig.command('resume accesslog-source');
  expect(rig.flash()).toBe('accesslog-source is not paused or stopped');
  await rig.command('stop old-export');
  expect(rig.flash()).toBe('old-export is STOPPED');
  await rig.keys('z');
  expect(rig.flash()).toBe('there is nothing to undo');
  expect(rig.dialog()).toEqual([]);
});

test('restart menu: what failed is one key, all is asked again', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  await rig.press('go.connectors');
  await rig.keys('r');
  expect(rig.dialog().map((text) => text.trim())).toEqual([
    'restart orders-sink',
    'f  what failed  task 1, 3',
    't  one task     put the cursor on a task first',
    'c  connector    the connector alone; tasks go on',
    'a  all          the connector and 4 tasks, also those that run',
  ]);
  await rig.keys('t');
  expect(rig.dialog()).not.toEqual([]);
  await rig.keys('a');
  expect(rig.dialog()[0]).toBe('restart orders-sink and all its tasks?');
  await rig.keys('enter');
  expect(world.calls).toEqual([]);
  await rig.keys('r', 'f');
  expect(world.calls).toEqual(['restart failed orders-sink']);
});

test('in a protected context each level counts one more', async () => {
  const world = troubledWorld();
  using rig = await startSession(world, { isProtected: true });
  await rig.command('stop accesslog-source');
  expect(rig.dialog()).toContain('prod-eu is protected');
  await rig.keys('y', 'enter');
  expect(world.calls).toEqual([]);
  await rig.keys('esc');
  await rig.command('stop accesslog-source');
  await rig.keys(...'accesslog-source', 'enter');
  expect(world.calls).toEqual(['stop accesslog-source']);
  await rig.command('restart orders-sink');
  await rig.keys('f');
  expect(rig.dialog()[0]).toBe('restart what failed of orders-sink?');
});

test('a read-only context knows no word and no key that changes something', async () => {
  const world = troubledWorld();
  using rig = await startSession(world, { isReadOnly: true });
  await rig.press('go.connectors');
  for (const key of ['p', 'u', 'r', 's', 'x', 'ctrl-d', 'z']) {
    await rig.keys(key);
    expect(rig.flash(), key).toBe(`${key} means nothing here; ? shows the keys`);
  }
  await rig.command('delete orders-sink');
  expect(rig.flash()).toBe('there is no command "delete"; ? lists them');
  expect(world.calls).toEqual([]);
});

test('delete asks for the name, in either composition of Hangul', async () => {
  const world = troubledWorld();
  world.connectors[0]!.name = '주문-싱크';
  using rig = await startSession(world);
  await rig.command('delete 주문-싱크');
  await rig.keys(...'주문-싱크'.normalize('NFD'), 'enter');
  expect(world.calls).toEqual(['delete 주문-싱크']);
});

test('the line: typing, completion, history, leaving it', async () => {
  using rig = await startSession(troubledWorld());
  await rig.keys(':', 't', 'a', 'i', 'l', 'space', 'n', 'g');
  expect(rig.session.ui.prompt?.candidates).toEqual(['tail nginx-accesslog']);
  await rig.keys('tab');
  expect(rig.session.ui.prompt?.line).toEqual({ before: 'tail nginx-accesslog ', after: '' });
  await rig.keys('esc');
  expect(rig.session.ui.prompt).toBeNull();
  await rig.command('topics');
  await rig.command('groups');
  await rig.keys(':', 'up', 'up');
  expect(rig.session.ui.prompt?.line.before).toBe('topics');
  await rig.keys('down', 'down', 'backspace');
  expect(rig.session.ui.prompt).toBeNull();
});

test('the filter works while it is typed; enter keeps it, esc puts back what was', async () => {
  using rig = await startSession(troubledWorld());
  await rig.press('go.connectors');
  await rig.keys('/', 'a', 'u', 'd');
  expect(rig.rows()).toEqual(['audit-sink']);
  await rig.keys('enter', '/', 'x');
  expect(rig.rows()).toEqual([]);
  await rig.keys('esc');
  expect(rig.session.view.filter).toBe('aud');
});

test('pasted text goes into the line and nowhere else', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  await rig.press('go.connectors');
  rig.dispatcher.paste('p\ny\n:q!\n');
  expect(rig.flash()).toBe('a paste does nothing here; open : or / first');
  expect(rig.dialog()).toEqual([]);
  await rig.keys('/');
  rig.dispatcher.paste('aud\x1bit\n');
  expect(rig.session.view.filter).toBe('aud it ');
  expect(world.calls).toEqual([]);
});

test('capitals sort by the column that shows them, again turns round', async () => {
  using rig = await startSession(troubledWorld());
  await rig.press('go.connectors');
  await rig.keys('N');
  const byName = rig.rows();
  expect([...byName].sort()).toEqual(byName);
  await rig.keys('N');
  expect(rig.rows()).toEqual([...byName].reverse());
});

test('ctrl-c ends what is open, twice leaves', async () => {
  using rig = await startSession(troubledWorld());
  await rig.keys(':', 'x', 'ctrl-c');
  expect(rig.session.ui.prompt).toBeNull();
  await rig.clock.advance(3_000);
  await rig.keys('ctrl-c');
  expect(rig.flash()).toBe('ctrl-c again leaves kconsole');
  await rig.clock.advance(3_000);
  await rig.keys('ctrl-c', 'ctrl-c');
  expect(await rig.session.exited).toBe(0);
});

test('an embedded worker is named before it is left or suspended', async () => {
  using rig = await startSession(troubledWorld(), { isWorkerEmbedded: true });
  await rig.keys('q');
  expect(rig.dialog().join('\n')).toContain('4 running connectors will stop');
  await rig.keys('enter', 'ctrl-z');
  expect(rig.dialog()[0]).toBe('suspend?');
});
