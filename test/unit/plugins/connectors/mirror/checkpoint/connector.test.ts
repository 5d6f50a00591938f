/** Source: MirrorCheckpointConnectorTest. */
import { afterEach, expect, test } from 'vitest';
import { RetriableError } from '../../../../../../src/base/errors.ts';
import type { Config } from '../../../../../../src/plugin-api/plugin.ts';
import { MirrorCheckpointConnector } from '../../../../../../src/plugins/connectors/mirror/checkpoint/connector.ts';
import { mirrorCheckpoint } from '../../../../../../src/plugins/connectors/mirror/checkpoint/index.ts';
import { createTestClock, settle } from '../../../../../helpers/test-clock.ts';
import { scriptedFlow } from './scripted-clusters.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function rig(more: Config = {}) {
  const flow = scriptedFlow();
  const clock = createTestClock();
  const connector = new MirrorCheckpointConnector(clock, flow.create);
  const stopping = new AbortController();
  const errors: string[] = [];
  const state = { changes: 0 };
  const config = { ...flow.config, ...more };
  const start = () =>
    connector.start(config, {
      log: flow.log,
      signal: stopping.signal,
      requestTaskReconfiguration: () => state.changes++,
      raiseError: (error) => errors.push(String(error)),
    });
  const stop = async () => {
    stopping.abort();
    await connector.stop();
  };
  stops.push(stop);
  return { ...flow, clock, connector, start, stop, errors, state, config };
}

const on = (topic: string) => ({ offsets: [{ topic, partition: 0, offset: 1n }] });

test('a source connector of the original’s name', () => {
  const { className, taskClass, version, kind } = mirrorCheckpoint;
  expect([className, taskClass, version, kind]).toEqual([
    'org.apache.kafka.connect.mirror.MirrorCheckpointConnector',
    'org.apache.kafka.connect.mirror.MirrorCheckpointTask',
    '4.3.1',
    'source',
  ]);
});

test('its topic is made, and groups are dealt out to tasks in neighbours', async () => {
  const { source, target, connector, start, config } = rig();
  for (const group of ['g3', 'g1', 'g2', 'a,b', 'console-consumer-1']) source.group(group, on('t'));
  start();
  expect(await connector.taskConfigs(2)).toEqual([
    { ...config, 'task.assigned.groups': 'g1', 'task.assigned.groups.exact': '["a,b"]', 'task.index': '0' },
    { ...config, 'task.assigned.groups': 'g2,g3', 'task.index': '1' },
  ]);
  expect(target.created).toEqual([
    { name: 'A.checkpoints.internal', partitions: 1, replicationFactor: 3, configs: { 'cleanup.policy': 'compact' } },
  ]);
  expect([source.clientIds, target.clientIds]).toEqual([['A->B|cp|checkpoint-source-admin'], ['A->B|cp|checkpoint-target-admin']]);
});

test('converters that would spoil the checkpoints are named, and those that the worker decides on', async () => {
  const BYTES = 'org.apache.kafka.connect.converters.ByteArrayConverter';
  const told = (config: Config) => {
    const { start, told: lines } = rig(config);
    start();
    return lines;
  };
  expect(told({ 'key.converter': BYTES, 'value.converter': 'ByteArrayConverter' })).toEqual([]);
  expect(told({ 'key.converter': BYTES, 'value.converter': 'JsonConverter' })).toEqual([
    `WARN value.converter = JsonConverter will spoil what this connector writes: nobody could read it. Give ${BYTES}.`,
  ]);
  expect(told({ 'value.converter': BYTES })).toEqual([
    `INFO The worker must have key.converter = ${BYTES}, or this connector: what it writes are bytes.`,
  ]);
});

test('no groups, no tasks', async () => {
  const { connector, start } = rig();
  start();
  expect(await connector.taskConfigs(2)).toEqual([]);
});

test.each([{ enabled: 'false' }, { 'emit.checkpoints.enabled': 'false' }])('switched off it asks nobody: %o', async (config) => {
  const { source, target, connector, start } = rig(config);
  source.group('g', on('t'));
  start();
  expect(await connector.taskConfigs(2)).toEqual([]);
  expect([source.openClients, target.openClients, target.created]).toEqual([0, 0, []]);
});

