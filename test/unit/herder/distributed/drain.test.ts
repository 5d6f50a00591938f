/** A member that drains, round by round, and its leader of ours. What the assignor makes of it: cooperative-assignor.test.ts. */
import { describe, expect, test } from 'vitest';
import { LogHub } from '../../../../src/base/log.ts';
import type { DrainOutcome } from '../../../../src/herder/distributed/drain.ts';
import { GroupMembership } from '../../../../src/herder/distributed/group-membership.ts';
import type { Assignment } from '../../../../src/herder/distributed/membership.ts';
import { fromWork, toWork } from '../../../../src/herder/distributed/work.ts';
import {
  decodeWorkerAssignment,
  decodeWorkerMetadata,
  drainingAllocation,
  encodeWorkerAssignment,
  encodeWorkerMetadata,
  isDraining,
  NO_WORK,
  type WorkerAssignment,
} from '../../../../src/kafka/connect-protocol.ts';
import type { ConnectorConfig } from '../../../../src/storage/config/port.ts';
import { scriptedMembers } from '../../../helpers/scripted-member.ts';
import { createTestClock, settle } from '../../../helpers/test-clock.ts';
import { itemsOf, workOf } from '../../../helpers/work-items.ts';

const REBALANCE_MS = 60_000;
const work = (text: string) => fromWork(workOf(text === '' ? [] : text.split(', ')));
const textOf = (one: Parameters<typeof toWork>[0]) => itemsOf(toWork(one)).sort().join(', ');
const LEADER = { error: 0, leader: 'other', leaderUrl: 'http://other/', configOffset: 5n, delayMs: 0 };
const given = (more: Partial<WorkerAssignment>) => encodeWorkerAssignment({ ...LEADER, assigned: NO_WORK, revoked: NO_WORK, ...more }, 2);
const facts = (generation: number, leaderId = 'other') => ({ generation, leaderId });

async function member(owned: string) {
  const clock = createTestClock();
  const hub = new LogHub(() => clock.wallMs());
  const lines: string[] = [];
  hub.attach(({ level, message }) => void lines.push(`${level} ${message}`));
  const { kafka, members } = scriptedMembers();
  const configs = new Map(['x', 'y'].map((name) => [name, { taskConfigs: [{}], isInconsistent: false } as unknown as ConnectorConfig]));
  const config = { offset: 5n, sessionKey: null, connectors: configs };
  const membership = new GroupMembership(
    { snapshot: () => config, freshSnapshot: async () => config },
    {
      kafka,
      groupId: 'g',
      protocol: 'sessioned',
      url: () => 'http://me/',
      sessionTimeoutMs: 10_000,
      heartbeatIntervalMs: 3_000,
      rebalanceTimeoutMs: REBALANCE_MS,
      maxDelayMs: 300_000,
      clock,
      log: hub.log('group'),
    },
  );
  const told: string[] = [];
  let gate: Promise<void> | null = null;
  const listen = async (what: string) => {
    told.push(what);
    const wait = gate;
    gate = null;
    await wait;
  };
  void membership
    .start({
      beforeJoin: async () => {},
      onAssigned: (one: Assignment) => listen(`runs ${textOf(one)}`),
      onRevokedAll: () => listen('runs nothing'),
      onFailed: (error) => void told.push(error.message),
    })
    .catch(() => {});
  await settle();
  const one = members[0]!;
  one.offered();
  await one.assigned(given({ assigned: work(owned) }), facts(1));
  const outcomes: (DrainOutcome | string)[] = [];
  return {
    clock,
    lines,
    told,
    membership,
    one,
    /** What is known so far: what the leader makes of it, then that the worker may leave. */
    outcomes,
    drain: () => {
      const drain = membership.drain();
      const note = (name: string) => (outcome: DrainOutcome | Error) =>
        void outcomes.push(`${name}: ${outcome instanceof Error ? outcome.message : outcome}`);
      drain.heard.then(note('heard'), note('heard'));
      drain.over.then(note('over'), note('over'));
      return drain;
    },
    /** That it says so, and what it says that it owns. */
    says: () => {
      const metadata = decodeWorkerMetadata(one.offered().get('sessioned')!);
      return [isDraining(metadata), metadata.allocation === null ? null : textOf(metadata.allocation.assigned)];
    },
    block: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
  };
}

