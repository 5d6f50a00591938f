/** The three internal topics on real brokers: the contract suites, races, topics of the original, transactions. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { LogHub } from '../../src/base/log.ts';
import type { Kafka, TopicLogOptions } from '../../src/kafka/contract.ts';
import { KafkaConfigStore } from '../../src/storage/config/kafka.ts';
import { type InternalTopicKind, internalTopic } from '../../src/storage/internal-topic.ts';
import { KafkaOffsetStore } from '../../src/storage/offset/kafka.ts';
import { SourceOffsets } from '../../src/storage/offset/source-offsets.ts';
import { KafkaStatusStore } from '../../src/storage/status/kafka.ts';
import { configStoreContract, noting } from '../contracts/config-store-contract.ts';
import { offsetStoreContract } from '../contracts/offset-store-contract.ts';
import { statusOf, statusStoreContract } from '../contracts/status-store-contract.ts';
import { openKafka, topicForTest, uniqueName } from '../helpers/kafka-clients.ts';
import { goldenTopic } from '../helpers/topic-golden.ts';

let kafka: Kafka;
const made = new Set<string>();
const warnings: string[] = [];
const hub = new LogHub(() => 0);
hub.attach(({ level, message }) => {
  if (level === 'WARN' || level === 'ERROR') warnings.push(message);
});
const log = hub.log('test');

beforeAll(() => {
  kafka = openKafka('admin').kafka;
});
afterAll(async () => {
  await kafka.admin().deleteTopics([...made]);
  await kafka.close();
});

/** `topic`: one that is there; else one with a name of its own is made by the store. */
function partsOf(kind: InternalTopicKind, topic?: string, isolationLevel?: TopicLogOptions['isolationLevel']) {
  const name = topic ?? uniqueName(`stores-${kind}`);
  if (topic === undefined) made.add(name);
  return {
    ...{ kafka, log, clock: systemClock, topic: internalTopic(kind, { [`${kind}.storage.topic`]: name }, log) },
    ...(isolationLevel === undefined ? {} : { isolationLevel }),
  };
}

async function openConfigs(parts: ReturnType<typeof partsOf>) {
  const { listener, events } = noting();
  const store = new KafkaConfigStore(parts);
  await store.start(listener);
  onTestFinished(() => store.stop());
  return { store, events };
}

describe('configurations', () => {
  configStoreContract(() => new KafkaConfigStore(partsOf('config')));
});

describe('configurations that a leader writes in transactions', () => {
  const leaderOf = (parts: ReturnType<typeof partsOf>) => {
    const id = `connect-cluster-${parts.topic.name}`;
    return new KafkaConfigStore({ ...parts, openLeaderProducer: () => kafka.transactionalProducer(id, { lingerMs: 0 }) });
  };

  configStoreContract(() => leaderOf(partsOf('config', undefined, 'read_committed')));

  test('a leader that was followed by another is refused, learns it, and may claim again', async () => {
    const parts = partsOf('config', undefined, 'read_committed');
    const opened = [leaderOf(parts), leaderOf(parts)] as const;
    const lost: string[] = [];
    for (const store of opened) {
      await store.start({ ...noting().listener, onPrivilegesLost: (reason) => lost.push(reason) });
      onTestFinished(() => store.stop());
    }
    const [old, next] = opened;
    await expect(old.putConnectorConfig('c', { n: '0' }, null)).rejects.toThrow(/has not claimed to lead/);
    await old.claimWritePrivileges();
    await old.putConnectorConfig('c', { n: '1' }, 'STARTED');
    await next.claimWritePrivileges();
    expect(next.snapshot().connectors.get('c')?.config).toEqual({ n: '1' });
    await next.putConnectorConfig('c', { n: '2' }, null);
    await expect(old.putConnectorConfig('c', { n: 'zombie' }, null)).rejects.toThrow(/connector "c".*FENCED|EPOCH/);
    // Any worker may do this, and the fenced one too.
    await old.putTargetState('c', 'PAUSED');
    await next.refresh(30_000);
    expect(next.snapshot().connectors.get('c')).toMatchObject({ config: { n: '2' }, target: 'PAUSED' });
    await old.claimWritePrivileges();
    await old.putConnectorConfig('c', { n: '3' }, null);
    await expect(next.putTaskConfigs('c', [{ t: '0' }])).rejects.toThrow(/can be made again/);
    expect(lost).toHaveLength(3);
    expect(old.snapshot().connectors.get('c')).toMatchObject({ config: { n: '3' }, taskConfigs: [] });
  });
});

describe('states', () => {
  statusStoreContract(() => new KafkaStatusStore(partsOf('status')));
});

describe('offsets', () => {
  const parts = () => partsOf('offset', offsetsTopic);
  let offsetsTopic: string;
  beforeAll(() => {
    offsetsTopic = uniqueName('stores-offset');
    made.add(offsetsTopic);
  });
  offsetStoreContract(
    () => new KafkaOffsetStore(parts()),
    async () => {
      const store = new KafkaOffsetStore(parts());
      await store.start();
      return store;
    },
  );
});

