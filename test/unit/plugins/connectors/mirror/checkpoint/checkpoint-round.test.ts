/** Source: MirrorCheckpointTaskTest. */
import { expect, test } from 'vitest';
import { checkpointRound } from '../../../../../../src/plugins/connectors/mirror/checkpoint/checkpoint-round.ts';
import { CheckpointStore } from '../../../../../../src/plugins/connectors/mirror/checkpoint/checkpoint-store.ts';
import { OffsetSyncStore } from '../../../../../../src/plugins/connectors/mirror/shared/offset-sync-store.ts';
import { replicationPolicyOf } from '../../../../../../src/plugins/connectors/mirror/shared/replication-policy.ts';
import { ScriptedCluster } from './scripted-clusters.ts';

function rig(groups: readonly string[] = ['g'], policy: Record<string, string> = {}) {
  const source = new ScriptedCluster();
  const syncs = new OffsetSyncStore({ keepsHistory: true });
  const store = new CheckpointStore(groups);
  const round = async () => {
    const all = await checkpointRound({
      ...{ groups, syncs, store, sourceAlias: 'A', targetAlias: 'B' },
      admin: source.kafka({ clientId: '' } as never).admin(),
      isTopicWanted: (topic) => topic !== 'unwanted',
      policy: replicationPolicyOf({ 'source.cluster.alias': 'A', ...policy }),
    });
    for (const { checkpoints } of all) for (const one of checkpoints) store.put(one);
    return all;
  };
  const sync = (topic: string, partition: number, upstreamOffset: bigint, downstreamOffset: bigint) =>
    syncs.add({ topic, partition, upstreamOffset, downstreamOffset });
  return { source, syncs, store, round, sync };
}

test('what a group has committed is told under the name of the copy, with its text', async () => {
  const { source, syncs, round, sync } = rig();
  syncs.startIsRead();
  sync('t', 0, 100n, 200n);
  source.group('g', { offsets: [{ topic: 't', partition: 0, offset: 150n, metadata: 'mine' }] });
  expect(await round()).toEqual([
    {
      group: 'g',
      error: null,
      checkpoints: [{ group: 'g', topic: 'A.t', partition: 0, upstreamOffset: 150n, downstreamOffset: 201n, metadata: 'mine' }],
      untranslated: [],
    },
  ]);
});

test('a copy that came from the target is told under its own name there', async () => {
  const { source, syncs, round, sync } = rig();
  syncs.startIsRead();
  sync('B.t', 3, 100n, 200n);
  source.group('g', { offsets: [{ topic: 'B.t', partition: 3, offset: 100n }] });
  expect((await round())[0]?.checkpoints).toMatchObject([{ topic: 't', partition: 3, downstreamOffset: 200n, metadata: '' }]);
});

test('with names that stay, topics keep them', async () => {
  const identity = { 'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy' };
  const { source, syncs, round, sync } = rig(['g'], identity);
  syncs.startIsRead();
  sync('t', 0, 1n, 1n);
  source.group('g', { offsets: [{ topic: 't', partition: 0, offset: 1n }] });
  expect((await round())[0]?.checkpoints).toMatchObject([{ topic: 't', downstreamOffset: 1n }]);
});

test('nothing is told of topics that are not wanted, nor of what cannot be translated; the latter says why', async () => {
  const { source, syncs, round, sync } = rig();
  sync('t', 0, 100n, 200n);
  sync('unwanted', 0, 1n, 1n);
  const offsets = [
    { topic: 't', partition: 0, offset: 5n },
    { topic: 't', partition: 1, offset: 5n },
    { topic: 'unwanted', partition: 0, offset: 1n },
  ];
  source.group('g', { offsets });
  expect(await round()).toEqual([{ group: 'g', error: null, checkpoints: [], untranslated: [] }]);
  syncs.startIsRead();
  expect(await round()).toEqual([
    {
      ...{ group: 'g', error: null, checkpoints: [] },
      untranslated: [
        { topic: 't', partition: 0, why: 'too-old' },
        { topic: 't', partition: 1, why: 'no-sync' },
      ],
    },
  ]);
});

test('the same is told once; back upstream is told, back downstream alone is not', async () => {
  const { source, syncs, round, sync } = rig();
  syncs.startIsRead();
  sync('t', 0, 100n, 200n);
  const group = source.group('g', { offsets: [{ topic: 't', partition: 0, offset: 150n }] });
  const offsets = async () =>
    (await round())[0]?.checkpoints.map(({ upstreamOffset, downstreamOffset }) => [upstreamOffset, downstreamOffset]);
  expect(await offsets()).toEqual([[150n, 201n]]);
  expect(await offsets()).toEqual([]);
  group.offsets = [{ topic: 't', partition: 0, offset: 160n }];
  expect(await offsets()).toEqual([]);
  sync('t', 0, 155n, 255n);
  expect(await offsets()).toEqual([[160n, 256n]]);
  group.offsets = [{ topic: 't', partition: 0, offset: 120n }];
  expect(await offsets()).toEqual([[120n, 201n]]);
});

test('a group that cannot be read costs the others nothing', async () => {
  const { source, syncs, round, sync } = rig(['bad', 'good']);
  syncs.startIsRead();
  sync('t', 0, 1n, 1n);
  source.group('bad', { error: 'GROUP_AUTHORIZATION_FAILED' });
  source.group('good', { offsets: [{ topic: 't', partition: 0, offset: 1n }] });
  expect((await round()).map(({ group, error, checkpoints }) => [group, error, checkpoints.length])).toEqual([
    ['bad', 'GROUP_AUTHORIZATION_FAILED', 0],
    ['good', null, 1],
  ]);
});
