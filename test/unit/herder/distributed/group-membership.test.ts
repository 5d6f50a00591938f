import { describe, expect, test } from 'vitest';
import { LogHub } from '../../../../src/base/log.ts';
import { GroupMembership } from '../../../../src/herder/distributed/group-membership.ts';
import type { GroupProtocol } from '../../../../src/herder/distributed/group-protocols.ts';
import type { Assignment, ConnectorsAndTasks, MembershipListener } from '../../../../src/herder/distributed/membership.ts';
import { fromWork, toWork } from '../../../../src/herder/distributed/work.ts';
import {
  decodeWorkerAssignment,
  decodeWorkerMetadata,
  encodeWorkerAssignment,
  encodeWorkerMetadata,
  NO_WORK,
  type WorkerAssignment,
} from '../../../../src/kafka/connect-protocol.ts';
import type { ClusterConfig, ConnectorConfig } from '../../../../src/storage/config/port.ts';
import { type ScriptedMember, scriptedMembers } from '../../../helpers/scripted-member.ts';
import { createTestClock, settle } from '../../../helpers/test-clock.ts';
import { itemsOf, workOf } from '../../../helpers/work-items.ts';

const SESSION_MS = 10_000;
const REBALANCE_MS = 60_000;
const DELAY_MS = 300_000;

const work = (text: string) => fromWork(workOf(text === '' ? [] : text.split(', ')));
const textOf = (owned: ConnectorsAndTasks) => itemsOf(toWork(owned)).sort().join(', ');

/** `tasks`: how many, by connector. */
function configOf(offset: bigint, tasks: Readonly<Record<string, number>>, inconsistent: readonly string[] = []): ClusterConfig {
  const connector = (name: string, count: number) =>
    ({ taskConfigs: Array.from({ length: count }, () => ({})), isInconsistent: inconsistent.includes(name) }) as Partial<ConnectorConfig>;
  const connectors = Object.entries(tasks).map(([name, count]) => [name, connector(name, count) as ConnectorConfig] as const);
  return { offset, sessionKey: null, connectors: new Map(connectors) };
}

function assignment(more: Partial<WorkerAssignment> = {}): Buffer {
  const plain = {
    error: 0,
    leader: 'other',
    leaderUrl: 'http://other/',
    configOffset: 5n,
    assigned: NO_WORK,
    revoked: NO_WORK,
    delayMs: 0,
  };
  return encodeWorkerAssignment({ ...plain, ...more }, 2);
}

const metadata = (url: string, configOffset: bigint, owned: string | null) =>
  encodeWorkerMetadata(
    { url, configOffset, allocation: owned === null ? null : decodeWorkerAssignment(assignment({ assigned: work(owned) })) },
    2,
  );

