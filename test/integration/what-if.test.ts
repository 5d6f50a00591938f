/** The forecast beside what happens: brokers of a cluster of its own are killed, one after the other, and one comes back. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterCollector } from '../../src/cluster/cluster-collector.ts';
import { NO_DEMAND } from '../../src/cluster/cluster-demand.ts';
import { NO_DETAILS } from '../../src/cluster/cluster-details.ts';
import { forecastLoss } from '../../src/cluster/loss-forecast.ts';
import type { Fate, Forecast } from '../../src/cluster/what-if.ts';
import { type KafkaCluster, removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import { createTopic, openKafka } from '../helpers/kafka-clients.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-what-if-'));
let cluster: KafkaCluster;
let kafka: Kafka;
let collector: ClusterCollector;

/** Replicas in their order, and the minimum in sync. */
const TOPICS: Readonly<Record<string, { readonly replicas: readonly number[]; readonly minIsr: number }>> = {
  everywhere: { replicas: [1, 2, 3], minIsr: 2 },
  strict: { replicas: [3, 1, 2], minIsr: 3 },
  lonely: { replicas: [2], minIsr: 1 },
  pair: { replicas: [2, 1], minIsr: 1 },
  away: { replicas: [2, 3], minIsr: 1 },
};

beforeAll(async () => {
  // Two of the three are no controllers: they can be lost, and somebody is left to elect.
  cluster = await startKafkaCluster({
    brokers: 3,
    voters: 1,
    folder,
    properties: {
      'broker.session.timeout.ms': '2000',
      'broker.heartbeat.interval.ms': '300',
      'auto.leader.rebalance.enable': 'false',
      'offsets.topic.num.partitions': '1',
    },
  });
  kafka = openKafka('admin', { 'bootstrap.servers': cluster.bootstrap }).kafka;
  const admin = kafka.admin();
  await waitUntil('three brokers', async () => (await admin.cluster()).brokers.length === 3);
  for (const [name, { replicas, minIsr }] of Object.entries(TOPICS))
    await createTopic(kafka, {
      name,
      partitions: 1,
      replicationFactor: replicas.length,
      configs: { 'min.insync.replicas': String(minIsr) },
    });
  await admin.alterReassignments(Object.entries(TOPICS).map(([topic, { replicas }]) => ({ topic, partition: 0, replicas })));
  await waitUntil('replicas where they are wanted', async () => {
    const topics = await admin.topics(Object.keys(TOPICS));
    return (
      topics.every(
        ({ name, partitions: [one] }) => one?.replicas.join() === TOPICS[name]?.replicas.join() && one?.isr.length === one?.replicas.length,
      ) || JSON.stringify(topics.map(({ name, partitions }) => [name, partitions[0]]))
    );
  });
  await admin.electLeaders('preferred', null);
  collector = new ClusterCollector({ kafka, pace: () => 0.1, onChange: () => undefined });
  collector.demand({ ...NO_DEMAND, hasRules: true, details: { ...NO_DETAILS, eligibleOf: Object.keys(TOPICS), hasFeatures: true } });
  collector.start();
});

afterAll(async () => {
  collector?.stop();
  await kafka?.close();
  await cluster?.stop();
  removeCluster(folder);
});

function fatesOf(told: Forecast): Record<string, Fate> {
  const worse = new Map(told.topics.map(({ topic, fate }) => [topic, fate]));
  return Object.fromEntries(Object.keys(TOPICS).map((topic) => [topic, worse.get(topic) ?? 'writable']));
}

/** What is so now, by the metadata alone. */
function fatesNow(): Record<string, Fate> {
  const up = new Set(collector.data.brokers.flatMap(({ id, isUp }) => (isUp ? [id] : [])));
  return Object.fromEntries(
    Object.entries(TOPICS).map(([topic, { minIsr }]) => {
      const partition = collector.data.topics.find(({ info }) => info.name === topic)?.info.partitions[0];
      if (!partition || partition.leader < 0) return [topic, partition?.replicas.some((id) => up.has(id)) ? 'unclean' : 'offline'];
      return [topic, partition.isr.length >= minIsr ? 'writable' : 'read-only'];
    }),
  );
}

async function becomes(wanted: Record<string, Fate>, up: readonly number[]): Promise<void> {
  await waitUntil(`brokers ${up.join(', ')} and ${JSON.stringify(wanted)}`, () => {
    const brokers = collector.data.brokers.filter(({ isUp }) => isUp).map(({ id }) => id);
    const now = fatesNow();
    return (brokers.join() === up.join() && JSON.stringify(now) === JSON.stringify(wanted)) || JSON.stringify([brokers, now]);
  });
}

