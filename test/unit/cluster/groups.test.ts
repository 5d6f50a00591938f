/** Groups with their lag, a page at a time. */
import { expect, test } from 'vitest';
import { GroupCatalog } from '../../../src/cluster/groups.ts';
import type { Admin, TopicInfo } from '../../../src/kafka/contract.ts';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';

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

test('state, members, topics, lag by partition', async () => {
  const one = world(1);
  const admin = one.kafka.admin();
  const [row] = await new GroupCatalog().refresh(admin, await topicsOf(admin), null, 0);
  expect(row).toMatchObject({
    groupId: 'g0000',
    state: 'Stable',
    memberCount: 1,
    topics: ['orders'],
    lag: 100n,
    lagPerSec: null,
    coordinator: 1,
  });
  expect(row?.partitions).toEqual([{ topic: 'orders', partition: 0, committed: 900n, end: 1_000n, lag: 100n, member: 'c /10.0.0.12' }]);
});

test('how the lag grows', async () => {
  const one = world(1);
  const admin = one.kafka.admin();
  const catalog = new GroupCatalog();
  await catalog.refresh(admin, await topicsOf(admin), null, 0);
  one.topics[0]!.partitions[0]!.end = 1_050n;
  const [row] = await catalog.refresh(admin, await topicsOf(admin), null, 5_000);
  expect(row).toMatchObject({ lag: 150n, lagPerSec: 10 });
});

test('of very many groups each round describes a page, and the one that is looked at', async () => {
  const one = world(250);
  const described: number[] = [];
  const admin: Admin = { ...one.kafka.admin() };
  const describe = admin.describeGroups.bind(admin);
  admin.describeGroups = (ids) => {
    described.push(ids.length);
    return describe(ids);
  };
  const catalog = new GroupCatalog();
  const known = async () =>
    (await catalog.refresh(admin, await topicsOf(admin), 'g0249', 0)).filter((row) => row.memberCount !== null).length;
  expect([await known(), await known(), await known()]).toEqual([101, 201, 250]);
  expect(described).toEqual([101, 101, 100]);
});

test('a group whose offsets are refused fails alone; one that is gone is forgotten', async () => {
  const one = world(2);
  const admin: Admin = { ...one.kafka.admin() };
  const offsets = admin.groupOffsets.bind(admin);
  admin.groupOffsets = (id) => (id === 'g0000' ? Promise.reject(new Error('GROUP_AUTHORIZATION_FAILED')) : offsets(id));
  const catalog = new GroupCatalog();
  const rows = await catalog.refresh(admin, await topicsOf(admin), null, 0);
  expect(rows.map((row) => [row.groupId, row.error, row.lag])).toEqual([
    ['g0000', 'GROUP_AUTHORIZATION_FAILED', null],
    ['g0001', null, 100n],
  ]);
  one.groups.delete('g0000');
  expect((await catalog.refresh(admin, await topicsOf(admin), null, 1_000)).map((row) => row.groupId)).toEqual(['g0001']);
});
