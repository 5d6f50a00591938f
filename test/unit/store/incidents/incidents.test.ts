/** Everything that is wrong now, worst first. */
import { expect, test } from 'vitest';
import { UnreachableError } from '../../../../src/base/errors.ts';
import type { Incident } from '../../../../src/store/incidents/incident.ts';
import { connector, ScriptedWorld, topic } from '../../../helpers/scripted-world.ts';
import { type SessionRig, startSession } from '../../../helpers/session-rig.ts';
import { START_MS } from '../../../helpers/worlds.ts';

function world(): ScriptedWorld {
  const one = new ScriptedWorld();
  one.topics = [topic('orders', 3, 1_000n), topic('payments', 3, 10n)];
  one.connectors = [connector('snk', 'sink', { topics: ['orders'], perLook: 100 }), connector('src', 'source', { perLook: 10 })];
  one.groups.set('connect-snk', {
    state: 'Stable',
    clientId: 'c',
    offsets: [0, 1, 2].map((partition) => ({ topic: 'orders', partition, offset: 1_000n })),
  });
  return one;
}
const incidents = (rig: SessionRig): readonly Incident[] => rig.session.current().data.incidents;
const told = (rig: SessionRig) => incidents(rig).map((one) => `${one.what}: ${one.state}`);
const TRACE = 'org.apache.kafka.connect.errors.ConnectException: stopped\nCaused by: java.io.IOException: disk full\n';

test('nothing is wrong when nothing is', async () => {
  using rig = await startSession(world());
  expect(told(rig)).toEqual([]);
});

test('failed tasks name how many, why, and the key that helps', async () => {
  const one = world();
  one.connector('snk').tasks = ['FAILED', 'RUNNING', 'RUNNING'].map((state) => ({
    state: state as 'FAILED' | 'RUNNING',
    worker: 'w:1',
    ...(state === 'FAILED' ? { trace: TRACE } : {}),
  }));
  using rig = await startSession(one);
  expect(incidents(rig)).toMatchObject([
    {
      what: 'snk 1/3',
      state: 'FAILED',
      cause: 'disk full',
      key: 'r',
      severity: 2,
      target: { connector: 'snk', task: 0 },
      since: { isExact: false },
    },
  ]);
});

test('since when: exactly for what began while we looked', async () => {
  const one = world();
  using rig = await startSession(one);
  one.topics[1]!.partitions[0]!.isr = [1, 2];
  await rig.clock.advance(4_000);
  // What may pass by itself in a moment alarms nobody.
  expect(told(rig)).toEqual([]);
  await rig.clock.advance(6_000);
  const [first] = incidents(rig);
  expect(first).toMatchObject({ what: 'topic payments p0', state: 'AT-MIN', since: { isExact: true } });
  expect(first!.since.atMs).toBeGreaterThan(START_MS + 9_000);
  await rig.clock.advance(20_000);
  expect(incidents(rig)[0]!.since).toEqual(first!.since);
  one.topics[1]!.partitions[0]!.isr = [1, 2, 3];
  await rig.clock.advance(10_000);
  expect(told(rig)).toEqual([]);
  expect(rig.session.current().data.resolvedIncidents).toMatchObject([{ what: 'topic payments p0', state: 'AT-MIN' }]);
  await rig.clock.advance(600_000);
  expect(rig.session.current().data.resolvedIncidents).toEqual([]);
});

test('a broker that is down speaks for the partitions that wait for it; what cannot be written is said beside it', async () => {
  const one = world();
  one.brokers = [1, 2];
  for (const { partitions } of one.topics)
    for (const partition of partitions) {
      partition.isr = partition.replicas.filter((id) => id !== 3);
      if (partition.leader === 3) partition.leader = partition.isr[0]!;
    }
  one.topics[1]!.partitions[2]!.leader = -1;
  one.topics[0]!.partitions[1]!.isr = [2];
  using rig = await startSession(one);
  expect(told(rig)).toEqual(['broker 3: DOWN', 'topic orders p1: READ-ONLY', 'topic payments p2: OFFLINE']);
  expect(incidents(rig).map((one) => one.partOf)).toEqual([null, 'broker-down:3', 'broker-down:3']);
  expect(incidents(rig)[1]?.cause).toBe('ISR 2 of 2,3,1 · below min.insync 2');
});

