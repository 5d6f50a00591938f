/** Source: MirrorCheckpointTaskTest, on clusters in memory. */
import { afterEach, expect, test } from 'vitest';
import type { Config, SourceTaskContext } from '../../../../../../src/plugin-api/plugin.ts';
import type { SourceRecord } from '../../../../../../src/plugin-api/records.ts';
import { MirrorCheckpointTask } from '../../../../../../src/plugins/connectors/mirror/checkpoint/task.ts';
import { checkpointKey, checkpointValue, decodeCheckpoint } from '../../../../../../src/plugins/connectors/mirror/shared/checkpoint.ts';
import { offsetSyncKey, offsetSyncValue } from '../../../../../../src/plugins/connectors/mirror/shared/offset-sync.ts';
import { createTestClock, settle } from '../../../../../helpers/test-clock.ts';
import { type ScriptedCluster, scriptedFlow } from './scripted-clusters.ts';

const SYNCS = 'mm2-offset-syncs.B.internal';
const CHECKPOINTS = 'A.checkpoints.internal';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function sync(cluster: ScriptedCluster, topic: string, upstreamOffset: bigint, downstreamOffset: bigint, on = SYNCS): void {
  cluster.write(on, offsetSyncKey({ topic, partition: 0 }), offsetSyncValue({ upstreamOffset, downstreamOffset }));
}

function rig(more: Config = {}, flow = scriptedFlow()) {
  const clock = createTestClock();
  const task = new MirrorCheckpointTask(clock, flow.create);
  const stopping = new AbortController();
  const context: SourceTaskContext = {
    ...{ log: flow.log, connector: 'cp', taskId: 0, signal: stopping.signal, transactions: null },
    offsets: async (partitions) => partitions.map(() => null),
  };
  const config = { ...flow.config, 'task.assigned.groups': 'g', 'task.index': '0', ...more };
  const start = async () => {
    task.start(config, context);
    await settle();
  };
  const stop = async () => {
    stopping.abort();
    await task.stop();
  };
  stops.push(stop);
  /** One poll, whatever it waits for. */
  const poll = async (waitMs = 1_000): Promise<readonly SourceRecord[] | null> => {
    const polled = task.poll();
    polled.catch(() => undefined);
    await clock.advance(waitMs);
    return polled;
  };
  const told = async () => (await poll(0))?.map(text) ?? null;
  return { ...flow, lines: flow.told, clock, task, start, stop, poll, told };
}

function text({ key, value }: SourceRecord): string {
  const { group, topic, partition, upstreamOffset, downstreamOffset, metadata } = decodeCheckpoint(key as Buffer, value as Buffer);
  return `${group} ${topic}-${partition} ${upstreamOffset}->${downstreamOffset}${metadata ? ` (${metadata})` : ''}`;
}

const at = (offset: bigint, topic = 't') => ({ offsets: [{ topic, partition: 0, offset }] });

test('checkpoints are records of their topic, with the keys of the original in its order', async () => {
  const { source, target, start, poll, clock } = rig();
  target.topics.set(CHECKPOINTS, []);
  sync(source, 't', 100n, 200n);
  source.group('g', at(150n));
  await start();
  const records = await poll(0);
  expect(records).toEqual([
    {
      topic: CHECKPOINTS,
      kafkaPartition: 0,
      keySchema: expect.objectContaining({ type: 'BYTES', optional: false }),
      key: Buffer.from('000167 0003412e74 00000000'.replaceAll(' ', ''), 'hex'),
      valueSchema: expect.objectContaining({ type: 'BYTES', optional: false }),
      value: Buffer.from('0000 0000000000000096 00000000000000c9 0000'.replaceAll(' ', ''), 'hex'),
      timestampMs: clock.wallMs(),
      headers: null,
      sourcePartition: { partition: 0, topic: 'A.t', group: 'g' },
      sourceOffset: { offset: 0 },
    },
  ]);
  expect(JSON.stringify(records?.[0]?.sourcePartition)).toBe('{"partition":0,"topic":"A.t","group":"g"}');
});

test('one round an interval; what is new meanwhile comes with the next', async () => {
  const { source, start, told, poll, clock } = rig({ 'emit.checkpoints.interval.seconds': '10' });
  sync(source, 't', 100n, 200n);
  const group = source.group('g', at(100n));
  await start();
  expect(await told()).toEqual(['g A.t-0 100->200']);
  group.offsets = at(140n).offsets;
  sync(source, 't', 140n, 240n);
  expect(await poll()).toBeNull();
  await clock.advance(8_999);
  expect(await poll(1)).toBeNull();
  expect(await told()).toEqual(['g A.t-0 140->240']);
  await clock.advance(10_000);
  expect(await told()).toBeNull();
});

