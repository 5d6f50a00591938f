/** What is looked at: a pane, its object, and where in it. Views form a stack, the way back. */
import type { TailStart } from '../cluster/tail.ts';

export const PANES = [
  'home',
  'connectors',
  'tasks',
  'trace',
  'config',
  'offsets',
  'brokers',
  'topics',
  'partitions',
  'groups',
  'group',
  'tail',
  'record',
  'dlq',
  'dead-letter',
  'log',
  'plugins',
  'plugin',
  'actions',
  'action',
  'help',
] as const;
export type PaneId = (typeof PANES)[number];

/** What a row, or a view, stands for. */
export interface Target {
  readonly connector?: string;
  readonly task?: number;
  readonly topic?: string;
  readonly partition?: number;
  readonly group?: string;
  readonly broker?: number;
  readonly plugin?: string;
  readonly incident?: string;
  readonly action?: number;
  /** Sequence of a record in the tail. */
  readonly record?: number;
  /** Topics of a tail. */
  readonly topics?: readonly string[];
}

export interface Sort {
  readonly column: string;
  readonly isDescending: boolean;
}

export interface ViewState {
  /** Unique in the session: caches and orders hang on it. */
  readonly key: number;
  readonly pane: PaneId;
  readonly target: Target;
  readonly filter: string;
  readonly sort: Sort | null;
  /** Row under the cursor; `null`: the first. When it vanishes, the one at `cursorIndex` takes its place. */
  readonly cursorId: string | null;
  readonly cursorIndex: number;
  /** First visible row or line. */
  readonly top: number;
  /** Cells scrolled to the right (texts). */
  readonly left: number;
  readonly isWrapped: boolean;
  /** Tails and logs: the newest stays in sight. */
  readonly isFollowing: boolean;
  /** Tails and logs: nothing newer than this sequence is shown; `null`: live. */
  readonly frozenAt: number | null;
  readonly tailStart: TailStart | null;
  readonly hasHeaders: boolean;
  /** Only what is not well. */
  readonly isFaultsOnly: boolean;
}

/** Views on a stream of records: one tail stands behind each of them. */
export function isTail(pane: PaneId): boolean {
  return pane === 'tail' || pane === 'dlq';
}

let nextKey = 1;

export function makeView(pane: PaneId, target: Target = {}, more: Partial<ViewState> = {}): ViewState {
  return {
    key: nextKey++,
    pane,
    target,
    filter: '',
    sort: null,
    cursorId: null,
    cursorIndex: 0,
    top: 0,
    left: 0,
    isWrapped: false,
    isFollowing: isTail(pane) || pane === 'log',
    frozenAt: null,
    tailStart: null,
    hasHeaders: false,
    isFaultsOnly: false,
    ...more,
  };
}

/** Index of the row under the cursor among the shown ids. */
export function cursorIndexOf(view: ViewState, ids: readonly string[]): number {
  if (ids.length === 0) return 0;
  const found = view.cursorId === null ? 0 : ids.indexOf(view.cursorId);
  return found >= 0 ? found : Math.min(view.cursorIndex, ids.length - 1);
}

/** First visible row so that the cursor is in sight, moving as little as possible. */
export function windowTop(top: number, cursor: number, height: number, count: number): number {
  const most = Math.max(0, count - height);
  const moved = cursor < top ? cursor : cursor >= top + height ? cursor - height + 1 : top;
  return Math.max(0, Math.min(moved, most));
}
