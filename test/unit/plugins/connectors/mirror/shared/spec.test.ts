import { expect, test } from 'vitest';
import { isClusterKey } from '../../../../../../src/plugins/connectors/mirror/shared/security-spec.ts';
import { mirrorSpec } from '../../../../../../src/plugins/connectors/mirror/shared/spec.ts';
import { goldenKeys, keyLines } from '../config-defs.ts';

test('all three connectors begin with the same keys, types and defaults as the original', () => {
  const shared = keyLines(mirrorSpec);
  for (const connector of ['source', 'heartbeat', 'checkpoint'] as const)
    expect(goldenKeys(connector).slice(0, shared.length)).toEqual(shared);
});

test('every key says what it does', () => {
  for (const { name, documentation } of mirrorSpec.keys.values()) expect(documentation.length, name).toBeGreaterThan(20);
});

test('the alias of the source is required', () => {
  expect(() => mirrorSpec.parse({})).toThrow('Missing required configuration "source.cluster.alias" which has no default value.');
});

test('classes that cannot be run are refused', () => {
  const rows = mirrorSpec.validateAll({
    'source.cluster.alias': 'a',
    'replication.policy.class': 'nope.X',
    'forwarding.admin.class': 'nope.Y',
    'security.protocol': 'x',
  });
  expect([...rows.values()].flatMap(({ errors }) => errors)).toEqual([
    'Invalid value nope.X for configuration replication.policy.class: Class nope.X could not be found.',
    'Invalid value nope.Y for configuration forwarding.admin.class: Class nope.Y could not be found.',
    'Invalid value x for configuration security.protocol: String must be one of (case insensitive): SASL_SSL, PLAINTEXT, SSL, SASL_PLAINTEXT',
  ]);
});

test('a cluster’s prefix hands on what a connection needs', () => {
  const names = [
    'bootstrap.servers',
    'security.protocol',
    'ssl.truststore.location',
    'sasl.jaas.config',
    'client.id',
    'linger.ms',
    'ssl.foo',
  ];
  expect(names.filter(isClusterKey)).toEqual(['bootstrap.servers', 'security.protocol', 'ssl.truststore.location', 'sasl.jaas.config']);
});