test('a restart keeps what it knew: nothing is told again, no group is sent back, old syncs still translate', async () => {
  const { source, target, start, told, clock } = rig({ 'emit.checkpoints.interval.seconds': '1' });
  const checkpoint = { group: 'g', topic: 'A.t', partition: 0, upstreamOffset: 1000n, downstreamOffset: 1000n, metadata: '' };
  target.write(CHECKPOINTS, checkpointKey(checkpoint), checkpointValue(checkpoint));
  target.write(CHECKPOINTS, checkpointKey({ ...checkpoint, group: 'other' }), checkpointValue(checkpoint));
  for (let offset = 0n; offset <= 2000n; offset += 10n) sync(source, 't', offset, offset);
  const group = source.group('g', at(1005n));
  await start();
  expect(await told()).toBeNull();
  group.offsets = at(1995n).offsets;
  await clock.advance(1_000);
  expect(await told()).toEqual(['g A.t-0 1995->1991']);
  group.offsets = at(5n).offsets;
  await clock.advance(1_000);
  expect(await told()).toEqual(['g A.t-0 5->1']);
});

test('without the right to read what was told, only offsets behind the last sync count, and it says so', async () => {
  const { source, target, start, told, lines, clock } = rig({ 'emit.checkpoints.interval.seconds': '1' });
  target.topics.set(CHECKPOINTS, []);
  target.unreadable.set(CHECKPOINTS, 'TOPIC_AUTHORIZATION_FAILED');
  for (let offset = 0n; offset <= 100n; offset += 10n) sync(source, 't', offset, offset);
  const group = source.group('g', at(95n));
  await start();
  expect(await told()).toBeNull();
  expect(lines[0]).toMatch(
    /^WARN Topic "A.checkpoints.internal" of cluster "B" cannot be read, .* Give those of target.consumer READ on that topic.$/,
  );
  group.offsets = at(100n).offsets;
  await clock.advance(1_000);
  expect(await told()).toEqual(['g A.t-0 100->100']);
});

test('offset syncs may be on the target', async () => {
  const { source, target, start, told } = rig({ 'offset-syncs.topic.location': 'target' });
  sync(target, 't', 1n, 2n, 'mm2-offset-syncs.A.internal');
  source.group('g', at(1n));
  await start();
  expect(await told()).toEqual(['g A.t-0 1->2']);
  expect(target.clientIds).toContain('A->B|cp-0|offset-syncs-target-consumer');
});

test('until there are offset syncs it waits, says for what, and goes on by itself', async () => {
  const { source, start, poll, told, task, lines } = rig();
  source.group('g', at(1n));
  await start();
  expect(await poll()).toBeNull();
  expect(lines.some((line) => line.includes(`Topic "${SYNCS}" is made on cluster "A" by the source connector of this flow`))).toBe(true);
  expect(task.figures()[0]).toMatchObject({ values: { waiting: 1 }, details: { 'waiting-for': expect.stringContaining(SYNCS) } });
  sync(source, 't', 1n, 2n);
  await poll(30_000);
  expect(await told()).toEqual(['g A.t-0 1->2']);
  expect(task.figures()[0]).toMatchObject({ values: { waiting: 0, 'rounds-total': 1, 'offset-sync-partitions': 1 }, details: {} });
});

test('a cluster that does not answer is waited for, the right that is missing is not', async () => {
  const { source, start, poll, told, lines } = rig();
  sync(source, 't', 1n, 2n);
  source.group('g', at(1n));
  source.fault = 'DISCONNECTED';
  await start();
  expect(await poll()).toBeNull();
  expect(lines[0]).toMatch(/^WARN No checkpoints yet: DISCONNECTED: cluster. Look at cluster "A" and at the source.cluster. settings/);
  source.fault = null;
  await poll(30_000);
  expect(await told()).toEqual(['g A.t-0 1->2']);
  const other = rig();
  sync(other.source, 't', 1n, 2n);
  other.source.unreadable.set(SYNCS, 'TOPIC_AUTHORIZATION_FAILED');
  await other.start();
  await expect(other.poll()).rejects.toThrow(
    `Checkpoints cannot be made: TOPIC_AUTHORIZATION_FAILED: topic "${SYNCS}". Give the consumer of cluster "A" READ on topic "${SYNCS}".`,
  );
});

test('records that are none are passed over and counted', async () => {
  const { source, start, told, task, lines } = rig();
  source.write(SYNCS, Buffer.from('x'), null);
  sync(source, 't', 1n, 2n);
  source.write(SYNCS, null, Buffer.from('y'));
  source.group('g', at(1n));
  await start();
  expect(await told()).toEqual(['g A.t-0 1->2']);
  expect(task.figures()[0]?.values['unreadable-records-total']).toBe(2);
  expect(lines.filter((line) => line.includes('passed over'))).toHaveLength(1);
});

