/** When retention overtakes a reader: the arithmetic, and the watch that feeds it. */
import { expect, test } from 'vitest';
import type { PositionTimes } from '../../../src/cluster/position-times.ts';
import { outlookOf, type ReaderFacts } from '../../../src/cluster/retention.ts';
import { RetentionWatch } from '../../../src/cluster/retention-watch.ts';
import type { Admin } from '../../../src/kafka/contract.ts';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;
const rules = { minIsr: 2, isUncleanAllowed: false, retentionMs: 9 * HOUR, retentionBytes: -1n, cleanup: 'delete' };

function facts(more: Partial<ReaderFacts> = {}): ReaderFacts {
  return {
    topic: 'clicks',
    partition: 0,
    samples: [{ atMs: NOW, committed: 500n, end: 1_000n, recordMs: NOW - 5.5 * HOUR }],
    starts: [{ atMs: NOW, earliest: 100n }],
    rules,
    sizeBytes: null,
    ...more,
  };
}

/** Two looks, `ms` apart: where it was, and where it is. */
const moved = (ms: number, before: { committed: bigint; end: bigint; recordMs: number | null }, now: typeof before) => [
  { atMs: NOW - ms, ...before },
  { atMs: NOW, ...now },
];

test('a reader that stands has the rest of the retention', () => {
  expect(outlookOf(facts(), NOW)).toMatchObject({
    leftMs: 3.5 * HOUR,
    by: 'time',
    lagMs: 5.5 * HOUR,
    retentionMs: 9 * HOUR,
    lostRecords: 0n,
  });
});

test('one that reads at half the pace of time has twice as long; one that catches up loses nothing', () => {
  const half = moved(
    60_000,
    { committed: 400n, end: 900n, recordMs: NOW - 5.5 * HOUR - 30_000 },
    { committed: 500n, end: 1_000n, recordMs: NOW - 5.5 * HOUR },
  );
  expect(outlookOf(facts({ samples: half }), NOW).leftMs).toBe(7 * HOUR);
  const fast = moved(
    60_000,
    { committed: 0n, end: 900n, recordMs: NOW - 8 * HOUR },
    { committed: 500n, end: 1_000n, recordMs: NOW - 5.5 * HOUR },
  );
  expect(outlookOf(facts({ samples: fast }), NOW)).toMatchObject({ leftMs: null, by: null });
});

test('no limit, compaction alone, a time that nobody knows: no danger is made up', () => {
  const left = (more: Partial<typeof rules> | null) => outlookOf(facts({ rules: more && { ...rules, ...more } }), NOW);
  expect(left({ retentionMs: -1 })).toMatchObject({ leftMs: null, retentionMs: null });
  expect(left({ cleanup: 'compact' }).leftMs).toBeNull();
  expect(left(null).leftMs).toBeNull();
  expect(left({ cleanup: 'compact,delete' }).leftMs).toBe(3.5 * HOUR);
  expect(outlookOf(facts({ samples: [{ atMs: NOW, committed: 500n, end: 1_000n, recordMs: null }] }), NOW).leftMs).toBeNull();
});

test('a record from the future is not old', () => {
  expect(outlookOf(facts({ samples: [{ atMs: NOW, committed: 500n, end: 1_000n, recordMs: NOW + HOUR }] }), NOW)).toMatchObject({
    lagMs: 0,
    leftMs: 9 * HOUR,
  });
});

test('by size: how many records fit, and how fast the reader falls behind', () => {
  // 900 records in 90 000 bytes: 1 000 fit into 100 000; the lag is 800 and grows by 100 a minute.
  const samples = moved(60_000, { committed: 200n, end: 900n, recordMs: null }, { committed: 200n, end: 1_000n, recordMs: null });
  const sized = facts({ samples, sizeBytes: 90_000n, rules: { ...rules, retentionMs: -1, retentionBytes: 100_000n } });
  expect(outlookOf(sized, NOW)).toMatchObject({ leftMs: 120_000, by: 'size', retentionBytes: 100_000n });
  expect(outlookOf({ ...sized, sizeBytes: null }, NOW).leftMs).toBeNull();
  const still = moved(60_000, { committed: 200n, end: 1_000n, recordMs: null }, { committed: 200n, end: 1_000n, recordMs: null });
  expect(outlookOf({ ...sized, samples: still }, NOW).leftMs).toBeNull();
});

