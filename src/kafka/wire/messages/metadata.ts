/** Brokers, controller, topics and who leads their partitions. `topics` null: all of them; empty: none. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, int16, int32, nullable, since, string, until, uuid } from '../field.ts';

export const metadataMessage = defineMessage({
  name: 'Metadata',
  apiKey: 3,
  versions: [4, 12],
  flexibleFrom: 9,
  request: {
    topics: nullable(array({ topicId: since(10, uuid), name: nullable(string, 10) })),
    allowAutoTopicCreation: bool,
    includeClusterAuthorizedOperations: until(10, since(8, bool)),
    includeTopicAuthorizedOperations: since(8, bool),
  },
  reply: {
    throttleTimeMs: int32,
    brokers: array({ nodeId: int32, host: string, port: int32, rack: nullable(string) }),
    clusterId: nullable(string),
    controllerId: int32,
    topics: array({
      errorCode: int16,
      name: nullable(string, 12),
      topicId: since(10, uuid),
      isInternal: bool,
      partitions: array({
        errorCode: int16,
        partitionIndex: int32,
        leaderId: int32,
        leaderEpoch: since(7, int32, -1),
        replicaNodes: arrayOf(int32),
        isrNodes: arrayOf(int32),
        offlineReplicas: since(5, arrayOf(int32)),
      }),
      topicAuthorizedOperations: since(8, int32, -2147483648),
    }),
    clusterAuthorizedOperations: until(10, since(8, int32, -2147483648)),
  },
});
