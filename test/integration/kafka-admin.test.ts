/** The admin on real brokers, beside what the JVM's own Admin says of the same things. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import type { AclBinding, Kafka, NewTopic } from '../../src/kafka/contract.ts';
import {
  everyBrokerKnows,
  fetchAll,
  openKafka,
  type Properties,
  testBootstrap,
  topicForTest,
  uniqueName,
} from '../helpers/kafka-clients.ts';
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

const newTopic = (partitions: number, configs: Properties = {}, replicationFactor = 1) =>
  topicForTest(kafka, 'administered', { partitions, replicationFactor, configs });

/** One record of `timestampMs` each, into partition 0. */
const writeAt = (topic: string, timesMs: readonly number[]) =>
  jvm.produce(
    {},
    timesMs.map((timestampMs) => ({ topic, partition: 0, value: `${timestampMs}`, timestampMs })),
  );

/** An error with this name, whose message has these parts in this order. */
const refusal = (kafkaName: string, ...parts: string[]) => ({
  kafkaName,
  message: expect.stringMatching(new RegExp(parts.map((part) => part.replace(/[^\w ]/g, '\\$&')).join('.*'), 's')),
});

// ---- the cluster

test('cluster, quorum, topics, disks and groups are what the JVM says', async () => {
  const topic = await newTopic(3, {}, 3);
  const groupId = uniqueName('seen');
  onTestFinished(() => admin().deleteGroups([groupId]));
  await writeAt(topic, [1, 2, 3]);
  await admin().alterGroupOffsets(groupId, [
    { topic, partition: 0, offset: 2n },
    { topic, partition: 2, offset: 0n },
  ]);
  const theirs = await jvm.look(topic, groupId);
  const { controllerId, ...cluster } = await admin().cluster();
  expect(cluster).toEqual({ clusterId: theirs.clusterId, brokers: theirs.brokers });
  const quorum = await admin().quorum();
  expect({ ...quorum, voters: quorum.voters.map(({ id }) => id).sort() }).toMatchObject(theirs.quorum);
  expect(controllerId).toBe(quorum.leaderId);
  for (const voter of quorum.voters) expect(quorum.highWatermark - voter.logEndOffset).toBeLessThan(1000n);

  const [info] = await admin().topics([topic]);
  expect(info).toMatchObject({ name: topic, topicId: theirs.topicId, isInternal: false, error: null, partitions: theirs.partitions });
  expect((await admin().topics()).find(({ name }) => name === topic)).toEqual(info);

  const dirs = await admin().logDirs();
  const sizes = dirs.flatMap(({ brokerId, path: folder, partitions }) =>
    partitions
      .filter((one) => one.topic === topic)
      .map(({ partition, sizeBytes }) => [`${brokerId} ${folder} ${partition}`, `${sizeBytes}`]),
  );
  expect(sizes.length).toBe(9);
  expect(Object.fromEntries(sizes)).toEqual(theirs.sizes);
  for (const { error, totalBytes, usableBytes } of dirs) expect([error, Number(totalBytes) > Number(usableBytes)]).toEqual([null, true]);
  const [first] = cluster.brokers;
  expect(new Set((await admin().logDirs([first?.id ?? -1])).map(({ brokerId }) => brokerId))).toEqual(new Set([first?.id]));

  expect((await admin().groups()).find((group) => group.groupId === groupId)).toEqual(theirs.listing);
  expect(
    Object.fromEntries((await admin().groupOffsets(groupId)).map((one) => [`${one.topic}-${one.partition}`, `${one.offset}`])),
  ).toEqual(theirs.offsets);
});

test('a broker that the cluster does not have is said in its place', async () => {
  expect(await admin().logDirs([77])).toMatchObject([{ brokerId: 77, path: '', error: 'DISCONNECTED', partitions: [] }]);
});

// ---- topics

