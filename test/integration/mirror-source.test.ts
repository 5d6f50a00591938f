/** MirrorSourceConnector and MirrorHeartbeatConnector between two real clusters: bytes, offsets, syncs, topics, settings, ACLs, faults. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FetchedRecord, Kafka, NewTopic } from '../../src/kafka/contract.ts';
import { decodeHeartbeat, heartbeatKey } from '../../src/plugins/connectors/mirror/heartbeat/heartbeat.ts';
import { decodeOffsetSync, offsetSyncKey, offsetSyncValue } from '../../src/plugins/connectors/mirror/shared/offset-sync.ts';
import { RECORDS_OF_EVERY_KIND } from '../helpers/kafka-records.ts';
import {
  BYTE_CONVERTERS,
  contentsOf,
  type MirrorClusters,
  mirrorConfig,
  startMirrorClusters,
  uniqueAliases,
} from '../helpers/mirror-clusters.ts';
import {
  countOf,
  produceRecords,
  produceTexts,
  readTopic,
  testBootstrap,
  testKafka,
  uniqueName,
  valuesOf,
} from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { startWorkerProcess } from '../helpers/worker-process.ts';

let clusters: MirrorClusters;
beforeAll(async () => {
  clusters = await startMirrorClusters();
});
afterAll(() => clusters[Symbol.asyncDispose]());

async function sourceTopic(what: string, partitions: number, configs: NonNullable<NewTopic['configs']> = {}): Promise<string> {
  const name = uniqueName(what);
  await clusters.source.admin().createTopics([{ name, partitions, replicationFactor: 1, configs }]);
  return name;
}

const values = (from: number, count: number) => Array.from({ length: count }, (_, i) => `value ${from + i}`);

/** Of the topic of offset syncs, with keys and values as they are. */
async function syncsOf(kafka: Kafka, topic: string) {
  const syncs: string[] = [];
  const bytes: FetchedRecord[] = [];
  await readTopic(kafka, topic, (record) => {
    const sync = decodeOffsetSync(record.key, record.value);
    syncs.push(`${sync.topic}-${sync.partition} ${sync.upstreamOffset}>${sync.downstreamOffset}`);
    if (!offsetSyncKey(sync).equals(record.key!) || !offsetSyncValue(sync).equals(record.value!)) bytes.push(record);
  });
  expect(bytes).toEqual([]);
  return syncs;
}

async function copiedUpTo(connector: string, offsets: Readonly<Record<string, bigint>>): Promise<void> {
  await waitUntil(`${connector} has stored ${Object.values(offsets)}`, async () => {
    const stored = await clusters.rig.herder.connectorOffsets(connector);
    const now = Object.fromEntries(
      stored.offsets.map(({ partition, offset }) => [`${partition?.topic}-${partition?.partition}`, offset?.offset]),
    );
    return Object.entries(offsets).every(([place, offset]) => now[place] === offset) || now;
  });
}

test('records of every kind arrive byte for byte, from every codec; a restart goes on behind them', async () => {
  const { rig, source, target, sourceBootstrap } = clusters;
  const [topic, aliases, name] = [await sourceTopic('kinds', 3), uniqueAliases(), uniqueName('mirror')];
  await produceRecords(source, topic, RECORDS_OF_EVERY_KIND, 3);
  for (const compression of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    const producer = source.producer({ compression });
    for (const value of values(0, 200)) while (!producer.send(topic, 1, compression, value, null, 7, null)) await producer.ready(topic);
    await producer.flush();
    await producer.close(0);
  }
  await rig.create(name, { ...mirrorConfig(aliases, sourceBootstrap, topic), 'tasks.max': '2' });
  const copy = `${aliases.a}.${topic}`;
  const wanted = await contentsOf(source, topic);
  await rig.waitCount(copy, wanted.length);
  expect(await contentsOf(target, copy)).toEqual(wanted);
  expect((await rig.states(name)).length).toBe(3);

  const ends = (
    await source.admin().listOffsets(
      [0, 1, 2].map((partition) => ({ topic, partition })),
      'latest',
    )
  ).map(({ offset }) => offset! - 1n);
  await copiedUpTo(name, { [`${topic}-0`]: ends[0]!, [`${topic}-1`]: ends[1]!, [`${topic}-2`]: ends[2]! });
  await rig.herder.stopConnector(name);
  await rig.waitStates(name, 'STOPPED');
  await produceTexts(source, topic, values(1, 30), 3);
  await rig.herder.resumeConnector(name);
  await rig.waitCount(copy, wanted.length + 30);
  expect(await contentsOf(target, copy)).toEqual(await contentsOf(source, topic));

  // The last of each partition is told with a commit at the latest.
  const place = (partition: number, offset: bigint) => `${topic}-${partition} ${offset}>${offset}`;
  await waitUntil('the last offsets are told', async () => {
    const syncs = await syncsOf(source, `mm2-offset-syncs.${aliases.b}.internal`);
    return [0, 1, 2].every((partition) => syncs.includes(place(partition, ends[partition]! + 10n))) || syncs;
  });
  const syncs = await syncsOf(source, `mm2-offset-syncs.${aliases.b}.internal`);
  expect(syncs).toEqual(expect.arrayContaining([place(0, 0n), place(0, 101n), place(1, 0n), place(1, 101n), place(1, 202n)]));
});

