/** The window on a long text. */
import { expect, test } from 'vitest';
import { lineWidth, span } from '../../../screens/parts/line.ts';
import { scrollText } from '../../../screens/parts/text-window.ts';
import { makeView } from '../../../src/store/view.ts';

const lines = Array.from({ length: 50 }, (_, i) => [span(`line ${i} `, 'dim'), span(i % 10 === 0 ? '한글 error' : 'well')]);
const shown = (view: Partial<ReturnType<typeof makeView>>, rows = 4, width = 30) => {
  const window = scrollText(lines, makeView('trace', {}, view), rows, width);
  return { ...window, texts: window.lines.map((line) => line.map((one) => one.text).join('')) };
};

test('a window from the top, and never beyond the end', () => {
  expect(shown({ top: 10 })).toMatchObject({
    top: 10,
    count: 50,
    texts: ['line 10 한글 error', 'line 11 well', 'line 12 well', 'line 13 well'],
  });
  expect(shown({ top: 999 }).top).toBe(46);
});

test('what follows shows its end', () => {
  expect(shown({ isFollowing: true }).texts.at(-1)).toBe('line 49 well');
});

test('a filter keeps what matches and marks it', () => {
  const window = shown({ filter: 'ERROR' });
  expect(window).toMatchObject({
    count: 5,
    texts: ['line 0 한글 error', 'line 10 한글 error', 'line 20 한글 error', 'line 30 한글 error'],
  });
  expect(window.lines[0]?.at(-1)).toEqual(span('error', 'match'));
});

test('moved to the right, cells go and styles stay', () => {
  expect(shown({ left: 5 }).lines[0]).toEqual([span('0 ', 'dim'), span('한글 error')]);
  expect(shown({ left: 8 }).texts[0]).toBe(' 글 error');
});

test('wrapped, nothing is lost and nothing is too wide', () => {
  const window = shown({ isWrapped: true }, 400, 7);
  for (const line of window.lines) expect(lineWidth(line)).toBeLessThanOrEqual(7);
  expect(window.texts.join('')).toBe(lines.map((line) => line.map((one) => one.text).join('')).join(''));
});