test('a group that fails is named with the cause, louder once it lasts, in the figures while it lasts', async () => {
  const { source, start, told, task, lines, clock } = rig({
    'task.assigned.groups': 'bad,g',
    'emit.checkpoints.interval.seconds': '1',
  });
  sync(source, 't', 1n, 2n);
  const bad = source.group('bad', { ...at(1n), error: 'GROUP_AUTHORIZATION_FAILED' });
  source.group('g', at(1n));
  await start();
  expect(await told()).toEqual(['g A.t-0 1->2']);
  const failures = () => lines.filter((line) => line.includes('No checkpoints of'));
  expect(failures()).toEqual([
    'WARN No checkpoints of group "bad" in this round, what was told before stays as it is: cluster "A" answers GROUP_AUTHORIZATION_FAILED. ' +
      'Give the admin client of the source cluster DESCRIBE on the group. It is tried again in 1 s.',
  ]);
  for (let i = 0; i < 2; i++) {
    await clock.advance(1_000);
    await told();
  }
  expect(failures().at(-1)).toMatch(/^ERROR No checkpoints of group "bad" in 3 rounds/);
  const figuresOf = (group: string) => task.figures().find(({ tags }) => tags.group === group);
  expect(task.figures()[0]?.values['failing-groups']).toBe(1);
  expect(figuresOf('bad')).toMatchObject({
    values: { 'failed-rounds': 3, 'errors-total': 3, 'last-error-timestamp': expect.any(Number) },
    details: { 'last-error': 'GROUP_AUTHORIZATION_FAILED' },
  });
  expect(figuresOf('g')).toMatchObject({ values: { 'failed-rounds': 0, 'checkpoints-total': 1, partitions: 1 } });
  bad.error = null;
  await clock.advance(1_000);
  expect(await told()).toEqual(['bad A.t-0 1->2']);
  expect(lines.at(-1)).toBe('INFO Checkpoints go on of group "bad".');
  expect(figuresOf('bad')?.values).toMatchObject({ 'failed-rounds': 0, 'errors-total': 3 });
});

test('one whose text does not fit a checkpoint costs the others nothing', async () => {
  const { source, start, told, lines } = rig({ 'task.assigned.groups': 'bad,g' });
  sync(source, 't', 1n, 2n);
  source.group('bad', { offsets: [{ topic: 't', partition: 0, offset: 1n, metadata: 'x'.repeat(40_000) }] });
  source.group('g', at(1n));
  await start();
  expect(await told()).toEqual(['g A.t-0 1->2']);
  expect(lines.at(-1)).toMatch(/^WARN No checkpoints of group "bad" in this round, .*: A text of 40000 bytes is too long/);
});

test('what has no translation is in the figures, with the reason', async () => {
  const { source, start, told, task } = rig();
  sync(source, 't', 100n, 200n);
  source.group('g', {
    offsets: [
      { topic: 't', partition: 0, offset: 5n },
      { topic: 'u', partition: 2, offset: 5n },
    ],
  });
  await start();
  expect(await told()).toBeNull();
  expect(task.figures()[1]).toMatchObject({
    values: { 'untranslated-partitions': 2 },
    details: { untranslated: 't-0: lies before the oldest known offset; u-2: nothing of it is copied yet' },
  });
});

test('how long a checkpoint was on its way is told of its group', async () => {
  const { source, start, poll, task, clock } = rig();
  sync(source, 't', 1n, 2n);
  source.group('g', at(1n));
  await start();
  const [record] = (await poll(0))!;
  await clock.advance(30);
  task.commitRecord(record!, { topic: CHECKPOINTS, partition: 0, offset: 0n, timestampMs: 1 });
  task.commitRecord(record!, null);
  expect(task.figures()[1]?.values).toMatchObject({ 'checkpoint-latency-ms': 30, 'checkpoint-latency-ms-max': 30 });
});

test('with sync.group.offsets.enabled the groups on the target follow, also from checkpoints of before', async () => {
  const { source, target, start, told, clock } = rig({
    'task.assigned.groups': 'g',
    'task.assigned.groups.exact': '["a,b"]',
    'sync.group.offsets.enabled': 'true',
    'sync.group.offsets.interval.seconds': '5',
  });
  const before = { group: 'a,b', topic: 'A.t', partition: 0, upstreamOffset: 7n, downstreamOffset: 8n, metadata: 'mine' };
  target.write(CHECKPOINTS, checkpointKey(before), checkpointValue(before));
  sync(source, 't', 1n, 2n);
  source.group('g', at(1n));
  await start();
  expect(await told()).toEqual(['g A.t-0 1->2']);
  expect(target.commits).toEqual([]);
  await clock.advance(5_000);
  expect(target.commits).toEqual(['g: A.t-0=2', 'a,b: A.t-0=8 (mine)']);
});

test('without it nobody writes to the target', async () => {
  const { source, target, start, told, clock } = rig();
  sync(source, 't', 1n, 2n);
  source.group('g', at(1n));
  await start();
  expect(await told()).toEqual(['g A.t-0 1->2']);
  await clock.advance(600_000);
  expect(target.commits).toEqual([]);
});

test('the end breaks a wait off and closes the clients', async () => {
  const { source, target, start, stop, told, task } = rig();
  sync(source, 't', 1n, 2n);
  await start();
  expect(await told()).toBeNull();
  const waiting = task.poll();
  await stop();
  expect(await waiting).toBeNull();
  expect([source.openClients, target.openClients]).toEqual([0, 0]);
  const early = rig();
  await early.start();
  await early.stop();
  expect([early.source.openClients, early.target.openClients]).toEqual([0, 0]);
});
