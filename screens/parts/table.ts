/** Tables as data: columns with their widths and priorities, rows of spans, drawn only where the window is. */
import { Memo } from '../../src/base/memo.ts';
import type { ConsoleData, PaneLogic, Selection } from '../../src/store/console-data.ts';
import { type Plain, toPlain } from '../../src/store/plain.ts';
import { rowText, selectRows } from '../../src/store/row-selection.ts';
import { type About, makeView, type PaneId, type Target, type ViewState } from '../../src/store/view.ts';
import { EMPTY, fitSpans, type Line, lineWidth, type Span, span } from './line.ts';
import { type ColumnShape, GAP, type Layout, type LayoutWishes, layOut } from './table-layout.ts';

export interface Look {
  readonly nowMs: number;
  readonly isAscii: boolean;
}

export interface Column<T> extends ColumnShape {
  /** Name for `col:` filters and for sorting. */
  readonly id: string;
  readonly title: string;
  readonly align?: 'left' | 'right';
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
  /** All of them; what is chosen by `!`, by filter and by sort is chosen here for all tables. */
  rows(data: ConsoleData, view: ViewState): readonly T[];
  id(row: T): string;
  target(row: T): Target;
  /** All facts of a row, not only the drawn ones: for raw views, saves and `--once`. Made plain and masked afterwards (plain.ts). */
  raw(row: T, data: ConsoleData): object;
  compare: ((a: T, b: T) => number) | null;
  /** What `!` leaves in sight. Absent: nothing in this table can be wrong. */
  isFault?(row: T): boolean;
  /** What makes `--once` end with 1, where that is less than what `!` shows. */
  isWrong?(row: T): boolean;
}

/** Rows chosen for one moment; `line` draws one of them for a layout. */
export interface TableSelection extends Selection {
  /** Rows that something is wrong with, whatever the filter shows. */
  readonly wrong: number;
  line(id: string, layout: Layout, look: Look): Line;
  /** What is drawn of each column, as long as it is. */
  drawn(id: string, look: Look): readonly Line[];
  /** Cells of the longest text of a column (among the first rows, when there are very many). */
  contentWidth(index: number, look: Look): number;
}

export interface Table {
  readonly pane: PaneId;
  readonly sortKeys: PaneLogic['sortKeys'];
  readonly columns: ReadonlyArray<PaneLogic['columns'][number] & { readonly align: 'left' | 'right' }>;
  readonly hasFaults: boolean;
  select(data: ConsoleData, view: ViewState, keptOrder: readonly string[] | null): TableSelection;
  /** All facts of one row, whatever filter and order are; `null`: it is not there. */
  raw(data: ConsoleData, about: About, id: string): Plain;
  /** For the rows of one moment. */
  layout(width: number, selection: TableSelection, look: Look, wishes?: LayoutWishes): Layout;
  head(layout: Layout, view: ViewState): Line;
}

const MEASURED_ROWS = 300;

export function defineTable<T extends object>(spec: TableSpec<T>): Table {
  const { columns } = spec;
  return {
    pane: spec.pane,
    sortKeys: columns.flatMap((column) =>
      column.sortKey ? [{ letter: column.sortKey, column: column.id, isDescendingFirst: isDescendingFirst(column) }] : [],
    ),
    columns: columns.map((column) => ({
      id: column.id,
      title: column.title,
      align: column.align ?? 'left',
      isDescendingFirst: isDescendingFirst(column),
    })),
    hasFaults: spec.isFault !== undefined,
    select: selector(spec),
    raw: (data, about, id) => {
      const row = spec.rows(data, makeView(spec.pane, about.view)).find((one) => spec.id(one) === id);
      return row === undefined ? null : toPlain(spec.raw(row, data));
    },
    layout: (width, selection, look, wishes) => layOut(columns, width, (index) => selection.contentWidth(index, look), wishes),
    head: (layout, view) => drawHead(columns, layout, view),
  };
}

function maskedValue(value: string | number | bigint | null): string | number | bigint | null {
  return typeof value === 'string' ? String(toPlain(value)) : value;
}

export function isTableSelection(selection: Selection | null): selection is TableSelection {
  return selection !== null && 'line' in selection;
}

/** What rows were chosen from, and how. */
interface Choice<T> {
  readonly all: readonly T[];
  readonly filter: string;
  readonly sort: ViewState['sort'];
  readonly isFaultsOnly: boolean;
  readonly keptOrder: readonly string[] | null;
}

