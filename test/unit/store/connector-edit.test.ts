/** A config in the user's editor, as an operator meets it: nothing is applied before the difference was seen, nothing typed is lost. */
import { expect, test } from 'vitest';
import { RestError } from '../../../src/base/errors.ts';
import type { ConfigKeyInfo } from '../../../src/herder/model.ts';
import { type EditOutcome, NO_TERMINAL } from '../../../src/store/terminal-port.ts';
import { connector, ScriptedWorld } from '../../helpers/scripted-world.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';

const definition = (name: string, type: string): ConfigKeyInfo => ({
  name,
  type,
  required: false,
  default_value: null,
  importance: 'HIGH',
  documentation: '',
  group: null,
  order_in_group: -1,
  width: 'NONE',
  display_name: name,
  dependents: [],
});

function world(): ScriptedWorld {
  const one = new ScriptedWorld();
  one.connectors = [
    connector('snk', 'sink', {
      tasks: [
        { state: 'RUNNING', worker: 'w' },
        { state: 'RUNNING', worker: 'w' },
      ],
      config: { 'connector.class': 'FileStreamSink', 'tasks.max': '2', topics: 'orders', 'own.key': 'geheim', 'db.password': 'auch' },
    }),
  ];
  // A JVM worker: real values in its answers, `own.key` known as a password by its definition only.
  one.herder.validateConfig = async (name, config) => {
    const errors = (key: string) =>
      key === 'tasks.max' && !/^\d+$/.test(config[key] ?? '')
        ? [`Invalid value ${config[key]} for configuration tasks.max; with geheim`]
        : [];
    const configs = Object.keys(config).map((key) => ({
      definition: definition(key, key === 'own.key' ? 'PASSWORD' : 'STRING'),
      value: { name: key, value: config[key] ?? null, recommended_values: [], errors: errors(key), visible: true },
    }));
    return { name, error_count: configs.flatMap(({ value }) => value.errors).length, groups: [], configs };
  };
  return one;
}

/** Each time the editor is opened the next one of these answers. */
function editor(rig: SessionRig, ...edits: ((text: string) => string | EditOutcome)[]): string[] {
  const opened: string[] = [];
  rig.session.terminal = {
    ...NO_TERMINAL,
    edit: async (text, fileName) => {
      opened.push(`${fileName}\n${text}`);
      const edited = edits.shift()!(text);
      if (typeof edited !== 'string') return edited;
      return edited === text ? { kind: 'unchanged' } : { kind: 'changed', text: edited };
    },
  };
  return opened;
}
const edit = async (rig: SessionRig, words = '') => {
  await rig.command(`edit snk${words}`);
  await rig.clock.advance(250);
};
const config = (one: ScriptedWorld) => one.connector('snk').config;

test('changed, judged, seen as a difference, applied by y, put back by z', async () => {
  const one = world();
  using rig = await startSession(one);
  const opened = editor(rig, (text) => text.replace('topics=orders', 'topics=orders,주문').replace('own.key=[hidden]', 'own.key=neu'));
  await edit(rig);
  expect(opened[0]).toContain('snk.properties\n# Config of snk. Save and leave');
  expect(opened[0]).toContain('\nown.key=[hidden]\n');
  expect(opened[0]).toContain('\ndb.password=[hidden]\n');
  expect(opened[0]).not.toMatch(/geheim|auch/);
  expect(rig.dialog()).toEqual([
    'config of snk: apply 2 changes?',
    '~ own.key = [hidden] → another value',
    '- topics = orders',
    '+ topics = orders,주문',
    '',
    'The connector restarts, and its 2 tasks; nothing moves meanwhile.',
    'Topics that come new are read from where auto.offset.reset says; the others go on.',
  ]);
  await rig.keys('enter', 'space');
  expect(rig.dialog()[0]).toBe('config of snk: apply 2 changes?');
  await rig.keys('y');
  await rig.clock.advance(500);
  expect(config(one)).toMatchObject({ topics: 'orders,주문', 'own.key': 'neu', 'db.password': 'auch', 'tasks.max': '2' });
  expect(rig.session.actionLog.records.at(-1)).toMatchObject({ action: 'connector.edit', result: 'ok' });
  await rig.keys('z', 'y');
  await rig.clock.advance(500);
  expect(config(one)).toMatchObject({ topics: 'orders', 'own.key': 'geheim' });
});

