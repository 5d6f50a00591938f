/**
 * The checkpoint connector in a standalone worker with task threads, on real brokers. Source and target are the same cluster under two aliases, so a group
 * stands in both: on the topic and on its copy. Offset syncs are written by the test, with bytes as the source connector writes them.
 */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { GroupConsumer } from '../../src/kafka/contract.ts';
import { type Checkpoint, decodeCheckpoint } from '../../src/plugins/connectors/mirror/shared/checkpoint.ts';
import { offsetSyncKey, offsetSyncValue } from '../../src/plugins/connectors/mirror/shared/offset-sync.ts';
import { type KafkaPeer, startKafkaPeer } from '../helpers/kafka-peer.ts';
import { readTopic, type StandaloneRig, startRig, testBootstrap, testKafka, uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const BYTES = 'org.apache.kafka.connect.converters.ByteArrayConverter';

let rig: StandaloneRig;
let jvm: Promise<KafkaPeer>;
beforeAll(async () => {
  jvm = startKafkaPeer(testBootstrap());
  jvm.catch(() => undefined);
  rig = await startRig();
});
afterAll(async () => {
  await (await jvm).close();
  await rig[Symbol.asyncDispose]();
});

/** A flow with aliases of its own: its topics, its settings, what it has told. */
async function newFlow(more: Record<string, string> = {}) {
  const [a, b] = [uniqueName('a'), uniqueName('b')];
  const topic = uniqueName('orders');
  const copy = `${a}.${topic}`;
  const checkpoints = `${a}.checkpoints.internal`;
  const isOnSource = more['offset-syncs.topic.location'] !== 'target';
  const syncs = `mm2-offset-syncs.${isOnSource ? b : a}.internal`;
  const admin = rig.kafka.admin();
  await admin.createTopics([...[topic, copy].map((name) => ({ name, partitions: 2, replicationFactor: 1 }))]);
  const makeSyncs = () =>
    admin.createTopics([{ name: syncs, partitions: 1, replicationFactor: 1, configs: { 'cleanup.policy': 'compact' } }]);
  if (isOnSource) await makeSyncs();
  const name = uniqueName('checkpoints');
  onTestFinished(async () => {
    if ((await rig.herder.connectors()).includes(name)) await rig.herder.deleteConnector(name);
    for (const one of [topic, copy, syncs, checkpoints]) await admin.deleteTopics([one]).catch(() => undefined);
  });
  const sync = async (partition: number, ...offsets: ReadonlyArray<readonly [upstream: bigint, downstream: bigint]>) => {
    const producer = rig.kafka.producer({});
    const failures: Error[] = [];
    for (const [upstreamOffset, downstreamOffset] of offsets) {
      const bytes = [offsetSyncKey({ topic, partition }), offsetSyncValue({ upstreamOffset, downstreamOffset })] as const;
      while (!producer.send(syncs, 0, ...bytes, null, null, (error) => void (error && failures.push(error)))) await producer.ready(syncs);
    }
    await producer.close(5_000);
    expect(failures).toEqual([]);
  };
  const config = {
    'connector.class': 'MirrorCheckpointConnector',
    'source.cluster.alias': a,
    'target.cluster.alias': b,
    'source.cluster.bootstrap.servers': testBootstrap(),
    'target.cluster.bootstrap.servers': testBootstrap(),
    topics: topic,
    'checkpoints.topic.replication.factor': '1',
    'emit.checkpoints.interval.seconds': '1',
    'sync.group.offsets.interval.seconds': '1',
    'key.converter': BYTES,
    'value.converter': BYTES,
    'header.converter': BYTES,
    ...more,
  };
  const start = () => rig.create(name, config);
  const told = async () => {
    const all: Checkpoint[] = [];
    await readTopic(rig.kafka, checkpoints, ({ key, value }) => all.push(decodeCheckpoint(key, value)));
    return all.map(
      (one) => `${one.group} ${one.topic.replace(copy, 'copy')}-${one.partition} ${one.upstreamOffset}->${one.downstreamOffset}`,
    );
  };
  const waitTold = (...wanted: string[]) =>
    waitUntil(
      () => `checkpoints are told: ${wanted.join(', ')}`,
      async () => {
        const now = await told();
        return wanted.every((line) => now.includes(line)) || now;
      },
    );
  const offsetOf = async (group: string, partition: number) =>
    (await admin.groupOffsets(group)).find((one) => one.topic === copy && one.partition === partition);
  return { admin, topic, copy, checkpoints, name, config, makeSyncs, sync, start, told, waitTold, offsetOf };
}

function newGroup(what: string): string {
  const group = uniqueName(what);
  onTestFinished(async () => {
    await waitUntil(`group ${group} is deleted`, async () => {
      const [found] = await rig.kafka.admin().describeGroups([group]);
      if (found?.error !== 'GROUP_ID_NOT_FOUND') await rig.kafka.admin().deleteGroups([group]);
      return true;
    });
  });
  return group;
}

test('offsets of a group become checkpoints, in the original’s bytes; a restart tells nothing twice and loses nothing', async () => {
  const { admin, topic, copy, checkpoints, name, sync, start, told, waitTold, offsetOf } = await newFlow();
  const group = newGroup('shop,with comma');
  await sync(0, [0n, 100n], [10n, 110n], [20n, 120n]);
  await admin.alterGroupOffsets(group, [
    { topic, partition: 0, offset: 20n, metadata: 'mine' },
    { topic, partition: 1, offset: 5n },
  ]);
  await start();
  await waitTold(`${group} copy-0 20->120`);
  const bytes: string[] = [];
  await readTopic(rig.kafka, checkpoints, ({ key, value, partition, headers }) => {
    bytes.push(`${partition} ${key?.toString('hex')} ${value?.toString('hex')} ${headers?.length ?? 0}`);
  });
  const text = (one: string) => Buffer.byteLength(one).toString(16).padStart(4, '0') + Buffer.from(one).toString('hex');
  expect(bytes).toEqual([`0 ${text(group)}${text(copy)}00000000 0000${'14'.padStart(16, '0')}${'78'.padStart(16, '0')}${text('mine')} 0`]);
  const [info] = await admin.topics([checkpoints]);
  expect(info?.partitions).toHaveLength(1);
  expect((await admin.describeConfigs({ type: 'topic', name: checkpoints })).find((one) => one.name === 'cleanup.policy')?.value).toBe(
    'compact',
  );
  await waitUntil('the worker has stored the source offset', async () => {
    const { offsets } = await rig.herder.connectorOffsets(name);
    return JSON.stringify(offsets[0], (_, value) => (typeof value === 'bigint' ? Number(value) : value)) ===
      JSON.stringify({ partition: { partition: 0, topic: copy, group }, offset: { offset: 0 } })
      ? true
      : offsets;
  });

  await rig.herder.restartConnectorAndTasks(name, { includeTasks: true, onlyFailed: false });
  await rig.waitStates(name, 'RUNNING', 'RUNNING');
  // Behind the newest sync at the restart: known only to who kept those before it.
  await admin.alterGroupOffsets(group, [{ topic, partition: 0, offset: 12n }]);
  await waitTold(`${group} copy-0 12->111`);
  expect(await told()).toEqual([`${group} copy-0 20->120`, `${group} copy-0 12->111`]);
  // Nobody asked for it.
  expect(await offsetOf(group, 0)).toBeUndefined();
  const metrics = await rig.herder.metrics();
  const figure = (metric: string) => metrics?.find((one) => one.tags.connector === name && one.name === metric)?.value;
  expect([figure('untranslated-partitions'), figure('failing-groups'), figure('waiting')]).toEqual([1, 0, 0]);
});

test('groups of both protocols follow on the target; one that is in use is named and left alone until it is free', async () => {
  const flow = await newFlow({ 'sync.group.offsets.enabled': 'true', 'tasks.max': '2' });
  const { admin, topic, copy, name, sync, start, waitTold, offsetOf } = flow;
  const [idle, modern, used] = [newGroup('idle'), newGroup('modern'), newGroup('used')];
  await sync(0, [0n, 1000n], [50n, 1050n]);
  await sync(1, [0n, 0n]);
  await admin.alterGroupOffsets(idle, [
    { topic, partition: 0, offset: 60n, metadata: 'mine' },
    { topic, partition: 1, offset: 0n },
    { topic: copy, partition: 1, offset: 7n },
  ]);
  await admin.alterGroupOffsets(used, [{ topic, partition: 0, offset: 50n }]);
  const peer = await jvm;
  await peer.join('modern', { 'group.id': modern, 'group.protocol': 'consumer', 'enable.auto.commit': 'false' }, topic);
  const waitModern = (state: string) =>
    waitUntil(`the group of the newer protocol is ${state}`, async () => {
      const [found] = await admin.describeGroups([modern]);
      return (found?.state === state && found.groupType === 'consumer') || found;
    });
  await waitModern('Stable');
  await peer.leave('modern');
  await waitModern('Empty');
  await admin.alterGroupOffsets(modern, [{ topic, partition: 0, offset: 50n }]);
  const member = await joined(used, topic);
  await start();
  expect((await rig.states(name)).length).toBe(3);
  await waitTold(`${idle} copy-0 60->1051`, `${idle} copy-1 0->0`, `${modern} copy-0 50->1050`, `${used} copy-0 50->1050`);
  await waitUntil('idle groups are in step', async () => {
    const now = [await offsetOf(idle, 0), await offsetOf(modern, 0)];
    return (now[0]?.offset === 1051n && now[1]?.offset === 1050n) || now;
  });
  expect([(await offsetOf(idle, 0))?.metadata, (await offsetOf(idle, 1))?.offset]).toEqual(['mine', 7n]);
  await waitUntil(
    'the group in use is named',
    () => rig.log().some((line) => line.startsWith(`Group "${used}" is in use on cluster `)) || rig.log(),
  );
  expect(await offsetOf(used, 0)).toBeUndefined();
  await member.close();
  await waitUntil('it follows once it is free', async () => (await offsetOf(used, 0))?.offset === 1050n);
  // Back upstream is told, and moves nobody.
  await admin.alterGroupOffsets(idle, [{ topic, partition: 0, offset: 3n }]);
  await admin.alterGroupOffsets(modern, [{ topic, partition: 1, offset: 9n }]);
  await waitTold(`${idle} copy-0 3->1001`, `${modern} copy-1 9->1`);
  await waitUntil('the next pass is over', async () => (await offsetOf(modern, 1))?.offset === 1n);
  expect((await offsetOf(idle, 0))?.offset).toBe(1051n);
});

test('until there are offset syncs the task says what it waits for, and goes on by itself', async () => {
  const flow = await newFlow({ 'offset-syncs.topic.location': 'target' });
  const group = newGroup('early');
  await flow.admin.alterGroupOffsets(group, [{ topic: flow.topic, partition: 0, offset: 1n }]);
  await flow.start();
  const waiting = async () =>
    (await rig.herder.metrics())?.find((one) => one.tags.connector === flow.name && one.name === 'waiting')?.value;
  await waitUntil('the task waits', async () => (await waiting()) === 1);
  await flow.makeSyncs();
  await flow.sync(0, [1n, 7n]);
  await flow.waitTold(`${group} copy-0 1->7`);
  expect(await waiting()).toBe(0);
});

test('a replication factor that the brokers refuse fails the connector, with the setting to look at', async () => {
  const { name, config } = await newFlow({ 'checkpoints.topic.replication.factor': '9' });
  await rig.create(name, config, { waits: false });
  await rig.waitStates(name, 'FAILED');
  const { trace } = (await rig.herder.connectorStatus(name)).connector;
  expect(trace).toMatch(/INVALID_REPLICATION_FACTOR.* Look at checkpoints\.topic\.replication\.factor\./);
});

/** Somebody of the group who reads. */
async function joined(groupId: string, topic: string): Promise<GroupConsumer> {
  const kafka = testKafka();
  onTestFinished(() => kafka.close());
  const nothing = async () => undefined;
  const consumer = kafka.groupConsumer({ groupId, subscription: [topic], onAssigned: nothing, onRevoked: nothing, onLost: nothing });
  await waitUntil('the member has its partitions', async () => {
    await consumer.poll(100);
    return consumer.assignment().length > 0;
  });
  return consumer;
}
