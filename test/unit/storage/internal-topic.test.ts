import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { LogHub } from '../../../src/base/log.ts';
import { KafkaError } from '../../../src/kafka/kafka-error.ts';
import { ensureInternalTopic, internalTopic } from '../../../src/storage/internal-topic.ts';
import { MemoryTopics } from '../../helpers/memory-topics.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

const warnings: string[] = [];
const hub = new LogHub(() => 0);
hub.attach(({ level, message }) => {
  if (level === 'WARN') warnings.push(message);
});
const log = hub.log('test');

describe('what a worker says of its topics', () => {
  test('defaults are those of the original', () => {
    expect(internalTopic('config', { 'config.storage.topic': 'c' }, log)).toEqual({
      ...{ kind: 'config', name: 'c', partitions: 1, replicationFactor: 3, settings: {} },
    });
    expect(internalTopic('offset', { 'offset.storage.topic': 'o' }, log)).toMatchObject({ partitions: 25, replicationFactor: 3 });
    expect(internalTopic('status', { 'status.storage.topic': 's' }, log)).toMatchObject({ partitions: 5, replicationFactor: 3 });
  });

  test('counts and settings are taken; those without effect are named', () => {
    warnings.length = 0;
    const worker = {
      'config.storage.topic': 'c',
      'config.storage.replication.factor': '-1',
      'config.storage.partitions': '7',
      'config.storage.cleanup.policy': 'delete',
      'config.storage.segment.ms': '1000',
      'offset.storage.topic': 'o',
      'offset.storage.partitions': '-1',
      'offset.storage.file.filename': '/tmp/x',
      'offset.storage.min.insync.replicas': '2',
    };
    expect(internalTopic('config', worker, log)).toMatchObject({
      partitions: 1,
      replicationFactor: -1,
      settings: { 'segment.ms': '1000' },
    });
    expect(internalTopic('offset', worker, log)).toMatchObject({ partitions: -1, settings: { 'min.insync.replicas': '2' } });
    expect(warnings).toEqual([
      'config.storage.cleanup.policy="delete" is ignored: topic "c" is always compacted.',
      'config.storage.partitions="7" is ignored: topic "c" always has one partition.',
    ]);
  });

  test.each([
    [{}, 'Missing required configuration "status.storage.topic" which has no default value.'],
    [{ 'status.storage.topic': 's', 'status.storage.partitions': '0' }, 'Invalid value 0 for configuration status.storage.partitions'],
    [
      { 'status.storage.topic': 's', 'status.storage.replication.factor': 'two' },
      'Invalid value two for configuration status.storage.repl',
    ],
  ])('%j is refused', (worker, message) => {
    expect(() => internalTopic('status', worker, log)).toThrow(message);
  });
});

