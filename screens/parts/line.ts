/**
 * From spans of plain text to one finished line: sanitised, exactly as wide as asked, styled, and reset at its end. Nothing reaches
 * the screen but through here; escape sequences come only from the skin.
 */
import { sanitize, toAscii } from '../../src/base/sanitize.ts';
import { cutText, takeCells, textWidth } from '../../src/base/width.ts';
import type { Skin, Token } from '../../src/skin/skin.ts';

/** Text with a style. Plain text of any origin; it is made safe when it is drawn. */
export interface Span {
  readonly text: string;
  readonly token: Token;
}

export type Line = readonly Span[];

export function span(text: string, token: Token = 'text'): Span {
  return { text, token };
}

export const EMPTY: Line = [];

const RESET = '\x1b[0m';

/** Exactly `width` cells. `base` lies under every span (the cursor's row). */
export function drawLine(line: Line, width: number, skin: Skin, base: Token = 'text'): string {
  let out = '';
  let left = width;
  for (const { text, token } of line) {
    if (left <= 0) break;
    const safe = sanitize(text);
    const cells = textWidth(safe);
    const shown = cells > left ? cutText(safe, left) : safe;
    out += paint(shown, token, base, skin);
    left -= cells > left ? textWidth(shown) : cells;
  }
  if (left > 0) out += paint(' '.repeat(left), 'text', base, skin);
  return skin.isAscii ? toAscii(out) : out;
}

function paint(text: string, token: Token, base: Token, skin: Skin): string {
  if (text === '') return '';
  const sgr =
    base === 'text'
      ? skin.sgr[token]
      : skin.sgr[base] + (token === 'dim' || token === 'text' ? '' : skin.sgr[token].replaceAll(/\x1b\[(?:[\d;]*;)?48;[\d;]*m/g, ''));
  return sgr === '' ? text : `${sgr}${text}${RESET}`;
}

/** Spans cut and filled to exactly `width` cells, still without styles. */
export function fitSpans(spans: Line, width: number, align: 'left' | 'right' = 'left'): Line {
  const safe = spans.map((one) => ({ ...one, text: sanitize(one.text) }));
  const cells = safe.reduce((all, one) => all + textWidth(one.text), 0);
  if (cells <= width) {
    const space = span(' '.repeat(width - cells));
    return align === 'left' ? [...safe, space] : [space, ...safe];
  }
  const out: Span[] = [];
  let left = width;
  for (const one of safe) {
    if (left <= 0) break;
    const own = textWidth(one.text);
    out.push({ ...one, text: cutText(one.text, left) });
    left -= Math.min(own, left);
  }
  // What was cut off whole still shows that something was.
  const last = out.at(-1);
  if (last && left === 0 && !last.text.endsWith('…') && cells > width)
    out[out.length - 1] = { ...last, text: `${takeCells(last.text, textWidth(last.text) - 1)}…` };
  const taken = out.reduce((all, one) => all + textWidth(one.text), 0);
  return taken < width ? [...out, span(' '.repeat(width - taken))] : out;
}

export function lineWidth(line: Line): number {
  return line.reduce((all, one) => all + textWidth(sanitize(one.text)), 0);
}

/** Left part, right part at the far end; the left one gives way. */
export function spread(left: Line, right: Line, width: number): Line {
  const rightCells = lineWidth(right);
  if (rightCells + 2 >= width) return fitSpans(right, width);
  return [...fitSpans(left, width - rightCells - 2), span('  '), ...right];
}

/** The spans with `ranges` (places in the joined plain text) in another style. */
export function mark(line: Line, ranges: ReadonlyArray<readonly [number, number]>, token: Token): Line {
  if (ranges.length === 0) return line;
  const out: Span[] = [];
  let at = 0;
  for (const one of line) {
    let from = 0;
    for (const [start, end] of ranges) {
      const [a, b] = [Math.max(start - at, from), Math.min(end - at, one.text.length)];
      if (a >= b) continue;
      if (a > from) out.push({ ...one, text: one.text.slice(from, a) });
      out.push({ text: one.text.slice(a, b), token });
      from = b;
    }
    if (from < one.text.length) out.push({ ...one, text: one.text.slice(from) });
    at += one.text.length;
  }
  return out;
}
