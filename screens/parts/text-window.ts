/** The window on a long text: filtered or searched, wrapped or scrolled sideways, matches marked. */
import { sanitize } from '../../src/base/sanitize.ts';
import { dropCells, graphemes, textWidth } from '../../src/base/width.ts';
import { parseFilter } from '../../src/store/filter.ts';
import { type ViewState, windowTop } from '../../src/store/view.ts';
import { type Line, mark, type Span } from './line.ts';
import type { TextPane } from './pane.ts';

export interface TextWindow {
  readonly lines: readonly Line[];
  readonly top: number;
  readonly count: number;
  /** The rows that hold what is searched for, or else the landmarks; and the one of them that is looked at. */
  readonly matches?: readonly number[];
  readonly match?: number | null;
}

type TextMarks = Pick<TextPane, 'isSearched' | 'landmark'> & { readonly sought?: Line | null };

/** Of the rows, those above what is sought: what led to it. */
const LEAD = 1 / 4;

/** `isSearched`: all lines are there, and the first match from where one was comes into sight; else only lines that match. */
export function scrollText(all: readonly Line[], view: ViewState, rows: number, width: number, pane: TextMarks = {}): TextWindow {
  const { isSearched = false, landmark, sought = null } = pane;
  const filter = parseFilter(view.filter);
  const isSearching = isSearched && !filter.isEmpty && filter.problem === null;
  const passing = isSearched ? all : passingLines(all, view);
  const lines: Line[] = [];
  const matches: number[] = [];
  let soughtAt: number | null = null;
  for (const line of passing) {
    if (line === sought) soughtAt = lines.length;
    if (isSearching ? filter.test(plain(line)) : landmark?.test(plain(line))) matches.push(lines.length);
    if (view.isWrapped) lines.push(...wrap(line, width));
    else lines.push(line);
  }
  const last = Math.max(0, lines.length - rows);
  const isKept = view.matchAt !== null && matches.includes(view.matchAt);
  const found = isSearching ? (matches.find((at) => at >= view.top) ?? matches[0] ?? null) : soughtAt;
  const match = isKept ? view.matchAt : found;
  const place = soughtAt !== null ? Math.max(0, soughtAt - Math.floor(rows * LEAD)) : view.isFollowing ? last : view.top;
  const wished = Math.min(place, last);
  const top = match === null || isKept ? wished : windowTop(wished, match, rows, lines.length);
  const shown = lines.slice(top, top + rows).map((line) => {
    const marked = filter.isEmpty ? line : mark(line, filter.ranges(plain(line)), 'match');
    return view.left > 0 && !view.isWrapped ? shift(marked, view.left) : marked;
  });
  return { lines: shown, top, count: lines.length, ...(isSearching || landmark ? { matches, match } : {}) };
}

/** Those that the filter leaves; all where there is none. */
export function passingLines(all: readonly Line[], view: Pick<ViewState, 'filter'>): readonly Line[] {
  const filter = parseFilter(view.filter);
  return filter.isEmpty ? all : all.filter((line) => filter.test(plain(line)));
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