test('what the worker refuses stands at its field when the file opens again; secrets in its words are hidden', async () => {
  const one = world();
  using rig = await startSession(one);
  const opened = editor(
    rig,
    (text) => text.replace('tasks.max=2', 'tasks.max=two'),
    (text) => text.replace('tasks.max=two', 'tasks.max=3'),
  );
  await edit(rig);
  expect(rig.dialog().slice(0, 2)).toEqual([
    'config of snk: 1 problem',
    '✖ tasks.max: Invalid value two for configuration tasks.max; with [hidden]',
  ]);
  await rig.keys('e');
  await rig.clock.advance(250);
  expect(opened[1]).toContain('\n# ✖ Invalid value two for configuration tasks.max; with [hidden]\ntasks.max=two\n');
  expect(rig.dialog()).toContain('+ tasks.max = 3');
  await rig.keys('esc');
  expect(config(one)['tasks.max']).toBe('2');
});

test('somebody else changed it meanwhile: nothing is overwritten unseen', async () => {
  const one = world();
  using rig = await startSession(one);
  editor(rig, (text) => text.replace('tasks.max=2', 'tasks.max=3'));
  await edit(rig);
  one.connector('snk').config = { ...config(one), topics: 'others' };
  await rig.keys('y');
  await rig.clock.advance(500);
  expect(rig.flash()).toContain('was changed by somebody else meanwhile');
  expect(rig.dialog()).toContain('- topics = others');
  expect(rig.dialog()).toContain('somebody else has changed it meanwhile: this is the difference to what is there now');
  expect(config(one)).toMatchObject({ topics: 'others', 'tasks.max': '2' });
});

test.each([
  ['nothing changed', (text: string) => text, 'the config of snk was left as it is'],
  ['only a comment', (text: string) => `# mine\n${text}`, 'the config of snk was left as it is'],
  [
    'no editor',
    (): EditOutcome => ({ kind: 'failed', problem: 'there is no editor "vim"' }),
    'there is no editor "vim"; the config of snk was not touched',
  ],
])('%s: nothing is asked', async (_, edited, flash) => {
  using rig = await startSession(world());
  editor(rig, edited);
  await edit(rig);
  expect(rig.dialog()).toEqual([]);
  expect(rig.flash()).toBe(flash);
});

test('as JSON; a file that cannot be read is asked about, and esc drops it', async () => {
  const one = world();
  using rig = await startSession(one);
  const opened = editor(rig, () => '{"a":');
  await edit(rig, ' json');
  expect(opened[0]).toMatch(/^snk\.json\n\{\n {2}"connector.class": "FileStreamSink",\n {2}"tasks.max"/);
  expect(rig.dialog()[1]).toMatch(/^✖ the file is not JSON/);
  await rig.keys('esc');
  expect(rig.dialog()).toEqual([]);
});

test('in a protected context the name is typed; a read-only one has no such command', async () => {
  const one = world();
  using rig = await startSession(one, { isProtected: true });
  editor(rig, (text) => text.replace('tasks.max=2', 'tasks.max=3'));
  await edit(rig);
  await rig.keys('y');
  expect(rig.dialog().at(-1)).toBe('type snk to apply it: ');
  await rig.keys('s', 'n', 'k', 'enter');
  await rig.clock.advance(500);
  expect(config(one)['tasks.max']).toBe('3');
  using safe = await startSession(world(), { isReadOnly: true });
  await safe.command('edit snk');
  expect(safe.flash()).toContain('there is no command "edit"');
});

test('validate says what is refused and applies nothing', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.command('validate snk');
  await rig.clock.advance(250);
  expect(rig.dialog()).toEqual(['validate snk', '5 settings, none is refused', 'judged by the worker; nothing was applied']);
  await rig.keys('esc');
  one.herder.validateConfig = () => Promise.reject(new RestError(400, 'Failed to find any class FileStreamSink'));
  await rig.command('validate snk');
  await rig.clock.advance(250);
  expect(rig.dialog()[1]).toBe('✖ connector.class: Failed to find any class FileStreamSink');
});

test('the question says how old what is known of connectors is, as every question does', async () => {
  const one = world();
  using rig = await startSession(one);
  const { connectorConfig } = one.herder;
  editor(rig, (text) => text.replace('tasks.max=2', 'tasks.max=3'));
  one.herderError = new RestError(503, 'connection refused');
  await rig.clock.advance(20_000);
  // Its config can be read again; the list of connectors has not been asked for yet.
  one.herder.connectorConfig = async (name) => {
    one.herderError = null;
    return connectorConfig(name);
  };
  await edit(rig);
  expect(rig.dialog()[0]).toBe('config of snk: apply 1 change?');
  expect(rig.dialog().join('\n')).toMatch(/Connect has not answered for \d+ s: what is known here is that old/);
});
