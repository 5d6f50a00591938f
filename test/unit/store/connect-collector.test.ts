/** Rows of connectors out of what a worker and Kafka answer, over time. */
import { expect, test } from 'vitest';
import type { ConnectorRow } from '../../../src/store/connect-model.ts';
import { connector, ScriptedWorld, topic } from '../../helpers/scripted-world.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';

const rowOf = (rig: SessionRig, name: string): ConnectorRow => {
  const row = rig.session.connect?.data.connectors.find((one) => one.name === name);
  if (!row) throw new Error(`no row ${name}`);
  return row;
};

function sinkWorld(): ScriptedWorld {
  const world = new ScriptedWorld();
  world.topics = [topic('orders', 2, 1_000n)];
  world.connectors = [
    connector('snk', 'sink', { topics: ['orders'], perLook: 150 }),
    connector('src', 'source', { topics: ['orders'], perLook: 300 }),
  ];
  world.groups.set('connect-snk', { state: 'Stable', clientId: 'c', offsets: [{ topic: 'orders', partition: 0, offset: 900n }] });
  return world;
}

test('counters of the worker give the rate; what was never committed waits as a whole', async () => {
  using rig = await startSession(sinkWorld());
  expect(rowOf(rig, 'snk')).toMatchObject({ health: 'RUNNING', recordsPerSec: 100, lagRecords: 1_100n, groupId: 'connect-snk' });
  expect(rowOf(rig, 'snk').partitions).toMatchObject([
    { committed: 900n, lag: 100n },
    { committed: null, lag: 1_000n },
  ]);
  expect(rowOf(rig, 'src')).toMatchObject({ recordsPerSec: 200, lagRecords: null, groupId: null });
});

test('a sink that is told to begin at the end has no lag where it has not committed', async () => {
  const world = sinkWorld();
  world.connectors[0]!.config['consumer.override.auto.offset.reset'] = 'latest';
  using rig = await startSession(world);
  expect(rowOf(rig, 'snk').lagRecords).toBe(100n);
});

test('a worker without metrics is judged by what lies in Kafka', async () => {
  const world = sinkWorld();
  world.hasMetrics = false;
  using rig = await startSession(world);
  expect(rowOf(rig, 'snk').recordsPerSec).toBeNull();
  for (let i = 1; i <= 6; i++) {
    for (const partition of world.topics[0]!.partitions) partition.end += 100n;
    world.groups.get('connect-snk')!.offsets[0]!.offset += 100n;
    await rig.clock.advance(2_000);
  }
  expect(rowOf(rig, 'snk').recordsPerSec).toBeCloseTo(50, 0);
  expect(rowOf(rig, 'src').recordsPerSec).toBeCloseTo(100, 0);
});

test('metrics that fail for a moment do not make a rate out of two kinds of figures', async () => {
  const world = sinkWorld();
  using rig = await startSession(world);
  for (let i = 0; i < 8; i++) {
    world.hasMetrics = i % 3 !== 0;
    await rig.clock.advance(1_500);
    expect(rowOf(rig, 'src').recordsPerSec ?? 0).toBeLessThan(500);
  }
});

test('a connector whose worker has just started is still a sink', async () => {
  const world = sinkWorld();
  using rig = await startSession(world);
  world.connector('snk').type = 'unknown';
  await rig.clock.advance(3_000);
  expect(rowOf(rig, 'snk')).toMatchObject({ type: 'sink', lagRecords: 1_100n });
});

test('a sink that has lag and moves nothing is STUCK after half a minute, one at its end is not', async () => {
  const world = sinkWorld();
  world.connector('snk').perLook = 0;
  using rig = await startSession(world);
  await rig.clock.advance(19_000);
  expect(rowOf(rig, 'snk').health).toBe('RUNNING');
  await rig.clock.advance(6_000);
  expect(rowOf(rig, 'snk')).toMatchObject({ health: 'STUCK', recordsPerSec: 0 });
  world.groups.get('connect-snk')!.offsets = [0, 1].map((partition) => ({ topic: 'orders', partition, offset: 1_000n }));
  await rig.clock.advance(4_000);
  expect(rowOf(rig, 'snk')).toMatchObject({ health: 'RUNNING', lagRecords: 0n });
});

