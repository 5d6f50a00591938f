/** Each rule of the leader by itself (reference 2.5). Whole histories against the JVM: cooperative-rounds.test.ts; random ones: group-model.test.ts. */
import { describe, expect, test } from 'vitest';
import {
  assignCooperatively,
  type CooperativeRound,
  type CooperativeState,
  NEW_LEADER,
} from '../../../../src/herder/distributed/cooperative-assignor.ts';
import { itemsOf, workOf } from '../../../helpers/work-items.ts';

type Members = Readonly<Record<string, string>>;

const items = (text: string) => workOf(text === '' ? [] : text.split(', '));
const membersOf = (members: Members) => new Map(Object.entries(members).map(([id, text]) => [id, items(text)]));

interface Case {
  /** Of the state, what the leader remembers; the rest is a group in generation 5. */
  readonly before?: Partial<Omit<CooperativeState, 'assigned' | 'revoked' | 'members'>> & {
    readonly assigned?: string;
    readonly revoked?: string;
    readonly members?: readonly string[];
  };
  readonly configured: string;
  readonly members: Members;
  readonly round?: Partial<CooperativeRound>;
}

function run({ before = {}, configured, members, round = {} }: Case) {
  const { assigned = '', revoked = '', members: known = Object.keys(members), ...rest } = before;
  const state = { ...NEW_LEADER, generation: 5, ...rest, assigned: items(assigned), revoked: items(revoked), members: new Set(known) };
  const outcome = assignCooperatively(state, {
    members: membersOf(members),
    configured: items(configured),
    lastGeneration: 5,
    generation: 6,
    nowMs: 1_000,
    maxDelayMs: 300_000,
    ...round,
  });
  const texts = (part: 'assigned' | 'revoked') =>
    Object.fromEntries(
      [...outcome.shares].map(([id, share]) => [id, itemsOf(share[part]).sort().join(', ')]).filter(([, text]) => text !== ''),
    );
  const { next, delayMs } = outcome;
  const memory = { ...next, assigned: itemsOf(next.assigned).sort().join(', '), revoked: itemsOf(next.revoked).sort().join(', ') };
  return { assigned: texts('assigned'), revoked: texts('revoked'), delayMs, next: memory };
}

describe('what is new', () => {
  test('goes to the least loaded, connectors and tasks apart, ties by member id', () => {
    const outcome = run({ configured: 'x, y, z, x 0, x 1, y 0, z 0', members: { b: '', c: '', a: 'x' }, before: { assigned: 'x' } });
    expect(outcome.assigned).toEqual({ a: 'x 0, z 0', b: 'x 1, y', c: 'y 0, z' });
    expect(outcome).toMatchObject({ revoked: {}, delayMs: 0, next: { generation: 6, assigned: 'x, x 0, x 1, y, y 0, z, z 0' } });
  });

  test('a new leader takes what members say that they own as it is', () => {
    const outcome = run({
      before: { generation: -1 },
      configured: 'x, y, x 0',
      members: { a: 'x', b: 'x 0' },
      round: { lastGeneration: 8 },
    });
    expect(outcome.assigned).toEqual({ b: 'y' });
  });
});

describe('what nobody may have any more', () => {
  test('deleted: revoked from who has it', () => {
    expect(run({ before: { assigned: 'x, y, y 0' }, configured: 'x', members: { a: 'x', b: 'y, y 0' } })).toMatchObject({
      revoked: { b: 'y, y 0' },
      assigned: {},
      next: { revoked: 'y, y 0', assigned: 'x' },
    });
  });

  test('owned twice: revoked from both, handed out in the next round', () => {
    const outcome = run({ before: { assigned: 'x, y' }, configured: 'x, y', members: { a: 'x, y', b: 'x' } });
    expect(outcome).toMatchObject({ revoked: { a: 'x', b: 'x' }, assigned: {}, next: { assigned: 'y', revoked: 'x' } });
    const then = run({ before: { assigned: 'y', revoked: 'x' }, configured: 'x, y', members: { a: 'y', b: '' } });
    expect(then.assigned).toEqual({ b: 'x' });
  });

  test('unknown to the leader and not configured: revoked at once', () => {
    expect(run({ before: { generation: -1 }, configured: 'x', members: { a: 'x', b: 'old 0' } }).revoked).toEqual({ b: 'old 0' });
  });

  test('a revocation that a member has missed is made again', () => {
    const outcome = run({ before: { assigned: 'x, x 0', revoked: 'y 0' }, configured: 'x, x 0', members: { a: 'x, x 0', b: 'y 0' } });
    expect(outcome.revoked).toEqual({ b: 'y 0' });
  });
});

