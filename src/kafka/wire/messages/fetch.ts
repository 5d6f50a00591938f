/** Record batches from partitions, by topic name (version 13 wants topic ids). Session id 0 and epoch −1: no incremental session. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bytes, int8, int16, int32, int64, nullable, optional, since, string, struct, tagged } from '../field.ts';

export const fetchMessage = defineMessage({
  name: 'Fetch',
  apiKey: 1,
  versions: [4, 12],
  flexibleFrom: 12,
  request: {
    replicaId: optional(int32, -1),
    maxWaitMs: int32,
    minBytes: int32,
    maxBytes: int32,
    /** 0 read uncommitted, 1 read committed. */
    isolationLevel: int8,
    sessionId: since(7, int32, 0),
    sessionEpoch: since(7, int32, -1),
    topics: array({
      topic: string,
      partitions: array({
        partition: int32,
        currentLeaderEpoch: since(9, int32, -1),
        fetchOffset: int64,
        lastFetchedEpoch: since(12, int32, -1),
        logStartOffset: since(5, int64, -1n),
        partitionMaxBytes: int32,
      }),
    }),
    forgottenTopics: since(7, array({ topic: string, partitions: arrayOf(int32) })),
    rackId: since(11, string, ''),
  },
  reply: {
    throttleTimeMs: int32,
    errorCode: since(7, int16),
    sessionId: since(7, int32),
    topics: array({
      topic: string,
      partitions: array({
        partitionIndex: int32,
        errorCode: int16,
        highWatermark: int64,
        lastStableOffset: int64,
        logStartOffset: since(5, int64, -1n),
        abortedTransactions: nullable(array({ producerId: int64, firstOffset: int64 })),
        preferredReadReplica: since(11, int32, -1),
        records: nullable(bytes),
        divergingEpoch: tagged(0, struct({ epoch: int32, endOffset: int64 })),
        currentLeader: tagged(1, struct({ leaderId: int32, leaderEpoch: int32 })),
      }),
    }),
  },
});