describe('the topic itself', () => {
  const clock = createTestClock();
  const config = internalTopic('config', { 'config.storage.topic': 'configs', 'config.storage.segment.ms': '1000' }, log);
  const offset = internalTopic('offset', { 'offset.storage.topic': 'offsets' }, log);
  const ensure = (topics: MemoryTopics, topic = config) => ensureInternalTopic(topics.kafka().admin(), topic, { clock, log });

  test('is made compacted when it is missing, once, also by workers that race', async () => {
    const topics = new MemoryTopics();
    await Promise.all([ensure(topics), ensure(topics), ensure(topics, offset), ensure(topics, offset)]);
    expect(topics.created).toEqual([
      { name: 'configs', partitions: 1, replicationFactor: 3, configs: { 'segment.ms': '1000', 'cleanup.policy': 'compact' } },
      { name: 'offsets', partitions: 25, replicationFactor: 3, configs: { 'cleanup.policy': 'compact' } },
    ]);
  });

  test.each(['delete', 'compact,delete', 'delete,compact', ''])('with cleanup.policy=%s is refused', async (policy) => {
    const topics = new MemoryTopics();
    topics.create({ name: 'offsets', partitions: 25, replicationFactor: 3, configs: { 'cleanup.policy': policy } });
    const error = await ensure(topics, offset).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toBe(
      "Topic 'offsets' supplied via the 'offset.storage.topic' property is required to have 'cleanup.policy=compact' to guarantee consistency " +
        `and durability of source connector offsets, but found the topic currently has 'cleanup.policy=${policy}'. ` +
        'Set cleanup.policy=compact on it, or name another topic in offset.storage.topic.',
    );
  });

  test('of configurations with more than one partition is refused', async () => {
    const topics = new MemoryTopics();
    topics.create({ name: 'configs', partitions: 3, replicationFactor: 3, configs: { 'cleanup.policy': 'compact' } });
    await expect(ensure(topics)).rejects.toThrow(
      "Topic 'configs' supplied via the 'config.storage.topic' property is required to have a single partition in order to guarantee consistency of connector configurations, but found 3 partitions.",
    );
    topics.create({ name: 'offsets', partitions: 3, replicationFactor: 3, configs: { 'cleanup.policy': 'compact' } });
    await ensure(topics, offset);
  });

  test('whose policy nobody tells is taken with a warning', async () => {
    const topics = new MemoryTopics();
    topics.create({ name: 'configs', partitions: 1, replicationFactor: 3, configs: {} });
    warnings.length = 0;
    await ensure(topics);
    topics.onAdmin = (call) => {
      if (call === 'describeConfigs') throw new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED: topic "configs"');
    };
    await ensure(topics);
    expect(warnings).toEqual([
      expect.stringMatching(/^No broker tells cleanup.policy of topic "configs"/),
      expect.stringMatching(/^Cannot read cleanup.policy of topic "configs" .*TOPIC_AUTHORIZATION_FAILED/),
    ]);
  });

  test('that was made by somebody else just now is checked once its brokers have heard of it', async () => {
    const topics = new MemoryTopics();
    let unknown = 3;
    topics.onAdmin = (call) => {
      if (call === 'createTopics' && !topics.topics.has('configs'))
        topics.create({ name: 'configs', partitions: 1, replicationFactor: 3, configs: { 'cleanup.policy': 'delete' } });
      if (call === 'describeConfigs' && unknown-- > 0)
        throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_OR_PARTITION: topic "configs"');
    };
    const refused = ensure(topics).catch((error: unknown) => error);
    await clock.advance(1_000);
    expect(await refused).toMatchObject({ message: expect.stringContaining("but found the topic currently has 'cleanup.policy=delete'") });
  });

  test('whose policy cannot be read for now is no reason to go on', async () => {
    const topics = new MemoryTopics();
    topics.create({ name: 'configs', partitions: 1, replicationFactor: 3, configs: { 'cleanup.policy': 'compact' } });
    topics.onAdmin = (call) => {
      if (call === 'describeConfigs') throw new KafkaError('DISCONNECTED', 'no broker answers');
    };
    await expect(ensure(topics)).rejects.toMatchObject({ isRetriable: true, message: expect.stringContaining('cleanup.policy') });
  });

  test('with more replicas than brokers waits for more, then says how many there are', async () => {
    const topics = new MemoryTopics();
    topics.brokers = 1;
    const problem =
      'Cannot make topic "configs" (config.storage.topic) with config.storage.replication.factor=3: the cluster has 1 broker now. ' +
      'Start more brokers, or set config.storage.replication.factor to what there are.';
    warnings.length = 0;
    const made = ensure(topics);
    await clock.advance(20_000);
    topics.brokers = 3;
    await clock.advance(1_000);
    await made;
    expect(warnings).toEqual([`${problem} Waiting 30 s for more.`]);
    topics.brokers = 1;
    const refused = ensure(topics, { ...config, name: 'others' }).catch((error: unknown) => error);
    await clock.advance(31_000);
    expect(await refused).toMatchObject({ message: problem.replace('"configs"', '"others"') });
  });

  test('that cannot be made says which right is missing', async () => {
    const topics = new MemoryTopics();
    topics.onAdmin = (call) => {
      if (call === 'createTopics') throw new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED: topic "configs"');
    };
    await expect(ensure(topics)).rejects.toThrow(
      'Cannot make topic "configs" (config.storage.topic): TOPIC_AUTHORIZATION_FAILED: topic "configs". The worker needs the rights',
    );
  });
});
