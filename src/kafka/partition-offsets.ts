/** Offsets of many partitions from their leaders, all brokers at once. Each partition has its own answer or error. */
import type { TopicPartition } from '../plugin-api/records.ts';
import type { ClusterLink, SendOptions } from './cluster-link.ts';
import { byTopic } from './group/by-topic.ts';
import { KafkaError, kafkaErrorOf, toKafkaError } from './kafka-error.ts';
import type { MetadataCache } from './metadata.ts';
import { partitionKey } from './partition-key.ts';
import { listOffsetsMessage } from './wire/messages/list-offsets.ts';

export type OffsetTime = 'earliest' | 'latest' | 'max-timestamp' | { readonly timestampMs: number };
export type Isolation = 'read_uncommitted' | 'read_committed';

export interface PartitionOffset extends TopicPartition {
  /** `null`: no such record (by time, or of an empty partition), or not told because of `error`. */
  readonly offset: bigint | null;
  /** Of that record; `null` for `earliest` and `latest`. */
  readonly timestampMs: number | null;
  readonly error: KafkaError | null;
}

const STALE = new Set(['NOT_LEADER_OR_FOLLOWER', 'LEADER_NOT_AVAILABLE', 'FENCED_LEADER_EPOCH', 'UNKNOWN_LEADER_EPOCH', 'DISCONNECTED']);
const NAMED_TIMES = { earliest: -2n, latest: -1n, 'max-timestamp': -3n } as const;
/** First version that knows the record with the largest timestamp (KIP-734). */
const MAX_TIMESTAMP_VERSION = 7;

/** In the order asked. Partitions whose leader has moved are asked once more after a look at the metadata. Never rejects. */
export async function fetchPartitionOffsets(
  link: ClusterLink,
  metadata: MetadataCache,
  partitions: readonly TopicPartition[],
  time: OffsetTime,
  isolation: Isolation = 'read_uncommitted',
  options: SendOptions = {},
): Promise<PartitionOffset[]> {
  const unknown = new Set(partitions.map(({ topic }) => topic).filter((topic) => metadata.topic(topic) === null));
  await refresh(metadata, unknown);
  const answers = await askLeaders(link, metadata, partitions, time, isolation, options);
  const stale = partitions.filter((_, i) => STALE.has(answers[i]?.error?.kafkaName ?? ''));
  if (stale.length === 0) return answers;
  await refresh(metadata, new Set(stale.map(({ topic }) => topic)));
  const again = await askLeaders(link, metadata, stale, time, isolation, options);
  const better = new Map(again.map((answer) => [partitionKey(answer), answer]));
  return answers.map((answer) => better.get(partitionKey(answer)) ?? answer);
}

async function refresh(metadata: MetadataCache, topics: ReadonlySet<string>): Promise<void> {
  if (topics.size === 0) return;
  // What cannot be asked now shows as an error of each partition.
  await metadata.refresh([...topics]).catch(() => {});
}

async function askLeaders(
  link: ClusterLink,
  metadata: MetadataCache,
  partitions: readonly TopicPartition[],
  time: OffsetTime,
  isolation: Isolation,
  options: SendOptions,
): Promise<PartitionOffset[]> {
  const found = new Map<string, PartitionOffset>();
  const byLeader = new Map<number, TopicPartition[]>();
  for (const one of partitions) {
    const error = withoutLeader(metadata, one);
    const { leader } = metadata.leader(one.topic, one.partition);
    const list = byLeader.get(leader);
    if (error) found.set(partitionKey(one), failed(one, error));
    else if (list) list.push(one);
    else byLeader.set(leader, [one]);
  }
  const replies = await Promise.all([...byLeader].map(([leader, list]) => askLeader(link, leader, list, time, isolation, options)));
  for (const answer of replies.flat()) found.set(partitionKey(answer), answer);
  return partitions.map(
    (one) => found.get(partitionKey(one)) ?? failed(one, kafkaErrorOf(-1, `the reply does not speak of ${describe(one)}`)),
  );
}

function withoutLeader(metadata: MetadataCache, one: TopicPartition): KafkaError | null {
  const topic = metadata.topic(one.topic);
  if (!topic) return metadata.errorOf(one.topic) ?? kafkaErrorOf(3, `topic "${one.topic}"`);
  const partition = topic.partitions[one.partition];
  if (!partition) return kafkaErrorOf(3, `${describe(one)}: the topic has ${topic.partitions.length} partitions`);
  return partition.leader < 0 ? new KafkaError('LEADER_NOT_AVAILABLE', `LEADER_NOT_AVAILABLE: ${describe(one)} has no leader`) : null;
}

async function askLeader(
  link: ClusterLink,
  leader: number,
  partitions: readonly TopicPartition[],
  time: OffsetTime,
  isolation: Isolation,
  options: SendOptions,
): Promise<PartitionOffset[]> {
  const timestamp = typeof time === 'string' ? NAMED_TIMES[time] : BigInt(Math.trunc(time.timestampMs));
  const topics = [...byTopic(partitions)].map(([name, list]) => ({
    name,
    partitions: list.map(({ partition }) => ({ partitionIndex: partition, timestamp })),
  }));
  const body = (version: number) => {
    if (time === 'max-timestamp' && version < MAX_TIMESTAMP_VERSION) {
      throw new KafkaError(
        'UNSUPPORTED_VERSION',
        `${link.describe(leader)} does not know the record with the largest timestamp (Kafka 3.0 on)`,
      );
    }
    return { isolationLevel: isolation === 'read_committed' ? 1 : 0, topics };
  };
  try {
    const reply = await link.send(leader, listOffsetsMessage, body, options);
    return reply.topics.flatMap(({ name, partitions: list }) =>
      list.map(({ partitionIndex, errorCode, offset, timestamp: atMs }) => {
        const one = { topic: name, partition: partitionIndex };
        if (errorCode !== 0) return failed(one, kafkaErrorOf(errorCode, `offsets of ${describe(one)} from ${link.describe(leader)}`));
        return { ...one, offset: offset < 0n ? null : offset, timestampMs: atMs < 0n ? null : Number(atMs), error: null };
      }),
    );
  } catch (error) {
    const fault = toKafkaError(error, `offsets from ${link.describe(leader)}`);
    return partitions.map((one) => failed(one, fault));
  }
}

function failed({ topic, partition }: TopicPartition, error: KafkaError): PartitionOffset {
  return { topic, partition, offset: null, timestampMs: null, error };
}

function describe({ topic, partition }: TopicPartition): string {
  return `topic "${topic}" partition ${partition}`;
}