describe('a member that drains', () => {
  test('says so in the next join; when the leader takes all of it, it may leave once that has ended, and asks for no other round', async () => {
    const m = await member('x, x 0');
    expect(m.says()).toEqual([false, 'x, x 0']);
    const drain = m.drain();
    expect([m.membership.drain() === drain, m.one.rejoins]).toEqual([true, ['this worker drains']]);
    expect(m.says()).toEqual([true, 'x, x 0']);
    const open = m.block();
    const round = m.one.assigned(given({ revoked: work('x, x 0') }), facts(2));
    await settle();
    expect([m.told.at(-1), m.outcomes]).toEqual(['runs ', ['heard: handed over']]);
    open();
    await round;
    await settle();
    expect([m.outcomes, m.one.rejoins.length, m.one.leftBecause]).toEqual([['heard: handed over', 'over: handed over'], 1, null]);
  });

  test('the original reads what it says as it reads any other', () => {
    const allocation = { ...LEADER, assigned: work('x, x 0'), revoked: NO_WORK };
    const [marked, plain] = [drainingAllocation(allocation), allocation].map((one) =>
      encodeWorkerMetadata({ url: 'http://me/', configOffset: 5n, allocation: one }, 2),
    );
    expect(marked!.subarray(0, -4)).toEqual(plain!.subarray(0, -4));
    expect(decodeWorkerAssignment(encodeWorkerAssignment(drainingAllocation(null), 2))).toMatchObject({ assigned: NO_WORK, delayMs: -1 });
  });

  test('a leader that leaves it its work knows of no draining: it may leave at once', async () => {
    const m = await member('x, x 0');
    m.drain();
    m.says();
    await m.one.assigned(given({ assigned: work('y') }), facts(2));
    await settle();
    expect(m.outcomes).toEqual(['heard: left here', 'over: left here']);
  });

  test('rounds that were joined before, or that the leader could not make, answer nothing', async () => {
    const m = await member('x');
    m.drain();
    await m.one.assigned(given({ assigned: work('y') }), facts(2));
    m.says();
    await m.one.assigned(given({ error: 1 }), facts(3));
    await settle();
    expect(m.outcomes).toEqual([]);
    m.says();
    await m.one.assigned(given({ revoked: work('x, y') }), facts(4));
    await settle();
    expect(m.outcomes).toEqual(['heard: handed over', 'over: handed over']);
  });

  test('a group that does not agree within rebalance.timeout.ms is left as it is', async () => {
    const m = await member('x');
    m.drain();
    await m.clock.advance(REBALANCE_MS - 1);
    expect(m.outcomes).toEqual([]);
    await m.clock.advance(1);
    expect([m.outcomes, m.lines.at(-1)]).toEqual([
      ['heard: left here', 'over: left here'],
      `WARN Group "g" has not agreed anew within ${REBALANCE_MS} ms (rebalance.timeout.ms): this worker leaves it as it is.`,
    ]);
  });

  test('work that takes longer to end than the others wait for: it leaves, and does not come back', async () => {
    const m = await member('x');
    m.drain();
    m.says();
    const open = m.block();
    void m.one.assigned(given({ revoked: work('x') }), facts(2));
    await m.clock.advance(REBALANCE_MS);
    expect([m.one.leftBecause !== null, m.outcomes]).toEqual([true, ['heard: handed over']]);
    open();
    await settle();
    expect([m.told.at(-1), m.outcomes.at(-1)]).toEqual(['runs nothing', 'over: handed over']);
  });

  test('forgotten by the group for longer than its session: its work has ended, and it may leave', async () => {
    const m = await member('x');
    m.drain();
    await m.one.lose(10_001);
    await settle();
    expect([m.told.at(-1), m.outcomes]).toEqual(['runs nothing', ['heard: left here', 'over: left here']]);
  });
});

describe('its leader', () => {
  const joined = (memberId: string, owned: string, drains: boolean) => {
    const allocation = { ...LEADER, assigned: work(owned), revoked: NO_WORK };
    const said = drains ? drainingAllocation(allocation) : allocation;
    return { memberId, metadata: encodeWorkerMetadata({ url: `http://${memberId}/`, configOffset: 5n, allocation: said }, 2) };
  };
  const shares = (answers: ReadonlyMap<string, Buffer>) =>
    [...answers].map(([id, bytes]) => {
      const { assigned, revoked } = decodeWorkerAssignment(bytes);
      return [id, textOf(assigned), textOf(revoked)];
    });

  test('takes all of it, and knows who leaves', async () => {
    const m = await member('');
    const answers = await m.one.lead(2, 'sessioned', [joined('m1', 'x, x 0', false), joined('m2', 'y, y 0', true)]);
    expect(shares(answers)).toEqual([
      ['m1', '', ''],
      ['m2', '', 'y, y 0'],
    ]);
    await m.one.assigned(answers.get('m1')!, facts(2, 'm1'));
    expect(m.membership.members().map(({ memberId, isLeaving }) => [memberId, isLeaving])).toEqual([
      ['m1', false],
      ['m2', true],
    ]);
  });

  test('stays, and says so, when all of them drain', async () => {
    const m = await member('x, x 0');
    m.drain();
    expect(m.says()).toEqual([true, 'x, x 0']);
    const answers = await m.one.lead(2, 'sessioned', [joined('m1', 'x, x 0', true), joined('m2', 'y, y 0', true)]);
    expect(shares(answers)).toEqual([
      ['m1', '', ''],
      ['m2', '', 'y, y 0'],
    ]);
    await m.one.assigned(answers.get('m1')!, facts(2, 'm1'));
    const reason = 'All workers of group "g" drain: this one, its leader, goes on, so that somebody can take their work.';
    expect([m.outcomes, m.lines.at(-1), m.says()]).toEqual([[`heard: ${reason}`, `over: ${reason}`], `WARN ${reason}`, [false, 'x, x 0']]);
    // Asked again it is another drain.
    m.drain();
    expect(m.says()[0]).toBe(true);
  });

  test('that has ended its own work already goes all the same; then another one stays', async () => {
    const m = await member('');
    m.drain();
    m.says();
    await m.one.assigned(given({}), facts(2));
    await settle();
    expect(m.outcomes).toEqual(['heard: handed over', 'over: handed over']);
    const answers = await m.one.lead(3, 'sessioned', [joined('m1', '', true), joined('m2', 'y, y 0', true)]);
    expect(shares(answers)).toEqual([
      ['m1', 'x, x 0', ''],
      ['m2', '', 'y, y 0'],
    ]);
    expect(m.says()[0]).toBe(true);
  });
});
