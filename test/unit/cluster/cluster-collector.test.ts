/** Kafka's answers over time: one that is slow, refused or not whole never makes wrong figures of the others. */
import { expect, test } from 'vitest';
import { ClusterCollector } from '../../../src/cluster/cluster-collector.ts';
import { NO_DEMAND } from '../../../src/cluster/cluster-demand.ts';
import type { Admin, Kafka } from '../../../src/kafka/contract.ts';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

function collect(world: ScriptedWorld, admin: Partial<Admin> = {}) {
  const clock = createTestClock();
  const kafka: Kafka = { ...world.kafka, admin: () => ({ ...world.kafka.admin(), ...admin }) };
  const collector = new ClusterCollector({ kafka, clock, pace: () => 1, onChange: () => undefined });
  collector.start();
  const row = (name: string) => collector.data.topics.find((one) => one.info.name === name);
  return { clock, collector, row, [Symbol.dispose]: () => collector.stop() };
}

function world(): ScriptedWorld {
  const one = new ScriptedWorld();
  one.topics = [topic('orders', 3, 100_000n), topic('audit', 1, 5n)];
  return one;
}
const grow = (one: ScriptedWorld, by: bigint) => {
  for (const partition of one.topics[0]!.partitions) partition.end += by;
};

test('topics have rates and ends only while somebody looks at them', async () => {
  const one = world();
  using rig = collect(one);
  await rig.clock.advance(4_000);
  expect(rig.row('orders')).toMatchObject({ endOffset: null, recordsPerSec: null });
  rig.collector.demand({ ...NO_DEMAND, hasTopicRates: true });
  for (let i = 0; i < 8; i++) {
    grow(one, 200n);
    await rig.clock.advance(2_000);
  }
  expect(rig.row('orders')?.recordsPerSec).toBeCloseTo(300, 0);
});

test('a leader that goes and comes back is no flood of records', async () => {
  const one = world();
  using rig = collect(one);
  rig.collector.demand({ ...NO_DEMAND, hasTopicRates: true });
  await rig.clock.advance(8_000);
  one.topics[0]!.partitions[1]!.leader = -1;
  await rig.clock.advance(6_000);
  expect(rig.row('orders')).toMatchObject({ offline: 1, endOffset: null, recordsPerSec: null });
  one.topics[0]!.partitions[1]!.leader = 2;
  for (let i = 0; i < 6; i++) {
    await rig.clock.advance(2_000);
    expect(rig.row('orders')?.recordsPerSec ?? 0).toBe(0);
  }
  expect(rig.row('orders')?.endOffset).toBe(300_000n);
});

test('each question fails alone', async () => {
  const refused = () => Promise.reject(new Error('CLUSTER_AUTHORIZATION_FAILED'));
  using rig = collect(world(), { quorum: refused, logDirs: refused, groups: refused, topicConfigs: refused });
  rig.collector.demand({ ...NO_DEMAND, hasGroups: true, hasDisks: true });
  await rig.clock.advance(6_000);
  expect(rig.collector.data).toMatchObject({
    quorumError: 'CLUSTER_AUTHORIZATION_FAILED',
    groupsError: 'CLUSTER_AUTHORIZATION_FAILED',
    logDirs: null,
    reach: { error: null },
  });
  expect(rig.collector.data.brokers).toHaveLength(3);
});

test('the minimum of in-sync replicas is asked only of topics that are not whole', async () => {
  const one = world();
  const asked: string[] = [];
  const { topicConfigs } = one.kafka.admin();
  using rig = collect(one, {
    topicConfigs: (topics, keys) => {
      asked.push(...topics);
      return topicConfigs(topics, keys);
    },
  });
  await rig.clock.advance(6_000);
  expect(asked).toEqual([]);
  one.topics[0]!.partitions[0]!.isr = [1];
  await rig.clock.advance(10_000);
  expect(asked).toEqual(['orders']);
  expect(rig.row('orders')).toMatchObject({ minIsr: 2, belowMin: 1, under: 1 });
});

test('a broker that says nothing about configs does not hold up who leads what', async () => {
  const one = world();
  one.topics[0]!.partitions[0]!.isr = [1];
  using rig = collect(one, { topicConfigs: () => new Promise(() => undefined) });
  await rig.clock.advance(3_000);
  one.topics[0]!.partitions[1]!.leader = -1;
  await rig.clock.advance(3_000);
  expect(rig.row('orders')).toMatchObject({ offline: 1, minIsr: null });
  expect(rig.collector.data.reach.error).toBeNull();
});

test('a broker that was seen stays in the list when it is gone', async () => {
  const one = world();
  using rig = collect(one);
  await rig.clock.advance(3_000);
  one.brokers = [1, 2];
  await rig.clock.advance(3_000);
  expect(rig.collector.data.brokers.map((broker) => [broker.id, broker.isUp])).toEqual([
    [1, true],
    [2, true],
    [3, false],
  ]);
});

test('a broker that comes back is asked for its disks at once', async () => {
  const one = world();
  using rig = collect(one);
  await rig.clock.advance(3_000);
  one.brokers = [1, 2];
  await rig.clock.advance(9_000);
  const diskOf = (id: number) => rig.collector.data.brokers.find((broker) => broker.id === id)?.sizeBytes ?? null;
  expect([diskOf(2), diskOf(3)]).toEqual([expect.any(BigInt), null]);
  one.brokers = [1, 2, 3];
  await rig.clock.advance(2_500);
  expect(diskOf(3)).toEqual(expect.any(BigInt));
});

test('when Kafka does not answer, the last answers stay, and how old they are is known', async () => {
  const one = world();
  using rig = collect(one);
  await rig.clock.advance(5_000);
  one.kafkaError = new Error('connection refused');
  await rig.clock.advance(20_000);
  const { reach, topics } = rig.collector.data;
  expect(reach.error).toBe('connection refused');
  expect(rig.clock.wallMs() - (reach.lastOkMs ?? 0)).toBeGreaterThan(19_000);
  expect(topics).toHaveLength(2);
});
