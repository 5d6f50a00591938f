/** From spans to finished lines: exactly as wide as asked, and harmless. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawLine, fitSpans, type Line, lineWidth, mark, span, spread } from '../../../screens/parts/line.ts';
import { textWidth } from '../../../src/base/width.ts';
import { wrapWords } from '../../../src/base/wrap-words.ts';
import { TOKENS, toSkin } from '../../../src/skin/skin.ts';
import { SKINS } from '../../../src/skin/skins.ts';

const skin = toSkin(SKINS[0]!, 3, false);
const ascii = toSkin(SKINS[0]!, 0, true);
const bare = (text: string) => text.replaceAll(/\x1b\[[\d;]*m/g, '');
const text = fc.string({
  unit: fc.oneof(fc.constantFrom('한', '글', '漢', 'é', '\x1b[31m', '\u202e', '\t', '●', '…'), fc.string({ unit: 'binary', maxLength: 2 })),
  maxLength: 20,
});
const line: fc.Arbitrary<Line> = fc.array(fc.record({ text, token: fc.constantFrom(...TOKENS) }), { maxLength: 6 });

test('a line is exactly as wide as asked, and only the skin’s own sequences are in it', () => {
  fc.assert(
    fc.property(line, fc.integer({ min: 1, max: 60 }), fc.constantFrom('text', 'cursor'), (one, width, base) => {
      const drawn = drawLine(one, width, skin, base as 'text' | 'cursor');
      expect(textWidth(bare(drawn))).toBe(width);
      expect(/[\p{Cc}\p{Cf}]/u.test(bare(drawn))).toBe(false);
      expect(drawn === '' || !drawn.includes('\x1b') || drawn.includes('\x1b[0m')).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('without UTF-8 it is ASCII of the same width', () => {
  fc.assert(
    fc.property(line, fc.integer({ min: 1, max: 60 }), (one, width) => {
      expect(bare(drawLine(one, width, ascii))).toMatch(new RegExp(`^[\\x20-\\x7e]{${width}}$`));
    }),
  );
});

test('spans are cut and filled to their cells, and what was cut says so', () => {
  fc.assert(
    fc.property(line, fc.integer({ min: 1, max: 40 }), fc.constantFrom('left', 'right'), (one, width, align) => {
      expect(lineWidth(fitSpans(one, width, align as 'left' | 'right'))).toBe(width);
    }),
  );
  expect(
    fitSpans([span('abc'), span('def', 'fail')], 4)
      .map((one) => one.text)
      .join(''),
  ).toBe('abc…');
  expect(
    fitSpans([span('abc'), span('def', 'fail')], 3)
      .map((one) => one.text)
      .join(''),
  ).toBe('ab…');
});

test('left and right ends: the left one gives way', () => {
  fc.assert(
    fc.property(line, line, fc.integer({ min: 10, max: 60 }), (left, right, width) => {
      expect(lineWidth(spread(left, right, width))).toBeLessThanOrEqual(width);
    }),
  );
  expect(
    spread([span('a long way back')], [span('3 of 14')], 20)
      .map((one) => one.text)
      .join(''),
  ).toBe('a long way…  3 of 14');
});

test('words in rows', () => {
  expect(wrapWords('Duplicate entry for key PRIMARY', 16, 3)).toEqual(['Duplicate entry', 'for key PRIMARY']);
  expect(wrapWords('one two three four', 8, 2)).toEqual(['one two', 'three f…']);
  expect(wrapWords('/a/path/that/has/no/space/in/it', 10, 9)).toEqual(['/a/path/th', 'at/has/no/', 'space/in/i', 't']);
  expect(wrapWords('장치에 남은 공간이 없습니다', 12, 3)).toEqual(['장치에 남은', '공간이', '없습니다']);
  expect(wrapWords('', 10, 3)).toEqual([]);
  fc.assert(
    fc.property(text, fc.integer({ min: 4, max: 40 }), fc.integer({ min: 1, max: 5 }), (one, width, most) => {
      const rows = wrapWords(one, width, most);
      expect(rows.length).toBeLessThanOrEqual(most);
      for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(width);
    }),
  );
});

test('marks change styles, never texts', () => {
  const one = [span('abc', 'dim'), span('def', 'fail')];
  expect(
    mark(
      one,
      [
        [1, 2],
        [2, 4],
      ],
      'match',
    ),
  ).toEqual([span('a', 'dim'), span('b', 'match'), span('c', 'match'), span('d', 'match'), span('ef', 'fail')]);
  const ranges = fc.array(fc.tuple(fc.nat(20), fc.nat(8)), { maxLength: 5 }).map((pairs) => {
    let at = 0;
    return pairs.map(([gap, length]): [number, number] => {
      const from = at + gap;
      at = from + length;
      return [from, at];
    });
  });
  fc.assert(
    fc.property(line, ranges, (some, where) => {
      expect(
        mark(some, where, 'match')
          .map((each) => each.text)
          .join(''),
      ).toBe(some.map((each) => each.text).join(''));
    }),
  );
});
