/** Commands on a connector, or on one of its tasks. */
import { plural } from '../base/format.ts';
import type { ConnectorRow } from '../store/connect-model.ts';
import { type DialogLine, line, type MenuItem, menuDialog, noticeDialog } from '../store/dialog.ts';
import { partitionLabel } from '../store/offset-plan.ts';
import { OffsetWizard } from '../store/offset-wizard.ts';
import { isHidden } from '../store/operations.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { gate } from './gate.ts';

function rowOf({ operations, focus }: CommandContext): ConnectorRow | null {
  return focus.connector === undefined ? null : operations.row(focus.connector);
}

function needsConnector(context: CommandContext): string | null {
  if (context.focus.connector === undefined) return 'put the cursor on a connector first';
  return rowOf(context) ? null : `there is no connector ${context.focus.connector}`;
}

function refuseState(context: CommandContext, states: readonly string[], why: string): string | null {
  const missing = needsConnector(context);
  if (missing) return missing;
  const row = rowOf(context);
  return row && states.includes(row.state) ? `${row.name} ${why}` : null;
}

function describe(row: ConnectorRow): DialogLine[] {
  const tasks = row.tasks.length === 0 ? 'no tasks' : plural(row.tasks.length, 'task');
  return [line(`${row.name} (${row.type}) is ${row.state} with ${tasks}`)];
}

/** Runs with the row, when there is one. */
function withRow(context: CommandContext, run: (row: ConnectorRow) => void): void {
  const row = rowOf(context);
  if (row) run(row);
}

const connectorWord = { scopes: ['connector'] as const, argument: 'connector' as const };

