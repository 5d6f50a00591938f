/** Commands of the console itself: going places, prompts, help, leaving. */
import { plural } from '../base/format.ts';
import { confirmDialog, line } from '../store/dialog.ts';
import type { Session } from '../store/session.ts';
import { openPrompt } from '../store/ui-state.ts';
import type { PaneId } from '../store/view.ts';
import { type Command, type CommandContext, command } from './command.ts';

function go(
  id: string,
  pane: PaneId,
  keys: readonly string[],
  title: string,
  help: string,
  words: readonly string[],
  needs: 'connect' | 'kafka' | null,
): Command {
  return command({
    id: `go.${id}`,
    keys,
    title,
    help,
    words,
    disabledReason: ({ session: { context } }) => {
      if (needs === 'connect' && !context.hasConnect) return 'no Connect worker is configured for this console';
      return needs === 'kafka' && !context.hasKafka ? 'no Kafka cluster is configured for this console' : null;
    },
    run: ({ session }) => session.jump(pane),
  });
}

/** Esc undoes one thing at a time: the filter, then the view. */
function back({ session }: CommandContext): void {
  const { view } = session;
  if (view.filter !== '') session.updateView({ filter: '' });
  else if (view.isFaultsOnly) session.updateView({ isFaultsOnly: false });
  else session.back();
}

function askToQuit(session: Session): void {
  const { context, connect } = session;
  const running = connect?.data.connectors.filter((row) => row.state === 'RUNNING').length ?? 0;
  const lines = context.isWorkerEmbedded
    ? [
        line('The worker runs in this program and ends with it:', 'text'),
        line(`${plural(running, 'running connector')} will stop, offsets are committed first.`, running > 0 ? 'warn' : 'text'),
      ]
    : [line('Connectors go on running; only this console ends.', 'dim')];
  session.openDialog(confirmDialog({ title: 'leave kconsole?', lines, yes: 'leave', onYes: () => session.exit(0) }));
}

function suspend(session: Session): void {
  const go = () => void session.terminal.suspend();
  if (!session.context.isWorkerEmbedded) {
    go();
    return;
  }
  session.openDialog(
    confirmDialog({
      title: 'suspend?',
      lines: [
        line('The worker runs in this program and stands still while it is suspended:', 'warn'),
        line('sinks are thrown out of their groups, sources read nothing.'),
      ],
      yes: 'suspend',
      onYes: go,
    }),
  );
}

function undo({ session, operations }: CommandContext): void {
  const entry = operations.nextUndo;
  if (!entry) return;
  session.openDialog(
    confirmDialog({
      title: 'undo?',
      lines: [line(`This will ${entry.title}.`)],
      yes: 'do it',
      onYes: () => void operations.takeUndo()?.run(),
    }),
  );
}

export const APP_COMMANDS: readonly Command[] = [
  command({
    id: 'app.help',
    keys: ['?'],
    title: 'help',
    help: 'Keys of this pane and of all panes.',
    hint: 99,
    words: ['help', 'h'],
    run: ({ session }) => (session.view.pane === 'help' ? void session.back() : session.open('help', session.view.target, { filter: '' })),
  }),
  command({
    id: 'app.command',
    keys: [':'],
    title: 'command',
    help: 'Command line: a word, then a name; Tab completes.',
    hint: 90,
    run: ({ session }) => session.update({ prompt: openPrompt('command', '') }),
  }),
  command({
    id: 'app.filter',
    keys: ['/'],
    title: 'filter',
    help: 'Filter: word, ~fuzzy, re:expression, !inverse, column:word.',
    scopes: ['table', 'text', 'tail'],
    hint: 80,
    run: ({ session }) => session.update({ prompt: openPrompt('filter', session.view.filter, session.view.filter) }),
  }),
  command({
    id: 'app.back',
    keys: ['esc'],
    title: 'back',
    help: 'Clear the filter, then go back.',
    hint: null,
    run: back,
  }),
  command({
    id: 'app.quit',
    keys: ['q'],
    title: 'back / quit',
    help: 'Back; at the first pane asks whether to leave.',
    words: ['q', 'quit', 'exit'],
    run: ({ session, args }) => {
      if (args.includes('now') || !session.back()) askToQuit(session);
    },
  }),
  command({
    id: 'app.quit-now',
    title: 'quit now',
    help: 'Leave without a question.',
    words: ['q!'],
    run: ({ session }) => session.exit(0),
  }),
  go('home', 'home', ['0'], 'incidents', 'What is wrong now, worst first.', ['incidents', 'in', 'home'], null),
  go('connectors', 'connectors', ['1'], 'connectors', 'All connectors.', ['connectors', 'co'], 'connect'),
  go('topics', 'topics', ['2'], 'topics', 'Topics with their partitions and ISR.', ['topics', 'to'], 'kafka'),
  go('groups', 'groups', ['3'], 'groups', 'Consumer groups with lag.', ['groups', 'gr'], 'kafka'),
  go('brokers', 'brokers', ['4'], 'brokers', 'Brokers, controller, quorum, disks.', ['brokers', 'br', 'cluster'], 'kafka'),
  go('plugins', 'plugins', ['5'], 'plugins', 'Plugins of the worker with their settings.', ['plugins', 'pl'], 'connect'),
  go('log', 'log', ['6'], 'worker log', "The worker's log.", ['log', 'lg'], 'connect'),
  go('actions', 'actions', ['@', '7'], 'action log', 'What was done from this console.', ['actions', 'al'], null),
  command({
    id: 'go.topic',
    title: 'topic',
    help: 'Partitions of a topic.',
    words: ['topic', 'partitions', 'pa'],
    argument: 'topic',
    disabledReason: ({ session, focus }) =>
      !session.context.hasKafka
        ? 'no Kafka cluster is configured for this console'
        : focus.topic === undefined
          ? 'which topic? :topic NAME'
          : null,
    run: ({ session, focus }) => session.open('partitions', { topic: focus.topic! }),
  }),
  command({
    id: 'go.group',
    title: 'group',
    help: 'Members and lag of a group.',
    words: ['group'],
    argument: 'group',
    disabledReason: ({ session, focus }) =>
      !session.context.hasKafka
        ? 'no Kafka cluster is configured for this console'
        : focus.group === undefined
          ? 'which group? :group NAME'
          : null,
    run: ({ session, focus }) => session.open('group', { group: focus.group! }),
  }),
  command({
    id: 'app.undo',
    keys: ['z'],
    title: 'undo',
    help: 'Undo the last action; says first what it will do.',
    hint: 60,
    isMutating: true,
    danger: 1,
    words: ['undo'],
    disabledReason: ({ operations }) => (operations.nextUndo ? null : 'there is nothing to undo'),
    run: undo,
  }),
  command({
    id: 'app.refresh',
    keys: ['ctrl-r'],
    title: 'refresh',
    help: 'Ask everything again now.',
    run: ({ session }) => session.refresh(),
  }),
  command({
    id: 'app.repaint',
    keys: ['ctrl-l'],
    title: 'repaint',
    help: 'Draw the whole screen again.',
    run: ({ session }) => session.terminal.repaint(),
  }),
  command({
    id: 'app.header',
    keys: ['ctrl-e'],
    title: 'header',
    help: 'Header on or off: more rows.',
    run: ({ session }) => session.update({ isHeaderShort: !session.ui.isHeaderShort }),
  }),
  command({
    id: 'app.suspend',
    keys: ['ctrl-z'],
    title: 'suspend',
    help: 'Back to the shell; fg returns.',
    run: ({ session }) => suspend(session),
  }),
];
