/** Sets where a share group begins to read. Only while it has no members. */
import { defineMessage } from '../codec.ts';
import { array, int16, int32, int64, nullable, string, uuid } from '../field.ts';

export const alterShareGroupOffsetsMessage = defineMessage({
  name: 'AlterShareGroupOffsets',
  apiKey: 91,
  versions: [0, 0],
  flexibleFrom: 0,
  request: {
    groupId: string,
    topics: array({ topicName: string, partitions: array({ partitionIndex: int32, startOffset: int64 }) }),
  },
  reply: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullable(string),
    responses: array({
      topicName: string,
      topicId: uuid,
      partitions: array({ partitionIndex: int32, errorCode: int16, errorMessage: nullable(string) }),
    }),
  },
});
