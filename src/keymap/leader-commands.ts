/** Acting on who leads and who holds what: elections, moves of replicas taken back. */
import { formatBytes, plural } from '../base/format.ts';
import { cancelMovesStep, electStep, type Place, placesText } from '../store/cluster-steps.ts';
import { type DialogLine, line, type MenuItem, menuDialog } from '../store/dialog.ts';
import type { Step } from '../store/step.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { gate } from './gate.ts';
import { needsKafka } from './needs.ts';
import { topicRow, topicRows, topicsOf } from './topic-targets.ts';

/** Marked partitions, else the one under the cursor. */
function chosenPlaces({ targets, focus }: CommandContext): readonly Place[] {
  return (targets.length > 0 ? targets : [focus]).flatMap(({ topic, partition }) =>
    topic === undefined || partition === undefined ? [] : [{ topic, partition }],
  );
}

/** In the list of partitions only those that are marked or under the cursor are meant. */
function placesOf(context: CommandContext): readonly Place[] {
  const single = chosenPlaces(context);
  if (context.session.view.pane === 'partitions' && single.length > 0) return single;
  return topicsOf(context).flatMap(
    (topic) => topicRow(context, topic)?.info.partitions.map(({ partition }) => ({ topic, partition })) ?? [],
  );
}

/** Runs a step and says how it went when that is more than that it went. */
async function perform({ operations, session }: CommandContext, toStep: (onDone: (summary: string) => void) => Step): Promise<void> {
  let told: string | null = null;
  const step = toStep((summary) => {
    told = summary;
  });
  if ((await operations.run(step)) && told !== null) session.flash(/refused/.test(told) ? 'warn' : 'info', `${step.title}: ${told}`);
}

function electMenu(context: CommandContext): void {
  const { session } = context;
  const places = placesOf(context);
  const infoOf = ({ topic, partition }: Place) => topicRow(context, topic)?.info.partitions.find((one) => one.partition === partition);
  const off = places.filter((place) => {
    const info = infoOf(place);
    return info !== undefined && info.leader !== info.replicas[0];
  });
  const leaderless = places.filter((place) => infoOf(place)?.leader === -1);
  const [first] = places;
  const what = topicsOf(context).length > 1 ? `${topicsOf(context).length} topics` : first ? placesText(places) : '';
  const elsewhere = topicRows(context).reduce(
    (sum, { info }) => sum + info.partitions.filter((one) => one.leader !== one.replicas[0]).length,
    0,
  );
  const items: MenuItem[] = [
    {
      key: 'p',
      label: 'preferred here',
      detail:
        places.length === 0
          ? 'no topic is under the cursor'
          : off.length === 0
            ? 'each is led by its first replica'
            : `${plural(off.length, 'partition')} led by another replica`,
      isDisabled: off.length === 0,
      run: () => electPreferred(context, what, off),
    },
    {
      key: 'a',
      label: 'preferred everywhere',
      detail: elsewhere === 0 ? 'each is led by its first replica' : `${plural(elsewhere, 'partition')} of the cluster`,
      isDisabled: elsewhere === 0,
      run: () => electPreferred(context, 'all topics', null),
    },
    {
      key: 'u',
      label: 'unclean',
      detail:
        leaderless.length === 0
          ? 'none is without a leader'
          : `${plural(leaderless.length, 'partition')} without a leader: records are lost`,
      isDisabled: leaderless.length === 0,
      run: () => electUnclean(context, leaderless),
    },
  ];
  session.openDialog(menuDialog({ title: `elect leaders${what === '' ? '' : ` of ${what}`}`, lines: [], items }));
}

function electPreferred(context: CommandContext, name: string, places: readonly Place[] | null): void {
  gate(
    context,
    {
      danger: places !== null && places.length === 1 ? 1 : 2,
      title: `elect preferred leaders of ${name}?`,
      lines: [
        line(
          places === null
            ? 'Every partition whose first replica is in sync is led by it.'
            : `${placesText(places)}: the first replica leads, where it is in sync.`,
        ),
        line('Producers and consumers of what moves wait for a moment.', 'dim'),
      ],
      verb: 'elect',
      name,
    },
    () => void perform(context, (onDone) => electStep('preferred', { name, places }, onDone)),
  );
}

