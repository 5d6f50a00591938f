/** A question as a box in the middle of the screen, laid over lines that are already drawn. */
import { sanitize } from '../../src/base/sanitize.ts';
import { cutText, textWidth } from '../../src/base/width.ts';
import { wrapWords } from '../../src/base/wrap-words.ts';
import type { Skin } from '../../src/skin/skin.ts';
import type { DialogContent, DialogLine } from '../../src/store/dialog.ts';
import { keysLine } from './footer.ts';
import { drawLine, type Line, lineWidth, type Span, span } from './line.ts';

export interface DialogBox {
  /** Finished lines, all of the same width. */
  readonly lines: readonly string[];
  readonly width: number;
  readonly left: number;
  readonly top: number;
  /** Cell of the terminal's cursor on the screen, when there is a field. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

const MIN_WIDTH = 44;
/** Rows of one paragraph. */
const MOST_WRAPPED = 6;

export function dialogBox(content: DialogContent, isArmed: boolean, columns: number, rows: number, skin: Skin): DialogBox {
  const body: Line[] = content.lines.flatMap((one) => toLines(one, columns - 6));
  const field = content.input;
  if (field) {
    body.push([]);
    body.push([span(`${field.label} `, 'text'), span(sanitize(field.line.before), 'accent'), span(sanitize(field.line.after), 'accent')]);
  }
  body.push([]);
  // Until the keys count, they are not offered.
  body.push(isArmed ? keysLine(content.keys, columns - 6, skin.isAscii) : [span(' …', 'dim')]);
  const wanted = Math.max(MIN_WIDTH, textWidth(sanitize(content.title)) + 6, ...body.map((one) => lineWidth(one) + (field ? 8 : 4)));
  const width = Math.min(columns - 2, wanted);
  const inner = width - 4;
  const room = rows - 2;
  // Too many lines: the middle gives way, the answer stays.
  const shown = body.length <= room - 2 ? body : [...body.slice(0, Math.max(0, room - 2 - 5)), [span('…', 'dim')], ...body.slice(-4)];
  const edge = (text: string): Span => span(text, 'edge');
  const title = ` ${cutText(sanitize(content.title), width - 6)} `;
  const lines = [
    drawLine([edge('┌'), span(title, 'title'), edge('─'.repeat(Math.max(0, width - 2 - textWidth(title)))), edge('┐')], width, skin),
    ...shown.map((one) => frameLine(one, inner, skin, edge)),
    drawLine([edge(`└${'─'.repeat(width - 2)}┘`)], width, skin),
  ];
  const left = Math.max(0, Math.floor((columns - width) / 2));
  const top = Math.max(0, Math.floor((rows - lines.length) / 2));
  const cursor = field
    ? {
        x: left + 2 + Math.min(inner - 1, textWidth(sanitize(field.label)) + 1 + textWidth(sanitize(field.line.before))),
        y: top + lines.length - 4,
      }
    : null;
  return { lines, width, left, top, cursor };
}

function toLines({ text, tone, wraps }: DialogLine, width: number): Line[] {
  const safe = sanitize(text);
  return wraps && textWidth(safe) > width ? wrapWords(safe, width, MOST_WRAPPED).map((row) => [span(row, tone)]) : [[span(text, tone)]];
}

function frameLine(one: Line, inner: number, skin: Skin, edge: (text: string) => Span): string {
  return drawLine([edge('│ ')], 2, skin) + drawLine(one, inner, skin) + drawLine([edge(' │')], 2, skin);
}
