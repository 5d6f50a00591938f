/** Everything a pane may draw from, and what the store must know of panes to move in them. */
import type { ClusterData } from '../cluster/cluster-model.ts';
import type { TailRecord } from '../cluster/record-ring.ts';
import type { ActionRecord } from './action-log.ts';
import type { Addresses } from './addresses.ts';
import type { BulkData } from './bulk-run.ts';
import type { LoggersData, OffsetsData, PluginConfigData, PluginsData, WorkersData } from './connect-details.ts';
import type { ConnectData } from './connect-model.ts';
import type { FormData } from './connector-form.ts';
import type { Incident, IncidentMinute, ResolvedIncident } from './incidents/incident.ts';
import type { LevelRevert } from './level-reverts.ts';
import type { LogData } from './log-follower.ts';
import type { Plain } from './plain.ts';
import type { SchemasData } from './schema-store.ts';
import type { TailData } from './tail-view.ts';
import type { UiState } from './ui-state.ts';
import type { PaneId, Target, ViewState } from './view.ts';

export interface ContextFacts {
  readonly name: string;
  /** Name of a colour or `#rrggbb` that the user has given it; the skin's own without one. */
  readonly colour?: string;
  readonly isReadOnly: boolean;
  readonly isProtected: boolean;
  /** The worker runs in this process: leaving or suspending the console stops it. */
  readonly isWorkerEmbedded: boolean;
  readonly hasConnect: boolean;
  readonly hasKafka: boolean;
  /** For lines that are pasted elsewhere. */
  readonly addresses: Addresses;
}

export interface ConsoleData {
  readonly nowMs: number;
  readonly context: ContextFacts;
  /** `null`: not configured. */
  readonly connect: ConnectData | null;
  readonly cluster: ClusterData | null;
  /** Open ones, worst first; what is folded under another follows it. */
  readonly incidents: readonly Incident[];
  /** Over since a short while, newest first. */
  readonly resolvedIncidents: readonly ResolvedIncident[];
  /** The last hour, as far as it was looked at; oldest first. */
  readonly incidentMinutes: readonly IncidentMinute[];
  /** Incidents whose consequences are all shown. */
  readonly unfolded: ReadonlySet<string>;
  readonly acknowledged: ReadonlySet<string>;
  readonly offsets: OffsetsData | null;
  readonly plugins: PluginsData;
  readonly pluginConfig: PluginConfigData | null;
  /** The connector that is being made. */
  readonly form: FormData | null;
  readonly workers: WorkersData;
  readonly loggers: LoggersData;
  readonly levelReverts: readonly LevelRevert[];
  readonly log: LogData | null;
  /** `null`: no schema registry is configured. */
  readonly schemas: SchemasData | null;
  readonly tail: TailData | null;
  /** The one record that is looked at, while the ring still has it. */
  readonly record: TailRecord | null;
  readonly actions: readonly ActionRecord[];
  /** What is, or was last, done to many; `null`: nothing yet. */
  readonly bulk: BulkData | null;
  /** How long a frame takes to the terminal and its answer back; `null`: not known. */
  readonly linkMs: number | null;
}

/** Rows of a table as they stand on the screen. */
export interface Selection {
  readonly ids: readonly string[];
  readonly total: number;
  readonly filterProblem: string | null;
  target(id: string): Target | null;
  /** The values of a row, column by column, secrets hidden; `value` where numbers are to stay numbers. */
  cells(id: string): ReadonlyArray<{ readonly title: string; readonly text: string; readonly value: string | number | bigint | null }>;
  /** All facts of a row, secrets hidden. */
  raw(id: string): Plain;
  /** Ids of the columns that have a title. */
  readonly columns: readonly string[];
}

/** `keptOrder`: see row-selection.ts. */
export interface PaneLogic {
  readonly id: PaneId;
  readonly kind: 'table' | 'text' | 'tail';
  /** Columns that can be sorted by, with their letter. */
  readonly sortKeys: ReadonlyArray<{ readonly letter: string; readonly column: string; readonly isDescendingFirst: boolean }>;
  /** All columns of a table in their order; empty for others. */
  readonly columns: ReadonlyArray<{ readonly id: string; readonly title: string; readonly isDescendingFirst: boolean }>;
  /** Rows can be chosen by what is wrong with them. */
  readonly hasFaults: boolean;
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
  /** Columns of a table that are scrolled out of sight; absent where there is no table. */
  readonly left?: number;
  /** Lines of a text that hold what is searched for; absent without a search. */
  readonly matches?: readonly number[];
  /** The one of them that is looked at. */
  readonly match?: number | null;
  /** Of a text with a cursor: lines that open and close, with the name of their fold. */
  readonly folds?: ReadonlyMap<number, number>;
}
