/** Transactions under faults that a real broker cannot be made to show; what they are for is tested on real ones. */
import { afterEach, expect, test } from 'vitest';
import { LogHub } from '../../../../src/base/log.ts';
import { type ClusterLink, createClusterLink } from '../../../../src/kafka/cluster-link.ts';
import type { ProducerOptions, TransactionalProducer } from '../../../../src/kafka/contract.ts';
import { KafkaError } from '../../../../src/kafka/kafka-error.ts';
import { MetadataCache } from '../../../../src/kafka/metadata.ts';
import { readBatchHeader } from '../../../../src/kafka/records/batch-header.ts';
import { createTransactionalProducer } from '../../../../src/kafka/transactional-producer.ts';
import { FixtureBroker } from '../../../helpers/fixture-broker.ts';
import { clientOptions, producerOptions } from '../../../helpers/kafka-options.ts';

const NOT_COORDINATOR = 16;
const LOADING = 14;
const TOPIC_DENIED = 29;
const INVALID_EPOCH = 47;
const INVALID_TXN_STATE = 48;
const CONCURRENT = 51;
const ID_DENIED = 53;
const FENCED = 90;

const opened: Array<{ link: ClusterLink; producer: TransactionalProducer }> = [];

function producerTo(broker: FixtureBroker, options: Partial<ProducerOptions> = {}): TransactionalProducer {
  const link = createClusterLink(clientOptions(broker.address), new LogHub(() => 0).log('test'));
  const producer = createTransactionalProducer(link, new MetadataCache(link), { ...producerOptions(options), transactionalId: 'id' });
  opened.push({ link, producer });
  return producer;
}

afterEach(async () => {
  for (const { link, producer } of opened.splice(0)) {
    await producer.close(0);
    await link.close();
  }
});

async function begun(broker: FixtureBroker, options: Partial<ProducerOptions> = {}): Promise<TransactionalProducer> {
  const producer = producerTo(broker, options);
  await producer.initTransactions();
  producer.beginTransaction();
  return producer;
}

async function send(producer: TransactionalProducer, value: string, partition = 0): Promise<{ failure: Error | null }> {
  const outcome: { failure: Error | null } = { failure: null };
  const tell = (error: Error | null) => {
    outcome.failure = error;
  };
  while (!producer.send('t', partition, null, value, null, null, tell)) await producer.ready('t');
  return outcome;
}

const named = (kafkaName: string) => expect.objectContaining({ kafkaName });
const asked = (broker: FixtureBroker) => broker.requests.filter((name) => /Txn|Produce|InitProducerId/.test(name));
const stamps = (broker: FixtureBroker, partition = 0) =>
  broker.log('t', partition).batches.map(({ bytes }) => {
    const { isTransactional, baseSequence, producerId } = readBatchHeader(bytes, 0) ?? {};
    return { isTransactional, baseSequence, producerId };
  });

test('partitions join before their first batch, once a transaction, and several in one request', async () => {
  await using broker = await FixtureBroker.start({ t: 2 });
  const producer = await begun(broker);
  await send(producer, 'a', 0);
  await send(producer, 'b', 1);
  await producer.flush();
  await send(producer, 'c', 0);
  await producer.commitTransaction();
  producer.beginTransaction();
  await send(producer, 'd', 0);
  await producer.commitTransaction();
  expect(asked(broker)).toEqual([
    'InitProducerId',
    'AddPartitionsToTxn',
    'Produce',
    'Produce',
    'EndTxn',
    'AddPartitionsToTxn',
    'Produce',
    'EndTxn',
  ]);
  expect(broker.bodies.filter(({ name }) => name === 'Produce').map(({ body }) => body)).toEqual(
    Array.from({ length: 3 }, () => expect.objectContaining({ transactionalId: 'id', acks: -1 })),
  );
  expect(stamps(broker)).toEqual([0, 1, 2].map((baseSequence) => ({ isTransactional: true, baseSequence, producerId: 4000n })));
});

test('a coordinator that moves, is loading or hangs up is asked again, whatever it is asked for', async () => {
  await using broker = await FixtureBroker.start({ t: 1 });
  broker.next('InitProducerId', NOT_COORDINATOR, CONCURRENT);
  broker.next('AddPartitionsToTxn', LOADING, 'cut', CONCURRENT);
  broker.next('EndTxn', NOT_COORDINATOR, 'apply-and-cut', CONCURRENT);
  const producer = await begun(broker);
  const sent = await send(producer, 'a');
  await producer.commitTransaction();
  expect(sent.failure).toBeNull();
  const times = (what: string) => broker.requests.filter((name) => name === what).length;
  expect(['InitProducerId', 'AddPartitionsToTxn', 'Produce', 'EndTxn'].map(times)).toEqual([3, 4, 1, 4]);
  expect(times('FindCoordinator')).toBeGreaterThan(2);
});

