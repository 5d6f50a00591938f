/** Removes committed offsets of partitions that nobody in the group is subscribed to. */
import { defineMessage } from '../codec.ts';
import { array, int16, int32, string } from '../field.ts';

export const offsetDeleteMessage = defineMessage({
  name: 'OffsetDelete',
  apiKey: 47,
  versions: [0, 0],
  flexibleFrom: null,
  request: { groupId: string, topics: array({ name: string, partitions: array({ partitionIndex: int32 }) }) },
  reply: {
    errorCode: int16,
    throttleTimeMs: int32,
    topics: array({ name: string, partitions: array({ partitionIndex: int32, errorCode: int16 }) }),
  },
});
