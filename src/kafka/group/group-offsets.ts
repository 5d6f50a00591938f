/** Committed offsets of a group, written and read through its coordinator: for members and, from outside, for the admin. */
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { ClusterLink, RetryOptions } from '../cluster-link.ts';
import { KafkaError, kafkaErrorFacts, kafkaErrorOf } from '../kafka-error.ts';
import { offsetCommitMessage } from '../wire/messages/offset-commit.ts';
import { offsetFetchMessage } from '../wire/messages/offset-fetch.ts';
import { byTopic } from './by-topic.ts';

/** Who commits. Generation −1 and an empty member id: nobody of the group; it must have no members then. */
export interface CommitIdentity {
  readonly groupId: string;
  readonly generation: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

export type OffsetToCommit = TopicPartition & { readonly offset: bigint; readonly metadata?: string };

export interface CommittedOffset extends TopicPartition {
  /** `null`: none, or not told because of `error`. */
  readonly offset: bigint | null;
  readonly metadata: string;
  readonly error: KafkaError | null;
}

/** Answers of a coordinator that another attempt may mend. Other codes, though retriable elsewhere (a topic that is gone), are final here. */
const COORDINATOR_FAULTS = new Set([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'REQUEST_TIMED_OUT',
  'UNSTABLE_OFFSET_COMMIT',
]);

export function throwCoordinatorFault(code: number, subject: string): void {
  if (COORDINATOR_FAULTS.has(kafkaErrorFacts(code).kafkaName)) throw kafkaErrorOf(code, subject);
}

/** Resolves once all are stored. Rejects with the KafkaError of the first refused partition, naming it and counting the others; accepted ones are stored then. */
export async function commitGroupOffsets(
  link: ClusterLink,
  { groupId, generation, memberId, groupInstanceId }: CommitIdentity,
  offsets: readonly OffsetToCommit[],
  options: RetryOptions = {},
): Promise<void> {
  if (offsets.length === 0) return;
  const subject = `offset commit of group "${groupId}"`;
  const topics = [...byTopic(offsets)].map(([name, list]) => ({
    name,
    partitions: list.map(({ partition, offset, metadata }) => ({
      partitionIndex: partition,
      committedOffset: offset,
      committedMetadata: metadata ?? '',
    })),
  }));
  const reply = await link.request(
    { coordinator: groupId },
    offsetCommitMessage,
    { groupId, generationIdOrMemberEpoch: generation, memberId, groupInstanceId, topics },
    (answer) => {
      for (const { partitions } of answer.topics) for (const { errorCode } of partitions) throwCoordinatorFault(errorCode, subject);
    },
    options,
  );
  const refused = reply.topics.flatMap(({ name, partitions }) =>
    partitions.filter(({ errorCode }) => errorCode !== 0).map(({ partitionIndex, errorCode }) => ({ name, partitionIndex, errorCode })),
  );
  const [first] = refused;
  if (!first) return;
  const others = refused.length > 1 ? ` and ${refused.length - 1} more of ${offsets.length} partitions` : '';
  throw kafkaErrorOf(first.errorCode, `${subject}: topic "${first.name}" partition ${first.partitionIndex}${others}`);
}

/** `partitions` null: all that the group has committed. `isStable`: wait for open transactions (KIP-447). Rejects with the KafkaError of the group. */
export async function fetchGroupOffsets(
  link: ClusterLink,
  groupId: string,
  partitions: readonly TopicPartition[] | null,
  options: RetryOptions & { readonly isStable?: boolean } = {},
): Promise<CommittedOffset[]> {
  const topics =
    partitions && [...byTopic(partitions)].map(([name, list]) => ({ name, partitionIndexes: list.map(({ partition }) => partition) }));
  const subject = `committed offsets of group "${groupId}"`;
  const reply = await link.request(
    { coordinator: groupId },
    offsetFetchMessage,
    { groupId, topics, groups: [{ groupId, topics }], requireStable: options.isStable ?? false },
    (answer) => {
      const { errorCode, topics: found } = answer.groups[0] ?? answer;
      throwCoordinatorFault(errorCode, subject);
      for (const topic of found) for (const one of topic.partitions) throwCoordinatorFault(one.errorCode, subject);
    },
    options,
  );
  const { errorCode, topics: found } = reply.groups[0] ?? reply;
  if (errorCode !== 0) throw kafkaErrorOf(errorCode, subject);
  return found.flatMap(({ name, partitions: list }) =>
    list.map((one) => ({
      topic: name,
      partition: one.partitionIndex,
      offset: one.errorCode === 0 && one.committedOffset >= 0n ? one.committedOffset : null,
      metadata: one.metadata ?? '',
      error: one.errorCode === 0 ? null : kafkaErrorOf(one.errorCode, `${subject}: topic "${name}" partition ${one.partitionIndex}`),
    })),
  );
}

/** For a commit that cannot even be sent. */
export function noMembership(groupId: string, isJoining: boolean): KafkaError {
  return isJoining
    ? new KafkaError(
        'REBALANCE_IN_PROGRESS',
        `REBALANCE_IN_PROGRESS: group "${groupId}" is rebalancing; offsets can be committed again afterwards`,
      )
    : new KafkaError(
        'UNKNOWN_MEMBER_ID',
        `UNKNOWN_MEMBER_ID: this is no member of group "${groupId}" now; its offsets may be somebody else's to commit`,
      );
}
