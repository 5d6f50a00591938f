/** The fetcher on real brokers; what it reads was written by the JVM's own clients. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { CompressionType, FetchedRecord, Fetcher, FetcherOptions, Kafka, OffsetSpec, RawBatch } from '../../src/kafka/contract.ts';
import { readBatchHeader } from '../../src/kafka/records/batch-header.ts';
import { createTopic, fetchAll, openKafka, type Properties, testBootstrap, topicForTest, uniqueName } from '../helpers/kafka-clients.ts';
import { type KafkaPeer, startKafkaPeer } from '../helpers/kafka-peer.ts';
import { contentOf, numbered, plainRecord, RECORDS_OF_EVERY_KIND, type TestRecord } from '../helpers/kafka-records.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let kafka: Kafka;
let jvm: KafkaPeer;

beforeAll(async () => {
  kafka = openKafka('consumer').kafka;
  jvm = await startKafkaPeer(testBootstrap());
});
afterAll(async () => {
  await jvm?.close();
  await kafka.close();
});

const newTopic = (partitions: number, configs: Properties = {}, replicationFactor = 1) =>
  topicForTest(kafka, 'fetched', { partitions, replicationFactor, configs });

/** Reads partitions 0 to `partitions` − 1 from `offset` on. */
function fetcherOf(topic: string, offset: OffsetSpec, options: Partial<FetcherOptions> = {}, partitions = 1): Fetcher {
  const fetcher = kafka.fetcher(options);
  onTestFinished(() => fetcher.close());
  fetcher.assign(Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset })));
  return fetcher;
}

const write = (topic: string, records: readonly TestRecord[], config: Properties = {}, partition = 0) =>
  jvm.produce(
    config,
    records.map((record) => ({ topic, partition, ...record })),
  );

async function take(fetcher: Fetcher, count: number): Promise<FetchedRecord[]> {
  const records: FetchedRecord[] = [];
  await waitUntil(
    () => `${count} records, of which ${records.length} have come`,
    async () => {
      records.push(...(await fetcher.poll(200)));
      return records.length >= count;
    },
  );
  return records;
}

const valuesOf = (records: readonly FetchedRecord[]) => records.map(({ value }) => value?.toString() ?? null);
const offsetsOf = (records: readonly FetchedRecord[]) => records.map(({ offset }) => Number(offset));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

// ---- what is read

