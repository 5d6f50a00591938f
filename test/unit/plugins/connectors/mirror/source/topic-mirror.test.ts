/** Source: MirrorSourceConnectorTest (4.3). */
import { expect, test } from 'vitest';
import type { AclBinding, ConfigEntry } from '../../../../../../src/kafka/contract.ts';
import { KafkaError } from '../../../../../../src/kafka/kafka-error.ts';
import { replicationPolicyOf } from '../../../../../../src/plugins/connectors/mirror/shared/replication-policy.ts';
import { topicFilterOf } from '../../../../../../src/plugins/connectors/mirror/shared/topic-filter.ts';
import { configFilterOf } from '../../../../../../src/plugins/connectors/mirror/source/config-rules.ts';
import { spec } from '../../../../../../src/plugins/connectors/mirror/source/spec.ts';
import { TopicMirror } from '../../../../../../src/plugins/connectors/mirror/source/topic-mirror.ts';
import { keptLog, MemoryCluster } from '../mirror-rig.ts';

const IDENTITY = { 'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy' };
const entry = (name: string, value: string, source: ConfigEntry['source'] = 'topic'): ConfigEntry => ({
  ...{ name, value, source, isSensitive: false, isReadOnly: false },
});

function rig(topics: Readonly<Record<string, number>>, config: Record<string, string> = {}, target = new MemoryCluster('two')) {
  const source = new MemoryCluster('one', topics);
  const { log, told } = keptLog();
  const events: string[] = [];
  const full = { 'source.cluster.alias': 'A', 'target.cluster.alias': 'B', ...config };
  const mirror = new TopicMirror({
    ...{ source: source.admin, target: target.admin, sourceAlias: 'A', targetAlias: 'B', replicationFactor: 2, log },
    policy: replicationPolicyOf(full),
    topicFilter: topicFilterOf(full),
    configFilter: configFilterOf(spec.parse(full)),
    areHeartbeatsCopied: true,
    onPartitionsChanged: () => events.push('changed'),
    onFatal: (error) => events.push(`fatal ${error}`),
  });
  return { source, target, mirror, told, events };
}

const namesOf = (mirror: TopicMirror) => mirror.partitions?.map(({ topic, partition }) => `${topic}-${partition}`) ?? null;

test('what the source has is found, and its copies are made like it', async () => {
  const { source, target, mirror, told } = rig({ orders: 2, __consumer_offsets: 50, 'B.orders': 1 });
  source.configs.set('orders', [entry('cleanup.policy', 'compact'), entry('min.insync.replicas', '2'), entry('flush.ms', '1', 'default')]);
  expect(mirror.partitions).toBeNull();
  await mirror.load();
  expect(namesOf(mirror)).toEqual(['orders-0', 'orders-1']);
  await mirror.createMissing();
  expect(target.created).toEqual([{ name: 'A.orders', partitions: 2, replicationFactor: 2, configs: { 'cleanup.policy': 'compact' } }]);
  expect(told).toEqual(["INFO Topic 'A.orders' was made on 'B' with 2 partitions."]);
  await mirror.createMissing();
  expect(target.created).toHaveLength(1);
});

test('new topics and partitions are found at the next look, and the tasks are made anew', async () => {
  const { source, target, mirror, events, told } = rig({ orders: 1 });
  await mirror.load();
  await mirror.createMissing();
  await mirror.refresh();
  expect(events).toEqual([]);
  source.topics.set('orders', 3).set('items', 1);
  await mirror.refresh();
  expect([namesOf(mirror), [...target.topics], events]).toEqual([
    ['items-0', 'orders-0', 'orders-1', 'orders-2'],
    [
      ['A.orders', 3],
      ['A.items', 1],
    ],
    ['changed'],
  ]);
  expect(told).toContain("INFO Partitions on 'A': 3 new, 0 gone. Copies on 'B': 1 topics missing, 1 with too few partitions.");
});

test('a topic that is gone at the source stays at the target', async () => {
  const { source, target, mirror, events } = rig({ orders: 1, items: 1 });
  await mirror.load();
  await mirror.createMissing();
  source.topics.delete('items');
  await mirror.refresh();
  expect([namesOf(mirror), target.topics.size, events]).toEqual([['orders-0'], 2, ['changed']]);
});

