/** Cells that text takes, and cutting to an exact number of them. */
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { sanitize } from '../../../src/base/sanitize.ts';
import { cutText, cutTextMiddle, cutTextStart, dropCells, fitText, graphemes, takeCells, textWidth } from '../../../src/base/width.ts';

/** What is drawn is sanitised before. */
const text = fc
  .string({
    unit: fc.oneof(fc.constantFrom('한', '글', 'é', '漢', '…', '●', '▁', '👩‍🚀', 'ｶ'), fc.string({ unit: 'grapheme', maxLength: 1 })),
  })
  .map(sanitize);

test('widths agree with those that Ink reckons with', () => {
  fc.assert(
    fc.property(text, (one) => {
      expect(textWidth(one)).toBe(stringWidth(one));
    }),
  );
});

test('cut text fits, begins as it began, and says that it was cut', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 30 }), (one, width) => {
      const cut = cutText(one, width);
      expect(textWidth(cut)).toBeLessThanOrEqual(width);
      if (textWidth(one) <= width) expect(cut).toBe(one);
      else expect(one.startsWith(cut.replace(/…$/, ''))).toBe(true);
      expect(textWidth(fitText(one, width))).toBe(width);
      expect(textWidth(fitText(one, width, 'right'))).toBe(width);
    }),
  );
});

test('names that differ at their end differ when they are cut, to no more than fits', () => {
  expect(cutTextMiddle('nginx-accesslog-source', 18)).toBe('nginx-acc…g-source');
  expect(cutTextMiddle('nginx-accesslog-sink', 18)).toBe('nginx-acc…log-sink');
  expect(cutTextMiddle('short', 18)).toBe('short');
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 30 }), (one, width) => {
      const cut = cutTextMiddle(one, width);
      expect(textWidth(cut)).toBeLessThanOrEqual(width);
      if (textWidth(one) <= width) expect(cut).toBe(one);
    }),
  );
});

test('of a path the end stays', () => {
  expect(cutTextStart('/var/log/nginx/access.log', 12)).toBe('…/access.log');
  expect(cutTextStart('/로그/접속기록.log', 9)).toBe('…기록.log');
  expect(cutTextStart('/로그/접속기록.log', 10)).toBe('… 기록.log');
  expect(cutTextStart('short', 12)).toBe('short');
  expect(cutTextStart('short', 0)).toBe('');
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 30 }), (one, width) => {
      expect(textWidth(cutTextStart(one, width))).toBeLessThanOrEqual(width);
    }),
  );
});

test('taking and dropping cells share the text between them', () => {
  fc.assert(
    fc.property(text, fc.nat(30), (one, width) => {
      const taken = takeCells(one, width);
      expect(one.startsWith(taken)).toBe(true);
      expect(textWidth(taken)).toBeLessThanOrEqual(width);
      expect(textWidth(dropCells(one, width))).toBe(Math.max(0, textWidth(one) - width));
    }),
  );
});

test('characters as people see them', () => {
  expect(graphemes('a한👩‍🚀')).toEqual(['a', '한', '👩‍🚀']);
  expect(graphemes('한'.normalize('NFD'))).toHaveLength(1);
});

test('a very long text is cut without being measured to its end', () => {
  const long = '한글'.repeat(2_000_000);
  const startedMs = performance.now();
  expect(cutText(long, 20)).toBe('한글한글한글한글한…');
  expect(performance.now() - startedMs).toBeLessThan(200);
});
