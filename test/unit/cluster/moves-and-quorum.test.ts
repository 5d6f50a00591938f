/** Rows of moves and of the metadata quorum: what is not known is not made up. */
import { expect, test } from 'vitest';
import { DiskIndex } from '../../../src/cluster/disk-index.ts';
import { releaseOf, releasesOf } from '../../../src/cluster/kafka-release.ts';
import { toQuorumRows } from '../../../src/cluster/quorum-rows.ts';
import { reassignmentProgress, shareOf } from '../../../src/cluster/reassignment-progress.ts';
import type { LogDirInfo, TopicInfo } from '../../../src/kafka/contract.ts';

const disk = (brokerId: number, sizeBytes: bigint, offsetLag = 0n): LogDirInfo => ({
  brokerId,
  path: '/d',
  error: null,
  totalBytes: null,
  usableBytes: null,
  partitions: [{ topic: 'a', partition: 0, sizeBytes, offsetLag, isFuture: false }],
});
const topicOf = (isr: number[]): ReadonlyMap<string, TopicInfo> =>
  new Map([
    [
      'a',
      {
        name: 'a',
        topicId: '',
        isInternal: false,
        error: null,
        partitions: [{ partition: 0, leader: 1, leaderEpoch: 1, replicas: [1, 2, 3, 4], isr, offlineReplicas: [], error: null }],
      },
    ],
  ]);
const move = { topic: 'a', partition: 0, replicas: [1, 2, 3, 4], adding: [3, 4], removing: [2] };

test('a move is as far as its new replicas are: bytes beside the largest, records that they lack', () => {
  const [row] = reassignmentProgress([move], topicOf([1, 2]), new DiskIndex([disk(1, 1_000n), disk(3, 500n, 40n), disk(4, 1_200n)]));
  expect(row).toMatchObject({ inSync: [], silent: [], doneBytes: 1_700n, totalBytes: 2_400n, lagRecords: 40n });
  expect(shareOf(row!)).toBeCloseTo(0.708, 2);
});

test('a broker that tells nothing leaves the lag unknown, and is named; no answers at all leave the progress unknown', () => {
  const [row] = reassignmentProgress([move], topicOf([1, 2, 3]), new DiskIndex([disk(1, 1_000n), disk(3, 1_000n)]));
  expect(row).toMatchObject({ inSync: [3], silent: [4], lagRecords: null });
  expect(shareOf(row!)).toBe(0.5);
  const [unknown] = reassignmentProgress([move], topicOf([1]), null);
  expect(shareOf(unknown!)).toBeNull();
});

test('a move whose new replicas are in sync is done, whatever the disks say', () => {
  const [row] = reassignmentProgress([move], topicOf([1, 3, 4]), null);
  expect(shareOf(row!)).toBe(1);
});

test('the quorum: the leader first, lag beside it, unknown for whom nothing was heard of', () => {
  const node = (id: number, logEndOffset: bigint, atMs: number) => ({ id, logEndOffset, lastFetchMs: atMs, lastCaughtUpMs: atMs });
  const rows = toQuorumRows(
    {
      leaderId: 2,
      leaderEpoch: 4,
      highWatermark: 99n,
      voters: [node(1, 90n, 9_000), node(2, 100n, -1), node(3, -1n, -1)],
      observers: [node(7, 101n, 10_500)],
    },
    10_000,
  );
  expect(rows.map(({ id, role, lag, caughtUpAgoMs }) => [id, role, lag, caughtUpAgoMs])).toEqual([
    [2, 'leader', 0n, null],
    [1, 'voter', 10n, 1_000],
    [3, 'voter', null, null],
    [7, 'observer', 0n, 0],
  ]);
});

test('releases by the level of metadata.version', () => {
  expect([6, 7, 11, 25, 29, 30, 31, 40].map(releaseOf)).toEqual([null, '3.3', '3.5', '4.0', '4.2', '4.3', '4.4', '> 4.4']);
  expect(releasesOf({ finalized: [], supported: [] })).toEqual({ broker: null, cluster: null });
});
