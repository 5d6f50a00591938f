import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  dealOut,
  nextOffset,
  readPartitions,
  sourcePartitionOf,
  writePartitions,
} from '../../../../../../src/plugins/connectors/mirror/source/offsets.ts';

const golden = readFileSync(new URL('../../../../../golden/mirror/topics.txt', import.meta.url), 'utf8');

test('the key of a stored offset is the original’s to the byte', () => {
  const key = JSON.stringify(['MirrorSourceConnector', sourcePartitionOf('a', { topic: 'fs-bench', partition: 0 })]);
  expect(golden).toContain(`(${key})`);
});

test('a task goes on behind the last record that was copied', () => {
  expect(nextOffset({ offset: 122n })).toBe(123n);
  expect(nextOffset({ offset: 0n })).toBe(1n);
  for (const nothing of [null, {}, { offset: null }, { offset: -1n }]) expect(nextOffset(nothing)).toBeNull();
  expect(() => nextOffset({ offset: 'x' })).toThrow('The stored offset "x" is no whole number.');
});

test('partitions as text: names may hold hyphens', () => {
  const partitions = [
    { topic: 'heartbeats', partition: 0 },
    { topic: 'my-topic-1', partition: 12 },
  ];
  expect(writePartitions(partitions)).toBe('heartbeats-0,my-topic-1-12');
  expect(readPartitions('heartbeats-0,my-topic-1-12')).toEqual(partitions);
  for (const text of ['', 'topic', '-1', 'topic-', 'topic-x'])
    expect(() => readPartitions(text)).toThrow(`"${text}" in task.assigned.partitions`);
});

// Source: MirrorSourceConnectorTest.testMirrorSourceConnectorTaskConfig: topics of 8, 2 and 2 partitions.
test('partitions are dealt out in turn', () => {
  const of = (topic: string, count: number) => Array.from({ length: count }, (_, partition) => ({ topic, partition }));
  const hands = dealOut([...of('t0', 8), ...of('t1', 2), ...of('t2', 2)], 3);
  expect(hands.map(writePartitions)).toEqual(['t0-0,t0-3,t0-6,t1-1', 't0-1,t0-4,t0-7,t2-0', 't0-2,t0-5,t1-0,t2-1']);
  expect(dealOut(of('t', 2), 5).map(writePartitions)).toEqual(['t-0', 't-1']);
  expect(dealOut([], 5)).toEqual([]);
});
