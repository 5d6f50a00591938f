/** Lists in dialogs: more rows than there is room, moved through with the arrows. */
import { type DialogLine, line } from './dialog.ts';

/** Rows of a list in a dialog on the smallest screen. */
const LIST_ROWS = 9;

/** The part of a list around its cursor, with what lies outside counted. */
export function listLines<T>(all: readonly T[], cursor: number, draw: (one: T, isCursor: boolean) => DialogLine): DialogLine[] {
  const top = Math.max(0, Math.min(cursor - Math.floor(LIST_ROWS / 2), all.length - LIST_ROWS));
  const shown = all.slice(top, top + LIST_ROWS).map((one, i) => draw(one, top + i === cursor));
  const hidden = all.length - shown.length;
  return hidden === 0 ? shown : [...shown, line(`${cursor + 1} of ${all.length}`, 'dim')];
}

/** The cursor after a movement key; `null`: it is none. */
export function movedCursor(cursor: number, key: string, count: number): number | null {
  const by = { down: 1, up: -1, pgdn: LIST_ROWS, pgup: -LIST_ROWS }[key];
  if (by === undefined) return null;
  return Math.max(0, Math.min(count - 1, cursor + by));
}

/** The part of many lines from `top` on; what lies outside is counted. */
export function scrolledLines(all: readonly DialogLine[], top: number): DialogLine[] {
  const from = Math.max(0, Math.min(top, all.length - LIST_ROWS));
  const shown = all.slice(from, from + LIST_ROWS);
  if (shown.length === all.length) return shown;
  return [...shown, line(`${from + 1}–${from + shown.length} of ${all.length} · ↑ ↓`, 'dim')];
}
