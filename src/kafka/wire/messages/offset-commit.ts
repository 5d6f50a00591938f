/** Stores offsets of a group. Generation −1 with an empty member id: from outside, possible only while the group has no members. Version 10 would want topic ids. */
import { defineMessage } from '../codec.ts';
import { array, int16, int32, int64, nullable, optional, since, string, until } from '../field.ts';

export const offsetCommitMessage = defineMessage({
  name: 'OffsetCommit',
  apiKey: 8,
  versions: [2, 9],
  flexibleFrom: 8,
  request: {
    groupId: string,
    generationIdOrMemberEpoch: optional(int32, -1),
    memberId: string,
    groupInstanceId: since(7, nullable(string, 7)),
    /** −1: as long as the broker's offsets.retention.minutes says. */
    retentionTimeMs: since(2, until(4, int64, -1n), -1n),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        committedOffset: int64,
        committedLeaderEpoch: since(6, int32, -1),
        committedMetadata: nullable(string),
      }),
    }),
  },
  reply: {
    throttleTimeMs: since(3, int32),
    topics: array({ name: string, partitions: array({ partitionIndex: int32, errorCode: int16 }) }),
  },
});