export const CONNECTOR_COMMANDS: readonly Command[] = [
  command({
    ...connectorWord,
    id: 'connector.restart',
    keys: ['r'],
    title: 'restart',
    help: 'Restart: what failed, one task, the connector, or all.',
    hint: 20,
    danger: 1,
    isMutating: true,
    words: ['restart'],
    disabledReason: (context) => refuseState(context, ['STOPPED'], 'is STOPPED: resume it (u)'),
    run: (context) => withRow(context, (row) => context.session.openDialog(restartMenu(context, row))),
  }),
  command({
    ...connectorWord,
    id: 'connector.pause',
    keys: ['p'],
    title: 'pause',
    help: 'Pause: tasks stay where they are and do nothing.',
    hint: 21,
    danger: 1,
    isMutating: true,
    words: ['pause'],
    disabledReason: (context) => refuseState(context, ['PAUSED', 'STOPPED'], 'does not run: nothing to pause'),
    run: (context) =>
      withRow(context, (row) =>
        gate(
          context,
          { danger: 1, title: `pause ${row.name}?`, lines: describe(row), verb: 'pause', name: row.name },
          () => void context.operations.pause(row.name),
        ),
      ),
  }),
  command({
    ...connectorWord,
    id: 'connector.resume',
    keys: ['u'],
    title: 'resume',
    help: 'Resume a paused or stopped connector.',
    hint: 22,
    danger: 1,
    isMutating: true,
    words: ['resume', 'unpause'],
    disabledReason: (context) => {
      const row = rowOf(context);
      const isPaused = row && (row.state === 'PAUSED' || row.state === 'STOPPED' || row.tasks.some((task) => task.state === 'PAUSED'));
      return needsConnector(context) ?? (isPaused ? null : `${context.focus.connector} is not paused or stopped`);
    },
    run: (context) =>
      withRow(context, (row) =>
        gate(
          context,
          { danger: 1, title: `resume ${row.name}?`, lines: describe(row), verb: 'resume', name: row.name },
          () => void context.operations.resume(row.name),
        ),
      ),
  }),
  command({
    ...connectorWord,
    id: 'connector.stop',
    keys: ['s'],
    title: 'stop',
    help: 'Stop: tasks end and free what they hold.',
    hint: 30,
    danger: 2,
    isMutating: true,
    words: ['stop'],
    disabledReason: (context) => refuseState(context, ['STOPPED'], 'is STOPPED'),
    run: (context) =>
      withRow(context, (row) =>
        gate(
          context,
          {
            danger: 2,
            title: `stop ${row.name}?`,
            lines: [...describe(row), line('Its tasks end. Nothing is lost: it goes on from its offsets when resumed.', 'dim')],
            verb: 'stop',
            name: row.name,
          },
          () => void context.operations.stop(row.name),
        ),
      ),
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
        const { session } = context;
        const chosen = session.view.pane === 'offsets' ? (session.current().selection?.ids[session.current().cursorIndex] ?? null) : null;
        const known = session.connect?.offsets?.offsets.find(
          (one) => one.partition && JSON.stringify(one.partition, bigintText) === chosen,
        );
        void new OffsetWizard(session, context.operations, row.name).open(known?.partition ? partitionLabel(known.partition) : null);
      }),
  }),
  command({
    ...connectorWord,
    id: 'connector.delete',
    keys: ['ctrl-d'],
    title: 'delete',
    help: 'Delete the connector; its name must be typed.',
    danger: 3,
    isMutating: true,
    words: ['delete'],
    disabledReason: needsConnector,
    run: (context) =>
      withRow(context, (row) => {
        const lines = [
          ...describe(row),
          line('Its config and its tasks go. Records in Kafka stay, and so do its offsets:', 'dim'),
          line('a connector made again with this name goes on from there.', 'dim'),
          isHidden(row.config)
            ? line('There is no undo: the worker does not tell the secrets of its config.', 'warn')
            : line('z makes it again with the config it has.', 'dim'),
        ];
        gate(
          context,
          { danger: 3, title: `delete ${row.name}`, lines, verb: 'delete it', name: row.name },
          () => void context.operations.delete(row.name),
        );
      }),
  }),
  command({
    ...connectorWord,
    id: 'connector.tail',
    keys: ['t'],
    title: 'tail',
    help: 'Follow the topics of this connector.',
    hint: 23,
    disabledReason: (context) => {
      if (!context.session.context.hasKafka) return 'no Kafka cluster is configured: topics cannot be read';
      return (
        needsConnector(context) ?? (rowOf(context)?.topics.length === 0 ? `${context.focus.connector} has not used a topic yet` : null)
      );
    },
    run: (context) => withRow(context, (row) => context.session.open('tail', { connector: row.name, topics: row.topics })),
  }),
  command({
    ...connectorWord,
    id: 'connector.log',
    keys: ['l'],
    title: 'log',
    help: "The worker's log of this connector or task.",
    hint: 24,
    disabledReason: needsConnector,
    run: ({ session, focus }) =>
      session.open('log', {
        connector: focus.connector!,
        ...(focus.task !== undefined && session.view.pane !== 'home' ? { task: focus.task } : {}),
      }),
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
    ...connectorWord,
    id: 'connector.config',
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

export function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function restartMenu(context: CommandContext, row: ConnectorRow): ReturnType<typeof menuDialog> {
  const { operations, session } = context;
  if (session.context.isReadOnly) return noticeDialog('restart', [line('this context is read-only', 'warn')]);
  const failed = row.tasks.filter((task) => task.state === 'FAILED');
  const parts = [
    ...(row.state === 'FAILED' ? ['the connector'] : []),
    ...(failed.length > 0 ? [`task ${failed.map((task) => task.id).join(', ')}`] : []),
  ];
  const task = context.focus.task;
  // What restarts things that run is one level up; in a protected context every choice is asked again.
  const asked = (danger: 1 | 2, what: string, run: () => void) => () => {
    if (danger === 1 && !session.context.isProtected) run();
    else gate(context, { danger, title: `restart ${what}?`, lines: describe(row), verb: 'restart', name: row.name }, run);
  };
  const items: MenuItem[] = [
    {
      key: 'f',
      label: 'what failed',
      detail: parts.length > 0 ? parts.join(' and ') : 'nothing has failed',
      isDisabled: parts.length === 0,
      run: asked(1, `what failed of ${row.name}`, () => void operations.restart(row.name, 'failed')),
    },
    {
      key: 't',
      label: 'one task',
      detail: task === undefined ? 'put the cursor on a task first' : `task ${task}`,
      isDisabled: task === undefined,
      run: asked(1, `task ${task} of ${row.name}`, () => void operations.restart(row.name, task ?? 0)),
    },
    {
      key: 'c',
      label: 'connector',
      detail: 'the connector alone; tasks go on',
      isDisabled: false,
      run: asked(1, row.name, () => void operations.restart(row.name, 'connector')),
    },
    {
      key: 'a',
      label: 'all',
      detail: `the connector and ${plural(row.tasks.length, 'task')}, also those that run`,
      isDisabled: false,
      run: asked(2, `${row.name} and all its tasks`, () => void operations.restart(row.name, 'all')),
    },
  ];
  return menuDialog({ title: `restart ${row.name}`, lines: [], items });
}
