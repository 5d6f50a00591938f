/** Which replicas may lead next without a loss although they are not in sync: known since Kafka 3.8, kept where the feature is on. */
import type { ClusterLink } from '../cluster-link.ts';
import type { EligibleReplicas } from '../contract.ts';
import { describeTopicPartitionsMessage } from '../wire/messages/describe-topic-partitions.ts';
import { reading } from './admin-call.ts';

/** The most that brokers give at once. */
const PARTITIONS_A_PAGE = 2_000;

/** Page by page; nothing is kept of partitions that have none. */
export async function describeEligibleReplicas(link: ClusterLink, names: readonly string[] | null): Promise<EligibleReplicas[]> {
  // No names in the request would mean all.
  if (names?.length === 0) return [];
  const topics = (names ?? []).toSorted().map((name) => ({ name }));
  const found: EligibleReplicas[] = [];
  type Cursor = ReturnType<typeof describeTopicPartitionsMessage.decodeReply>['nextCursor'];
  let cursor: Cursor = null;
  do {
    const body: Parameters<typeof describeTopicPartitionsMessage.encodeRequest>[2] = {
      topics,
      responsePartitionLimit: PARTITIONS_A_PAGE,
      cursor,
    };
    const reply = await link.request('any', describeTopicPartitionsMessage, body, () => undefined, reading(link));
    for (const { name, partitions } of reply.topics) {
      for (const { partitionIndex, eligibleLeaderReplicas, lastKnownElr } of partitions) {
        const [eligible, lastKnown] = [eligibleLeaderReplicas ?? [], lastKnownElr ?? []];
        if (eligible.length + lastKnown.length > 0) found.push({ topic: name ?? '', partition: partitionIndex, eligible, lastKnown });
      }
    }
    cursor = reply.nextCursor;
  } while (cursor !== null);
  return found;
}
