/** Deletes topics by name (version 6 could take ids). */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, int16, int32, nullable, since, string, until, uuid } from '../field.ts';

export const deleteTopicsMessage = defineMessage({
  name: 'DeleteTopics',
  apiKey: 20,
  versions: [1, 6],
  flexibleFrom: 4,
  request: {
    topics: since(6, array({ name: nullable(string), topicId: uuid })),
    topicNames: until(5, arrayOf(string)),
    timeoutMs: int32,
  },
  reply: {
    throttleTimeMs: int32,
    responses: array({
      name: nullable(string, 6),
      topicId: since(6, uuid),
      errorCode: int16,
      errorMessage: since(5, nullable(string, 5)),
    }),
  },
});