/** Chooses rows, and keeps the last choice: most frames and keys ask for the same rows again. */
function selector<T extends object>(spec: TableSpec<T>): Table['select'] {
  const { columns } = spec;
  const isWrong = spec.isWrong ?? spec.isFault;
  const texts = new WeakMap<T, string>();
  const textOf = (row: T): string => {
    const known = texts.get(row);
    if (known !== undefined) return known;
    const text = rowText(columns, row);
    texts.set(row, text);
    return text;
  };
  let last: { readonly choice: Choice<T>; readonly selection: TableSelection } | null = null;
  const sorted = new Memo<readonly T[]>();
  const index = new Memo<ReadonlyMap<string, T>>();
  let latest: ConsoleData;
  return (data, view, keptOrder) => {
    latest = data;
    const { filter, sort, isFaultsOnly } = view;
    const choice: Choice<T> = { all: spec.rows(data, view), filter, sort, isFaultsOnly, keptOrder };
    if (last && isSameChoice(last.choice, choice, last.selection.ids)) return last.selection;
    const { all } = choice;
    const chosen = () => (isFaultsOnly && spec.isFault ? all.filter(spec.isFault) : all);
    const request = { id: spec.id, columns, textOf, compare: spec.compare, sort };
    // Each letter of a filter finds other rows, in the one order that all of them have.
    const inOrder = () => selectRows({ ...request, rows: chosen(), filter: '', keptOrder: null }).rows;
    const { rows, total, filterProblem } =
      keptOrder === null
        ? selectRows({ ...request, rows: sorted.get([all, sort, isFaultsOnly], inOrder), filter, keptOrder, isSorted: true })
        : selectRows({ ...request, rows: chosen(), filter, keptOrder });
    // As long as nothing is left out all choices share one index.
    const byId = rows.length === all.length ? index.get([all], () => indexOf(all, spec.id)) : indexOf(rows, spec.id);
    // Of one second: ages grow wider with time, and rows may stay the same for days.
    let measured = { look: '', widths: new Map<number, number>() };
    const widthOf = (index: number, look: Look) =>
      Math.max(0, ...rows.slice(0, MEASURED_ROWS).map((row) => lineWidth(cellOf(columns[index]!, row, look, 0))));
    const selection: TableSelection = {
      ids: byId.size === rows.length ? rows.map(spec.id) : [...byId.keys()],
      total,
      filterProblem,
      get wrong() {
        return isWrong ? all.filter(isWrong).length : 0;
      },
      target: (id) => {
        const row = byId.get(id);
        return row === undefined ? null : spec.target(row);
      },
      cells: (id) => {
        const row = byId.get(id);
        return row === undefined
          ? []
          : columns.map((column) => {
              const value = maskedValue(column.value(row));
              return { title: column.title, text: String(value ?? ''), value };
            });
      },
      raw: (id) => {
        const row = byId.get(id);
        return row === undefined ? null : toPlain(spec.raw(row, latest));
      },
      columns: columns.filter((column) => column.title !== '').map((column) => column.id),
      drawn: (id, look) => {
        const row = byId.get(id);
        return row === undefined ? columns.map(() => EMPTY) : columns.map((column) => cellOf(column, row, look, 0));
      },
      contentWidth: (index, look) => {
        const key = `${look.isAscii} ${Math.floor(look.nowMs / 1000)}`;
        if (measured.look !== key) measured = { look: key, widths: new Map() };
        const width = measured.widths.get(index) ?? widthOf(index, look);
        measured.widths.set(index, width);
        return width;
      },
      line: (id, layout, look) => {
        const row = byId.get(id);
        return row === undefined ? EMPTY : drawRow(columns, row, layout, look);
      },
    };
    last = { choice, selection };
    return selection;
  };
}

function indexOf<T>(rows: readonly T[], id: (row: T) => string): ReadonlyMap<string, T> {
  const index = new Map<string, T>();
  for (const row of rows) index.set(id(row), row);
  return index;
}

/** Sorted anew, or in the order in which they stand: the same rows come out. */
function isSameChoice<T>(a: Choice<T>, b: Choice<T>, ids: readonly string[]): boolean {
  if (a.all !== b.all || a.filter !== b.filter || a.sort !== b.sort || a.isFaultsOnly !== b.isFaultsOnly) return false;
  return b.keptOrder === a.keptOrder || b.keptOrder === ids;
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

function isDescendingFirst<T>(column: Column<T>): boolean {
  return column.isDescendingFirst ?? column.align === 'right';
}

/** The letter that sorts is shown in its own colour; the sorted column carries an arrow, the one that `O` would sort by is marked. */
function drawHead<T>(columns: readonly Column<T>[], layout: Layout, view: ViewState): Line {
  return layout.columns.flatMap(({ index, width }, i) => {
    const column = columns[index]!;
    const arrow = view.sort?.column === column.id ? (view.sort.isDescending ? '↓' : '↑') : '';
    const gap = i === layout.columns.length - 1 ? [] : [span(' '.repeat(GAP))];
    const title =
      view.sortCursor === column.id ? [span(`›${column.title}${arrow}`, 'accent')] : titleSpans(column.title, column.sortKey, arrow);
    return [...fitSpans(title, width, column.align), ...gap];
  });
}

function titleSpans(title: string, sortKey: string | undefined, arrow: string): Span[] {
  const at = sortKey === undefined ? -1 : title.indexOf(sortKey);
  if (at < 0) return [span(title + arrow, 'title')];
  return [span(title.slice(0, at), 'title'), span(title[at]!, 'key'), span(title.slice(at + 1) + arrow, 'title')].filter(
    (one) => one.text !== '',
  );
}