test('a sink that has taken all there was, and has only to commit it, is not STUCK until commits are overdue', async () => {
  const world = sinkWorld();
  const sink = world.connector('snk');
  [sink.perLook, sink.awaitingCommit] = [0, 1_100];
  using rig = await startSession(world);
  await rig.clock.advance(60_000);
  expect(rowOf(rig, 'snk')).toMatchObject({ health: 'RUNNING', lagRecords: 1_100n, recordsPerSec: 0 });
  await rig.clock.advance(120_000);
  expect(rowOf(rig, 'snk').health).toBe('STUCK');
});

test('what does not run moves 0, and a failed task fails the connector', async () => {
  const world = sinkWorld();
  using rig = await startSession(world);
  world.connector('src').state = 'PAUSED';
  world.connector('snk').tasks[0] = { state: 'FAILED', worker: 'w:1', trace: 'java.io.IOException: disk full\n' };
  await rig.clock.advance(3_000);
  expect(rowOf(rig, 'src')).toMatchObject({ health: 'PAUSED', recordsPerSec: 0 });
  expect(rowOf(rig, 'snk')).toMatchObject({ health: 'FAILED', state: 'RUNNING', lastError: 'disk full', recordsPerSec: 0 });
});

test('UNASSIGNED is a restart for a moment, and then it is what it is', async () => {
  const world = sinkWorld();
  using rig = await startSession(world);
  world.connector('src').tasks[0] = { state: 'UNASSIGNED', worker: '' };
  await rig.clock.advance(3_000);
  expect(rowOf(rig, 'src').health).toBe('RESTARTING');
  await rig.clock.advance(40_000);
  expect(rowOf(rig, 'src').health).toBe('UNASSIGNED');
});

test('what changed while the worker could not be asked is at least so old', async () => {
  const world = sinkWorld();
  using rig = await startSession(world);
  world.herderError = new Error('connection refused');
  await rig.clock.advance(40_000);
  expect(rig.session.connect?.data.reach.error).toBe('connection refused');
  expect(rowOf(rig, 'src').state).toBe('RUNNING');
  world.herderError = null;
  world.connector('src').state = 'FAILED';
  await rig.clock.advance(10_000);
  expect(rowOf(rig, 'src').since).toMatchObject({ isExact: false });
  expect(rig.session.connect?.data.reach.error).toBeNull();
});

test('a worker that has nothing to do any more is missed for half an hour', async () => {
  const world = sinkWorld();
  using rig = await startSession(world);
  world.connector('src').worker = '10.0.0.99:8083';
  world.connector('src').tasks = [{ state: 'RUNNING', worker: '10.0.0.99:8083' }];
  await rig.clock.advance(3_000);
  world.connector('src').worker = '10.0.0.11:8083';
  world.connector('src').tasks = [{ state: 'RUNNING', worker: '10.0.0.11:8083' }];
  await rig.clock.advance(3_000);
  expect(rig.session.connect?.data).toMatchObject({ workers: ['10.0.0.11:8083'], knownWorkers: ['10.0.0.11:8083', '10.0.0.99:8083'] });
  await rig.clock.advance(1_900_000);
  expect(rig.session.connect?.data.knownWorkers).toEqual(['10.0.0.11:8083']);
});

test('connectors come and go', async () => {
  const world = sinkWorld();
  using rig = await startSession(world);
  world.connectors = [connector('new', 'source')];
  await rig.clock.advance(3_000);
  expect(rig.session.connect?.data.connectors.map((row) => row.name)).toEqual(['new']);
  expect(rowOf(rig, 'new').since.isExact).toBe(true);
});
