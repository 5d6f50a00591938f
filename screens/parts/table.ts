/** Tables as data: columns with their widths and priorities, rows of spans, drawn only where the window is. */
import type { ConsoleData, PaneLogic, Selection } from '../../src/store/console-data.ts';
import { selectRows } from '../../src/store/row-selection.ts';
import type { PaneId, Target, ViewState } from '../../src/store/view.ts';
import { EMPTY, fitSpans, type Line, lineWidth, type Span, span } from './line.ts';

export interface Look {
  readonly nowMs: number;
  readonly isAscii: boolean;
}

export interface Column<T> {
  /** Name for `col:` filters and for sorting. */
  readonly id: string;
  readonly title: string;
  /** Least cells. */
  readonly width: number;
  /** Cells up to which it is widened to hold its longest text, before the rest is shared out. */
  readonly fit?: number;
  /** Share of what is left then. */
  readonly grow?: number;
  readonly align?: 'left' | 'right';
  /** 0 is always there; the greater the sooner it is left out. */
  readonly priority: number;
  /** Left out where no row has a text for it. */
  readonly isLeftOutWhenEmpty?: boolean;
  /** Capital letter that sorts by it. */
  readonly sortKey?: string;
  readonly isDescendingFirst?: boolean;
  value(row: T): string | number | bigint | null;
  /** Default: the value as text. */
  draw?(row: T, look: Look, width: number): Span | Line;
}

export interface TableSpec<T> {
  readonly pane: PaneId;
  readonly columns: readonly Column<T>[];
  rows(data: ConsoleData, view: ViewState): readonly T[];
  id(row: T): string;
  target(row: T): Target;
  compare: ((a: T, b: T) => number) | null;
}

/** Rows chosen for one moment; `line` draws one of them for a layout. */
export interface TableSelection extends Selection {
  line(id: string, layout: Layout, look: Look): Line;
  /** Cells of the longest text of a column (among the first rows, when there are very many). */
  contentWidth(index: number, look: Look): number;
}

export interface LaidOutColumn {
  readonly index: number;
  readonly width: number;
}

export interface Layout {
  readonly columns: readonly LaidOutColumn[];
}

export interface Table {
  readonly pane: PaneId;
  readonly sortKeys: PaneLogic['sortKeys'];
  select(data: ConsoleData, view: ViewState, keptOrder: readonly string[] | null): TableSelection;
  /** For the rows of one moment. */
  layout(width: number, selection: TableSelection, look: Look): Layout;
  head(layout: Layout, view: ViewState): Line;
}

const GAP = 2;
const MEASURED_ROWS = 300;

export function defineTable<T>(spec: TableSpec<T>): Table {
  const { columns } = spec;
  return {
    pane: spec.pane,
    sortKeys: columns.flatMap((column) =>
      column.sortKey
        ? [{ letter: column.sortKey, column: column.id, isDescendingFirst: column.isDescendingFirst ?? column.align === 'right' }]
        : [],
    ),
    select: (data, view, keptOrder) => {
      const { rows, total, filterProblem } = selectRows({
        rows: spec.rows(data, view),
        id: spec.id,
        columns,
        compare: spec.compare,
        filter: view.filter,
        sort: view.sort,
        keptOrder,
      });
      const byId = new Map(rows.map((row) => [spec.id(row), row]));
      return {
        ids: [...byId.keys()],
        total,
        filterProblem,
        target: (id) => {
          const row = byId.get(id);
          return row === undefined ? null : spec.target(row);
        },
        contentWidth: (index, look) =>
          Math.max(0, ...rows.slice(0, MEASURED_ROWS).map((row) => lineWidth(cellOf(columns[index]!, row, look, 0)))),
        line: (id, layout, look) => {
          const row = byId.get(id);
          return row === undefined ? EMPTY : drawRow(columns, row, layout, look);
        },
      };
    },
    layout: (width, selection, look) => layOut(columns, width, (index) => selection.contentWidth(index, look)),
    head: (layout, view) => drawHead(columns, layout, view),
  };
}

/** Leaves columns out by priority until the rest fits, widens those that want to hold their texts, then shares out what is left. */
function layOut<T>(columns: readonly Column<T>[], width: number, contentWidth: (index: number) => number): Layout {
  let shown = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column, index }) => !column.isLeftOutWhenEmpty || contentWidth(index) > 0);
  const needed = () => shown.reduce((all, { column }) => all + column.width + GAP, 0) - GAP;
  while (needed() > width && shown.some(({ column }) => column.priority > 0)) {
    const worst = Math.max(...shown.map(({ column }) => column.priority));
    const at = shown.findLastIndex(({ column }) => column.priority === worst);
    shown = shown.filter((_, i) => i !== at);
  }
  const wider = new Map<number, number>();
  for (const { column, index } of shown.toSorted(
    (a, b) => a.column.priority - b.column.priority || (a.column.fit ?? 0) - (b.column.fit ?? 0),
  )) {
    if (column.fit === undefined) continue;
    const more = Math.max(0, Math.min(column.fit, contentWidth(index)) - column.width);
    const given = Math.min(more, Math.max(0, width - needed() - [...wider.values()].reduce((all, one) => all + one, 0)));
    wider.set(index, given);
  }
  const weights = shown.reduce((all, { column }) => all + (column.grow ?? 0), 0);
  let spare = Math.max(0, width - needed() - [...wider.values()].reduce((all, one) => all + one, 0));
  let left = weights;
  return {
    columns: shown.map(({ column, index }) => {
      const weight = column.grow ?? 0;
      const more = weight === 0 || left === 0 ? 0 : Math.floor((spare * weight) / left);
      spare -= more;
      left -= weight;
      return { index, width: column.width + (wider.get(index) ?? 0) + more };
    }),
  };
}

function cellOf<T>(column: Column<T>, row: T, look: Look, width: number): Line {
  const drawn = column.draw?.(row, look, width) ?? span(String(column.value(row) ?? '?'));
  return 'text' in drawn ? [drawn] : drawn;
}

function drawRow<T>(columns: readonly Column<T>[], row: T, layout: Layout, look: Look): Line {
  return layout.columns.flatMap(({ index, width }, i) => {
    const column = columns[index]!;
    const drawn = cellOf(column, row, look, width);
    const gap = i === layout.columns.length - 1 ? [] : [span(' '.repeat(GAP))];
    return [...fitSpans(drawn, width, column.align), ...gap];
  });
}

/** The letter that sorts is underlined by being shown in the accent colour; the sorted column carries an arrow. */
function drawHead<T>(columns: readonly Column<T>[], layout: Layout, view: ViewState): Line {
  return layout.columns.flatMap(({ index, width }, i) => {
    const column = columns[index]!;
    const arrow = view.sort?.column === column.id ? (view.sort.isDescending ? '↓' : '↑') : '';
    const gap = i === layout.columns.length - 1 ? [] : [span(' '.repeat(GAP))];
    return [...fitSpans(titleSpans(column.title, column.sortKey, arrow), width, column.align), ...gap];
  });
}

function titleSpans(title: string, sortKey: string | undefined, arrow: string): Span[] {
  const at = sortKey === undefined ? -1 : title.indexOf(sortKey);
  if (at < 0) return [span(title + arrow, 'title')];
  return [span(title.slice(0, at), 'title'), span(title[at]!, 'key'), span(title.slice(at + 1) + arrow, 'title')].filter(
    (one) => one.text !== '',
  );
}
