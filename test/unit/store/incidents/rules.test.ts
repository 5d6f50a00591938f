/** Each rule: what it finds, what it leaves alone, and that it lets go. */
import { expect, test } from 'vitest';
import type { RetentionOutlook } from '../../../../src/cluster/retention.ts';
import { dangerOf, lossText } from '../../../../src/store/incidents/retention-rules.ts';
import { RULES } from '../../../../src/store/incidents/rules.ts';
import { connector, ScriptedWorld, topic } from '../../../helpers/scripted-world.ts';
import { type SessionRig, startSession } from '../../../helpers/session-rig.ts';

const HOUR = 3_600_000;
const QUEUE = { 'errors.deadletterqueue.topic.name': 'dlq', topics: 'orders', 'connector.class': 'FileStreamSink' };
const errors = (letters: number, refused = 0) => ({
  'total-record-failures': letters,
  'total-records-skipped': letters,
  'total-errors-logged': 0,
  'deadletterqueue-produce-requests': letters,
  'deadletterqueue-produce-failures': refused,
});

function retain(one: ScriptedWorld, ms: number): void {
  one.cluster.set.set('topic orders', new Map([['retention.ms', String(ms)]]));
}

function world(): ScriptedWorld {
  const one = new ScriptedWorld();
  retain(one, -1);
  one.topics = [topic('orders', 1, 1_000n), topic('dlq', 1, 5n)];
  one.connectors = [connector('snk', 'sink', { topics: ['orders'], perLook: 100 })];
  one.groups.set('connect-snk', { state: 'Stable', clientId: 'c', offsets: [{ topic: 'orders', partition: 0, offset: 1_000n }] });
  return one;
}

const open = (rig: SessionRig) => rig.session.current().data.incidents;
const told = (rig: SessionRig) => open(rig).map((one) => `${one.what}: ${one.state}`);

/** Records come and are read, once each ten seconds. */
async function flow(
  rig: SessionRig,
  one: ScriptedWorld,
  group: string,
  forMs: number,
  perStep: { in: bigint; out: bigint },
): Promise<void> {
  for (let ms = 0; ms < forMs; ms += 10_000) {
    one.topics[0]!.partitions[0]!.end += perStep.in;
    one.groups.get(group)!.offsets[0]!.offset += perStep.out;
    await rig.clock.advance(10_000);
  }
}

test('rules have names of their own, and each says what it means', () => {
  expect(new Set(RULES.map((one) => one.id)).size).toBe(RULES.length);
  expect(RULES.filter((one) => !/^[A-Z].*\.$/.test(one.about) || one.about.length > 140).map((one) => one.id)).toEqual([]);
});

test('lag-sink: a sink that falls behind, with its pace; not one that keeps up; over when it catches up', async () => {
  const one = world();
  using rig = await startSession(one);
  await flow(rig, one, 'connect-snk', 120_000, { in: 1_000n, out: 1_000n });
  expect(told(rig)).toEqual([]);
  await flow(rig, one, 'connect-snk', 120_000, { in: 1_000n, out: 400n });
  expect(told(rig)).toEqual(['snk: LAGGING']);
  expect(open(rig)[0]?.cause).toMatch(/^lag [\d ]+ \+[\d.]+\/s · reads [\d.]+\/s: never at its end like this$/);
  await flow(rig, one, 'connect-snk', 200_000, { in: 100n, out: 500n });
  expect(told(rig)).toEqual([]);
});

test('lag-sink: a paused sink is left alone', async () => {
  const one = world();
  one.connector('snk').state = 'PAUSED';
  using rig = await startSession(one);
  await flow(rig, one, 'connect-snk', 400_000, { in: 1_000n, out: 0n });
  expect(told(rig)).toEqual([]);
});

test('lag-group: only while groups are looked at, and only of groups that somebody reads with', async () => {
  const one = world();
  one.groups.set('checkout', { state: 'Stable', clientId: 'c', offsets: [{ topic: 'orders', partition: 0, offset: 1_000n }] });
  one.groups.set('left', { state: 'Empty', clientId: '', offsets: [{ topic: 'orders', partition: 0, offset: 1_000n }] });
  const both = async (rig: SessionRig, forMs: number, out: bigint) => {
    for (let ms = 0; ms < forMs; ms += 10_000) {
      one.groups.get('connect-snk')!.offsets[0]!.offset += 1_000n;
      await flow(rig, one, 'checkout', 10_000, { in: 1_000n, out });
    }
  };
  using rig = await startSession(one);
  await both(rig, 200_000, 300n);
  expect(told(rig)).toEqual([]);
  await rig.press('go.groups');
  await both(rig, 200_000, 300n);
  expect(told(rig)).toEqual(['group checkout: LAGGING']);
  one.groups.get('checkout')!.state = 'Empty';
  await both(rig, 60_000, 0n);
  expect(open(rig)[0]?.cause).toMatch(/^nobody reads any more · lag /);
  await rig.press('go.home');
  await both(rig, 120_000, 0n);
  // What was not asked again says nothing about now.
  expect(told(rig)).toEqual([]);
});