describe('topics', () => {
  test('with their configuration, with more partitions, and gone again', async () => {
    const [one, two] = [uniqueName('one'), uniqueName('two')];
    await admin().createTopics([
      { name: one, partitions: 2, replicationFactor: 3, configs: { 'cleanup.policy': 'compact', 'retention.ms': '60000' } },
      { name: two, partitions: -1, replicationFactor: -1 },
    ]);
    await everyBrokerKnows(kafka, [one, two]);
    const entries = await admin().describeConfigs({ type: 'topic', name: one });
    expect(entries.filter(({ source }) => source === 'topic').map(({ name, value }) => [name, value])).toEqual([
      ['cleanup.policy', 'compact'],
      ['retention.ms', '60000'],
    ]);
    const [first, second] = (await admin().topics([two, one, two])).sort((a) => (a.name === one ? -1 : 1));
    expect(first?.partitions.map(({ replicas, isr }) => [replicas.length, isr.length])).toEqual([
      [3, 3],
      [3, 3],
    ]);
    expect(second?.name).toBe(two);
    await admin().createPartitions(one, 5);
    await waitUntil('five partitions', async () => (await admin().topics([one]))[0]?.partitions.length === 5);
    await admin().deleteTopics([one, two]);
    await waitUntil('none of both', async () =>
      (await admin().topics([one, two])).every(({ error }) => error === 'UNKNOWN_TOPIC_OR_PARTITION'),
    );
    expect((await admin().topics()).filter(({ name }) => name === one || name === two)).toEqual([]);
  });

  test.each<[string, Partial<NewTopic>, string, ...string[]]>([
    ['a name with blanks', { name: 'not a topic' }, 'INVALID_TOPIC_EXCEPTION', 'not a topic'],
    ['more replicas than brokers', { replicationFactor: 9 }, 'INVALID_REPLICATION_FACTOR', '9'],
    ['no partition', { partitions: 0 }, 'INVALID_PARTITIONS'],
    ['a setting that does not exist', { configs: { 'no.such.setting': '1' } }, 'INVALID_CONFIG', 'no.such.setting'],
    ['a value that is no number', { configs: { 'retention.ms': 'soon' } }, 'INVALID_CONFIG', 'soon', 'retention.ms'],
  ])('%s is refused; the others of the request are created', async (_, change, kafkaName, ...parts) => {
    const [good, bad] = [uniqueName('good'), { name: uniqueName('bad'), partitions: 1, replicationFactor: 1, ...change }];
    onTestFinished(() => admin().deleteTopics([good]));
    await expect(admin().createTopics([bad, { name: good, partitions: 1, replicationFactor: 1 }])).rejects.toMatchObject(
      refusal(kafkaName, `topic "${bad.name}"`, ...parts),
    );
    await waitUntil('the good one', async () => (await admin().topics([good]))[0]?.error === null);
  });

  test('what is there already, and what is not there', async () => {
    const topic = await newTopic(2);
    const missing = uniqueName('missing');
    const again = { name: topic, partitions: 1, replicationFactor: 1 };
    await expect(admin().createTopics([again])).rejects.toMatchObject(refusal('TOPIC_ALREADY_EXISTS', topic));
    await expect(admin().createPartitions(topic, 1)).rejects.toMatchObject(refusal('INVALID_PARTITIONS', topic, '2', '1'));
    await expect(admin().createPartitions(missing, 4)).rejects.toMatchObject(refusal('UNKNOWN_TOPIC_OR_PARTITION', missing));
    await expect(admin().deleteTopics([missing])).rejects.toMatchObject(refusal('UNKNOWN_TOPIC_OR_PARTITION', missing));
    expect(await admin().topics([missing])).toMatchObject([{ name: missing, partitions: [], error: 'UNKNOWN_TOPIC_OR_PARTITION' }]);
  });
});

// ---- configurations

