/** Text from outside: nothing of it may steer a terminal or hide in it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sanitize, sanitizeLines, toAscii } from '../../../src/base/sanitize.ts';
import { textWidth } from '../../../src/base/width.ts';

test('what would steer is made visible', () => {
  expect(sanitize('a\x1b[31mred')).toBe('a␛[31mred');
  expect(sanitize('\x1b]52;c;eA==\x07')).toBe('␛]52;c;eA==␇');
  expect(sanitize('b\x9b2J')).toBe('b\\x9b2J');
  expect(sanitize('file\u202egnp.exe')).toBe('file\\u202egnp.exe');
  expect(sanitize('a\u200bb\u2066c')).toBe('a\\u200bb\\u2066c');
  expect(sanitize('\u{e0041}')).toBe('\\u{e0041}');
  expect(sanitize('a\tb\nc\x7f')).toBe('a b␊c␡');
});

test('people’s own text stays as it is', () => {
  for (const text of ['한글 이름', 'é ü', '漢字 ｶﾅ', '€ → ●', '한'.normalize('NFD')]) expect(sanitize(text)).toBe(text);
});

test('marks that pile up or stand alone are shown as what they are', () => {
  expect(sanitize('\u0301x')).toBe('\\u0301x');
  expect(sanitize(`a${'\u0301'.repeat(40)}`).length).toBeLessThan(300);
  expect(sanitize(`a${'\u0301'.repeat(40)}`)).toContain('\\u0301');
});

test('nothing that comes out means anything to a terminal, and doing it twice changes nothing', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\x1b', '[', '31m', '\x9b', '\u202e', '\ufe0f', '\u0301', '\ud800', 'x', '\r\n') }),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const safe = sanitize(text);
      expect(safe).not.toMatch(/[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u);
      expect(/[\p{Cc}\p{Cf}\p{Cs}]/u.test(safe)).toBe(false);
      expect(sanitize(safe)).toBe(safe);
    }),
    { numRuns: 500 },
  );
});

test('lines are split as they were meant, tabs go to their stops', () => {
  expect(sanitizeLines('a\tb\r\nc\rd\n\te')).toEqual(['a   b', 'c', 'd', '    e']);
});

test('ASCII only: our glyphs have stand-ins, others a question mark a cell, and no width changes', () => {
  expect(toAscii('● RUNNING │ ✖ 한글…')).toBe('* RUNNING | x ????~');
  expect(toAscii('\x1b[1m▸\x1b[0m')).toBe('\x1b[1m>\x1b[0m');
  const text = fc.string({ unit: fc.constantFrom('●', '한', 'a', '─', '…', 'é', '漢', '␛', 'e\u0301', '한'.normalize('NFD')) });
  fc.assert(
    fc.property(text, (one) => {
      const ascii = toAscii(one);
      expect(ascii).toMatch(/^[\x20-\x7e]*$/);
      expect(ascii.length).toBe(textWidth(one));
    }),
  );
});
