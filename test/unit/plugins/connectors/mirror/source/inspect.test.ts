import { expect, test } from 'vitest';
import { KafkaError } from '../../../../../../src/kafka/kafka-error.ts';
import { inspectMirror } from '../../../../../../src/plugins/connectors/mirror/source/inspect.ts';
import { keptLog, MemoryCluster } from '../mirror-rig.ts';

const base = {
  ...{ name: 'm', 'source.cluster.alias': 'A', 'target.cluster.alias': 'B', 'tasks.max': '2' },
  ...{ 'source.cluster.bootstrap.servers': '127.0.0.1:1', 'target.cluster.bootstrap.servers': '127.0.0.1:2' },
};

function looked(source: MemoryCluster, target: MemoryCluster, config: Record<string, string> = {}) {
  return inspectMirror({ ...base, ...config }, keptLog().log, ({ bootstrapServers }) =>
    bootstrapServers[0] === '127.0.0.1:1' ? source.kafka : target.kafka,
  );
}

test('topics with their copies, tasks and what is to be made', async () => {
  const source = new MemoryCluster('one', { orders: 3, items: 1, new: 2, __internal: 5, 'B.back': 1 });
  const target = new MemoryCluster('two', { 'A.orders': 2, 'A.items': 1 });
  expect(await looked(source, target)).toEqual([
    {
      title: 'cluster A, the source',
      facts: [
        ['cluster', 'one, 3 brokers'],
        [
          'topics',
          'orders (3 partitions) → A.orders, to grow from 2 partitions\nitems (1 partition) → A.items\nnew (2 partitions) → A.new, to be made',
        ],
        ['tasks', '2, for 6 partitions'],
        ['offset syncs', 'mm2-offset-syncs.B.internal, to be made with 3 replicas'],
      ],
      errors: [],
      warnings: [],
    },
    { title: 'cluster B, the target', facts: [['cluster', 'two, 3 brokers']], errors: [], warnings: [] },
  ]);
  expect([source.created, target.created]).toEqual([[], []]);
});

test('more replicas than brokers, and nothing to copy', async () => {
  const [source, target] = [new MemoryCluster('one', { orders: 1 }), new MemoryCluster('two')];
  target.brokers = 1;
  const [, there] = await looked(source, target, { 'offset-syncs.topic.location': 'target' });
  expect(there?.errors).toEqual([
    'Copies cannot be made with 2 replicas on 1 broker: lower replication.factor.',
    'Topic mm2-offset-syncs.A.internal cannot be made with 3 replicas on 1 broker: lower offset-syncs.topic.replication.factor.',
  ]);
  const [none] = await looked(source, target, { topics: 'other', 'emit.offset-syncs.enabled': 'false' });
  expect([none?.facts.map(([name]) => name), none?.warnings]).toEqual([
    ['cluster', 'topics', 'tasks'],
    [expect.stringMatching(/^No topic is to be copied: check topics and topics\.exclude, .* every 600 s\.$/)],
  ]);
});

test('one cluster under two names', async () => {
  const cluster = new MemoryCluster('one', { orders: 1, 'A.orders': 1 });
  const [here, there] = await looked(cluster, cluster);
  expect([here?.facts[1], there?.warnings]).toEqual([
    ['topics', 'orders (1 partition) → A.orders'],
    ["'A' and 'B' are one cluster: topics whose names begin with 'A' count as copies and are not copied again."],
  ]);
  const identity = { 'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy' };
  expect((await looked(cluster, cluster, identity))[1]?.errors).toEqual([
    expect.stringContaining('each record would be copied onto its own topic'),
  ]);
});

test('a cluster that does not answer is an error of its own', async () => {
  const [source, target] = [new MemoryCluster('one', { orders: 1 }), new MemoryCluster('two')];
  target.fault = new KafkaError('DISCONNECTED', 'no broker can be reached');
  const [here, there] = await looked(source, target);
  expect([here?.facts[1], here?.errors, there?.errors]).toEqual([
    ['topics', 'orders (1 partition) → A.orders'],
    [],
    ['no broker can be reached'],
  ]);
});
