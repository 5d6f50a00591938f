/** Moves of replicas between brokers: which are under way, new ones, and taking them back (KIP-455). */
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { ClusterLink } from '../cluster-link.ts';
import type { PartitionOutcome, Reassignment } from '../contract.ts';
import { byTopic } from '../group/by-topic.ts';
import { kafkaErrorName } from '../kafka-error.ts';
import { byPartition } from '../partition-key.ts';
import { alterPartitionReassignmentsMessage } from '../wire/messages/alter-partition-reassignments.ts';
import { listPartitionReassignmentsMessage } from '../wire/messages/list-partition-reassignments.ts';
import { CHANGE_TIMEOUT_MS, changing, reading, throwIfRefused } from './admin-call.ts';

/** Sorted by topic and partition. */
export async function listReassignments(link: ClusterLink): Promise<Reassignment[]> {
  const options = reading(link);
  const subject = 'list of reassignments';
  const reply = await link.request(
    'controller',
    listPartitionReassignmentsMessage,
    { timeoutMs: options.totalMs ?? CHANGE_TIMEOUT_MS, topics: null },
    ({ errorCode, errorMessage }) => throwIfRefused([{ errorCode, errorMessage, subject }]),
    options,
  );
  return reply.topics
    .flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, replicas, addingReplicas, removingReplicas }) => ({
        topic: name,
        partition: partitionIndex,
        replicas,
        adding: addingReplicas,
        removing: removingReplicas,
      })),
    )
    .sort(byPartition);
}

type Move = TopicPartition & { readonly replicas: readonly number[] | null };

/** Each partition has its own outcome; rejects only when nothing was tried. */
export async function alterReassignments(link: ClusterLink, moves: readonly Move[]): Promise<PartitionOutcome[]> {
  if (moves.length === 0) return [];
  const topics = [...byTopic(moves)].map(([name, list]) => ({
    name,
    partitions: list.map(({ partition, replicas }) => ({ partitionIndex: partition, replicas })),
  }));
  const reply = await link.request(
    'controller',
    alterPartitionReassignmentsMessage,
    { timeoutMs: CHANGE_TIMEOUT_MS, topics },
    ({ errorCode, errorMessage }) => throwIfRefused([{ errorCode, errorMessage, subject: 'change of reassignments' }]),
    changing(link, CHANGE_TIMEOUT_MS),
  );
  return reply.responses.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, errorCode, errorMessage }) => ({
      topic: name,
      partition: partitionIndex,
      error: kafkaErrorName(errorCode),
      message: errorMessage,
    })),
  );
}