test('whatever deletes: two moves of the log’s start are a pace, one is none', () => {
  const starts = [0n, 100n, 200n].map((earliest, i) => ({ atMs: NOW - (2 - i) * 60_000, earliest }));
  const unknown = facts({ rules: null, starts });
  expect(outlookOf(unknown, NOW)).toMatchObject({ leftMs: 180_000, by: 'deletion' });
  expect(outlookOf({ ...unknown, starts: starts.slice(1) }, NOW).leftMs).toBeNull();
});

test('what was deleted before it was read is lost, and counted', () => {
  expect(outlookOf(facts({ starts: [{ atMs: NOW, earliest: 620n }] }), NOW)).toMatchObject({ lostRecords: 120n, leftMs: null });
});

class Scene {
  readonly asked: string[] = [];
  readonly timesAsked: string[] = [];
  earliest = 100n;
  nowMs = NOW;
  retentionMs = 9 * HOUR;
  readonly watch = new RetentionWatch({
    admin: {
      listOffsets: async (partitions: { topic: string; partition: number }[], spec: unknown) => {
        this.asked.push(`${spec} ${partitions.map((one) => `${one.topic} ${one.partition}`).join(',')}`);
        return partitions.map((one) => ({ ...one, offset: one.partition === 9 ? null : this.earliest, timestampMs: null, error: null }));
      },
    } as unknown as Admin,
    times: {
      at: () => NOW - 5 * HOUR,
      read: async (places: { topic: string; partition: number; offset: bigint }[]) => {
        this.timesAsked.push(...places.map((one) => `${one.topic} ${one.partition} @ ${one.offset}`));
      },
    } as unknown as PositionTimes,
    refreshRules: async (topics) => void this.asked.push(`rules ${topics.join(',')}`),
    rules: () => ({ ...rules, retentionMs: this.retentionMs }),
    bytes: () => null,
    nowMs: () => this.nowMs,
  });

  read(...partitions: ReadonlyArray<readonly [partition: number, committed: bigint | null, end: bigint]>) {
    return this.watch.read([
      {
        groupId: 'g',
        partitions: partitions.map(([partition, committed, end]) => ({
          topic: 't',
          partition,
          committed,
          end,
          lag: end - (committed ?? 0n),
          member: null,
        })),
      },
    ]);
  }
}

test('nothing is asked when nobody lags, and what has caught up is forgotten', async () => {
  const scene = new Scene();
  await scene.read([0, 1_000n, 1_000n], [1, null, 5n]);
  expect(scene.asked).toEqual([]);
  await scene.read([0, 500n, 1_000n]);
  expect(scene.watch.outlooks.get('g')).toMatchObject([{ partition: 0, leftMs: 4 * HOUR }]);
  await scene.read([0, 1_000n, 1_000n]);
  expect(scene.watch.outlooks.size).toBe(0);
});

test('only of readers far behind the time of a record is asked, and of partitions that answer', async () => {
  const scene = new Scene();
  await scene.read([0, 990n, 1_000n], [1, 500n, 1_000n], [9, 10n, 1_000n], [2, 50n, 1_000n]);
  expect(scene.asked).toEqual(['earliest t 0,t 1,t 9,t 2', 'rules t']);
  expect(scene.timesAsked).toEqual(['t 1 @ 500']);
  expect(scene.watch.outlooks.get('g')?.map((one) => [one.partition, one.lostRecords])).toEqual([
    [2, 50n],
    [0, 0n],
    [1, 0n],
  ]);
  scene.retentionMs = -1;
  await scene.read([1, 500n, 1_000n]);
  expect(scene.timesAsked).toHaveLength(1);
});
