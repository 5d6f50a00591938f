/** Transactions on real brokers; who reads with read_committed is our fetcher and the JVM's consumer. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Kafka, ProducerOptions, TransactionalProducer } from '../../src/kafka/contract.ts';
import { KafkaError } from '../../src/kafka/kafka-error.ts';
import { createTopic, fetchAll, openKafka, testBootstrap, topicForTest, uniqueName } from '../helpers/kafka-clients.ts';
import { type KafkaPeer, startKafkaPeer } from '../helpers/kafka-peer.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let kafka: Kafka;
let jvm: KafkaPeer;
/** Opened first and looked at last: brokers look for such transactions every ten seconds. */
let hanging: { readonly topic: string; readonly producer: TransactionalProducer };

beforeAll(async () => {
  kafka = openKafka('producer').kafka;
  hanging = await openHanging();
  jvm = await startKafkaPeer(testBootstrap());
});
afterAll(async () => {
  await jvm?.close();
  await kafka.admin().deleteTopics([hanging.topic]);
  await kafka.close();
});

async function openHanging(): Promise<typeof hanging> {
  const topic = uniqueName('hanging');
  await createTopic(kafka, { name: topic, partitions: 1, replicationFactor: 3 });
  const producer = kafka.transactionalProducer(uniqueName('tx'), { transactionTimeoutMs: 1000 });
  await producer.initTransactions();
  producer.beginTransaction();
  await send(producer, topic, ['late']);
  await producer.flush();
  return { topic, producer };
}

const newTopic = (partitions = 3) => topicForTest(kafka, 'transactions', { partitions, replicationFactor: 3 });

function transactional(id: string, options: Partial<ProducerOptions> = {}): TransactionalProducer {
  const made = kafka.transactionalProducer(id, options);
  onTestFinished(() => made.close(0));
  return made;
}

async function opened(id: string, options: Partial<ProducerOptions> = {}): Promise<TransactionalProducer> {
  const producer = transactional(id, options);
  await producer.initTransactions();
  return producer;
}

/** One record a value, around the partitions; what failed is in the answer. */
async function send(producer: TransactionalProducer, topic: string, values: readonly string[]): Promise<Error[]> {
  const failures: Error[] = [];
  for (const [i, value] of values.entries()) {
    const partition = i % (producer.partitionCount(topic) ?? 1);
    const put = () => producer.send(topic, partition, null, value, null, null, (error) => error && failures.push(error));
    while (!put()) await producer.ready(topic);
  }
  return failures;
}

/** All that a reader of committed records is given before `last`, a value that was committed after all others. */
async function committed(topic: string, last: string): Promise<string[]> {
  const producer = await opened(uniqueName('last'));
  producer.beginTransaction();
  const partitions = (await kafka.admin().topics([topic]))[0]?.partitions.length ?? 0;
  await send(
    producer,
    topic,
    Array.from({ length: partitions }, () => last),
  );
  await producer.commitTransaction();
  await producer.close(0);
  const seen: string[] = [];
  const fetcher = kafka.fetcher({ isolationLevel: 'read_committed', autoOffsetReset: 'earliest' });
  onTestFinished(() => fetcher.close());
  fetcher.assign(Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 'earliest' as const })));
  await waitUntil('the last records are read', async () => {
    for (const record of await fetcher.poll(200)) seen.push(String(record.value));
    return seen.filter((value) => value === last).length === partitions;
  });
  return seen.filter((value) => value !== last).sort();
}

const nameOf = (error: unknown) => (error instanceof KafkaError ? error.kafkaName : String(error));
const faultOf = (promise: Promise<unknown>) => promise.then(() => 'none', nameOf);

describe('what readers of committed records see', () => {
  test('records of committed transactions only, each once and in order, on every partition', async () => {
    const topic = await newTopic();
    const producer = await opened(uniqueName('tx'));
    const expected: string[] = [];
    for (let round = 0; round < 6; round++) {
      const values = Array.from({ length: 30 }, (_, i) => `${round}-${i}`);
      producer.beginTransaction();
      const failures = await send(producer, topic, values);
      if (round % 2 === 1) {
        // Sometimes with everything acknowledged, sometimes with batches that never left.
        if (round === 3) await producer.flush();
        await producer.abortTransaction();
      } else {
        await producer.commitTransaction();
        expect(failures).toEqual([]);
        expected.push(...values);
      }
    }
    expect(await committed(topic, 'end')).toEqual(expected.sort());
    const theirs = await jvm.consume({ 'isolation.level': 'read_committed' }, topic, expected.length + 3);
    expect(
      theirs
        .map(({ value }) => String(value))
        .filter((value) => value !== 'end')
        .sort(),
    ).toEqual(expected.sort());
  });

  test('nothing before the commit, everything after it', async () => {
    const topic = await newTopic();
    const producer = await opened(uniqueName('tx'));
    const fetcher = kafka.fetcher({ isolationLevel: 'read_committed', autoOffsetReset: 'earliest' });
    onTestFinished(() => fetcher.close());
    fetcher.assign([0, 1, 2].map((partition) => ({ topic, partition, offset: 'earliest' as const })));
    producer.beginTransaction();
    await send(producer, topic, ['a', 'b', 'c']);
    await producer.flush();
    expect((await fetchAll(kafka, topic, 3)).length).toBe(3);
    expect(await fetcher.poll(500)).toEqual([]);
    await producer.commitTransaction();
    const seen: string[] = [];
    await waitUntil('the records are seen', async () => {
      seen.push(...(await fetcher.poll(200)).map(({ value }) => String(value)));
      return seen.length >= 3;
    });
    expect(seen.sort()).toEqual(['a', 'b', 'c']);
  });

  test('a transaction without records asks for nothing, and close aborts what is open', async () => {
    const topic = await newTopic();
    const id = uniqueName('tx');
    const producer = await opened(id);
    producer.beginTransaction();
    await producer.commitTransaction();
    producer.beginTransaction();
    await producer.abortTransaction();
    producer.beginTransaction();
    await send(producer, topic, ['lost']);
    await producer.flush();
    await producer.close(20_000);
    // Were it open still, this reader would wait for its timeout of a minute.
    expect(await committed(topic, 'end')).toEqual([]);
  });
});