test('no controller, and disks that are full', async () => {
  const one = world();
  one.controller = -1;
  one.diskUsedShare = 0.91;
  using rig = await startSession(one);
  await rig.clock.advance(10_000);
  expect(told(rig)).toEqual(['controller: NONE', 'broker 1 disk: FILLING', 'broker 2 disk: FILLING', 'broker 3 disk: FILLING']);
  // It was so before the disks were asked for the first time.
  expect(incidents(rig).every((incident) => !incident.since.isExact)).toBe(true);
});

test('a controller that nobody tells is not called missing', async () => {
  const one = world();
  one.controller = null;
  using rig = await startSession(one);
  expect(told(rig)).toEqual([]);
});

test('sources that do not answer come first, and what is shown is said to be old', async () => {
  const one = world();
  one.connector('snk').state = 'FAILED';
  using rig = await startSession(one);
  one.herderError = new UnreachableError('10.0.0.1:8083: connection refused');
  one.kafkaError = new Error('10.0.0.1:9092: connection refused');
  await rig.clock.advance(20_000);
  expect(told(rig)).toEqual(['Connect: UNREACHABLE', 'Kafka: UNREACHABLE', 'snk: FAILED']);
  expect(incidents(rig)[0]?.cause).toBe('10.0.0.1:8083: connection refused · what is shown is old');
  expect(incidents(rig)[0]?.since.isExact).toBe(true);
});

test('a sink that stands still says how far behind it is', async () => {
  const one = world();
  one.connector('snk').perLook = 0;
  one.groups.get('connect-snk')!.offsets = [{ topic: 'orders', partition: 0, offset: 10n }];
  using rig = await startSession(one);
  await rig.clock.advance(30_000);
  expect(incidents(rig)).toMatchObject([
    { what: 'snk', state: 'STUCK', cause: 'running, 0 rec/s, lag 2 990', key: 'l', severity: 3, since: { isExact: false } },
  ]);
});

test('a request that the status does not follow is said aloud', async () => {
  const one = world();
  one.isDeaf = true;
  using rig = await startSession(one);
  await rig.operations.pause('src');
  await rig.clock.advance(40_000);
  expect(incidents(rig)).toMatchObject([{ what: 'src', state: 'LATE', cause: 'pause was asked for; the status still says RUNNING' }]);
});

test('paused and stopped connectors are nobody’s fault', async () => {
  const one = world();
  one.connector('snk').state = 'PAUSED';
  one.connector('src').state = 'STOPPED';
  one.connector('src').tasks = [];
  using rig = await startSession(one);
  await rig.clock.advance(60_000);
  expect(told(rig)).toEqual([]);
});

test('acknowledged ones stay in the list, behind the others', async () => {
  const one = world();
  one.connector('src').state = 'FAILED';
  one.connector('snk').state = 'FAILED';
  using rig = await startSession(one);
  const [first, second] = rig.rows();
  await rig.press('incident.acknowledge');
  expect(rig.dialog()[0]).toBe('acknowledge');
  await rig.keys(...'I know', 'enter');
  await rig.clock.advance(5_000);
  expect(rig.rows()).toEqual([second, first]);
  expect(rig.session.current().data.acknowledged).toEqual(new Set([first]));
  expect(rig.session.actionLog.records.at(-1)).toMatchObject({ action: 'incident.acknowledge', detail: 'I know', result: 'ok' });
  const name = String(first).replace('connector-failed:', '');
  one.connector(name).state = 'RUNNING';
  await rig.clock.advance(4_000);
  one.connector(name).state = 'FAILED';
  await rig.clock.advance(4_000);
  // It was over and has come again: that is told anew.
  expect(rig.session.current().data.acknowledged).toEqual(new Set());
});
