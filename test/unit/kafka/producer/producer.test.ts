/** The producer under faults that a real broker cannot be made to show; real sockets, and a log that checks sequences. */
import { afterEach, describe, expect, it } from 'vitest';
import { LogHub } from '../../../../src/base/log.ts';
import { type ClusterLink, createClusterLink } from '../../../../src/kafka/cluster-link.ts';
import type { ClientOptions, FetchedRecord, Producer, ProducerOptions } from '../../../../src/kafka/contract.ts';
import { KafkaError } from '../../../../src/kafka/kafka-error.ts';
import { MetadataCache } from '../../../../src/kafka/metadata.ts';
import { createProducer } from '../../../../src/kafka/producer.ts';
import { readBatchHeader } from '../../../../src/kafka/records/batch-header.ts';
import { RecordReader } from '../../../../src/kafka/records/record-reader.ts';
import { FixtureBroker } from '../../../helpers/fixture-broker.ts';
import { clientOptions, producerOptions } from '../../../helpers/kafka-options.ts';
import { waitUntil } from '../../../helpers/wait-until.ts';

const OUT_OF_ORDER = 45;
const NOT_LEADER = 6;
const MESSAGE_TOO_LARGE = 10;
const opened: Array<{ link: ClusterLink; producer: Producer }> = [];

function producerTo(broker: FixtureBroker, options: Partial<ProducerOptions> = {}, client: Partial<ClientOptions> = {}): Producer {
  const link = createClusterLink(clientOptions(broker.address, client), new LogHub(() => 0).log('test'));
  const producer = createProducer(link, new MetadataCache(link), producerOptions(options));
  opened.push({ link, producer });
  return producer;
}

afterEach(async () => {
  for (const { link, producer } of opened.splice(0)) {
    await producer.close(0);
    await link.close();
  }
});

function valuesOf(broker: FixtureBroker, topic: string, partition = 0): string[] {
  return broker.log(topic, partition).batches.flatMap(({ bytes }) => {
    const header = readBatchHeader(bytes, 0);
    if (!header) throw new Error('a cut batch was stored');
    const records: FetchedRecord[] = [];
    new RecordReader(topic, partition, bytes, header).read(records, header.count, 0n);
    return records.map(({ value }) => String(value));
  });
}

/** Sends as soon as there is room; resolves with the outcomes in the order in which they were told. */
async function sendAll(
  producer: Producer,
  topic: string,
  values: readonly string[],
  partition: number | null = 0,
): Promise<Array<{ value: string; error: Error | null; offset: bigint }>> {
  const outcomes: Array<{ value: string; error: Error | null; offset: bigint }> = [];
  for (const value of values) {
    const tell = (error: Error | null, _partition: number, offset: bigint) => outcomes.push({ value, error, offset });
    while (!producer.send(topic, partition, null, value, null, null, tell)) await producer.ready(topic);
  }
  await producer.flush();
  return outcomes;
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i));

/** Writes what comes for other partitions. */
function onlyPartition0OutOfOrder(broker: FixtureBroker) {
  return (request: {
    readonly topics: ReadonlyArray<{
      readonly name: string;
      readonly partitions: ReadonlyArray<{ readonly index: number; readonly records: Buffer }>;
    }>;
  }) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ index, records }) => {
        const written = index === 0 ? { errorCode: OUT_OF_ORDER, baseOffset: -1n } : broker.append(name, index, records);
        return { index, ...written, logAppendTimeMs: -1n, logStartOffset: 0n, recordErrors: [], errorMessage: null };
      }),
    })),
  });
}

