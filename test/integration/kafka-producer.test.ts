/** The producer on real brokers; what it writes is read by the JVM's own consumer. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { CompressionType, Kafka, Producer, ProducerOptions } from '../../src/kafka/contract.ts';
import { KafkaError } from '../../src/kafka/kafka-error.ts';
import { readBatchHeader } from '../../src/kafka/records/batch-header.ts';
import { fetchAll, growTopic, openKafka, type Properties, testBootstrap, topicForTest, uniqueName } from '../helpers/kafka-clients.ts';
import { type KafkaPeer, startKafkaPeer } from '../helpers/kafka-peer.ts';
import { contentOf, numbered, RECORDS_OF_EVERY_KIND, type TestRecord } from '../helpers/kafka-records.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let kafka: Kafka;
let jvm: KafkaPeer;

beforeAll(async () => {
  kafka = openKafka('producer').kafka;
  jvm = await startKafkaPeer(testBootstrap());
});
afterAll(async () => {
  await jvm?.close();
  await kafka.close();
});

function newTopic(partitions: number, configs: Properties = {}, replicationFactor = 1): Promise<string> {
  return topicForTest(kafka, 'produced', { partitions, replicationFactor, configs });
}

interface Outcome {
  readonly index: number;
  readonly error: Error | null;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
}

/** Sends as soon as there is room. The outcomes come in the order in which they are told. */
async function sendAll(
  producer: Producer,
  topic: string,
  records: Iterable<TestRecord>,
  partitionOf: (index: number) => number | null = () => null,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let index = 0;
  for (const { key = null, value, headers = null, timestampMs = null } of records) {
    const at = index++;
    const tell = (error: Error | null, partition: number, offset: bigint, atMs: number) =>
      outcomes.push({ index: at, error, partition, offset, timestampMs: atMs });
    while (!producer.send(topic, partitionOf(at), key, value, headers, timestampMs, tell)) await producer.ready(topic);
  }
  await producer.flush();
  return outcomes;
}

function producer(options: Partial<ProducerOptions> = {}, client: Kafka = kafka): Producer {
  const made = client.producer(options);
  onTestFinished(() => made.close(0));
  return made;
}

const nameOf = (error: unknown) => (error instanceof KafkaError ? error.kafkaName : String(error));

// ---- what is written

test.each<CompressionType>(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
  '%s: the JVM reads each record as it was sent, and so do we',
  async (compression) => {
    const topic = await newTopic(2);
    const outcomes = await sendAll(producer({ compression }), topic, RECORDS_OF_EVERY_KIND, (i) => i % 2);
    expect(outcomes.filter(({ error }) => error)).toEqual([]);
    const of = <T extends { readonly partition: number }>(partition: number, all: readonly T[]) =>
      all.filter((one) => one.partition === partition);
    const theirs = await jvm.consume({}, topic, RECORDS_OF_EVERY_KIND.length);
    const ours = await fetchAll(kafka, topic, RECORDS_OF_EVERY_KIND.length);
    for (const partition of [0, 1]) {
      const sent = RECORDS_OF_EVERY_KIND.filter((_, i) => i % 2 === partition).map(contentOf);
      expect(of(partition, theirs).map(contentOf)).toEqual(sent);
      expect(of(partition, theirs).map(({ offset }) => offset)).toEqual(sent.map((_, i) => BigInt(i)));
      expect(of(partition, ours).map(contentOf)).toEqual(sent);
      expect(of(partition, outcomes).map(({ offset, timestampMs }) => [offset, timestampMs])).toEqual(
        sent.map(({ timestampMs }, i) => [BigInt(i), timestampMs]),
      );
    }
    const raw = kafka.fetcher({ isRaw: true });
    onTestFinished(() => raw.close());
    raw.assign([{ topic, partition: 0, offset: 'earliest' }]);
    const [first] = await raw.pollRaw(10_000);
    expect(first && readBatchHeader(first.batch, 0)).toMatchObject({
      compression,
      isTransactional: false,
      producerEpoch: 0,
      baseSequence: 0,
    });
  },
);

test('a topic that stamps records itself: the time told is the one that the JVM reads', async () => {
  const topic = await newTopic(1, { 'message.timestamp.type': 'LogAppendTime' });
  const outcomes = await sendAll(producer(), topic, [{ value: 'x', timestampMs: 5 }]);
  const [record] = await jvm.consume({}, topic, 1);
  expect(record?.timestampType).toBe('LogAppendTime');
  expect(outcomes[0]?.timestampMs).toBe(record?.timestampMs);
  expect(Math.abs(Date.now() - (record?.timestampMs ?? 0))).toBeLessThan(60_000);
});

