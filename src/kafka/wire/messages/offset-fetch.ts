/** Committed offsets of groups; topics null: all that there are. Version 8 (KIP-709) asks for several groups. Version 10 would want topic ids. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, int16, int32, int64, nullable, since, string, until } from '../field.ts';

const partitions = array({
  partitionIndex: int32,
  /** −1: none. */
  committedOffset: int64,
  committedLeaderEpoch: since(5, int32, -1),
  metadata: nullable(string),
  errorCode: int16,
});

export const offsetFetchMessage = defineMessage({
  name: 'OffsetFetch',
  apiKey: 9,
  versions: [2, 9],
  flexibleFrom: 6,
  request: {
    groupId: until(7, string),
    topics: until(7, nullable(array({ name: string, partitionIndexes: arrayOf(int32) }))),
    groups: since(
      8,
      array({
        groupId: string,
        memberId: since(9, nullable(string, 9)),
        memberEpoch: since(9, int32, -1),
        topics: nullable(array({ name: string, partitionIndexes: arrayOf(int32) })),
      }),
    ),
    /** Wait for offsets of open transactions: UNSTABLE_OFFSET_COMMIT instead of an old value (KIP-447). */
    requireStable: since(7, bool),
  },
  reply: {
    throttleTimeMs: since(3, int32),
    topics: until(7, array({ name: string, partitions })),
    errorCode: until(7, int16),
    groups: since(8, array({ groupId: string, topics: array({ name: string, partitions }), errorCode: int16 })),
  },
});
