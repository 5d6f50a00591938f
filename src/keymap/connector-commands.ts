/** Commands on a connector, or on one of its tasks. */
import { parseExactJson } from '../base/exact-json.ts';
import { isHidden } from '../store/config-steps.ts';
import type { ConnectorRow } from '../store/connect-model.ts';
import { type ConnectorVerb, connectorJob, connectorsOf, whyNot } from '../store/connector-bulk.ts';
import { connectorTarget } from '../store/connector-offsets.ts';
import { type DialogLine, line } from '../store/dialog.ts';
import { type OffsetObject, partitionLabel } from '../store/offset-plan.ts';
import { OffsetWizard } from '../store/offset-wizard.ts';
import type { Session } from '../store/session.ts';
import { gateBulk } from './bulk-gate.ts';
import { type Command, type CommandContext, command, type Danger } from './command.ts';
import { describeConnector, describeState } from './connector-lines.ts';
import { gate } from './gate.ts';
import { needsConnect, needsKafka } from './needs.ts';
import { restartManyMenu, restartMenu } from './restart-menu.ts';

function rowOf({ operations, focus }: CommandContext): ConnectorRow | null {
  return focus.connector === undefined ? null : operations.row(focus.connector);
}

export function needsConnector(context: CommandContext): string | null {
  const missing = needsConnect(context);
  if (missing !== null) return missing;
  if (context.focus.connector === undefined) return 'put the cursor on a connector first, or name it';
  return rowOf(context) ? null : `there is no connector ${context.focus.connector}`;
}

/** Also from the view itself, when its tables have gone. */
function needsTables(context: CommandContext): string | null {
  const missing = needsConnector(context);
  const row = rowOf(context);
  if (missing !== null || row === null || row.tables.length > 0 || isInTheirTables(context)) return missing;
  if (!/jdbc/i.test(row.className)) return `${row.name} copies no tables: JDBC connectors do`;
  return `${row.name} has not told of tables yet, or runs on a JVM worker, which tells nothing of them`;
}

function isInTheirTables({ session: { view }, focus }: CommandContext): boolean {
  return view.pane === 'tables' && view.target.connector === focus.connector;
}

/** Of many, those to which it does not apply are skipped. */
function refuse(verb: ConnectorVerb): (context: CommandContext) => string | null {
  return (context) => {
    if (context.targets.some((one) => one.connector !== undefined)) return null;
    const missing = needsConnector(context);
    const row = rowOf(context);
    return missing ?? (row && whyNot(row, verb));
  };
}

/** Partitions that are marked in the list of offsets, or the one under the cursor. */
function chosenPartitions(session: Session): readonly string[] {
  const { selection, cursorIndex, view } = session.current();
  const id = selection?.ids[cursorIndex];
  const ids = view.marks.size > 0 ? [...view.marks.keys()] : id === undefined ? [] : [id];
  // Rows have the text of their partition for an id.
  return ids.map((one) => partitionLabel(parseExactJson(one, 'bigint') as OffsetObject));
}

/** Runs with the row, when there is one. */
export function withRow(context: CommandContext, run: (row: ConnectorRow) => void): void {
  const row = rowOf(context);
  if (row) run(row);
}

const connectorWord = { scopes: ['connector'] as const, argument: 'connector' as const };
const acting = { ...connectorWord, isMutating: true, isBulk: true };

type AskedVerb = Exclude<ConnectorVerb, 'restart'>;

/** Asks, then does it to the connector, or to all that are marked or named. */
function ask(context: CommandContext, verb: AskedVerb, danger: Danger, title: string, about: (row: ConnectorRow) => DialogLine[]): void {
  const { operations } = context;
  const names = connectorsOf(context.targets);
  if (names.length > 0) {
    gateBulk(context, {
      job: connectorJob(operations, verb, names),
      describe: ({ id }) => {
        const row = operations.row(id);
        if (row === null) return 'not there any more · skipped';
        return `${describeState(row)}${whyNot(row, verb) === null ? '' : ' · skipped'}${verb === 'delete' && isHidden(row.config) ? ' · no undo: its secrets are not told' : ''}`;
      },
    });
    return;
  }
  withRow(context, (row) =>
    gate(
      context,
      { danger, title, lines: [line(describeConnector(row)), ...about(row)], verb: verb === 'delete' ? 'delete it' : verb, name: row.name },
      () => void operations[verb](row.name),
    ),
  );
}

const nameOf = (context: CommandContext) => rowOf(context)?.name ?? '';

/** Of the connector in focus, or of its task; what has failed comes into sight. */
export function openLog(context: CommandContext): void {
  const { session, focus } = context;
  const task = session.view.pane === 'home' ? undefined : focus.task;
  const row = rowOf(context);
  const one = task === undefined ? undefined : row?.tasks.find(({ id }) => id === task);
  const failed = [row?.state === 'FAILED' && !one ? row : undefined, one, ...(one ? [] : (row?.tasks ?? []))];
  session.open(
    'log',
    { connector: focus.connector!, ...(task === undefined ? {} : { task }) },
    { failure: failed.find((what) => what?.state === 'FAILED')?.since ?? null },
  );
}

