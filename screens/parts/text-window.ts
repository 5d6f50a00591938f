/** The window on a long text: filtered, wrapped or scrolled sideways, matches marked. */
import { sanitize } from '../../src/base/sanitize.ts';
import { dropCells, graphemes, textWidth } from '../../src/base/width.ts';
import { parseFilter } from '../../src/store/filter.ts';
import type { ViewState } from '../../src/store/view.ts';
import { type Line, mark, type Span } from './line.ts';

export interface TextWindow {
  readonly lines: readonly Line[];
  readonly top: number;
  readonly count: number;
}

export function scrollText(all: readonly Line[], view: ViewState, rows: number, width: number): TextWindow {
  const filter = parseFilter(view.filter);
  const passing = filter.isEmpty ? all : all.filter((line) => filter.test(plain(line)));
  const lines = view.isWrapped ? passing.flatMap((line) => wrap(line, width)) : passing;
  const last = Math.max(0, lines.length - rows);
  const top = view.isFollowing ? last : Math.min(view.top, last);
  const shown = lines.slice(top, top + rows).map((line) => {
    const marked = filter.isEmpty ? line : mark(line, filter.ranges(plain(line)), 'match');
    return view.left > 0 && !view.isWrapped ? shift(marked, view.left) : marked;
  });
  return { lines: shown, top, count: lines.length };
}

function plain(line: Line): string {
  return line.map((one) => one.text).join('');
}

/** Without the first cells; styles stay with their text. */
function shift(line: Line, cells: number): Line {
  const out: Span[] = [];
  let left = cells;
  for (const one of line) {
    const safe = sanitize(one.text);
    const own = textWidth(safe);
    if (left >= own) {
      left -= own;
      continue;
    }
    out.push({ ...one, text: dropCells(safe, left) });
    left = 0;
  }
  return out;
}

function wrap(line: Line, width: number): Line[] {
  const rows: Span[][] = [[]];
  let column = 0;
  for (const one of line) {
    let text = '';
    for (const grapheme of graphemes(sanitize(one.text))) {
      const cells = textWidth(grapheme);
      if (column + cells > width) {
        rows.at(-1)!.push({ ...one, text });
        rows.push([]);
        text = '';
        column = 0;
      }
      text += grapheme;
      column += cells;
    }
    if (text !== '') rows.at(-1)!.push({ ...one, text });
  }
  return rows;
}
