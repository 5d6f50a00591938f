/** Groups of every type on real brokers, made by the JVM's own clients: what is told of them, where they stand, what can be changed. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ClientQuota } from '../../src/kafka/admin-contract.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import { openKafka, produce, testBootstrap, topicForTest, uniqueName } from '../helpers/kafka-clients.ts';
import { type KafkaPeer, startKafkaPeer } from '../helpers/kafka-peer.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let kafka: Kafka;
let jvm: KafkaPeer;
const admin = () => kafka.admin();

beforeAll(async () => {
  kafka = openKafka('admin').kafka;
  jvm = await startKafkaPeer(testBootstrap());
});
afterAll(async () => {
  await jvm?.close();
  await kafka.close();
});

const newTopic = (partitions: number) => topicForTest(kafka, 'grouped', { partitions, replicationFactor: 1 });

const describeOne = async (groupId: string) => (await admin().describeGroups([groupId]))[0]!;
const listed = async (groupId: string) => (await admin().groups()).find((one) => one.groupId === groupId);

test('a group of the consumer protocol: type, epochs, members, what they read and are to read', async () => {
  const topic = await newTopic(2);
  const modern = uniqueName('modern');
  const own = { 'client.id': 'jvm-1', 'group.instance.id': 'static-1', 'enable.auto.commit': 'false' };
  await jvm.join('modern', { ...own, 'group.id': modern, 'group.protocol': 'consumer' }, topic);
  const both = [0, 1].map((partition) => ({ topic, partition }));
  await waitUntil('the member has both partitions', async () => {
    const { state, members } = await describeOne(modern);
    return (state === 'Stable' && members[0]?.assignment.length === 2) || { state, members };
  });
  const one = { clientId: 'jvm-1', host: '/127.0.0.1', instanceId: 'static-1', subscribedTopics: [topic], assignment: both };
  const modernGroup = await describeOne(modern);
  expect(modernGroup).toMatchObject({ groupType: 'consumer', protocolType: 'consumer', error: null, members: [one] });
  expect(modernGroup.epoch).toBeGreaterThan(0);
  expect(modernGroup.assignmentEpoch).toBe(modernGroup.epoch);
  expect(modernGroup.members[0]).toMatchObject({ epoch: modernGroup.epoch, targetAssignment: both, subscribedRegex: null });
  expect(await listed(modern)).toMatchObject({ groupType: 'consumer', state: 'Stable' });

  // While somebody is in it nothing can be changed.
  await expect(admin().alterGroupOffsets(modern, [{ topic, partition: 0, offset: 0n }])).rejects.toMatchObject({
    kafkaName: expect.stringMatching(/UNKNOWN_MEMBER_ID|STALE_MEMBER_EPOCH/),
  });
  await expect(admin().deleteGroups([modern])).rejects.toMatchObject({ kafkaName: 'NON_EMPTY_GROUP' });
  await jvm.leave('modern');
  // A static member that stops is kept for its session.
});

test('a share group: its members, where it begins to read, changed and taken out while it is empty', async () => {
  const topic = await newTopic(1);
  await produce(kafka, topic, 10, () => 0);
  const groupId = uniqueName('shared');
  await jvm.join('sharer', { 'group.id': groupId, 'client.id': 'jvm-2' }, topic, true);
  await waitUntil('the sharer has its partition', async () => {
    const { groupType, members } = await describeOne(groupId);
    return (groupType === 'share' && members[0]?.assignment.length === 1) || members;
  });
  expect(await listed(groupId)).toMatchObject({ groupType: 'share' });
  const startOf = async () => (await admin().offsetsOfShareGroups([groupId]))[0];
  // It begins at the end as long as nobody says otherwise: there is no offset to tell of.
  expect(await startOf()).toEqual({ groupId, offsets: [], error: null });
  await expect(admin().alterShareGroupOffsets(groupId, [{ topic, partition: 0, offset: 4n }])).rejects.toMatchObject({
    kafkaName: 'NON_EMPTY_GROUP',
  });
  await jvm.leave('sharer');
  await waitUntil('the share group is empty', async () => (await describeOne(groupId)).members.length === 0);
  await admin().alterShareGroupOffsets(groupId, [{ topic, partition: 0, offset: 4n }]);
  expect(await startOf()).toEqual({ groupId, offsets: [{ topic, partition: 0, offset: 4n }], error: null });
  await admin().deleteShareGroupOffsets(groupId, [topic]);
  expect((await startOf())?.offsets).toEqual([]);
  await admin().deleteGroups([groupId]);
  expect(await listed(groupId)).toBeUndefined();
});

test('where many groups stand, at once; and when the record there was written', async () => {
  const topic = await newTopic(2);
  const timesMs = [1_700_000_000_000, 1_700_000_001_000, 1_700_000_002_000];
  await jvm.produce(
    { 'compression.type': 'zstd' },
    timesMs.map((timestampMs) => ({ topic, partition: 0, value: `${timestampMs}`, timestampMs })),
  );
  // One batch that is larger than what is asked for: only its newest time is told.
  const random = Array.from({ length: 120_000 }, (_, i) => String.fromCharCode(33 + ((i * 7919) % 90))).join('');
  await jvm.produce({}, [{ topic, partition: 1, value: random, timestampMs: timesMs[1]! }]);
  const groups = [uniqueName('stands'), uniqueName('stands')];
  const never = uniqueName('never');
  onTestFinished(() => admin().deleteGroups(groups));
  for (const [i, groupId] of groups.entries()) await admin().alterGroupOffsets(groupId, [{ topic, partition: 0, offset: BigInt(i + 1) }]);
  expect(await admin().offsetsOfGroups([...groups, never])).toEqual([
    { groupId: groups[0], offsets: [{ topic, partition: 0, offset: 1n }], error: null },
    { groupId: groups[1], offsets: [{ topic, partition: 0, offset: 2n }], error: null },
    { groupId: never, offsets: [], error: null },
  ]);
  const asked = [0n, 2n, 3n, 4n].map((offset) => ({ topic, partition: 0, offset }));
  const answers = await Promise.all(asked.map(async (place) => (await admin().recordTimes([place]))[0]));
  expect(answers.map((one) => [one?.timestampMs, one?.isExact, one?.error])).toEqual([
    [timesMs[0], true, null],
    [timesMs[2], true, null],
    [null, true, null],
    [null, false, 'OFFSET_OUT_OF_RANGE'],
  ]);
  const [large, missing] = await admin().recordTimes([
    { topic, partition: 1, offset: 0n },
    { topic, partition: 7, offset: 0n },
  ]);
  expect(large?.timestampMs).toBe(timesMs[1]);
  expect(missing).toMatchObject({ timestampMs: null, error: expect.stringMatching(/LEADER_NOT_AVAILABLE|UNKNOWN_TOPIC/) });
});

test('quotas are what the JVM has set', async () => {
  const user = uniqueName('한글');
  await jvm.setQuota(user, 'request_percentage', 12.5);
  onTestFinished(() => jvm.setQuota(user, 'request_percentage', null));
  let own: ClientQuota | undefined;
  await waitUntil('the quota is there', async () => {
    const quotas = await admin().quotas();
    own = quotas.find(({ entity }) => entity.some(({ name }) => name === user));
    return own?.limits.some(({ key, value }) => key === 'request_percentage' && value === 12.5) || quotas.length;
  });
  expect(own?.entity).toEqual([{ type: 'user', name: user }]);
});