test('letters-queue: while letters come, with how many; over five minutes after the last one', async () => {
  const one = world();
  Object.assign(one.connector('snk'), { config: QUEUE, errors: errors(5) });
  using rig = await startSession(one);
  // Those that lay there before say nothing about now.
  expect(told(rig)).toEqual([]);
  one.connector('snk').errors = errors(8);
  one.topics[1]!.partitions[0]!.end = 8n;
  await rig.clock.advance(4_000);
  expect(open(rig)).toMatchObject([
    { what: 'snk', state: 'LETTERS', key: 'b', cause: expect.stringMatching(/^3 dead letters in 5 min.* · 8 in dlq$/) },
  ]);
  await rig.clock.advance(200_000);
  expect(told(rig)).toEqual(['snk: LETTERS']);
  await rig.clock.advance(120_000);
  expect(told(rig)).toEqual([]);
});

test('letters-lost: the queue takes them not; over five minutes after the last one', async () => {
  const one = world();
  Object.assign(one.connector('snk'), { config: QUEUE, errors: errors(5, 1) });
  using rig = await startSession(one);
  one.connector('snk').errors = errors(5, 3);
  await rig.clock.advance(2_000);
  expect(open(rig)).toMatchObject([{ state: 'LOST', severity: 1, cause: '2 dead letters not taken by dlq in 5 min' }]);
  await rig.clock.advance(200_000);
  expect(told(rig)).toEqual(['snk: LOST']);
  await rig.clock.advance(120_000);
  expect(told(rig)).toEqual([]);
});

test('letters-skipped: only without a queue; over five minutes after the last one, and when the task was restarted', async () => {
  const one = world();
  one.connector('snk').errors = errors(5);
  using rig = await startSession(one);
  one.connector('snk').errors = errors(9);
  await rig.clock.advance(2_000);
  expect(open(rig)).toMatchObject([{ state: 'SKIPPED', cause: '4 records passed over in 5 min, kept nowhere' }]);
  await rig.clock.advance(320_000);
  expect(told(rig)).toEqual([]);
  one.connector('snk').errors = errors(10);
  await rig.clock.advance(20_000);
  expect(told(rig)).toEqual(['snk: SKIPPED']);
  // A task that begins anew counts from nothing.
  one.connector('snk').errors = errors(0);
  await rig.clock.advance(20_000);
  expect(told(rig)).toEqual([]);
});

test('topic-at-min is not topic-under: three replicas of which two are enough, against four', async () => {
  const one = world();
  one.topics[0]!.partitions[0]!.isr = [1, 2];
  one.topics[1]!.partitions[0]!.replicas = [1, 2, 3, 4];
  one.topics[1]!.partitions[0]!.isr = [1, 2, 3];
  one.brokers = [1, 2, 3, 4];
  using rig = await startSession(one);
  expect(told(rig)).toEqual(['topic orders p0: AT-MIN', 'topic dlq p0: UNDER']);
});

test('disks: full, then filling, then well again, each told by one name', async () => {
  const one = world();
  one.diskUsedShare = 0.97;
  one.brokers = [1, 2, 3];
  using rig = await startSession(one);
  await rig.clock.advance(12_000);
  expect(told(rig)).toEqual(['broker 1 disk: FULL', 'broker 2 disk: FULL', 'broker 3 disk: FULL']);
  expect(open(rig)[0]?.cause).toBe('97 % used');
  one.diskUsedShare = 0.9;
  await rig.clock.advance(70_000);
  expect(told(rig)).toEqual(['broker 1 disk: FILLING', 'broker 2 disk: FILLING', 'broker 3 disk: FILLING']);
  // It is better, and not over.
  expect(rig.session.current().data.resolvedIncidents).toEqual([]);
  one.diskUsedShare = 0.5;
  await rig.clock.advance(70_000);
  expect(told(rig)).toEqual([]);
  expect(rig.session.current().data.resolvedIncidents.map((over) => over.what)).toEqual([
    'broker 1 disk',
    'broker 2 disk',
    'broker 3 disk',
  ]);
});

