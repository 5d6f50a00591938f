/** ISR arithmetic. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DiskInfo } from '../../../src/cluster/disk-index.ts';
import { partitionHealth, summariseIsr, toBrokerRows, toTopicRow } from '../../../src/cluster/partition-health.ts';
import type { ClusterInfo, PartitionInfo, TopicInfo } from '../../../src/kafka/contract.ts';

const partition = (number: number, leader: number, replicas: number[], isr: number[]): PartitionInfo => ({
  partition: number,
  leader,
  leaderEpoch: 1,
  replicas,
  isr,
  offlineReplicas: [],
  error: null,
});
const topic = (name: string, ...partitions: PartitionInfo[]): TopicInfo => ({
  name,
  topicId: 'x',
  isInternal: false,
  partitions,
  error: null,
});
const cluster = (...ids: number[]): ClusterInfo => ({
  clusterId: 'c',
  controllerId: ids[0] ?? null,
  brokers: ids.map((id) => ({ id, host: `h${id}`, port: 9092, rack: null })),
});
const RULES = { minIsr: 2, isUncleanAllowed: false, retentionMs: null, retentionBytes: null, cleanup: null };
const NO_FACTS = { rules: RULES, endOffset: null, recordsPerSec: null, sizeBytes: null };

test('the worst word wins', () => {
  expect(partitionHealth(partition(0, -1, [1, 2, 3], [1, 2, 3]), 2)).toBe('offline');
  expect(partitionHealth(partition(0, 1, [1, 2, 3], [1]), 2)).toBe('below-min');
  expect(partitionHealth(partition(0, 1, [1, 2, 3], [1, 2]), 2)).toBe('under');
  expect(partitionHealth(partition(0, 1, [1, 2, 3], [1, 2, 3]), 2)).toBe('ok');
});

test('without a known minimum nothing is called read-only, and a minimum above the replicas is none that can be met', () => {
  expect(partitionHealth(partition(0, 1, [1, 2, 3], [1]), null)).toBe('under');
  expect(partitionHealth(partition(0, 1, [1], [1]), 2)).toBe('ok');
});

test('a topic counts what its partitions are; the cluster sums up', () => {
  const rows = [
    toTopicRow(topic('a', partition(0, -1, [1, 2], []), partition(1, 1, [1, 2, 3], [1]), partition(2, 1, [1, 2, 3], [1, 2])), NO_FACTS),
    toTopicRow(topic('b', partition(0, 1, [1, 2], [1, 2])), NO_FACTS),
  ];
  expect(rows[0]).toMatchObject({ offline: 1, belowMin: 1, under: 2, replicationFactor: 2 });
  expect(summariseIsr(rows)).toEqual({ offline: 1, belowMin: 1, under: 2 });
});

test('brokers that are gone are shown as long as something waits for them or they were seen', () => {
  const topics = [topic('a', partition(0, 1, [1, 2, 3], [1, 2]), partition(1, 2, [2, 1], [2, 1]))];
  const rows = toBrokerRows(cluster(1, 2), topics, new Set([4]), null);
  expect(
    rows.map(({ id, isUp, leaders, replicas, underReplicated, outOfSync }) => [id, isUp, leaders, replicas, underReplicated, outOfSync]),
  ).toEqual([
    [1, true, 1, 2, 1, 0],
    [2, true, 1, 2, 0, 0],
    [3, false, 0, 1, 0, 1],
    [4, false, 0, 0, 0, 0],
  ]);
  expect(rows[0]).toMatchObject({ isController: true, address: 'h1:9092' });
  expect(rows[2]).toMatchObject({ isController: false, address: null });
});

test('disks: the fullest folder counts, broken ones are named, silence is no broken disk', () => {
  const dir = (brokerId: number, path: string, more: Partial<DiskInfo> = {}): DiskInfo => ({
    brokerId,
    path,
    error: null,
    totalBytes: 100n,
    usableBytes: 50n,
    replicaCount: 1,
    sizeBytes: 7n,
    ...more,
  });
  const rows = toBrokerRows(cluster(1, 2, 3), [], new Set(), [
    dir(1, '/d1'),
    dir(1, '/d2', { usableBytes: 5n }),
    dir(2, '/d1', { error: 'KAFKA_STORAGE_ERROR', totalBytes: null, usableBytes: null }),
    dir(3, '', { error: 'no answer for 10 s', replicaCount: 0, sizeBytes: 0n }),
  ]);
  expect(rows[0]).toMatchObject({ usedShare: 0.95, sizeBytes: 14n, logDirErrors: [], silence: null });
  expect(rows[1]).toMatchObject({ usedShare: null, logDirErrors: ['/d1: KAFKA_STORAGE_ERROR'], silence: null });
  expect(rows[2]).toMatchObject({ usedShare: null, sizeBytes: null, logDirErrors: [], silence: 'no answer for 10 s' });
});

test('a broker that is gone has no disk figures any more', () => {
  const dirs: DiskInfo[] = [{ brokerId: 2, path: '/d', error: null, totalBytes: 100n, usableBytes: 10n, replicaCount: 0, sizeBytes: 0n }];
  expect(toBrokerRows(cluster(1, 2), [], new Set(), dirs)[1]).toMatchObject({ isUp: true, usedShare: 0.9 });
  expect(toBrokerRows(cluster(1), [], new Set([2]), dirs)[1]).toMatchObject({ isUp: false, usedShare: null, sizeBytes: null });
});

test('every replica is counted once, on one broker', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
  const one = fc.tuple(ids, fc.nat(4)).map(([replicas, drop]) => ({ replicas, isr: replicas.slice(drop), leader: replicas[drop] ?? -1 }));
  fc.assert(
    fc.property(fc.array(one, { maxLength: 20 }), (drafts) => {
      const topics = [topic('t', ...drafts.map((draft, i) => partition(i, draft.leader, draft.replicas, draft.isr)))];
      const rows = toBrokerRows(cluster(1, 2, 3), topics, new Set(), null);
      const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + pick(row), 0);
      expect(sum((row) => row.replicas)).toBe(drafts.reduce((all, draft) => all + draft.replicas.length, 0));
      expect(sum((row) => row.leaders)).toBe(drafts.filter((draft) => draft.leader >= 0).length);
      expect(sum((row) => row.outOfSync)).toBe(drafts.reduce((all, draft) => all + draft.replicas.length - draft.isr.length, 0));
    }),
  );
});
