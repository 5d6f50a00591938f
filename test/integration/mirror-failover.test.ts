/** A group moves from one real cluster to another, with the source and the checkpoint connector between them. Source: MirrorConnectorsIntegrationBaseTest. */
import { expect, test } from 'vitest';
import { mirrorConfig, startMirrorClusters, uniqueAliases } from '../helpers/mirror-clusters.ts';
import { countOf, produceTexts, uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const RECORDS = 400;
/** Records that lie in the copy before the first copied one: offsets differ on the two clusters. */
const STRANGERS = 5n;
/** `offset.lag.max`: so few syncs that none of them is pushed out by the next when all records come at once. */
const LAG = 50n;
/** A translation is that exact at worst, so near to the newest record. */
const WORST_DISTANCE = 64n;

const texts = (from: number, count: number) => Array.from({ length: count }, (_, i) => `${from + i}`);

test('it goes on where it was: nothing is lost, little comes twice, and a restart of the connectors takes nothing back', async () => {
  await using clusters = await startMirrorClusters();
  const { rig, source, sourceBootstrap, target } = clusters;
  const [aliases, topic, group] = [uniqueAliases(), uniqueName('orders'), uniqueName('shop')];
  const copy = `${aliases.a}.${topic}`;
  const own = [`${aliases.a}.checkpoints.internal`, copy];
  await source.admin().createTopics([{ name: topic, partitions: 2, replicationFactor: 1 }]);
  await target.admin().createTopics([{ name: copy, partitions: 2, replicationFactor: 1 }]);
  await produceTexts(
    target,
    copy,
    Array.from({ length: Number(STRANGERS) }, () => 'stranger'),
  );
  await produceTexts(source, topic, texts(0, RECORDS), 2);
  const [mirror, checkpoints] = [uniqueName('mirror'), uniqueName('checkpoints')];
  await rig.create(mirror, mirrorConfig(aliases, sourceBootstrap, topic, { 'offset.lag.max': String(LAG) }));
  await waitUntil('all is copied', async () => (await countOf(target, copy)) === RECORDS + Number(STRANGERS) || countOf(target, copy));
  const commit = (first: bigint, second: bigint) =>
    source.admin().alterGroupOffsets(group, [
      { topic, partition: 0, offset: first },
      { topic, partition: 1, offset: second },
    ]);
  await commit(150n, 200n);
  await rig.create(
    checkpoints,
    mirrorConfig(aliases, sourceBootstrap, topic, {
      'connector.class': 'MirrorCheckpointConnector',
      'checkpoints.topic.replication.factor': '1',
      'emit.checkpoints.interval.seconds': '1',
      'sync.group.offsets.enabled': 'true',
      'sync.group.offsets.interval.seconds': '1',
    }),
  );
  const standing = async () => {
    const offsets = await target.admin().groupOffsets(group);
    return [0, 1].map((partition) => offsets.find((one) => one.topic === copy && one.partition === partition)?.offset ?? -1n) as [
      bigint,
      bigint,
    ];
  };
  // What is read to its end is translated exactly.
  await waitUntil('the group stands on the target', async () => (await standing())[1] === 200n || standing());
  const [before] = await standing();
  expect(before).toBeLessThanOrEqual(150n + STRANGERS);
  expect(before).toBeGreaterThanOrEqual(150n + STRANGERS - WORST_DISTANCE);

  // The tasks of before have ended when new records come: the first of them gives the new task's first sync.
  for (const name of [mirror, checkpoints]) {
    await rig.herder.stopConnector(name);
    await rig.waitStates(name, 'STOPPED');
    await rig.herder.resumeConnector(name);
    await rig.waitStates(name, 'RUNNING', 'RUNNING');
  }
  await produceTexts(source, topic, texts(RECORDS, 20), 2);
  // A place between two syncs may be told no better than before; the end is told exactly, once what was put off has been told.
  await commit(190n, 210n);
  await waitUntil('the group has moved on', async () => {
    const now = await standing();
    return (now[0] >= before && now[1] === 210n) || now;
  });

  // It is read on the target from now on.
  await rig.herder.stopConnector(checkpoints);
  await waitUntil('all is copied', async () => (await countOf(target, copy)) === RECORDS + 20 + Number(STRANGERS) || countOf(target, copy));
  const [first, second] = await standing();
  expect(first).toBeLessThanOrEqual(190n + STRANGERS);
  expect(second).toBe(210n);
  const nothing = async () => undefined;
  const consumer = target.groupConsumer({ groupId: group, subscription: [copy], onAssigned: nothing, onRevoked: nothing, onLost: nothing });
  const seen: number[] = [];
  const left = Number(210n + STRANGERS - first + (210n - second));
  await waitUntil('the rest is read', async () => {
    for (const record of await consumer.poll(200)) seen.push(Number(record.value?.toString()));
    return seen.length >= left || seen.length;
  });
  await consumer.close();
  // In turn: even numbers are in partition 0.
  const expected = texts(0, RECORDS + 20)
    .map(Number)
    .filter((n) => (n % 2 === 0 ? n >= 2 * 190 : n >= 2 * 210));
  expect(expected.filter((n) => !seen.includes(n))).toEqual([]);
  expect(seen.length - expected.length).toBeLessThanOrEqual(Number(2n * WORST_DISTANCE));
  await target.admin().deleteGroups([group]);
  await rig.herder.deleteConnector(mirror);
  await target.admin().deleteTopics(own);
});
