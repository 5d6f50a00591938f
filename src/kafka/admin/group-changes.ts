/** Offsets of groups from outside, and the end of groups. */
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { ClusterLink } from '../cluster-link.ts';
import { byTopic } from '../group/by-topic.ts';
import { commitGroupOffsets, fetchGroupOffsets, type OffsetToCommit, throwCoordinatorFault } from '../group/group-offsets.ts';
import { type KafkaError, kafkaErrorOf, toKafkaError } from '../kafka-error.ts';
import { byPartition } from '../partition-key.ts';
import { deleteGroupsMessage } from '../wire/messages/delete-groups.ts';
import { offsetDeleteMessage } from '../wire/messages/offset-delete.ts';
import { changing, reading, throwIfRefused } from './admin-call.ts';

/** Sorted by topic and partition. A group that does not exist has none. */
export async function groupOffsets(
  link: ClusterLink,
  groupId: string,
): Promise<Array<TopicPartition & { readonly offset: bigint; readonly metadata: string }>> {
  const answers = await fetchGroupOffsets(link, groupId, null, reading(link)).catch((error: unknown) => {
    if (toKafkaError(error, groupId).kafkaName === 'GROUP_ID_NOT_FOUND') return [];
    throw error;
  });
  const offsets = [];
  for (const { topic, partition, offset, metadata, error } of answers) {
    if (error) link.log.warn(error.message);
    else if (offset !== null) offsets.push({ topic, partition, offset, metadata });
  }
  return offsets.sort(byPartition);
}

/** Only while the group has no members: rejects with UNKNOWN_MEMBER_ID otherwise. */
export function alterGroupOffsets(link: ClusterLink, groupId: string, offsets: readonly OffsetToCommit[]): Promise<void> {
  return commitGroupOffsets(link, { groupId, generation: -1, memberId: '', groupInstanceId: null }, offsets, changing(link));
}

/** Rejects with GROUP_SUBSCRIBED_TO_TOPIC while members read it. */
export async function deleteGroupOffsets(link: ClusterLink, groupId: string, partitions: readonly TopicPartition[]): Promise<void> {
  if (partitions.length === 0) return;
  const subject = `offsets of group "${groupId}"`;
  const topics = [...byTopic(partitions)].map(([name, list]) => ({
    name,
    partitions: list.map(({ partition }) => ({ partitionIndex: partition })),
  }));
  const reply = await link.request(
    { coordinator: groupId },
    offsetDeleteMessage,
    { groupId, topics },
    ({ errorCode }) => throwCoordinatorFault(errorCode, subject),
    changing(link),
  );
  throwIfRefused([
    { errorCode: reply.errorCode, subject },
    ...reply.topics.flatMap(({ name, partitions: list }) =>
      list.map(({ partitionIndex, errorCode }) => ({ errorCode, subject: `${subject}: topic "${name}" partition ${partitionIndex}` })),
    ),
  ]);
}

/** Each at its coordinator, all at once. Rejects with the first refusal (NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND …); the others are deleted all the same. */
export async function deleteGroups(link: ClusterLink, groupIds: readonly string[]): Promise<void> {
  const results = await Promise.all(groupIds.map((groupId) => deleteGroup(link, groupId)));
  const errors = results.filter((error) => error !== null);
  const [first] = errors;
  if (!first) return;
  if (errors.length === 1) throw first;
  throw kafkaErrorOf(
    first.code,
    `${errors.length} of ${groupIds.length} groups were not deleted`,
    errors.map(({ message }) => message).join('; '),
  );
}

async function deleteGroup(link: ClusterLink, groupId: string): Promise<KafkaError | null> {
  const subject = `deletion of group "${groupId}"`;
  try {
    const reply = await link.request(
      { coordinator: groupId },
      deleteGroupsMessage,
      { groupsNames: [groupId] },
      ({ results }) => throwCoordinatorFault(results[0]?.errorCode ?? 0, subject),
      changing(link),
    );
    const errorCode = reply.results[0]?.errorCode ?? -1;
    return errorCode === 0 ? null : kafkaErrorOf(errorCode, subject);
  } catch (error) {
    return toKafkaError(error, subject);
  }
}