/** Whether a record that all in-sync replicas must take is taken. */
async function canBeWritten(topic: string): Promise<boolean> {
  const producer = kafka.producer({ acks: -1, isIdempotent: false, lingerMs: 0, requestTimeoutMs: 1_000, deliveryTimeoutMs: 1_500 });
  try {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error('not ready')), 1_500);
    await producer.ready(topic, late.signal).finally(() => clearTimeout(timer));
    return await new Promise<boolean>((resolve) => {
      producer.send(topic, 0, null, 'x', null, null, (error) => resolve(error === null));
    });
  } catch {
    return false;
  } finally {
    await producer.close(0);
  }
}

async function expectWritable(wanted: Record<string, Fate>): Promise<void> {
  const answers = await Promise.all(Object.keys(wanted).map(async (topic) => [topic, await canBeWritten(topic)]));
  expect(Object.fromEntries(answers)).toEqual(
    Object.fromEntries(Object.entries(wanted).map(([topic, fate]) => [topic, fate === 'writable'])),
  );
}

test('what is told before a broker goes is what happens; then the next one; then an unclean election brings back what waits for it', async () => {
  const admin = kafka.admin();
  await waitUntil('settings of all topics', () => collector.data.topics.every(({ rules }) => rules?.minIsr != null));
  await waitUntil('features of three brokers', () => collector.data.details.features.size === 3);
  await becomes({ everywhere: 'writable', strict: 'writable', lonely: 'writable', pair: 'writable', away: 'writable' }, [1, 2, 3]);

  const first = forecastLoss(collector.data, [2]);
  expect(first.quorum).toEqual({ left: 1, of: 1, hasMajority: true });
  expect(fatesOf(first)).toEqual({ everywhere: 'writable', strict: 'read-only', lonely: 'offline', pair: 'writable', away: 'writable' });
  const leaders = () => Object.fromEntries(collector.data.topics.map(({ info }) => [info.name, info.partitions[0]?.leader]));
  expect(leaders()).toMatchObject({ pair: 2, away: 2 });
  await cluster.kill(2);
  await becomes(fatesOf(first), [1, 3]);
  expect(leaders()).toMatchObject({ pair: 1, away: 3, lonely: -1 });
  await expectWritable(fatesOf(first));

  const second = forecastLoss(collector.data, [3]);
  expect(fatesOf(second)).toEqual({ everywhere: 'read-only', strict: 'read-only', lonely: 'offline', pair: 'writable', away: 'offline' });
  expect(forecastLoss(collector.data, [1, 3]).quorum).toMatchObject({ hasMajority: false });
  await cluster.kill(3);
  await becomes(fatesOf(second), [1]);
  await expectWritable(fatesOf(second));
  // Kafka keeps who left a set that was too small: it may lead without a loss.
  await waitUntil('an eligible replica', () => {
    const eligible = collector.data.details.eligible.value?.find(({ topic }) => topic === 'everywhere')?.eligible ?? [];
    return eligible.join() === '3' || eligible.join();
  });

  // It holds a replica that was not in sync when the last leader went.
  await cluster.start(2);
  await becomes({ everywhere: 'writable', strict: 'read-only', lonely: 'writable', pair: 'writable', away: 'unclean' }, [1, 2]);
  expect(fatesOf(forecastLoss(collector.data, []))).toEqual(fatesNow());
  expect(await admin.electLeaders('unclean', [{ topic: 'away', partition: 0 }])).toMatchObject([{ error: null }]);
  await becomes({ everywhere: 'writable', strict: 'read-only', lonely: 'writable', pair: 'writable', away: 'writable' }, [1, 2]);
  expect(leaders()).toMatchObject({ away: 2 });

  // A move to a broker that is away begins, gets nowhere, and is taken back.
  expect(await admin.alterReassignments([{ topic: 'pair', partition: 0, replicas: [2, 3] }])).toMatchObject([{ error: null }]);
  expect(await admin.reassignments()).toEqual([
    { topic: 'pair', partition: 0, replicas: expect.arrayContaining([1, 2, 3]), adding: [3], removing: [1] },
  ]);
  expect(await admin.alterReassignments([{ topic: 'pair', partition: 0, replicas: null }])).toMatchObject([{ error: null }]);
  await waitUntil('no move', async () => (await admin.reassignments()).length === 0);
});
