/** `--once`: any view that the `:` line opens, printed as it is on the screen and whole, with an exit code that tells whether it is well. */
import { type Clock, systemClock } from '../src/base/clock.ts';
import { ConfigError, messageOf } from '../src/base/errors.ts';
import { sanitizeLines } from '../src/base/sanitize.ts';
import { until } from '../src/base/until.ts';
import type { TailStart } from '../src/cluster/tail-start.ts';
import type { SchemaRegistry } from '../src/control/schema-registry.ts';
import type { Herder } from '../src/herder/herder.ts';
import type { Kafka } from '../src/kafka/contract.ts';
import type { Command } from '../src/keymap/command.ts';
import { namesOf, parseCommandLine } from '../src/keymap/command-line.ts';
import { commandsFor } from '../src/keymap/commands.ts';
import { Dispatcher } from '../src/keymap/dispatcher.ts';
import { createKeymap } from '../src/keymap/keymap.ts';
import { type Environment, isAsciiOnly } from '../src/skin/terminal.ts';
import { defaultActionLogFile } from '../src/store/action-log.ts';
import { NO_ADDRESSES } from '../src/store/addresses.ts';
import type { ConsoleData, Snapshot } from '../src/store/console-data.ts';
import { type HostPort, NO_HOST } from '../src/store/host-port.ts';
import type { Leaving } from '../src/store/leaving.ts';
import { Operations } from '../src/store/operations.ts';
import { formatRows, type RowFormat } from '../src/store/row-formats.ts';
import type { ScreenSources } from '../src/store/screen-sources.ts';
import { Session } from '../src/store/session.ts';
import { isTail, type PaneId, type ViewState } from '../src/store/view.ts';
import { isMeasured } from './groups/index.ts';
import { printPlaces } from './once-places.ts';
import { printRecords } from './once-records.ts';
import { createPanes } from './panes.ts';
import { logicsOf, type Pane } from './parts/pane.ts';
import { isTableSelection } from './parts/table.ts';
import { printView } from './print-view.ts';

export interface OnceOptions {
  /** As after `:`: `connectors /fail`, `tasks orders-sink`, `topics sort=-size`; of one row `describe connectors /orders`. */
  readonly line: string;
  readonly format: 'text' | RowFormat;
  readonly herder: Herder | null;
  readonly registry?: SchemaRegistry | null;
  readonly kafka: Kafka | null;
  readonly contextName: string;
  /** Whose contexts `ctx` prints. */
  readonly host?: Pick<HostPort, 'places' | 'problems'>;
  /** Cells of a terminal; `null`: nobody cuts. */
  readonly width: number | null;
  readonly environment?: Environment;
  readonly clock?: Clock;
}

/** 0 well, 1 something in it is wrong, 2 there is no such view, 3 nobody answers. */
export interface OnceAnswer {
  readonly text: string;
  /** For stderr; empty when there is nothing to say. */
  readonly problem: string;
  readonly exit: 0 | 1 | 2 | 3;
}

/** On the sources of a screen, to the standard streams. What cannot be opened is said like what does not answer. */
export async function runOnce(sources: ScreenSources, { line, format }: Pick<OnceOptions, 'line' | 'format'>): Promise<Leaving> {
  const { stdout } = process;
  let answer: OnceAnswer;
  try {
    const [herder, kafka] = await Promise.all([sources.herder, sources.kafka]);
    if (herder === null && kafka === null && !isAboutPlaces(line))
      throw new ConfigError('Say what to look at: -b HOST:PORT, --attach URL, or --context NAME; --help shows more.');
    const width = stdout.isTTY ? stdout.columns : null;
    const { registry = null, contextName, host = NO_HOST } = sources;
    answer = await printOnce({ line, format, herder, kafka, registry, contextName, host, width });
  } catch (error) {
    answer = { text: '', problem: messageOf(error), exit: error instanceof ConfigError ? 2 : 3 };
  }
  if (answer.problem !== '') process.stderr.write(`kconsole: ${sanitizeLines(answer.problem).join('\n')}\n`);
  stdout.write(answer.text);
  const leaving: Leaving = { code: answer.exit, worker: 'stop', next: null };
  await sources.atEnd(leaving);
  return leaving;
}

/** Who has not answered by then does not answer. */
const PATIENCE_MS = 10_000;
/** What only some views have (sizes, lag, rows of views that say nothing of themselves) is waited for shorter. */
const GRACE_MS = 2_500;
const LOOK_MS = 20;
/** Where a tail begins when the line does not say it. */
const LAST_RECORDS: TailStart = { last: 100 };

/** Contexts and left workers are known without asking anybody. */
function isAboutPlaces(line: string): boolean {
  return /^\s*(ctx|context)(\s|$)/.test(line);
}

