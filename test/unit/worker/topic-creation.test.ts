import { describe, expect, test } from 'vitest';
import { LogHub } from '../../../src/base/log.ts';
import type { Admin, NewTopic, TopicInfo } from '../../../src/kafka/contract.ts';
import { KafkaError } from '../../../src/kafka/kafka-error.ts';
import { createTopicIfMissing, groupFor, topicCreationGroups } from '../../../src/worker/topic-creation.ts';

const log = new LogHub(() => 0).log('test');
const config = {
  'topic.creation.groups': 'fast, archive',
  'topic.creation.default.replication.factor': '3',
  'topic.creation.default.partitions': '2',
  'topic.creation.default.cleanup.policy': 'delete',
  'topic.creation.fast.include': 'fast-.*,urgent',
  'topic.creation.fast.exclude': 'fast-x',
  'topic.creation.fast.partitions': '8',
  'topic.creation.fast.retention.ms': '1000',
  'topic.creation.archive.include': 'arch',
};

describe('groups', () => {
  const groups = topicCreationGroups(config);
  test.each([
    ['fast-1', 'fast'],
    ['urgent', 'fast'],
    ['fast-x', 'default'],
    ['arch', 'archive'],
    ['archives', 'default'],
    ['other', 'default'],
  ])('%s → %s', (topic, name) => {
    expect(groupFor(groups, topic)?.name).toBe(name);
  });

  test('partitions and replicas come from the default group when a group has none; other settings do not', () => {
    const [fast, archive] = groups;
    expect(fast).toMatchObject({ partitions: 8, replicationFactor: 3, configs: { 'retention.ms': '1000' } });
    expect(archive).toMatchObject({ partitions: 2, replicationFactor: 3, configs: {} });
    expect(groups[2]).toMatchObject({ name: 'default', configs: { 'cleanup.policy': 'delete' } });
  });

  test('none without such settings: the broker makes topics, or not', () => {
    expect(topicCreationGroups({ topic: 't' })).toEqual([]);
    expect(groupFor([], 't')).toBeNull();
  });
});

describe('the first record of a topic', () => {
  function adminThat(parts: { existing?: string[]; refuse?: Error }) {
    const made: NewTopic[] = [];
    const admin = {
      topics: async (names: readonly string[] = []) =>
        names.map((name): TopicInfo => {
          const exists = parts.existing?.includes(name) ?? false;
          const partition = { partition: 0, leader: 1, leaderEpoch: 0, replicas: [1], isr: [1], offlineReplicas: [], error: null };
          return {
            name,
            topicId: '',
            isInternal: false,
            partitions: exists ? [partition] : [],
            error: exists ? null : 'UNKNOWN_TOPIC_OR_PARTITION',
          };
        }),
      createTopics: async (topics: readonly NewTopic[]) => {
        if (parts.refuse) throw parts.refuse;
        made.push(...topics);
      },
    };
    return { admin: admin as unknown as Admin, made };
  }
  const groups = topicCreationGroups(config);

  test('makes what is missing, leaves what is there', async () => {
    const { admin, made } = adminThat({ existing: ['fast-1'] });
    await createTopicIfMissing('fast-1', groups, admin, log);
    await createTopicIfMissing('fast-2', groups, admin, log);
    expect(made).toEqual([{ name: 'fast-2', partitions: 8, replicationFactor: 3, configs: { 'retention.ms': '1000' } }]);
  });

  test('somebody else may have been faster', async () => {
    const { admin } = adminThat({ refuse: new KafkaError('TOPIC_ALREADY_EXISTS', 'exists') });
    await createTopicIfMissing('fast-2', groups, admin, log);
  });

  test('a refusal is named with topic, settings and reason', async () => {
    const { admin } = adminThat({ refuse: new KafkaError('INVALID_REPLICATION_FACTOR', '3 replicas on 1 broker') });
    await expect(createTopicIfMissing('fast-2', groups, admin, log)).rejects.toThrow(
      'Task failed to create new topic (name=fast-2, numPartitions=8, replicationFactor=3, configs={retention.ms=1000}). Ensure that the task is authorized to create topics or that the topic exists and restart the task. Reason: 3 replicas on 1 broker',
    );
  });
});
