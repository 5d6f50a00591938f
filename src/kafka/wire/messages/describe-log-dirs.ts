/** The log directories of one broker and what lies in them. Topics null: all. Version 4 (KIP-827) tells the space of the volume. */
import { defineMessage } from '../codec.ts';
import { array, arrayOf, bool, int16, int32, int64, nullable, since, string } from '../field.ts';

export const describeLogDirsMessage = defineMessage({
  name: 'DescribeLogDirs',
  apiKey: 35,
  versions: [1, 5],
  flexibleFrom: 2,
  request: { topics: nullable(array({ topic: string, partitions: arrayOf(int32) })) },
  reply: {
    throttleTimeMs: int32,
    errorCode: since(3, int16),
    results: array({
      errorCode: int16,
      logDir: string,
      topics: array({
        name: string,
        partitions: array({ partitionIndex: int32, partitionSize: int64, offsetLag: int64, isFutureKey: bool }),
      }),
      totalBytes: since(4, int64, -1n),
      usableBytes: since(4, int64, -1n),
      isCordoned: since(5, bool),
    }),
  },
});
