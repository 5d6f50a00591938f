/** The view as a file: all rows of the filter, mode 0600, whole or not at all; nothing in it acts where it is opened. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell } from '../../../src/store/row-formats.ts';
import { startConsole } from '../../helpers/console-rig.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';
import { waitUntil } from '../../helpers/wait-until.ts';
import { troubledWorld } from '../../helpers/worlds.ts';

async function saveAs(rig: SessionRig, format: string, file: string | null): Promise<string> {
  rig.session.update({ flash: null });
  await rig.clock.advance(0);
  await rig.press('view.save');
  await rig.keys(format);
  await rig.clock.advance(250);
  if (file !== null) {
    await rig.keys('ctrl-u');
    rig.dispatcher.paste(file);
  }
  await rig.keys('enter');
  await waitUntil('it is said where it is', () => rig.flash().includes('saved') || rig.session.ui.dialog !== null);
  return /saved in (.*)$/.exec(rig.flash())?.[1] ?? '';
}

test('CSV, JSON and NDJSON of all rows of the filter, for this user alone, where it says', async () => {
  using rig = await startSession(troubledWorld());
  await rig.press('go.connectors');
  await rig.keys('/', 's', 'i', 'n', 'k', 'enter', 'A');
  const names = rig.rows();
  const csv = await saveAs(rig, 'c', null);
  expect(path.dirname(csv)).toBe(path.join(path.dirname(rig.actionLogFile), 'saves'));
  expect(rig.flash()).toMatch(new RegExp(`^${names.length} rows saved in `));
  expect(statSync(csv).mode & 0o777).toBe(0o600);
  const [head, ...rows] = readFileSync(csv, 'utf8').trimEnd().split('\n');
  expect(head).toMatch(/^name,type,class,state,tasks,rate,lag,/);
  expect(rows.map((row) => row.split(',')[0])).toEqual(names);
  const json = JSON.parse(readFileSync(await saveAs(rig, 'o', null), 'utf8')) as { name: string; trace: string | null }[];
  expect(json.map((row) => row.name)).toEqual(names);
  const ndjson = readFileSync(await saveAs(rig, 'n', null), 'utf8')
    .trimEnd()
    .split('\n');
  expect(ndjson.map((row) => (JSON.parse(row) as { name: string }).name)).toEqual(names);
  expect(ndjson.join()).not.toContain('hunter2');
});

test('a file that is there is replaced only after a yes, and what is no file is left alone', async () => {
  using rig = await startSession(troubledWorld());
  await rig.press('go.topics');
  const file = path.join(path.dirname(rig.actionLogFile), 'there.csv');
  writeFileSync(file, 'mine');
  expect(await saveAs(rig, 'c', file)).toBe('');
  expect(rig.dialog().join('\n')).toMatch(/replace the file\?[\s\S]*4 bytes are there/);
  await rig.clock.advance(250);
  await rig.keys('n');
  expect(readFileSync(file, 'utf8')).toBe('mine');
  await saveAs(rig, 'c', file);
  await rig.clock.advance(250);
  await rig.keys('y');
  await waitUntil('it is saved', () => rig.flash().includes('saved in'));
  expect(readFileSync(file, 'utf8')).toMatch(/^name,partitions/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const folder = path.join(path.dirname(file), 'folder');
  mkdirSync(folder);
  await rig.press('view.save');
  await rig.keys('c');
  await rig.clock.advance(250);
  await rig.keys('ctrl-u');
  rig.dispatcher.paste(folder);
  await rig.keys('enter');
  await waitUntil('it is refused', () => rig.flash().includes('it is there and is no file'));
});

test('a text and a table as they are shown, with colours and without', async () => {
  await using rig = startConsole(troubledWorld(), { size: [80, 24] });
  for (let i = 0; i < 6; i++) await rig.pass(1_500);
  const save = async (format: string) => {
    rig.press('view.save');
    await rig.screen.shows('as it is shown');
    await rig.pass(250);
    await rig.screen.shows('esc no');
    rig.keys(format);
    await rig.screen.shows('path:');
    await rig.pass(250);
    await rig.screen.shows('esc no');
    const file = path.join(path.dirname(rig.actionLogFile), `x-${format}`);
    rig.screen.type(`\x15${file}\r`);
    await waitUntil('it is saved', () => existsSync(file));
    await rig.screen.shows('saved in');
    return readFileSync(file, 'utf8');
  };
  rig.press('go.connectors');
  await rig.screen.shows('by health');
  const text = await save('t');
  expect(text).toMatch(/^NAME +TYPE +CLASS .* LAST ERROR\n/);
  expect(text).not.toContain('\x1b');
  rig.press('row.describe');
  await rig.screen.shows('about orders-sink');
  const ansi = await save('a');
  expect(ansi).toMatch(/\x1b\[[\d;]*m/);
  expect(ansi.replaceAll(/\x1b\[[\d;]*m/g, '')).toContain('connector orders-sink  ✖ FAILED');
});

test.each([
  [null, ''],
  [12, '12'],
  [-1.5, '-1.5'],
  [Number.NaN, ''],
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['=1+1', "'=1+1"],
  [' =1', "' =1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['＝1', "'＝1"],
  ['-5', "'-5"],
  ['a\nb\r\x1b[31m\u202e', 'a␊b␍␛[31m\\u202e'],
  ['\t=1', "' =1"],
])('a cell of %o is written as %s', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test('numbers of any size stay whole', () => expect(csvCell(9_007_199_254_740_993n)).toBe('9007199254740993'));

test('whatever a cell holds, it is one cell of one row, seen as it is, and no formula', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (text) => {
      const cell = csvCell(text);
      expect(cell).not.toMatch(/[\p{Cc}\p{Cs}\p{Cf}]/u);
      const inside = /^"((?:[^"]|"")*)"$/.exec(cell)?.[1]?.replaceAll('""', '"') ?? cell;
      if (inside === cell) expect(cell).not.toMatch(/[",]/);
      expect(inside).not.toMatch(/^\s*[=+\-@]/);
    }),
  );
});