function rig(protocol: GroupProtocol = 'sessioned') {
  const clock = createTestClock();
  const { kafka, members } = scriptedMembers();
  const hub = new LogHub(() => 0);
  const lines: string[] = [];
  hub.attach(({ level, message }) => lines.push(`${level} ${message}`));
  /** What the listener was told, in order. */
  const told: string[] = [];
  const assignments: Assignment[] = [];
  /** The next call of the listener takes until this is resolved. */
  let gate: Promise<void> | null = null;
  const listen = async (what: string) => {
    told.push(what);
    const wait = gate;
    gate = null;
    await wait;
  };
  const configs = { snapshot: configOf(5n, { x: 1, y: 1 }), fresh: null as ClusterConfig | null };
  const membership = new GroupMembership(
    { snapshot: () => configs.snapshot, freshSnapshot: async () => configs.fresh ?? configs.snapshot },
    {
      kafka,
      groupId: 'g',
      protocol,
      url: () => 'http://me/',
      sessionTimeoutMs: SESSION_MS,
      heartbeatIntervalMs: 3_000,
      rebalanceTimeoutMs: REBALANCE_MS,
      maxDelayMs: DELAY_MS,
      clock,
      log: hub.log('group'),
    },
  );
  const listener: MembershipListener = {
    beforeJoin: () => listen('ready'),
    onAssigned: async (one) => {
      assignments.push(one);
      await listen(`assigned ${textOf(one)}`);
    },
    onRevokedAll: (reason) => listen(`revoked all: ${reason.replace(/[:(].*/, '')}`),
    onFailed: (error) => void told.push(`failed: ${error.message}`),
  };
  const started = membership.start(listener);
  started.catch(() => {});
  return {
    clock,
    members,
    lines,
    told,
    assignments,
    configs,
    membership,
    started,
    get member(): ScriptedMember {
      return members.at(-1)!;
    },
    block(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    /** The next call of the listener ends with this. */
    fail(error: Error): void {
      gate = Promise.reject(error);
      gate.catch(() => {});
    },
    /** A first round in which another member leads and this one gets these. */
    async join(owned: string): Promise<void> {
      await settle();
      await members.at(-1)!.assigned(assignment({ assigned: work(owned) }), { generation: 1, leaderId: 'other' });
      told.length = 0;
    },
    allocation(): string | null {
      const { allocation } = decodeWorkerMetadata(members.at(-1)!.offered().get('sessioned')!);
      return allocation === null ? null : textOf(allocation.assigned);
    },
  };
}

describe('joining', () => {
  test.each<[GroupProtocol, string[]]>([
    ['eager', ['default']],
    ['compatible', ['compatible', 'default']],
    ['sessioned', ['sessioned', 'compatible', 'default']],
  ])('%s offers %j, each in its own version', (protocol, names) => {
    const { member } = rig(protocol);
    expect([...member.offered().keys()]).toEqual(names);
    const versions: Readonly<Record<string, number>> = { default: 0, compatible: 1, sessioned: 2 };
    for (const [name, bytes] of member.offered())
      expect(bytes).toEqual(encodeWorkerMetadata({ url: 'http://me/', configOffset: 5n, allocation: null }, versions[name]!));
    expect(member.options).toMatchObject({
      groupId: 'g',
      protocolType: 'connect',
      sessionTimeoutMs: SESSION_MS,
      heartbeatIntervalMs: 3_000,
      rebalanceTimeoutMs: REBALANCE_MS,
    });
  });

  test('the herder is ready first; the start ends with the first round', async () => {
    const r = rig();
    const open = r.block();
    await settle();
    expect([r.told, r.member.isStarted, r.membership.isRebalancing, r.membership.leaderUrl]).toEqual([['ready'], false, true, null]);
    open();
    await settle();
    expect(r.member.isStarted).toBe(true);
    await r.member.assigned(assignment({ assigned: work('x, x 0') }), { generation: 1, leaderId: 'other' });
    await r.started;
    expect(r.assignments[0]).toMatchObject({
      error: 'NONE',
      connectors: ['x'],
      configOffset: 5n,
      generation: 1,
      memberId: 'm1',
      leader: 'other',
      protocol: 'sessioned',
    });
    expect(r.membership).toMatchObject({
      isRebalancing: false,
      leaderUrl: 'http://other/',
      isLeader: false,
      generation: 1,
      protocol: 'sessioned',
    });
    expect([r.membership.members(), r.membership.ownerUrl({ connector: 'x' })]).toEqual([[], null]);
  });

  test('a fault that is final ends the start, and later the worker', async () => {
    const first = rig();
    await settle();
    await first.member.fail('GROUP_AUTHORIZATION_FAILED');
    await expect(first.started).rejects.toThrow('GROUP_AUTHORIZATION_FAILED');
    expect(first.told).toEqual(['ready']);
    const later = rig();
    await later.join('x');
    await later.member.fail('FENCED_INSTANCE_ID');
    expect(later.told).toEqual(['revoked all: the membership was lost for 0 ms', 'ready', 'failed: FENCED_INSTANCE_ID: join of group "g"']);
  });

  test('a group of something else is named with what to do', async () => {
    const r = rig('compatible');
    await settle();
    await r.member.fail('INCONSISTENT_GROUP_PROTOCOL');
    await expect(r.started).rejects.toThrow(
      /group "g" are no Connect workers, or none of the protocols compatible, default .* Set another group\.id/,
    );
  });

  test('who stops while it joins is not left waiting, and leaves', async () => {
    const r = rig();
    await settle();
    await r.membership.stop('the worker is stopping');
    await expect(r.started).rejects.toThrow('the worker is stopping');
    expect(r.member.leftBecause).toBe('the worker is stopping');
    await r.member.assigned(assignment({ assigned: work('x') }), { generation: 1, leaderId: 'other' });
    expect(r.told).toEqual(['ready']);
  });
});

describe('round after round', () => {
  test('what is assigned adds up, what is revoked goes, and another round is asked for at once', async () => {
    const r = rig();
    await r.join('x, x 0');
    expect(r.allocation()).toBe('x, x 0');
    await r.member.prepare();
    expect(r.told).toEqual(['ready']);
    await r.member.assigned(assignment({ assigned: work('y'), revoked: work('x 0'), delayMs: 7 }), { generation: 2, leaderId: 'other' });
    expect(r.assignments.at(-1)).toMatchObject({
      connectors: ['x', 'y'],
      tasks: [],
      revoked: { connectors: [], tasks: [{ connector: 'x', task: 0 }] },
    });
    expect([r.allocation(), r.member.rejoins, r.membership.isRebalancing]).toEqual(['x, y', ['what was revoked has been given up'], true]);
    const { allocation } = decodeWorkerMetadata(r.member.offered().get('sessioned')!);
    expect(allocation).toMatchObject({ leader: 'other', leaderUrl: 'http://other/', revoked: NO_WORK, delayMs: 7 });
  });

  test('the round waits until the herder has stopped what was revoked', async () => {
    const r = rig();
    await r.join('x, y');
    const open = r.block();
    const round = r.member.assigned(assignment({ revoked: work('y') }), { generation: 2, leaderId: 'other' });
    await settle();
    expect([r.told, r.member.rejoins]).toEqual([['assigned x'], []]);
    open();
    await round;
    expect(r.member.rejoins).toHaveLength(1);
  });

  test('a delay is kept on the clock that cannot be set, told on the one that people read, and given up with the next round', async () => {
    const r = rig();
    await r.join('x');
    const atMs = r.clock.wallMs() + 5_000;
    await r.member.assigned(assignment({ delayMs: 5_000 }), { generation: 2, leaderId: 'other' });
    expect(r.membership.scheduledRebalanceMs).toBe(atMs);
    r.clock.setWall(-3_600_000);
    expect(r.membership.scheduledRebalanceMs).toBe(atMs - 3_600_000);
    await r.clock.advance(4_999);
    expect(r.member.rejoins).toEqual([]);
    await r.clock.advance(1);
    expect([r.member.rejoins, r.membership.scheduledRebalanceMs]).toEqual([['the planned rebalance is due'], null]);
    await r.member.assigned(assignment({ delayMs: 5_000 }), { generation: 3, leaderId: 'other' });
    await r.member.prepare();
    await r.member.assigned(assignment(), { generation: 4, leaderId: 'other' });
    await r.clock.advance(10_000);
    expect([r.member.rejoins.length, r.membership.scheduledRebalanceMs]).toEqual([1, null]);
  });

  test('whoever stood still for longer than its session leads nobody, and names no leader, until the group has answered', async () => {
    const r = rig();
    await r.join('x');
    const leader = r.membership.memberId;
    await r.member.assigned(assignment({ leader, leaderUrl: 'http://me/' }), { generation: 2, leaderId: leader });
    expect([r.membership.isLeader, r.membership.lastLeaderUrl]).toEqual([true, 'http://me/']);
    r.member.isOverdue = true;
    expect([r.membership.isLeader, r.membership.lastLeaderUrl]).toEqual([false, null]);
    r.member.isOverdue = false;
    expect([r.membership.isLeader, r.membership.lastLeaderUrl]).toEqual([true, 'http://me/']);
  });

  test('eager: all is given back before each round, and what comes is all there is', async () => {
    const r = rig('eager');
    const plain = (items: string) => encodeWorkerAssignment({ ...decodeWorkerAssignment(assignment()), assigned: work(items) }, 0);
    await settle();
    await r.member.assigned(plain('x, x 0'), { generation: 1, leaderId: 'other', protocol: 'default' });
    await r.member.prepare();
    await r.member.assigned(plain('y'), { generation: 2, leaderId: 'other', protocol: 'default' });
    expect(r.told).toEqual(['ready', 'assigned x, x 0', 'revoked all: a rebalance of the group begins', 'ready', 'assigned y']);
    expect(r.assignments.map((one) => one.protocol)).toEqual(['eager', 'eager']);
  });

  test('a leader that was behind: nothing new, nothing lost', async () => {
    const r = rig();
    await r.join('x');
    await r.member.assigned(assignment({ error: 1, configOffset: 9n }), { generation: 2, leaderId: 'other' });
    expect(r.assignments.at(-1)).toMatchObject({ error: 'CONFIG_MISMATCH', connectors: ['x'], configOffset: 9n });
  });

  test('an assignment that cannot be read is named, and the worker joins again after a while', async () => {
    const r = rig();
    await r.join('x');
    const round = r.member.assigned(Buffer.from([0, 2, 0]), { generation: 2, leaderId: 'other' });
    await r.clock.advance(2_999);
    expect(r.member.rejoins).toEqual([]);
    await r.clock.advance(1);
    await round;
    expect([r.told, r.member.rejoins, r.allocation()]).toEqual([[], ['the assignment could not be read'], 'x']);
    expect(r.lines.at(-1)).toMatch(
      /^ERROR The leader of group "g" has sent what cannot be read.*assignment of a Connect worker \(3 bytes\)/,
    );
  });

  test('a fault of the herder is logged and ends nothing', async () => {
    const r = rig();
    await r.join('x');
    r.fail(new Error('no memory'));
    await r.member.assigned(assignment({ assigned: work('y') }), { generation: 2, leaderId: 'other' });
    expect([r.allocation(), r.membership.isRebalancing]).toEqual(['x, y', false]);
    expect(r.lines.at(-1)).toBe('ERROR Taking over an assignment of the group failed: no memory');
  });
});

describe('leading', () => {
  const joined = (owned: string | null) => [
    { memberId: 'm1', metadata: metadata('http://me/', 5n, owned) },
    { memberId: 'm2', metadata: metadata('http://two/', 5n, null) },
  ];
  const read = (answers: ReadonlyMap<string, Buffer>) => new Map([...answers].map(([id, bytes]) => [id, decodeWorkerAssignment(bytes)]));

  test('hands the work out, and knows who has what', async () => {
    const r = rig();
    await settle();
    const answers = await r.member.lead(1, 'sessioned', joined(null));
    const shares = read(answers);
    expect([...shares].map(([id, one]) => [id, textOf(one.assigned)])).toEqual([
      ['m1', 'x, x 0'],
      ['m2', 'y, y 0'],
    ]);
    expect(shares.get('m2')).toMatchObject({ error: 0, leader: 'm1', leaderUrl: 'http://me/', configOffset: 5n, delayMs: 0 });
    expect(answers.get('m2')?.readInt16BE()).toBe(2);
    await r.member.assigned(answers.get('m1')!, { generation: 1, leaderId: 'm1' });
    const { membership } = r;
    expect(membership.isLeader).toBe(true);
    expect(membership.members().map(({ memberId, url, ...owned }) => [memberId, url, textOf(owned)])).toEqual([
      ['m1', 'http://me/', 'x, x 0'],
      ['m2', 'http://two/', 'y, y 0'],
    ]);
    expect([
      membership.ownerUrl({ connector: 'y' }),
      membership.ownerUrl({ connector: 'x', task: 0 }),
      membership.ownerUrl({ connector: 'x', task: 7 }),
    ]).toEqual(['http://two/', 'http://me/', null]);
    await r.member.lose(500);
    expect([membership.isLeader, membership.members(), membership.ownerUrl({ connector: 'y' })]).toEqual([false, [], null]);
  });

  test('remembers from round to round: who went away is waited for', async () => {
    const r = rig();
    await settle();
    await r.member.assigned((await r.member.lead(1, 'sessioned', joined(null))).get('m1')!, { generation: 1, leaderId: 'm1' });
    const [own] = joined('x, x 0');
    const share = read(await r.member.lead(2, 'sessioned', [own!])).get('m1');
    expect(share).toMatchObject({ delayMs: DELAY_MS, assigned: NO_WORK });
  });

  test('no tasks of a set that is incomplete', async () => {
    const r = rig();
    r.configs.snapshot = configOf(5n, { x: 2, y: 1 }, ['x']);
    await settle();
    const shares = read(await r.member.lead(1, 'sessioned', joined(null)));
    expect([...shares.values()].map((one) => textOf(one.assigned))).toEqual(['x, y 0', 'y']);
  });

  test.each([
    ['reads on', configOf(9n, { z: 0 }), { error: 0, configOffset: 9n }, 'z'],
    ['says so to all when that does not help', null, { error: 1, configOffset: 9n }, ''],
  ])('behind a member it %s', async (_, fresh, facts, owned) => {
    const r = rig();
    r.configs.fresh = fresh;
    await settle();
    const ahead = [joined(null)[0]!, { memberId: 'm2', metadata: metadata('http://two/', 9n, null) }];
    const shares = read(await r.member.lead(1, 'sessioned', ahead));
    for (const share of shares.values()) expect(share).toMatchObject({ ...facts, delayMs: 0 });
    expect([...shares.values()].map((one) => textOf(one.assigned)).join('')).toBe(owned);
    if (fresh === null) expect(r.lines.at(-1)).toMatch(/^WARN This leader has read the config topic to offset 5 only, another worker to 9/);
  });

  test('a member whose bytes are none is named and given nothing; the others go on', async () => {
    const r = rig();
    await settle();
    const shares = read(await r.member.lead(1, 'sessioned', [joined(null)[0]!, { memberId: 'odd', metadata: Buffer.from('hello') }]));
    expect([...shares].map(([id, one]) => [id, textOf(one.assigned)])).toEqual([
      ['m1', 'x, x 0, y, y 0'],
      ['odd', ''],
    ]);
    expect(r.lines.at(-1)).toMatch(/^ERROR Member odd of the group .* given nothing/);
  });

  test('an eager round: all of it anew, in the bytes of version 0', async () => {
    const r = rig();
    await settle();
    const answers = await r.member.lead(1, 'default', [
      { memberId: 'm1', metadata: encodeWorkerMetadata({ url: 'http://me/', configOffset: 5n, allocation: null }, 0) },
      { memberId: 'm2', metadata: encodeWorkerMetadata({ url: 'http://two/', configOffset: 5n, allocation: null }, 0) },
    ]);
    expect(answers.get('m1')?.readInt16BE()).toBe(0);
    expect([...read(answers).values()].map((one) => textOf(one.assigned))).toEqual(['x, x 0', 'y, y 0']);
  });
});

describe('losing touch', () => {
  const lost = (ms: number) => `revoked all: the membership was lost for ${ms} ms`;

  test('forgotten by the group for less than its session: the work goes on, and is told of in the next round', async () => {
    const r = rig();
    await r.join('x, x 0');
    await r.member.lose(SESSION_MS);
    expect([r.told, r.allocation(), r.membership.isRebalancing]).toEqual([['ready'], 'x, x 0', true]);
  });

  test('… for longer: all of it has ended before it joins again; what nobody was given comes back', async () => {
    const r = rig();
    await r.join('x, x 0');
    const open = r.block();
    let isTold = false;
    const losing = r.member.lose(SESSION_MS + 1).then(() => {
      isTold = true;
    });
    await settle();
    expect([r.told, isTold]).toEqual([[lost(10_001)], false]);
    open();
    await losing;
    expect([r.told, r.allocation()]).toEqual([[lost(10_001), 'ready'], 'x, x 0']);
    await r.member.assigned(assignment({ revoked: work('x 0') }), { generation: 9, leaderId: 'other' });
    expect(r.told.at(-1)).toBe('assigned x');
  });

  test('… until others have been given it: it no longer says that it has anything', async () => {
    const r = rig();
    await r.join('x, x 0');
    await r.member.lose(SESSION_MS + DELAY_MS + 1);
    expect([r.told, r.allocation()]).toEqual([[lost(310_001), 'ready'], null]);
  });

  test('… as the leader: another one has handed it out at once', async () => {
    const r = rig();
    await settle();
    await r.member.assigned(assignment({ leader: 'm1', assigned: work('x') }), { generation: 1, leaderId: 'm1' });
    await r.member.lose(SESSION_MS + 1);
    expect(r.allocation()).toBeNull();
  });

  test('no coordinator: all is given back; told as owned while it stops, and asked for anew afterwards', async () => {
    const r = rig();
    await r.join('x, x 0');
    const open = r.block();
    r.member.options.onCoordinatorLost?.(3_000);
    await settle();
    expect([r.told, r.allocation(), r.member.rejoins]).toEqual([
      ['revoked all: no coordinator of the group could be found for 3000 ms'],
      'x, x 0',
      [],
    ]);
    // A round that ends meanwhile must not start again what is given back.
    const round = r.member.assigned(assignment({ assigned: work('y') }), { generation: 2, leaderId: 'other' });
    open();
    await round;
    expect([r.told.at(-1), r.allocation()]).toEqual(['assigned y', 'y']);
    expect(r.member.rejoins).toEqual(['all work was given back while no coordinator could be found']);
    expect(r.membership.isRebalancing).toBe(true);
  });

  test('no coordinator and nothing that runs: nothing to do', async () => {
    const r = rig();
    await settle();
    r.member.options.onCoordinatorLost?.(3_000);
    await settle();
    expect([r.told, r.member.rejoins]).toEqual([['ready'], []]);
  });
});

describe('a herder that takes longer than the group can wait', () => {
  test('leaves, and comes back with nothing running once the call has ended', async () => {
    const r = rig();
    await r.join('x');
    const open = r.block();
    void r.member.assigned(assignment({ assigned: work('y'), delayMs: 1_000 }), { generation: 2, leaderId: 'other' });
    await r.clock.advance(REBALANCE_MS - 1);
    expect(r.member.leftBecause).toBeNull();
    await r.clock.advance(1);
    expect(r.member.leftBecause).toMatch(/Taking over an assignment of the group takes longer than 60000 ms/);
    expect(r.lines.at(-1)).toMatch(/^WARN .*rebalance\.timeout\.ms.*leaves group "g", and comes back/);
    expect([r.members.length, r.membership.isLeader, r.membership.isRebalancing]).toEqual([1, false, true]);
    await r.clock.advance(REBALANCE_MS);
    open();
    await settle();
    expect(r.told).toEqual(['assigned x, y', 'revoked all: the worker had to leave group "g"', 'ready']);
    expect([r.members.length, r.member.isStarted, r.allocation(), r.membership.memberId]).toEqual([2, true, 'x, y', 'm2']);
    // The delay of the round that it missed is not waited for.
    await r.clock.advance(5_000);
    expect([r.members[0]?.rejoins, r.member.rejoins, r.told.length]).toEqual([[], [], 3]);
    await r.member.assigned(assignment(), { generation: 4, leaderId: 'other' });
    expect([r.told.at(-1), r.membership.isRebalancing]).toEqual(['assigned x, y', false]);
  });

  test('a stop meanwhile is the end', async () => {
    const r = rig();
    await r.join('x');
    const open = r.block();
    void r.member.assigned(assignment(), { generation: 2, leaderId: 'other' });
    await r.clock.advance(REBALANCE_MS);
    await r.membership.stop('the worker is stopping');
    open();
    await settle();
    expect([r.members.length, r.told]).toEqual([1, ['assigned x']]);
  });
});
