/** Adds partitions: `count` is the new total. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, int16, int32, nullable, string } from '../field.ts';

export const createPartitionsMessage = defineMessage({
  name: 'CreatePartitions',
  apiKey: 37,
  versions: [0, 3],
  flexibleFrom: 2,
  request: {
    topics: array({ name: string, count: int32, assignments: nullable(array({ brokerIds: arrayOf(int32) })) }),
    timeoutMs: int32,
    validateOnly: bool,
  },
  reply: {
    throttleTimeMs: int32,
    results: array({ name: string, errorCode: int16, errorMessage: nullable(string) }),
  },
});