export const CONNECTOR_COMMANDS: readonly Command[] = [
  command({
    ...acting,
    id: 'connector.restart',
    keys: ['r'],
    title: 'restart',
    help: 'Restart: what failed, one task, the connector, or all.',
    hint: 20,
    danger: 1,
    words: ['restart'],
    disabledReason: refuse('restart'),
    run: (context) => {
      if (connectorsOf(context.targets).length > 0) context.session.openDialog(restartManyMenu(context));
      else withRow(context, (row) => context.session.openDialog(restartMenu(context, row)));
    },
  }),
  command({
    ...acting,
    id: 'connector.pause',
    keys: ['p'],
    title: 'pause',
    help: 'Pause: tasks stay where they are and do nothing.',
    hint: 21,
    danger: 1,
    words: ['pause'],
    disabledReason: refuse('pause'),
    run: (context) => ask(context, 'pause', 1, `pause ${nameOf(context)}?`, () => []),
  }),
  command({
    ...acting,
    id: 'connector.resume',
    keys: ['u'],
    title: 'resume',
    help: 'Resume a paused or stopped connector.',
    hint: 22,
    danger: 1,
    words: ['resume', 'unpause'],
    disabledReason: refuse('resume'),
    run: (context) => ask(context, 'resume', 1, `resume ${nameOf(context)}?`, () => []),
  }),
  command({
    ...acting,
    id: 'connector.stop',
    keys: ['s'],
    title: 'stop',
    help: 'Stop: tasks end and free what they hold.',
    hint: 30,
    danger: 2,
    words: ['stop'],
    disabledReason: refuse('stop'),
    run: (context) =>
      ask(context, 'stop', 2, `stop ${nameOf(context)}?`, () => [
        line('Its tasks end. Nothing is lost: it goes on from its offsets when resumed.', 'dim'),
      ]),
  }),
  command({
    ...connectorWord,
    id: 'connector.offsets-reset',
    keys: ['x'],
    title: 'reset',
    help: 'Change its offsets: a wizard with a preview first.',
    hint: 25,
    danger: 3,
    isMutating: true,
    words: ['reset'],
    disabledReason: needsConnector,
    run: (context) =>
      withRow(context, (row) => {
        const { session, operations } = context;
        const { connect, cluster, clock } = session;
        if (!connect) return;
        const target = connectorTarget(row.name, {
          herder: connect.herder,
          admin: cluster?.admin ?? null,
          clock,
          row: () => operations.row(row.name),
        });
        void new OffsetWizard(session, operations, target).open(session.view.pane === 'offsets' ? chosenPartitions(session) : []);
      }),
  }),
  command({
    ...acting,
    id: 'connector.delete',
    keys: ['ctrl-d'],
    title: 'delete',
    help: 'Delete the connector; its name must be typed.',
    danger: 3,
    words: ['delete'],
    disabledReason: refuse('delete'),
    run: (context) =>
      ask(context, 'delete', 3, `delete ${nameOf(context)}`, (row) => [
        line('Its config and its tasks go. Records in Kafka stay, and so do its offsets:', 'dim'),
        line('a connector made again with this name goes on from there.', 'dim'),
        isHidden(row.config)
          ? line('There is no undo: the worker does not tell the secrets of its config.', 'warn')
          : line('z makes it again with the config it has.', 'dim'),
      ]),
  }),
  command({
    ...connectorWord,
    id: 'connector.tail',
    keys: ['t'],
    title: 'tail',
    help: 'Follow the topics of this connector.',
    hint: 23,
    disabledReason: (context) => {
      return (
        needsKafka(context) ??
        needsConnector(context) ??
        (rowOf(context)?.topics.length === 0 ? `${context.focus.connector} has not used a topic yet` : null)
      );
    },
    run: (context) => withRow(context, (row) => context.session.open('tail', { connector: row.name, topics: row.topics })),
  }),
  command({
    ...connectorWord,
    id: 'connector.log',
    keys: ['l'],
    title: 'log',
    help: "The worker's log of this connector or task; of what has failed, where it says so.",
    hint: 24,
    disabledReason: needsConnector,
    run: openLog,
  }),
  command({
    ...connectorWord,
    id: 'connector.offsets',
    keys: ['o'],
    title: 'offsets',
    help: 'Its offsets; of a sink with end and lag.',
    hint: 26,
    words: ['offsets', 'of'],
    disabledReason: needsConnector,
    run: ({ session, focus }) => session.open('offsets', { connector: focus.connector! }),
  }),
  command({
    id: 'connector.tables',
    keys: ['tab'],
    title: 'tables',
    help: 'Tables of a JDBC connector: SQL, rows, time, offset, lag, warnings; again: back.',
    scopes: ['connectors', 'tasks', 'offsets', 'tables'],
    hint: 27,
    words: ['tables'],
    argument: 'connector',
    disabledReason: needsTables,
    run: ({ session, focus }) =>
      session.view.pane === 'tables' && session.view.target.connector === focus.connector
        ? void session.back()
        : session.open('tables', { connector: focus.connector! }),
  }),
  command({
    ...connectorWord,
    id: 'connector.config',
    scopes: ['connectors'],
    keys: ['y'],
    title: 'config',
    help: 'Its config, secrets hidden.',
    hint: 40,
    words: ['config', 'cf'],
    disabledReason: needsConnector,
    run: ({ session, focus }) => session.open('config', { connector: focus.connector! }),
  }),
  command({
    ...connectorWord,
    id: 'connector.tasks',
    title: 'tasks',
    help: 'Tasks of a connector.',
    words: ['tasks', 'ta'],
    disabledReason: needsConnector,
    run: ({ session, focus }) => session.open('tasks', { connector: focus.connector! }),
  }),
];