test('a batch that is sent again keeps its transaction', async () => {
  await using broker = await FixtureBroker.start({ t: 1 });
  broker.next('Produce', 6, 'apply-and-cut');
  const producer = await begun(broker);
  const sent = await send(producer, 'a');
  await producer.commitTransaction();
  expect(sent.failure).toBeNull();
  expect(stamps(broker)).toHaveLength(1);
});

test.each([
  ['InitProducerId', FENCED],
  ['InitProducerId', ID_DENIED],
] as const)('%s refused with %i is final and names the id', async (what, code) => {
  await using broker = await FixtureBroker.start({ t: 1 });
  broker.next(what, code);
  const producer = producerTo(broker);
  await expect(producer.initTransactions()).rejects.toThrow(/"id"/);
  expect(() => producer.beginTransaction()).toThrow(/nothing more/);
});

test.each([
  ['AddPartitionsToTxn', FENCED, 'PRODUCER_FENCED'],
  ['AddPartitionsToTxn', INVALID_EPOCH, 'INVALID_PRODUCER_EPOCH'],
  ['Produce', INVALID_EPOCH, 'INVALID_PRODUCER_EPOCH'],
  ['EndTxn', FENCED, 'PRODUCER_FENCED'],
] as const)('%s answered with %i: a commit and all that follows is refused by name', async (what, code, name) => {
  await using broker = await FixtureBroker.start({ t: 1 });
  broker.next(what, code);
  const producer = await begun(broker);
  await send(producer, 'a');
  await expect(producer.commitTransaction()).rejects.toEqual(named(name));
  await expect(producer.abortTransaction()).rejects.toEqual(named(name));
  expect(() => producer.send('t', 0, null, 'b', null, null, null)).toThrow(/another producer|"id" has failed/);
  expect(() => producer.beginTransaction()).toThrow(KafkaError);
});

test('a partition that may not be written to: its records fail, the abort asks nothing that the broker would refuse', async () => {
  await using broker = await FixtureBroker.start({ t: 1 });
  broker.next('AddPartitionsToTxn', TOPIC_DENIED);
  broker.next('EndTxn', INVALID_TXN_STATE);
  const producer = await begun(broker);
  const sent = await send(producer, 'a');
  await expect(producer.commitTransaction()).rejects.toThrow(/TOPIC_AUTHORIZATION_FAILED.*topic "t" partition 0/);
  expect(sent.failure).toEqual(named('TOPIC_AUTHORIZATION_FAILED'));
  await producer.abortTransaction();
  producer.beginTransaction();
  await send(producer, 'b');
  await producer.commitTransaction();
  expect(stamps(broker)).toHaveLength(1);
});

test('after an abort with a batch of unknown fate the next transaction has an epoch of its own, and sequences from 0', async () => {
  await using broker = await FixtureBroker.start({ t: 1 });
  const producer = await begun(broker);
  await send(producer, 'a');
  await producer.flush();
  broker.next('Produce', 'apply-and-cut');
  broker.next('Metadata', 'silent');
  const lost = await send(producer, 'b');
  const flushed = producer.flush();
  while (stamps(broker).length < 2) await new Promise((resolve) => setImmediate(resolve));
  await producer.abortTransaction();
  await flushed;
  expect(lost.failure).toEqual(named('TRANSACTION_ABORTABLE'));
  producer.beginTransaction();
  await send(producer, 'c');
  await producer.commitTransaction();
  expect(asked(broker).slice(-5)).toEqual(['EndTxn', 'InitProducerId', 'AddPartitionsToTxn', 'Produce', 'EndTxn']);
  const bump = broker.bodies.filter(({ name }) => name === 'InitProducerId').at(-1);
  expect(bump?.body).toMatchObject({ transactionalId: 'id', producerId: 4000n, producerEpoch: 0 });
  expect(stamps(broker).at(-1)).toEqual({ isTransactional: true, baseSequence: 0, producerId: 4001n });
});

test('calls out of order are refused and change nothing', async () => {
  await using broker = await FixtureBroker.start({ t: 1 });
  const producer = producerTo(broker);
  expect(() => producer.beginTransaction()).toThrow(/not initialised/);
  await producer.initTransactions();
  expect(() => producer.send('t', 0, null, 'x', null, null, null)).toThrow(/not begun/);
  await expect(producer.commitTransaction()).rejects.toThrow(/not begun/);
  await expect(producer.abortTransaction()).rejects.toThrow(/not begun/);
  producer.beginTransaction();
  expect(() => producer.beginTransaction()).toThrow(/open already/);
  await send(producer, 'a');
  await producer.commitTransaction();
  expect(stamps(broker)).toHaveLength(1);
});
