import { expect, test } from 'vitest';
import { EndOffsets } from '../../../src/cluster/end-offsets.ts';
import type { TopicInfo } from '../../../src/kafka/contract.ts';

const topic = (name: string, ...partitions: number[]): TopicInfo => ({
  name,
  topicId: 'T',
  isInternal: false,
  error: null,
  partitions: partitions.map((partition) => ({
    partition,
    leader: 1,
    leaderEpoch: 0,
    replicas: [1],
    isr: [1],
    offlineReplicas: [],
    error: null,
  })),
});

test('an end is found by its partition; a sum is known when all of them are', () => {
  const ends = new EndOffsets([topic('a', 0, 1), topic('b', 2)]);
  ends.set('a', 0, 9007199254740993n);
  expect([ends.get('a 0'), ends.get('a 1'), ends.get('b 2'), ends.sumOf('a')]).toEqual([9007199254740993n, undefined, undefined, null]);
  ends.set('a', 1, 0n);
  ends.set('b', 2, 7n);
  expect([ends.get('a 1'), ends.get('b 2'), ends.sumOf('a')]).toEqual([0n, 7n, 9007199254740993n]);
});

test('what was not asked for is not known', () => {
  const ends = new EndOffsets([topic('a', 0)]);
  ends.set('a', 1, 5n);
  ends.set('gone', 0, 5n);
  expect([ends.get('a 1'), ends.get('gone 0'), ends.sumOf('gone'), new EndOffsets([]).sumOf('a')]).toEqual([
    undefined,
    undefined,
    null,
    null,
  ]);
});