describe('delivery', () => {
  it('tells each record its offset, in order', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker);
    const outcomes = await sendAll(producer, 't', numbers(500));
    expect(outcomes.map(({ value, error, offset }) => [value, error, offset])).toEqual(
      numbers(500).map((value, i) => [value, null, BigInt(i)]),
    );
    expect(producer.stats).toMatchObject({ bufferedBytes: 0, inFlightRequests: 0, sentRecords: 500, lastError: null });
  });

  it('survives a lost reply without writing twice', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    broker.next('Produce', 'apply-and-cut', 0, 'apply-and-cut');
    const producer = producerTo(broker);
    const first = await sendAll(producer, 't', ['a', 'b']);
    const second = await sendAll(producer, 't', ['c']);
    expect(valuesOf(broker, 't')).toEqual(['a', 'b', 'c']);
    expect([...first, ...second].map(({ offset }) => offset)).toEqual([0n, 1n, 2n]);
  });

  it('keeps order while brokers refuse, hang up and fall silent', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    broker.next('Produce', NOT_LEADER, 'cut', 'apply-and-cut', 7, 0, 'silent', NOT_LEADER, 0, 20);
    const producer = producerTo(broker, { requestTimeoutMs: 400 });
    // Who waits for a topic to become known stands in no line: the order begins with the first record that was taken.
    await producer.ready('t');
    const sending: Promise<unknown>[] = [];
    for (let i = 0; i < 20; i++) {
      sending.push(sendAll(producer, 't', [`${i}`]));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await Promise.all(sending);
    expect(valuesOf(broker, 't')).toEqual(numbers(20));
  });

  it('keeps order without idempotence too', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    broker.next('Produce', NOT_LEADER, 'cut', NOT_LEADER);
    const producer = producerTo(broker, { isIdempotent: false, acks: 1 });
    await sendAll(producer, 't', numbers(300));
    expect(valuesOf(broker, 't')).toEqual(numbers(300));
    expect(readBatchHeader(broker.log('t').batches[0]?.bytes as Buffer, 0)).toMatchObject({
      producerId: -1n,
      producerEpoch: -1,
      baseSequence: -1,
    });
  });

  it('starts over with a new producer id when the broker has lost our sequence', async () => {
    await using broker = await FixtureBroker.start({ t: 1, u: 1 });
    const producer = producerTo(broker);
    await sendAll(producer, 't', ['a', 'b']);
    await sendAll(producer, 'u', ['x']);
    broker.log('t').producers.clear();
    await sendAll(producer, 't', ['c']);
    await sendAll(producer, 'u', ['y']);
    expect([valuesOf(broker, 't'), valuesOf(broker, 'u')]).toEqual([
      ['a', 'b', 'c'],
      ['x', 'y'],
    ]);
    expect(broker.requests.filter((name) => name === 'InitProducerId')).toHaveLength(2);
  });

  it('sends what may have been written to its end before it takes a new id', async () => {
    await using broker = await FixtureBroker.start({ t: 2 });
    const producer = producerTo(broker);
    await sendAll(producer, 't', ['a'], 0);
    await sendAll(producer, 't', ['b'], 1);
    // Partition 1 was written, its reply lost; then partition 0 is told that its sequence is unknown.
    broker.next('Produce', 'apply-and-cut', onlyPartition0OutOfOrder(broker));
    const lost = sendAll(producer, 't', ['d'], 1);
    await waitUntil('the first request was seen', () => valuesOf(broker, 't', 1).length === 2);
    await Promise.all([lost, sendAll(producer, 't', ['c'], 0)]);
    await sendAll(producer, 't', ['e'], 1);
    expect([valuesOf(broker, 't', 0), valuesOf(broker, 't', 1)]).toEqual([
      ['a', 'c'],
      ['b', 'd', 'e'],
    ]);
  });

  it('waits for a leader', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker);
    await producer.ready('t');
    broker.isLeaderless = true;
    const sent = sendAll(producer, 't', ['late']);
    await waitUntil('metadata were asked for again', () => broker.requests.filter((name) => name === 'Metadata').length >= 4);
    expect(valuesOf(broker, 't')).toEqual([]);
    broker.isLeaderless = false;
    expect((await sent)[0]?.error).toBeNull();
  });

  it('with acks=0 is done once the bytes have left', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker, { acks: 0, isIdempotent: false });
    const outcomes = await sendAll(producer, 't', ['a', 'b']);
    expect(outcomes.map(({ error, offset }) => [error, offset])).toEqual([
      [null, -1n],
      [null, -1n],
    ]);
    await waitUntil('both arrived', () => valuesOf(broker, 't').length === 2);
  });
});

