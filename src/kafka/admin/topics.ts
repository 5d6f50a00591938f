/** Topics: list, create, delete, more partitions, delete records. */
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { ClusterLink } from '../cluster-link.ts';
import type { NewTopic, TopicInfo } from '../contract.ts';
import { byTopic } from '../group/by-topic.ts';
import { KafkaError, kafkaErrorFacts, kafkaErrorOf, toKafkaError } from '../kafka-error.ts';
import { listTopics } from '../topic-listing.ts';
import { createPartitionsMessage } from '../wire/messages/create-partitions.ts';
import { createTopicsMessage } from '../wire/messages/create-topics.ts';
import { deleteRecordsMessage } from '../wire/messages/delete-records.ts';
import { deleteTopicsMessage } from '../wire/messages/delete-topics.ts';
import {
  type AdminParts,
  CHANGE_TIMEOUT_MS,
  changing,
  isPassing,
  type Refusal,
  reading,
  throwIfPassing,
  throwIfRefused,
} from './admin-call.ts';

const NO_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAA';

export async function describeTopics(link: ClusterLink, names: readonly string[] | null): Promise<TopicInfo[]> {
  const options = reading(link);
  const { topics } = await link.retry(() => listTopics(link, names, options), options);
  return [...topics].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

interface Change<Item> {
  /** One attempt: an answer for each item. */
  readonly attempt: (
    items: readonly Item[],
    options: ReturnType<typeof changing>,
  ) => Promise<ReadonlyArray<Refusal & { readonly item: Item }>>;
  /** The refusal that says «already so»: after an attempt whose answer was lost it counts as done. */
  readonly doneBefore: string | null;
}

/** Sends what is left until nothing is, or time is up. Rejects with what was refused for good. */
async function change<Item>(
  link: ClusterLink,
  items: readonly Item[],
  brokerMs: number,
  { attempt, doneBefore }: Change<Item>,
): Promise<void> {
  const options = changing(link, brokerMs);
  const final: Refusal[] = [];
  let left = items;
  let isAnswerLost = false;
  await link.retry(async () => {
    const answers = await attempt(left, options).catch((error: unknown) => {
      isAnswerLost = true;
      throw error;
    });
    if (answers.some(({ errorCode }) => kafkaErrorFacts(errorCode).kafkaName === 'REQUEST_TIMED_OUT')) isAnswerLost = true;
    const isDone = (code: number) => code === 0 || (isAnswerLost && kafkaErrorFacts(code).kafkaName === doneBefore);
    const refused = answers.filter(({ errorCode }) => !isDone(errorCode));
    final.push(...refused.filter(({ errorCode }) => !isPassing(errorCode)));
    left = refused.filter(({ errorCode }) => isPassing(errorCode)).map(({ item }) => item);
    throwIfPassing(refused);
  }, options);
  throwIfRefused(final);
}

export function createTopics(link: ClusterLink, topics: readonly NewTopic[], timeoutMs: number = CHANGE_TIMEOUT_MS): Promise<void> {
  return change(link, topics, timeoutMs, {
    doneBefore: 'TOPIC_ALREADY_EXISTS',
    attempt: async (items, options) => {
      const wanted = items.map(({ name, partitions, replicationFactor, configs = {} }) => ({
        name,
        numPartitions: partitions,
        replicationFactor,
        assignments: [],
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      }));
      const reply = await link.send('controller', createTopicsMessage, { timeoutMs, validateOnly: false, topics: wanted }, options);
      return items.map((item) => ({ item, ...answerFor(item.name, reply.topics) }));
    },
  });
}

export function deleteTopics(link: ClusterLink, names: readonly string[], timeoutMs: number = CHANGE_TIMEOUT_MS): Promise<void> {
  return change(link, names, timeoutMs, {
    doneBefore: 'UNKNOWN_TOPIC_OR_PARTITION',
    attempt: async (items, options) => {
      const body = { timeoutMs, topicNames: items, topics: items.map((name) => ({ name, topicId: NO_TOPIC_ID })) };
      const reply = await link.send('controller', deleteTopicsMessage, body, options);
      return items.map((item) => ({ item, ...answerFor(item, reply.responses) }));
    },
  });
}

export function createPartitions(link: ClusterLink, topic: string, total: number): Promise<void> {
  return change(link, [topic], CHANGE_TIMEOUT_MS, {
    doneBefore: null,
    attempt: async ([name = topic], options) => {
      const body = { timeoutMs: CHANGE_TIMEOUT_MS, validateOnly: false, topics: [{ name, count: total, assignments: null }] };
      const reply = await link.send('controller', createPartitionsMessage, body, options);
      return [{ item: name, ...answerFor(name, reply.results) }];
    },
  });
}

function answerFor(
  name: string,
  answers: ReadonlyArray<{ readonly name: string | null; readonly errorCode: number; readonly errorMessage: string | null }>,
): Refusal {
  const answer = answers.find((one) => one.name === name);
  return { errorCode: answer?.errorCode ?? -1, errorMessage: answer?.errorMessage ?? null, subject: `topic "${name}"` };
}

type DeleteBefore = TopicPartition & { readonly offset: bigint };

/** At the leaders, all at once. Rejects when a partition was refused or could not be reached; the message tells of each. */
export async function deleteRecords({ link, metadata }: AdminParts, before: readonly DeleteBefore[]): Promise<void> {
  const options = changing(link, CHANGE_TIMEOUT_MS);
  const final: KafkaError[] = [];
  let left = before;
  await link.retry(async () => {
    await metadata.refresh([...new Set(left.map(({ topic }) => topic))]);
    const byLeader = new Map<number, DeleteBefore[]>();
    for (const one of left) {
      const { leader } = metadata.leader(one.topic, one.partition);
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), one]);
    }
    const answers = (await Promise.all([...byLeader].map(([leader, list]) => deleteAt(link, leader, list, metadata, options)))).flat();
    const failed = answers.flatMap(({ one, error }) => (error ? [{ one, error }] : []));
    final.push(...failed.filter(({ error }) => !isPassing(error.code)).map(({ error }) => error));
    const again = failed.filter(({ error }) => isPassing(error.code));
    left = again.map(({ one }) => one);
    if (again.length > 0) throw together(again.map(({ error }) => error));
  }, options);
  if (final.length > 0) throw together(final);
}

