/** Lag: from what was committed, or from the first record there is. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askablePartitions, fetchBounds, fetchOffsets, fetchProgress, lagRows, totalOf } from '../../../src/cluster/progress.ts';
import type { TopicInfo } from '../../../src/kafka/contract.ts';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';

function world(): { world: ScriptedWorld; topics: () => Promise<ReadonlyMap<string, TopicInfo>> } {
  const one = new ScriptedWorld();
  one.topics = [topic('orders', 3, 1_000n), topic('audit', 1, 50n)];
  one.topics[0]!.partitions[2]!.leader = -1;
  one.groups.set('g', { state: 'Stable', clientId: 'c', offsets: [{ topic: 'orders', partition: 0, offset: 400n }] });
  const topics = async () => new Map((await one.kafka.admin().topics()).map((info) => [info.name, info]));
  return { world: one, topics };
}

const whole = (value: bigint, known: number) => ({ value, known, isWhole: true });

test('partitions without a leader are not asked: one of them must not fail the rest', async () => {
  const { world: one, topics } = world();
  const places = askablePartitions(await topics(), ['orders', 'gone', 'orders', 'audit']);
  expect(places.map((place) => `${place.topic} ${place.partition}`)).toEqual(['orders 0', 'orders 1', 'audit 0']);
  expect(await fetchOffsets(one.kafka.admin(), [{ topic: 'gone', partition: 0 }, ...places], 'latest')).toEqual(
    new Map([
      ['orders 0', 1_000n],
      ['orders 1', 1_000n],
      ['audit 0', 50n],
    ]),
  );
});

test('what was never committed waits as a whole, unless it is read from its end', async () => {
  const { world: one, topics } = world();
  const admin = one.kafka.admin();
  const ends = await fetchOffsets(admin, askablePartitions(await topics(), ['orders', 'audit']), 'latest');
  const watch = { connector: 'snk', groupId: 'g', topics: ['orders', 'audit'], readsFromStart: true, queue: null };
  const { progress, error } = await fetchProgress(
    admin,
    [watch, { ...watch, connector: 'late', readsFromStart: false }],
    await topics(),
    ends,
    7,
  );
  expect(error).toBeNull();
  expect(progress.get('snk')).toMatchObject({
    atMs: 7,
    end: whole(2_050n, 3),
    committed: { value: 400n, known: 1 },
    lag: whole(600n + 1_000n + 50n, 3),
  });
  expect(progress.get('late')).toMatchObject({ committed: { value: 400n, known: 1 }, lag: { value: 600n, known: 1, isWhole: false } });
});

test('a group that cannot be read has no figures and harms no other', async () => {
  const { world: one, topics } = world();
  const admin = {
    ...one.kafka.admin(),
    groupOffsets: async (id: string) => (id === 'g' ? [] : Promise.reject(new Error('NOT_AUTHORIZED'))),
  };
  const watch = { connector: 'snk', groupId: 'g', topics: ['audit'], readsFromStart: true, queue: null };
  const { progress, error } = await fetchProgress(
    admin,
    [watch, { ...watch, connector: 'x', groupId: 'secret' }],
    await topics(),
    new Map([['audit 0', 50n]]),
    0,
  );
  expect([...progress.keys()]).toEqual(['snk']);
  expect(error).toBe('NOT_AUTHORIZED');
});

test('offsets of a topic that the sink does not read any more make no lag, and no lag uncertain', async () => {
  const { world: one, topics } = world();
  const admin = {
    ...one.kafka.admin(),
    groupOffsets: async () => [
      { topic: 'orders', partition: 0, offset: 400n, metadata: '' },
      { topic: 'audit', partition: 0, offset: 50n, metadata: '' },
    ],
  };
  const watch = { connector: 'snk', groupId: 'g', topics: ['audit'], readsFromStart: true, queue: null };
  const { progress } = await fetchProgress(
    admin,
    [watch, { ...watch, connector: 'any', isByPattern: true }],
    await topics(),
    new Map([['audit 0', 50n]]),
    0,
  );
  expect(progress.get('snk')).toMatchObject({ lag: whole(0n, 1), committed: { value: 450n } });
  expect(progress.get('any')).toMatchObject({ lag: { value: 0n, isWhole: false } });
});

test('a source has an end and no lag', async () => {
  const { world: one, topics } = world();
  const watch = { connector: 'src', groupId: null, topics: ['audit'], readsFromStart: true, queue: null };
  const { progress } = await fetchProgress(one.kafka.admin(), [watch], await topics(), new Map([['audit 0', 50n]]), 0);
  expect(progress.get('src')).toMatchObject({ end: whole(50n, 1), committed: null, lag: null, partitions: [] });
});

test('a commit that is newer than the end that was read is no negative lag', () => {
  const rows = lagRows({
    offsets: [{ topic: 't', partition: 0, offset: 12n }],
    assigned: [],
    ends: new Map([['t 0', 10n]]),
    starts: new Map(),
    members: new Map([['t 0', 'c-1 /10.0.0.1']]),
  });
  expect(rows).toEqual([{ topic: 't', partition: 0, committed: 12n, end: 10n, lag: 0n, member: 'c-1 /10.0.0.1' }]);
});

test('each partition has one row, in order, with a lag that is never below zero and unknown when its end is', () => {
  const place = fc.record({ topic: fc.constantFrom('a', 'b'), partition: fc.nat(3) });
  const committed = fc.record({ topic: fc.constantFrom('a', 'b'), partition: fc.nat(3), offset: fc.bigInt(-1n, 20n) });
  fc.assert(
    fc.property(fc.array(place), fc.array(committed), fc.array(fc.tuple(place, fc.bigInt(0n, 20n))), (assigned, offsets, known) => {
      const ends = new Map(known.map(([one, end]) => [`${one.topic} ${one.partition}`, end]));
      const rows = lagRows({ assigned, offsets, ends, starts: new Map(), members: new Map() });
      const keys = rows.map((row) => `${row.topic} ${row.partition}`);
      expect(keys).toEqual([...new Set(keys)].sort());
      for (const row of rows) {
        if (row.lag !== null) expect(row.lag >= 0n).toBe(true);
        if (row.end === null || row.committed === null) expect(row.lag).toBeNull();
      }
    }),
  );
});

test('sums know what is not known', () => {
  expect(totalOf([])).toBeNull();
  expect(totalOf([null, null])).toBeNull();
  expect(totalOf([null, 9007199254740993n, 1n])).toEqual({ value: 9007199254740994n, known: 2, isWhole: false });
});

test('first and end of each partition', async () => {
  const { world: one } = world();
  const bounds = await fetchBounds(one.kafka.admin(), 'audit', [{ topic: 'audit', partition: 0 }]);
  expect(bounds).toEqual({ topic: 'audit', earliest: new Map([[0, 0n]]), latest: new Map([[0, 50n]]) });
});
