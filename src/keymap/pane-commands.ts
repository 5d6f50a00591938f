/** Opening things, and commands of single panes: topics, tails, logs, incidents. */

import type { LogLevel } from '../base/log.ts';
import { line, textDialog } from '../store/dialog.ts';
import type { Session } from '../store/session.ts';
import type { PaneId, Target } from '../store/view.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { describeHere, nothingHere } from './look-commands.ts';
import { needsConnect } from './needs.ts';
import { toggleFold } from './record-commands.ts';

/** What Enter opens, by the pane in sight. */
const OPENERS: Readonly<Partial<Record<PaneId, (context: CommandContext) => void>>> = {
  home: ({ session, focus }) => openIncident(session, focus),
  connectors: ({ session, focus }) => {
    if (focus.connector !== undefined) session.open('tasks', { connector: focus.connector });
  },
  tasks: ({ session, focus, operations }) => openTask(session, focus, operations.row(focus.connector ?? '')?.tasks.length === 0),
  topics: openPartitions,
  brokers: ({ session, focus }) => {
    if (focus.broker !== undefined) session.open('settings', { broker: focus.broker });
  },
  'what-if': openPartitions,
  reassignments: openPartitions,
  groups: ({ session, focus }) => {
    if (focus.group !== undefined) session.open('group', { group: focus.group });
  },
  schemas: ({ session, focus }) => {
    if (focus.subject !== undefined) session.open('subject', { subject: focus.subject });
  },
  subject: ({ session, focus: { subject, version } }) => {
    if (subject !== undefined && version !== undefined) session.open('schema', { subject, version });
  },
  bulk: ({ session, focus }) => openIncident(session, focus),
  plugins: ({ session, focus }) => {
    if (focus.plugin !== undefined) session.open('plugin', { plugin: focus.plugin });
  },
  // Nobody can ask that one for its levels.
  workers: (context) => (context.focus.worker === undefined ? describeHere(context) : openLoggers(context.session, context.focus.worker)),
  actions: ({ session, focus }) => {
    if (focus.action !== undefined) session.open('action', { action: focus.action });
  },
  users: ({ session, focus }) => openObject(session, focus),
  tail: ({ session }) => openRecord(session, 'record'),
  dlq: ({ session }) => openRecord(session, 'dead-letter'),
};

function openPartitions({ session, focus }: CommandContext): void {
  if (focus.topic !== undefined) session.open('partitions', { topic: focus.topic });
}

/** With one worker to ask there is nothing to choose. */
function openLoggers(session: Session, worker: string): void {
  const isOneOfMany = session.context.addresses.connect.length > 1;
  session.open('loggers', isOneOfMany ? { worker } : {});
}

function openIncident(session: Session, focus: Target): void {
  if (focus.folded !== undefined) session.update({ unfolded: toggled(session.ui.unfolded, focus.folded) });
  else if (focus.connector !== undefined) session.open('tasks', { connector: focus.connector });
  else if (focus.topic !== undefined) session.open('partitions', { topic: focus.topic });
  else if (focus.group !== undefined) session.open('group', { group: focus.group });
  else if (focus.broker !== undefined || focus.incident === 'controller-none:controller') session.open('brokers');
}

function openObject(session: Session, { connector, topic, group }: Target): void {
  if (connector !== undefined) session.open('tasks', { connector });
  else if (topic !== undefined) session.open('partitions', { topic });
  else if (group !== undefined) session.open('group', { group });
}

function openTask(session: Session, focus: Target, isWithoutTasks: boolean): void {
  if (focus.connector === undefined) return;
  session.open('trace', { connector: focus.connector, ...(focus.task === undefined || isWithoutTasks ? {} : { task: focus.task }) });
}

function openRecord(session: Session, pane: PaneId): void {
  const { view, tail } = session;
  const sequence = view.cursorId === null || view.isFollowing ? tail?.move(view, null, 0) : Number(view.cursorId);
  if (sequence === null || sequence === undefined) return;
  // The list must not run on while one record is read.
  session.updateView({
    cursorId: String(sequence),
    isFollowing: false,
    top: Math.max(0, sequence - Math.floor(session.viewport.height / 2)),
  });
  session.open(pane, { ...view.target, record: sequence });
}

function toggled(set: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Who knows of it says so, and may say why: the note is kept in the action log. A second time takes it back. */
function acknowledge(session: Session, id: string): void {
  const incident = session.current().data.incidents.find((one) => one.id === id);
  if (!incident) return;
  const isTaken = session.ui.acknowledged.has(id);
  const settle = (note: string) => {
    session.update({ acknowledged: toggled(session.ui.acknowledged, id) });
    session.actionLog.add(
      {
        action: 'incident.acknowledge',
        target: incident.what,
        request: isTaken ? 'takes the acknowledgement back' : 'acknowledges',
        before: `${incident.state}: ${incident.cause}`,
        result: 'ok',
        detail: note === '' ? null : note,
        durationMs: 0,
      },
      session.clock.wallMs(),
    );
  };
  if (isTaken) settle('');
  else
    session.openDialog(
      textDialog({
        title: 'acknowledge',
        lines: [line(`${incident.what} ${incident.state}`), line('It is dimmed and not counted until it is over.', 'dim')],
        label: 'note:',
        verb: 'acknowledge',
        onText: settle,
      }),
    );
}

const LEAST_LEVELS: readonly LogLevel[] = ['TRACE', 'INFO', 'WARN', 'ERROR'];

export const PANE_COMMANDS: readonly Command[] = [
  command({
    id: 'row.open',
    keys: ['enter'],
    title: 'open',
    help: 'Open what the cursor is on.',
    scopes: [
      'home',
      'connectors',
      'tasks',
      'brokers',
      'topics',
      'what-if',
      'reassignments',
      'groups',
      'schemas',
      'subject',
      'plugins',
      'workers',
      'bulk',
      'actions',
      'users',
      'tail',
      'dlq',
    ],
    hint: 10,
    disabledReason: nothingHere,
    run: (context) => OPENERS[context.session.view.pane]?.(context),
  }),
  command({
    id: 'text.fold',
    keys: ['enter'],
    title: 'fold',
    help: 'Fold or unfold: frames of the framework, the JSON under the cursor.',
    scopes: ['trace', 'record'],
    hint: 10,
    run: ({ session }) => {
      if (session.view.pane === 'record') toggleFold(session);
      else session.updateView({ isUnfolded: !session.view.isUnfolded });
    },
  }),
  command({
    id: 'log.level',
    keys: ['L'],
    title: 'level',
    help: 'Leave out what is below INFO, WARN, ERROR; again shows all.',
    scopes: ['log'],
    hint: 22,
    disabledReason: needsConnect,
    run: ({ session }) => {
      const next = LEAST_LEVELS[(LEAST_LEVELS.indexOf(session.view.leastLevel) + 1) % LEAST_LEVELS.length]!;
      session.updateView({ leastLevel: next, matchAt: null });
    },
  }),
  command({
    id: 'text.wrap',
    keys: ['w'],
    title: 'wrap',
    help: 'Wrap long lines.',
    scopes: ['text'],
    hint: 45,
    run: ({ session }) => session.updateView({ isWrapped: !session.view.isWrapped, left: 0 }),
  }),
  command({
    id: 'incident.acknowledge',
    keys: ['a'],
    title: 'ack',
    help: 'Acknowledge: dimmed and not counted until it is over.',
    scopes: ['home'],
    hint: 35,
    disabledReason: ({ focus }) => (focus.incident === undefined ? 'there is no incident' : null),
    run: ({ session, focus }) => acknowledge(session, focus.incident!),
  }),
];
