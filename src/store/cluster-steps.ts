/** What is done to topics and their replicas: elections, moves taken back, topics made, grown, emptied and deleted. */
import { formatRanges, plural } from '../base/format.ts';
import type { Admin, NewTopic, PartitionOutcome } from '../kafka/contract.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { Step } from './step.ts';

export type Place = TopicPartition;

type Base = Pick<Step, 'change' | 'before'>;
const BASE: Base = { change: null, before: null };

/** `orders p0-3, payments p1`. */
export function placesText(places: readonly TopicPartition[]): string {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of places) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
  return [...byTopic].map(([topic, list]) => `${topic} p${formatRanges(list.toSorted((a, b) => a - b))}`).join(', ');
}

/** Kafka's names for «nothing to do here». */
const NEEDLESS = ['ELECTION_NOT_NEEDED', 'NO_REASSIGNMENT_IN_PROGRESS'];

/** Throws when nothing was done and something was refused; else says how many were done, needed nothing, were refused, and why. */
function summary(verb: string, outcomes: readonly PartitionOutcome[]): string {
  const done = outcomes.filter(({ error }) => error === null);
  const refused = outcomes.filter(({ error }) => error !== null && !NEEDLESS.includes(error));
  const needless = outcomes.length - done.length - refused.length;
  const reasons = new Map<string, PartitionOutcome[]>();
  for (const one of refused) reasons.set(one.error!, [...(reasons.get(one.error!) ?? []), one]);
  const why = [...reasons].map(([error, list]) => `${placesText(list)}: ${error}`).join('; ');
  if (refused.length > 0 && done.length === 0) throw new Error(why);
  return [
    `${plural(done.length, 'partition')} ${verb}`,
    ...(needless > 0 ? [`${needless} needed nothing`] : []),
    ...(refused.length > 0 ? [`${refused.length} refused: ${why}`] : []),
  ].join(', ');
}

/** `onDone` is told how it went, in words. */
export function electStep(
  type: 'preferred' | 'unclean',
  { name, places }: { readonly name: string; readonly places: readonly TopicPartition[] | null },
  onDone: (summary: string) => void,
): Step {
  return {
    ...BASE,
    action: type === 'preferred' ? 'leaders.elect' : 'leaders.elect-unclean',
    connector: name,
    title: `elect ${type} leaders of ${name}`,
    request: `ElectLeaders ${type} ${places === null ? 'all' : placesText(places)}`,
    call: async ({ admin }) => {
      const before = places === null ? null : await leadersOf(admin, places);
      const after = summary('elected', await admin.electLeaders(type, places));
      onDone(after);
      return { before, after, undo: null };
    },
  };
}

async function leadersOf(admin: Admin, places: readonly TopicPartition[]): Promise<string> {
  const topics = await admin.topics([...new Set(places.map(({ topic }) => topic))]);
  const leaderOf = ({ topic, partition }: TopicPartition) =>
    topics.find(({ name }) => name === topic)?.partitions.find((one) => one.partition === partition)?.leader ?? '?';
  return `leaders ${places.map((place) => `${place.topic} p${place.partition} ${leaderOf(place)}`).join(', ')}`;
}

export function cancelMovesStep(moves: readonly TopicPartition[], onDone: (summary: string) => void): Step {
  const name = placesText(moves);
  return {
    ...BASE,
    action: 'reassignments.cancel',
    connector: name,
    title: `take back the move of ${name}`,
    request: `AlterPartitionReassignments ${name} (cancel)`,
    call: async ({ admin }) => {
      const found = (await admin.reassignments()).filter((one) =>
        moves.some((move) => move.topic === one.topic && move.partition === one.partition),
      );
      const before = found
        .map((one) => `${one.topic} p${one.partition} adding ${one.adding.join(' ')} removing ${one.removing.join(' ')}`)
        .join(', ');
      const after = summary('taken back', await admin.alterReassignments(moves.map((move) => ({ ...move, replicas: null }))));
      onDone(after);
      return { before, after, undo: null };
    },
  };
}

/** There is no undo: its records are gone. */
export function deleteTopicStep(topic: string): Step {
  return {
    ...BASE,
    action: 'topic.delete',
    connector: topic,
    title: `delete topic ${topic}`,
    request: `DeleteTopics ${topic}`,
    call: async ({ admin }) => {
      const [info] = await admin.topics([topic]);
      const replicas = info?.partitions[0]?.replicas.length ?? 0;
      await admin.deleteTopics([topic]);
      return { before: `${plural(info?.partitions.length ?? 0, 'partition')}, replication ${replicas}`, after: null, undo: null };
    },
  };
}

export function createTopicStep(topic: NewTopic): Step {
  const { name, partitions, replicationFactor, configs = {} } = topic;
  const settings = Object.entries(configs).map(([key, value]) => `${key}=${value}`);
  return {
    ...BASE,
    action: 'topic.create',
    connector: name,
    title: `create topic ${name}`,
    request: `CreateTopics ${[name, `partitions ${partitions}`, `replication ${replicationFactor}`, ...settings].join(', ')}`,
    call: async ({ admin }) => {
      await admin.createTopics([topic]);
      return { after: 'created', undo: null };
    },
  };
}

/** Partitions never go again. */
export function addPartitionsStep(topic: string, total: number): Step {
  return {
    ...BASE,
    action: 'topic.add-partitions',
    connector: topic,
    title: `give ${topic} ${total} partitions`,
    request: `CreatePartitions ${topic} ${total}`,
    call: async ({ admin }) => {
      const before = (await admin.topics([topic]))[0]?.partitions.length ?? 0;
      await admin.createPartitions(topic, total);
      return { before: plural(before, 'partition'), after: plural(total, 'partition'), undo: null };
    },
  };
}

/** There is no undo. */
export function deleteRecordsStep(place: TopicPartition, offset: bigint): Step {
  return {
    ...BASE,
    action: 'records.delete',
    connector: `${place.topic} p${place.partition}`,
    title: `delete records of ${place.topic} p${place.partition} before ${offset}`,
    request: `DeleteRecords ${place.topic} p${place.partition} before ${offset}`,
    call: async ({ admin }) => {
      const [start] = await admin.listOffsets([place], 'earliest');
      await admin.deleteRecords([{ ...place, offset }]);
      return { before: `first offset ${start?.offset ?? '?'}`, after: `first offset ${offset}`, undo: null };
    },
  };
}
