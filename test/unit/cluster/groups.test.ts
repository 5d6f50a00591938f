/** Groups with their lag, a page at a time. */
import { expect, test } from 'vitest';
import { GroupCatalog } from '../../../src/cluster/groups.ts';
import type { Admin, TopicInfo } from '../../../src/kafka/contract.ts';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';
import { START_MS } from '../../helpers/worlds.ts';

function world(groups: number): ScriptedWorld {
  const one = new ScriptedWorld();
  one.topics = [topic('orders', 2, 1_000n)];
  for (let i = 0; i < groups; i++)
    one.groups.set(`g${String(i).padStart(4, '0')}`, {
      state: 'Stable',
      clientId: 'c',
      offsets: [{ topic: 'orders', partition: 0, offset: 900n }],
    });
  return one;
}
const topicsOf = async (admin: Admin): Promise<ReadonlyMap<string, TopicInfo>> =>
  new Map((await admin.topics()).map((info) => [info.name, info]));

const SIGHT = { open: null, shown: () => [] };

async function refreshed(admin: Admin, catalog: GroupCatalog, nowMs = START_MS, shown: readonly string[] = []) {
  await catalog.refresh(await topicsOf(admin), { open: null, shown: () => shown }, nowMs);
  return catalog.rows();
}

test('state, members, topics, lag by partition; in sight also since when the next record waits', async () => {
  const one = world(1);
  const admin = one.kafka.admin();
  const [row] = await refreshed(admin, new GroupCatalog(admin), START_MS, ['g0000']);
  expect(row).toMatchObject({
    groupId: 'g0000',
    type: 'classic',
    state: 'Stable',
    memberCount: 1,
    topics: ['orders'],
    lag: 100n,
    // One record a second, the newest of now.
    lagMs: 99_000,
    isLagMsWhole: true,
    lagPerSec: null,
    coordinator: 1,
  });
  expect(row?.partitions).toMatchObject([
    { topic: 'orders', partition: 0, committed: 900n, end: 1_000n, lag: 100n, lagMs: 99_000, member: 'c /10.0.0.12' },
  ]);
  expect(row?.members).toMatchObject([{ clientId: 'c', host: '10.0.0.12', subscribed: 'orders', target: null }]);
});

test('out of sight no record is read, and no members are kept', async () => {
  const one = world(1);
  const admin: Admin = { ...one.kafka.admin(), recordTimes: () => Promise.reject(new Error('nobody looks')) };
  const [row] = await refreshed(admin, new GroupCatalog(admin));
  expect(row).toMatchObject({ lag: 100n, lagMs: null, memberCount: 1, members: null });
});

test('how the lag grows', async () => {
  const one = world(1);
  const admin = one.kafka.admin();
  const catalog = new GroupCatalog(admin);
  await refreshed(admin, catalog, 0);
  one.topics[0]!.partitions[0]!.end = 1_050n;
  const [row] = await refreshed(admin, catalog, 5_000);
  expect(row).toMatchObject({ lag: 150n, lagPerSec: 10, lagPoints: [100, 150] });
});

test('of very many groups those in sight are measured first, the others a page a round; the names are told at once', async () => {
  const one = world(450);
  const described: number[] = [];
  const admin: Admin = { ...one.kafka.admin() };
  const describe = admin.describeGroups.bind(admin);
  admin.describeGroups = (ids) => {
    described.push(ids.length);
    return describe(ids);
  };
  const catalog = new GroupCatalog(admin);
  const told: number[][] = [];
  const known = () => catalog.rows().filter((row) => row.memberCount !== null).length;
  const round = async () => {
    told.push([]);
    await catalog.refresh(await topicsOf(admin), { open: null, shown: () => ['g0448', 'g0449'] }, 0, () => told.at(-1)!.push(known()));
    return known();
  };
  expect([await round(), await round(), await round()]).toEqual([202, 402, 450]);
  expect(told[0]).toEqual([0, 2]);
  expect(described).toEqual([2, 200, 2, 200, 2, 198]);
});

test('a group whose offsets are refused fails alone; one that is gone is forgotten', async () => {
  const one = world(2);
  const admin: Admin = { ...one.kafka.admin() };
  const offsets = admin.offsetsOfGroups.bind(admin);
  admin.offsetsOfGroups = async (ids) =>
    (await offsets(ids)).map((answer) =>
      answer.groupId === 'g0000' ? { ...answer, offsets: [], error: 'GROUP_AUTHORIZATION_FAILED' } : answer,
    );
  const catalog = new GroupCatalog(admin);
  const rows = await refreshed(admin, catalog);
  expect(rows.map((row) => [row.groupId, row.error, row.lag])).toEqual([
    ['g0000', 'GROUP_AUTHORIZATION_FAILED', null],
    ['g0001', null, 100n],
  ]);
  one.groups.delete('g0000');
  expect((await refreshed(admin, catalog)).map((row) => row.groupId)).toEqual(['g0001']);
});

