/** Makes topics. Partitions and replication factor −1: the broker's defaults (version 4 on). */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, int8, int16, int32, nullable, since, string, tagged, uuid } from '../field.ts';

export const createTopicsMessage = defineMessage({
  name: 'CreateTopics',
  apiKey: 19,
  versions: [2, 7],
  flexibleFrom: 5,
  request: {
    topics: array({
      name: string,
      numPartitions: int32,
      replicationFactor: int16,
      assignments: array({ partitionIndex: int32, brokerIds: arrayOf(int32) }),
      configs: array({ name: string, value: nullable(string) }),
    }),
    timeoutMs: int32,
    validateOnly: bool,
  },
  reply: {
    throttleTimeMs: int32,
    topics: array({
      name: string,
      topicId: since(7, uuid),
      errorCode: int16,
      errorMessage: nullable(string),
      topicConfigErrorCode: tagged(0, int16),
      numPartitions: since(5, int32, -1),
      replicationFactor: since(5, int16, -1),
      configs: since(
        5,
        nullable(array({ name: string, value: nullable(string), readOnly: bool, configSource: int8, isSensitive: bool }), 5),
      ),
    }),
  },
});
