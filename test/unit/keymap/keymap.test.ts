/** Keys and their commands: no two mean the same, the user's file may change them, the narrowest place wins. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createPanes } from '../../../screens/panes.ts';
import { logicsOf } from '../../../screens/parts/pane.ts';
import { ConfigError } from '../../../src/base/errors.ts';
import { command } from '../../../src/keymap/command.ts';
import { COMMANDS, commandById, commandsFor } from '../../../src/keymap/commands.ts';
import { keyTableMarkdown } from '../../../src/keymap/key-table.ts';
import { createKeymap, keyText, readKeyOverrides } from '../../../src/keymap/keymap.ts';
import type { PaneId, Target } from '../../../src/store/view.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-keymap-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const panes = logicsOf(createPanes(createKeymap(COMMANDS)));
const place = (pane: PaneId, focus: Target = {}) => ({ pane: panes.get(pane)!, focus });
const find = (key: string, pane: PaneId, focus: Target = {}) => createKeymap(COMMANDS).find(key, place(pane, focus))?.id ?? null;

test('every command has its own id, says what it does, and can be reached', () => {
  expect(new Set(COMMANDS.map((one) => one.id)).size).toBe(COMMANDS.length);
  for (const one of COMMANDS) {
    expect(one.keys.length + one.words.length, one.id).toBeGreaterThan(0);
    expect(one.help, one.id).toMatch(/\.$/);
    expect(one.title.length, one.id).toBeLessThan(16);
  }
});

test('no word means two commands', () => {
  const words = COMMANDS.flatMap((one) => one.words);
  expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
});

test('what changes something asks first, and is absent in read-only contexts', () => {
  const changing = [
    'bulk.retry',
    'connector.restart',
    'connector.pause',
    'connector.resume',
    'connector.stop',
    'connector.offsets-reset',
    'connector.delete',
    'connector.clone',
    'connector.create',
    'connector.new',
    'form.create',
    'connector.edit',
    'dlq.redrive',
    'group.offsets-reset',
    'group.delete',
    'group.delete-offsets',
    'leaders.elect',
    'logger.level',
    'reassignments.cancel',
    'records.delete',
    'settings.change',
    'settings.edit',
    'settings.reset',
    'topic.add-partitions',
    'topic.create',
    'topic.delete',
    'worker.drain',
    'app.undo',
  ];
  expect(
    COMMANDS.filter((one) => one.isMutating)
      .map((one) => one.id)
      .sort(),
  ).toEqual(changing.sort());
  for (const one of COMMANDS.filter((each) => each.isMutating)) expect(one.danger, one.id).toBeGreaterThan(0);
  expect(commandsFor({ isReadOnly: true }).filter((one) => one.isMutating)).toEqual([]);
  expect(commandsFor({ isReadOnly: false })).toBe(COMMANDS);
});

test('keys of the issue mean what it says, where a connector is in sight', () => {
  const focus = { connector: 'orders' };
  for (const pane of ['home', 'connectors', 'tasks', 'offsets'] as const) {
    expect(
      ['p', 'u', 'r', 's', 'x', 'ctrl-d', 't', 'l'].map((key) => find(key, pane, focus)),
      pane,
    ).toEqual([
      'connector.pause',
      'connector.resume',
      'connector.restart',
      'connector.stop',
      'connector.offsets-reset',
      'connector.delete',
      'connector.tail',
      'connector.log',
    ]);
  }
  for (const pane of panes.keys())
    expect(
      [':', '?'].map((key) => find(key, pane)),
      pane,
    ).toEqual(['app.command', 'app.help']);
});

test('in a tail p freezes, whatever connector it was opened from', () => {
  expect(find('p', 'tail', { connector: 'orders' })).toBe('tail.freeze');
  expect(find('s', 'tail', { connector: 'orders' })).toBeNull();
  expect(find('ctrl-d', 'record', { connector: 'orders' })).toBeNull();
});

test('no sorting letter is taken by a command', () => {
  const taken: string[] = [];
  for (const [id, pane] of panes)
    for (const { letter } of pane.sortKeys) {
      const found = find(letter, id, { connector: 'x' });
      if (found) taken.push(`${id}: ${letter} sorts, and is ${found}`);
    }
  expect(taken).toEqual([]);
});

test('two commands on one key are named', () => {
  const run = () => undefined;
  const two = [
    command({ id: 'a.one', keys: ['k'], title: 'a', help: 'A.', run }),
    command({ id: 'a.two', keys: ['k'], title: 'b', help: 'B.', run }),
  ];
  expect(() => createKeymap(two)).toThrow('"k" means both a.one and a.two (in all)');
  expect(() => createKeymap(COMMANDS, { 'connector.pause': ['r'] })).toThrow(
    /"r" means both connector\.\w+ and connector\.\w+ \(in connector\)/,
  );
});

test('the user may give other keys', () => {
  const keymap = createKeymap(COMMANDS, { 'connector.pause': ['P', 'ctrl-p'] });
  expect(keymap.find('P', place('connectors', { connector: 'x' }))?.id).toBe('connector.pause');
  expect(keymap.find('p', place('connectors', { connector: 'x' }))).toBeNull();
  expect(keyText(keymap, commandById('connector.pause'))).toBe('P ^p');
  expect(createKeymap(COMMANDS, { 'app.undo': [] }).keysOf(commandById('app.undo'))).toEqual([]);
});

test('keys that no terminal can tell, commands that are none, and keys that always mean the same are refused', () => {
  expect(() => createKeymap(COMMANDS, { 'connector.pause': ['F5'] })).toThrow('"F5" of connector.pause is no key');
  expect(() => createKeymap(COMMANDS, { 'connector.pauze': ['P'] })).toThrow('there is no command "connector.pauze"');
  expect(() => createKeymap(COMMANDS, { 'connector.pause': ['esc'] })).toThrow('esc cannot be given to connector.pause');
});

test('the file names its own faults', () => {
  const file = path.join(folder, 'keymap.json');
  expect(readKeyOverrides(file)).toEqual({});
  const reading = (text: string) => {
    writeFileSync(file, text);
    return () => readKeyOverrides(file);
  };
  expect(reading('{"connector.pause": ["P"]}')()).toEqual({ 'connector.pause': ['P'] });
  expect(reading('{')).toThrow(ConfigError);
  expect(reading('{')).toThrow(`Keymap ${file} is not JSON`);
  expect(reading('[]')).toThrow('must be an object');
  expect(reading('{"connector.pause": "P"}')).toThrow('connector.pause must be a list of keys, like ["P"], and is "P".');
});

test('the sample file holds the keys as they are', () => {
  const sample = readKeyOverrides(path.resolve(import.meta.dirname, '../../../config/keymaps/default.json'));
  expect(sample).toEqual(Object.fromEntries(COMMANDS.filter((one) => one.keys.length > 0).map((one) => [one.id, one.keys])));
  expect(createKeymap(COMMANDS, sample).commands).toBe(COMMANDS);
});

test('the key table lists every command once, in Markdown that holds', () => {
  const table = keyTableMarkdown();
  const rows = table.split('\n').filter((row) => row.startsWith('| ') && !row.startsWith('| Key'));
  expect(rows).toHaveLength(COMMANDS.length + 2);
  for (const row of rows) expect(row.replaceAll('\\|', '').split('|'), row).toHaveLength(6);
  expect(table).toContain('| `^d` | `:delete` | a connector or its tasks | Delete the connector; its name must be typed. † |');
});
