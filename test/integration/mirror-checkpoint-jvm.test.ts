/** Apache Kafka's own checkpoint connector beside ours: of the same offset syncs both tell the same, and ours goes on where the JVM's has stopped. */
import { expect, test } from 'vitest';
import { decodeCheckpoint } from '../../src/plugins/connectors/mirror/shared/checkpoint.ts';
import { offsetSyncKey, offsetSyncValue } from '../../src/plugins/connectors/mirror/shared/offset-sync.ts';
import { BYTE_CONVERTERS, mirrorConfig } from '../helpers/mirror-clusters.ts';
import { readTopic, startRig, testBootstrap, uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { groupTopics, startWorkerProcess } from '../helpers/worker-process.ts';

const PARTITIONS = [0, 1, 2];

test('the same checkpoints in the same bytes, the same offsets on the target; nothing is told again after a change of hands', async () => {
  await using rig = await startRig(BYTE_CONVERTERS);
  const admin = rig.kafka.admin();
  const [theirs, mine, b, topic] = [uniqueName('jvm'), uniqueName('ours'), uniqueName('b'), uniqueName('orders')];
  const syncs = `mm2-offset-syncs.${b}.internal`;
  const made = [topic, `${theirs}.${topic}`, `${mine}.${topic}`];
  await admin.createTopics([
    ...made.map((name) => ({ name, partitions: 3, replicationFactor: 1 })),
    { name: syncs, partitions: 1, replicationFactor: 1 },
  ]);
  // Distances between syncs that grow, shrink and repeat, and offsets downstream that drift away.
  const ends = PARTITIONS.map(() => 0n);
  const producer = rig.kafka.producer({});
  for (let i = 0; i < 240; i++) {
    const partition = i % 3;
    const upstreamOffset = ends[partition]! + BigInt(1 + ((i * 7919) % (partition === 0 ? 11 : 170)));
    ends[partition] = upstreamOffset;
    const bytes = [
      offsetSyncKey({ topic, partition }),
      offsetSyncValue({ upstreamOffset, downstreamOffset: upstreamOffset * 2n }),
    ] as const;
    while (!producer.send(syncs, 0, ...bytes, null, null, null)) await producer.ready(syncs);
  }
  await producer.close(5_000);
  const groups = [0, 1, 2, 3, 4].map((quarter) => uniqueName(`quarter${quarter}`));
  for (const [quarter, group] of groups.entries()) {
    const offsets = PARTITIONS.map((partition) => ({ topic, partition, offset: (ends[partition]! * BigInt(quarter)) / 4n }));
    await admin.alterGroupOffsets(group, quarter === 2 ? offsets.map((one) => ({ ...one, metadata: 'ü' })) : offsets);
  }
  const config = (a: string) =>
    mirrorConfig({ a, b }, testBootstrap(), topic, {
      ...BYTE_CONVERTERS,
      'connector.class': 'org.apache.kafka.connect.mirror.MirrorCheckpointConnector',
      'tasks.max': '2',
      groups: groups.join('|'),
      'checkpoints.topic.replication.factor': '1',
      'emit.checkpoints.interval.seconds': '1',
      'sync.group.offsets.enabled': 'true',
      'sync.group.offsets.interval.seconds': '1',
    });
  const told = async (a: string): Promise<string[]> => {
    const all: string[] = [];
    await readTopic(rig.kafka, `${a}.checkpoints.internal`, ({ key, value, partition }) => {
      const one = decodeCheckpoint(key, value);
      all.push(
        `${partition} ${one.group} ${one.topic.replace(a, 'A')}-${one.partition} ${one.upstreamOffset}>${one.downstreamOffset} ${value?.toString('hex')}`,
      );
    });
    return all.sort();
  };
  const standing = async (a: string) => {
    const all = await Promise.all(groups.map((group) => admin.groupOffsets(group)));
    return all.map((offsets) => offsets.filter((one) => one.topic === `${a}.${topic}`).map(({ topic: _, ...one }) => one));
  };
  const waitStanding = (a: string, partitions: number) =>
    waitUntil(`groups stand on ${partitions} partitions of the target`, async () => {
      const now = await standing(a);
      return now.flat().length === partitions || now;
    });

  await rig.create('ours', config(mine));
  // All but the first group, which stands before the first sync.
  await waitStanding(mine, 12);
  const workerGroup = uniqueName('group');
  const jvm = await startWorkerProcess({ group: workerGroup, properties: BYTE_CONVERTERS, isJvm: true });
  try {
    expect((await jvm.rest('PUT', '/connectors/theirs/config', config(theirs))).status).toBe(201);
    await waitStanding(theirs, 12);
    await jvm.end();
  } finally {
    await jvm[Symbol.asyncDispose]();
  }
  const original = await told(theirs);
  expect(original).toHaveLength(12);
  expect(await told(mine)).toEqual(original);
  expect(await standing(mine)).toEqual(await standing(theirs));

  await rig.create('taken', config(theirs));
  await waitUntil('ours has been over all groups in its place', async () => {
    const rounds = (await rig.herder.metrics())?.filter(({ tags, name }) => tags.connector === 'taken' && name === 'rounds-total') ?? [];
    return (rounds.length === 2 && rounds.every(({ value }) => Number(value) > 0)) || rounds;
  });
  expect(await told(theirs)).toEqual(original);
  await admin.alterGroupOffsets(groups[1]!, [{ topic, partition: 0, offset: ends[0]! }]);
  await waitUntil('what is new is told', async () =>
    (await told(theirs)).some((one) => one.includes(` ${ends[0]}>${ends[0]! * 2n} `) && one.includes(groups[1]!)),
  );

  for (const name of ['ours', 'taken']) await rig.herder.deleteConnector(name);
  await admin.deleteGroups(groups);
  await admin.deleteTopics([...made, syncs, `${theirs}.checkpoints.internal`, `${mine}.checkpoints.internal`, ...groupTopics(workerGroup)]);
});
