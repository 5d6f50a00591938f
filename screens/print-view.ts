/** A view as text, whole: every row of the filter, every column as wide as its texts. For saves, and for `--once`. */
import { textWidth } from '../src/base/width.ts';
import { type Skin, toSkin } from '../src/skin/skin.ts';
import type { Snapshot } from '../src/store/console-data.ts';
import type { PaneId } from '../src/store/view.ts';
import { drawLine, fitSpans, type Line, lineWidth, span } from './parts/line.ts';
import type { Pane, TablePane } from './parts/pane.ts';
import { isTableSelection, type Look, type TableSelection } from './parts/table.ts';
import { GAP } from './parts/table-layout.ts';
import { passingLines } from './parts/text-window.ts';

/** Texts wrap by this where they wrap by themselves. */
const TEXT_WIDTH = 120;

export interface PrintStyle {
  /** `null`: plain text. */
  readonly skin: Skin | null;
  /** Longer lines are cut; `null`: none is. */
  readonly width: number | null;
  readonly isAscii?: boolean;
}

export function printView(
  snapshot: Snapshot,
  panes: ReadonlyMap<PaneId, Pane>,
  { skin, width, isAscii = skin?.isAscii ?? false }: PrintStyle,
): string {
  const pane = panes.get(snapshot.view.pane)!;
  const look: Look = { nowMs: snapshot.data.nowMs, isAscii };
  return linesOf(snapshot, pane, look)
    .map((line) => {
      const cells = Math.min(width ?? Number.POSITIVE_INFINITY, lineWidth(line));
      const drawn = drawLine(line, cells, skin ?? (isAscii ? PLAIN_ASCII : PLAIN));
      return `${skin ? drawn : drawn.trimEnd()}\n`;
    })
    .join('');
}

/** Without any sequence. */
const PLAIN: Skin = toSkin({ name: 'plain', description: '', tokens: {} }, 0, false);
const PLAIN_ASCII: Skin = { ...PLAIN, isAscii: true };

function linesOf(snapshot: Snapshot, pane: Pane, look: Look): readonly Line[] {
  switch (pane.kind) {
    case 'table':
      return tableLines(snapshot, pane, look);
    case 'text':
      return pane.isSearched ? pane.lines(snapshot, look, TEXT_WIDTH) : passingLines(pane.lines(snapshot, look, TEXT_WIDTH), snapshot.view);
    case 'tail':
      return pane.printed(snapshot, look);
  }
}

function tableLines({ selection, data, view }: Snapshot, pane: TablePane, look: Look): readonly Line[] {
  if (isTableSelection(selection) && selection.ids.length > 0) return alignedRows(pane, selection, look);
  if (selection && selection.total > 0) return [[span(`nothing of ${selection.total} passes the filter`)]];
  return pane
    .empty(data, view, look)
    .filter((line) => line.length > 0)
    .map(([first, ...rest]) => [span(first!.text.trimStart(), first!.token), ...rest]);
}

function alignedRows(pane: TablePane, selection: TableSelection, look: Look): Line[] {
  const { columns } = pane.table;
  const rows = selection.ids.map((id) => selection.drawn(id, look));
  const widths = columns.map(({ title }, i) => rows.reduce((most, row) => Math.max(most, lineWidth(row[i]!)), textWidth(title)));
  const shown = columns.flatMap((column, i) => (column.title === '' || rows.every((row) => lineWidth(row[i]!) === 0) ? [] : [i]));
  const join = (cells: readonly Line[]): Line =>
    cells.flatMap((cell, at) => {
      const i = shown[at]!;
      const isLast = at === shown.length - 1 && columns[i]!.align !== 'right';
      return [
        ...(isLast ? cell : fitSpans(cell, widths[i]!, columns[i]!.align)),
        ...(at < shown.length - 1 ? [span(' '.repeat(GAP))] : []),
      ];
    });
  return [shown.map((i) => [span(columns[i]!.title, 'title')]), ...rows.map((row) => shown.map((i) => row[i]!))].map(join);
}