test('transactions, under their own names: what was aborted is left out, and the syncs know of the gaps', async () => {
  const { rig, source, target, sourceBootstrap } = clusters;
  const [topic, aliases] = [await sourceTopic('transactions', 1), uniqueAliases()];
  const producer = source.transactionalProducer(uniqueName('tx'));
  await producer.initTransactions();
  for (const [round, texts] of [['a', 'b'], ['c'], ['d', 'e']].entries()) {
    producer.beginTransaction();
    for (const text of texts) while (!producer.send(topic, 0, null, text, null, null, null)) await producer.ready(topic);
    await producer.flush();
    await (round === 1 ? producer.abortTransaction() : producer.commitTransaction());
  }
  await producer.close(1_000);
  const more = {
    ...{ 'consumer.isolation.level': 'read_committed', 'offset-syncs.topic.location': 'target' },
    'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy',
  };
  await rig.create(uniqueName('mirror'), mirrorConfig(aliases, sourceBootstrap, topic, more));
  await rig.waitCount(topic, 4);
  expect(await valuesOf(target, topic)).toEqual(['a', 'b', 'd', 'e']);
  await waitUntil('both gaps are told', async () => {
    const syncs = await syncsOf(target, `mm2-offset-syncs.${aliases.a}.internal`);
    return (syncs.includes(`${topic}-0 0>0`) && syncs.includes(`${topic}-0 5>2`)) || syncs;
  });
});

test('topics and partitions that are new are copied, settings follow, and what is excluded stays', async () => {
  const { rig, source, target, sourceBootstrap } = clusters;
  const prefix = uniqueName('grow');
  const [first, second] = [`${prefix}-one`, `${prefix}-two`];
  await source
    .admin()
    .createTopics([
      { name: first, partitions: 1, replicationFactor: 1, configs: { 'retention.bytes': '1000000', 'min.insync.replicas': '1' } },
    ]);
  const [aliases, name] = [uniqueAliases(), uniqueName('mirror')];
  const every = Object.fromEntries(
    ['refresh.topics', 'sync.topic.configs', 'sync.topic.acls'].map((what) => [`${what}.interval.seconds`, '1']),
  );
  await rig.create(name, mirrorConfig(aliases, sourceBootstrap, `${prefix}-.*`, every));
  const [copyOne, copyTwo] = [`${aliases.a}.${first}`, `${aliases.a}.${second}`];
  const settingsOf = async (topic: string) =>
    Object.fromEntries(
      (await target.admin().describeConfigs({ type: 'topic', name: topic }))
        .filter((one) => one.source === 'topic')
        .map((one) => [one.name, one.value]),
    );
  expect(await settingsOf(copyOne)).toEqual({ 'retention.bytes': '1000000' });

  await source.admin().createPartitions(first, 3);
  await source.admin().createTopics([{ name: second, partitions: 2, replicationFactor: 1, configs: { 'cleanup.policy': 'compact' } }]);
  await waitUntil('both copies are as at the source', async () => {
    const copies = await target.admin().topics([copyOne, copyTwo]);
    const now = copies.map(({ partitions }) => partitions.length);
    return (now[0] === 3 && now[1] === 2) || now;
  });
  expect(await settingsOf(copyTwo)).toEqual({ 'cleanup.policy': 'compact' });
  await produceTexts(source, first, values(0, 30), 3);
  await produceRecords(source, second, [{ key: 'k', value: 'v' }]);
  await rig.waitCount(copyOne, 30);
  await rig.waitCount(copyTwo, 1);

  await target
    .admin()
    .alterConfigs({ type: 'topic', name: copyOne }, { 'retention.bytes': '5', 'flush.ms': '77', 'min.insync.replicas': '1' });
  await waitUntil('the settings are those of the source again', async () => {
    const now = await settingsOf(copyOne);
    return (now['retention.bytes'] === '1000000' && now['flush.ms'] === undefined) || now;
  });
  expect((await settingsOf(copyOne))['min.insync.replicas']).toBe('1');
});