test('new groups make new tasks', async () => {
  const { source, connector, start, state, clock } = rig({ 'refresh.groups.interval.seconds': '10' });
  source.group('g', on('t'));
  start();
  expect(await connector.taskConfigs(5)).toHaveLength(1);
  source.group('h', on('t'));
  await clock.advance(9_999);
  expect(state.changes).toBe(0);
  await clock.advance(1);
  expect(state.changes).toBe(1);
  expect(await connector.taskConfigs(5)).toHaveLength(2);
});

test('with refresh.groups.enabled=false they do not', async () => {
  const { source, connector, start, state, clock } = rig({ 'refresh.groups.enabled': 'false' });
  start();
  expect(await connector.taskConfigs(5)).toEqual([]);
  source.group('h', on('t'));
  await clock.advance(3_600_000);
  expect(state.changes).toBe(0);
});

test('while the groups are not known it asks to be asked again, and does so itself once they are', async () => {
  const { source, connector, start, state, clock } = rig({ 'admin.timeout.ms': '5000' });
  source.fault = 'DISCONNECTED';
  source.group('g', on('t'));
  start();
  const asked = connector.taskConfigs(1).catch((error: unknown) => error);
  await clock.advance(5_000);
  expect(await asked).toEqual(new RetriableError('The groups of cluster "A" are not known yet. DISCONNECTED: cluster'));
  source.fault = null;
  await clock.advance(30_000);
  expect(state.changes).toBe(1);
  expect(await connector.taskConfigs(1)).toHaveLength(1);
});

test('what brokers refuse for good fails the connector, with the setting', async () => {
  const { target, start, errors, told, clock } = rig();
  target.fault = 'INVALID_REPLICATION_FACTOR';
  start();
  await settle();
  expect(errors).toEqual([
    'Error: Topic "A.checkpoints.internal" for checkpoints cannot be made on cluster "B": INVALID_REPLICATION_FACTOR: cluster. ' +
      'Look at checkpoints.topic.replication.factor.',
  ]);
  const later = rig();
  later.target.fault = 'DISCONNECTED';
  later.start();
  await settle();
  expect(later.told.find((line) => line.startsWith('WARN'))).toMatch(
    /^WARN Topic "A.checkpoints.internal" for checkpoints cannot be made on cluster "B": DISCONNECTED: cluster. It is tried/,
  );
  later.target.fault = null;
  await later.clock.advance(1_000);
  expect([later.target.created.length, later.errors]).toEqual([1, []]);
  await clock.advance(60_000);
  expect(told.filter((line) => line.includes('for checkpoints'))).toEqual([]);
});

test('groups that may never be listed fail it as well', async () => {
  const { source, start, errors } = rig();
  source.fault = 'SASL_AUTHENTICATION_FAILED';
  start();
  await settle();
  expect(errors).toEqual(['Error: The groups of cluster "A" cannot be listed. SASL_AUTHENTICATION_FAILED: cluster']);
});

test('the end closes its clients', async () => {
  const { source, target, connector, start, stop } = rig();
  start();
  await connector.taskConfigs(1);
  expect([source.openClients, target.openClients]).toEqual([1, 1]);
  await stop();
  expect([source.openClients, target.openClients]).toEqual([0, 0]);
});

test('stored offsets may be reset, or set to the one that is always stored', () => {
  const { connector, config } = rig();
  const partition = { partition: 0n, topic: 'A.t', group: 'g' };
  expect(connector.alterOffsets(config, [{ partition, offset: null }])).toBe(true);
  expect(connector.alterOffsets(config, [{ partition, offset: { offset: 0n } }])).toBe(true);
  expect(() => connector.alterOffsets(config, [{ partition, offset: { offset: 1n } }])).toThrow('the only accepted value is 0');
  expect(() => connector.alterOffsets(config, [{ partition: { topic: 'A.t', partition: 0n }, offset: { offset: 0n } }])).toThrow(
    "missing the 'group' key",
  );
});

test('a replication policy that is not known is refused at the start', () => {
  const { start } = rig({ 'replication.policy.class': 'com.example.Policy' });
  expect(start).toThrow('com.example.Policy');
});
