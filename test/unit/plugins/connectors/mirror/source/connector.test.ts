import { expect, test } from 'vitest';
import { RetriableError } from '../../../../../../src/base/errors.ts';
import type { ClientOptions } from '../../../../../../src/kafka/contract.ts';
import { KafkaError } from '../../../../../../src/kafka/kafka-error.ts';
import { MirrorSourceConnector } from '../../../../../../src/plugins/connectors/mirror/source/connector.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';
import { keptLog, MemoryCluster } from '../mirror-rig.ts';

const base = {
  name: 'm',
  'source.cluster.alias': 'A',
  'target.cluster.alias': 'B',
  'source.cluster.bootstrap.servers': '127.0.0.1:1',
  'target.cluster.bootstrap.servers': '127.0.0.1:2',
  'key.converter': 'ByteArrayConverter',
  'value.converter': 'ByteArrayConverter',
  'header.converter': 'ByteArrayConverter',
};

function rig(config: Record<string, string> = {}, topics: Readonly<Record<string, number>> = { orders: 3 }) {
  const source = new MemoryCluster('one', topics);
  const target = new MemoryCluster('two');
  const clock = createTestClock();
  const { log, told } = keptLog();
  const events: string[] = [];
  const stopping = new AbortController();
  const clients: string[] = [];
  const connector = new MirrorSourceConnector(clock, ({ clientId, bootstrapServers }: ClientOptions) => {
    clients.push(clientId);
    return (bootstrapServers[0] === '127.0.0.1:1' ? source : target).kafka;
  });
  const context = {
    ...{ log, signal: stopping.signal },
    requestTaskReconfiguration: () => void events.push('anew'),
    raiseError: (error: unknown) => void events.push(String(error)),
  };
  return { source, target, clock, told, events, clients, connector, start: () => connector.start({ ...base, ...config }, context) };
}

const assigned = (connector: MirrorSourceConnector, maxTasks: number) =>
  connector.taskConfigs(maxTasks).map((config) => `${config['task.index']}: ${config['task.assigned.partitions']}`);

test('starts with the topics made and the partitions dealt out', async () => {
  const { connector, target, source, start, clients } = rig();
  await start();
  expect(source.created).toEqual([
    { name: 'mm2-offset-syncs.B.internal', partitions: 1, replicationFactor: 3, configs: { 'cleanup.policy': 'compact' } },
  ]);
  expect(target.created.map(({ name, partitions }) => `${name} ${partitions}`)).toEqual(['A.orders 3']);
  expect(assigned(connector, 2)).toEqual(['0: orders-0,orders-2', '1: orders-1']);
  expect(assigned(connector, 9)).toHaveLength(3);
  expect(connector.taskConfigs(1)[0]).toMatchObject(base);
  expect(clients.toSorted()).toEqual([
    'A->B|m|offset-syncs-source-admin',
    'A->B|m|replication-source-admin',
    'A->B|m|replication-target-admin',
  ]);
  await connector.stop();
});

test('offset syncs at the target bear the name of the source; switched off there are none', async () => {
  const there = rig({ 'offset-syncs.topic.location': 'target', 'offset-syncs.topic.replication.factor': '1' });
  await there.start();
  expect([there.source.created, there.target.created[0]?.name, there.target.created[0]?.replicationFactor]).toEqual([
    [],
    'mm2-offset-syncs.A.internal',
    1,
  ]);
  const none = rig({ 'emit.offset-syncs.enabled': 'false' });
  await none.start();
  expect([none.source.created, none.target.created.map(({ name }) => name)]).toEqual([[], ['A.orders']]);
  await Promise.all([there.connector.stop(), none.connector.stop()]);
});

test('looks again at every interval', async () => {
  const { connector, source, clock, events, start } = rig({ 'refresh.topics.interval.seconds': '5' });
  await start();
  source.topics.set('items', 1);
  await clock.advance(4_999);
  expect(events).toEqual([]);
  await clock.advance(1);
  expect([events, assigned(connector, 1)]).toEqual([['anew'], ['0: items-0,orders-0,orders-1,orders-2']]);
  await connector.stop();
  source.topics.set('more', 1);
  await clock.advance(60_000);
  expect(events).toHaveLength(1);
});

test('a source that does not answer yet is asked again long before the next look', async () => {
  const { connector, source, clock, events, told, start } = rig();
  source.fault = new KafkaError('DISCONNECTED', 'no broker can be reached');
  await start();
  await clock.advance(0);
  expect(() => connector.taskConfigs(1)).toThrow(RetriableError);
  expect(() => connector.taskConfigs(1)).toThrow("The topics of cluster 'A' could not be listed so far.");
  expect(told).toContain('ERROR Failed while listing topics and partitions: no broker can be reached');
  source.fault = null;
  await clock.advance(10_000);
  expect([events, assigned(connector, 1)]).toEqual([['anew'], ['0: orders-0,orders-1,orders-2']]);
  await connector.stop();
});

test('a source that answers late is waited for by nobody', async () => {
  const { connector, source, clock, events, start } = rig();
  const { promise, resolve } = Promise.withResolvers<void>();
  source.gate = promise;
  const started = start();
  await clock.advance(45_000);
  await started;
  expect(() => connector.taskConfigs(1)).toThrow(RetriableError);
  resolve();
  await clock.advance(0);
  expect([events, assigned(connector, 1)]).toEqual([['anew'], ['0: orders-0,orders-1,orders-2']]);
  await connector.stop();
});

test('enabled=false: nothing is asked for and there are no tasks', async () => {
  const { connector, clients, told, start } = rig({ enabled: 'false' });
  await start();
  expect([connector.taskConfigs(1), clients, told]).toEqual([[], [], ['INFO enabled=false: nothing is copied.']]);
  await connector.stop();
});

test('converters that would spoil the copies are told of', async () => {
  const { connector, told, start } = rig({ 'header.converter': 'SimpleHeaderConverter' });
  await start();
  expect(told[0]).toBe(
    'WARN header.converter = SimpleHeaderConverter will spoil what this connector writes: nobody could read it. Give org.apache.kafka.connect.converters.ByteArrayConverter.',
  );
  await connector.stop();
});

test('a source without topics has no tasks', async () => {
  const { connector, start } = rig({}, {});
  await start();
  expect(connector.taskConfigs(1)).toEqual([]);
  await connector.stop();
});

test('a cluster without an address is named', async () => {
  const { connector, start } = rig({ 'source.cluster.bootstrap.servers': '' });
  await expect(start()).rejects.toThrow(/source\.cluster\.\*.*No bootstrap urls given in bootstrap\.servers/);
  await connector.stop();
});

test('offsets that no task could have stored are refused', () => {
  const { connector } = rig();
  const partition = { cluster: 'A', partition: 0n, topic: 'orders' };
  expect(connector.alterOffsets({}, [{ partition, offset: { offset: 5n } }])).toBe(true);
  expect(() => connector.alterOffsets({}, [{ partition, offset: { offset: -5n } }])).toThrow('which cannot be negative');
});
