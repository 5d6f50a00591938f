/** Offsets by time. Timestamp −2 earliest, −1 latest, −3 of the record with the largest timestamp (version 7). */
import { defineMessage } from '../codec.ts';
import { array, int8, int16, int32, int64, optional, since, string } from '../field.ts';

export const listOffsetsMessage = defineMessage({
  name: 'ListOffsets',
  apiKey: 2,
  versions: [1, 7],
  flexibleFrom: 6,
  request: {
    replicaId: optional(int32, -1),
    isolationLevel: since(2, int8),
    topics: array({
      name: string,
      partitions: array({ partitionIndex: int32, currentLeaderEpoch: since(4, int32, -1), timestamp: int64 }),
    }),
  },
  reply: {
    throttleTimeMs: since(2, int32),
    topics: array({
      name: string,
      partitions: array({ partitionIndex: int32, errorCode: int16, timestamp: int64, offset: int64, leaderEpoch: since(4, int32, -1) }),
    }),
  },
});