// ---- where it is written

test('a key goes to the partition where the JVM puts it', async () => {
  const [ours, theirs] = [await newTopic(7), await newTopic(7)];
  const keys = ['', 'a', '한국어', '😀', '\u0000', ...Array.from({ length: 400 }, (_, i) => `키-${i * 7919}`)];
  const outcomes = await sendAll(
    producer(),
    ours,
    keys.map((key) => ({ key, value: key })),
  );
  const bytes = await sendAll(
    producer(),
    ours,
    keys.map((key) => ({ key: Buffer.from(key), value: key })),
  );
  const written = await jvm.produce(
    {},
    keys.map((key) => ({ topic: theirs, key, value: key })),
  );
  const byIndex = (all: readonly Outcome[]) => [...all].sort((a, b) => a.index - b.index).map(({ partition }) => partition);
  expect(byIndex(outcomes)).toEqual(written.map(({ partition }) => partition));
  expect(byIndex(bytes)).toEqual(byIndex(outcomes));
  expect(new Set(byIndex(outcomes)).size).toBe(7);
});

test('records without a key stay together for batch.size bytes, and reach all partitions alike', async () => {
  const topic = await newTopic(4);
  const records = Array.from({ length: 20_000 }, (_, i) => ({ value: String(i).padStart(100, '.') }));
  const outcomes = await sendAll(producer({ batchSizeBytes: 16_384 }), topic, records);
  const partitions = outcomes.sort((a, b) => a.index - b.index).map(({ partition }) => partition);
  const runs: number[] = [];
  partitions.forEach((partition, i) => {
    if (partition === partitions[i - 1]) runs[runs.length - 1]! += 1;
    else runs.push(1);
  });
  runs.pop();
  // 100 bytes of value make 107 to 136 bytes of a batch.
  expect(Math.min(...runs)).toBeGreaterThanOrEqual(Math.floor(16_384 / 136));
  expect(Math.max(...runs)).toBeLessThanOrEqual(Math.ceil(16_384 / 107));
  for (let partition = 0; partition < 4; partition++)
    expect(partitions.filter((one) => one === partition).length).toBeGreaterThan(20_000 / 12);
});

// ---- who must have it

test.each([0, 1, -1] as const)('acks=%d: in order, with offsets where there is an answer', async (acks) => {
  const topic = await newTopic(1, {}, 3);
  const outcomes = await sendAll(producer({ acks, isIdempotent: acks === -1 }), topic, numbered(5000));
  expect(outcomes.map(({ index, error, offset }) => [index, error, offset])).toEqual(
    Array.from({ length: 5000 }, (_, i) => [i, null, acks === 0 ? -1n : BigInt(i)]),
  );
  const values = (await fetchAll(kafka, topic, 5000)).map(({ value }) => Number(value));
  expect(values).toEqual(Array.from({ length: 5000 }, (_, i) => i));
});

// ---- what cannot be written

test('a record above max.request.size is refused at once, one above the topic’s limit by the broker; its neighbours arrive', async () => {
  const topic = await newTopic(1, { 'max.message.bytes': '20000' });
  const small = producer({ maxRequestSizeBytes: 50_000 });
  await small.ready(topic);
  expect(() => small.send(topic, 0, null, 'x'.repeat(60_000), null, null, null)).toThrow(
    /RECORD_TOO_LARGE.*60\d\d\d bytes.*max\.request\.size \(50000 bytes\)/,
  );

  const values = Array.from({ length: 200 }, (_, i) => (i === 120 ? 'x'.repeat(30_000) : `${i} ${'.'.repeat(500)}`));
  const outcomes = await sendAll(
    small,
    topic,
    values.map((value) => ({ value })),
  );
  const failed = outcomes.filter(({ error }) => error);
  expect(failed.map(({ index, error }) => [index, nameOf(error)])).toEqual([[120, 'MESSAGE_TOO_LARGE']]);
  expect(failed[0]?.error?.message).toContain(topic);
  expect(failed[0]?.error?.message).toContain('max.message.bytes');
  expect((await fetchAll(kafka, topic, 199)).map(({ value }) => String(value))).toEqual(values.filter((_, i) => i !== 120));
});

