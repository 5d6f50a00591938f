/** Commands of the console itself: going places, prompts, help, leaving. */
import { messageOf } from '../base/errors.ts';
import { confirmDialog, line } from '../store/dialog.ts';
import { NO_MARKS } from '../store/marks.ts';
import { saveReport } from '../store/report/save-report.ts';
import type { Session } from '../store/session.ts';
import { goTo, openStart } from '../store/start-flow.ts';
import { openPrompt } from '../store/ui-state.ts';
import type { PaneId } from '../store/view.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { namesOf } from './command-line.ts';
import { openLog } from './connector-commands.ts';
import { needsConnect, needsKafka } from './needs.ts';
import { askToQuit } from './quit.ts';
import { sortByWord } from './table-commands.ts';

/** `sort=lag`, `sort=-lag`, `faults`, `wide`, and one word that rows must hold. */
const WORDS = /^(?:sort=[-+]?.+|faults|wide|[^=]+)$/;

function wordsProblem(args: readonly string[]): string | null {
  const unknown = args.find((word) => !WORDS.test(word));
  return unknown === undefined ? null : `"${unknown}" is not understood here: sort=COLUMN, faults, wide and a word to filter by are`;
}

function takeWords(session: Session, args: readonly string[]): void {
  for (const word of args) {
    if (word.startsWith('sort=')) {
      if (!sortByWord(session, word.slice(5)))
        session.flash('warn', `there is no column "${word.slice(5)}"; there are ${session.pane.columns.map((one) => one.id).join(', ')}`);
    } else if (word === 'faults' && session.pane.hasFaults) session.updateView({ isFaultsOnly: true });
    else if (word === 'wide') session.updateView({ isWide: true });
    else if (word.includes('*')) session.updateView({ filter: `re:${globToExpression(word)}` });
    else session.updateView({ filter: word });
  }
}

/** `pay-*` as the filter writes it: the beginning of a name, and anything after. */
function globToExpression(glob: string): string {
  const body = glob.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&').replaceAll('*', '\\S*');
  return `(?:^|\\s)${body}(?:\\s|$)`;
}

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
    disabledReason: (context) => (needs === 'connect' ? needsConnect(context) : needs === 'kafka' ? needsKafka(context) : null),
    run: ({ session, args }) => {
      const problem = wordsProblem(args);
      if (problem !== null) {
        session.flash('warn', problem);
        return;
      }
      session.jump(pane);
      takeWords(session, args);
    },
  });
}

const WORKER_LOG = go('log', 'log', ['6'], 'worker log', "The worker's log; :log NAME: of one connector.", ['log', 'lg'], 'connect');

/** A connector's name is meant before a word to filter by. */
const LOG: Command = {
  ...WORKER_LOG,
  run: (context) => {
    const [connector = '', ...words] = context.args;
    const isKnown = namesOf(context.session)('connector')?.includes(connector) ?? false;
    const problem = wordsProblem(words);
    if (!isKnown || problem !== null) return WORKER_LOG.run(context);
    openLog({ ...context, focus: { connector } });
    takeWords(context.session, words);
  },
};