describe('records that are too large', () => {
  it('for max.request.size are refused at once, with both sizes', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker, { maxRequestSizeBytes: 10_000 });
    await producer.ready('t');
    expect(() => producer.send('t', 0, 'k', 'x'.repeat(20_000), null, null, null)).toThrow(
      /RECORD_TOO_LARGE: a record of 200\d\d bytes for topic "t" is larger than max.request.size \(10000 bytes\)\. Raise that/,
    );
    // Three bytes a character is only an upper bound: what really fits is taken.
    expect(producer.send('t', 0, null, 'x'.repeat(9_000), null, null, null)).toBe(true);
    await producer.flush();
    expect(valuesOf(broker, 't')[0]?.length).toBe(9_000);
  });

  it('for the topic fail for good, with the size of their batch', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker);
    broker.next('Produce', MESSAGE_TOO_LARGE);
    const [outcome] = await sendAll(producer, 't', ['x'.repeat(5000)]);
    expect(outcome?.error?.message).toMatch(
      /one record for topic "t" partition 0 makes a batch of 50\d\d bytes, more than the broker takes \(max.message.bytes of the topic\)/,
    );
    expect(outcome?.error).toMatchObject({ kafkaName: 'MESSAGE_TOO_LARGE', isRetriable: false });
    expect((await sendAll(producer, 't', ['next']))[0]?.error).toBeNull();
  });

  it('only as a batch are sent in smaller ones, and later batches are smaller', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker, { batchSizeBytes: 1000 });
    broker.next('Produce', MESSAGE_TOO_LARGE, MESSAGE_TOO_LARGE);
    const outcomes = await sendAll(producer, 't', numbers(1000));
    expect(outcomes.every(({ error }) => error === null)).toBe(true);
    expect(outcomes.map(({ offset }) => Number(offset))).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(valuesOf(broker, 't')).toEqual(numbers(1000));
    const sizes = broker.log('t').batches.length;
    await sendAll(producer, 't', numbers(1000));
    expect(broker.log('t').batches.length - sizes).toBeGreaterThan(1);
  });
});

describe('final errors', () => {
  it('go to the records of that batch, named one by one where the broker says which', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    broker.next('Produce', () => ({
      throttleTimeMs: 0,
      topics: [
        {
          name: 't',
          partitions: [
            {
              index: 0,
              errorCode: 87,
              baseOffset: -1n,
              logAppendTimeMs: -1n,
              logStartOffset: -1n,
              recordErrors: [{ batchIndex: 1, message: 'no key' }],
              errorMessage: null,
            },
          ],
        },
      ],
    }));
    const producer = producerTo(broker);
    const outcomes = await sendAll(producer, 't', ['a', 'b']);
    expect(outcomes[0]?.error?.message).toMatch(
      /INVALID_RECORD: broker 1 .* refused 2 record\(s\) for topic "t" partition 0: another record of its batch was invalid/,
    );
    expect(outcomes[1]?.error?.message).toMatch(/: no key$/);
    expect((await sendAll(producer, 't', ['c']))[0]).toMatchObject({ error: null, offset: 0n });
  });

  it('of topics are thrown by ready or send', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker, {}, { defaultApiTimeoutMs: 300 });
    await expect(producer.ready('missing')).rejects.toThrow(
      /topic "missing" did not become known within 300 ms: UNKNOWN_TOPIC_OR_PARTITION/,
    );
    broker.next('Metadata', 29);
    await expect(producer.ready('secret')).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED: topic "secret"');
    expect(() => producer.send('secret', 0, null, 'x', null, null, null)).toThrow('TOPIC_AUTHORIZATION_FAILED');
  });

  it('of partitions are thrown once the metadata were asked for again', async () => {
    await using broker = await FixtureBroker.start({ t: 2 });
    const producer = producerTo(broker);
    await producer.ready('t');
    expect(producer.send('t', 2, null, 'x', null, null, null)).toBe(false);
    await producer.ready('t');
    expect(() => producer.send('t', 2, null, 'x', null, null, null)).toThrow('topic "t" has no partition 2 (it has 2)');
    broker.setTopics({ t: 3 });
    expect(producer.send('t', 2, null, 'x', null, null, null)).toBe(false);
    await producer.ready('t');
    expect(producer.send('t', 2, null, 'x', null, null, null)).toBe(true);
    await producer.flush();
    expect(valuesOf(broker, 't', 2)).toEqual(['x']);
  });

  it('of the producer id fail what waits for it', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    broker.next('InitProducerId', 31);
    const outcomes = await sendAll(producerTo(broker), 't', ['a']);
    expect(outcomes[0]?.error?.message).toMatch(/CLUSTER_AUTHORIZATION_FAILED: a producer id was asked for/);
  });
});

