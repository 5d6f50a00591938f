/** Colours for terminals that have all, some, few or none. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BASIC_COLOURS, TOKENS, toSgr, toSkin } from '../../../src/skin/skin.ts';
import { MONO_SKIN, SKINS } from '../../../src/skin/skins.ts';

test('each level writes the colour in the way that it knows', () => {
  const style = { fg: '#5fafff', basic: 'bright-blue', bold: true } as const;
  expect(toSgr(style, 3)).toBe('\x1b[1;38;2;95;175;255m');
  expect(toSgr(style, 2)).toBe('\x1b[1;38;5;75m');
  expect(toSgr(style, 1)).toBe('\x1b[1;94m');
  expect(toSgr(style, 0)).toBe('\x1b[1m');
  expect(toSgr({ bg: '#000000', basicBg: 'red' }, 1)).toBe('\x1b[41m');
  expect(toSgr({}, 3)).toBe('');
});

test('256 colours: the nearest that is not one of the user’s own sixteen', () => {
  expect(toSgr({ fg: '#8a8a8a' }, 2)).toBe('\x1b[38;5;245m');
  expect(toSgr({ fg: '#ff0000' }, 2)).toBe('\x1b[38;5;196m');
  const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
  fc.assert(
    fc.property(hex, (fg) => {
      const index = Number(/38;5;(\d+)m/.exec(toSgr({ fg }, 2))?.[1]);
      expect(index).toBeGreaterThanOrEqual(16);
      expect(index).toBeLessThanOrEqual(255);
    }),
  );
});

test('every skin names its colours for poor terminals too, and marks what matters without any', () => {
  for (const skin of SKINS)
    for (const [token, style] of Object.entries(skin.tokens)) {
      if (style.fg !== undefined) expect(BASIC_COLOURS, `${skin.name} ${token}`).toContain(style.basic);
      if (style.bg !== undefined) expect(BASIC_COLOURS, `${skin.name} ${token}`).toContain(style.basicBg);
    }
  const mono = toSkin(MONO_SKIN, 0, false).sgr;
  expect([mono.cursor, mono.fail, mono.warn]).toEqual(['\x1b[7m', '\x1b[1m', '\x1b[4m']);
  for (const token of TOKENS) expect(mono[token]).not.toMatch(/[34]8;/);
});

test('in no skin do good and bad look alike', () => {
  for (const skin of SKINS)
    for (const level of [1, 2, 3] as const) {
      const { sgr } = toSkin(skin, skin === MONO_SKIN ? 0 : level, false);
      expect(new Set([sgr.ok, sgr.warn, sgr.fail]).size, `${skin.name} at ${level}`).toBe(3);
    }
});

test('tokens that a skin leaves out are plain', () => {
  const skin = toSkin({ name: 'x', description: '', tokens: { fail: { bold: true } } }, 3, true);
  expect(skin.sgr.ok).toBe('');
  expect(skin).toMatchObject({ name: 'x', isAscii: true, level: 3 });
});