test('a copy that is gone is made again', async () => {
  const { target, mirror, events } = rig({ orders: 1 });
  await mirror.load();
  await mirror.createMissing();
  target.topics.clear();
  await mirror.refresh();
  expect([target.topics.get('A.orders'), events]).toEqual([1, ['changed']]);
});

test('copies that cannot be made are told of, and tried again at the next look', async () => {
  const { target, mirror, told } = rig({ orders: 1 });
  target.refusal = 'POLICY_VIOLATION';
  await mirror.load();
  await mirror.createMissing();
  expect(told).toEqual(["WARN Not every topic could be made on 'B'; it is tried again at the next look: POLICY_VIOLATION: refused"]);
  target.refusal = null;
  await mirror.refresh();
  expect(target.topics.get('A.orders')).toBe(1);
});

test('a cluster that does not answer changes nothing of what is known', async () => {
  const { source, mirror } = rig({ orders: 1 });
  await mirror.load();
  source.fault = new KafkaError('DISCONNECTED', 'no broker can be reached');
  await expect(mirror.refresh()).rejects.toThrow('no broker can be reached');
  expect(namesOf(mirror)).toEqual(['orders-0']);
});

test('the settings of copies follow those of the source', async () => {
  const { source, target, mirror } = rig({ orders: 1, items: 1 });
  source.configs.set('orders', [entry('retention.ms', '5'), entry('flush.ms', '1', 'default'), entry('segment.ms', '7', 'static')]);
  target.topics.set('A.orders', 1);
  await mirror.load();
  await mirror.syncConfigs();
  expect(target.altered).toEqual([{ name: 'A.orders', changes: { 'retention.ms': '5', 'flush.ms': null } }]);
});

test('settings that are refused cost that topic’s settings only', async () => {
  const { target, mirror, told, events } = rig({ orders: 1 });
  target.topics.set('A.orders', 1);
  await mirror.load();
  target.refusal = 'INVALID_CONFIG';
  await mirror.syncConfigs();
  expect([told, events]).toEqual([
    ["WARN The settings of topic 'A.orders' could not be changed to those of 'orders': INVALID_CONFIG: refused"],
    [],
  ]);
  target.refusal = 'UNSUPPORTED_VERSION';
  await mirror.syncConfigs();
  expect(events).toEqual([expect.stringContaining('fatal Error: The target cluster does not know IncrementalAlterConfigs')]);
});

test('ACLs are copied; without an authorizer that is told once', async () => {
  const { source, target, mirror, told } = rig({ orders: 1 });
  const acl: AclBinding = {
    ...{ resourceType: 'TOPIC', resourceName: 'orders', patternType: 'LITERAL', principal: 'User:u', host: '*' },
    ...{ operation: 'READ', permission: 'ALLOW' },
  };
  source.acls = [acl];
  await mirror.syncAcls();
  expect(target.acls).toEqual([{ ...acl, resourceName: 'A.orders' }]);
  source.isOpen = true;
  await mirror.syncAcls();
  await mirror.syncAcls();
  expect(told).toEqual([
    'INFO No ACLs are copied (sync.topic.acls.enabled=false ends the attempts). SECURITY_DISABLED: ACLs: No Authorizer is configured.',
  ]);
});

test('when both are one cluster, copies are not copied again, and that is told', async () => {
  const { source, mirror, told } = rig({ orders: 1 }, {}, new MemoryCluster('one'));
  source.topics.set('A.orders', 1).set('A.heartbeats', 1).set('heartbeats', 1);
  await mirror.load();
  expect(namesOf(mirror)).toEqual(['heartbeats-0', 'orders-0']);
  expect(told).toEqual([expect.stringMatching(/^WARN 'A' and 'B' are one cluster \(id one\)/)]);
});

test('one cluster and names that stay is an endless loop: refused', async () => {
  const { mirror, events } = rig({ orders: 1 }, IDENTITY, new MemoryCluster('one'));
  await expect(mirror.load()).rejects.toThrow('Each record would be copied onto its own topic, again and again.');
  expect(events).toEqual([expect.stringContaining("fatal Error: 'A' and 'B' are one cluster")]);
});
