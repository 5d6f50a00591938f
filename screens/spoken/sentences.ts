/** What a screen reader reads: the console in sentences, made from one moment and the one before. Nothing is said twice. */
import { sanitize } from '../../src/base/sanitize.ts';
import type { ConnectorRow } from '../../src/store/connect-model.ts';
import type { Snapshot } from '../../src/store/console-data.ts';
import type { DialogContent } from '../../src/store/dialog.ts';
import type { Incident } from '../../src/store/incidents/incident.ts';
import type { Line } from '../parts/line.ts';
import type { Pane } from '../parts/pane.ts';
import { isTableSelection, type Look } from '../parts/table.ts';

/** Pictures for the eye: marks of states, small charts, arrows of the cursor. */
const PICTURES = /[●○✖✓◔▲‖■↻▸▁▂▃▄▅▆▇█┃│─→]/g;
/** What happened to more than these at once is told as a number. */
const MAX_CHANGES = 10;

/** One line of plain words. */
export function spoken(text: string): string {
  return sanitize(text).replace(PICTURES, ' ').replace(/\s+/g, ' ').trim();
}

export function spokenLine(line: Line): string {
  return spoken(line.map(({ text }) => text).join(''));
}

/** `connectors: 14 of 14, by health`. */
export function whereSentence(snapshot: Snapshot, pane: Pane, look: Look): string {
  const facts = spokenLine(pane.info?.(snapshot, look) ?? []);
  const filter = snapshot.view.filter === '' ? '' : `, filter ${snapshot.view.filter}`;
  return `${spoken(pane.title(snapshot.view))}${filter}${facts === '' ? '' : `: ${facts}`}`;
}

/** `row 3 of 40: NAME orders-sink, STATE FAILED`; `null`: there are no rows. */
export function rowSentence({ selection, cursorIndex, view }: Snapshot, look: Look): string | null {
  const id = selection?.ids[cursorIndex];
  if (!selection || id === undefined) return null;
  return `row ${cursorIndex + 1} of ${selection.ids.length}: ${cellsText(selection, id, look)}${view.marks.has(id) ? ', marked' : ''}`;
}

/** Figures as they are drawn, for `1795754850774` says nothing; words as they are, for some are drawn as pictures. */
const FIGURE = /^-?\d+(\.\d+)?$/;

function cellsText(selection: NonNullable<Snapshot['selection']>, id: string, look: Look): string {
  const drawn = isTableSelection(selection) ? selection.drawn(id, look) : [];
  const cells = selection.cells(id).map(({ title, text }, i) => ({
    title,
    text: FIGURE.test(text) && drawn[i] ? spokenLine(drawn[i]) : spokenKeys(spoken(text)),
  }));
  return cells
    .filter(({ text }) => text !== '' && text !== '–')
    .map(({ title, text }) => `${title} ${text}`)
    .join(', ');
}

export function questionSentences({ title, lines, input, keys }: DialogContent): string[] {
  return [
    `question: ${spoken(title)}`,
    ...lines.map(({ text }) => spoken(text)).filter((text) => text !== ''),
    ...(input ? [`${spoken(input.label)} ${spoken(input.line.before + input.line.after)}`] : []),
    `keys: ${keys.map(([key, word]) => `${spokenKeys(key)} ${word}`).join(', ')}`,
  ];
}

const spokenKeys = (keys: string) => keys.replace('⏎', 'enter');

/** What has changed in the world, a sentence each. */
export function changeSentences(before: Snapshot, after: Snapshot): string[] {
  const said = [...connectorChanges(before, after), ...brokerChanges(before, after), ...incidentChanges(before, after)];
  return said.length <= MAX_CHANGES ? said : [...said.slice(0, MAX_CHANGES), `and ${said.length - MAX_CHANGES} changes more`];
}

function connectorChanges({ data: before }: Snapshot, { data: after }: Snapshot): string[] {
  if (!before.connect || !after.connect || before.connect === after.connect || before.connect.reach.lastOkMs === null) return [];
  const known = new Map(before.connect.connectors.map((row) => [row.name, row]));
  const out: string[] = [];
  for (const row of after.connect.connectors) {
    const old = known.get(row.name);
    known.delete(row.name);
    if (old === row) continue;
    if (!old) out.push(`connector ${spoken(row.name)} is there, ${row.state}`);
    else out.push(...statesOf(old, row));
  }
  return [...out, ...[...known.keys()].map((name) => `connector ${spoken(name)} is gone`)];
}

function statesOf(old: ConnectorRow, row: ConnectorRow): string[] {
  const name = spoken(row.name);
  const own = old.state === row.state ? [] : [`connector ${name} ${row.state}`];
  const tasks = row.tasks.flatMap((task) => {
    const was = old.tasks.find(({ id }) => id === task.id)?.state;
    if (was === task.state) return [];
    return [`task ${task.id} of ${name} ${task.state}${task.lastError === null ? '' : `: ${spoken(task.lastError)}`}`];
  });
  return [...own, ...tasks];
}

function brokerChanges({ data: before }: Snapshot, { data: after }: Snapshot): string[] {
  if (!before.cluster?.info || !after.cluster?.info || before.cluster === after.cluster) return [];
  const known = new Map(before.cluster.brokers.map((broker) => [broker.id, broker.isUp]));
  return after.cluster.brokers
    .filter((broker) => known.has(broker.id) && known.get(broker.id) !== broker.isUp)
    .map((broker) => `broker ${broker.id} is ${broker.isUp ? 'up' : 'down'}`);
}

/** Those of connectors are told with their tasks already. */
function incidentChanges({ data: before }: Snapshot, { data: after }: Snapshot): string[] {
  if (before.incidents === after.incidents) return [];
  const isTold = ({ target, state }: Incident) => target.connector !== undefined && state === 'FAILED';
  const [old, now] = [new Set(before.incidents.map(({ id }) => id)), new Set(after.incidents.map(({ id }) => id))];
  return [
    ...after.incidents
      .filter((one) => !old.has(one.id) && !isTold(one))
      .map((one) => `${spoken(one.what)} ${one.state}: ${spoken(one.cause)}`),
    ...before.incidents.filter((one) => !now.has(one.id) && !isTold(one)).map((one) => `${spoken(one.what)} is no longer ${one.state}`),
  ];
}