/** One topic at a time: its name is typed. */
function electUnclean(context: CommandContext, leaderless: readonly Place[]): void {
  const topics = [...new Set(leaderless.map(({ topic }) => topic))];
  const [topic] = topics;
  if (topic === undefined) return;
  const places = leaderless.filter((one) => one.topic === topic);
  const { session } = context;
  const alive = new Set(session.cluster?.data.brokers.flatMap(({ id, isUp }) => (isUp ? [id] : [])) ?? []);
  const lines: DialogLine[] = places.slice(0, 8).map((place) => {
    const info = topicRow(context, topic)?.info.partitions.find(({ partition }) => partition === place.partition);
    const candidates = info?.replicas.filter((id) => alive.has(id)) ?? [];
    return candidates.length === 0
      ? line(`p${place.partition}: no replica is up: nobody can lead`, 'fail')
      : line(`p${place.partition}: ${sizesText(context, place, candidates)}`);
  });
  gate(
    context,
    {
      danger: 3,
      title: `unclean election of ${topic}?`,
      lines: [
        line('A replica that lacks records becomes the leader. What it lacks is lost for good; there is no undo.', 'fail'),
        line('A broker that comes back with all records would need no such election.', 'dim'),
        ...lines,
        ...(places.length > 8 ? [line(`… and ${places.length - 8} more`, 'dim')] : []),
        ...(topics.length > 1 ? [line(`of ${topics.length} topics this one first`, 'dim')] : []),
      ],
      verb: 'elect',
      name: topic,
    },
    () => void perform(context, (onDone) => electStep('unclean', { name: topic, places }, onDone)),
  );
}

/** `2 with 12 kB, 3 with 9 kB`: what each candidate has. */
function sizesText({ session }: CommandContext, { topic, partition }: Place, candidates: readonly number[]): string {
  const replicas = session.cluster?.data.disks?.replicas(topic, partition) ?? [];
  const sizeOf = (id: number) => replicas.find(({ brokerId, isFuture }) => brokerId === id && !isFuture)?.sizeBytes ?? null;
  return `can be led by ${candidates.map((id) => `${id} (${formatBytes(sizeOf(id))})`).join(', ')}`;
}

function cancelMoves(context: CommandContext): void {
  const moves = chosenPlaces(context);
  if (moves.length === 0) return;
  gate(
    context,
    {
      danger: 2,
      title: `take back ${plural(moves.length, 'move')}?`,
      lines: [
        line(placesText(moves)),
        line('New replicas are dropped, the old ones stay. What was copied is copied again next time.', 'dim'),
      ],
      verb: 'take back',
      name: placesText(moves),
    },
    () => void perform(context, (onDone) => cancelMovesStep(moves, onDone)),
  );
}

export const LEADER_COMMANDS: readonly Command[] = [
  command({
    id: 'leaders.elect',
    keys: ['ctrl-p'],
    title: 'elect',
    help: 'Elect leaders: preferred ones here or everywhere, or an unclean one where none is left.',
    scopes: ['topics', 'partitions', 'brokers', 'what-if'],
    hint: 32,
    danger: 2,
    isMutating: true,
    isBulk: true,
    words: ['elect'],
    argument: 'topic',
    disabledReason: needsKafka,
    run: electMenu,
  }),
  command({
    id: 'reassignments.cancel',
    keys: ['ctrl-d'],
    title: 'take back',
    help: 'Take the move back: new replicas are dropped, the old ones stay.',
    scopes: ['reassignments'],
    hint: 12,
    danger: 2,
    isMutating: true,
    isBulk: true,
    disabledReason: (context) => needsKafka(context) ?? (context.focus.partition === undefined ? 'put the cursor on a move first' : null),
    run: cancelMoves,
  }),
];