describe('what is lost', () => {
  const before = { assigned: 'x, x 0, y, y 0', members: ['a', 'b'] };
  const configured = 'x, x 0, y, y 0';
  test.each<[string, Case, object]>([
    [
      'with a member that went away: waits',
      { before, configured, members: { a: 'x, x 0' } },
      { delayMs: 300_000, next: { scheduledMs: 301_000, candidates: [], assigned: 'x, x 0, y, y 0' } },
    ],
    [
      '… and an idle member is remembered',
      { before, configured, members: { a: 'x, x 0', c: '' } },
      { delayMs: 300_000, next: { candidates: ['c'] } },
    ],
    [
      'while all are here: handed out at once',
      { before, configured, members: { a: 'x, x 0', b: '' } },
      { delayMs: 0, assigned: { b: 'y, y 0' } },
    ],
    [
      'without a delay: handed out at once',
      { before, configured, members: { a: 'x, x 0' }, round: { maxDelayMs: 0 } },
      { delayMs: 0, assigned: { a: 'y, y 0' } },
    ],
    [
      'still in the delay: the rest of it',
      { before: { ...before, scheduledMs: 250_000 }, configured, members: { a: 'x, x 0' } },
      { delayMs: 249_000, next: { scheduledMs: 250_000 } },
    ],
    [
      'after the delay, nobody waited: least loaded',
      { before: { ...before, scheduledMs: 1_000 }, configured, members: { a: 'x, x 0' } },
      { delayMs: 0, assigned: { a: 'y, y 0' }, next: { scheduledMs: null } },
    ],
    [
      'after the delay: to those that waited',
      { before: { ...before, scheduledMs: 900, candidates: ['c', 'gone'] }, configured, members: { a: 'x, x 0', c: '' } },
      { delayMs: 0, assigned: { c: 'y, y 0' }, next: { candidates: [] } },
    ],
    [
      'back within the delay with all it had: nothing moves',
      { before: { ...before, scheduledMs: 250_000, members: ['a'] }, configured, members: { a: 'x, x 0', b: 'y, y 0' } },
      { delayMs: 0, assigned: {}, revoked: {}, next: { scheduledMs: null } },
    ],
    [
      'of a connector that is deleted by now: is gone',
      { before, configured: 'x, x 0', members: { a: 'x, x 0' } },
      { delayMs: 0, assigned: {}, next: { assigned: 'x, x 0' } },
    ],
    [
      'unknown after a round that was not completed: new',
      { before: { ...before, generation: 4 }, configured, members: { a: 'x, x 0' } },
      { delayMs: 0, assigned: { a: 'y, y 0' } },
    ],
  ])('%s', (_, given, expected) => {
    expect(run(given)).toMatchObject(expected);
  });

  test('dealt out in turn among several that waited', () => {
    const outcome = run({
      before: { assigned: 'a0, p, p 0, q, q 0', members: ['a', 'b'], scheduledMs: 500, candidates: ['d', 'c'] },
      configured: 'a0, p, p 0, q, q 0',
      members: { a: 'a0', c: '', d: '' },
    });
    expect(outcome.assigned).toEqual({ d: 'p, p 0', c: 'q, q 0' });
  });
});