test('workers that start at once make one compacted topic of each kind, and agree on what is in it', async () => {
  const config = partsOf('config');
  const status = partsOf('status');
  const [configs] = await Promise.all([
    Promise.all([openConfigs(config), openConfigs(config), openConfigs(config)]),
    ...[1, 2, 3].map(async () => {
      const store = new KafkaStatusStore(status);
      await store.start();
      await store.stop();
    }),
  ]);
  const admin = kafka.admin();
  const topics = await admin.topics([config.topic.name, status.topic.name]);
  expect(topics.map(({ partitions }) => [partitions.length, partitions[0]?.replicas.length]).sort()).toEqual([
    [1, 3],
    [5, 3],
  ]);
  const settings = await admin.describeConfigs({ type: 'topic', name: config.topic.name });
  expect(settings.find(({ name }) => name === 'cleanup.policy')?.value).toBe('compact');

  await Promise.all(configs.map(({ store }, i) => store.putConnectorConfig(`c-${i}`, { n: `${i}` }, 'PAUSED')));
  await Promise.all(configs.map(({ store }, i) => store.putTaskConfigs(`c-${i}`, [{ t: '0' }, { t: '1' }])));
  await Promise.all(configs.map(({ store }) => store.refresh(30_000)));
  const [first, ...others] = configs;
  expect(first?.store.snapshot().offset).toBe(15n);
  expect(first?.store.snapshot().connectors.size).toBe(3);
  for (const { store, events } of others) {
    expect(store.snapshot()).toEqual(first?.store.snapshot());
    expect(events).toEqual(first?.events);
  }
});

test('topics with the bytes of the original are read as it reads them', async () => {
  const topic = (name: string, partitions: number) =>
    topicForTest(kafka, name, { partitions, replicationFactor: -1, configs: { 'cleanup.policy': 'compact' } });
  const names = {
    'connect-configs': await topic('golden-configs', 1),
    'connect-status': await topic('golden-status', 5),
    'connect-offsets': await topic('golden-offsets', 3),
  };
  const producer = kafka.producer();
  for (const [golden, name] of Object.entries(names) as [keyof typeof names, string][]) {
    await producer.ready(name);
    for (const { key, value, partition, timestampMs } of goldenTopic(golden))
      producer.send(name, partition, key, value, null, timestampMs, null);
  }
  await producer.close(30_000);

  const { store, events } = await openConfigs(partsOf('config', names['connect-configs']));
  expect(store.snapshot().offset).toBe(37n);
  expect([...store.snapshot().connectors.keys()]).toEqual(['snk', 'src-a', 'src-b', 'src-c']);
  expect(store.snapshot().connectors.get('snk')?.taskConfigs).toHaveLength(2);
  expect(events).toEqual([]);

  const statuses = new KafkaStatusStore(partsOf('status', names['connect-status']));
  onTestFinished(() => statuses.stop());
  await statuses.start();
  expect(statuses.task({ connector: 'src-b', task: 0 })).toEqual(statusOf('RUNNING', { workerId: '127.0.0.1:8084', generation: 23 }));
  expect(statuses.connectors()).toEqual(new Set(['snk', 'src-a', 'src-b', 'src-c']));

  const offsets = new KafkaOffsetStore(partsOf('offset', names['connect-offsets']));
  onTestFinished(() => offsets.stop());
  await offsets.start();
  expect(await new SourceOffsets(offsets, log).read('src-b', [{ filename: '/dat/x.txt' }])).toEqual([{ position: 6n }]);
});

test('a topic that could lose what it keeps is refused', async () => {
  const deleting = await topicForTest(kafka, 'deleting', { partitions: 5, replicationFactor: -1, configs: { 'cleanup.policy': 'delete' } });
  await expect(new KafkaStatusStore(partsOf('status', deleting)).start()).rejects.toThrow(
    "but found the topic currently has 'cleanup.policy=delete'",
  );
  const wide = await topicForTest(kafka, 'wide', { partitions: 2, replicationFactor: -1, configs: { 'cleanup.policy': 'compact' } });
  await expect(new KafkaConfigStore(partsOf('config', wide)).start(noting().listener)).rejects.toThrow(
    'required to have a single partition',
  );
  const huge = partsOf('config');
  made.delete(huge.topic.name);
  let nowMs = 0;
  // Whoever waits for more brokers waits for 40 s at once.
  const sleep = async () => {
    nowMs += 40_000;
  };
  const hasty = { ...systemClock, monoMs: () => nowMs, sleep };
  const start = new KafkaConfigStore({ ...huge, clock: hasty, topic: { ...huge.topic, replicationFactor: 100 } }).start(noting().listener);
  await expect(start).rejects.toThrow(/config\.storage\.replication\.factor=100: the cluster has \d+ brokers now/);
});

test('a reader of committed records passes over what was aborted, also at the end of the topic', async () => {
  const name = await topicForTest(kafka, 'transactions', {
    partitions: 1,
    replicationFactor: -1,
    configs: { 'cleanup.policy': 'compact' },
  });
  const producer = kafka.transactionalProducer(uniqueName('stores-leader'));
  onTestFinished(() => producer.close(0));
  await producer.initTransactions();
  const send = async (connector: string) => {
    producer.beginTransaction();
    await producer.ready(name);
    producer.send(name, 0, `connector-${connector}`, '{"properties":{}}', null, null, null);
    await producer.flush();
  };
  await send('committed');
  await producer.commitTransaction();
  await send('aborted');
  await producer.abortTransaction();

  const open = (isolationLevel: TopicLogOptions['isolationLevel']) => openConfigs(partsOf('config', name, isolationLevel));
  const [committed, uncommitted] = await Promise.all([open('read_committed'), open('read_uncommitted')]);
  expect([...committed.store.snapshot().connectors.keys()]).toEqual(['committed']);
  // Markers are no records: the topic ends at 4.
  expect(committed.store.snapshot().offset).toBe(1n);
  expect([...uncommitted.store.snapshot().connectors.keys()]).toEqual(['committed', 'aborted']);
  expect(uncommitted.store.snapshot().offset).toBe(3n);

  await send('open');
  await uncommitted.store.refresh(30_000);
  expect(committed.store.snapshot().connectors.has('open')).toBe(false);
  await producer.commitTransaction();
  await committed.store.refresh(30_000);
  expect(committed.events).toEqual(['update open']);
  expect(committed.store.snapshot().offset).toBe(5n);
});
