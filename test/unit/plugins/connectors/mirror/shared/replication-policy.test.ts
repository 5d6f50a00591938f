import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replicationPolicyOf } from '../../../../../../src/plugins/connectors/mirror/shared/replication-policy.ts';

/** A block of the golden file: a policy, what it was configured with, the names of its own topics, and a line a name. */
const blocks = readFileSync(new URL('../../../../../golden/mirror/policies.txt', import.meta.url), 'utf8')
  .split(/^(?=\S)/m)
  .map((block) => {
    const [head = '', ...lines] = block.trimEnd().split('\n');
    const [, className = '', properties = '', topics = ''] = /^(\w+) \{(.*?)\} (.*)$/.exec(head) ?? [];
    const config = Object.fromEntries(properties.split(', ').map((one) => one.split('=', 2) as [string, string]));
    return { className, properties, config, topics, lines };
  });

test('names of topics mean what they mean to the original, whatever the separators', () => {
  expect(blocks).toHaveLength(8);
  for (const { className, config, properties, topics, lines } of blocks) {
    const { '': _none, ...given } = config;
    const policy = replicationPolicyOf({ ...given, 'replication.policy.class': `org.apache.kafka.connect.mirror.${className}` });
    const own = `syncs=${policy.offsetSyncsTopic('B')} cp=${policy.checkpointsTopic('A')} hb=${policy.heartbeatsTopic()}`;
    expect(own, `${className} {${properties}}`).toBe(topics);
    const answers = lines.map((line) => {
      const name = line.slice(2, line.indexOf(' src='));
      return (
        `  ${name} src=${policy.topicSource(name)} up=${policy.upstreamTopic(name)} orig=${policy.originalTopic(name)} ` +
        `hb=${policy.isHeartbeatsTopic(name)} int=${policy.isInternalTopic(name)} cp=${policy.isCheckpointsTopic(name)} ` +
        `fmt=${policy.formatRemoteTopic('Z', name)}`
      );
    });
    expect(answers, `${className} {${properties}}`).toEqual(lines);
  }
});

test('the identity policy takes every topic for a copy from its source', () => {
  const config = { 'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy', 'source.cluster.alias': 'A' };
  const policy = replicationPolicyOf(config);
  expect([policy.topicSource('orders'), policy.topicSource('B.heartbeats'), policy.isIdentity]).toEqual(['A', 'B', true]);
});

test('Strimzi’s policy of old is the identity policy', () => {
  const policy = replicationPolicyOf({ 'replication.policy.class': 'io.strimzi.kafka.connect.mirror.IdentityReplicationPolicy' });
  expect(policy.formatRemoteTopic('A', 'orders')).toBe('orders');
});

test('a class of somebody’s own is refused by name', () => {
  expect(() => replicationPolicyOf({ 'replication.policy.class': 'com.example.Own' })).toThrow(
    /replication\.policy\.class = "com\.example\.Own" cannot be run here\. Give .*DefaultReplicationPolicy or .*IdentityReplicationPolicy/,
  );
});