test('topics and partitions that are not there', async () => {
  const made = producer();
  await expect(made.ready('not a topic!')).rejects.toMatchObject({
    kafkaName: 'INVALID_TOPIC_EXCEPTION',
    message: expect.stringContaining('not a topic!'),
  });
  expect(() => made.send('not a topic!', null, null, 'v', null, null, null)).toThrow(/not a topic!/);

  const topic = await newTopic(2);
  await made.ready(topic);
  expect(made.partitionCount(topic)).toBe(2);
  expect(made.send(topic, 2, null, 'v', null, null, null)).toBe(false);
  await made.ready(topic);
  expect(() => made.send(topic, 2, null, 'v', null, null, null)).toThrow(`topic "${topic}" has no partition 2 (it has 2)`);

  await growTopic(kafka, topic, 3);
  const outcomes = await sendAll(made, topic, numbered(1), () => 2);
  expect(outcomes).toMatchObject([{ error: null, partition: 2, offset: 0n }]);
});

test('a topic that the broker may create is created when it is needed', async () => {
  const topic = uniqueName('made-on-demand');
  onTestFinished(() => kafka.admin().deleteTopics([topic]));
  const outcomes = await sendAll(producer(), topic, numbered(3));
  expect(outcomes.map(({ error }) => error)).toEqual([null, null, null]);
  expect((await fetchAll(kafka, topic, 3)).length).toBe(3);
});

// ---- memory and the end

describe('buffer.memory', () => {
  test('bounds what is held, and makes senders wait', async () => {
    const topic = await newTopic(6);
    const bufferMemoryBytes = 1 << 20;
    const made = producer({ bufferMemoryBytes });
    const value = 'x'.repeat(1000);
    let [waits, peakBytes, failures] = [0, 0, 0];
    for (let i = 0; i < 40_000; i++) {
      while (!made.send(topic, null, null, value, null, null, (error) => error && failures++)) {
        waits++;
        peakBytes = Math.max(peakBytes, made.stats.bufferedBytes);
        await made.ready(topic);
      }
    }
    await made.flush();
    expect(waits).toBeGreaterThan(20);
    expect(peakBytes).toBeGreaterThan(bufferMemoryBytes / 2);
    expect(peakBytes).toBeLessThanOrEqual(bufferMemoryBytes);
    expect(made.stats).toMatchObject({ bufferedBytes: 0, inFlightRequests: 0, sentRecords: 40_000 });
    expect(failures).toBe(0);
  });

  test('is not left waiting for linger.ms when it is used up', async () => {
    const topic = await newTopic(4);
    const made = producer({ bufferMemoryBytes: 256 << 10, lingerMs: 60_000, batchSizeBytes: 1_000_000 });
    const startMs = performance.now();
    const outcomes = await sendAll(
      made,
      topic,
      Array.from({ length: 2000 }, () => ({ value: 'x'.repeat(1000) })),
      (i) => i % 4,
    );
    expect(performance.now() - startMs).toBeLessThan(10_000);
    expect(outcomes.filter(({ error }) => error === null).length).toBe(2000);
  });
});

test('linger.ms keeps a batch open; flush and close do not wait for it', async () => {
  const topic = await newTopic(1);
  const lazy = producer({ lingerMs: 60_000 });
  await lazy.ready(topic);
  let told = 0;
  const send = (value: string) => expect(lazy.send(topic, 0, null, value, null, null, () => told++)).toBe(true);
  const startMs = performance.now();
  for (let i = 0; i < 100; i++) send('flushed');
  await lazy.flush();
  expect(told).toBe(100);
  for (let i = 0; i < 100; i++) send('closed');
  await lazy.close(10_000);
  expect(told).toBe(200);
  expect(performance.now() - startMs).toBeLessThan(5_000);
  expect(() => lazy.send(topic, 0, null, 'late', null, null, null)).toThrow('the producer is closed');
  await expect(lazy.ready(topic)).rejects.toMatchObject({ kafkaName: 'CLOSED' });
  expect((await fetchAll(kafka, topic, 200)).length).toBe(200);
});

test('linger.ms gathers what comes within it into one batch', async () => {
  const topic = await newTopic(1);
  const made = producer({ lingerMs: 400 });
  await made.ready(topic);
  let told = 0;
  const startMs = performance.now();
  for (let i = 0; i < 3; i++) {
    made.send(topic, 0, null, `${i}`, null, null, () => told++);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await waitUntil('all three are told', () => told === 3);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(390);
  const raw = kafka.fetcher({ isRaw: true });
  onTestFinished(() => raw.close());
  raw.assign([{ topic, partition: 0, offset: 'earliest' }]);
  expect((await raw.pollRaw(10_000)).map(({ recordCount }) => recordCount)).toEqual([3]);
});