describe('one producer a transactional id', () => {
  test('a second one fences the first, whose records never count', async () => {
    const topic = await newTopic();
    const id = uniqueName('tx');
    const first = await opened(id);
    first.beginTransaction();
    await send(first, topic, ['zombie']);
    await first.flush();
    const second = await opened(id);
    second.beginTransaction();
    await send(second, topic, ['heir']);
    await second.commitTransaction();
    expect(['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH']).toContain(await faultOf(first.commitTransaction()));
    expect(['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH']).toContain(await faultOf(first.abortTransaction()));
    expect(() => first.send(topic, 0, null, 'x', null, null, null)).toThrow(/has taken over/);
    expect(await committed(topic, 'end')).toEqual(['heir']);
  });

  test('a record of a fenced producer is refused by name', async () => {
    const topic = await newTopic();
    const id = uniqueName('tx');
    const first = await opened(id);
    await kafka.admin().fenceProducers([id, uniqueName('nobody')]);
    first.beginTransaction();
    const failures = await send(first, topic, ['zombie']);
    const fault = await first.commitTransaction().catch((error: unknown) => error);
    expect(String(fault)).toContain(`"${id}"`);
    expect(nameOf(fault)).toBe('PRODUCER_FENCED');
    expect(failures.map(nameOf)).toEqual(['PRODUCER_FENCED']);
    expect(await committed(topic, 'end')).toEqual([]);
  });

  test('we fence the JVM and the JVM fences us', async () => {
    const topic = await newTopic(1);
    const id = uniqueName('tx');
    await jvm.produce({ 'transactional.id': id }, [{ topic, partition: 0, value: 'theirs', timestampMs: 1 }], 'leave open');
    const ours = await opened(id);
    await expect(jvm.produce({ 'transactional.id': id }, [{ topic, partition: 0, value: 'zombie', timestampMs: 1 }])).rejects.toThrow(
      /Fenced|Epoch/,
    );
    ours.beginTransaction();
    await send(ours, topic, ['ours']);
    await ours.commitTransaction();
    const other = uniqueName('other');
    const held = await opened(other);
    held.beginTransaction();
    await send(held, topic, ['zombie too']);
    await held.flush();
    await jvm.produce({ 'transactional.id': other }, [{ topic, partition: 0, value: 'heir', timestampMs: 1 }]);
    expect(await faultOf(held.commitTransaction())).toBe('PRODUCER_FENCED');
    expect(await committed(topic, 'end')).toEqual(['heir', 'ours']);
  });
});

test('a record that is refused leaves only the abort; the next transaction is whole again', async () => {
  const topic = await topicForTest(kafka, 'small', { partitions: 1, replicationFactor: 3, configs: { 'max.message.bytes': '2000' } });
  const producer = await opened(uniqueName('tx'));
  producer.beginTransaction();
  const failures = await send(producer, topic, ['fits', 'x'.repeat(5000)]);
  await producer.flush();
  expect(failures.map(nameOf)).toContain('MESSAGE_TOO_LARGE');
  expect(() => producer.send(topic, 0, null, 'more', null, null, null)).toThrow(/only be aborted/);
  expect(await faultOf(producer.commitTransaction())).toBe('MESSAGE_TOO_LARGE');
  expect(() => producer.beginTransaction()).toThrow(/open already/);
  await producer.abortTransaction();
  producer.beginTransaction();
  await send(producer, topic, ['again']);
  await producer.commitTransaction();
  expect(await committed(topic, 'end')).toEqual(['again']);
});

test('a transaction that is open for too long is aborted by the brokers, and its producer says why', async () => {
  const { topic, producer } = hanging;
  const reader = kafka.fetcher({ isolationLevel: 'read_committed', autoOffsetReset: 'earliest' });
  onTestFinished(() => reader.close());
  reader.assign([{ topic, partition: 0, offset: 'earliest' }]);
  await waitUntil('the abort marker', async () => {
    await reader.poll(200);
    return (reader.position({ topic, partition: 0 }) ?? 0n) >= 2n;
  });
  const fault = await producer.commitTransaction().catch((error: unknown) => error);
  expect(String(fault)).toMatch(/PRODUCER_FENCED|INVALID_PRODUCER_EPOCH/);
  expect(String(fault)).toContain('transaction.timeout.ms');
});
