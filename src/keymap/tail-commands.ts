/** Commands of tails: where they begin, freezing, following. */
import type { TailStart } from '../cluster/tail-start.ts';
import type { Session } from '../store/session.ts';
import { openPrompt } from '../store/ui-state.ts';
import { isTail, type Target } from '../store/view.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { closestName, namesOf } from './command-line.ts';
import { needsKafka } from './needs.ts';
import { parseStart, parseTailWords } from './tail-words.ts';

const USAGE = ':tail NAME [NAME…] [p=0,2-4] [o=begin|end|-100|12345] [t=-15m|11:00]';

/** Names behind the first topic: each must be known, or the beginning of one that is. */
function topicsOf({ session, focus }: CommandContext, more: readonly string[]): { topics: string[]; problem: string | null } {
  const known = namesOf(session)('topic') ?? [];
  const topics = new Set([focus.topic!]);
  for (const name of more) {
    const found = closestName(name, known);
    if (found === null) return { topics: [], problem: `there is no topic "${name}"` };
    topics.add(found);
  }
  return { topics: [...topics], problem: null };
}

function tailTopic(context: CommandContext): void {
  const { session, focus, args } = context;
  if (focus.topic === undefined) {
    session.flash('warn', `which topic? ${USAGE}`);
    return;
  }
  const words = parseTailWords(args, session.clock.wallMs());
  const { topics, problem } = topicsOf(context, words.names);
  if (words.problem !== null || problem !== null) {
    session.flash('warn', words.problem ?? problem!);
    return;
  }
  const underCursor = session.view.pane === 'partitions' && args.length === 0 && focus.partition !== undefined ? [focus.partition] : null;
  const partitions = words.partitions ?? underCursor;
  session.open('tail', tailTarget({ topics }, partitions), { tailStart: words.start, isCommittedOnly: words.isCommittedOnly });
}

/** Of a row of one group, its topic; of a group, all that it reads. */
function groupTopics({ cluster }: Session, { group, topic }: Target): readonly string[] {
  if (topic !== undefined) return [topic];
  return cluster?.data.groups?.find((row) => row.groupId === group)?.topics ?? [];
}

function tailTarget({ partitions: _, ...target }: Target, partitions: readonly number[] | null): Target {
  return { ...target, ...(partitions === null ? {} : { partitions }) };
}

/** `:seek -100`, `:seek 11:00 p=2`: the same topics, read anew. */
function seek({ session, args }: CommandContext): void {
  const { view, clock } = session;
  const nowMs = clock.wallMs();
  const words = parseTailWords(args, nowMs);
  const places = words.names.map((name) => ({ name, start: parseStart(name, nowMs) }));
  const wrong = places.find(({ start }) => start === null) ?? places[1];
  if (words.problem !== null || wrong) {
    session.flash('warn', words.problem ?? `"${wrong!.name}" is none of end, begin, -100, an offset, -15m, 11:00`);
    return;
  }
  const start: TailStart = places[0]?.start ?? words.start ?? view.tailStart ?? 'end';
  const partitions = words.partitions ?? view.target.partitions ?? null;
  session.restartTail(start, {
    target: tailTarget(view.target, partitions),
    isCommittedOnly: words.isCommittedOnly || view.isCommittedOnly,
  });
}

function freeze(session: Session): void {
  const { view, tail } = session;
  if (isTail(view.pane))
    session.updateView(
      view.frozenAt === null ? { frozenAt: tail?.tail.ring.endSequence ?? 0 } : { frozenAt: null, isFollowing: true, cursorId: null },
    );
  else session.updateView({ isFollowing: !view.isFollowing });
}

export const TAIL_COMMANDS: readonly Command[] = [
  command({
    id: 'topic.tail',
    keys: ['t'],
    title: 'tail',
    help: 'Follow the topic, or the partition under the cursor.',
    scopes: ['topics', 'partitions'],
    hint: 20,
    words: ['tail', 'tl'],
    argument: 'topic',
    disabledReason: needsKafka,
    run: tailTopic,
  }),
  command({
    id: 'group.tail',
    keys: ['t'],
    title: 'tail',
    help: 'Follow the topics of the group, or the partition under the cursor; not as a member.',
    scopes: ['groups', 'group'],
    hint: 20,
    disabledReason: (context) =>
      needsKafka(context) ?? (groupTopics(context.session, context.focus).length > 0 ? null : 'no topic of this group is known'),
    run: ({ session, focus }) =>
      session.open('tail', tailTarget({ topics: groupTopics(session, focus) }, focus.partition === undefined ? null : [focus.partition])),
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
    id: 'tail.seek',
    keys: ['o'],
    title: 'go to',
    help: 'Read from another place: -100, 12345, -15m, 11:00, begin.',
    scopes: ['tail'],
    hint: 24,
    words: ['seek'],
    disabledReason: ({ session }) => (isTail(session.view.pane) ? null : 'open a tail first: t on a topic, or :tail NAME'),
    run: (context) => {
      if (context.args.length > 0) seek(context);
      else context.session.update({ prompt: openPrompt('command', 'seek ') });
    },
  }),
];
