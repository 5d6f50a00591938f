/** Brokers that die, freeze and lack replicas while we produce and look; a cluster of its own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ClusterCollector } from '../../src/cluster/cluster-collector.ts';
import { type KafkaCluster, removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import type { FetchedRecord, Kafka } from '../../src/kafka/contract.ts';
import { KafkaError } from '../../src/kafka/kafka-error.ts';
import { createTopic, openKafka, type Properties, uniqueName } from '../helpers/kafka-clients.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-faults-'));
let cluster: KafkaCluster;
let kafka: Kafka;

beforeAll(async () => {
  const properties = {
    // A death and a lag show within seconds, as they do within half a minute with Kafka's defaults.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'replica.lag.time.max.ms': '3000',
  };
  cluster = await startKafkaCluster({ brokers: 3, folder, properties });
  kafka = open();
});
afterAll(async () => {
  await kafka?.close();
  await cluster?.stop();
  removeCluster(folder);
});

const open = (properties: Properties = {}): Kafka => openKafka('producer', { 'bootstrap.servers': cluster.bootstrap, ...properties }).kafka;

function openForTest(properties: Properties = {}): Kafka {
  const client = open(properties);
  onTestFinished(() => client.close());
  return client;
}

async function newTopic(partitions: number, configs: Properties = {}): Promise<string> {
  const topic = uniqueName('faults');
  await createTopic(kafka, { name: topic, partitions, replicationFactor: 3, configs });
  return topic;
}

const leaderOf = async (topic: string, partition = 0) => (await kafka.admin().topics([topic]))[0]?.partitions[partition]?.leader ?? -1;

/** All that is in a topic, by partition, in order. */
async function valuesIn(topic: string, partitions: number): Promise<number[][]> {
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
  const ends = await kafka.admin().listOffsets(all, 'latest');
  const total = ends.reduce((sum, { offset }) => sum + Number(offset), 0);
  const fetcher = kafka.fetcher();
  onTestFinished(() => fetcher.close());
  fetcher.assign(all.map((one) => ({ ...one, offset: 'earliest' })));
  const records: FetchedRecord[] = [];
  while (records.length < total) records.push(...(await fetcher.poll(10_000)));
  return all.map(({ partition }) => records.filter((one) => one.partition === partition).map(({ value }) => Number(value)));
}