describe('configurations', () => {
  test('of topics, brokers and groups with their origin, as the JVM tells them', async () => {
    const topic = await newTopic(1, { 'retention.ms': '60000' });
    const groupId = uniqueName('configured');
    await admin().alterConfigs({ type: 'group', name: groupId }, { 'consumer.session.timeout.ms': '50000' });
    onTestFinished(() => admin().alterConfigs({ type: 'group', name: groupId }, { 'consumer.session.timeout.ms': null }));
    const sources: Readonly<Record<string, string>> = {
      topic: 'DYNAMIC_TOPIC_CONFIG',
      broker: 'DYNAMIC_BROKER_CONFIG',
      'default-broker': 'DYNAMIC_DEFAULT_BROKER_CONFIG',
      static: 'STATIC_BROKER_CONFIG',
      default: 'DEFAULT_CONFIG',
      group: 'DYNAMIC_GROUP_CONFIG',
    };
    const brokerId = `${(await admin().cluster()).brokers[0]?.id}`;
    for (const { type, name } of [
      { type: 'topic', name: topic },
      { type: 'broker', name: brokerId },
      { type: 'group', name: groupId },
    ] as const) {
      const ours = await admin().describeConfigs({ type, name });
      const theirs = await jvm.describeConfigs({}, type.toUpperCase() as 'TOPIC', name);
      expect(ours.map(({ documentation: _, ...entry }) => ({ ...entry, source: sources[entry.source] }))).toEqual(theirs);
      expect(theirs.length).toBeGreaterThan(3);
    }
    const [own] = (await admin().describeConfigs({ type: 'group', name: groupId })).filter(({ source }) => source === 'group');
    expect(own).toMatchObject({ name: 'consumer.session.timeout.ms', value: '50000' });
  });

  test('one setting changes, the others stay; lists grow and shrink; null is the default again', async () => {
    const topic = await newTopic(1, { 'retention.ms': '60000', 'cleanup.policy': 'compact' });
    const resource = { type: 'topic', name: topic } as const;
    const own = async () =>
      Object.fromEntries(
        (await admin().describeConfigs(resource)).filter(({ source }) => source === 'topic').map(({ name, value }) => [name, value]),
      );
    const becomes = (wanted: Properties) =>
      waitUntil(`the topic to have ${JSON.stringify(wanted)}`, async () => {
        const seen = await own();
        return JSON.stringify(seen) === JSON.stringify(wanted) || seen;
      });
    await admin().alterConfigs(resource, { 'max.message.bytes': '2000', 'cleanup.policy': { append: 'delete' } });
    await becomes({ 'cleanup.policy': 'compact,delete', 'max.message.bytes': '2000', 'retention.ms': '60000' });
    await admin().alterConfigs(resource, { 'retention.ms': null, 'cleanup.policy': { subtract: 'compact' } });
    await becomes({ 'cleanup.policy': 'delete', 'max.message.bytes': '2000' });
    await admin().alterConfigs(resource, {});
    await admin().alterConfigs(resource, { 'max.message.bytes': null, 'cleanup.policy': null });
    await becomes({});
  });

  test('what is refused is named', async () => {
    const topic = await newTopic(1);
    const missing = uniqueName('missing');
    const alter = (name: string, changes: Parameters<ReturnType<typeof admin>['alterConfigs']>[1]) =>
      admin().alterConfigs({ type: 'topic', name }, changes);
    await expect(alter(topic, { 'retention.ms': 'soon' })).rejects.toMatchObject(refusal('INVALID_CONFIG', topic, 'retention.ms', 'soon'));
    await expect(alter(topic, { 'no.such.setting': '1' })).rejects.toMatchObject(refusal('INVALID_CONFIG', topic, 'no.such.setting'));
    await expect(alter(topic, { 'retention.ms': { append: '5' } })).rejects.toMatchObject(refusal('INVALID_CONFIG', topic, 'retention.ms'));
    await expect(alter(missing, { 'retention.ms': '5' })).rejects.toMatchObject(refusal('UNKNOWN_TOPIC_OR_PARTITION', missing));
    await expect(admin().describeConfigs({ type: 'topic', name: missing })).rejects.toMatchObject(
      refusal('UNKNOWN_TOPIC_OR_PARTITION', missing),
    );
    await expect(admin().describeConfigs({ type: 'broker', name: 'one' })).rejects.toMatchObject(refusal('INVALID_REQUEST', '"one"'));
  });
});

// ---- offsets

test('offsets at both ends, by time, and of the newest record; each partition with its own answer', async () => {
  const topic = await newTopic(2);
  await writeAt(topic, [1000, 5000, 3000, 4000]);
  await jvm.produce({ 'transactional.id': uniqueName('open') }, [{ topic, partition: 0, value: 'open', timestampMs: 6000 }], 'leave open');
  const [one, empty, absent] = [0, 1, 7].map((partition) => ({ topic, partition }));
  const list = async (...args: Parameters<ReturnType<typeof admin>['listOffsets']>) =>
    (await admin().listOffsets(...args)).map(({ partition, offset, timestampMs, error }) => [partition, offset, timestampMs, error]);
  const all = [empty!, absent!, one!];
  expect(await list(all, 'earliest')).toEqual([
    [1, 0n, null, null],
    [7, null, null, 'UNKNOWN_TOPIC_OR_PARTITION'],
    [0, 0n, null, null],
  ]);
  expect(await list([one!, empty!], 'latest')).toEqual([
    [0, 5n, null, null],
    [1, 0n, null, null],
  ]);
  expect(await list([one!], 'latest', 'read_committed')).toEqual([[0, 4n, null, null]]);
  expect(await list([one!, empty!], 'max-timestamp')).toEqual([
    [0, 4n, 6000, null],
    [1, null, null, null],
  ]);
  expect(await list([one!, empty!], { timestampMs: 3500 })).toEqual([
    [0, 1n, 5000, null],
    [1, null, null, null],
  ]);
  expect(await list([one!], { timestampMs: 6001 })).toEqual([[0, null, null, null]]);
});