function together(errors: readonly KafkaError[]): KafkaError {
  const [first] = errors;
  if (first && errors.length === 1) return first;
  return new KafkaError(first?.kafkaName ?? 'UNKNOWN_SERVER_ERROR', errors.map(({ message }) => message).join('; '), { cause: first });
}

async function deleteAt(
  link: ClusterLink,
  leader: number,
  partitions: readonly DeleteBefore[],
  metadata: AdminParts['metadata'],
  options: ReturnType<typeof changing>,
): Promise<{ one: DeleteBefore; error: KafkaError | null }[]> {
  if (leader < 0) {
    return partitions.map((one) => {
      const missing = metadata.errorOf(one.topic);
      return { one, error: missing ?? withoutLeader(metadata, one) };
    });
  }
  const topics = [...byTopic(partitions)].map(([name, list]) => ({
    name,
    partitions: list.map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
  }));
  try {
    const reply = await link.send(leader, deleteRecordsMessage, { timeoutMs: CHANGE_TIMEOUT_MS, topics }, options);
    const codes = new Map(
      reply.topics.flatMap(({ name, partitions: list }) => list.map((p) => [`${name} ${p.partitionIndex}`, p.errorCode])),
    );
    return partitions.map((one) => {
      const code = codes.get(`${one.topic} ${one.partition}`) ?? -1;
      return { one, error: code === 0 ? null : kafkaErrorOf(code, `${describe(one)}, records before offset ${one.offset}`) };
    });
  } catch (error) {
    const fault = toKafkaError(error, `deletion of records at ${link.describe(leader)}`);
    return partitions.map((one) => ({ one, error: fault }));
  }
}

function withoutLeader(metadata: AdminParts['metadata'], one: TopicPartition): KafkaError {
  const count = metadata.topic(one.topic)?.partitions.length ?? 0;
  if (one.partition >= count) return kafkaErrorOf(3, `${describe(one)}: the topic has ${count} partitions`);
  return kafkaErrorOf(5, `${describe(one)} has no leader`);
}

function describe({ topic, partition }: TopicPartition): string {
  return `topic "${topic}" partition ${partition}`;
}
