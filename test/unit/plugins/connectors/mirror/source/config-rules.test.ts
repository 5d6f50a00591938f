/** Source: MirrorSourceConnectorTest (4.3): testConfigPropertyFiltering…, testNewTopicConfigs. */
import { expect, test } from 'vitest';
import type { ConfigEntry } from '../../../../../../src/kafka/contract.ts';
import { configChanges, configFilterOf, configsOfNewTopic } from '../../../../../../src/plugins/connectors/mirror/source/config-rules.ts';
import { spec } from '../../../../../../src/plugins/connectors/mirror/source/spec.ts';

const entry = (name: string, value: string | null, source: ConfigEntry['source'], more: Partial<ConfigEntry> = {}): ConfigEntry => ({
  ...{ name, value, source, isSensitive: false, isReadOnly: false },
  ...more,
});

const entries = [
  entry('cleanup.policy', 'compact', 'topic'),
  entry('retention.ms', '5', 'default-broker'),
  entry('segment.bytes', '7', 'broker'),
  entry('max.message.bytes', '9', 'static'),
  entry('flush.ms', '11', 'default'),
  entry('min.insync.replicas', '2', 'topic'),
  entry('secret', null, 'topic', { isSensitive: true }),
  entry('fixed', '1', 'topic', { isReadOnly: true }),
];

const filterOf = (config: Record<string, string> = {}) => configFilterOf(spec.parse({ 'source.cluster.alias': 'a', ...config }));

test('a new copy gets what differs from the defaults, without what is excluded, secret, fixed or of a broker’s own file', () => {
  expect(configsOfNewTopic(entries, filterOf())).toEqual({ 'cleanup.policy': 'compact', 'retention.ms': '5', 'segment.bytes': '7' });
});

test('with use.defaults.from=source the defaults as well', () => {
  expect(configsOfNewTopic(entries, filterOf({ 'use.defaults.from': 'source' }))).toEqual({
    'cleanup.policy': 'compact',
    'retention.ms': '5',
    'segment.bytes': '7',
    'flush.ms': '11',
  });
});

test('a default is the target’s own, or that of the source', () => {
  const set = { 'cleanup.policy': 'compact', 'retention.ms': '5', 'segment.bytes': '7' };
  expect(configChanges(entries, filterOf())).toEqual({ ...set, 'flush.ms': null });
  expect(configChanges(entries, filterOf({ 'use.defaults.from': 'source' }))).toEqual({ ...set, 'flush.ms': '11' });
  expect(configChanges(entries, filterOf({ 'use.defaults.from': 'SOURCE' }))).toEqual({ ...set, 'flush.ms': null });
});

test('config.properties.exclude is a list of expressions that match whole names', () => {
  const filter = filterOf({ 'config.properties.exclude': 'retention\\..*, segment' });
  expect(['retention.ms', 'segment.bytes', 'segment', 'min.insync.replicas'].filter(filter.isCopied)).toEqual([
    'segment.bytes',
    'min.insync.replicas',
  ]);
  const byDefault = filterOf();
  expect(['min.insync.replicas', 'unclean.leader.election.enable', 'retention.ms'].filter(byDefault.isCopied)).toEqual(['retention.ms']);
  expect(filterOf({ 'config.properties.exclude': '' }).isCopied('min.insync.replicas')).toBe(true);
});