test('disk-broken: a folder that cannot be used speaks for the disk, and lets go when it is back', async () => {
  const one = world();
  one.diskUsedShare = 0.99;
  const { admin } = one.kafka;
  let broken = true;
  one.kafka.admin = () => {
    const real = admin();
    return {
      ...real,
      logDirs: async (...asked) =>
        (await real.logDirs(...asked)).map((dir) => (broken && dir.brokerId === 2 ? { ...dir, error: 'KAFKA_STORAGE_ERROR' } : dir)),
    };
  };
  using rig = await startSession(one);
  await rig.clock.advance(12_000);
  expect(told(rig)).toEqual(['broker 2 disk: BROKEN', 'broker 1 disk: FULL', 'broker 3 disk: FULL']);
  broken = false;
  one.diskUsedShare = 0.5;
  await rig.clock.advance(70_000);
  expect(told(rig)).toEqual([]);
});

test('a full disk comes behind what is worse, and hides nothing', async () => {
  const one = world();
  one.diskUsedShare = 0.99;
  one.connector('snk').tasks = [{ state: 'FAILED', worker: 'w' }];
  one.topics[1]!.partitions[0]!.leader = -1;
  using rig = await startSession(one);
  await rig.clock.advance(12_000);
  expect(told(rig)).toEqual(['topic dlq p0: OFFLINE', 'snk: FAILED', 'broker 1 disk: FULL', 'broker 2 disk: FULL', 'broker 3 disk: FULL']);
});

test('a sink that fails where its topic is offline is folded under the topic, and that under the broker', async () => {
  const one = world();
  one.brokers = [2, 3];
  one.topics[0]!.partitions[0]!.leader = -1;
  one.topics[0]!.partitions[0]!.isr = [1];
  one.connector('snk').tasks = [{ state: 'FAILED', worker: 'w' }];
  using rig = await startSession(one);
  expect(open(rig).map(({ id, partOf }) => [id, partOf])).toEqual([
    ['broker-down:1', null],
    ['topic-offline:orders', 'broker-down:1'],
    ['connector-failed:snk', 'broker-down:1'],
  ]);
});

test('connectors that failed for the very same reason are one trouble; two of them are two', async () => {
  const one = world();
  const trace = 'java.net.ConnectException: Connection refused: db:3306';
  const sick = (name: string, text = trace) => connector(name, 'source', { tasks: [{ state: 'FAILED', worker: 'w', trace: text }] });
  one.connectors = ['a', 'b', 'c', 'd'].map((name) => sick(name));
  one.connectors.push(sick('other', 'java.io.IOException: disk full'), sick('another', 'java.io.IOException: disk full'));
  using rig = await startSession(one);
  const parts = new Map(open(rig).map((incident) => [incident.what, incident.partOf]));
  expect([...parts.values()].filter((partOf) => partOf === 'connector-failed:a')).toHaveLength(3);
  expect(parts.get('a')).toBeNull();
  expect(parts.get('other')).toBeNull();
  expect(parts.get('another')).toBeNull();
});

test('tasks with the same cause say it once, others are counted', async () => {
  const one = world();
  const task = (trace: string) => ({ state: 'FAILED' as const, worker: 'w', trace });
  one.connector('snk').tasks = [
    task('java.io.IOException: disk full\n\tat a'),
    task('java.io.IOException: disk full\n\tat b'),
    task('x.Y: other'),
  ];
  using rig = await startSession(one);
  expect(open(rig)).toMatchObject([{ what: 'snk 3/3', cause: 'disk full · and 1 other cause' }]);
  one.connector('snk').tasks.pop();
  await rig.clock.advance(2_000);
  expect(open(rig)[0]?.cause).toBe('disk full');
});

test('loss: a paused sink is told when its records go; over when it has read them', async () => {
  const one = world();
  // Of a thousand records, one a second, it has read the first hundred.
  retain(one, 1_500_000);
  one.groups.get('connect-snk')!.offsets[0]!.offset = 100n;
  one.connector('snk').state = 'PAUSED';
  using rig = await startSession(one);
  await rig.clock.advance(12_000);
  expect(open(rig)).toMatchObject([
    {
      id: 'loss-near:snk',
      what: 'snk ← orders p0',
      severity: 1,
      cause: expect.stringMatching(/^data loss in 9 min \(lag 15 min of retention 25 min\)$/),
      target: { connector: 'snk', topic: 'orders' },
    },
  ]);
  const before = open(rig)[0]!.lossAtMs!;
  await rig.clock.advance(60_000);
  // The moment stays the same while the time until then runs down.
  expect(Math.abs(open(rig)[0]!.lossAtMs! - before)).toBeLessThan(2_000);
  one.groups.get('connect-snk')!.offsets[0]!.offset = 1_000n;
  await rig.clock.advance(40_000);
  expect(told(rig)).toEqual([]);
});

