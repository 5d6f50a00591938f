/** Who votes in the metadata quorum and how far each has come. */
import { defineMessage } from '../codec.ts';
import { array, int16, int32, int64, nullable, since, string, uint16, uuid } from '../field.ts';

const replicas = array({
  replicaId: int32,
  replicaDirectoryId: since(2, uuid),
  logEndOffset: int64,
  lastFetchTimestamp: since(1, int64, -1n),
  lastCaughtUpTimestamp: since(1, int64, -1n),
});

export const describeQuorumMessage = defineMessage({
  name: 'DescribeQuorum',
  apiKey: 55,
  versions: [0, 2],
  flexibleFrom: 0,
  request: { topics: array({ topicName: string, partitions: array({ partitionIndex: int32 }) }) },
  reply: {
    errorCode: int16,
    errorMessage: since(2, nullable(string, 2)),
    topics: array({
      topicName: string,
      partitions: array({
        partitionIndex: int32,
        errorCode: int16,
        errorMessage: since(2, nullable(string, 2)),
        leaderId: int32,
        leaderEpoch: int32,
        highWatermark: int64,
        currentVoters: replicas,
        observers: replicas,
      }),
    }),
    nodes: since(2, array({ nodeId: int32, listeners: array({ name: string, host: string, port: uint16 }) })),
  },
});