test('records are deleted up to an offset; what cannot be is said of each partition', async () => {
  const topic = await newTopic(2);
  await writeAt(topic, [1, 2, 3, 4]);
  await admin().deleteRecords([
    { topic, partition: 0, offset: 3n },
    { topic, partition: 1, offset: 0n },
  ]);
  expect((await admin().listOffsets([{ topic, partition: 0 }], 'earliest'))[0]?.offset).toBe(3n);
  expect((await fetchAll(kafka, topic, 1)).map(({ offset }) => offset)).toEqual([3n]);
  const bad = [
    { topic, partition: 0, offset: 100n },
    { topic, partition: 5, offset: 1n },
    { topic: uniqueName('missing'), partition: 0, offset: 1n },
  ];
  const error = await admin()
    .deleteRecords(bad)
    .then(
      () => null,
      (cause: Error) => cause,
    );
  for (const one of bad) expect(error?.message).toContain(`topic "${one.topic}"`);
  expect(error?.message).toMatch(/OFFSET_OUT_OF_RANGE/);
  expect(error?.message).toMatch(/UNKNOWN_TOPIC_OR_PARTITION/);
});

// ---- groups

describe('groups', () => {
  test.each([
    ['classic', { 'group.protocol': 'classic' }, { protocolType: 'consumer', protocol: 'range', groupType: 'classic' }],
    ['consumer', { 'group.protocol': 'consumer' }, { protocolType: 'consumer', protocol: 'uniform', groupType: 'consumer' }],
  ])('a %s group with a member: listed, described, guarded; empty: changed and deleted', async (_, config, expected) => {
    const topic = await newTopic(2);
    const groupId = uniqueName('group');
    await writeAt(topic, [1, 2, 3]);
    await jvm.join(groupId, { 'group.id': groupId, 'client.id': 'the member', 'auto.offset.reset': 'earliest', ...config }, topic);
    const [described] = await waitForState(groupId, 'Stable');
    const { groupType, ...description } = expected;
    expect(described).toMatchObject({ groupId, state: 'Stable', ...description, error: null });
    expect(described?.members).toMatchObject([{ clientId: 'the member', host: '/127.0.0.1' }]);
    expect(described?.members[0]?.assignment).toEqual([
      { topic, partition: 0 },
      { topic, partition: 1 },
    ]);
    const listed = (await admin().groups()).find((group) => group.groupId === groupId);
    expect(listed).toEqual({ groupId, protocolType: 'consumer', state: 'Stable', groupType });
    expect(listed).toEqual((await jvm.look(topic, groupId)).listing);
    expect(described?.coordinator).toBeGreaterThan(0);

    const one = { topic, partition: 0 };
    await expect(admin().alterGroupOffsets(groupId, [{ ...one, offset: 1n }])).rejects.toMatchObject(
      refusal('UNKNOWN_MEMBER_ID', groupId, topic),
    );
    await expect(admin().deleteGroupOffsets(groupId, [one])).rejects.toMatchObject(refusal('GROUP_SUBSCRIBED_TO_TOPIC', groupId, topic));
    await expect(admin().deleteGroups([groupId])).rejects.toMatchObject(refusal('NON_EMPTY_GROUP', groupId));

    await jvm.leave(groupId);
    await waitForState(groupId, 'Empty');
    await admin().alterGroupOffsets(groupId, [
      { ...one, offset: 1n },
      { topic, partition: 1, offset: 0n },
    ]);
    expect(await admin().groupOffsets(groupId)).toEqual([
      { ...one, offset: 1n, metadata: '' },
      { topic, partition: 1, offset: 0n, metadata: '' },
    ]);
    await admin().deleteGroupOffsets(groupId, [one]);
    expect((await admin().groupOffsets(groupId)).map(({ partition }) => partition)).toEqual([1]);
    await admin().deleteGroups([groupId]);
    expect(await admin().groupOffsets(groupId)).toEqual([]);
    expect(await admin().describeGroups([groupId])).toMatchObject([{ groupId, state: 'Dead', members: [] }]);
    expect((await admin().groups()).map((group) => group.groupId)).not.toContain(groupId);
  });

  test('a share group is described too', async () => {
    const topic = await newTopic(1);
    const groupId = uniqueName('share');
    await jvm.join(groupId, { 'group.id': groupId, 'client.id': 'the sharer' }, topic, true);
    const [described] = await waitForState(groupId, 'Stable');
    expect(described).toMatchObject({
      protocolType: 'share',
      error: null,
      members: [{ clientId: 'the sharer', assignment: [{ topic, partition: 0 }] }],
    });
    expect((await admin().groups()).find((group) => group.groupId === groupId)).toMatchObject({ groupType: 'share', state: 'Stable' });
    await jvm.leave(groupId);
    await waitForState(groupId, 'Empty');
    await admin().deleteGroups([groupId]);
  });

  test('groups that are not there, beside one that is', async () => {
    const topic = await newTopic(1);
    const [groupId, missing] = [uniqueName('there'), uniqueName('missing')];
    await admin().alterGroupOffsets(groupId, [{ topic, partition: 0, offset: 0n }]);
    expect((await admin().describeGroups([missing, groupId])).map((one) => [one.groupId, one.state])).toEqual([
      [missing, 'Dead'],
      [groupId, 'Empty'],
    ]);
    expect(await admin().groupOffsets(missing)).toEqual([]);
    await expect(admin().deleteGroups([missing, groupId])).rejects.toMatchObject(refusal('GROUP_ID_NOT_FOUND', missing));
    expect((await admin().groups()).map((group) => group.groupId)).not.toContain(groupId);
    await expect(admin().deleteGroupOffsets(missing, [{ topic, partition: 0 }])).rejects.toMatchObject(
      refusal('GROUP_ID_NOT_FOUND', missing),
    );
    await expect(admin().alterGroupOffsets(uniqueName('new'), [{ topic: missing, partition: 0, offset: 0n }])).rejects.toMatchObject(
      refusal('UNKNOWN_TOPIC_OR_PARTITION', missing),
    );
  });

  async function waitForState(groupId: string, state: string) {
    let groups = await admin().describeGroups([groupId]);
    await waitUntil(`group ${groupId} to be ${state}`, async () => {
      groups = await admin().describeGroups([groupId]);
      const [group] = groups;
      const isWhole = state !== 'Stable' || (group?.members.length ?? 0) > 0;
      return (group?.state === state && isWhole && group.members.every(({ assignment }) => assignment.length > 0)) || group?.state;
    });
    return groups;
  }
});

