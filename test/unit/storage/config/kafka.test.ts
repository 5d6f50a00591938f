/** What only a store over a topic can meet: others' records, restarts, brokers that do not answer. */
import { expect, test } from 'vitest';
import type { Clock } from '../../../../src/base/clock.ts';
import { KafkaError } from '../../../../src/kafka/kafka-error.ts';
import { ConfigTimeoutError } from '../../../../src/storage/config/port.ts';
import { noting } from '../../../contracts/config-store-contract.ts';
import { kafkaConfigStore, MemoryTopics } from '../../../helpers/memory-topics.ts';
import { createTestClock, settle } from '../../../helpers/test-clock.ts';
import { goldenTopic } from '../../../helpers/topic-golden.ts';
import { waitUntil } from '../../../helpers/wait-until.ts';

async function opened(topics: MemoryTopics, clock?: Clock) {
  const { listener, events } = noting();
  const { store, warnings } = kafkaConfigStore(topics, clock);
  await store.start(listener);
  return { store, warnings, events };
}

function topicWith(...records: (readonly [key: string, value: string | null])[]): MemoryTopics {
  const topics = new MemoryTopics();
  topics.create({ name: 'configs', partitions: 1, replicationFactor: 1, configs: { 'cleanup.policy': 'compact' } });
  for (const [key, value] of records) topics.append('configs', key, value);
  return topics;
}

const TASK = '{"properties":{"n":"x"}}';

test('a topic of the original is read as the original reads it', async () => {
  const topics = topicWith(...goldenTopic('connect-configs').map(({ key, value }) => [key, value] as const));
  const { store, warnings, events } = await opened(topics);
  const { offset, sessionKey, connectors } = store.snapshot();
  expect(offset).toBe(37n);
  expect(sessionKey).toMatchObject({ algorithm: 'HmacSHA256', createdMs: 1_795_422_487_804 });
  expect(sessionKey?.key).toHaveLength(32);
  expect([...connectors.keys()]).toEqual(['snk', 'src-a', 'src-b', 'src-c']);
  expect(connectors.get('snk')).toMatchObject({ target: 'STARTED', taskCount: 2, isInconsistent: false, isPendingFencing: true });
  expect(connectors.get('snk')?.taskConfigs.map((config) => config.topics)).toEqual(['t-a', 't-a']);
  expect(connectors.get('src-a')?.appliedConfig).toBe(connectors.get('src-a')?.config);
  expect([events, warnings]).toEqual([[], []]);
});

test('the start of a connector is written in the order of the original', async () => {
  const topics = new MemoryTopics();
  const { store } = await opened(topics);
  await store.putConnectorConfig('c', { name: 'c' }, 'STOPPED');
  await store.putTaskConfigs('c', [{ n: '0' }, { n: '1' }]);
  await store.removeConnectorConfig('c');
  expect(topics.texts('configs')).toEqual([
    ['target-state-c', '{"state":"PAUSED","state.v2":"STOPPED"}'],
    ['connector-c', '{"properties":{"name":"c"}}'],
    ['task-c-0', '{"properties":{"n":"0"}}'],
    ['task-c-1', '{"properties":{"n":"1"}}'],
    ['commit-c', '{"tasks":2}'],
    ['connector-c', null],
    ['target-state-c', null],
  ]);
});

test('another worker sees what is written, in order; what came before its start is not told', async () => {
  const topics = new MemoryTopics();
  const first = await opened(topics);
  await first.store.putConnectorConfig('old', { name: 'old' }, null);
  await first.store.putRestartRequest({ connector: 'old', includeTasks: true, onlyFailed: true });
  await first.store.putLoggerLevel('root', 'DEBUG');
  const second = await opened(topics);
  expect(second.events).toEqual([]);
  await first.store.putTaskConfigs('old', [{}]);
  await first.store.putTargetState('old', 'PAUSED');
  await first.store.putRestartRequest({ connector: 'old', includeTasks: false, onlyFailed: true });
  await second.store.refresh(30_000);
  expect(second.events).toEqual(['tasks old', 'target old', 'restart old false true']);
  expect(second.store.snapshot()).toEqual(first.store.snapshot());
});

test('half a set of tasks runs nothing until a whole one comes, and is named', async () => {
  const topics = topicWith(['connector-c', '{"properties":{}}'], ['task-c-1', TASK], ['commit-c', '{"tasks":2}']);
  const { store, warnings, events } = await opened(topics);
  expect(store.snapshot().connectors.get('c')).toMatchObject({ taskConfigs: [], taskCount: 2, isInconsistent: true, appliedConfig: null });
  expect(warnings).toEqual([expect.stringMatching(/"commit-c".*not all of the 2 tasks/)]);
  topics.append('configs', 'task-c-0', TASK);
  topics.append('configs', 'commit-c', '{"tasks":2}');
  await store.refresh(30_000);
  expect(store.snapshot().connectors.get('c')?.isInconsistent).toBe(true);
  expect(warnings).toHaveLength(2);
  await store.putTaskConfigs('c', [{ n: '0' }]);
  expect(store.snapshot().connectors.get('c')).toMatchObject({ taskConfigs: [{ n: '0' }], taskCount: 1, isInconsistent: false });
  expect(events).toEqual(['tasks c', 'tasks c']);
});

test('a gap that compaction has torn and a later set has mended is not named', async () => {
  const half = [['task-c-1', TASK] as const, ['commit-c', '{"tasks":2}'] as const];
  const { store, warnings } = await opened(topicWith(['connector-c', '{"properties":{}}'], ...half, ['task-c-0', TASK], ...half));
  expect(store.snapshot().connectors.get('c')).toMatchObject({ taskCount: 2, isInconsistent: false, taskGeneration: 0 });
  expect(warnings).toEqual([]);
});

