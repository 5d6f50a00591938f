/** Elections of leaders on demand (KIP-460). */
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { ClusterLink } from '../cluster-link.ts';
import type { PartitionOutcome } from '../contract.ts';
import { byTopic } from '../group/by-topic.ts';
import { kafkaErrorName } from '../kafka-error.ts';
import { electLeadersMessage } from '../wire/messages/elect-leaders.ts';
import { CHANGE_TIMEOUT_MS, changing, throwIfRefused } from './admin-call.ts';

const TYPES = { preferred: 0, unclean: 1 } as const;

/** Each partition has its own outcome; rejects only when nothing was tried. What was asked for is not asked again: an answer may be lost. */
export async function electLeaders(
  link: ClusterLink,
  type: keyof typeof TYPES,
  partitions: readonly TopicPartition[] | null,
): Promise<PartitionOutcome[]> {
  if (partitions?.length === 0) return [];
  const topicPartitions =
    partitions && [...byTopic(partitions)].map(([topic, list]) => ({ topic, partitions: list.map(({ partition }) => partition) }));
  const body = { electionType: TYPES[type], topicPartitions, timeoutMs: CHANGE_TIMEOUT_MS };
  const reply = await link.send('controller', electLeadersMessage, body, changing(link, CHANGE_TIMEOUT_MS));
  throwIfRefused([{ errorCode: reply.errorCode, subject: `${type} election` }]);
  return reply.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
    partitionResult.map(({ partitionId, errorCode, errorMessage }) => ({
      topic,
      partition: partitionId,
      error: kafkaErrorName(errorCode),
      message: errorMessage,
    })),
  );
}
