/** Takes whole topics out of a share group. Only while it has no members. */
import { defineMessage } from '../codec.ts';
import { array, int16, int32, nullable, string, uuid } from '../field.ts';

export const deleteShareGroupOffsetsMessage = defineMessage({
  name: 'DeleteShareGroupOffsets',
  apiKey: 92,
  versions: [0, 0],
  flexibleFrom: 0,
  request: { groupId: string, topics: array({ topicName: string }) },
  reply: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullable(string),
    responses: array({ topicName: string, topicId: uuid, errorCode: int16, errorMessage: nullable(string) }),
  },
});
