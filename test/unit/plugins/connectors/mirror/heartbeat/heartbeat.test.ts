import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { SourceTaskContext } from '../../../../../../src/plugin-api/plugin.ts';
import { MirrorHeartbeatConnector } from '../../../../../../src/plugins/connectors/mirror/heartbeat/connector.ts';
import {
  decodeHeartbeat,
  heartbeatKey,
  heartbeatPartition,
  heartbeatValue,
} from '../../../../../../src/plugins/connectors/mirror/heartbeat/heartbeat.ts';
import { spec } from '../../../../../../src/plugins/connectors/mirror/heartbeat/spec.ts';
import { MirrorHeartbeatTask } from '../../../../../../src/plugins/connectors/mirror/heartbeat/task.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';
import { goldenKeys, keyLines } from '../config-defs.ts';
import { keptLog, MemoryCluster } from '../mirror-rig.ts';

const golden = readFileSync(new URL('../../../../../golden/mirror/topics.txt', import.meta.url), 'utf8');
const flow = { sourceAlias: 'a', targetAlias: 'b' };
const base = {
  ...{ name: 'h', 'source.cluster.alias': 'a', 'target.cluster.alias': 'b', 'target.cluster.bootstrap.servers': '127.0.0.1:2' },
  ...{ 'key.converter': 'ByteArrayConverter', 'value.converter': 'ByteArrayConverter' },
};

test('keys, types, defaults, importance and order are the original’s', () => {
  expect(keyLines(spec)).toEqual(goldenKeys('heartbeat'));
});

test('keys and values are the original’s to the byte, both ways', () => {
  const lines = [...golden.matchAll(/^p0 o\d key=(000161000162|000162000161) .*? value=([0-9a-f]{20}) /gm)];
  expect(lines.length).toBeGreaterThan(10);
  for (const [, key = '', value = ''] of lines) {
    const heartbeat = decodeHeartbeat(Buffer.from(key, 'hex'), Buffer.from(value, 'hex'));
    expect([heartbeatKey(heartbeat).toString('hex'), heartbeatValue(heartbeat.timestampMs).toString('hex')]).toEqual([key, value]);
  }
  expect(golden).toContain(JSON.stringify(['MirrorHeartbeatConnector', heartbeatPartition(flow)]));
});

test('a version that is not known is refused', () => {
  const value = heartbeatValue(1);
  value.writeInt16BE(1, 0);
  expect(() => decodeHeartbeat(heartbeatKey(flow), value)).toThrow('version 1');
});

function runningTask(config: Record<string, string> = {}) {
  const clock = createTestClock(1_795_422_034_000);
  const stopping = new AbortController();
  const task = new MirrorHeartbeatTask(clock);
  const context: SourceTaskContext = {
    ...{ log: keptLog().log, connector: 'h', taskId: 0, signal: stopping.signal, transactions: null },
    offsets: async () => [],
  };
  task.start({ ...base, ...config }, context);
  /** Polls as the runtime does, for so long; the times of the records that came. */
  const beats = async (ms: number) => {
    const endMs = clock.monoMs() + ms;
    const times: (number | null)[] = [];
    while (clock.monoMs() < endMs) {
      const polled = task.poll();
      await clock.advance(Math.min(1_000, endMs - clock.monoMs()));
      times.push(...((await polled) ?? []).map(({ timestampMs }) => timestampMs));
    }
    return times;
  };
  return { clock, task, stopping, beats };
}

test('a heartbeat each second', async () => {
  const { clock, task } = runningTask();
  const polled = task.poll();
  await clock.advance(1_000);
  const [record] = (await polled) ?? [];
  expect(record).toMatchObject({
    ...{ topic: 'heartbeats', kafkaPartition: 0, timestampMs: 1_795_422_035_000, headers: null, sourceOffset: { offset: 0n } },
    ...{ key: heartbeatKey(flow), value: heartbeatValue(1_795_422_035_000) },
    sourcePartition: { sourceClusterAlias: 'a', targetClusterAlias: 'b' },
  });
});

test('polls come back within a second also when heartbeats are rare, and keep their pace', async () => {
  const { beats } = runningTask({ 'emit.heartbeats.interval.seconds': '3' });
  expect((await beats(10_000)).map((time) => Number(time) - 1_795_422_034_000)).toEqual([3_000, 6_000, 9_000]);
});

test('what a pause has missed is not made up for', async () => {
  const { clock, beats } = runningTask();
  await clock.advance(60_000);
  expect((await beats(2_000)).length).toBeLessThanOrEqual(3);
});

test('ends at once', async () => {
  const { task, stopping } = runningTask();
  const polled = task.poll();
  stopping.abort();
  expect(await polled).toBeNull();
});

function connectorRig(config: Record<string, string> = {}) {
  const target = new MemoryCluster('two');
  const { log, told } = keptLog();
  const connector = new MirrorHeartbeatConnector(createTestClock(), () => target.kafka);
  const context = { log, signal: new AbortController().signal, requestTaskReconfiguration: () => {}, raiseError: () => {} };
  return { target, told, connector, start: () => connector.start({ ...base, ...config }, context) };
}

test('the topic is made at the target, and one task writes to it', async () => {
  const { target, connector, start } = connectorRig({ enabled: 'false' });
  await start();
  expect(target.created).toEqual([{ name: 'heartbeats', partitions: 1, replicationFactor: 3, configs: { 'cleanup.policy': 'compact' } }]);
  expect(connector.taskConfigs(5)).toEqual([{ ...base, enabled: 'false' }]);
  await connector.stop();
});

test('switched off there is no task', async () => {
  const { connector, start } = connectorRig({ 'emit.heartbeats.enabled': 'false' });
  await start();
  expect(connector.taskConfigs(5)).toEqual([]);
  await connector.stop();
});

test('a topic that cannot be made is told of; the connector runs', async () => {
  const { target, told, start, connector } = connectorRig();
  target.refusal = 'INVALID_REPLICATION_FACTOR';
  await start();
  expect(told).toEqual(['ERROR Failed while making the topic of heartbeats: INVALID_REPLICATION_FACTOR: refused']);
  await connector.stop();
});

test('an offset says nothing, so it is 0', () => {
  const { connector } = connectorRig();
  const partition = heartbeatPartition(flow);
  expect(connector.alterOffsets({}, [{ partition, offset: { offset: 0n } }])).toBe(true);
  expect(() => connector.alterOffsets({}, [{ partition, offset: { offset: 1n } }])).toThrow('the only accepted value is 0');
});
