/** Source: MirrorCheckpointTaskTest.testSyncOffset. */
import { expect, test } from 'vitest';
import { CheckpointStore } from '../../../../../../src/plugins/connectors/mirror/checkpoint/checkpoint-store.ts';
import { CheckpointFigures } from '../../../../../../src/plugins/connectors/mirror/checkpoint/figures.ts';
import { syncGroupOffsets } from '../../../../../../src/plugins/connectors/mirror/checkpoint/group-offset-sync.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';
import { scriptedFlow } from './scripted-clusters.ts';

function rig(...groups: string[]) {
  const { target, log, told } = scriptedFlow();
  const store = new CheckpointStore(groups);
  const figures = new CheckpointFigures(groups, createTestClock());
  const stopping = new AbortController();
  const admin = target.kafka({ clientId: '' } as never).admin();
  const pass = () => syncGroupOffsets({ admin, targetAlias: 'B', store, figures, log, signal: stopping.signal });
  const know = (group: string, partition: number, downstreamOffset: bigint, metadata = '') =>
    store.put({ group, topic: 'A.t', partition, upstreamOffset: downstreamOffset, downstreamOffset, metadata });
  const stateOf = (group: string) => {
    const found = figures.all(() => 0, 0).find(({ tags }) => tags.group === group);
    return [found?.values['target-state'], found?.values['synced-offsets-total'], found?.details?.['target-error']];
  };
  return { target, told, pass, know, stateOf, stopping };
}

test('a group that is not there gets all that is known of it, with its texts', async () => {
  const { target, pass, know, stateOf } = rig('g');
  know('g', 0, 10n);
  know('g', 1, 20n, 'mine');
  await pass();
  expect(target.commits).toEqual(['g: A.t-0=10 A.t-1=20 (mine)']);
  expect(stateOf('g')).toEqual(['in-step', 2, undefined]);
  await pass();
  expect(target.commits).toHaveLength(1);
});

test.each(['classic', 'consumer'])('of one without members (%s) only what lies behind, or is not there, is moved', async (groupType) => {
  const { target, pass, know } = rig('g');
  for (const [partition, offset] of [51n, 101n, 30n, 30n].entries()) know('g', partition, offset);
  target.group('g', {
    groupType,
    offsets: [
      { topic: 'A.t', partition: 0, offset: 51n },
      { topic: 'A.t', partition: 1, offset: 50n },
      { topic: 'A.t', partition: 2, offset: 40n },
    ],
  });
  await pass();
  expect(target.commits).toEqual(['g: A.t-1=101 A.t-3=30']);
});

test('a group is never moved back, whatever its own rewind upstream', async () => {
  const { target, pass, know } = rig('g');
  know('g', 0, 100n);
  await pass();
  know('g', 0, 10n);
  await pass();
  expect(target.commits).toEqual(['g: A.t-0=100']);
});

test('a group that is in use is left alone and named once, until its use ends', async () => {
  const { target, told, pass, know, stateOf } = rig('g', 'free');
  know('g', 0, 10n);
  know('free', 0, 5n);
  const group = target.group('g', { state: 'Stable' });
  await pass();
  await pass();
  expect(target.commits).toEqual(['free: A.t-0=5']);
  expect(told.filter((line) => line.startsWith('WARN'))).toEqual([
    'WARN Group "g" is in use on cluster "B" (Stable, shop at 10.0.0.7), so its offsets there are left as they are. They are kept in step again once ' +
      'it has no members: if it is to be read on the source cluster only, stop its consumers on the target.',
  ]);
  expect(stateOf('g')).toEqual(['active', 0, undefined]);
  group.state = 'Empty';
  await pass();
  expect(target.commits.at(-1)).toBe('g: A.t-0=10');
  expect(stateOf('g')).toEqual(['in-step', 1, undefined]);
});

test('one that comes into use between the question and the write is in use as well', async () => {
  const { target, told, pass, know, stateOf } = rig('g');
  know('g', 0, 10n);
  target.group('g', { refusal: 'UNKNOWN_MEMBER_ID' });
  await pass();
  expect(stateOf('g')).toEqual(['active', 0, undefined]);
  expect(told[0]).toContain('Group "g" is in use on cluster "B" (it answers UNKNOWN_MEMBER_ID)');
});

test('nothing is written for a group of which nobody can tell where it is', async () => {
  const { target, told, pass, know, stateOf } = rig('g', 'h');
  know('g', 0, 10n);
  know('h', 0, 10n);
  target.group('g', { error: 'COORDINATOR_NOT_AVAILABLE' });
  await pass();
  expect(target.commits).toEqual(['h: A.t-0=10']);
  expect(told[0]).toMatch(
    /^WARN Group "g" is not in step on cluster "B": its state is not known. COORDINATOR_NOT_AVAILABLE. It is tried again/,
  );
  expect(stateOf('g')).toEqual(['failed', 0, 'COORDINATOR_NOT_AVAILABLE']);
});

test('a refusal is told with its cause, and the other groups go on', async () => {
  const { target, told, pass, know, stateOf } = rig('g', 'h');
  know('g', 0, 10n);
  know('h', 0, 10n);
  target.group('g', { refusal: 'GROUP_AUTHORIZATION_FAILED' });
  await pass();
  expect(target.commits).toEqual(['h: A.t-0=10']);
  expect(told[0]).toContain('its offsets there cannot be moved. GROUP_AUTHORIZATION_FAILED: group "g"');
  expect(stateOf('g')).toEqual(['failed', 0, 'GROUP_AUTHORIZATION_FAILED: group "g"']);
});

test('nothing is asked while nothing is known, nor written at the end', async () => {
  const { target, pass, know, stopping } = rig('g');
  await pass();
  know('g', 0, 10n);
  stopping.abort();
  await pass();
  expect(target.commits).toEqual([]);
});