/** Esc undoes one thing at a time: the filter, the marks, what has not begun of what is done to many, then the view. */
function back({ session }: CommandContext): void {
  const { view, bulk } = session;
  if (view.filter !== '') session.updateView({ filter: '' });
  else if (view.isFaultsOnly) session.updateView({ isFaultsOnly: false });
  else if (view.marks.size > 0) session.updateView(NO_MARKS);
  else if (view.pane === 'bulk' && bulk?.data.isRunning && !bulk.data.isStopping) bulk.stop();
  else session.back();
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

function wear(session: Session, skin: string): void {
  try {
    session.terminal.wear(skin);
  } catch (error) {
    session.flash('error', messageOf(error));
  }
}

function undo({ session, operations }: CommandContext): void {
  const entry = operations.nextUndo;
  if (!entry) return;
  session.openDialog(
    confirmDialog({
      title: 'undo?',
      lines: [line(`This will ${entry.title}.`), ...(entry.lines ?? []).map((text) => line(text, 'dim'))],
      yes: 'do it',
      onYes: () => void operations.undo(),
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
    help: 'Filter: word, ~fuzzy, re:expression, !inverse, column:word; tails: see the README.',
    scopes: ['table', 'text', 'tail'],
    hint: 80,
    run: ({ session }) => session.update({ prompt: openPrompt('filter', session.view.filter, session.view.filter) }),
  }),
  command({
    id: 'app.back',
    keys: ['esc'],
    title: 'back',
    help: 'Clear the filter, then the marks, then go back; in a bulk that runs: start no more first.',
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
    help: 'Leave without a question; a worker in this program is stopped.',
    words: ['q!'],
    run: ({ session }) => session.exit(0),
  }),
  go('home', 'home', ['0'], 'incidents', 'What is wrong now, worst first.', ['incidents', 'in', 'home'], null),
  go('connectors', 'connectors', ['1'], 'connectors', 'All connectors.', ['connectors', 'co'], 'connect'),
  go('topics', 'topics', ['2'], 'topics', 'Topics with their partitions and ISR.', ['topics', 'to'], 'kafka'),
  go('groups', 'groups', ['3'], 'groups', 'Consumer groups with lag.', ['groups', 'gr'], 'kafka'),
  go('brokers', 'brokers', ['4'], 'brokers', 'Brokers, controller, quorum, disks.', ['brokers', 'br', 'cluster'], 'kafka'),
  go('acls', 'acls', [], 'ACLs', 'Who may do what; :can asks for one right.', ['acls', 'ac'], 'kafka'),
  go('quotas', 'quotas', [], 'quotas', 'Limits of users, clients and addresses.', ['quotas', 'qu'], 'kafka'),
  go('plugins', 'plugins', ['5'], 'plugins', 'Plugins of the worker with their settings.', ['plugins', 'pl'], 'connect'),
  go('workers', 'workers', [], 'workers', 'Workers: the group that they form, what each runs, and how it is.', ['workers', 'wk'], null),
  go('loggers', 'loggers', [], 'log levels', 'Log levels of the worker; a change reverts by itself.', ['loggers', 'lo'], 'connect'),
  LOG,
  go('actions', 'actions', ['@', '7'], 'action log', 'What was done from this console.', ['actions', 'al'], null),
  command({
    id: 'go.topic',
    title: 'topic',
    help: 'Partitions of a topic.',
    words: ['topic', 'partitions', 'pa'],
    argument: 'topic',
    disabledReason: (context) => needsKafka(context) ?? (context.focus.topic === undefined ? 'which topic? :topic NAME' : null),
    run: ({ session, focus }) => session.open('partitions', { topic: focus.topic! }),
  }),
  command({
    id: 'go.group',
    title: 'group',
    help: 'Members and lag of a group.',
    words: ['group'],
    argument: 'group',
    disabledReason: (context) => needsKafka(context) ?? (context.focus.group === undefined ? 'which group? :group NAME' : null),
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
    id: 'app.report',
    keys: ['ctrl-o'],
    title: 'report',
    help: 'Incident report as a Markdown file: what is wrong, versions, configs without secrets, traces, last actions.',
    words: ['report'],
    run: ({ session }) => void saveReport(session),
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
    id: 'app.crumbs',
    keys: ['ctrl-g'],
    title: 'crumbs',
    help: 'The line that says where one is, on or off: one more row.',
    run: ({ session }) => session.update({ isCrumbless: !session.ui.isCrumbless }),
  }),
  command({
    id: 'app.context',
    title: 'context',
    help: 'Go to another context: its name, or a list of them and of workers left on this host.',
    words: ['ctx', 'context'],
    argument: 'context',
    disabledReason: ({ session }) =>
      session.context.isWorkerEmbedded ? 'the worker of this console runs in it; open another kconsole for another context' : null,
    run: ({ session, focus }) =>
      focus.context === undefined ? openStart(session) : goTo(session, { kind: 'context', name: focus.context }),
  }),
  command({
    id: 'app.skin',
    title: 'skin',
    help: 'Colours: default, light, high-contrast, colour-blind, mono, or one of your own.',
    words: ['skin'],
    argument: 'skin',
    run: ({ session, focus }) => {
      if (focus.skin === undefined) session.flash('info', `skins: ${session.terminal.skins().join(', ')}`);
      else wear(session, focus.skin);
    },
  }),
  command({
    id: 'app.suspend',
    keys: ['ctrl-z'],
    title: 'suspend',
    help: 'Back to the shell; fg returns.',
    run: ({ session }) => suspend(session),
  }),
];
