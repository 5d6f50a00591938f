/** A producer id and epoch for an idempotent producer; version 3 bumps the epoch of the id that is given. */
import { defineMessage } from '../codec.ts';
import { int16, int32, int64, nullable, since, string } from '../field.ts';

export const initProducerIdMessage = defineMessage({
  name: 'InitProducerId',
  apiKey: 22,
  versions: [0, 4],
  flexibleFrom: 2,
  request: {
    transactionalId: nullable(string),
    transactionTimeoutMs: int32,
    producerId: since(3, int64, -1n),
    producerEpoch: since(3, int16, -1),
  },
  reply: { throttleTimeMs: int32, errorCode: int16, producerId: int64, producerEpoch: int16 },
});
