/** What a pane gives to the frame. Everything is a pure function of the data: no terminal, no React. */
import type { ConsoleData, PaneLogic, Snapshot } from '../../src/store/console-data.ts';
import type { PaneId, ViewState } from '../../src/store/view.ts';
import type { Line } from './line.ts';
import type { Look, Table } from './table.ts';

interface PaneBase {
  readonly id: PaneId;
  /** Crumb: `tasks of orders`. */
  title(view: ViewState): string;
  /** Whose answers it shows: when they are old the pane looks old. */
  readonly source?: 'connect' | 'kafka';
  /** Right end of the crumb line, e.g. counts. */
  info?(snapshot: Snapshot, look: Look): Line;
}

export interface TablePane extends PaneBase {
  readonly kind: 'table';
  readonly table: Table;
  /** Instead of rows when there are none. */
  empty(data: ConsoleData, view: ViewState, look: Look): readonly Line[];
  /** About the row under the cursor, below the table where there is room. */
  detail?: {
    readonly height: number;
    /** Rows that it takes where the table leaves them free; default: no more. */
    readonly most?: number;
    /** `rows`: how many there is room for. */
    lines(snapshot: Snapshot, id: string, look: Look, width: number, rows: number): readonly Line[];
  };
  /** Above the rows, always there. */
  summary?(snapshot: Snapshot, look: Look, width: number): readonly Line[];
}

export interface TextPane extends PaneBase {
  readonly kind: 'text';
  /** `/` searches and shows all lines; else only those that match. */
  readonly isSearched?: boolean;
  /** Lines have a cursor, and those of the map open and close by Enter: line → name of the fold. */
  folds?(snapshot: Snapshot): ReadonlyMap<number, number>;
  /** Lines that `n` and `N` go to as long as nothing is searched for. */
  readonly landmark?: RegExp;
  /** The landmark that is to come into sight by itself, one of `lines`. */
  sought?(snapshot: Snapshot): Line | null;
  /** All lines; `width` for those that wrap. */
  lines(snapshot: Snapshot, look: Look, width: number): readonly Line[];
}

export interface TailPane extends PaneBase {
  readonly kind: 'tail';
  head(snapshot: Snapshot, look: Look, width: number): readonly Line[];
  rows(snapshot: Snapshot, look: Look, width: number): ReadonlyArray<{ readonly line: Line; readonly isCursor: boolean }>;
  /** The records of the snapshot for `--once`: nothing is counted, nothing is cut. */
  printed(snapshot: Snapshot, look: Look): readonly Line[];
}

export type Pane = TablePane | TextPane | TailPane;

/** What the store needs to know of a pane. */
export function logicOf(pane: Pane): PaneLogic {
  return pane.kind === 'table'
    ? {
        id: pane.id,
        kind: 'table',
        sortKeys: pane.table.sortKeys,
        columns: pane.table.columns,
        hasFaults: pane.table.hasFaults,
        select: (data, view, kept) => pane.table.select(data, view, kept),
      }
    : { id: pane.id, kind: pane.kind, sortKeys: [], columns: [], hasFaults: false };
}

export function logicsOf(panes: ReadonlyMap<PaneId, Pane>): ReadonlyMap<PaneId, PaneLogic> {
  return new Map([...panes].map(([id, pane]) => [id, logicOf(pane)]));
}
