import { expect, test } from 'vitest';
import { inspectCheckpoints } from '../../../../../../src/plugins/connectors/mirror/checkpoint/inspect.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';
import { scriptedFlow } from './scripted-clusters.ts';

function rig(more: Record<string, string> = {}) {
  const flow = scriptedFlow();
  flow.target.clusterId = 'two';
  const look = () => inspectCheckpoints({ ...flow.config, ...more }, flow.log, createTestClock(), flow.create);
  return { ...flow, look };
}

test('what is there, and what would be done with it', async () => {
  const { source, target, look } = rig({ 'tasks.max': '2' });
  for (const group of ['g', 'h', 'i']) source.group(group, { offsets: [{ topic: 't', partition: 0, offset: 1n }] });
  source.topics.set('mm2-offset-syncs.B.internal', []);
  target.topics.set('A.checkpoints.internal', []);
  const nothing = { errors: [], warnings: [] };
  expect(await look()).toEqual([
    {
      title: 'cluster A, the source',
      facts: [
        ['cluster', 'one, 1 broker'],
        ['groups', 'task 0: g, h\ntask 1: i'],
        ['offset syncs', 'mm2-offset-syncs.B.internal'],
      ],
      ...nothing,
    },
    {
      title: 'cluster B, the target',
      facts: [
        ['cluster', 'two, 1 broker'],
        ['checkpoints', 'A.checkpoints.internal'],
      ],
      ...nothing,
    },
  ]);
  expect([source.openClients, target.openClients]).toEqual([0, 0]);
});

test('what is missing, and what to do', async () => {
  const { target, look } = rig({ 'offset-syncs.topic.location': 'target' });
  target.clusterId = 'one';
  const [source, other] = await look();
  expect([source?.facts[1], source?.warnings]).toEqual([
    ['groups', 'none'],
    [expect.stringContaining('No group has offsets to translate: check groups and groups.exclude')],
  ]);
  expect(other).toMatchObject({
    facts: [
      ['cluster', 'one, 1 broker'],
      ['checkpoints', 'A.checkpoints.internal, to be made with 3 replicas'],
      ['offset syncs', 'mm2-offset-syncs.A.internal, not there'],
    ],
    errors: ['Topic A.checkpoints.internal cannot be made with 3 replicas on 1 broker: lower checkpoints.topic.replication.factor.'],
    warnings: [
      'Clusters "A" and "B" are one and the same: copies lie beside what they are copies of.',
      expect.stringContaining('Topic mm2-offset-syncs.A.internal is not there'),
    ],
  });
});

test('a cluster that does not answer costs the other nothing', async () => {
  const { source, look } = rig();
  source.fault = 'DISCONNECTED';
  const [first, second] = await look();
  expect([first?.errors, second?.facts.length]).toEqual([['DISCONNECTED: cluster'], 2]);
});
