import { expect, test } from 'vitest';
import { millis, spec } from '../../../../../../src/plugins/connectors/mirror/checkpoint/spec.ts';
import { validateCheckpointConfig } from '../../../../../../src/plugins/connectors/mirror/checkpoint/validate-config.ts';
import { goldenKeys, keyLines } from '../config-defs.ts';

const PLAIN = { name: 'c', 'source.cluster.alias': 'A' };

function findings(config: Record<string, string>): Record<string, string[]> {
  const values = spec.validateAll({ ...PLAIN, ...config });
  validateCheckpointConfig({ ...PLAIN, ...config }, values);
  return Object.fromEntries([...values.values()].filter(({ errors }) => errors.length > 0).map(({ name, errors }) => [name, errors]));
}

test('keys, types and defaults of the original, in its order', () => {
  expect(keyLines(spec)).toEqual(goldenKeys('checkpoint'));
});

test('every key says what it does', () => {
  for (const { name, documentation } of spec.keys.values()) expect(documentation.length, name).toBeGreaterThan(20);
});

test('a connector that would do nothing is refused, unless it is switched off', () => {
  expect(findings({})).toEqual({});
  expect(findings({ 'emit.checkpoints.enabled': 'false', 'emit.offset-syncs.enabled': 'false' })).toEqual({
    'emit.checkpoints.enabled': ["MirrorCheckpointConnector can't run with emit.checkpoints.enabled set to false"],
    'emit.offset-syncs.enabled': ["MirrorCheckpointConnector can't run without offset syncs"],
  });
  expect(findings({ 'emit.checkpoints.enabled': 'FALSE' })).toHaveProperty(['emit.checkpoints.enabled']);
  expect(findings({ enabled: 'false', 'emit.checkpoints.enabled': 'false' })).toEqual({});
});

test('expressions that cannot be run are found before the start', () => {
  expect(Object.keys(findings({ groups: '(', 'groups.exclude': 'a,[', topics: '*', 'topics.exclude': 'a' })).sort()).toEqual([
    'groups',
    'groups.exclude',
    'topics',
  ]);
  expect(findings({ groups: 'a(b,c)d' })).toEqual({});
});

test('the findings of the original', () => {
  const bad = {
    ...{ groups: 'a,,b', 'groups.exclude': 'a,a', 'group.filter.class': 'nope', 'topic.filter.class': 'nope' },
    ...{ 'metric.names.formats': 'x', 'offset-syncs.topic.location': 'x', 'checkpoints.topic.replication.factor': '99999' },
    ...{ 'emit.checkpoints.interval.seconds': '-1', 'consumer.poll.timeout.ms': '-1', 'refresh.groups.interval.seconds': 'x' },
  };
  expect(Object.values(findings(bad)).flat()).toEqual([
    "Configuration 'groups' values must not be empty.",
    "Configuration 'groups.exclude' values must not be duplicated.",
    'Invalid value nope for configuration group.filter.class: Class nope could not be found.',
    'Invalid value x for configuration refresh.groups.interval.seconds: Not a number of type LONG',
    'Invalid value 99999 for configuration checkpoints.topic.replication.factor: Not a number of type SHORT',
    'Invalid value x for configuration offset-syncs.topic.location: String must be one of: source, target',
    'Invalid value nope for configuration topic.filter.class: Class nope could not be found.',
    'Invalid value x for configuration metric.names.formats: String must be one of: legacy, new',
  ]);
});

test('intervals that no timer takes are cut', () => {
  expect([millis(60n), millis(0n), millis(-5n), millis(10_000_000_000n)]).toEqual([60_000, 1, 1, 2_147_483_647]);
});
