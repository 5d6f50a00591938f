import { expect, test } from 'vitest';
import { LogHub } from '../../../../../../src/base/log.ts';
import type { NewTopic } from '../../../../../../src/kafka/contract.ts';
import { KafkaError } from '../../../../../../src/kafka/kafka-error.ts';
import { createInternalTopic } from '../../../../../../src/plugins/connectors/mirror/shared/internal-topics.ts';

async function created(refusal: string | null) {
  const asked: NewTopic[] = [];
  const told: string[] = [];
  const hub = new LogHub(() => 0);
  hub.attach(({ level, message }) => told.push(`${level} ${message}`));
  const admin = {
    createTopics: async (topics: readonly NewTopic[]) => {
      asked.push(...topics);
      if (refusal !== null) throw new KafkaError(refusal, `${refusal}: topic "x"`);
    },
  };
  await createInternalTopic(admin, { name: 'x', replicationFactor: 3, cluster: 'B' }, hub.log('test'));
  return { asked, told };
}

test('a compacted topic of one partition', async () => {
  const { asked, told } = await created(null);
  expect(asked).toEqual([{ name: 'x', partitions: 1, replicationFactor: 3, configs: { 'cleanup.policy': 'compact' } }]);
  expect(told).toEqual(["INFO Topic 'x' was made on cluster 'B' with replication factor 3."]);
});

test('one that is there is taken', async () => {
  expect((await created('TOPIC_ALREADY_EXISTS')).told).toEqual([]);
});

test.each(['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'UNSUPPORTED_VERSION'])(
  'who may not make it counts on it: %s',
  async (refusal) => {
    expect((await created(refusal)).told).toEqual([
      `WARN Topic 'x' could not be made on cluster 'B', so it must be there: ${refusal}: topic "x"`,
    ]);
  },
);

test.each(['INVALID_CONFIG', 'INVALID_REPLICATION_FACTOR', 'REQUEST_TIMED_OUT'])(
  'what else is refused is an error: %s',
  async (refusal) => {
    await expect(created(refusal)).rejects.toThrow(refusal);
  },
);
