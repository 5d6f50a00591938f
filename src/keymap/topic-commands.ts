/** Topics made, grown, emptied, deleted. */
import { formatBytes, formatCount, plural } from '../base/format.ts';
import type { TopicRow } from '../cluster/cluster-model.ts';
import { addPartitionsStep, createTopicStep, deleteRecordsStep, deleteTopicStep } from '../store/cluster-steps.ts';
import { line, textDialog } from '../store/dialog.ts';
import { lineOf } from '../store/line-edit.ts';
import { newTopicOf } from '../store/new-topic-words.ts';
import { gateBulk } from './bulk-gate.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { gate } from './gate.ts';
import { needsKafka } from './needs.ts';
import { topicRow, topicsOf } from './topic-targets.ts';

function topicFacts(row: TopicRow | null): string {
  if (row === null) return '';
  return `${plural(row.info.partitions.length, 'partition')} · ${formatCount(row.endOffset)} records ever · ${formatBytes(row.sizeBytes)}`;
}

function deleteTopics(context: CommandContext): void {
  const names = topicsOf(context);
  const users = (name: string) =>
    context.session.connect?.data.connectors.filter(({ topics }) => topics.includes(name)).map((one) => one.name) ?? [];
  gateBulk(context, {
    job: {
      title: names.length === 1 ? `delete topic ${names[0]}` : `delete ${plural(names.length, 'topic')}`,
      verb: 'delete',
      noun: 'topic',
      danger: 3,
      targets: names.map((topic) => ({ id: topic, target: { topic } })),
      run: async ({ id }, bulk) => {
        const { outcome, message, undo } = await context.operations.perform(deleteTopicStep(id), { undoOf: null, bulk });
        return { outcome, detail: message, undo };
      },
    },
    describe: ({ id }) => topicFacts(topicRow(context, id)),
    more: [
      line('All records go, for good: there is no undo.', 'fail'),
      ...names.flatMap((name) => (users(name).length === 0 ? [] : [line(`${name} is used by ${users(name).join(', ')}`, 'warn')])),
    ],
  });
}

function deleteRecords(context: CommandContext): void {
  const { focus, session } = context;
  const { topic, partition } = focus;
  if (topic === undefined || partition === undefined) return;
  const place = { topic, partition };
  const bounds = session.cluster?.data.bounds;
  const [first, end] =
    bounds?.topic === topic ? [bounds.earliest.get(partition) ?? null, bounds.latest.get(partition) ?? null] : [null, null];
  if (first === null || end === null) {
    session.flash('warn', `the offsets of ${topic} p${partition} are not known now: nothing was done`);
    return;
  }
  session.openDialog(
    textDialog({
      title: `delete records of ${topic} p${partition}`,
      lines: [line(`It holds ${first} … ${end}. Records before the offset go.`)],
      label: 'before offset:',
      verb: 'look at what follows',
      typed: lineOf(String(end)),
      onText: (text) => {
        const offset = /^\d{1,19}$/.test(text) ? BigInt(text) : null;
        if (offset === null || offset <= first || offset > end) {
          session.flash('warn', `"${text}" is no offset between ${first + 1n} and ${end}: nothing was done`);
          return;
        }
        gate(
          context,
          {
            danger: 3,
            title: `delete records of ${topic} p${partition}?`,
            lines: [line(`${plural(Number(offset - first), 'offset')}, ${first} … ${offset - 1n}, go for good: there is no undo.`, 'fail')],
            verb: 'delete',
            name: topic,
          },
          () => void context.operations.run(deleteRecordsStep(place, offset)),
        );
      },
    }),
  );
}

function addPartitions(context: CommandContext): void {
  const { session, focus, args } = context;
  const row = focus.topic === undefined ? null : topicRow(context, focus.topic);
  const total = Number(args[0]);
  const now = row?.info.partitions.length ?? 0;
  if (!row || !Number.isInteger(total) || total <= now) {
    session.flash(
      'warn',
      row
        ? `how many in all? ${row.info.name} has ${now}: :add-partitions ${row.info.name} ${now + 1}`
        : 'which topic? :add-partitions NAME TOTAL',
    );
    return;
  }
  const { name } = row.info;
  gate(
    context,
    {
      danger: 3,
      title: `give ${name} ${total} partitions?`,
      lines: [
        line(`It has ${now}. Partitions never go again: there is no undo.`, 'warn'),
        line('Keys go to other partitions from then on: their order across the change is lost.', 'warn'),
      ],
      verb: 'add',
      name,
    },
    () => void context.operations.run(addPartitionsStep(name, total)),
  );
}

function createTopic(context: CommandContext): void {
  const { session, args } = context;
  const asked = newTopicOf(args);
  if (typeof asked === 'string') {
    session.flash('warn', asked);
    return;
  }
  const { name, partitions, replicationFactor, configs = {} } = asked;
  const orDefault = (count: number) => (count < 0 ? "the brokers' default" : String(count));
  gate(
    context,
    {
      danger: 1,
      title: `create topic ${name}?`,
      lines: [
        line(`partitions ${orDefault(partitions)} · replication ${orDefault(replicationFactor)}`),
        ...Object.entries(configs).map(([key, value]) => line(`${key} = ${value}`)),
      ],
      verb: 'create',
      name,
    },
    () => void context.operations.run(createTopicStep(asked)),
  );
}

const needsTopic = (context: CommandContext): string | null =>
  needsKafka(context) ?? (topicsOf(context).length === 0 ? 'put the cursor on a topic first, or name it' : null);

export const TOPIC_COMMANDS: readonly Command[] = [
  command({
    id: 'topic.delete',
    keys: ['ctrl-d'],
    title: 'delete',
    help: 'Delete the topic with all its records; its name must be typed.',
    scopes: ['topics'],
    hint: 42,
    danger: 3,
    isMutating: true,
    isBulk: true,
    words: ['delete-topic'],
    argument: 'topic',
    disabledReason: needsTopic,
    run: deleteTopics,
  }),
  command({
    id: 'records.delete',
    keys: ['ctrl-d'],
    title: 'delete records',
    help: "Delete a partition's records before an offset; the topic's name must be typed.",
    scopes: ['partitions'],
    hint: 42,
    danger: 3,
    isMutating: true,
    disabledReason: (context) =>
      needsKafka(context) ?? (context.focus.partition === undefined ? 'put the cursor on a partition first' : null),
    run: deleteRecords,
  }),
  command({
    id: 'topic.add-partitions',
    title: 'add partitions',
    help: 'More partitions for a topic: :add-partitions NAME TOTAL.',
    danger: 3,
    isMutating: true,
    words: ['add-partitions'],
    argument: 'topic',
    disabledReason: needsKafka,
    run: addPartitions,
  }),
  command({
    id: 'topic.create',
    title: 'create topic',
    help: 'A new topic: :create-topic NAME [partitions=6] [replication=3] [retention.ms=…].',
    danger: 1,
    isMutating: true,
    words: ['create-topic'],
    disabledReason: needsKafka,
    run: createTopic,
  }),
];