test('a leader is killed and comes back while we send: every record once, in order per partition', async () => {
  const topic = await newTopic(3);
  const client = openForTest();
  const producer = client.producer();
  const errors: Error[] = [];
  let [sent, acknowledged, isSending] = [0, 0, true];
  const sending = (async () => {
    while (isSending) {
      const tell = (error: Error | null) => (error ? errors.push(error) : acknowledged++);
      if (producer.send(topic, sent % 3, null, `${sent}`, null, null, tell)) sent++;
      else await producer.ready(topic);
      if (sent % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await producer.flush();
  })();
  const victim = await leaderOf(topic);
  const goesOn = async (what: string) => {
    const from = acknowledged;
    await waitUntil(
      () => `${what} (${acknowledged} of ${sent} acknowledged)`,
      () => acknowledged > from + 3000,
    );
  };
  try {
    await goesOn('records to be written');
    await cluster.kill(victim);
    await waitUntil('another leader', async () => ![victim, -1].includes(await leaderOf(topic)));
    await goesOn('records to be written without the broker');
    await cluster.start(victim);
    await waitUntil('the broker to be in sync again', async () =>
      ((await kafka.admin().topics([topic]))[0]?.partitions ?? []).every(({ isr }) => isr.length === 3),
    );
    await goesOn('records to be written with the broker');
  } finally {
    isSending = false;
    await sending;
  }
  expect(errors).toEqual([]);
  expect(acknowledged).toBe(sent);
  const values = await valuesIn(topic, 3);
  for (const [partition, list] of values.entries())
    expect(list).toEqual(Array.from({ length: Math.ceil((sent - partition) / 3) }, (_, i) => i * 3 + partition));
});

test('a frozen leader: what cannot be delivered in time says for which partition, how long, and what is not known', async () => {
  const topic = await newTopic(1, { 'min.insync.replicas': '1' });
  const client = openForTest({ 'request.timeout.ms': '60000' });
  const producer = client.producer({ deliveryTimeoutMs: 1500, requestTimeoutMs: 60_000 });
  const leader = await leaderOf(topic);
  const outcomes: (Error | null)[] = [];
  const send = (value: string) => producer.send(topic, 0, null, value, null, null, (error) => outcomes.push(error));
  await producer.ready(topic);
  expect(send('before')).toBe(true);
  await producer.flush();
  cluster.freeze(leader);
  onTestFinished(() => cluster.thaw(leader));
  const startMs = performance.now();
  expect(send('into the ice')).toBe(true);
  await waitUntil('the first to be under way', () => producer.stats.inFlightRequests === 1);
  expect(send('behind it')).toBe(true);
  await producer.flush();
  expect(performance.now() - startMs).toBeLessThan(10_000);
  cluster.thaw(leader);
  const [before, first, second] = outcomes;
  expect(before).toBeNull();
  for (const error of [first, second])
    expect(error).toMatchObject({
      kafkaName: 'REQUEST_TIMED_OUT',
      message: expect.stringMatching(new RegExp(`topic "${topic}" partition 0 .*delivery\\.timeout\\.ms \\(1500 ms\\).*broker ${leader} `)),
    });
  expect(first?.message).toContain('they may have been written or not');
  expect(second?.message).toContain('they were not written');
  // It is no matter for the next record.
  await waitUntil('the broker to take records again', async () => {
    outcomes.length = 0;
    if (!send('after')) await producer.ready(topic);
    await producer.flush();
    return outcomes[0] === null || outcomes[0]?.message;
  });
  await producer.close(0);
});

test('too few replicas: tried again until they are back, or told with the broker’s words', async () => {
  const topic = await newTopic(1, { 'min.insync.replicas': '3' });
  const client = openForTest();
  const [patient, hasty] = [client.producer({ deliveryTimeoutMs: 60_000 }), client.producer({ deliveryTimeoutMs: 1500 })];
  const victim = (await leaderOf(topic)) === 1 ? 2 : 1;
  await cluster.kill(victim);
  onTestFinished(() => cluster.start(victim));
  await waitUntil('a replica to be missed', async () => ((await kafka.admin().topics([topic]))[0]?.partitions[0]?.isr.length ?? 3) < 3);
  let outcomes: string[] = [];
  const send = async (producer: typeof patient, name: string, value = '1') => {
    await producer.ready(topic);
    producer.send(topic, 0, null, value, null, null, (error) =>
      outcomes.push(`${name}: ${error instanceof KafkaError ? `${error.kafkaName} ${error.message}` : 'written'}`),
    );
  };
  // The leader learns of it after the controller: what it takes until then may be written, and is told so.
  await waitUntil('the leader to take nothing more', async () => {
    outcomes = [];
    await send(hasty, 'probe', '0');
    await hasty.flush();
    return outcomes[0]?.includes('they were not written') || outcomes;
  });
  outcomes = [];
  await send(patient, 'patient');
  await send(hasty, 'hasty');
  await hasty.flush();
  expect(outcomes).toEqual([
    expect.stringMatching(
      new RegExp(
        `^hasty: REQUEST_TIMED_OUT .*topic "${topic}" partition 0.*delivery\\.timeout\\.ms.*[0-9]+ attempt\\(s\\), the last: NOT_ENOUGH_REPLICAS.*they were not written`,
      ),
    ),
  ]);
  await cluster.start(victim);
  await patient.flush();
  expect(outcomes[1]).toBe('patient: written');
  expect((await valuesIn(topic, 1)).flat().filter((value) => value !== 0)).toEqual([1]);
  await Promise.all([patient.close(0), hasty.close(0)]);
});

test('a broker that was frozen is seen again soon after it answers', async () => {
  // A client that has begun with one broker stays with it: its questions are under way there when it freezes.
  const frozen = 2;
  const client = openForTest({ 'bootstrap.servers': `127.0.0.1:${cluster.ports[frozen - 1]}`, 'request.timeout.ms': '6000' });
  const collector = new ClusterCollector({ kafka: client, pace: () => 1, onChange: () => {} });
  onTestFinished(() => collector.stop());
  collector.start();
  const isWell = () => {
    const { brokers, quorum, quorumError, isr } = collector.data;
    const seen = brokers.map(({ id, isUp, silence, sizeBytes }) => ({ id, isUp, silence, hasDisk: sizeBytes !== null }));
    const isWhole = seen.length === 3 && seen.every(({ isUp, silence, hasDisk }) => isUp && silence === null && hasDisk);
    return (isWhole && quorum !== null && quorumError === null && isr.under === 0) || { seen, quorumError, under: isr.under };
  };
  await waitUntil('all to be well', isWell);
  cluster.freeze(frozen);
  onTestFinished(() => cluster.thaw(frozen));
  await waitUntil(`broker ${frozen}, frozen, to be missed`, () => collector.data.brokers.find(({ id }) => id === frozen)?.isUp === false);
  cluster.thaw(frozen);
  const thawedMs = performance.now();
  const others = openForTest({ 'bootstrap.servers': `127.0.0.1:${cluster.ports[0]}` }).admin();
  await waitUntil('the cluster to be whole', async () => {
    const partitions = (await others.topics()).flatMap((topic) => topic.partitions);
    return (await others.cluster()).brokers.length === 3 && partitions.every(({ isr, replicas }) => isr.length === replicas.length);
  });
  const wholeMs = performance.now();
  await waitUntil(() => `all to be well again (whole ${Math.round(wholeMs - thawedMs)} ms after the thaw)`, isWell);
});
