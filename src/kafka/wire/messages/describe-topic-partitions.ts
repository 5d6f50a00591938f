/** Partitions of topics page by page, with the replicas that may lead next without loss (KIP-966). No topics: all of them. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, int16, int32, nullable, string, struct, uuid } from '../field.ts';

const cursor = nullable(struct({ topicName: string, partitionIndex: int32 }));

export const describeTopicPartitionsMessage = defineMessage({
  name: 'DescribeTopicPartitions',
  apiKey: 75,
  versions: [0, 0],
  flexibleFrom: 0,
  request: { topics: array({ name: string }), responsePartitionLimit: int32, cursor },
  reply: {
    throttleTimeMs: int32,
    topics: array({
      errorCode: int16,
      name: nullable(string),
      topicId: uuid,
      isInternal: bool,
      partitions: array({
        errorCode: int16,
        partitionIndex: int32,
        leaderId: int32,
        leaderEpoch: int32,
        replicaNodes: arrayOf(int32),
        isrNodes: arrayOf(int32),
        eligibleLeaderReplicas: nullable(arrayOf(int32)),
        lastKnownElr: nullable(arrayOf(int32)),
        offlineReplicas: arrayOf(int32),
      }),
      topicAuthorizedOperations: int32,
    }),
    nextCursor: cursor,
  },
});