describe('who drains', () => {
  const configured = 'x, x 0, y, y 0, z, z 0';
  const leaving = new Set(['b']);

  test('gives all it owns up, and gets nothing of what is new; the next round hands it out without any delay', () => {
    const members = { a: 'x, x 0', b: 'y, y 0, z', c: '' };
    const outcome = run({ before: { assigned: 'x, x 0, y, y 0, z' }, configured, members, round: { leaving } });
    expect(outcome).toMatchObject({ revoked: { b: 'y, y 0, z' }, assigned: { c: 'z 0' }, delayMs: 0 });
    const { assigned, revoked } = outcome.next;
    const gone = { assigned, revoked, members: ['a', 'c'] };
    for (const still of [{}, { b: '' }])
      expect(run({ before: gone, configured, members: { a: 'x, x 0', c: 'z 0', ...still }, round: { leaving } })).toMatchObject({
        assigned: { a: 'y 0', c: 'y, z' },
        revoked: {},
        delayMs: 0,
      });
  });

  test('and dies meanwhile: its work waits for nobody', () => {
    const { next } = run({
      before: { assigned: configured },
      configured,
      members: { a: 'x, x 0', b: 'y, y 0, z, z 0' },
      round: { leaving },
    });
    const after = run({ before: { ...next, generation: 5, members: [...next.members] }, configured, members: { a: 'x, x 0' } });
    expect(after).toMatchObject({ assigned: { a: 'y, y 0, z, z 0' }, delayMs: 0 });
  });

  test('what waits for another one that went away goes on waiting', () => {
    const before = { assigned: configured, members: ['a', 'b', 'dead'], scheduledMs: 250_000 };
    const outcome = run({ before, configured, members: { a: 'x, x 0', b: 'y, y 0' }, round: { leaving } });
    expect(outcome).toMatchObject({
      revoked: { b: 'y, y 0' },
      assigned: {},
      delayMs: 249_000,
      next: { scheduledMs: 250_000, candidates: [] },
    });
    const then = run({ before: { ...outcome.next, generation: 5, members: ['a'] }, configured, members: { a: 'x, x 0' } });
    expect(then).toMatchObject({ assigned: { a: 'y, y 0' }, delayMs: 249_000 });
  });

  test('what it owns with another one is taken from both; what it does not give up is taken again', () => {
    const twice = run({ before: { assigned: 'x, y' }, configured: 'x, y', members: { a: 'x, y', b: 'x' }, round: { leaving } });
    expect(twice).toMatchObject({ revoked: { a: 'x', b: 'x' }, assigned: {} });
    const again = run({ before: { assigned: 'x', revoked: 'y' }, configured: 'x, y', members: { a: 'x', b: 'y' }, round: { leaving } });
    expect(again).toMatchObject({ revoked: { b: 'y' }, assigned: {} });
  });

  test('whom it leaves behind is left alone', () => {
    const members = { a: 'x, x 0', b: 'z, z 0', c: 'y, y 0' };
    expect(run({ before: { assigned: configured }, configured, members, round: { leaving } }).revoked).toEqual({ b: 'z, z 0' });
  });
});

describe('balance', () => {
  const four = 'w, x, y, z, w 0, x 0, y 0, z 0';
  const before = { assigned: four };
  test('a busy member gives away what is too much for a newcomer, one kind as the other', () => {
    const outcome = run({ before, configured: four, members: { a: four, b: '' } });
    expect(outcome).toMatchObject({ revoked: { a: 'w, w 0, x, x 0' }, assigned: {}, delayMs: 0, next: { hasBalanced: true } });
  });

  test('where it does not come out even, the first may keep one more', () => {
    expect(run({ before: { assigned: 'x, y, z' }, configured: 'x, y, z', members: { a: 'x, y', b: 'z' } }).revoked).toEqual({});
    expect(run({ before: { assigned: 'x, y, z' }, configured: 'x, y, z', members: { a: '', b: 'x, y, z' } }).revoked).toEqual({ b: 'x' });
    expect(run({ before, configured: 'w, x, y, z', members: { a: 'w, x', b: 'y, z', c: '' } }).revoked).toEqual({ b: 'y' });
  });

  test('again at once: not now but after 40 ms, 1.6 s, 64 s, the delay of lost work', () => {
    let deferredRounds = 0;
    for (const delayMs of [40, 1_600, 64_000, 300_000, 300_000]) {
      const outcome = run({ before: { ...before, hasBalanced: true, deferredRounds }, configured: four, members: { a: four, b: '' } });
      expect(outcome).toMatchObject({ delayMs, revoked: {}, next: { hasBalanced: true, scheduledMs: 1_000 + delayMs } });
      ({ deferredRounds } = outcome.next);
    }
  });

  test('when that has passed, it may be balanced again', () => {
    const waited = { ...before, hasBalanced: true, deferredRounds: 1, scheduledMs: 900 };
    const outcome = run({ before: waited, configured: four, members: { a: four, b: '' } });
    expect(outcome).toMatchObject({ delayMs: 0, revoked: { a: 'w, w 0, x, x 0' }, next: { hasBalanced: true, deferredRounds: 1 } });
  });

  test('without a delay of lost work: again at once', () => {
    const outcome = run({
      before: { ...before, hasBalanced: true },
      configured: four,
      members: { a: four, b: '' },
      round: { maxDelayMs: 0 },
    });
    expect(outcome).toMatchObject({ delayMs: 0, revoked: { a: 'w, w 0, x, x 0' } });
  });

  test('once even, the rounds are counted anew', () => {
    const outcome = run({ before: { ...before, hasBalanced: true, deferredRounds: 3 }, configured: four, members: { a: four } });
    expect(outcome.next).toMatchObject({ hasBalanced: false, deferredRounds: 0 });
  });

  test('not while lost work waits', () => {
    const outcome = run({
      before: { assigned: `${four}, v`, members: ['a', 'gone'] },
      configured: `${four}, v`,
      members: { a: four, b: '' },
    });
    expect(outcome).toMatchObject({ delayMs: 300_000, revoked: {}, next: { hasBalanced: false } });
  });
});
