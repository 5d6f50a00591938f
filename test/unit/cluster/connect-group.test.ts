/** Groups of workers, read from what their members have told the brokers. */
import { expect, test } from 'vitest';
import { fetchConnectGroups } from '../../../src/cluster/connect-group.ts';
import { ConnectGroupWatch } from '../../../src/cluster/connect-group-watch.ts';
import {
  type ConnectWork,
  drainingAllocation,
  encodeWorkerAssignment,
  encodeWorkerMetadata,
  NO_WORK,
} from '../../../src/kafka/connect-protocol.ts';
import type { Admin } from '../../../src/kafka/contract.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

const work = (...tasks: number[]): ConnectWork => ({ connectors: [], tasks: tasks.map((task) => ({ connector: 'orders', task })) });
const given = (leaderUrl: string, more: object = {}) => ({
  error: 0,
  leader: 'm-1',
  leaderUrl,
  configOffset: 3n,
  assigned: NO_WORK,
  revoked: NO_WORK,
  delayMs: 0,
  ...more,
});
const metadata = (url: string, owned: ConnectWork | null = null, configOffset = 3n) =>
  encodeWorkerMetadata({ url, configOffset, allocation: owned && given('http://b:1/', { assigned: owned }) }, 2);
const assignment = (leaderUrl: string, more: object = {}) => encodeWorkerAssignment(given(leaderUrl, more), 2);

type Member = readonly [rawMetadata: Buffer, rawAssignment: Buffer];

const adminOf = (members: () => readonly Member[], state = () => 'Stable') =>
  ({
    groups: async () => [
      { groupId: 'workers', protocolType: 'connect', state: 'Stable', groupType: 'classic' },
      { groupId: 'orders', protocolType: 'consumer', state: 'Stable', groupType: 'classic' },
    ],
    describeGroups: async (ids: readonly string[]) =>
      ids.map((groupId) => ({
        groupId,
        state: state(),
        protocol: state() === 'Stable' ? 'sessioned' : '',
        members: members().map(([rawMetadata, rawAssignment], i) => ({
          memberId: `m-${i}`,
          rawMetadata,
          rawAssignment,
          host: '/10.0.0.1',
        })),
      })),
  }) as unknown as Admin;
const read = (members: readonly Member[]) => fetchConnectGroups(adminOf(() => members));

test('leader and addresses of the group, and not of groups of consumers', async () => {
  const groups = await read([
    [metadata('http://a:1/', null, 2n), assignment('http://b:1/')],
    [metadata('http://b:1/'), assignment('http://b:1/')],
  ]);
  const facts = { host: '10.0.0.1', owned: NO_WORK, isDraining: false };
  expect(groups).toEqual([
    {
      groupId: 'workers',
      state: 'Stable',
      protocol: 'sessioned',
      memberCount: 2,
      leaderUrl: 'http://b:1/',
      leader: 'm-1',
      configOffset: 3n,
      delayMs: 0,
      workers: [
        { ...facts, memberId: 'm-0', url: 'http://a:1/', configOffset: 2n },
        { ...facts, memberId: 'm-1', url: 'http://b:1/', configOffset: 3n },
      ],
    },
  ]);
});

test('a member owns what it had when it joined, without what was taken from it, and what it was given', async () => {
  const [group] = await read([
    [metadata('http://a:1/', work(0, 1, 2)), assignment('http://b:1/', { revoked: work(1), assigned: work(2, 7) })],
    [metadata('http://b:1/'), assignment('http://b:1/', { assigned: work(5) })],
  ]);
  expect(group?.workers.map(({ owned }) => owned.tasks.map(({ task }) => task))).toEqual([[0, 2, 7], [5]]);
});

test('a member that drains is known as such', async () => {
  const drains = encodeWorkerMetadata({ url: 'http://a:1/', configOffset: 3n, allocation: drainingAllocation(null) }, 2);
  const [group] = await read([
    [drains, assignment('http://b:1/')],
    [metadata('http://b:1/', work(0)), assignment('http://b:1/', { delayMs: 300 })],
  ]);
  expect(group?.workers.map(({ isDraining }) => isDraining)).toEqual([true, false]);
});

test('nothing is made up of bytes that end early', async () => {
  const whole = assignment('http://a:1/');
  for (const end of [0, 3, 5, 14, 20]) {
    const [group] = await read([[metadata('http://a:1/').subarray(0, end), whole.subarray(0, end)]]);
    expect(group).toMatchObject({ leaderUrl: null, workers: [] });
  }
});

test('a rebalance that is put off: at most so long when it was there before, exactly so long when it was seen to begin', async () => {
  const clock = createTestClock();
  let delayMs = 300_000;
  const watch = new ConnectGroupWatch(
    adminOf(() => [[metadata('http://a:1/'), assignment('http://a:1/', { delayMs })]]),
    clock,
  );
  const first = clock.wallMs();
  expect(await watch.read()).toMatchObject([{ rebalanceDueMs: first + 300_000, isDueExact: false }]);
  await clock.advance(2_000);
  expect(await watch.read()).toMatchObject([{ rebalanceDueMs: first + 300_000, isDueExact: false }]);
  delayMs = 250_000;
  expect(await watch.read()).toMatchObject([{ rebalanceDueMs: first + 252_000, isDueExact: true }]);
  // Somebody sets the clock: so much is left as before.
  clock.setWall(-3_600_000);
  expect(await watch.read()).toMatchObject([{ rebalanceDueMs: first + 252_000 - 3_600_000, isDueExact: true }]);
  delayMs = 0;
  expect(await watch.read()).toMatchObject([{ rebalanceDueMs: null }]);
  // Long not looked at: nobody knows when this one began.
  await clock.advance(60_000);
  delayMs = 9_000;
  expect(await watch.read()).toMatchObject([{ isDueExact: false }]);
});

test('while they rebalance the members of the round before stand, and are said to; a group that is empty has none', async () => {
  let state = 'Stable';
  let members: readonly Member[] = [[metadata('http://a:1/', work(4)), assignment('http://a:1/')]];
  const watch = new ConnectGroupWatch(
    adminOf(
      () => members,
      () => state,
    ),
    createTestClock(),
  );
  await watch.read();
  [state, members] = ['PreparingRebalance', [[Buffer.alloc(0), Buffer.alloc(0)]]];
  expect(await watch.read()).toMatchObject([
    { state, isOfLastRound: true, leaderUrl: 'http://a:1/', protocol: 'sessioned', workers: [{ url: 'http://a:1/' }] },
  ]);
  [state, members] = ['Empty', []];
  expect(await watch.read()).toMatchObject([{ isOfLastRound: false, leaderUrl: null, workers: [] }]);
});
