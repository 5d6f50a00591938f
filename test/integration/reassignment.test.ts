/** A partition on its way to another broker, throttled: how fast it goes and when it is there, beside what the disks say. */
import { expect, onTestFinished, test } from 'vitest';
import { ClusterCollector } from '../../src/cluster/cluster-collector.ts';
import { NO_DEMAND } from '../../src/cluster/cluster-demand.ts';
import { NO_DETAILS } from '../../src/cluster/cluster-details.ts';
import { type ReassignmentRow, reassignmentProgress, shareOf, toReassignmentRows } from '../../src/cluster/reassignment-progress.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import { openKafka, topicForTest } from '../helpers/kafka-clients.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const RECORD_BYTES = 10_000;
const RECORDS = 6_000;
const THROTTLE_BYTES = 1_000_000;

/** Copies go out of this broker at the throttle's speed until `lift`. */
async function throttle(kafka: Kafka, topic: string, leader: number) {
  const admin = kafka.admin();
  const broker = { type: 'broker', name: String(leader) } as const;
  const rate = (value: string | null) => admin.alterConfigs(broker, { 'leader.replication.throttled.rate': value });
  onTestFinished(() => rate(null));
  await rate(String(THROTTLE_BYTES));
  await admin.alterConfigs({ type: 'topic', name: topic }, { 'leader.replication.throttled.replicas': '*' });
  return { lift: () => rate(null) };
}

async function fill(kafka: Kafka, topic: string): Promise<void> {
  const producer = kafka.producer({});
  const value = Buffer.alloc(RECORD_BYTES, 'x');
  const failures: Error[] = [];
  for (let i = 0; i < RECORDS; i++) {
    while (!producer.send(topic, 0, null, value, null, null, (error) => error && failures.push(error))) await producer.ready(topic);
  }
  await producer.flush();
  await producer.close(0);
  expect(failures).toEqual([]);
}

function watch(kafka: Kafka, topic: string) {
  const collector = new ClusterCollector({ kafka, pace: () => 0.5, onChange: () => undefined });
  collector.demand({ ...NO_DEMAND, isSlowSoon: true, details: { ...NO_DETAILS, hasReassignments: true } });
  collector.start();
  onTestFinished(() => collector.stop());
  return (): ReassignmentRow | undefined => {
    const { details, topics, disks, movePaces } = collector.data;
    const moves = (details.reassignments.value ?? []).filter((move) => move.topic === topic);
    const infos = new Map(topics.map(({ info }) => [info.name, info]));
    return toReassignmentRows(reassignmentProgress(moves, infos, disks), movePaces)[0];
  };
}

test('a throttled move: its speed is that of the disk, and what is left over it is the time that is left', async () => {
  const { kafka } = openKafka('admin');
  onTestFinished(() => kafka.close());
  const admin = kafka.admin();
  const topic = await topicForTest(kafka, 'moved', { partitions: 1, replicationFactor: 1 });
  await fill(kafka, topic);
  const [before] = (await admin.topics([topic]))[0]!.partitions;
  const [from = -1] = before!.replicas;
  const to = (await admin.cluster()).brokers.find(({ id }) => id !== from)!.id;
  const { lift } = await throttle(kafka, topic, from);
  const row = watch(kafka, topic);
  expect(await admin.alterReassignments([{ topic, partition: 0, replicas: [to] }])).toMatchObject([{ error: null }]);

  await waitUntil('the move is seen', () => typeof row()?.doneBytes === 'bigint');
  const startMs = performance.now();
  const start = row()!;
  await waitUntil(
    'it goes, and was watched for a while',
    () => (performance.now() - startMs > 12_000 && row()?.doneBytes !== start.doneBytes && Number.isFinite(row()?.secondsLeft)) || row(),
  );
  const now = row()!;
  const measured = (Number(now.doneBytes! - start.doneBytes!) * 1_000) / (performance.now() - startMs);
  expect(now).toMatchObject({ adding: [to], removing: [from], inSync: [], silent: [] });
  expect(shareOf(now)).toBeLessThan(1);
  // The disks are looked at once a second, and copies come in bursts of a megabyte.
  expect(now.bytesPerSec! / measured).toBeGreaterThan(0.4);
  expect(now.bytesPerSec! / measured).toBeLessThan(2.5);
  expect(now.bytesPerSec!).toBeLessThan(4 * THROTTLE_BYTES);
  expect(now.secondsLeft! * now.bytesPerSec!).toBeCloseTo(Number(now.totalBytes! - now.doneBytes!), -3);

  await lift();
  await waitUntil('the move has ended', () => row() === undefined || (row() ?? null));
  expect((await admin.topics([topic]))[0]!.partitions[0]!.replicas).toEqual([to]);
});
