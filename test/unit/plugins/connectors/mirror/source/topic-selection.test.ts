/** Source: MirrorSourceConnectorTest (4.3): testNoCycles, testReplicatesHeartbeats…, testIdentityReplication. */
import { expect, test } from 'vitest';
import { replicationPolicyOf } from '../../../../../../src/plugins/connectors/mirror/shared/replication-policy.ts';
import { topicFilterOf } from '../../../../../../src/plugins/connectors/mirror/shared/topic-filter.ts';
import { isCopied } from '../../../../../../src/plugins/connectors/mirror/source/topic-selection.ts';

const identity = 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy';

function copied(names: readonly string[], config: Record<string, string> = {}, more: { heartbeats?: boolean; returning?: string[] } = {}) {
  const policy = replicationPolicyOf({ 'source.cluster.alias': 'source', ...config });
  const parts = {
    policy,
    filter: topicFilterOf(config),
    areHeartbeatsCopied: more.heartbeats ?? true,
    returning: more.returning ?? ['target'],
  };
  return names.filter((name) => isCopied(name, parts));
}

test('what came from the target does not go back, on whatever way', () => {
  const names = [
    'target.topic1',
    'target.source.topic1',
    'source.target.topic1',
    'other.target.source.topic1',
    'topic1',
    'source.topic1',
    'other.topic1',
  ];
  expect(copied(names)).toEqual(['topic1', 'source.topic1', 'other.topic1']);
});

test('copies of the own source stay when both are one cluster', () => {
  expect(copied(['topic1', 'source.topic1', 'other.source.topic1'], {}, { returning: ['target', 'source'] })).toEqual(['topic1']);
});

test('internal topics are nobody’s, whatever topics says', () => {
  const names = [
    '__consumer_offsets',
    '.hidden',
    'mm2-offset-syncs.target.internal',
    'a.checkpoints.internal',
    'mm2-status.a.internal',
    'my.internal',
  ];
  expect(copied(names, { 'topics.exclude': '' })).toEqual(['my.internal']);
});

test('heartbeats are copied without being named, unless that is switched off', () => {
  const names = ['heartbeats', 'us-west.heartbeats', 'target.heartbeats', 'orders'];
  expect(copied(names, { topics: 'orders' })).toEqual(['heartbeats', 'us-west.heartbeats', 'orders']);
  expect(copied(names, { topics: 'orders' }, { heartbeats: false })).toEqual(['orders']);
  expect(copied(names, {}, { heartbeats: false })).toEqual(['heartbeats', 'us-west.heartbeats', 'orders']);
});

test('the identity policy knows heartbeats by their names, and no cycles', () => {
  const names = ['topic1', 'target.topic1', 'heartbeats', 'target.heartbeats', 'app-heartbeats'];
  expect(copied(names, { 'replication.policy.class': identity })).toEqual(['topic1', 'target.topic1', 'heartbeats', 'app-heartbeats']);
});

test('the identity policy does not copy back to its own source', () => {
  expect(copied(['topic1'], { 'replication.policy.class': identity, 'source.cluster.alias': 'target' })).toEqual([]);
});
