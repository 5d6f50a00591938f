/** Moves replicas of partitions to other brokers. Replicas null: a move that is under way is taken back. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, int16, int32, nullable, since, string } from '../field.ts';

export const alterPartitionReassignmentsMessage = defineMessage({
  name: 'AlterPartitionReassignments',
  apiKey: 45,
  versions: [0, 1],
  flexibleFrom: 0,
  request: {
    timeoutMs: int32,
    allowReplicationFactorChange: since(1, bool, true),
    topics: array({ name: string, partitions: array({ partitionIndex: int32, replicas: nullable(arrayOf(int32)) }) }),
  },
  reply: {
    throttleTimeMs: int32,
    allowReplicationFactorChange: since(1, bool, true),
    errorCode: int16,
    errorMessage: nullable(string),
    responses: array({
      name: string,
      partitions: array({ partitionIndex: int32, errorCode: int16, errorMessage: nullable(string) }),
    }),
  },
});
