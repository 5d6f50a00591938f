/** Partitions that a transaction writes to from now on. Version 4 and above are for brokers among themselves. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, int16, int32, int64, string } from '../field.ts';

export const addPartitionsToTxnMessage = defineMessage({
  name: 'AddPartitionsToTxn',
  apiKey: 24,
  versions: [0, 3],
  flexibleFrom: 3,
  request: {
    transactionalId: string,
    producerId: int64,
    producerEpoch: int16,
    topics: array({ name: string, partitions: arrayOf(int32) }),
  },
  reply: {
    throttleTimeMs: int32,
    topics: array({ name: string, partitions: array({ partitionIndex: int32, errorCode: int16 }) }),
  },
});
