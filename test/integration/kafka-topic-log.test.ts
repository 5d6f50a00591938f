import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { FetchedRecord, Kafka, TopicLog } from '../../src/kafka/contract.ts';
import { growTopic, openKafka, topicForTest, uniqueName } from '../helpers/kafka-clients.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let kafka: Kafka;

beforeAll(() => {
  kafka = openKafka('admin').kafka;
});
afterAll(async () => {
  await kafka.close();
});

function compactedTopic(partitions: number, configs: Record<string, string> = {}): Promise<string> {
  return topicForTest(kafka, 'log', { partitions, replicationFactor: -1, configs: { 'cleanup.policy': 'compact', ...configs } });
}

interface Opened {
  readonly log: TopicLog;
  readonly records: FetchedRecord[];
  /** Newest value by key, `null`s taken out. */
  readonly state: Map<string, string>;
  readonly errors: Error[];
}

function open(topic: string, client = kafka): Opened {
  const records: FetchedRecord[] = [];
  const state = new Map<string, string>();
  const errors: Error[] = [];
  const log = client.topicLog({
    topic,
    onRecord: (record) => {
      records.push(record);
      const key = record.key?.toString() ?? '';
      if (record.value === null) state.delete(key);
      else state.set(key, record.value.toString());
    },
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => log.stop());
  return { log, records, state, errors };
}

test('an empty log starts at once, follows what is written, and reads to the end', async () => {
  const topic = await compactedTopic(1);
  const writer = open(topic);
  const reader = open(topic);
  await Promise.all([writer.log.start(), reader.log.start()]);
  expect([writer.log.partitionCount, reader.records.length]).toEqual([1, 0]);
  await writer.log.send('connector-a', '{"x":1}');
  await reader.log.readToEnd();
  expect(reader.state).toEqual(new Map([['connector-a', '{"x":1}']]));
  const place = await writer.log.send('connector-b', '{"x":2}');
  expect(place).toEqual({ partition: 0, offset: 1n });
  await reader.log.readPast(place);
  expect(reader.state.get('connector-b')).toBe('{"x":2}');
  const writes = Array.from({ length: 500 }, (_, i) => writer.log.send('same', `${i}`));
  await Promise.all(writes);
  await waitUntil('the reader to follow by itself', () => reader.records.length === 502 || reader.records.length);
  expect(reader.records.slice(2).map(({ value }) => Number(value))).toEqual(Array.from({ length: 500 }, (_, i) => i));
  const startMs = performance.now();
  await Promise.all([reader.log.readToEnd(), reader.log.readToEnd()]);
  expect(performance.now() - startMs).toBeLessThan(500);
});

test('10,000 keys with tombstones are the same before and after compaction', async () => {
  const topic = await compactedTopic(3, {
    'segment.ms': '100',
    'min.cleanable.dirty.ratio': '0.001',
    'max.compaction.lag.ms': '200',
    'delete.retention.ms': '100',
  });
  const { log, state, records } = open(topic);
  await log.start();
  const writes: Promise<unknown>[] = [];
  for (let i = 0; i < 10_000; i++) writes.push(log.send(`k${i}`, `first ${i}`));
  for (let i = 0; i < 10_000; i += 2) writes.push(log.send(`k${i}`, i % 4 === 0 ? null : `second ${i}`));
  await Promise.all(writes);
  await log.readToEnd();
  expect(records.length).toBe(15_000);
  expect(state.size).toBe(7_500);
  const before = new Map(state);
  // Only closed segments are compacted, and a segment closes when its partition is written to again: some keys reach every partition.
  const turns = Array.from({ length: 12 }, (_, i) => `turn the segment ${i}`);
  const read = async () => {
    await Promise.all(turns.map((key) => log.send(key, `${performance.now()}`)));
    const again = open(topic);
    const startMs = performance.now();
    await again.log.start();
    const ms = performance.now() - startMs;
    await again.log.stop();
    for (const key of turns) again.state.delete(key);
    expect(again.errors).toEqual([]);
    return { ...again, ms };
  };
  expect((await read()).state).toEqual(before);
  let last = 15_000;
  await waitUntil(
    () => `the broker to compact (${last} records now)`,
    async () => {
      const after = await read();
      expect(after.state).toEqual(before);
      last = after.records.length;
      return last < 12_000 || last;
    },
    90_000,
  );
});

test('of many who read to the end at once each finds what was written before it asked', async () => {
  const topic = await compactedTopic(3);
  const writer = open(topic);
  const reader = open(topic);
  await Promise.all([writer.log.start(), reader.log.start()]);
  const missing: string[] = [];
  const work = Array.from({ length: 20 }, async (_, worker) => {
    for (let i = 0; i < 15; i++) {
      await writer.log.send(`k${worker}`, `${i}`);
      await reader.log.readToEnd();
      if (reader.state.get(`k${worker}`) !== `${i}`) missing.push(`${worker}: ${i}`);
    }
  });
  await Promise.all(work);
  expect([missing, reader.records.length]).toEqual([[], 300]);
});

test('new partitions are read from their start', async () => {
  const topic = await compactedTopic(1);
  const client = openKafka('admin', { 'metadata.max.age.ms': '500' }).kafka;
  onTestFinished(() => client.close());
  const { log, records } = open(topic, client);
  await log.start();
  await growTopic(kafka, topic, 3);
  const writer = open(topic);
  await writer.log.start();
  expect(writer.log.partitionCount).toBe(3);
  for (let i = 0; i < 30; i++) await writer.log.send(`k${i}`, 'v');
  await waitUntil('all 30', async () => {
    await log.readToEnd();
    return records.length === 30 || records.length;
  });
  expect(log.partitionCount).toBe(3);
});

test('a topic that is not there, a record that is too large and a stopped log are said', async () => {
  const client = openKafka('admin', { 'default.api.timeout.ms': '2000' }).kafka;
  onTestFinished(() => client.close());
  const missing = open(uniqueName('missing'), client);
  await expect(missing.log.start()).rejects.toMatchObject({ kafkaName: 'UNKNOWN_TOPIC_OR_PARTITION' });

  const topic = await compactedTopic(1, { 'max.message.bytes': '2000' });
  const { log, state } = open(topic);
  await log.start();
  await expect(log.send('large', 'x'.repeat(5_000))).rejects.toMatchObject({ kafkaName: 'MESSAGE_TOO_LARGE' });
  await log.send('small', 'x');
  await log.readToEnd();
  expect([...state.keys()]).toEqual(['small']);
  await log.stop();
  await expect(log.send('k', 'v')).rejects.toMatchObject({ kafkaName: 'CLOSED' });
  await expect(log.readToEnd()).rejects.toMatchObject({ kafkaName: 'CLOSED' });
});

test('an error of the receiver is told and does not end the log', async () => {
  const topic = await compactedTopic(1);
  const errors: Error[] = [];
  const keys: string[] = [];
  const log = kafka.topicLog({
    topic,
    onRecord: ({ key, offset }) => {
      if (offset === 0n) throw new Error('no JSON');
      keys.push(`${key}`);
    },
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => log.stop());
  await log.start();
  await log.send('a', 'v');
  await log.send('b', 'v');
  await log.readToEnd();
  expect(keys).toEqual(['b']);
  expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(/offset 0.*no JSON/)]);
});