test('loss-ahead: more than half of the retention is used up; over when the topic keeps its records for longer', async () => {
  const one = world();
  retain(one, 3 * HOUR);
  one.topics[0]!.partitions[0]!.end = 8_000n;
  one.groups.get('connect-snk')!.offsets[0]!.offset = 1_000n;
  one.connector('snk').state = 'PAUSED';
  using rig = await startSession(one);
  await rig.clock.advance(12_000);
  expect(open(rig)).toMatchObject([{ id: 'loss-ahead:snk', state: 'LOSS', severity: 3 }]);
  retain(one, 300 * HOUR);
  await rig.clock.advance(120_000);
  expect(told(rig)).toEqual([]);
});

test('loss-lost: what was deleted before it was read; over when it reads on from what is left', async () => {
  const one = world();
  retain(one, HOUR);
  one.groups.get('connect-snk')!.offsets[0]!.offset = 100n;
  one.connector('snk').state = 'PAUSED';
  let start = 0n;
  const { admin } = one.kafka;
  one.kafka.admin = () => {
    const real = admin();
    return {
      ...real,
      listOffsets: async (partitions, spec) =>
        (await real.listOffsets(partitions, spec)).map((found) => (spec === 'earliest' ? { ...found, offset: start } : found)),
    };
  };
  using rig = await startSession(one);
  await rig.clock.advance(12_000);
  expect(told(rig)).not.toContain('snk ← orders p0: LOST');
  start = 400n;
  await rig.clock.advance(30_000);
  expect(open(rig)).toMatchObject([
    { id: 'loss-lost:snk', what: 'snk ← orders p0', severity: 1, cause: '300 records were deleted before they were read' },
  ]);
  one.groups.get('connect-snk')!.offsets[0]!.offset = 1_000n;
  await rig.clock.advance(60_000);
  expect(told(rig)).toEqual([]);
});

const outlook = (more: Partial<RetentionOutlook> = {}): RetentionOutlook => ({
  atMs: 0,
  topic: 'clicks',
  partition: 0,
  lostRecords: 0n,
  leftMs: 3.34 * HOUR,
  by: 'time',
  lagMs: 5.66 * HOUR,
  lagRecords: 1_204_551n,
  retentionMs: 9 * HOUR,
  retentionBytes: null,
  watchedMs: 200_000,
  ...more,
});

test('loss: what is far away is not told, nor what a moving reader shows in less than some commits', () => {
  expect(dangerOf(outlook(), true)).toBe('ahead');
  expect(dangerOf(outlook({ leftMs: 0.5 * HOUR }), true)).toBe('near');
  expect(dangerOf(outlook({ lostRecords: 3n, leftMs: null, by: null }), true)).toBe('lost');
  expect(dangerOf(outlook({ leftMs: null }), true)).toBeNull();
  expect(dangerOf(outlook({ leftMs: 100 * HOUR, lagMs: 68 * HOUR, retentionMs: 168 * HOUR }), true)).toBeNull();
  expect(dangerOf(outlook({ leftMs: 80 * HOUR, lagMs: 88 * HOUR, retentionMs: 168 * HOUR }), true)).toBe('ahead');
  expect(dangerOf(outlook({ leftMs: 16 * HOUR, lagMs: 152 * HOUR, retentionMs: 168 * HOUR }), true)).toBe('near');
  expect(dangerOf(outlook({ watchedMs: 0 }), false)).toBeNull();
  expect(dangerOf(outlook({ watchedMs: 0 }), true)).toBe('ahead');
});

test('loss: the sentence says how long, and out of what', () => {
  expect(lossText(outlook(), 0)).toBe('data loss in 3 h 20 min (lag 5 h 39 min of retention 9 h)');
  expect(lossText(outlook({ by: 'size', retentionBytes: 2_000_000_000n }), 0)).toBe(
    'data loss in 3 h 20 min (lag 1.20 M of retention 2.00 GB)',
  );
  expect(lossText(outlook({ lostRecords: 1_204n }), 0)).toBe('1 204 records were deleted before they were read');
});
