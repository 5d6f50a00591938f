/** Writes that fail, wait and are overtaken. */
import { expect, test } from 'vitest';
import { KafkaError } from '../../../../src/kafka/kafka-error.ts';
import { statusOf } from '../../../contracts/status-store-contract.ts';
import { kafkaStatusStore, MemoryTopics } from '../../../helpers/memory-topics.ts';
import { createTestClock, settle } from '../../../helpers/test-clock.ts';

const TASK = { connector: 'c', task: 0 };

async function opened() {
  const topics = new MemoryTopics();
  const clock = createTestClock();
  const rig = kafkaStatusStore(topics, clock);
  await rig.store.start();
  return { topics, clock, ...rig };
}

const away = () => new KafkaError('DISCONNECTED', 'no broker answers');
const versions = (topics: MemoryTopics) =>
  topics.texts('statuses').map(([key, value]) => `${key} ${JSON.parse(value ?? '{}').version ?? null}`);

test('while brokers are away every task keeps its newest state, which is written when they are back', async () => {
  const { topics, clock, store, warnings } = await opened();
  topics.onSend = () => {
    throw away();
  };
  for (let task = 0; task < 20; task++) store.putTask({ connector: 'c', task }, statusOf('RUNNING', { version: 'first' }));
  await clock.advance(60_000);
  for (let task = 0; task < 10; task++)
    store.putTask({ connector: 'c', task }, statusOf('FAILED', { version: 'second' }), { isSafe: true });
  const flushed = store.flush(5_000);
  flushed.catch(() => undefined);
  await clock.advance(60_000);
  await expect(flushed).rejects.toThrow('20 states could not be written to topic "statuses" within 5 s');
  topics.onSend = () => undefined;
  await clock.advance(10_000);
  await store.flush(1_000);
  const wanted = Array.from({ length: 20 }, (_, task) => `status-task-c-${task} ${task < 10 ? 'second' : 'first'}`);
  expect(versions(topics).sort()).toEqual(wanted.sort());
  expect(warnings).toEqual(['States cannot be written to topic "statuses" for now and are tried again: no broker answers']);
});

test('a write that failed is not repeated over a newer one', async () => {
  const { topics, clock, store } = await opened();
  let faults = 1;
  topics.onSend = () => {
    if (faults-- > 0) throw away();
  };
  store.putTask(TASK, statusOf('RUNNING', { version: 'old' }));
  store.putTask(TASK, statusOf('PAUSED', { version: 'new' }));
  await clock.advance(60_000);
  await store.flush(1_000);
  expect(versions(topics)).toEqual(['status-task-c-0 new']);
});

test('nor over what a worker of a higher generation has written since', async () => {
  const { topics, clock, store } = await opened();
  topics.onSend = () => {
    throw away();
  };
  store.putTask(TASK, statusOf('RUNNING', { version: 'mine', generation: 5 }));
  await settle();
  const others = '{"state":"RUNNING","trace":null,"worker_id":"other:1","generation":6,"version":"theirs"}';
  topics.append('statuses', 'status-task-c-0', others);
  topics.onSend = () => undefined;
  await clock.advance(60_000);
  await store.flush(1_000);
  expect(versions(topics)).toEqual(['status-task-c-0 theirs']);
});

test('a deletion that failed is repeated', async () => {
  const { topics, clock, store } = await opened();
  store.putTask(TASK, statusOf('RUNNING'));
  await store.flush(1_000);
  let faults = 3;
  topics.onSend = () => {
    if (faults-- > 0) throw away();
  };
  store.removeTask(TASK);
  await clock.advance(60_000);
  expect(topics.texts('statuses').at(-1)).toEqual(['status-task-c-0', null]);
  expect(store.task(TASK)).toBeNull();
});

test('what is refused for good is told and given up', async () => {
  const { topics, clock, store, warnings } = await opened();
  topics.onSend = (key) => {
    if (key.startsWith('status-task')) throw new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED: topic "statuses"');
  };
  store.putTask(TASK, statusOf('RUNNING'));
  store.putConnector('c', statusOf('RUNNING'));
  await store.flush(1_000);
  await clock.advance(60_000);
  expect(warnings).toEqual(['Cannot write "status-task-c-0" to topic "statuses": TOPIC_AUTHORIZATION_FAILED: topic "statuses"']);
  expect(store.connector('c')).toEqual(statusOf('RUNNING'));
});

test('foreign records are named; the statuses of others come by themselves', async () => {
  const { topics, store, warnings } = await opened();
  topics.append('statuses', 'order-1', 'hunter2', 0);
  topics.append('statuses', null, 'hunter2', 0);
  topics.append('statuses', 'status-connector-d', '{"state":"RUNNING","worker_id":"w:1","generation":2}', 3);
  await settle();
  expect(store.connector('d')).toEqual(statusOf('RUNNING', { workerId: 'w:1', generation: 2, version: null }));
  expect(warnings).toEqual([
    'Record "order-1" at offset 0 of partition 0 of topic "statuses" was skipped: Connect has no records with such a key in its status topic',
    'Record without a key at offset 1 of partition 0 of topic "statuses" was skipped: the status topic has no records without a key',
  ]);
});

test('a stop ends what waits', async () => {
  const { topics, clock, store } = await opened();
  topics.onSend = () => {
    throw away();
  };
  store.putTask(TASK, statusOf('RUNNING'));
  await settle();
  await store.stop();
  await clock.advance(60_000);
  expect(topics.texts('statuses')).toEqual([]);
  expect(clock.sleepers).toBe(0);
});
