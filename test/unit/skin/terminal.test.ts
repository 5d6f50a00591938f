import { expect, test } from 'vitest';
import { colourLevel, isAsciiOnly } from '../../../src/skin/terminal.ts';

test.each([
  [{ TERM: 'xterm-256color' }, 2],
  [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 3],
  [{ TERM: 'tmux-direct' }, 3],
  [{ TERM: 'linux' }, 1],
  [{ TERM: 'dumb' }, 0],
  [{}, 2],
  [{ TERM: 'xterm', COLORTERM: 'truecolor', NO_COLOR: '1' }, 0],
  [{ TERM: 'xterm', NO_COLOR: '' }, 2],
  [{ TERM: 'dumb', FORCE_COLOR: '3' }, 3],
  [{ COLORTERM: 'truecolor', FORCE_COLOR: '0' }, 0],
  [{ TERM: 'xterm', FORCE_COLOR: 'true' }, 2],
] as const)('colours of %o: %i', (environment, level) => {
  expect(colourLevel(environment)).toBe(level);
});

test.each([
  [{ LANG: 'ko_KR.UTF-8' }, false],
  [{ LANG: 'C.utf8' }, false],
  [{ LANG: 'ko_KR.eucKR' }, true],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, true],
  [{ LANG: 'C', LC_CTYPE: 'UTF-8' }, false],
  [{}, true],
] as const)('ASCII only with %o: %s', (environment, isAscii) => {
  expect(isAsciiOnly(environment)).toBe(isAscii);
});
