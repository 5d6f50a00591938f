/** Offsets of share groups changed from outside (KIP-932): where reading begins, and topics taken out. Only while the group has no members. */
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { ClusterLink } from '../cluster-link.ts';
import { byTopic } from '../group/by-topic.ts';
import { throwCoordinatorFault } from '../group/group-offsets.ts';
import { alterShareGroupOffsetsMessage } from '../wire/messages/alter-share-group-offsets.ts';
import { deleteShareGroupOffsetsMessage } from '../wire/messages/delete-share-group-offsets.ts';
import { changing, throwIfRefused } from './admin-call.ts';

export async function alterShareGroupOffsets(
  link: ClusterLink,
  groupId: string,
  offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>,
): Promise<void> {
  if (offsets.length === 0) return;
  const subject = `offsets of share group "${groupId}"`;
  const topics = [...byTopic(offsets)].map(([topicName, list]) => ({
    topicName,
    partitions: list.map(({ partition, offset }) => ({ partitionIndex: partition, startOffset: offset })),
  }));
  const reply = await link.request(
    { coordinator: groupId },
    alterShareGroupOffsetsMessage,
    { groupId, topics },
    ({ errorCode }) => throwCoordinatorFault(errorCode, subject),
    changing(link),
  );
  throwIfRefused([
    { errorCode: reply.errorCode, errorMessage: reply.errorMessage, subject },
    ...reply.responses.flatMap(({ topicName, partitions }) =>
      partitions.map(({ partitionIndex, errorCode, errorMessage }) => ({
        errorCode,
        errorMessage,
        subject: `${subject}: topic "${topicName}" partition ${partitionIndex}`,
      })),
    ),
  ]);
}

export async function deleteShareGroupOffsets(link: ClusterLink, groupId: string, topics: readonly string[]): Promise<void> {
  if (topics.length === 0) return;
  const subject = `offsets of share group "${groupId}"`;
  const reply = await link.request(
    { coordinator: groupId },
    deleteShareGroupOffsetsMessage,
    { groupId, topics: topics.map((topicName) => ({ topicName })) },
    ({ errorCode }) => throwCoordinatorFault(errorCode, subject),
    changing(link),
  );
  throwIfRefused([
    { errorCode: reply.errorCode, errorMessage: reply.errorMessage, subject },
    ...reply.responses.map(({ topicName, errorCode, errorMessage }) => ({
      errorCode,
      errorMessage,
      subject: `${subject}: topic "${topicName}"`,
    })),
  ]);
}