// ---- ACLs

describe('ACLs', () => {
  test('brokers without an authorizer say so', async () => {
    await expect(admin().acls()).rejects.toMatchObject(refusal('SECURITY_DISABLED', 'ACLs'));
  });

  test('of an authorizer, as the JVM has created them', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-acls-'));
    onTestFinished(() => removeCluster(folder));
    const cluster = await startKafkaCluster({
      brokers: 1,
      folder,
      properties: { 'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer', 'super.users': 'User:ANONYMOUS' },
    });
    onTestFinished(() => cluster.stop());
    const client = openKafka('admin', { 'bootstrap.servers': cluster.bootstrap }).kafka;
    onTestFinished(() => client.close());
    expect(await client.admin().acls()).toEqual([]);
    const binding = (
      resourceType: string,
      resourceName: string,
      patternType: string,
      operation: string,
      permission = 'ALLOW',
    ): AclBinding => ({
      resourceType,
      resourceName,
      patternType,
      principal: 'User:alice',
      host: '*',
      operation,
      permission,
    });
    const bindings = [
      binding('TOPIC', 'orders', 'LITERAL', 'READ'),
      binding('TOPIC', 'orders', 'LITERAL', 'WRITE', 'DENY'),
      binding('TOPIC', 'logs-', 'PREFIXED', 'ALL'),
      binding('GROUP', 'connect-', 'PREFIXED', 'DELETE'),
      binding('CLUSTER', 'kafka-cluster', 'LITERAL', 'IDEMPOTENT_WRITE'),
      binding('TRANSACTIONAL_ID', '*', 'LITERAL', 'TWO_PHASE_COMMIT'),
      binding('DELEGATION_TOKEN', 'x', 'LITERAL', 'DESCRIBE'),
      { ...binding('USER', 'User:bob', 'LITERAL', 'CREATE_TOKENS'), host: '127.0.0.1' },
    ];
    await jvm.createAcls({ 'bootstrap.servers': cluster.bootstrap }, bindings);
    const sorted = (list: readonly AclBinding[]) => list.map((one) => JSON.stringify(one)).sort();
    await waitUntil('all to be there', async () => (await client.admin().acls()).length === bindings.length);
    expect(sorted(await client.admin().acls())).toEqual(sorted(bindings));
  });
});