describe('delivery.timeout.ms', () => {
  it('ends waiting for a broker that is away, and says what is known', async () => {
    const broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker, { deliveryTimeoutMs: 600, requestTimeoutMs: 300 });
    await producer.ready('t');
    await broker[Symbol.asyncDispose]();
    const startMs = performance.now();
    const [outcome] = await sendAll(producer, 't', ['a']);
    expect(performance.now() - startMs).toBeLessThan(2000);
    expect(outcome?.error?.message).toMatch(
      /1 record\(s\) for topic "t" partition 0 were not acknowledged within delivery.timeout.ms \(600 ms\): its leader is broker 1/,
    );
    expect(producer.stats.bufferedBytes).toBe(0);
  });

  it('never lets other records take the sequence of those whose fate is not known', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker, { deliveryTimeoutMs: 300, requestTimeoutMs: 200 });
    await sendAll(producer, 't', ['a']);
    broker.next('Produce', 'apply-and-cut', 'cut', 'cut', 'cut', 'cut', 'cut', 'cut', 'cut', 'cut', 'cut');
    const [lost] = await sendAll(producer, 't', ['b']);
    expect(lost?.error?.message).toMatch(/they may have been written or not/);
    broker.next('Produce', 0);
    await waitUntil('the broker answers again', async () => (await sendAll(producer, 't', ['c']))[0]?.error === null);
    expect(valuesOf(broker, 't').slice(0, 2)).toEqual(['a', 'b']);
    expect(valuesOf(broker, 't').filter((value) => value === 'c')).toHaveLength(1);
  });

  it('never changes bytes that are still on their way (CVE-2026-35554)', async () => {
    await using broker = await FixtureBroker.start({ slow: 1, other: 1 });
    const producer = producerTo(broker, {
      deliveryTimeoutMs: 300,
      requestTimeoutMs: 20_000,
      isIdempotent: false,
      bufferMemoryBytes: 8 << 20,
      maxInFlightPerConnection: 1,
    });
    await sendAll(producer, 'slow', ['before']);
    broker.pause();
    // Several megabytes that the socket cannot take: they expire while they are being written.
    const big = Array.from({ length: 7 }, (_, i) => `slow ${i} `.padEnd(990_000, 's'));
    const outcomes: Array<Error | null> = [];
    for (const value of big) producer.send('slow', 0, null, value, null, null, (error) => outcomes.push(error));
    await waitUntil('all of them have expired', () => outcomes.length === big.length);
    // Their memory is used for records of another topic.
    const others = Array.from({ length: 6 }, (_, i) => `other ${i} `.padEnd(990_000, 'o'));
    for (const value of others) while (!producer.send('other', 0, null, value, null, null, null)) await producer.ready('other');
    broker.resume();
    await producer.flush();
    await waitUntil('the broker has read everything', () => broker.log('slow').batches.length >= 2);
    for (const value of valuesOf(broker, 'slow').slice(1)) expect(value === big[0] || big.includes(value)).toBe(true);
    expect(valuesOf(broker, 'other').every((value) => others.includes(value))).toBe(true);
    expect(outcomes.every((error) => error?.message.includes('delivery.timeout.ms'))).toBe(true);
  });
});

