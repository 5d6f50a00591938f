/** Moves the start of partitions to an offset; −1: to the high watermark. */
import { defineMessage } from '../codec.ts';
import { array, int16, int32, int64, string } from '../field.ts';

export const deleteRecordsMessage = defineMessage({
  name: 'DeleteRecords',
  apiKey: 21,
  versions: [0, 2],
  flexibleFrom: 2,
  request: {
    topics: array({ name: string, partitions: array({ partitionIndex: int32, offset: int64 }) }),
    timeoutMs: int32,
  },
  reply: {
    throttleTimeMs: int32,
    topics: array({ name: string, partitions: array({ partitionIndex: int32, lowWatermark: int64, errorCode: int16 }) }),
  },
});
