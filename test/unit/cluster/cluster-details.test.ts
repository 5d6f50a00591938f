/** Questions of single views: asked only while somebody looks, each failing alone. */
import { expect, test } from 'vitest';
import { DetailsReader, NO_DETAILS } from '../../../src/cluster/cluster-details.ts';
import type { Admin } from '../../../src/kafka/contract.ts';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

function reader(changes: Partial<Admin> = {}) {
  const world = new ScriptedWorld();
  world.topics = [topic('orders', 2, 5n)];
  const clock = createTestClock();
  return { world, clock, details: new DetailsReader({ ...world.kafka.admin(), ...changes }, clock) };
}
const DEMAND = { ...NO_DETAILS, featuresOf: [] };

test('nothing is asked when nothing is wanted', async () => {
  const never = () => Promise.reject(new Error('asked'));
  const { details } = reader({ eligibleReplicas: never, reassignments: never, features: never, describeConfigs: never });
  await details.read(DEMAND);
  expect(details.details).toMatchObject({ eligible: { error: null }, reassignments: { error: null }, settings: null });
});

test('one refused question leaves the answer before, and the others', async () => {
  let isRefused = false;
  const { details, world } = reader({
    reassignments: () =>
      isRefused
        ? Promise.reject(new Error('CLUSTER_AUTHORIZATION_FAILED'))
        : Promise.resolve([{ topic: 'orders', partition: 0, replicas: [1, 2], adding: [2], removing: [1] }]),
  });
  world.cluster.eligible = [{ topic: 'orders', partition: 1, eligible: [2], lastKnown: [] }];
  const demand = { ...DEMAND, eligibleOf: null, hasReassignments: true };
  await details.read(demand);
  isRefused = true;
  await details.read(demand);
  expect(details.details.reassignments).toMatchObject({ value: [{ topic: 'orders' }], error: 'CLUSTER_AUTHORIZATION_FAILED' });
  expect(details.details.eligible).toMatchObject({ value: [{ eligible: [2] }], error: null });
});

test('features are asked once in a while, of each broker; one that is silent is unknown', async () => {
  const asked: number[] = [];
  const { details, clock, world } = reader({
    features: (id = -1) => {
      asked.push(id);
      return id === 2 ? Promise.reject(new Error('away')) : world.kafka.admin().features(id);
    },
  });
  const demand = { ...DEMAND, featuresOf: [1, 2] };
  await details.read(demand);
  await details.read(demand);
  expect(asked).toEqual([1, 2]);
  expect([details.details.features.get(1)?.finalized, details.details.features.get(2)]).toEqual([
    [{ name: 'metadata.version', level: 30 }],
    null,
  ]);
  await clock.advance(31_000);
  await details.read(demand);
  expect(asked).toEqual([1, 2, 1, 2]);
});

test('settings of another object never show under the name of this one', async () => {
  const answers = new Map<string, (value: Awaited<ReturnType<Admin['describeConfigs']>>) => void>();
  const { details } = reader({ describeConfigs: ({ name }) => new Promise((resolve) => answers.set(name, resolve)) });
  const first = details.read({ ...DEMAND, settingsOf: { type: 'topic', name: 'a' } });
  const second = details.read({ ...DEMAND, settingsOf: { type: 'topic', name: 'b' } });
  answers.get('a')?.([]);
  await first;
  expect(details.details.settings).toMatchObject({ resource: { name: 'b' }, entries: null });
  answers.get('b')?.([]);
  await second;
  expect(details.details.settings).toMatchObject({ resource: { name: 'b' }, entries: [] });
});
