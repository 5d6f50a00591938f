/** What an operator of brokers asks and changes, on real brokers: settings of many topics, features, elections, moves of replicas. */
import { afterAll, expect, test } from 'vitest';
import { openKafka, topicForTest, uniqueName } from '../helpers/kafka-clients.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const { kafka } = openKafka('admin');
const admin = kafka.admin();
afterAll(() => kafka.close());

const newTopic = (partitions: number, configs: Readonly<Record<string, string>> = {}) =>
  topicForTest(kafka, 'operated', { partitions, replicationFactor: 3, configs });

const partitionOf = async (topic: string, partition: number) =>
  (await admin.topics([topic]))[0]?.partitions.find((one) => one.partition === partition);

test('features: what is switched on lies within what the broker could do', async () => {
  const [broker] = (await admin.cluster()).brokers;
  for (const { finalized, supported } of [await admin.features(), await admin.features(broker?.id)]) {
    const level = finalized.find(({ name }) => name === 'metadata.version')?.level ?? Number.NaN;
    const range = supported.find(({ name }) => name === 'metadata.version');
    expect(level).toBeGreaterThanOrEqual(range?.min ?? Number.NaN);
    expect(level).toBeLessThanOrEqual(range?.max ?? Number.NaN);
  }
});

test('settings of many topics at once; one that is missing carries its error', async () => {
  const [one, two, missing] = [await newTopic(1, { 'min.insync.replicas': '1' }), await newTopic(1), uniqueName('missing')];
  const answers = await admin.topicConfigs([one, missing, two], ['min.insync.replicas', 'unclean.leader.election.enable']);
  const of = (topic: string) => answers.find((answer) => answer.topic === topic);
  expect(of(one)?.entries.map(({ name, value, source }) => [name, value, source])).toEqual([
    ['min.insync.replicas', '1', 'topic'],
    ['unclean.leader.election.enable', 'false', 'default'],
  ]);
  expect(of(two)?.entries).toHaveLength(2);
  expect(of(missing)).toMatchObject({ error: 'UNKNOWN_TOPIC_OR_PARTITION', entries: [] });
});

test('a dry run says what would be refused, and changes nothing', async () => {
  const topic = await newTopic(1);
  const resource = { type: 'topic', name: topic } as const;
  await expect(admin.alterConfigs(resource, { 'retention.ms': 'soon' }, true)).rejects.toMatchObject({ kafkaName: 'INVALID_CONFIG' });
  await admin.alterConfigs(resource, { 'retention.ms': '60000' }, true);
  const retention = (await admin.describeConfigs(resource)).find(({ name }) => name === 'retention.ms');
  expect(retention).toMatchObject({ source: 'default', documentation: expect.stringContaining('retain') });
});

test('a move that only turns the replicas round leaves the leader; the preferred one is elected on demand', async () => {
  const topic = await newTopic(2);
  const before = await partitionOf(topic, 0);
  const [first = -1, ...others] = before?.replicas ?? [];
  expect(before?.leader).toBe(first);
  const replicas = [...others, first];
  expect(await admin.alterReassignments([{ topic, partition: 0, replicas }])).toMatchObject([{ topic, partition: 0, error: null }]);
  await waitUntil('the new order', async () => {
    const now = await partitionOf(topic, 0);
    return (now?.replicas.join() === replicas.join() && now.isr.length === 3) || now;
  });
  expect((await partitionOf(topic, 0))?.leader).toBe(first);
  const outcomes = await admin.electLeaders('preferred', [
    { topic, partition: 0 },
    { topic, partition: 1 },
    { topic, partition: 9 },
  ]);
  expect(outcomes.toSorted((a, b) => a.partition - b.partition).map(({ error }) => error)).toEqual([
    null,
    'ELECTION_NOT_NEEDED',
    'UNKNOWN_TOPIC_OR_PARTITION',
  ]);
  await waitUntil('the preferred leader', async () => (await partitionOf(topic, 0))?.leader === replicas[0]);
  const unclean = await admin.electLeaders('unclean', [{ topic, partition: 0 }]);
  expect(unclean).toMatchObject([{ error: 'ELECTION_NOT_NEEDED' }]);
});

test('no move is under way: none is listed of the topic, none can be taken back', async () => {
  const topic = await newTopic(1);
  expect((await admin.reassignments()).filter((one) => one.topic === topic)).toEqual([]);
  expect(await admin.alterReassignments([{ topic, partition: 0, replicas: null }])).toMatchObject([
    { topic, partition: 0, error: 'NO_REASSIGNMENT_IN_PROGRESS' },
  ]);
});

test('eligible replicas: none of a topic that is whole', async () => {
  const topic = await newTopic(3);
  expect((await admin.eligibleReplicas([topic])).filter((one) => one.eligible.length > 0)).toEqual([]);
  expect(await admin.eligibleReplicas([])).toEqual([]);
});
