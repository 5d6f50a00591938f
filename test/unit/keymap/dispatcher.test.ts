/** Every key goes to the question, to the line, or to its command. */
import { expect, test } from 'vitest';
import { keyLabel } from '../../../src/keymap/command.ts';
import { textDialog } from '../../../src/store/dialog.ts';
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

test('a question about what is known no more says how old that is', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  await rig.command('tasks accesslog-source');
  await rig.keys('p');
  expect(rig.dialog().join()).not.toContain('has not answered');
  await rig.keys('esc');
  world.herderError = new Error('connection refused');
  await rig.clock.advance(20_000);
  await rig.keys('p');
  expect(rig.dialog().at(-1)).toMatch(/^Connect has not answered for \d+ s: what is known here is that old$/);
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
    expect(rig.flash(), key).toBe(`${keyLabel(key)} means nothing here; ? shows the keys`);
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
  expect(rig.session.view.filter).toBe('audit ');
  expect(world.calls).toEqual([]);
});

test('capitals sort by the column that shows them, again turns round', async () => {
  using rig = await startSession(troubledWorld());
  await rig.press('go.connectors');
  await rig.keys('A');
  const byName = rig.rows();
  expect([...byName].sort()).toEqual(byName);
  await rig.keys('A');
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
  expect(await rig.session.exited).toMatchObject({ code: 0, worker: 'stop' });
});

test('an embedded worker is named before it is suspended', async () => {
  using rig = await startSession(troubledWorld(), { isWorkerEmbedded: true });
  await rig.keys('ctrl-z');
  expect(rig.dialog()[0]).toBe('suspend?');
});

test('any column can be sorted by: chosen with shift and an arrow, sorted with O, turned round by O again', async () => {
  using rig = await startSession(troubledWorld());
  await rig.press('go.connectors');
  await rig.keys('O');
  expect(rig.flash()).toMatch(/shift/);
  await rig.keys('shift-right', 'shift-right', 'shift-right');
  expect(rig.flash()).toBe('O sorts by CLASS');
  await rig.keys('O');
  expect(rig.session.view.sort).toEqual({ column: 'class', isDescending: false });
  await rig.keys('O');
  expect(rig.session.view.sort).toEqual({ column: 'class', isDescending: true });
  await rig.keys('shift-left', 'shift-left', 'shift-left');
  expect(rig.flash()).toBe('O sorts by LAST ERROR');
  await rig.keys('O');
  const errors = rig.rows().map((name) => rig.session.connect?.data.connectors.find((row) => row.name === name)?.lastError ?? '');
  expect(errors[0]).not.toBe('');
});

test('only what is not well: in tables where something can be wrong, and said in the others', async () => {
  using rig = await startSession(troubledWorld());
  await rig.press('go.connectors', 'table.faults');
  expect(rig.rows()).toEqual(['orders-sink']);
  await rig.press('app.back');
  expect(rig.rows().length).toBeGreaterThan(1);
  await rig.press('go.plugins', 'table.faults');
  expect(rig.flash()).toBe('nothing in this table can be wrong');
});

test('back and forward where one was, and between two ways', async () => {
  using rig = await startSession(troubledWorld());
  const pane = () => rig.session.view.pane;
  await rig.keys('-');
  expect(rig.flash()).toBe('there was no view before');
  await rig.press('go.connectors', 'row.open', 'go.topics');
  await rig.keys('-');
  expect(rig.session.view).toMatchObject({ pane: 'tasks', target: { connector: 'orders-sink' } });
  await rig.keys('-');
  expect(pane()).toBe('topics');
  await rig.press('go.home', 'go.connectors', 'row.open');
  await rig.keys('<');
  expect(pane()).toBe('connectors');
  await rig.keys('<');
  expect(pane()).toBe('home');
  await rig.keys('>', '>');
  expect(pane()).toBe('tasks');
  await rig.keys('>');
  expect(rig.flash()).toBe('nothing is further on');
});

test('a view opens sorted, filtered and wide as its line says', async () => {
  using rig = await startSession(troubledWorld());
  await rig.command('topics sort=-name wide');
  expect(rig.session.view).toMatchObject({ pane: 'topics', sort: { column: 'name', isDescending: true }, isWide: true });
  expect(rig.rows()).toEqual([...rig.rows()].sort().reverse());
  await rig.command('connectors *-sink faults');
  expect(rig.rows()).toEqual(['orders-sink']);
  await rig.command('connectors sort=zzz');
  expect(rig.flash()).toMatch(/^there is no column "zzz"; there are name, type/);
  await rig.command('connectors x=y');
  expect(rig.flash()).toMatch(/^"x=y" is not understood here/);
});

test('the log of a connector by its name; another word filters the log of all', async () => {
  using rig = await startSession(troubledWorld());
  await rig.command('log orders-sink');
  expect(rig.session.view).toMatchObject({ pane: 'log', target: { connector: 'orders-sink' }, filter: '' });
  expect(rig.session.view.failure).not.toBeNull();
  await rig.command('log orders-sink put');
  expect(rig.session.view).toMatchObject({ target: { connector: 'orders-sink' }, filter: 'put' });
  await rig.command('log timeout');
  expect(rig.session.view).toMatchObject({ pane: 'log', target: {}, filter: 'timeout' });
  await rig.command('log');
  expect(rig.session.view).toMatchObject({ pane: 'log', target: {}, filter: '' });
});

test('a paste that no line holds is refused whole, and said', async () => {
  using rig = await startSession(null);
  await rig.keys('/', 'a');
  rig.dispatcher.paste('y'.repeat(3_000));
  expect(rig.session.view.filter).toBe('a');
  expect(rig.flash()).toBe('the paste was not taken: a line holds 2 000 characters');
  await rig.keys('esc');
  rig.session.openDialog(textDialog({ title: 'note', lines: [], label: 'note:', verb: 'keep', onText: () => undefined }));
  rig.dispatcher.paste('why');
  rig.dispatcher.paste('y'.repeat(3_000));
  expect(rig.dialog().slice(1)).toEqual(['the paste was not taken: the field holds 2 000 characters', 'note: why']);
});
