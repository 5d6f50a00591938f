/** Everything a pane may draw from, and what the store must know of panes to move in them. */
import type { ClusterData } from '../cluster/cluster-model.ts';
import type { TailRecord } from '../cluster/record-ring.ts';
import type { ActionRecord } from './action-log.ts';
import type { OffsetsData, PluginConfigData, PluginsData } from './connect-collector.ts';
import type { ConnectData } from './connect-model.ts';
import type { Incident } from './incidents.ts';
import type { LogData } from './log-follower.ts';
import type { TailData } from './tail-view.ts';
import type { UiState } from './ui-state.ts';
import type { PaneId, Target, ViewState } from './view.ts';

export interface ContextFacts {
  readonly name: string;
  readonly isReadOnly: boolean;
  readonly isProtected: boolean;
  /** The worker runs in this process: leaving or suspending the console stops it. */
  readonly isWorkerEmbedded: boolean;
  readonly hasConnect: boolean;
  readonly hasKafka: boolean;
}

export interface ConsoleData {
  readonly nowMs: number;
  readonly context: ContextFacts;
  /** `null`: not configured. */
  readonly connect: ConnectData | null;
  readonly cluster: ClusterData | null;
  readonly incidents: readonly Incident[];
  readonly acknowledged: ReadonlySet<string>;
  readonly offsets: OffsetsData | null;
  readonly plugins: PluginsData;
  readonly pluginConfig: PluginConfigData | null;
  readonly log: LogData | null;
  readonly tail: TailData | null;
  /** The one record that is looked at, while the ring still has it. */
  readonly record: TailRecord | null;
  readonly actions: readonly ActionRecord[];
  /** How long a frame takes to the terminal and its answer back; `null`: not known. */
  readonly linkMs: number | null;
}

/** Rows of a table as they stand on the screen. */
export interface Selection {
  readonly ids: readonly string[];
  readonly total: number;
  readonly filterProblem: string | null;
  target(id: string): Target | null;
}

/** `keptOrder`: see row-selection.ts. */
export interface PaneLogic {
  readonly id: PaneId;
  readonly kind: 'table' | 'text' | 'tail';
  /** Columns that can be sorted by, with their letter. */
  readonly sortKeys: ReadonlyArray<{ readonly letter: string; readonly column: string; readonly isDescendingFirst: boolean }>;
  select?(data: ConsoleData, view: ViewState, keptOrder: readonly string[] | null): Selection;
}

/** One moment of the console, frozen: what a frame is made of. */
export interface Snapshot {
  readonly version: number;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly data: ConsoleData;
  readonly ui: UiState;
  readonly view: ViewState;
  /** Of the pane in sight, when it is a table. */
  readonly selection: Selection | null;
  readonly cursorIndex: number;
}

/** What was really on the screen: reported back after each frame, so that pages and windows fit. */
export interface Viewport {
  /** First visible row or line. */
  readonly top: number;
  /** Rows of the body. */
  readonly height: number;
  /** All rows or lines there are. */
  readonly count: number;
}
