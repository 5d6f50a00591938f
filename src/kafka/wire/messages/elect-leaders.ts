/** Asks for another leader: type 0 the first of the replicas (preferred), 1 any that is alive (unclean). Partitions null: all. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, int8, int16, int32, nullable, since, string } from '../field.ts';

export const electLeadersMessage = defineMessage({
  name: 'ElectLeaders',
  apiKey: 43,
  versions: [0, 2],
  flexibleFrom: 2,
  request: {
    electionType: since(1, int8),
    topicPartitions: nullable(array({ topic: string, partitions: arrayOf(int32) })),
    timeoutMs: int32,
  },
  reply: {
    throttleTimeMs: int32,
    errorCode: since(1, int16),
    replicaElectionResults: array({
      topic: string,
      partitionResult: array({ partitionId: int32, errorCode: int16, errorMessage: nullable(string) }),
    }),
  },
});