test('groups of a broker that is silent stay, and it is named', async () => {
  const one = world(2);
  const admin: Admin = { ...one.kafka.admin() };
  const catalog = new GroupCatalog(admin);
  await refreshed(admin, catalog);
  const list = admin.groups.bind(admin);
  admin.groups = async (onBrokerFault) => {
    onBrokerFault?.(2, new Error('no answer'));
    return (await list()).slice(1);
  };
  expect((await refreshed(admin, catalog)).map((row) => row.groupId)).toEqual(['g0000', 'g0001']);
  expect(catalog.missing).toBe('broker 2');
});

test('partitions that were assigned and never committed count from the earliest; of a share group nobody knows', async () => {
  const one = world(0);
  const uncommitted = [{ topic: 'orders', partition: 1 }];
  one.groups.set('consumer', { state: 'Stable', clientId: 'c', type: 'consumer', offsets: [], uncommitted });
  one.groups.set('share', { state: 'Stable', clientId: 's', type: 'share', offsets: [], uncommitted });
  const admin = one.kafka.admin();
  const rows = await refreshed(admin, new GroupCatalog(admin), START_MS, ['consumer', 'share']);
  expect(rows.map((row) => [row.type, row.lag, row.lagMs, row.partitions[0]?.committed])).toEqual([
    ['consumer', 1_000n, 999_000, null],
    ['share', null, null, null],
  ]);
});

test('groups of workers and of types of the future stay visible, without a lag', async () => {
  const one = world(0);
  one.groups.set('connect-cluster', { state: 'Stable', clientId: 'w', protocolType: 'connect', offsets: [] });
  one.groups.set('quantum', { state: 'Entangled', clientId: 'q', type: 'quantum', offsets: [] });
  const admin: Admin = { ...one.kafka.admin() };
  const describe = admin.describeGroups.bind(admin);
  admin.describeGroups = async (ids) =>
    (await describe(ids)).map((group) =>
      group.groupId === 'quantum' ? { ...group, state: 'Dead', members: [], error: 'GROUP_ID_NOT_FOUND' } : group,
    );
  const rows = await refreshed(admin, new GroupCatalog(admin));
  expect(rows.map((row) => [row.groupId, row.type, row.state, row.memberCount, row.error])).toEqual([
    ['connect-cluster', 'connect', 'Stable', 1, null],
    ['quantum', 'quantum', 'Entangled', null, null],
  ]);
});

test('a partition without a leader is not known, and the sums say so', async () => {
  const one = world(1);
  one.groups.get('g0000')!.offsets.push({ topic: 'orders', partition: 1, offset: 500n });
  one.topics[0]!.partitions[1]!.leader = -1;
  const admin = one.kafka.admin();
  const [row] = await refreshed(admin, new GroupCatalog(admin), START_MS, ['g0000']);
  expect(row).toMatchObject({ lag: 100n, isLagWhole: false, lagMs: 99_000, isLagMsWhole: false });
  expect(row?.partitions[1]).toMatchObject({ end: null, lag: null, lagMs: null });
});

test('the group that is open shows how fast each partition is read', async () => {
  const one = world(1);
  const admin = one.kafka.admin();
  const catalog = new GroupCatalog(admin);
  const topics = await topicsOf(admin);
  for (let i = 0; i < 4; i++) {
    one.groups.get('g0000')!.offsets[0]!.offset = 900n + BigInt(i * 20);
    await catalog.refresh(topics, { ...SIGHT, open: 'g0000' }, START_MS + i * 5_000);
  }
  expect(catalog.rows()[0]?.partitions[0]?.readPerSec).toBe(4);
});

test('a group in sight that cannot be described is not asked for again at once', async () => {
  const one = world(1);
  one.groups.set('quantum', { state: 'Entangled', clientId: 'q', type: 'quantum', offsets: [] });
  const admin: Admin = { ...one.kafka.admin(), describeGroups: async () => [] };
  const catalog = new GroupCatalog(admin);
  expect(catalog.isUnknown('quantum')).toBe(true);
  await refreshed(admin, catalog, START_MS, ['quantum']);
  expect([catalog.isUnknown('quantum'), catalog.isUnknown('g0000')]).toEqual([false, true]);
});
