/** Opening things, and commands of single panes: topics, tails, logs, incidents. */

import type { TailStart } from '../cluster/tail.ts';
import { parseTime } from '../store/offset-plan.ts';
import type { Session } from '../store/session.ts';
import { isTail, type PaneId, type Target } from '../store/view.ts';
import { type Command, type CommandContext, command } from './command.ts';

/** What Enter opens, by the pane in sight. */
const OPENERS: Readonly<Partial<Record<PaneId, (context: CommandContext) => void>>> = {
  home: ({ session, focus }) => openIncident(session, focus),
  connectors: ({ session, focus }) => {
    if (focus.connector !== undefined) session.open('tasks', { connector: focus.connector });
  },
  tasks: ({ session, focus, operations }) => openTask(session, focus, operations.row(focus.connector ?? '')?.tasks.length === 0),
  topics: ({ session, focus }) => {
    if (focus.topic !== undefined) session.open('partitions', { topic: focus.topic });
  },
  groups: ({ session, focus }) => {
    if (focus.group !== undefined) session.open('group', { group: focus.group });
  },
  plugins: ({ session, focus }) => {
    if (focus.plugin !== undefined) session.open('plugin', { plugin: focus.plugin });
  },
  actions: ({ session, focus }) => {
    if (focus.action !== undefined) session.open('action', { action: focus.action });
  },
  tail: ({ session }) => openRecord(session, 'record'),
  dlq: ({ session }) => openRecord(session, 'dead-letter'),
};

function openIncident(session: Session, focus: Target): void {
  if (focus.connector !== undefined) session.open('tasks', { connector: focus.connector });
  else if (focus.topic !== undefined) session.open('partitions', { topic: focus.topic });
  else if (focus.broker !== undefined || focus.incident === 'controller') session.open('brokers');
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

/** `from=end|begin|-100|12345|time`, `p=3`. */
export function parseTailWords(
  words: readonly string[],
  nowMs: number,
): { partition: number | null; start: TailStart | null; problem: string | null } {
  let partition: number | null = null;
  let start: TailStart | null = null;
  for (const word of words) {
    const [name, value = ''] = word.split(/=(.*)/s);
    if (name === 'p' && /^\d+$/.test(value)) partition = Number(value);
    else if (name === 'from' || name === 'o') {
      start = parseStart(value, nowMs);
      if (start === null) return { partition, start, problem: `from=${value} is none of end, begin, -100, an offset, -15m, 11:00` };
    } else return { partition, start, problem: `"${word}" is not understood here: p=3 and from=-100 are` };
  }
  return { partition, start, problem: null };
}

function parseStart(value: string, nowMs: number): TailStart | null {
  if (value === 'end' || value === '') return 'end';
  if (value === 'begin' || value === 'beginning' || value === 'earliest') return 'beginning';
  if (/^(end)?-\d+$/.test(value)) return { last: Number(value.replace(/^end/, '').slice(1)) };
  if (/^\d{1,11}$/.test(value)) return { offset: BigInt(value) };
  const timestampMs = parseTime(value, nowMs);
  return timestampMs === null ? null : { timestampMs };
}

function tailTopic({ session, focus, args }: CommandContext): void {
  if (focus.topic === undefined) {
    session.flash('warn', 'which topic? :tail NAME [p=3] [from=-100]');
    return;
  }
  const { partition, start, problem } = parseTailWords(args, session.clock.wallMs());
  if (problem !== null) {
    session.flash('warn', problem);
    return;
  }
  const one = partition ?? (session.view.pane === 'partitions' ? (focus.partition ?? null) : null);
  session.open('tail', { topics: [focus.topic], ...(one === null ? {} : { partition: one }) }, start === null ? {} : { tailStart: start });
}

function freeze(session: Session): void {
  const { view, tail } = session;
  if (isTail(view.pane))
    session.updateView(
      view.frozenAt === null ? { frozenAt: tail?.tail.ring.endSequence ?? 0 } : { frozenAt: null, isFollowing: true, cursorId: null },
    );
  else session.updateView({ isFollowing: !view.isFollowing });
}

export const PANE_COMMANDS: readonly Command[] = [
  command({
    id: 'row.open',
    keys: ['enter'],
    title: 'open',
    help: 'Open what the cursor is on.',
    scopes: ['home', 'connectors', 'tasks', 'topics', 'groups', 'plugins', 'actions', 'tail', 'dlq'],
    hint: 10,
    run: (context) => OPENERS[context.session.view.pane]?.(context),
  }),
  command({
    id: 'topic.tail',
    keys: ['t'],
    title: 'tail',
    help: 'Follow the topic, or the partition under the cursor.',
    scopes: ['topics', 'partitions'],
    hint: 20,
    words: ['tail', 'tl'],
    argument: 'topic',
    disabledReason: ({ session }) => (session.context.hasKafka ? null : 'no Kafka cluster is configured for this console'),
    run: tailTopic,
  }),
  command({
    id: 'tail.freeze',
    keys: ['space', 'p'],
    title: 'freeze',
    help: 'Freeze what is shown; reading goes on meanwhile.',
    scopes: ['tail', 'log'],
    hint: 20,
    words: ['freeze'],
    run: ({ session }) => freeze(session),
  }),
  command({
    id: 'tail.follow',
    keys: ['f'],
    title: 'follow',
    help: 'Go to the newest and follow.',
    scopes: ['tail', 'log'],
    hint: 21,
    run: ({ session }) => session.updateView({ frozenAt: null, isFollowing: true, cursorId: null }),
  }),
  command({
    id: 'tail.headers',
    keys: ['h'],
    title: 'headers',
    help: 'Show the headers of records in the list.',
    scopes: ['tail'],
    hint: 25,
    disabledReason: ({ session }) => (session.view.pane === 'dlq' ? 'open the record (⏎): its headers are there' : null),
    run: ({ session }) => session.updateView({ hasHeaders: !session.view.hasHeaders }),
  }),
  command({
    id: 'tail.from-start',
    keys: ['b'],
    title: 'from start',
    help: 'Read the topic from its beginning.',
    scopes: ['tail'],
    hint: 26,
    run: ({ session }) => session.restartTail('beginning'),
  }),
  command({
    id: 'tail.from-last',
    keys: ['B'],
    title: 'last 500',
    help: 'Read the last 500 records, then follow.',
    scopes: ['tail'],
    hint: 27,
    run: ({ session }) => session.restartTail({ last: 500 }),
  }),
  command({
    id: 'tail.from-end',
    keys: ['e'],
    title: 'from end',
    help: 'Forget what was read and follow from the end.',
    scopes: ['tail'],
    hint: 28,
    run: ({ session }) => session.restartTail('end'),
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
    run: ({ session, focus }) => {
      const acknowledged = new Set(session.ui.acknowledged);
      if (!acknowledged.delete(focus.incident!)) acknowledged.add(focus.incident!);
      session.update({ acknowledged });
    },
  }),
  command({
    id: 'table.faults',
    keys: ['!'],
    title: 'faults only',
    help: 'Show only what is not well.',
    scopes: ['connectors', 'tasks', 'topics', 'partitions', 'groups', 'brokers'],
    hint: 50,
    words: ['faults'],
    run: ({ session }) => session.updateView({ isFaultsOnly: !session.view.isFaultsOnly }),
  }),
];
