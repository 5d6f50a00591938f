/** Looking at a cluster: settings, what would be lost with brokers, moves of replicas, the metadata quorum. */
import { type Command, type CommandContext, command } from './command.ts';
import { needsKafka } from './needs.ts';

/** Marked brokers, else those that were named, else the one under the cursor. */
function brokersOf({ targets, focus, args, session }: CommandContext): readonly number[] {
  const named = args.flatMap((word) => word.split(',')).filter((word) => /^\d+$/.test(word));
  const marked = targets.flatMap(({ broker }) => (broker === undefined ? [] : [broker]));
  const focused = session.view.pane === 'brokers' && focus.broker !== undefined ? [focus.broker] : [];
  const ids = named.length > 0 ? named.map(Number) : marked.length > 0 ? marked : focused;
  return [...new Set(ids)].sort((a, b) => a - b);
}

function whatIf(context: CommandContext): void {
  const { session } = context;
  const lost = brokersOf(context);
  const known = new Set(session.cluster?.data.brokers.map(({ id }) => id) ?? []);
  const unknown = lost.filter((id) => !known.has(id));
  if (lost.length === 0) session.flash('warn', 'which brokers? mark them (Space), or :what-if 1 2');
  else if (unknown.length > 0) session.flash('warn', `there is no broker ${unknown.join(', ')}; there are ${[...known].join(', ')}`);
  else session.open('what-if', { lost });
}

function brokerSettings({ session, focus, args }: CommandContext): void {
  const ids = session.cluster?.data.brokers.map(({ id }) => id) ?? [];
  const [word = focus.broker === undefined ? '' : String(focus.broker)] = args;
  const broker = ids.find((id) => String(id) === word);
  if (broker !== undefined) session.open('settings', { broker });
  else session.flash('warn', word === '' ? 'which broker? :broker ID' : `there is no broker ${word}; there are ${ids.join(', ')}`);
}

export const CLUSTER_COMMANDS: readonly Command[] = [
  command({
    id: 'brokers.what-if',
    keys: ['ctrl-k'],
    title: 'what if',
    help: 'What becomes of the partitions when the marked brokers are lost.',
    scopes: ['brokers'],
    hint: 12,
    words: ['what-if', 'whatif'],
    isBulk: true,
    disabledReason: needsKafka,
    run: whatIf,
  }),
  command({
    id: 'settings.show',
    keys: ['e'],
    title: 'settings',
    help: 'Settings of the topic or broker: values, where they come from.',
    scopes: ['topics', 'partitions', 'brokers'],
    hint: 22,
    words: ['settings'],
    argument: 'topic',
    disabledReason: needsKafka,
    run: (context) => {
      const { session, focus } = context;
      if (focus.topic !== undefined) session.open('settings', { topic: focus.topic });
      else if (focus.broker !== undefined) brokerSettings(context);
      else session.flash('warn', 'which topic? :settings NAME; of a broker :broker ID');
    },
  }),
  command({
    id: 'go.broker',
    title: 'broker',
    help: 'Settings of a broker.',
    words: ['broker'],
    disabledReason: needsKafka,
    run: brokerSettings,
  }),
  command({
    id: 'reassignments.show',
    keys: ['m'],
    title: 'moves',
    help: 'Replicas on their way to other brokers, with progress.',
    scopes: ['brokers', 'topics', 'partitions'],
    hint: 30,
    words: ['reassignments', 'moves'],
    disabledReason: needsKafka,
    run: ({ session }) => session.open('reassignments'),
  }),
  command({
    id: 'quorum.show',
    keys: ['v'],
    title: 'quorum',
    help: 'Voters and observers of the metadata quorum, and how far behind they are.',
    scopes: ['brokers'],
    hint: 24,
    words: ['quorum'],
    disabledReason: needsKafka,
    run: ({ session }) => session.open('quorum'),
  }),
  command({
    id: 'topics.internals',
    keys: ['.'],
    title: 'internals',
    help: 'Hide or show topics that Kafka and its kin keep for themselves.',
    scopes: ['topics'],
    hint: 40,
    words: ['internals'],
    disabledReason: needsKafka,
    run: ({ session }) => session.updateView({ hidesInternals: !session.view.hidesInternals }),
  }),
];