export async function printOnce(options: OnceOptions): Promise<OnceAnswer> {
  if (isAboutPlaces(options.line)) return printPlaces(options);
  const environment = options.environment ?? process.env;
  const keymap = createKeymap(commandsFor({ isReadOnly: true }));
  const panes = createPanes(keymap);
  const session = new Session({
    context: {
      name: options.contextName,
      isReadOnly: true,
      isProtected: false,
      isWorkerEmbedded: false,
      hasConnect: options.herder !== null,
      hasKafka: options.kafka !== null,
      addresses: NO_ADDRESSES,
    },
    panes: logicsOf(panes),
    actionLogFile: defaultActionLogFile(environment),
    clock: options.clock ?? systemClock,
    boundedTail: LAST_RECORDS,
  });
  try {
    session.start({ herder: options.herder, kafka: options.kafka, registry: options.registry ?? null });
    await untilKnown(session, PATIENCE_MS, ({ data }) => hasAnswered(data.connect) && hasAnswered(data.cluster));
    // Connectors of the `:` line are known now; groups are only asked for when somebody wants one.
    const dispatcher = new Dispatcher({ session, operations: new Operations(session), keymap });
    const unanswered = whoIsSilent(options.line, session, keymap.commands);
    if (unanswered !== null) return { text: '', problem: unanswered, exit: 3 };
    const problem = await open(options.line, session, dispatcher, panes);
    if (problem !== null) return { text: '', problem, exit: 2 };
    const pane = panes.get(session.view.pane)!;
    if (isTail(pane.id)) return await printRecords(session, panes, options.format, isAsciiOnly(environment));
    await untilKnown(session, PATIENCE_MS, (snapshot) => isLoaded(snapshot, pane));
    await untilKnown(session, GRACE_MS, (snapshot) => isComplete(snapshot));
    return answer(session.current(), pane, panes, options, isAsciiOnly(environment));
  } finally {
    session.close();
  }
}

/** Views of one row: the rest of the line is the list that it stands in, with a filter. */
const OF_A_ROW: ReadonlySet<string> = new Set(['row.describe', 'row.raw', 'row.users']);

/** What is wrong with the line; else `null`, and its view is open. */
async function open(line: string, session: Session, dispatcher: Dispatcher, panes: ReadonlyMap<PaneId, Pane>): Promise<string | null> {
  const { commands } = dispatcher.keymap;
  const [word = '', ...rest] = line.trim().split(/\s+/);
  const named = commands.find((one) => one.words.includes(word));
  if (named !== undefined && OF_A_ROW.has(named.id)) {
    const problem = await openRow(word, rest.join(' '), session, dispatcher, panes);
    if (problem !== null) return problem;
    const reason = named.disabledReason?.(dispatcher.context()) ?? null;
    if (reason === null) named.run(dispatcher.context());
    return reason;
  }
  if (named?.argument === 'group') {
    session.jump('groups');
    await untilKnown(session, PATIENCE_MS, ({ data }) => isAskedFor.groups(data));
  }
  const parsed = parseCommandLine(line, commands, namesOf(session));
  if (!parsed.ok) return parsed.problem;
  const { command, target, args, filter } = parsed.line;
  session.jump('home');
  const reason = command.disabledReason?.(dispatcher.context(target, args)) ?? null;
  if (reason !== null) return reason;
  command.run(dispatcher.context(target, args));
  if (filter !== null) session.updateView({ filter });
  const { flash, dialog } = session.ui;
  if (flash?.level === 'warn') return flash.text;
  return dialog !== null || session.view.pane === 'help' ? `"${word}" opens no view that can be printed once` : null;
}

/** Puts the cursor on the one row that the line leaves; what is wrong, else `null`. */
async function openRow(
  word: string,
  list: string,
  session: Session,
  dispatcher: Dispatcher,
  panes: ReadonlyMap<PaneId, Pane>,
): Promise<string | null> {
  if (list === '') return `"${word}" is about one row: say which, like "${word} connectors /NAME"`;
  const problem = await open(list, session, dispatcher, panes);
  if (problem !== null) return problem;
  const pane = panes.get(session.view.pane)!;
  await untilKnown(session, PATIENCE_MS, (snapshot) => isLoaded(snapshot, pane));
  await untilKnown(session, GRACE_MS, (snapshot) => isComplete(snapshot));
  const ids = session.current().selection?.ids ?? [];
  const id = ids.length === 1 ? ids[0] : ids.find((one) => one === session.view.filter);
  if (id === undefined) return `"${word}" is about one row, and "${list}" leaves ${ids.length}`;
  session.updateView({ cursorId: id });
  return null;
}

function hasAnswered(source: ConsoleData['connect'] | ConsoleData['cluster']): boolean {
  return source === null || source.reach.lastOkMs !== null || source.reach.error !== null;
}

const isAskedFor = {
  groups: ({ cluster }: ConsoleData) =>
    cluster === null || cluster.groups !== null || cluster.groupsError !== null || cluster.reach.error !== null,
};

