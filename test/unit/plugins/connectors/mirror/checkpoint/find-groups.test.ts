import { expect, test } from 'vitest';
import { findGroups } from '../../../../../../src/plugins/connectors/mirror/checkpoint/find-groups.ts';
import { groupFilterOf } from '../../../../../../src/plugins/connectors/mirror/shared/group-filter.ts';
import { topicFilterOf } from '../../../../../../src/plugins/connectors/mirror/shared/topic-filter.ts';
import { ScriptedCluster } from './scripted-clusters.ts';

function rig(config: Record<string, string> = {}) {
  const source = new ScriptedCluster();
  const admin = source.kafka({ clientId: '' } as never).admin();
  return { source, find: () => findGroups({ admin, isGroupWanted: groupFilterOf(config), isTopicWanted: topicFilterOf(config) }) };
}

const on = (topic: string) => ({ offsets: [{ topic, partition: 0, offset: 1n }] });

test('consumers of both protocols, and groups without members; none of other kinds', async () => {
  const { source, find } = rig();
  source.group('z-classic', on('t'));
  source.group('new', { ...on('t'), groupType: 'consumer', state: 'Stable' });
  source.group('simple', { ...on('t'), protocolType: '' });
  source.group('queue', { ...on('t'), groupType: 'share', protocolType: 'share' });
  source.group('flow', { ...on('t'), groupType: 'streams', protocolType: 'streams' });
  source.group('worker', { ...on('t'), protocolType: 'connect' });
  expect(await find()).toEqual({ groups: ['new', 'simple', 'z-classic'], gaps: [] });
});

test('groups and topics go by their filters, for whole names', async () => {
  const { source, find } = rig({ groups: 'shop.*,b', 'groups.exclude': 'shop-test', topics: 'orders|pay.*' });
  for (const name of ['shop-1', 'shop-test', 'a-shop', 'b', 'bb']) source.group(name, on('orders'));
  source.group('shop-2', on('payments'));
  source.group('shop-3', on('old-orders'));
  source.group('shop-4');
  expect((await find()).groups).toEqual(['b', 'shop-1', 'shop-2']);
});

test('console consumers and sinks are left out unless they are asked for', async () => {
  const { source, find } = rig();
  for (const name of ['console-consumer-1', 'connect-sink', '__x', 'mine']) source.group(name, on('t'));
  expect((await find()).groups).toEqual(['mine']);
});

test('names hold what they like', async () => {
  const { source, find } = rig({ groups: '.*' });
  for (const name of ['a,b', 'x.y(z)', 'ü']) source.group(name, on('t'));
  expect((await find()).groups).toEqual(['a,b', 'x.y(z)', 'ü']);
});

test('whom nobody told of is said', async () => {
  const { source, find } = rig();
  source.group('g', on('t'));
  source.group('h', { ...on('t'), error: 'GROUP_AUTHORIZATION_FAILED' });
  source.muteBroker = 2;
  expect(await find()).toEqual({
    groups: ['g'],
    gaps: ['broker 2 does not list its groups: no answer', 'offsets of group "h" cannot be read: GROUP_AUTHORIZATION_FAILED'],
  });
});

test('a list that is no expression is named', () => {
  expect(() => groupFilterOf({ groups: '(' })).toThrow(/^Invalid value \( for configuration groups: /);
});
