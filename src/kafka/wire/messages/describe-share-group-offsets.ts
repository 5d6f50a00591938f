/** Where share groups begin to read each partition (KIP-932). Version 1 also tells how many records wait (KIP-1226); before, `lag` is −1. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, int16, int32, int64, nullable, since, string, uuid } from '../field.ts';

export const describeShareGroupOffsetsMessage = defineMessage({
  name: 'DescribeShareGroupOffsets',
  apiKey: 90,
  versions: [0, 1],
  flexibleFrom: 0,
  request: {
    /** `topics` null: all that the group reads. */
    groups: array({ groupId: string, topics: nullable(array({ topicName: string, partitions: arrayOf(int32) })) }),
  },
  reply: {
    throttleTimeMs: int32,
    groups: array({
      groupId: string,
      topics: array({
        topicName: string,
        topicId: uuid,
        partitions: array({
          partitionIndex: int32,
          startOffset: int64,
          leaderEpoch: int32,
          lag: since(1, int64, -1n),
          errorCode: int16,
          errorMessage: nullable(string),
        }),
      }),
      errorCode: int16,
      errorMessage: nullable(string),
    }),
  },
});
