import { expect, test } from 'vitest';
import { DiskIndex } from '../../../src/cluster/disk-index.ts';
import type { LogDirInfo } from '../../../src/kafka/contract.ts';

const dir = (brokerId: number, ...partitions: LogDirInfo['partitions']): LogDirInfo => ({
  brokerId,
  path: `/d${brokerId}`,
  error: null,
  totalBytes: null,
  usableBytes: null,
  partitions,
});
const on = (topic: string, partition: number, sizeBytes: bigint, more: Partial<LogDirInfo['partitions'][number]> = {}) => ({
  topic,
  partition,
  sizeBytes,
  offsetLag: 0n,
  isFuture: false,
  ...more,
});

test('a partition is as large as its largest replica; copies on their way do not count', () => {
  const index = new DiskIndex([
    dir(1, on('a', 0, 10n), on('a', 2, 5n), on('a', 0, 99n, { isFuture: true })),
    dir(2, on('a', 0, 12n, { offsetLag: 3n })),
  ]);
  expect([index.partitionBytes('a', 0), index.partitionBytes('a', 1), index.topicBytes('a'), index.topicBytes('b')]).toEqual([
    12n,
    null,
    17n,
    null,
  ]);
  expect(index.replicas('a', 0).map(({ brokerId, isFuture, offsetLag }) => [brokerId, isFuture, offsetLag])).toEqual([
    [1, false, 0n],
    [1, true, 0n],
    [2, false, 3n],
  ]);
});
