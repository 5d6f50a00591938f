/** Round for round what the JVM's leader does: see CooperativeGolden.java beside the golden file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { assignCooperatively, NEW_LEADER } from '../../../../src/herder/distributed/cooperative-assignor.ts';
import { itemsOf, workOf } from '../../../helpers/work-items.ts';

type ByMember = Readonly<Record<string, readonly string[]>>;
interface GoldenRound {
  readonly nowMs: number;
  readonly lastGeneration: number;
  readonly generation: number;
  /** Tasks by connector. */
  readonly configured: Readonly<Record<string, number>>;
  readonly members: ByMember;
  readonly assigned: ByMember;
  readonly revoked: ByMember;
  readonly delayMs: number;
}

const groups = readFileSync(path.resolve(import.meta.dirname, '../../../golden/connect/cooperative-rounds.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly maxDelayMs: number; readonly rounds: readonly GoldenRound[] });

const sorted = (byMember: ByMember) => Object.fromEntries(Object.entries(byMember).map(([id, items]) => [id, [...items].sort()]));

test.each(groups.map((group, i) => ({ ...group, i })))('group $i, delay of lost work $maxDelayMs ms', ({ maxDelayMs, rounds }) => {
  let state = NEW_LEADER;
  for (const [i, round] of rounds.entries()) {
    const { nowMs, lastGeneration, generation } = round;
    const configured = workOf(
      Object.entries(round.configured).flatMap(([name, count]) => [name, ...Array.from({ length: count }, (_, task) => `${name} ${task}`)]),
    );
    const members = new Map(Object.entries(round.members).map(([id, items]) => [id, workOf(items)]));
    const outcome = assignCooperatively(state, { members, configured, lastGeneration, generation, nowMs, maxDelayMs });
    state = outcome.next;
    const shares = [...outcome.shares];
    expect({
      round: i,
      delayMs: outcome.delayMs,
      assigned: sorted(Object.fromEntries(shares.map(([id, { assigned }]) => [id, itemsOf(assigned)]))),
      revoked: sorted(Object.fromEntries(shares.map(([id, { revoked }]) => [id, itemsOf(revoked)]))),
    }).toEqual({ round: i, delayMs: round.delayMs, assigned: sorted(round.assigned), revoked: sorted(round.revoked) });
  }
});
