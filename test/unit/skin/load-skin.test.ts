/** Skins by name and from files; every fault is named. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadSkin, parseSkin } from '../../../src/skin/load-skin.ts';
import { DEFAULT_SKIN, SKINS } from '../../../src/skin/skins.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-skins-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the default, one that comes with the program, one of the user, one by its path', () => {
  writeFileSync(path.join(folder, 'mine.json'), '{"tokens":{"fail":{"fg":"#FF0000","basic":"red","bold":true}}}');
  expect(loadSkin(null, folder)).toBe(DEFAULT_SKIN);
  expect(loadSkin('', folder)).toBe(DEFAULT_SKIN);
  expect(loadSkin('light', folder).name).toBe('light');
  expect(loadSkin('mine', folder)).toEqual({
    name: 'mine',
    description: '',
    tokens: { fail: { fg: '#FF0000', basic: 'red', bold: true } },
  });
  expect(loadSkin(path.join(folder, 'mine.json'), '/nowhere').name).toBe('mine');
});

test('what is wrong is said with file, token and value', () => {
  expect(() => loadSkin('gone', folder)).toThrow(/There is no skin "gone": .*gone\.json cannot be read .*Built in: default, light/);
  const reading = (text: string) => () => parseSkin(text, 'my.json');
  expect(reading('{')).toThrow('Skin my.json: it is not JSON');
  expect(reading('{}')).toThrow('needs a member "tokens"');
  expect(reading('{"tokens":{"bad":{}}}')).toThrow('"bad" is no token. There are: text, dim');
  expect(reading('{"tokens":{"fail":"red"}}')).toThrow('fail: a style is an object');
  expect(reading('{"tokens":{"fail":{"fg":"red"}}}')).toThrow('fail: fg is "red", not a colour like "#5fafff"');
  expect(reading('{"tokens":{"fail":{"basic":"pink"}}}')).toThrow('fail: basic is "pink", not one of black, red');
  expect(reading('{"tokens":{"fail":{"bold":"yes"}}}')).toThrow('fail: bold is "yes", not true or false');
  expect(reading('{"tokens":{"fail":{"blink":true}}}')).toThrow('fail: there is no member "blink"');
});

test('the sample files are the skins that come with the program', () => {
  const samples = path.resolve(import.meta.dirname, '../../../config/skins');
  const files = readdirSync(samples).sort();
  expect(files).toEqual(SKINS.map((skin) => `${skin.name}.json`).sort());
  for (const skin of SKINS) expect(parseSkin(readFileSync(path.join(samples, `${skin.name}.json`), 'utf8'), skin.name)).toEqual(skin);
});
