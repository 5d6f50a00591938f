/** A context's own colour: on its name and on lines, readable, on any terminal. */
import { expect, test } from 'vitest';
import { CONTEXT_COLOURS } from '../../../src/base/context-colour.ts';
import { contextSkin } from '../../../src/skin/context-skin.ts';
import { type ColourLevel, toSkin } from '../../../src/skin/skin.ts';
import { DEFAULT_SKIN, MONO_SKIN, SKINS } from '../../../src/skin/skins.ts';

const skin = (level: ColourLevel) => toSkin(DEFAULT_SKIN, level, false);

test('true colour: the name stands on it, rules and edges are drawn in it', () => {
  const { sgr } = contextSkin(skin(3), '#ff8700');
  expect(sgr.context).toBe('\x1b[1;38;2;0;0;0;48;2;255;135;0m');
  expect(sgr.protected).toBe(sgr.context);
  expect(sgr.rule).toBe('\x1b[38;2;255;135;0m');
  expect(sgr.edge).toBe(sgr.rule);
  expect(contextSkin(skin(3), 'red').sgr.context).toContain('38;2;255;255;255');
});

test('16 colours: the nearest one, with text that can be read on it', () => {
  expect(contextSkin(skin(1), 'blue').sgr.context).toBe('\x1b[1;97;104m');
  expect(contextSkin(skin(1), '#00ff00').sgr.context).toBe('\x1b[1;30;102m');
});

test('no colours: the name is inverse, lines stay as they are', () => {
  const mono = toSkin(MONO_SKIN, 0, false);
  const { sgr } = contextSkin(mono, 'red');
  expect(sgr.context).toBe('\x1b[1;7m');
  expect(sgr.rule).toBe(mono.sgr.rule);
});

test('no colour, or none that is known: the skin itself; the same colour: the same skin', () => {
  const one = skin(2);
  expect(contextSkin(one, undefined)).toBe(one);
  expect(contextSkin(one, 'mauve')).toBe(one);
  expect(contextSkin(one, 'constructor')).toBe(one);
  expect(contextSkin(one, 'cyan')).toBe(contextSkin(one, 'cyan'));
});

test('every name is a colour, and edges have the accent of a skin that says nothing of them', () => {
  for (const hex of Object.values(CONTEXT_COLOURS)) expect(hex).toMatch(/^#[0-9a-f]{6}$/);
  for (const file of SKINS) expect(toSkin(file, 3, false).sgr.edge).toBe(toSkin(file, 3, false).sgr.accent);
});
