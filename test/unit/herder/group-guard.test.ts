import { expect, test } from 'vitest';
import { NotFoundError, RestError } from '../../../src/base/errors.ts';
import { LogHub } from '../../../src/base/log.ts';
import { GroupGuard } from '../../../src/herder/distributed/group-guard.ts';
import { KafkaError } from '../../../src/kafka/kafka-error.ts';
import { MemoryConfigStore } from '../../../src/storage/config/memory.ts';
import { noting } from '../../contracts/config-store-contract.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

async function guardOf(answers: readonly unknown[], owned = true) {
  const clock = createTestClock();
  const configs = new MemoryConfigStore();
  await configs.start(noting().listener);
  await configs.putConnectorConfig('c', { name: 'c' }, null);
  await configs.putTaskConfigs('c', [{}]);
  const left = [...answers];
  const fence = async () => {
    const answer = left.shift();
    if (answer !== undefined) throw answer;
  };
  const guard = new GroupGuard({ configs, fence, owns: () => owned, clock, log: new LogHub(() => 0).log('test') });
  return { guard, clock, configs, left };
}

test('fencing is tried again while leaders change', async () => {
  const passing = [
    new RestError(409, 'a round goes on'),
    new RestError(500, 'the leader does not answer'),
    new KafkaError('REQUEST_TIMED_OUT', 'x'),
  ];
  const { guard, clock, left } = await guardOf(passing);
  const fenced = guard.fenceZombies('c');
  await clock.advance(10_000);
  await fenced;
  expect(left).toEqual([]);
});

test.each([
  new RestError(403, 'not signed'),
  new NotFoundError('no such connector'),
  new KafkaError('TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'not allowed'),
])('$message is final', async (error) => {
  const { guard } = await guardOf([error]);
  await expect(guard.fenceZombies('c')).rejects.toBe(error);
});

test('it is not tried for ever', async () => {
  const { guard, clock } = await guardOf(Array.from({ length: 100 }, () => new RestError(409, 'a round goes on')));
  const fenced = expect(guard.fenceZombies('c')).rejects.toThrow('a round goes on');
  await clock.advance(61_000);
  await fenced;
});

test('a task is still assigned while it is owned and its set is the newest', async () => {
  const { guard, configs } = await guardOf([]);
  const generation = configs.snapshot().connectors.get('c')?.taskGeneration ?? -1;
  expect(await guard.isStillAssigned({ connector: 'c', task: 0 }, generation)).toBe(true);
  expect(await guard.isStillAssigned({ connector: 'gone', task: 0 }, 0)).toBe(false);
  expect(await (await guardOf([], false)).guard.isStillAssigned({ connector: 'c', task: 0 }, generation)).toBe(false);
  await configs.putTaskConfigs('c', [{}]);
  expect(await guard.isStillAssigned({ connector: 'c', task: 0 }, generation)).toBe(false);
});
