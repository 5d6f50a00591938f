/** What is looked at: a pane, its object, and where in it. Views form a stack, the way back. */
import type { LogLevel } from '../base/log.ts';
import type { TailStart } from '../cluster/tail-start.ts';
import type { Since } from './connect-model.ts';
import type { Marks } from './marks.ts';
import type { ValueForm } from './record-value.ts';

export const PANES = [
  'home',
  'connectors',
  'tasks',
  'trace',
  'config',
  'tables',
  'offsets',
  'brokers',
  'topics',
  'partitions',
  'settings',
  'what-if',
  'reassignments',
  'quorum',
  'groups',
  'group',
  'members',
  'acls',
  'quotas',
  'schemas',
  'subject',
  'schema',
  'schema-diff',
  'tail',
  'record',
  'dlq',
  'dead-letter',
  'log',
  'plugins',
  'plugin',
  'new',
  'form',
  'form-preview',
  'workers',
  'loggers',
  'actions',
  'action',
  'bulk',
  'describe',
  'raw',
  'users',
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
  /** Of a schema registry. */
  readonly subject?: string;
  readonly version?: number;
  /** Version that it is compared with. */
  readonly versus?: number;
  /** Brokers that are thought to be lost. */
  readonly lost?: readonly number[];
  /** A setting of a topic or broker. */
  readonly setting?: string;
  readonly plugin?: string;
  /** Name of a saved context. */
  readonly context?: string;
  readonly skin?: string;
  readonly incident?: string;
  /** Id of the incident whose consequences this row stands for. */
  readonly folded?: string;
  /** Id of a record of the action log. */
  readonly action?: string;
  /** Address of a Connect worker. */
  readonly worker?: string;
  /** `host:port`, as its group and statuses name it. */
  readonly workerId?: string;
  readonly logger?: string;
  /** Sequence of a record in the tail. */
  readonly record?: number;
  /** Topics of a tail, and which of their partitions; absent: all. */
  readonly topics?: readonly string[];
  readonly partitions?: readonly number[];
}

/** The row that a view is about: how its table finds it again. */
export interface About {
  readonly pane: PaneId;
  /** What the table's own view stands for. */
  readonly view: Target;
  /** What the row stands for. */
  readonly target: Target;
  /** `null`: the view itself. */
  readonly row: string | null;
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
  readonly about: About | null;
  readonly filter: string;
  readonly sort: Sort | null;
  /** Column that `O` would sort by; `null`: none was chosen. */
  readonly sortCursor: string | null;
  /** Row under the cursor; `null`: the first. When it vanishes, the one at `cursorIndex` takes its place. */
  readonly cursorId: string | null;
  readonly cursorIndex: number;
  /** First visible row or line. */
  readonly top: number;
  /** Scrolled to the right: cells of a text, columns of a table. */
  readonly left: number;
  /** Texts: the line that a search is at. */
  readonly matchAt: number | null;
  readonly isWrapped: boolean;
  /** Raw facts: YAML instead of JSON. */
  readonly isYaml: boolean;
  /** Tables: every column, as wide as its texts. */
  readonly isWide: boolean;
  /** Tails and logs: the newest stays in sight. */
  readonly isFollowing: boolean;
  /** Tails and logs: nothing newer than this sequence is shown; `null`: live. */
  readonly frozenAt: number | null;
  readonly tailStart: TailStart | null;
  /** Counts how often it was begun anew. */
  readonly tailRun: number;
  /** Nothing of transactions that are open or aborted. */
  readonly isCommittedOnly: boolean;
  readonly hasHeaders: boolean;
  /** Of one record: how its value is shown, and what of it was folded or unfolded by hand. */
  readonly valueForm: ValueForm;
  readonly folds: ReadonlySet<number>;
  /** Only what is not well. */
  readonly isFaultsOnly: boolean;
  /** Traces: the framework's frames are there too. */
  readonly isUnfolded: boolean;
  /** Logs: the failure that is to come into sight, until it has, or somebody moves. */
  readonly failure: Since | null;
  /** Logs: events below it are left out. */
  readonly leastLevel: LogLevel;
  /** Without what Kafka, Connect and its kin keep for themselves. */
  readonly hidesInternals: boolean;
  /** Marked rows; see marks.ts. */
  readonly marks: Marks;
  /** The row marked last: where a range begins. */
  readonly markAnchor: string | null;
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
    about: null,
    filter: '',
    sort: null,
    sortCursor: null,
    cursorId: null,
    cursorIndex: 0,
    top: 0,
    left: 0,
    matchAt: null,
    isWrapped: false,
    isYaml: false,
    isWide: false,
    isFollowing: isTail(pane) || pane === 'log',
    frozenAt: null,
    tailStart: null,
    tailRun: 0,
    isCommittedOnly: false,
    hasHeaders: false,
    valueForm: 'best',
    folds: new Set(),
    isFaultsOnly: false,
    isUnfolded: false,
    failure: null,
    leastLevel: 'TRACE',
    hidesInternals: false,
    marks: new Map(),
    markAnchor: null,
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

/** Partitions of a tail: `p3`, `p0,2-4`. */
export function partitionsText(partitions: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const one of partitions) {
    const last = ranges.at(-1);
    if (last && one === last[1] + 1) last[1] = one;
    else ranges.push([one, one]);
  }
  return `p${ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')}`;
}
