/** Random histories of a group that is made of assignors alone: who joins, dies, comes back, leads, and what is configured. */
import { expect, test } from 'vitest';
import { assignCooperatively, type CooperativeState, NEW_LEADER } from '../../../../src/herder/distributed/cooperative-assignor.ts';
import { difference, intersection, isEmpty, NO_WORK, union, type Work } from '../../../../src/herder/distributed/work.ts';
import { itemsOf, workOf } from '../../../helpers/work-items.ts';

const MAX_DELAY_MS = 300_000;

/** Reproducible: mulberry32. */
function randomOf(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

interface Worker {
  owned: Work;
  leads: CooperativeState;
  lastGeneration: number;
  /** It says that it drains. */
  isLeaving?: boolean;
}

class Group {
  /** In the order they joined: the first leads. */
  readonly members = new Map<string, Worker>();
  readonly tasksOf = new Map<string, number>();
  /** Members that are not heard of but go on. */
  readonly away = new Map<string, Worker>();
  nowMs = 0;
  generation = 0;
  dueMs: number | null = null;

  get configured(): Work {
    return workOf([...this.tasksOf].flatMap(([name, count]) => [name, ...Array.from({ length: count }, (_, task) => `${name} ${task}`)]));
  }

  get leaderId(): string {
    return this.members.keys().next().value ?? '';
  }

  join(id: string): void {
    if (!this.members.has(id)) this.members.set(id, { owned: NO_WORK, leads: NEW_LEADER, lastGeneration: -1 });
  }

  owned(): Map<string, string[]> {
    return new Map([...this.members].map(([id, { owned }]): [string, string[]] => [id, itemsOf(owned).sort()]).sort());
  }

  /** Members that say so, unless all do: then the leader stays. */
  leaving(): Set<string> {
    const all = [...this.members].flatMap(([id, { isLeaving }]) => (isLeaving ? [id] : []));
    if (all.length === this.members.size) this.members.get(this.leaderId)!.isLeaving = false;
    return new Set(all.length === this.members.size ? all.filter((id) => id !== this.leaderId) : all);
  }

  /** One round. False: somebody has to give something up, and rejoins. `misses`: who does not hear of it. */
  round(misses: ReadonlySet<string> = new Set()): boolean {
    const leader = this.members.get(this.leaderId)!;
    const leaving = this.leaving();
    const { shares, delayMs, next } = assignCooperatively(leader.leads, {
      members: new Map([...this.members].map(([id, { owned }]) => [id, owned])),
      configured: this.configured,
      leaving,
      lastGeneration: leader.lastGeneration,
      generation: ++this.generation,
      nowMs: this.nowMs,
      maxDelayMs: MAX_DELAY_MS,
    });
    leader.leads = next;
    let isQuiet = true;
    for (const [id, { assigned, revoked }] of shares) {
      const others = [...this.members].flatMap(([other, { owned }]) => (other === id ? [] : [owned]));
      // Handed out means that nobody else of the group had it when the round began.
      expect(itemsOf(intersection(assigned, union(...others)))).toEqual([]);
      expect(itemsOf(intersection(assigned, revoked))).toEqual([]);
      expect(itemsOf(difference(assigned, this.configured))).toEqual([]);
      if (leaving.has(id)) expect([itemsOf(assigned), itemsOf(revoked)]).toEqual([[], itemsOf(this.members.get(id)!.owned)]);
      if (misses.has(id)) continue;
      if (!isEmpty(revoked)) isQuiet = false;
    }
    for (const [id, { assigned, revoked }] of shares) {
      const member = this.members.get(id)!;
      if (misses.has(id)) continue;
      member.owned = union(difference(member.owned, revoked), assigned);
      member.lastGeneration = this.generation;
      // What it leaves is a change of the group, which another round must answer.
      if (leaving.has(id) && isEmpty(member.owned)) {
        this.members.delete(id);
        isQuiet = false;
      }
    }
    this.dueMs = delayMs > 0 ? this.nowMs + delayMs : null;
    return isQuiet;
  }

  /** Rounds until nobody wants another; planned ones only as far as `untilMs`. */
  settle(untilMs: number): void {
    for (let rounds = 0; ; rounds++) {
      expect(rounds).toBeLessThan(60);
      if (!this.round()) continue;
      if (this.dueMs === null || this.dueMs > untilMs) return;
      this.nowMs = Math.max(this.nowMs, this.dueMs);
    }
  }

  expectSettled(): void {
    const owned = [...this.members.values()].map((member) => itemsOf(member.owned));
    expect(owned.flat().sort()).toEqual(itemsOf(this.configured).sort());
    for (const isTask of [false, true]) {
      const counts = owned.map((all) => all.filter((item) => item.includes(' ') === isTask).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  }
}

function change(group: Group, random: (below: number) => number): void {
  const id = `w${random(6)}`;
  const connector = `c${random(8)}`;
  switch (random(10)) {
    case 0:
    case 1:
      group.join(id);
      return;
    case 2: {
      // It is not heard of for a while, and what it owns goes on in its eyes.
      const member = group.members.get(id);
      if (member && group.members.size > 1) {
        group.members.delete(id);
        group.away.set(id, member);
      }
      return;
    }
    case 3: {
      const member = group.away.get(id);
      if (member && !group.members.has(id)) group.members.set(id, member);
      group.away.delete(id);
      return;
    }
    case 4:
      if (group.members.size > 1) group.members.delete(group.leaderId);
      return;
    case 5:
      group.tasksOf.delete(connector);
      return;
    case 6:
      group.nowMs += random(MAX_DELAY_MS);
      return;
    case 7: {
      const member = group.members.get(id);
      if (member && group.members.size > 1) member.isLeaving = true;
      return;
    }
    default:
      group.tasksOf.set(connector, random(6));
  }
}

test('100 histories: nothing stays lost, nothing runs twice, loads are even, and who is content is left alone', { timeout: 20_000 }, () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = randomOf(seed);
    const group = new Group();
    group.join('w0');
    for (let step = 0; step < 12; step++) {
      for (let changes = 1 + random(3); changes > 0; changes--) change(group, random);
      // Some rounds end before all have heard of them, or are followed by the next change at once.
      if (random(4) === 0) group.round(new Set([`w${random(6)}`]));
      else group.settle(group.nowMs + random(3) * MAX_DELAY_MS);
    }
    group.settle(Number.POSITIVE_INFINITY);
    group.expectSettled();
    const before = group.owned();
    expect(group.round(), `seed ${seed}: a round without a change revokes`).toBe(true);
    expect(group.owned()).toEqual(before);
    expect(group.dueMs).toBeNull();
  }
});

test('a worker that drains has given all to the others two rounds later, without a delay, and nothing else moves', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = randomOf(seed);
    const group = new Group();
    for (let i = 0; i < 2 + random(4); i++) group.join(`w${i}`);
    for (let i = 0; i < 8; i++) group.tasksOf.set(`c${i}`, 1 + random(5));
    group.settle(Number.POSITIVE_INFINITY);
    const before = group.owned();
    const id = [...group.members.keys()][random(group.members.size)]!;
    group.members.get(id)!.isLeaving = true;
    expect(group.round()).toBe(false);
    expect([group.members.has(id), group.dueMs]).toEqual([false, null]);
    expect(group.round()).toBe(true);
    expect(group.dueMs).toBeNull();
    group.expectSettled();
    for (const [other, owned] of group.owned()) expect(owned).toEqual(expect.arrayContaining(before.get(other)!));
  }
});

test.each(['with what it had', 'with nothing'])('a worker that is back %s within the delay moves nothing', (how) => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = randomOf(seed);
    const group = new Group();
    for (let i = 0; i < 2 + random(4); i++) group.join(`w${i}`);
    for (let i = 0; i < 8; i++) group.tasksOf.set(`c${i}`, 1 + random(5));
    group.settle(Number.POSITIVE_INFINITY);
    const before = group.owned();
    const id = [...group.members.keys()][1 + random(group.members.size - 1)]!;
    const member = group.members.get(id)!;
    group.members.delete(id);
    // More rounds without it, and its work still waits for it.
    for (let rounds = random(3); rounds >= 0; rounds--) {
      group.settle(group.nowMs);
      group.nowMs += random(MAX_DELAY_MS / 3);
    }
    group.members.set(id, how === 'with nothing' ? { ...member, owned: NO_WORK } : member);
    group.settle(Number.POSITIVE_INFINITY);
    expect(group.owned(), `seed ${seed}, ${id} away`).toEqual(before);
  }
});
