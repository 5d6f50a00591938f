/** Tails on real brokers: what they count, where they begin, what they read, and that nobody is told of it. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { TailRecord } from '../../src/cluster/record-ring.ts';
import { Tail, type TailOptions } from '../../src/cluster/tail.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import { openKafka, type Properties, testBootstrap, topicForTest, uniqueName } from '../helpers/kafka-clients.ts';
import { type KafkaPeer, startKafkaPeer } from '../helpers/kafka-peer.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let kafka: Kafka;
let jvm: KafkaPeer;
const CLIENT = uniqueName('tailing');

beforeAll(async () => {
  kafka = openKafka('consumer', { 'client.id': CLIENT }).kafka;
  jvm = await startKafkaPeer(testBootstrap());
});
afterAll(async () => {
  await jvm?.close();
  await kafka.close();
});

const newTopic = (partitions: number) => topicForTest(kafka, 'tail', { partitions, replicationFactor: 1 });

function tailOf(topics: readonly string[], more: Partial<TailOptions> = {}): Tail {
  const tail = new Tail({ kafka, topics, partitions: null, start: 'beginning', onChange: () => undefined, ...more });
  onTestFinished(() => tail.close());
  tail.start();
  return tail;
}

const records = (tail: Tail): TailRecord[] =>
  Array.from({ length: tail.ring.length }, (_, i) => tail.ring.get(tail.ring.firstSequence + i)!).sort(
    (a, b) => a.partition - b.partition || Number(a.offset - b.offset),
  );
const values = (tail: Tail) => records(tail).map((record) => record.value?.toString() ?? null);
const received = (tail: Tail, count: number) =>
  waitUntil(
    () => `${count} records, ${tail.status().received} have come`,
    () => tail.status().received === count,
  );
const atEnd = (tail: Tail) => waitUntil('it is at the end', () => tail.status().behind === 0n);
const put = (topic: string, some: readonly (string | null)[], config: Properties = {}, partition = 0) =>
  jvm.produce(
    config,
    some.map((value) => ({ topic, partition, value })),
  );
const numbered = (count: number, word: string) => Array.from({ length: count }, (_, i) => `${word}-${i}`);

test('every record is counted once: kept or dropped, in every compression', async () => {
  const topic = await newTopic(5);
  const kinds = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
  for (const [partition, kind] of kinds.entries())
    await put(
      topic,
      numbered(1_000, `${kind} 한글 ${'x'.repeat(100)}`),
      { 'compression.type': kind, 'batch.size': '4096', 'linger.ms': '20' },
      partition,
    );
  const whole = tailOf([topic]);
  await received(whole, 5_000);
  expect(whole.status()).toMatchObject({ kept: 5_000, dropped: 0, undecodable: 0, partitionCount: 5, notes: [] });
  expect(whole.ring.decoded).toBe(0);
  expect(new Set(values(whole)).size).toBe(5_000);
  expect(whole.ring.decoded).toBe(5_000);
  expect(new Set(records(whole).map((record) => record.batch?.compression))).toEqual(new Set(kinds));

  const small = tailOf([topic], { limitBytes: 50_000 });
  await received(small, 5_000);
  const { kept, dropped } = small.status();
  expect(kept + dropped).toBe(5_000);
  expect(dropped).toBeGreaterThan(0);
  expect(kept).toBe(records(small).length);
});

test('begins at the last, an offset, a time, the end; some partitions of several topics', async () => {
  const [one, two] = [await newTopic(3), await newTopic(3)];
  for (const partition of [0, 1, 2]) await put(one, numbered(10, `p${partition}`), {}, partition);
  const betweenMs = Date.now();
  await put(two, ['early'], {}, 1);

  const last = tailOf([one], { start: { last: 6 } });
  await received(last, 6);
  expect(values(last)).toEqual(['p0-8', 'p0-9', 'p1-8', 'p1-9', 'p2-8', 'p2-9']);

  const middle = tailOf([one, two], { start: { offset: 7n }, partitions: [1] });
  await received(middle, 3);
  await atEnd(middle);
  expect(values(middle)).toEqual(['p1-7', 'p1-8', 'p1-9']);
  expect(middle.status().notes).toEqual(['offset 7 is out of range: p1 ends at 1; read from there']);

  const since = tailOf([one, two], { start: { timestampMs: betweenMs } });
  await received(since, 1);
  await atEnd(since);
  expect(values(since)).toEqual(['early']);

  const end = tailOf([two], { start: 'end' });
  await atEnd(end);
  await put(two, ['late'], {}, 2);
  await received(end, 1);
  expect(values(end)).toEqual(['late']);
});

test('what is not there is said in a line, and the rest goes on', async () => {
  const topic = await newTopic(1);
  const empty = tailOf([topic]);
  await atEnd(empty);
  expect(empty.status()).toMatchObject({ isEmpty: true, received: 0, error: null });
  const [gone, later] = [uniqueName('missing'), tailOf([uniqueName('nowhere')])];
  const part = tailOf([topic, gone], { partitions: [0, 9] });
  await put(topic, ['here']);
  await received(part, 1);
  expect(part.status().notes).toEqual([
    `there is no topic ${gone}; it is looked for again`,
    `${topic} has no partition 9: it has 1 partition, from 0 on`,
  ]);
  await waitUntil('it says that there is none', () => later.status().error?.startsWith('there is no topic') === true);
  expect((await kafka.admin().topics()).map((info) => info.name)).not.toContain(gone);
});

test('bytes stay as they are: control characters, Korean, no text at all, tombstones, headers', async () => {
  const topic = await newTopic(1);
  const evil = '\x1b[31mred\x07\u202e한글\u0000';
  const producer = kafka.producer();
  await producer.ready(topic);
  const binary = Buffer.from([0, 0xff, 0xfe, 0x80]);
  const headers = [
    { key: '헤더', value: Buffer.from('값') },
    { key: 'none', value: null },
  ];
  for (const [key, value] of [
    [evil, evil],
    ['bin', binary],
    ['gone', null],
  ] as const)
    producer.send(topic, 0, key, value, headers, 1_000, null);
  await producer.flush();
  await producer.close(1_000);
  const tail = tailOf([topic]);
  await received(tail, 3);
  const [text, bytes, tombstone] = records(tail);
  expect([text!.key?.toString(), text!.value?.toString(), text!.timestampMs]).toEqual([evil, evil, 1_000]);
  expect(bytes!.value).toEqual(binary);
  expect(tombstone!.value).toBeNull();
  expect(text!.headers?.map(({ key, value }) => [key, value && Buffer.from(value).toString()])).toEqual([
    ['헤더', '값'],
    ['none', null],
  ]);
  expect(text!.batch).toMatchObject({ count: 3, isTransactional: false });
});

test('transactions: what is aborted shows unless only what is committed is asked for', async () => {
  const topic = await newTopic(1);
  const config = { 'transactional.id': uniqueName('tx') };
  const inTransaction = (value: string, end: 'commit' | 'abort') => jvm.produce(config, [{ topic, partition: 0, value }], end);
  await inTransaction('kept', 'commit');
  await inTransaction('aborted', 'abort');
  await put(topic, ['plain']);
  const all = tailOf([topic]);
  await received(all, 3);
  expect(records(all).map((record) => record.batch?.isTransactional)).toEqual([true, true, false]);
  const committed = tailOf([topic], { isolation: 'read_committed' });
  await received(committed, 2);
  await atEnd(committed);
  expect(values(committed)).toEqual(['kept', 'plain']);
});

test('one that is bounded ends where the partitions ended, also behind the mark of a transaction, and keeps nothing later', async () => {
  const topic = await newTopic(2);
  await put(topic, numbered(10, 'before'));
  await jvm.produce({ 'transactional.id': uniqueName('tx') }, [{ topic, partition: 0, value: 'aborted' }], 'abort');
  const ended = (tail: Tail) => waitUntil('it has ended', () => tail.status().phase === 'ended');
  const tails = [tailOf([topic], { isBounded: true }), tailOf([topic], { isBounded: true, isolation: 'read_committed' })];
  await Promise.all(tails.map(ended));
  await put(topic, ['after'], {}, 1);
  const later = tailOf([topic], { isBounded: true, start: { last: 4 } });
  await ended(later);
  expect(tails.map((tail) => values(tail))).toEqual([[...numbered(10, 'before'), 'aborted'], numbered(10, 'before')]);
  expect(values(later)).toEqual(['aborted', 'after']);
  const empty = tailOf([await newTopic(1)], { isBounded: true });
  await ended(empty);
  expect(empty.status()).toMatchObject({ received: 0, error: null, notes: [] });
});

test('no group knows of it, and nothing was committed', async () => {
  const topic = await newTopic(2);
  await put(topic, numbered(10, 'x'));
  const tail = tailOf([topic]);
  await received(tail, 10);
  const admin = kafka.admin();
  const groups = (await admin.groups()).map((group) => group.groupId);
  const members = (await admin.describeGroups(groups)).flatMap((group) => group.members.map((member) => member.clientId));
  expect(members).not.toContain(CLIENT);
  expect(groups.filter((id) => id.includes(topic))).toEqual([]);
  for (const id of groups) expect((await admin.groupOffsets(id)).filter((one) => one.topic === topic)).toEqual([]);
});
