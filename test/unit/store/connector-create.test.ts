/** A connector made from a form: judged while it is typed, shown before it is created, undone while nobody has touched it. */
import { expect, test } from 'vitest';
import { type EditOutcome, NO_TERMINAL } from '../../../src/store/terminal-port.ts';
import { CLASS, formWorld as world } from '../../helpers/connect-worlds.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';

const types = (rig: SessionRig, text: string) => rig.keys(...text.split(''));
/** Sets the setting under the cursor. */
const sets = async (rig: SessionRig, id: string, text: string) => {
  rig.session.updateView({ cursorId: id });
  await rig.keys('enter');
  await types(rig, text);
  await rig.clock.advance(400);
  await rig.keys('enter');
};

/** Asks to create it; the worker judges it once more first. */
async function asks(rig: SessionRig): Promise<void> {
  await rig.press('form.create');
  await rig.clock.advance(300);
}

async function form(rig: SessionRig): Promise<void> {
  await rig.command('create');
  await rig.clock.advance(3_000);
  expect(rig.session.view.pane).toBe('new');
  expect(rig.rows()).toEqual([`${CLASS} source 1`]);
  await rig.keys('enter');
  await rig.clock.advance(400);
}

test('required settings come first; the worker is asked when the typing rests, not for each key', async () => {
  const one = world();
  using rig = await startSession(one);
  await form(rig);
  expect(rig.rows()).toEqual(['name', 'topic', 'mode', 'api.key', 'batch.size']);
  one.asked = [];
  rig.session.updateView({ cursorId: 'mode' });
  await rig.keys('enter');
  await types(rig, 'whol');
  expect(rig.dialog()).toEqual([
    'mode',
    'What mode is.',
    'string · high · default tail',
    'what depends on it: topic',
    'values: tail, whole',
    '',
    'the worker judges it …',
    'mode: whol',
  ]);
  expect(one.asked).toEqual([]);
  await rig.clock.advance(300);
  expect(one.asked).toEqual([{ 'connector.class': CLASS, mode: 'whol' }]);
  expect(rig.dialog()).toContain('✖ whol is no mode');
  await rig.keys('tab');
  await rig.clock.advance(300);
  expect(rig.dialog()).toContain('✓ the worker accepts it');
  expect(rig.dialog().at(-1)).toBe('mode: whole');
  await rig.keys('enter');
  // Hidden by the worker for this mode.
  expect(rig.rows()).not.toContain('batch.size');
});

test('created when nothing is refused, opened, and deleted again by z', async () => {
  const one = world();
  using rig = await startSession(one);
  await form(rig);
  await asks(rig);
  expect(rig.dialog()).toContain('✖ topic: Missing required configuration "topic"');
  await rig.keys('esc');
  await sets(rig, 'name', 'old');
  await sets(rig, 'topic', 't');
  await sets(rig, 'api.key', 'geheim');
  await asks(rig);
  expect(rig.dialog()).toContain('✖ name: there is a connector old already');
  await rig.keys('esc');
  rig.session.updateView({ cursorId: 'name' });
  await rig.keys('enter', 'ctrl-u');
  await types(rig, 'new');
  await rig.keys('enter');
  await asks(rig);
  expect(rig.dialog()).toEqual([
    'create new?',
    'name=new',
    `connector.class=${CLASS}`,
    'api.key=[hidden]',
    'topic=t',
    '',
    'y lets it run at once; s creates it STOPPED',
  ]);
  await rig.keys('enter');
  expect(one.calls).toEqual([]);
  await rig.keys('y');
  await rig.clock.advance(4_000);
  expect(one.connector('new').config).toEqual({ 'connector.class': CLASS, name: 'new', topic: 't', 'api.key': 'geheim' });
  expect(rig.session.view).toMatchObject({ pane: 'tasks', target: { connector: 'new' } });
  const record = rig.session.actionLog.records.at(-1)!;
  expect(record).toMatchObject({ action: 'connector.create', target: 'new', result: 'ok' });
  expect(JSON.stringify(record)).not.toContain('geheim');
  await rig.keys('z', 'y');
  await rig.clock.advance(1_000);
  expect(one.calls).toContain('delete new');
});

test('a secret is dots while it is typed, and esc leaves what was there', async () => {
  using rig = await startSession(world());
  await form(rig);
  await sets(rig, 'api.key', 'ge');
  rig.session.updateView({ cursorId: 'api.key' });
  await rig.keys('enter', 'h');
  expect(rig.dialog().at(-1)).toBe('api.key: •••');
  await rig.keys('esc');
  expect(rig.dialog()).toEqual([]);
  expect(rig.session.ui.form?.data.values['api.key']).toBe('ge');
});

test('a copy takes everything but the name; what the worker hides is named', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.command('clone old');
  await rig.clock.advance(400);
  expect(rig.session.ui.form?.data.values).toEqual({ 'connector.class': CLASS, topic: 't', 'api.key': 'geheim', mode: 'whole' });
  one.connector('old').config['api.key'] = '[hidden]';
  await rig.command('clone old');
  await rig.clock.advance(400);
  expect(rig.flash()).toBe('the worker does not tell api.key: type them');
  expect(rig.session.ui.form?.data.values['api.key']).toBeUndefined();
  one.herder.connectorConfig = () => Promise.reject(new Error('connection refused'));
  await rig.command('clone old');
  await rig.clock.advance(400);
  expect(rig.flash()).toBe('the config of old cannot be copied: connection refused');
});

test('the whole of it in the editor, with what could be set as comments', async () => {
  using rig = await startSession(world());
  await form(rig);
  await sets(rig, 'api.key', 'geheim');
  let opened = '';
  const edits: (EditOutcome | ((text: string) => string))[] = [
    (text) => `${text}\nname=a\nname=b\n`,
    (text) => text.replace('name=a\n', ''),
  ];
  rig.session.terminal = {
    ...NO_TERMINAL,
    edit: async (text) => {
      opened = text;
      const next = edits.shift()!;
      return typeof next === 'function' ? { kind: 'changed', text: next(text) } : next;
    },
  };
  await rig.press('form.edit');
  await rig.clock.advance(300);
  expect(opened).toContain('\napi.key=[hidden]\n');
  expect(opened).toContain('# What topic is. (required)\n#topic=\n');
  expect(rig.dialog()[1]).toMatch(/✖ line \d+, name: name was set in line \d+ already/);
  await rig.keys('e');
  await rig.clock.advance(400);
  expect(rig.session.ui.form?.data.values).toEqual({ 'connector.class': CLASS, name: 'b', 'api.key': 'geheim' });
});

test('a worker that cannot judge is said, and nothing can be created', async () => {
  const one = world();
  using rig = await startSession(one);
  await form(rig);
  one.herder.validateConfig = () => Promise.reject(new Error('connection refused'));
  await asks(rig);
  expect(rig.dialog()).toContain('✖ the worker cannot judge it: connection refused');
});

test('a form that was begun is gone on with; a transform makes no connector', async () => {
  using rig = await startSession(world());
  await form(rig);
  await sets(rig, 'topic', 't');
  await rig.keys('esc', 'esc', '0');
  await rig.command('create');
  expect(rig.session.view.pane).toBe('form');
  expect(rig.flash()).toContain(':new begins another');
  await rig.command('create org.example.Cast');
  expect(rig.flash()).toBe('a connector is made of a source or a sink, and org.example.Cast is a transformation');
});
