/**
 * Cells that text takes on a terminal, and cutting to an exact number of them. ASCII and Hangul syllables, nearly all of what is
 * shown, take a fast path; the rest asks string-width (the same that Ink asks, so that both always agree). Text is sanitised before.
 */
import stringWidth from 'string-width';

const ASCII = /^[\x20-\x7e]*$/;
const CACHE_SIZE = 4096;
const widths = new Map<string, number>();
let segmenter: Intl.Segmenter | null = null;

/** Width of a code unit that is a whole character of known width, else −1. */
function knownWidth(code: number): number {
  if (code >= 0x20 && code < 0x7f) return 1;
  if (code >= 0xac00 && code <= 0xd7a3) return 2;
  if (code >= 0xa0 && code < 0x300 && code !== 0xad) return 1;
  // Arrows, box drawing, blocks, geometric shapes (but for the two that some take for pictures).
  if ((code >= 0x2190 && code <= 0x2193) || (code >= 0x2500 && code <= 0x25fc) || code === 0x2026 || code === 0x203a) return 1;
  if (code >= 0x2400 && code <= 0x2421) return 1;
  return -1;
}

/** Sum of known widths, or −1 as soon as one character is not known. A mark after a known character changes nothing of its width but is not known itself. */
function fastWidth(text: string): number {
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    const one = knownWidth(text.charCodeAt(i));
    if (one < 0) return -1;
    width += one;
  }
  return width;
}

export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  const fast = fastWidth(text);
  if (fast >= 0) return fast;
  const cached = widths.get(text);
  if (cached !== undefined) return cached;
  const width = stringWidth(text);
  if (widths.size >= CACHE_SIZE) widths.clear();
  widths.set(text, width);
  return width;
}

/** At most `width` cells of the text, cut on a grapheme's border; a cut is shown by `…` in the last cell. */
export function cutText(text: string, width: number): string {
  if (width <= 0) return '';
  if (text.length <= width && ASCII.test(text)) return text;
  // No character takes less than none: far longer text than fits need not be measured to its end.
  if (ASCII.test(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  if (textWidthAtMost(text, width)) return text;
  return `${takeCells(text, width - 1)}…`;
}

/** As `cutText`, but the end stays: of a path the file's name tells most. */
export function cutTextStart(text: string, width: number): string {
  const cells = textWidth(text);
  if (width <= 0) return '';
  if (cells <= width) return text;
  const kept = dropCells(text, cells - width + 1);
  return `…${kept}`;
}

/** As `cutText`, but the middle goes: of names the end tells them apart (`…-source`, `…-sink`). */
export function cutTextMiddle(text: string, width: number): string {
  const cells = textWidth(text);
  if (width <= 0) return '';
  if (cells <= width) return text;
  const head = takeCells(text, Math.ceil((width - 1) / 2));
  return `${head}…${dropCells(text, cells - (width - 1 - textWidth(head)))}`;
}

/** Exactly `width` cells: cut or filled up with spaces. */
export function fitText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  if (width <= 0) return '';
  const cut = cutText(text, width);
  const space = ' '.repeat(Math.max(0, width - textWidth(cut)));
  return align === 'left' ? cut + space : space + cut;
}

/** The text from the cell `from` on; a wide character that begins before it leaves a space. */
export function dropCells(text: string, from: number): string {
  if (from <= 0) return text;
  let column = 0;
  let out = '';
  for (const grapheme of graphemes(text)) {
    const width = textWidth(grapheme);
    if (column >= from) out += grapheme;
    else if (column + width > from) out += ' '.repeat(column + width - from);
    column += width;
  }
  return out;
}

/** User-perceived characters, the unit of the cursor in a line being typed. */
export function graphemes(text: string): string[] {
  if (ASCII.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

function textWidthAtMost(text: string, width: number): boolean {
  if (text.length > width * 16 + 64) return false;
  return textWidth(text) <= width;
}

/** The longest beginning of at most `width` cells. */
export function takeCells(text: string, width: number): string {
  // Only the head is looked at: more than that many code units never fit.
  const head = text.length > width * 16 + 64 ? text.slice(0, width * 16 + 64) : text;
  let column = 0;
  let out = '';
  for (const grapheme of graphemes(head)) {
    const cells = textWidth(grapheme);
    if (column + cells > width) break;
    out += grapheme;
    column += cells;
  }
  return out;
}