describe.each<CompressionType>(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('%s', (compression) => {
  const config = { 'compression.type': compression, 'batch.size': '100000', 'linger.ms': '20' };

  test('each record as the JVM wrote it, in whatever portions', async () => {
    const topic = await newTopic(1);
    await write(topic, RECORDS_OF_EVERY_KIND, config);
    for (const maxPollRecords of [1000, 7]) {
      const records = await take(fetcherOf(topic, 'earliest', { maxPollRecords }), RECORDS_OF_EVERY_KIND.length);
      expect(records.map(contentOf)).toEqual(RECORDS_OF_EVERY_KIND.map(contentOf));
      expect(offsetsOf(records)).toEqual(range(0, RECORDS_OF_EVERY_KIND.length));
      expect(new Set(records.map(({ timestampType }) => timestampType))).toEqual(new Set(['CreateTime']));
    }
  });

  test('whole batches, from the middle of one on, are the same in another topic', async () => {
    const [topic, copy] = [await newTopic(1), await newTopic(1)];
    await write(topic, RECORDS_OF_EVERY_KIND, config);
    const start = 4;
    const fetcher = fetcherOf(topic, BigInt(start), { isRaw: true, maxPollRecords: 10 });
    const producer = kafka.producer();
    onTestFinished(() => producer.close(0));
    const batches: RawBatch[] = [];
    for (let next = start; next < RECORDS_OF_EVERY_KIND.length; ) {
      for (const batch of await fetcher.pollRaw(10_000)) {
        expect([Number(batch.baseOffset), batch.recordCount]).toEqual([next, Number(batch.lastOffset) + 1 - next]);
        expect(readBatchHeader(batch.batch, 0)).toMatchObject({ compression, count: batch.recordCount });
        expect((await producer.sendRaw(copy, 0, batch.batch)).baseOffset).toBe(BigInt(next - start));
        next += batch.recordCount;
        batches.push(batch);
      }
    }
    expect(batches.length).toBeGreaterThan(1);
    const copied = await jvm.consume({}, copy, RECORDS_OF_EVERY_KIND.length - start);
    expect(copied.map(contentOf)).toEqual(RECORDS_OF_EVERY_KIND.slice(start).map(contentOf));
  });
});

test.each(['none', 'zstd'])('a topic that stamps records itself (%s): the times are those that the JVM reads', async (compression) => {
  const topic = await newTopic(1, { 'message.timestamp.type': 'LogAppendTime' });
  await write(
    topic,
    [
      { value: 'a', timestampMs: 5 },
      { value: 'b', timestampMs: 6 },
    ],
    { 'compression.type': compression },
  );
  const [ours, theirs] = [await take(fetcherOf(topic, 'earliest'), 2), await jvm.consume({}, topic, 2)];
  expect(ours.map(plainRecord)).toEqual(theirs.map((record) => ({ ...record, headers: null })));
  for (const { timestampType, timestampMs } of ours) {
    expect(timestampType).toBe('LogAppendTime');
    expect(Math.abs(Date.now() - timestampMs)).toBeLessThan(60_000);
  }
});

// ---- from where

test('starts and seeks by offset, at both ends, and by time', async () => {
  const topic = await newTopic(1);
  const one = { topic, partition: 0 };
  await write(
    topic,
    range(0, 10).map((i) => ({ value: `${i}`, timestampMs: 1_000_000 + i * 100 })),
  );
  const fetcher = fetcherOf(topic, 3n);
  expect(fetcher.position(one)).toBe(3n);
  expect(offsetsOf(await take(fetcher, 7))).toEqual(range(3, 10));
  expect([fetcher.position(one), fetcher.endOffset(one)]).toEqual([10n, 10n]);
  const from = async (spec: OffsetSpec) => {
    fetcher.seek(one, spec);
    return offsetsOf(await take(fetcher, 1))[0];
  };
  expect(await from('earliest')).toBe(0);
  expect(await from(9n)).toBe(9);
  expect(await from({ timestampMs: 0 })).toBe(0);
  expect(await from({ timestampMs: 1_000_400 })).toBe(4);
  expect(await from({ timestampMs: 1_000_401 })).toBe(5);
  for (const end of ['latest', { timestampMs: 1_000_901 }] as const) {
    fetcher.seek(one, end);
    await waitUntil('the end to be found', async () => (await fetcher.poll(50)).length === 0 && fetcher.position(one) !== null);
    const position = fetcher.position(one);
    await write(topic, [{ value: 'late', timestampMs: 1_000_001 }]);
    expect(offsetsOf(await take(fetcher, 1))).toEqual([Number(position)]);
  }
  expect(fetcher.position(one)).toBe(12n);
  expect(() => fetcher.seek({ topic, partition: 1 }, 0n)).toThrow(`topic "${topic}" partition 1 is not assigned`);
});

test('a paused partition keeps its place while the others go on; what is taken away is not read any more', async () => {
  const topic = await newTopic(3);
  for (const partition of range(0, 3)) await write(topic, numbered(100), {}, partition);
  const fetcher = fetcherOf(topic, 'earliest', { maxPollRecords: 10 }, 3);
  const paused = { topic, partition: 1 };
  const seen: FetchedRecord[] = [];
  const readUntil = async (count: number) => {
    while (seen.length < count) seen.push(...(await fetcher.poll(5000)));
  };
  await readUntil(60);
  fetcher.pause([paused]);
  expect(fetcher.paused()).toEqual([paused]);
  const before = seen.filter(({ partition }) => partition === 1).length;
  await readUntil(200 + before);
  expect(await fetcher.poll(300)).toEqual([]);
  expect(fetcher.position(paused)).toBe(BigInt(before));
  await write(topic, numbered(100, 100), {}, 1);
  fetcher.remove([{ topic, partition: 0 }]);
  fetcher.resume([paused]);
  await write(topic, numbered(1, 100), {}, 0);
  await write(topic, numbered(1, 100), {}, 2);
  await readUntil(401);
  expect(await fetcher.poll(300)).toEqual([]);
  for (const [partition, count] of [100, 200, 101].entries())
    expect(offsetsOf(seen.filter((one) => one.partition === partition))).toEqual(range(0, count));
  expect(fetcher.assignment().map(({ partition }) => partition)).toEqual([1, 2]);
});

test('a poll ends at once when it is woken up, and takes no more than it may', async () => {
  const topic = await newTopic(1);
  const fetcher = fetcherOf(topic, 'earliest', { maxPollRecords: 3 });
  const startMs = performance.now();
  setTimeout(() => fetcher.wakeup(), 20);
  expect(await fetcher.poll(60_000)).toEqual([]);
  expect(await fetcher.poll(60_000, AbortSignal.timeout(20))).toEqual([]);
  expect(performance.now() - startMs).toBeLessThan(10_000);
  await write(topic, numbered(8));
  for (const count of [3, 3, 2]) expect((await fetcher.poll(10_000)).length).toBe(count);
});

// ---- transactions

test('transactions: only what is committed, or everything but the markers', async () => {
  const topic = await newTopic(1);
  const one = { topic, partition: 0 };
  const [left, right] = [{ 'transactional.id': uniqueName('left') }, { 'transactional.id': uniqueName('right') }];
  const put = (config: Properties, values: string[], end?: 'commit' | 'abort' | 'leave open') =>
    jvm.produce(
      config,
      values.map((value) => ({ topic, partition: 0, value })),
      end,
    );
  await put(left, ['committed 1', 'committed 2']);
  await put({}, ['plain 1']);
  await put(left, ['aborted 1', 'aborted 2'], 'leave open');
  await put(right, ['between'], 'commit');
  await put(left, ['aborted 3'], 'abort');
  await put(left, ['committed 3'], 'commit');
  await put({}, ['plain 2']);
  await put(right, ['open 1'], 'leave open');
  await put({}, ['plain 3']);

  const committed = ['committed 1', 'committed 2', 'plain 1', 'between', 'committed 3', 'plain 2'];
  const all = [
    'committed 1',
    'committed 2',
    'plain 1',
    'aborted 1',
    'aborted 2',
    'between',
    'aborted 3',
    'committed 3',
    'plain 2',
    'open 1',
    'plain 3',
  ];
  const careful = fetcherOf(topic, 'earliest', { isolationLevel: 'read_committed', maxPollRecords: 2 });
  const eager = fetcherOf(topic, 'earliest', { isolationLevel: 'read_uncommitted' });
  const seen = await take(careful, committed.length);
  expect(valuesOf(seen)).toEqual(committed);
  expect(seen.map(plainRecord)).toEqual(
    (await jvm.consume({ 'isolation.level': 'read_committed' }, topic, committed.length)).map((record) => ({ ...record, headers: null })),
  );
  expect(await careful.poll(300)).toEqual([]);
  const everything = await take(eager, all.length);
  expect(valuesOf(everything)).toEqual(all);
  const open = everything.find(({ value }) => value?.toString() === 'open 1')?.offset;
  expect([careful.position(one), careful.endOffset(one)]).toEqual([open, open]);

  await put(right, ['open 2'], 'commit');
  expect(valuesOf(await take(careful, 3))).toEqual(['open 1', 'plain 3', 'open 2']);
  expect(valuesOf(await take(eager, 1))).toEqual(['open 2']);
  // Nobody but the markers is at the end; the places are behind them.
  await waitUntil('both to be at the end', async () => {
    await Promise.all([careful.poll(50), eager.poll(50)]);
    return careful.position(one) === careful.endOffset(one) && eager.position(one) === careful.position(one);
  });
  const raw = fetcherOf(topic, 'earliest', { isRaw: true, isolationLevel: 'read_committed' });
  let count = 0;
  while (count < committed.length + 3) {
    for (const { batch, recordCount } of await raw.pollRaw(5000)) {
      expect(readBatchHeader(batch, 0)).toMatchObject({ isControl: false });
      count += recordCount;
    }
  }
  expect(count).toBe(committed.length + 3);
});

// ---- offsets that are not there

describe('OFFSET_OUT_OF_RANGE', () => {
  /** Offsets 6 to 9 are left. */
  async function cutTopic(): Promise<string> {
    const topic = await newTopic(1);
    await write(topic, numbered(10));
    await kafka.admin().deleteRecords([{ topic, partition: 0, offset: 6n }]);
    return topic;
  }

  test.each([2n, 5n, 100n])('offset %d, earliest: goes on with the first that is there', async (offset) => {
    expect(offsetsOf(await take(fetcherOf(await cutTopic(), offset, { autoOffsetReset: 'earliest' }), 4))).toEqual([6, 7, 8, 9]);
  });

  test.each([2n, 100n])('offset %d, latest: goes on with what comes', async (offset) => {
    const topic = await cutTopic();
    const fetcher = fetcherOf(topic, offset, { autoOffsetReset: 'latest' });
    await waitUntil('the end to be found', async () => {
      expect(await fetcher.poll(50)).toEqual([]);
      return fetcher.position({ topic, partition: 0 }) === 10n;
    });
    await write(topic, numbered(2));
    expect(offsetsOf(await take(fetcher, 2))).toEqual([10, 11]);
  });

  test.each([2n, 100n])('offset %d, none: is said, with the partition; another place can be chosen', async (offset) => {
    const topic = await cutTopic();
    const fetcher = fetcherOf(topic, offset, { autoOffsetReset: 'none' });
    await expect(fetcher.poll(10_000)).rejects.toMatchObject({
      kafkaName: 'OFFSET_OUT_OF_RANGE',
      message: expect.stringMatching(new RegExp(`${topic}.*partition 0.*offset ${offset}.*auto\\.offset\\.reset`)),
    });
    fetcher.seek({ topic, partition: 0 }, 8n);
    expect(offsetsOf(await take(fetcher, 2))).toEqual([8, 9]);
  });

  test('records deleted under a reader: what it has is handed out, then it goes on behind the gap', async () => {
    const topic = await newTopic(1);
    await write(
      topic,
      numbered(400).map(({ value }) => ({ value: `${value}`.padEnd(1000, '.') })),
      { 'batch.size': '1000' },
    );
    const fetcher = fetcherOf(topic, 'earliest', { maxPollRecords: 10, maxBytes: 20_000, maxPartitionBytes: 20_000 });
    const seen = offsetsOf(await take(fetcher, 10));
    await kafka.admin().deleteRecords([{ topic, partition: 0, offset: 300n }]);
    while (seen.at(-1) !== 399) seen.push(...offsetsOf(await fetcher.poll(5000)));
    const gap = seen.findIndex((offset) => offset >= 300);
    expect(seen).toEqual([...range(0, gap), ...range(300, 400)]);
    expect(gap).toBeLessThan(100);
  });
});

// ---- what happens to topics

test('leaders move while it reads: every record once, in order', async () => {
  const [{ brokers }, topic] = [await kafka.admin().cluster(), await newTopic(2, {}, 3)];
  const ids = brokers.map(({ id }) => id);
  const producer = kafka.producer();
  onTestFinished(() => producer.close(0));
  const fetcher = fetcherOf(topic, 'earliest', {}, 2);
  const seen: FetchedRecord[] = [];
  let [sent, failures, isMoving] = [0, 0, true];
  const sending = (async () => {
    while (isMoving) {
      const isTaken = producer.send(topic, sent % 2, null, `${sent}`, null, null, (error) => error && failures++);
      if (isTaken) sent++;
      else await producer.ready(topic);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await producer.flush();
  })();
  const moving = (async () => {
    for (const turn of [1, 2, 0]) {
      await jvm.move(topic, 0, [...ids.slice(turn), ...ids.slice(0, turn)]);
      await waitUntil(`broker ${ids[turn]} leads`, async () => {
        const [found] = await kafka.admin().topics([topic]);
        return found?.partitions[0]?.leader === ids[turn];
      });
    }
  })().finally(() => {
    isMoving = false;
  });
  while (isMoving) seen.push(...(await fetcher.poll(100)));
  await Promise.all([sending, moving]);
  while (seen.length < sent) seen.push(...(await fetcher.poll(10_000)));
  expect(failures).toBe(0);
  for (const partition of [0, 1])
    expect(valuesOf(seen.filter((one) => one.partition === partition)).map(Number)).toEqual(
      range(0, sent).filter((i) => i % 2 === partition),
    );
});

test('a record larger than fetch.max.bytes and max.partition.fetch.bytes comes all the same, and so does what is behind it', async () => {
  const topic = await newTopic(2, { 'max.message.bytes': '5000000' });
  const large = Buffer.alloc(3_000_000, 'large ');
  for (const partition of [0, 1])
    await write(
      topic,
      [{ value: 'before' }, { value: large }, { value: 'behind' }],
      { 'max.request.size': '5000000', 'linger.ms': '0' },
      partition,
    );
  const fetcher = fetcherOf(topic, 'earliest', { maxBytes: 1000, maxPartitionBytes: 500 }, 2);
  const records = await take(fetcher, 6);
  for (const partition of [0, 1]) {
    const own = records.filter((one) => one.partition === partition);
    expect(own.map(({ value }) => value?.length)).toEqual([6, 3_000_000, 6]);
    expect(own[1]?.value?.equals(large)).toBe(true);
  }
});

test('a compacted topic: the records that are left, over the gaps', async () => {
  const topic = await newTopic(1, {
    'cleanup.policy': 'compact',
    'segment.ms': '100',
    'min.cleanable.dirty.ratio': '0.001',
    'max.compaction.lag.ms': '200',
  });
  const keyed = (from: number) => range(from, from + 200).map((i) => ({ key: `k${i % 10}`, value: `${i}` }));
  await write(topic, keyed(0), { 'compression.type': 'lz4' });
  await write(topic, keyed(200));
  const end = fetcherOf(topic, 'latest');
  let last: FetchedRecord[] = [];
  // Only closed segments are compacted, and a segment closes when its partition is written to again.
  await waitUntil(
    () => `the broker to compact (${last.length} records now)`,
    async () => {
      const [written] = await write(topic, [{ key: 'turn the segment', value: 'x' }]);
      const fetcher = fetcherOf(topic, 'earliest', { maxPollRecords: 4 });
      last = [];
      while (last.at(-1)?.offset !== written?.offset) last.push(...(await fetcher.poll(5000)));
      return last.filter(({ key }) => key?.toString().startsWith('k')).length === 10;
    },
    90_000,
  );
  const kept = last.filter(({ key }) => key?.toString().startsWith('k'));
  expect(valuesOf(kept)).toEqual(range(390, 400).map(String));
  expect(offsetsOf(kept)).toEqual(range(390, 400));
  for (const from of [0n, 5n, 199n, 395n]) {
    const [first] = await take(fetcherOf(topic, from), 1);
    expect(first?.offset).toBe(from < 390n ? 390n : from);
  }
  expect(await end.poll(5000)).not.toEqual([]);
});

test('a topic deleted and made again under a reader: it reads the new one', async () => {
  const topic = await newTopic(1);
  await write(topic, numbered(50));
  const fetcher = fetcherOf(topic, 'earliest');
  await take(fetcher, 50);
  await kafka.admin().deleteTopics([topic]);
  expect(await fetcher.poll(300)).toEqual([]);
  await createTopic(kafka, { name: topic, partitions: 1, replicationFactor: 1 });
  await write(topic, numbered(5, 1000));
  expect(valuesOf(await take(fetcher, 5))).toEqual(['1000', '1001', '1002', '1003', '1004']);
  await write(topic, numbered(5, 1005));
  expect(offsetsOf(await take(fetcher, 5))).toEqual(range(5, 10));
  expect((await fetchAll(kafka, topic, 10)).length).toBe(10);
});

test('a topic that is not there yet is read from its start once it is', async () => {
  const topic = uniqueName('later');
  const fetcher = fetcherOf(topic, 'earliest');
  expect(await fetcher.poll(300)).toEqual([]);
  await kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
  onTestFinished(() => kafka.admin().deleteTopics([topic]));
  await write(topic, numbered(3));
  expect(offsetsOf(await take(fetcher, 3))).toEqual([0, 1, 2]);
});
