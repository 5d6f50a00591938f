/** Incidents as rows: what is folded under another behind it, the rest of very many in one row, and at the end what is over. */
import { formatAge, plural } from '../../src/base/format.ts';
import type { Since } from '../../src/store/connect-model.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import type { Incident, ResolvedIncident } from '../../src/store/incidents/incident.ts';
import type { Target, ViewState } from '../../src/store/view.ts';

export interface IncidentRow {
  readonly id: string;
  readonly look: 'open' | 'acknowledged' | 'over' | 'folded';
  /** `null`: a row that stands for others. */
  readonly since: Since | null;
  readonly what: string;
  readonly state: string;
  readonly cause: string;
  readonly key: string;
  readonly target: Target;
  /** Place in the list. */
  readonly rank: number;
}

/** So many consequences are shown before the others are folded into one row. */
const SHOWN = 4;
const BRANCH = '└ ';

type Draft = Omit<IncidentRow, 'rank'>;

let cached: { readonly key: readonly unknown[]; readonly rows: readonly IncidentRow[] } | null = null;

/** Filtered or sorted there are no branches: each row stands for itself. */
export function incidentRows(data: ConsoleData, view: ViewState): readonly IncidentRow[] {
  const isFlat = view.filter !== '' || view.sort !== null;
  const key = [data.incidents, data.resolvedIncidents, data.acknowledged, data.unfolded, isFlat];
  if (cached?.key.every((part, i) => part === key[i])) return cached.rows;
  const rows = numbered(isFlat ? flat(data) : branched(data));
  cached = { key, rows };
  return rows;
}

function numbered(drafts: readonly Draft[]): IncidentRow[] {
  return drafts.map((draft, rank) => ({ ...draft, rank }));
}

function flat({ incidents, resolvedIncidents, acknowledged }: ConsoleData): Draft[] {
  return [...incidents.map((one) => openRow(one, '', acknowledged.has(one.id))), ...resolvedIncidents.map(overRow)];
}

function branched({ incidents, resolvedIncidents, acknowledged, unfolded }: ConsoleData): Draft[] {
  const trees: Incident[][] = [];
  for (const one of incidents) {
    if (one.partOf === null) trees.push([one]);
    else trees.at(-1)?.push(one);
  }
  const isQuiet = ([root]: readonly Incident[]) => acknowledged.has(root!.id);
  // What somebody knows of already stands behind what nobody has seen yet.
  const ordered = [...trees.filter((tree) => !isQuiet(tree)), ...trees.filter(isQuiet)];
  // When nothing is wrong any more, the quiet page says what has just been.
  const over = incidents.length === 0 ? [] : resolvedIncidents.map(overRow);
  return [...ordered.flatMap((tree) => branch(tree, acknowledged, unfolded)), ...over];
}

function branch([root, ...parts]: readonly Incident[], acknowledged: ReadonlySet<string>, unfolded: ReadonlySet<string>): Draft[] {
  const isQuiet = acknowledged.has(root!.id);
  const isWhole = parts.length <= SHOWN + 1;
  const isOpen = isWhole || unfolded.has(root!.id);
  const rows = [root!, ...(isOpen ? parts : parts.slice(0, SHOWN))].map((one, i) =>
    openRow(one, i === 0 ? '' : BRANCH, isQuiet || acknowledged.has(one.id)),
  );
  return isWhole ? rows : [...rows, foldedRow(root!, parts, isOpen)];
}

function openRow(one: Incident, branch: string, isAcknowledged: boolean): Draft {
  const { id, since, state, cause, key, target } = one;
  return { id, look: isAcknowledged ? 'acknowledged' : 'open', since, what: `${branch}${one.what}`, state, cause, key, target };
}

function foldedRow(root: Incident, parts: readonly Incident[], isOpen: boolean): Draft {
  const hidden = parts.slice(SHOWN);
  const counts = [...Map.groupBy(hidden, (one) => one.state)].map(([state, some]) => `${some.length} ${state}`);
  return {
    id: `folded ${root.id}`,
    look: 'folded',
    since: null,
    what: `${BRANCH}${isOpen ? 'fewer' : `${hidden.length} more`}`,
    state: '',
    cause: isOpen ? `shows only the first ${SHOWN}` : counts.join(' · '),
    key: '⏎',
    target: { folded: root.id },
  };
}

/** `over after 12 min`. */
export function lastedText({ since, endedAtMs }: ResolvedIncident): string {
  return `over after ${since.isExact ? '' : 'at least '}${formatAge(endedAtMs - since.atMs)}`;
}

function overRow(one: ResolvedIncident): Draft {
  const { incident: _, ...target } = one.target;
  return {
    id: `over ${one.id}`,
    look: 'over',
    since: { atMs: one.endedAtMs, isExact: true },
    what: one.what,
    state: one.state,
    cause: `${lastedText(one)} · ${one.cause}`,
    key: '',
    target,
  };
}

/** `3 incidents likely caused by it`; `null`: none. */
export function countedParts(data: ConsoleData, id: string): string | null {
  const parts = data.incidents.filter((one) => one.partOf === id).length;
  return parts === 0 ? null : `${plural(parts, 'incident')} likely caused by it`;
}