/** A group is listed before it is asked for its offsets. */
function isGroupMeasured({ cluster }: ConsoleData, { target }: ViewState): boolean {
  const row = cluster?.groups?.find((one) => one.groupId === target.group);
  return row === undefined || isMeasured(row);
}

/** Views that say themselves when what they need has come. */
const LOADED: Partial<Record<PaneId, (data: ConsoleData, view: ViewState) => boolean>> = {
  groups: isAskedFor.groups,
  group: (data, view) => isAskedFor.groups(data) && isGroupMeasured(data, view),
  users: isAskedFor.groups,
  describe: isAskedFor.groups,
  log: ({ log }) => log !== null && (log.isWhole || log.isOffered === false || log.error !== null),
  offsets: ({ offsets }) => offsets !== null && (offsets.atMs > 0 || offsets.error !== null),
  plugins: ({ plugins }) => plugins.plugins !== null || plugins.error !== null,
  plugin: ({ pluginConfig }) => pluginConfig !== null && (pluginConfig.keys !== null || pluginConfig.error !== null),
  workers: ({ connect, workers, cluster }) =>
    (connect === null || workers.probes !== null || workers.error !== null) &&
    (cluster === null ||
      cluster.reach.error !== null ||
      cluster.details.connectGroups.value !== null ||
      cluster.details.connectGroups.error !== null),
  config: ({ pluginConfig }) => pluginConfig !== null && (pluginConfig.keys !== null || pluginConfig.error !== null),
};

function isLoaded({ data, view }: Snapshot, pane: Pane): boolean {
  return reachError(data, pane) !== null || (LOADED[pane.id]?.(data, view) ?? true);
}

/** Lag and sizes come from other questions, and some rows later than the first answer. */
function isComplete({ data, view, selection }: Snapshot): boolean {
  const { connect, cluster } = data;
  if (selection !== null && selection.total === 0 && view.pane !== 'home' && view.pane !== 'actions')
    return LOADED[view.pane] !== undefined;
  const hasLag =
    !connect || !cluster || cluster.progressError !== null || connect.connectors.every((row) => cluster.progress.has(row.name));
  const hasSizes = (view.pane !== 'topics' && view.pane !== 'brokers') || cluster?.logDirs != null;
  const hasEnds = view.pane !== 'topics' || (cluster?.topics ?? []).every((topic) => topic.endOffset !== null);
  const hasBounds = view.pane !== 'partitions' || cluster?.bounds?.topic === view.target.topic;
  return hasLag && hasSizes && hasEnds && hasBounds;
}

/** Polls what the session knows: the sources tell it when something came, and nobody draws. */
async function untilKnown(session: Session, forMs: number, check: (snapshot: Snapshot) => boolean): Promise<void> {
  await until(() => check(session.current()), { clock: session.clock, forMs, everyMs: LOOK_MS });
}

/** Whether a name is one cannot be told as long as those who know it do not answer. */
function whoIsSilent(line: string, session: Session, commands: readonly Command[]): string | null {
  const word = line.trim().split(/\s+/)[0] ?? '';
  const argument = commands.find((one) => one.words.includes(word))?.argument;
  const { data } = session.current();
  if (argument === 'topic' || argument === 'group') return reachError(data, { source: 'kafka' });
  return argument === 'connector' || argument === 'plugin' ? reachError(data, { source: 'connect' }) : null;
}

/** Why what a view shows cannot be asked; home is about all there is. */
function reachError({ connect, cluster }: ConsoleData, { source }: Pick<Pane, 'source'>): string | null {
  const wanted = [
    ...(source === 'kafka' ? [] : [['Connect', connect] as const]),
    ...(source === 'connect' ? [] : [['Kafka', cluster] as const]),
  ];
  for (const [name, one] of wanted)
    if (one !== null && one.reach.lastOkMs === null) return `${name} is not reachable: ${one.reach.error ?? 'it has not answered'}`;
  return null;
}

function answer(snapshot: Snapshot, pane: Pane, panes: ReadonlyMap<PaneId, Pane>, options: OnceOptions, isAscii: boolean): OnceAnswer {
  const { selection, data } = snapshot;
  const unreachable = reachError(data, pane);
  const problem = unreachable === null ? (selection?.filterProblem ?? '') : unreachable;
  if (options.format !== 'text' && selection === null)
    return { text: '', problem: `${pane.id} has no rows: it is printed as text only`, exit: 2 };
  // Why is said already; where it is only one of two sources, the other has its say.
  if (unreachable !== null && pane.source !== undefined) return { text: '', problem, exit: 3 };
  const text =
    options.format === 'text' || selection === null
      ? printView(snapshot, panes, { skin: null, width: options.width, isAscii })
      : formatRows(options.format, selection);
  const isWrong = isTableSelection(selection) && selection.wrong > 0;
  return { text, problem, exit: unreachable !== null ? 3 : problem !== '' ? 2 : isWrong ? 1 : 0 };
}
