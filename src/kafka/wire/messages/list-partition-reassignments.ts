/** Partitions whose replicas are on their way to other brokers. Topics null: all. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, int16, int32, nullable, string } from '../field.ts';

export const listPartitionReassignmentsMessage = defineMessage({
  name: 'ListPartitionReassignments',
  apiKey: 46,
  versions: [0, 0],
  flexibleFrom: 0,
  request: { timeoutMs: int32, topics: nullable(array({ name: string, partitionIndexes: arrayOf(int32) })) },
  reply: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullable(string),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        replicas: arrayOf(int32),
        addingReplicas: arrayOf(int32),
        removingReplicas: arrayOf(int32),
      }),
    }),
  },
});
