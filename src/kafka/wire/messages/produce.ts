/** Record batches for partitions. With acks=0 the broker never answers. */
import { defineMessage } from '../codec.ts';
import { array, bytes, int16, int32, int64, nullable, since, string } from '../field.ts';

export const produceMessage = defineMessage({
  name: 'Produce',
  apiKey: 0,
  versions: [3, 11],
  flexibleFrom: 9,
  request: {
    transactionalId: nullable(string),
    acks: int16,
    timeoutMs: int32,
    topics: array({ name: string, partitions: array({ index: int32, records: nullable(bytes) }) }),
  },
  reply: {
    topics: array({
      name: string,
      partitions: array({
        index: int32,
        errorCode: int16,
        baseOffset: int64,
        /** −1 unless the topic stamps records itself (LogAppendTime). */
        logAppendTimeMs: int64,
        logStartOffset: since(5, int64, -1n),
        recordErrors: since(8, array({ batchIndex: int32, message: nullable(string) })),
        errorMessage: since(8, nullable(string)),
      }),
    }),
    throttleTimeMs: int32,
  },
  hasReply: (body) => body.acks !== 0,
});