test('what is left of a deleted connector is nothing', async () => {
  const { store, warnings } = await opened(
    topicWith(...[['task-c-0', TASK] as const, ['commit-c', '{"tasks":1}'] as const, ['tasks-fencing-c', '{"task-count":1}'] as const], [
      'connector-c',
      null,
    ]),
  );
  expect(store.snapshot().connectors.size).toBe(0);
  expect(warnings).toEqual([]);
  await store.putConnectorConfig('c', {}, null);
  expect(store.snapshot().connectors.get('c')).toMatchObject({ taskCount: 0, fencedTaskCount: 1, isPendingFencing: false });
});

test('broken and foreign records are named without their values; the rest is read', async () => {
  const { store, warnings } = await opened(
    topicWith(
      ['connector-a', '{"properties":{"password":"hunter2"'],
      ['order-17', 'hunter2'],
      ['commit-b\u001b[2J', '{"tasks":"hunter2"}'],
      ['connector-b', '{"properties":{"x":"1"}}'],
      ['target-state-nobody', '{"state":"PAUSED","state.v2":"PAUSED"}'],
    ),
  );
  expect([...store.snapshot().connectors.keys()]).toEqual(['b']);
  expect(store.snapshot().offset).toBe(5n);
  expect(warnings).toEqual([
    'Record "connector-a" at offset 0 of partition 0 of topic "configs" was skipped: its value is no JSON: The JSON text ends too early.',
    'Record "order-17" at offset 1 of partition 0 of topic "configs" was skipped: Connect has no records with such a key in its config topic',
    'Record "commit-b\\u001b[2J" at offset 2 of partition 0 of topic "configs" was skipped: "tasks" is a string, not a whole number',
    'Record "target-state-nobody" of topic "configs": there is no connector "nobody"; it holds only once one is made.',
  ]);
});

test('a target state that waits for its connector is named only when none comes', async () => {
  const clock = createTestClock();
  const topics = new MemoryTopics();
  const { store, warnings } = await opened(topics, clock);
  topics.append('configs', 'target-state-soon', '{"state":"PAUSED","state.v2":"STOPPED"}');
  topics.append('configs', 'target-state-never', '{"state":"PAUSED","state.v2":"STOPPED"}');
  await store.refresh(30_000);
  await store.putConnectorConfig('soon', {}, null);
  expect(store.snapshot().connectors.get('soon')?.target).toBe('STOPPED');
  await clock.advance(10_000);
  expect(warnings).toEqual([
    'Record "target-state-never" of topic "configs": there is no connector "never"; it holds only once one is made.',
  ]);
});

test('a topic of another kind does not fill the log', async () => {
  const records = Array.from({ length: 3_000 }, (_, i) => [`order-${i}`, 'x'] as const);
  const { warnings } = await opened(topicWith(...records));
  expect(warnings).toHaveLength(103);
  expect(warnings.at(-1)).toBe('3000 records of topic "configs" were skipped; is it the right topic?');
});

test('brokers that do not answer end a write after 30 s, and its next step is not written later', async () => {
  const clock = createTestClock();
  const topics = new MemoryTopics();
  const { store } = await opened(topics, clock);
  await store.putConnectorConfig('c', {}, null);
  topics.isHeld = true;
  const answer = Promise.withResolvers<void>();
  topics.onSend = () => answer.promise;
  topics.append('configs', 'connector-d', '{"properties":{}}');
  const write = store.putTaskConfigs('c', [{ n: '0' }]);
  const read = store.refresh(2_000);
  const outcome = Promise.allSettled([write, read]);
  await clock.advance(30_000);
  const [written, wasRead] = await outcome;
  expect(written).toMatchObject({ status: 'rejected', reason: expect.any(ConfigTimeoutError) });
  expect(String((written as PromiseRejectedResult).reason.message)).toMatch(
    /task configurations of connector "c" to topic "configs" within 30 s/,
  );
  expect(wasRead).toMatchObject({ status: 'rejected', reason: expect.any(ConfigTimeoutError) });
  answer.resolve();
  topics.release();
  await settle();
  expect(topics.texts('configs').map(([key]) => key)).toEqual(['connector-c', 'connector-d', 'task-c-0']);
  await store.putTaskConfigs('c', [{ n: '1' }]);
  expect(store.snapshot().connectors.get('c')?.taskConfigs).toEqual([{ n: '1' }]);
});

test('a write that is refused says what could not be written and why', async () => {
  const topics = new MemoryTopics();
  const { store } = await opened(topics);
  topics.onSend = (key) => {
    if (key === 'connector-c') throw new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED: topic "configs"');
  };
  await expect(store.putConnectorConfig('c', {}, null)).rejects.toThrow(
    'Cannot write the configuration of connector "c" to topic "configs": TOPIC_AUTHORIZATION_FAILED: topic "configs"',
  );
  await store.putConnectorConfig('d', {}, null);
  expect([...store.snapshot().connectors.keys()]).toEqual(['d']);
});

test('a start that fails can be tried again; a store that was stopped says so', async () => {
  const topics = new MemoryTopics();
  let faults = 1;
  topics.onAdmin = () => {
    if (faults-- > 0) throw new KafkaError('DISCONNECTED', 'no broker answers');
  };
  const { listener } = noting();
  const { store } = kafkaConfigStore(topics);
  await expect(store.start(listener)).rejects.toMatchObject({ isRetriable: true, message: expect.stringContaining('"configs"') });
  await store.start(listener);
  await store.putConnectorConfig('c', {}, null);
  await store.stop();
  await expect(store.putConnectorConfig('d', {}, null)).rejects.toThrow('connector "d"');
  await waitUntil('nothing more', () => store.snapshot().connectors.size === 1);
});