test('records that are gone before they were copied are told with their number', async () => {
  const { rig, source, sourceBootstrap } = clusters;
  const [topic, aliases, name] = [await sourceTopic('gap', 1), uniqueAliases(), uniqueName('mirror')];
  await produceTexts(source, topic, values(0, 10));
  await rig.create(name, mirrorConfig(aliases, sourceBootstrap, topic));
  await copiedUpTo(name, { [`${topic}-0`]: 9n });
  await rig.herder.stopConnector(name);
  await rig.waitStates(name, 'STOPPED');
  await produceTexts(source, topic, values(10, 20));
  await source.admin().deleteRecords([{ topic, partition: 0, offset: 25n }]);
  await rig.herder.resumeConnector(name);
  await rig.waitCount(`${aliases.a}.${topic}`, 15);
  const place = `OFFSET_OUT_OF_RANGE: ${topic}-0 of cluster '${aliases.a}'`;
  const said = `${place} has lost 15 records (offsets 10 to 24) before they were copied; auto.offset.reset=earliest goes on at offset 25.`;
  await waitUntil('the log tells of the gap', () => rig.log().includes(said) || rig.log().at(-1));
  // With none the gap is a state.
  await rig.herder.stopConnector(name);
  await rig.waitStates(name, 'STOPPED');
  const partition = { cluster: aliases.a, partition: 0, topic };
  await rig.herder.alterConnectorOffsets(name, [{ partition, offset: { offset: 3n } }]);
  await rig.herder.putConnectorConfig(name, mirrorConfig(aliases, sourceBootstrap, topic, { 'consumer.auto.offset.reset': 'none' }), {
    allowReplace: true,
  });
  await rig.herder.resumeConnector(name);
  await rig.waitStates(name, 'RUNNING', 'FAILED');
  expect((await rig.herder.taskStatus(name, 0)).trace).toContain(
    `OFFSET_OUT_OF_RANGE on cluster '${aliases.a}': topic "${topic}" partition 0`,
  );
});

test('ACLs of one cluster’s copies: who may read may read on, nobody may write', async () => {
  const { rig, source, sourceBootstrap } = clusters;
  const [topic, aliases] = [await sourceTopic('acls', 1), uniqueAliases()];
  const acl = (operation: string, permission = 'ALLOW') => ({
    ...{ resourceType: 'TOPIC', resourceName: topic, patternType: 'LITERAL', principal: 'User:reader', host: '*', operation, permission },
  });
  await source.admin().createAcls([acl('READ'), acl('WRITE'), acl('ALL'), acl('ALTER', 'DENY')]);
  await source.admin().createAcls([acl('READ')]);
  // The worker writes to the other cluster: only topics and ACLs are looked at here.
  const more = { 'target.cluster.bootstrap.servers': sourceBootstrap, 'sync.topic.acls.interval.seconds': '1' };
  await rig.create(uniqueName('mirror'), mirrorConfig(aliases, sourceBootstrap, topic, more));
  const copy = `${aliases.a}.${topic}`;
  await waitUntil('the ACLs of the copy', async () => {
    const bindings = (await source.admin().acls()).filter(({ resourceName }) => resourceName === copy);
    const now = bindings.map(({ permission, operation }) => `${permission} ${operation}`).sort();
    return now.join() === 'ALLOW READ,DENY ALTER' || now;
  });
  expect(rig.log().some((line) => line.startsWith(`'${aliases.a}' and '${aliases.b}' are one cluster`))).toBe(true);
});

test('a worker that is killed goes on without a gap', async () => {
  const { source, target, sourceBootstrap } = clusters;
  const [topic, aliases, name] = [await sourceTopic('kill', 2), uniqueAliases(), uniqueName('mirror')];
  const config = { name, ...mirrorConfig(aliases, sourceBootstrap, topic) };
  const worker = { properties: BYTE_CONVERTERS, connectors: [config] };
  await produceTexts(source, topic, values(0, 2_000), 2);
  const copy = `${aliases.a}.${topic}`;
  const first = await startWorkerProcess(worker);
  try {
    await waitUntil('some are copied', async () => (await countOf(target, copy)) > 0);
    const plugins = JSON.parse((await first.rest('GET', '/connector-plugins')).text) as { class: string; type: string; version: string }[];
    const ours = plugins.filter((one) => /Mirror(?:Source|Heartbeat)Connector$/.test(one.class));
    expect(ours.map(({ type, version }) => `${type} ${version}`)).toEqual(['source 4.3.1', 'source 4.3.1']);
    await produceTexts(source, topic, values(2_000, 500), 2);
    await first.end('SIGKILL');
    await produceTexts(source, topic, values(2_500, 500), 2);
    const second = await startWorkerProcess({ ...worker, folder: first.folder });
    await using _second = second;
    await waitUntil('each is there', async () => new Set(await valuesOf(target, copy)).size === 3_000 || (await countOf(target, copy)));
    await second.end();
  } finally {
    await first[Symbol.asyncDispose]();
  }
});

test('heartbeats bear the original’s bytes', async () => {
  const { rig } = clusters;
  const [{ a, b }, name] = [uniqueAliases(), uniqueName('heartbeat')];
  await rig.create(name, {
    'connector.class': 'MirrorHeartbeatConnector',
    ...{ 'source.cluster.alias': a, 'target.cluster.alias': b, 'target.cluster.bootstrap.servers': testBootstrap() },
    'heartbeats.topic.replication.factor': '1',
  });
  const kafka = testKafka();
  const found: FetchedRecord[] = [];
  const key = heartbeatKey({ sourceAlias: a, targetAlias: b });
  await waitUntil('two heartbeats of this flow', async () => {
    found.length = 0;
    await readTopic(kafka, 'heartbeats', (record) => void (record.key?.equals(key) && found.push(record)));
    return found.length >= 2 || found.length;
  });
  for (const record of found) expect(decodeHeartbeat(record.key, record.value).timestampMs).toBe(record.timestampMs);
  await kafka.close();
  await rig.herder.deleteConnector(name);
});