describe('memory', () => {
  it('is bounded while the broker does not answer, and is free again afterwards', async () => {
    await using broker = await FixtureBroker.start({ t: 4 });
    const limit = 1 << 20;
    const producer = producerTo(broker, { bufferMemoryBytes: limit });
    await producer.ready('t');
    broker.next('Produce', 'silent', 'silent', 'silent', 'silent', 'silent');
    let taken = 0;
    while (producer.send('t', taken % 4, null, 'x'.repeat(1000), null, null, null)) taken++;
    expect(taken).toBeGreaterThan(400);
    expect(producer.stats.bufferedBytes).toBeLessThanOrEqual(limit * 1.5);
    let isReady = false;
    const waiting = producer.ready('t').then(() => {
      isReady = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isReady).toBe(false);
    broker.clearScript();
    broker.cutAll();
    await waiting;
    expect(producer.send('t', 0, null, 'y', null, null, null)).toBe(true);
    await producer.flush();
    expect(producer.stats.bufferedBytes).toBe(0);
    expect([0, 1, 2, 3].reduce((sum, p) => sum + valuesOf(broker, 't', p).length, 0)).toBe(taken + 1);
  });

  it('takes one record that is larger than all of it', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker, { bufferMemoryBytes: 10_000 });
    await sendAll(producer, 't', ['x'.repeat(50_000), 'y'.repeat(50_000)]);
    expect(valuesOf(broker, 't').map((value) => value.length)).toEqual([50_000, 50_000]);
  });

  it('ends waits when the signal aborts or the producer closes', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker);
    broker.next('Metadata', 'silent');
    const abort = new AbortController();
    const first = producer.ready('t', abort.signal);
    abort.abort();
    await expect(first).rejects.toThrow('topic "t": the wait was ended');
    const second = producer.ready('t');
    await producer.close(0);
    await expect(second).rejects.toThrow('topic "t": the producer is closed');
    expect(() => producer.send('t', 0, null, 'x', null, null, null)).toThrow('the producer is closed');
  });
});

describe('requests', () => {
  it('carry one batch a partition and many partitions', async () => {
    await using broker = await FixtureBroker.start({ t: 8 });
    const producer = producerTo(broker);
    await producer.ready('t');
    for (let i = 0; i < 80; i++) producer.send('t', i % 8, null, `${i}`, null, null, null);
    await producer.flush();
    const produced = broker.bodies
      .filter(({ name }) => name === 'Produce')
      .map(({ body }) => body as { topics: Array<{ partitions: unknown[] }> });
    expect(produced.map(({ topics }) => topics.map(({ partitions }) => partitions.length))).toEqual([[8]]);
  });

  it('wait for linger.ms, unless the batch is full or flushed', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker, { lingerMs: 400, batchSizeBytes: 1000 });
    await producer.ready('t');
    const startMs = performance.now();
    const sentAfter = (value: string) =>
      new Promise<number>((resolve) => {
        producer.send('t', 0, null, value, null, null, () => resolve(performance.now() - startMs));
      });
    expect(await sentAfter('little')).toBeGreaterThan(350);
    const full = sentAfter('x'.repeat(2000));
    expect((await full) - 400).toBeLessThan(350);
    producer.send('t', 0, null, 'flushed', null, null, null);
    const flushedMs = performance.now();
    await producer.flush();
    expect(performance.now() - flushedMs).toBeLessThan(300);
  });

  it('are not made for records that were dropped by close', async () => {
    await using broker = await FixtureBroker.start({ t: 1 });
    const producer = producerTo(broker);
    await producer.ready('t');
    broker.next('Produce', 'silent');
    const outcomes: Array<string | null> = [];
    for (const value of ['a', 'b'])
      producer.send('t', 0, null, value, null, null, (error) => outcomes.push(error && (error as KafkaError).kafkaName));
    await producer.close(200);
    expect(outcomes).toEqual(['CLOSED', 'CLOSED']);
  });
});

describe('whole batches', () => {
  it('are written as they are, under a new producer id, also when they must be split', async () => {
    await using broker = await FixtureBroker.start({ source: 1, target: 1 });
    const producer = producerTo(broker);
    await sendAll(producer, 'source', numbers(10));
    const [batch] = broker.log('source').batches;
    expect(await producer.sendRaw('target', 0, batch?.bytes as Buffer)).toEqual({ baseOffset: 0n });
    broker.next('Produce', MESSAGE_TOO_LARGE);
    expect(await producer.sendRaw('target', 0, batch?.bytes as Buffer)).toEqual({ baseOffset: 10n });
    expect(valuesOf(broker, 'target')).toEqual([...numbers(10), ...numbers(10)]);
    broker.next('Produce', 29);
    const fault = await producer.sendRaw('target', 0, batch?.bytes as Buffer).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(KafkaError);
    await expect(producer.sendRaw('target', 0, Buffer.alloc(70))).rejects.toThrow(KafkaError);
    await expect(producer.sendRaw('target', 5, batch?.bytes as Buffer)).rejects.toThrow('topic "target" has no partition 5 (it has 1)');
  });
});
