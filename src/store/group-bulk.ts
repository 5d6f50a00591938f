/** What is done to many groups: their end, or other offsets by one method for all of them, each worked out and refused for itself. */
import { messageOf } from '../base/errors.ts';
import { groupDigits, plural } from '../base/format.ts';
import { inParallel } from '../base/in-parallel.ts';
import type { Admin } from '../kafka/contract.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { BulkJob } from './bulk-run.ts';
import { fetchGroup, groupTarget, whyNotChangeable } from './group-offsets.ts';
import { deleteGroupStep } from './group-steps.ts';
import { type OffsetPlan, type PlanRequest, planOffsets, shiftFrom, type Wanted } from './offset-plan.ts';
import { carryOutOffsets } from './offset-run.ts';
import type { OffsetTarget } from './offset-target.ts';
import type { Operations } from './operations.ts';
import type { Session } from './session.ts';

/** Methods that mean something to any group. */
export type SharedReset =
  | { readonly method: 'earliest' | 'latest' | 'tombstone' }
  | { readonly method: 'time'; readonly timestampMs: number }
  /** Records, like `-500`. */
  | { readonly method: 'shift'; readonly by: string };

/** A group with what the change would do to it. */
export type PlannedReset = { readonly groupId: string } & (
  | { readonly refusal: string }
  | { readonly refusal: null; readonly target: OffsetTarget; readonly request: PlanRequest; readonly plan: OffsetPlan }
);

/** As many groups are asked about at a time. */
const AT_ONCE = 4;

export function deleteGroupsJob(operations: Operations, groupIds: readonly string[]): BulkJob {
  return {
    title: `delete ${plural(groupIds.length, 'group')}`,
    verb: 'delete',
    noun: 'group',
    danger: 3,
    targets: groupIds.map((group) => ({ id: group, target: { group } })),
    run: async ({ id }, bulk) => {
      const { outcome, message, undo } = await operations.perform(deleteGroupStep(id), { undoOf: null, bulk });
      return { outcome, detail: message, undo };
    },
  };
}

/** Nothing is changed. Never rejects: a group that cannot be changed says why. `placesOf`: partitions that a group reads, committed or not. */
export async function planResets(
  admin: Admin,
  groupIds: readonly string[],
  how: SharedReset,
  placesOf: (groupId: string) => readonly TopicPartition[],
): Promise<PlannedReset[]> {
  const planned = new Map<string, PlannedReset>();
  await inParallel(groupIds, AT_ONCE, async (groupId) => {
    const refused = (refusal: string): PlannedReset => ({ groupId, refusal });
    planned.set(groupId, await planReset(admin, groupId, how, placesOf).catch((error: unknown) => refused(messageOf(error))));
  });
  return groupIds.map((groupId) => planned.get(groupId)!);
}

async function planReset(
  admin: Admin,
  groupId: string,
  how: SharedReset,
  placesOf: (groupId: string) => readonly TopicPartition[],
): Promise<PlannedReset> {
  const group = await fetchGroup(admin, groupId);
  const refusal = whyNotChangeable(group);
  if (refusal !== null) return { groupId, refusal };
  const target = groupTarget(groupId, group.groupType === 'share', admin, () => placesOf(groupId));
  const facts = await target.readFacts();
  if (facts.length === 0) return { groupId, refusal: `${groupId} has no offsets yet: there is nothing to change` };
  const wanted: Wanted = how.method === 'time' ? { method: 'time', byTime: await target.offsetsAt(facts, how.timestampMs) } : how;
  const request: PlanRequest = { kind: 'group', wanted, facts, isWhole: true };
  const plan = planOffsets(request);
  return plan.problem === null ? { groupId, refusal: null, target, request, plan } : { groupId, refusal: plan.problem };
}

/** `3 partitions · re-reads ≈ 1 200 records · skips 40`. */
export function resetText(reset: PlannedReset): string {
  if (reset.refusal !== null) return `skipped: ${reset.refusal}`;
  const { changes } = reset.plan;
  const { rereads, skips } = sumsOf([reset]);
  const moves = [
    ...(rereads > 0n ? [`re-reads ≈ ${groupDigits(rereads)} records`] : []),
    ...(skips > 0n ? [`skips ${groupDigits(skips)}`] : []),
  ];
  return [
    plural(changes.length, 'partition'),
    ...(moves.length > 0 ? moves : changes.every(({ delta }) => delta === 0n) ? ['stays'] : []),
  ].join(' · ');
}

/** Records that come again, and that are never delivered, of all of them. */
export function sumsOf(resets: readonly PlannedReset[]): { readonly rereads: bigint; readonly skips: bigint } {
  const changes = resets.flatMap((one) => (one.refusal === null ? one.plan.changes : []));
  return {
    rereads: changes.reduce((all, one) => all + (one.rereads ?? 0n), 0n),
    skips: changes.reduce((all, one) => all + one.skips, 0n),
  };
}

export function resetGroupsJob(session: Session, operations: Operations, how: SharedReset, resets: readonly PlannedReset[]): BulkJob {
  const byId = new Map(resets.map((one) => [one.groupId, one]));
  return {
    title: `reset ${plural(resets.length, 'group')} to ${how.method}`,
    verb: 'reset',
    noun: 'group',
    danger: 3,
    targets: resets.map(({ groupId: group }) => ({ id: group, target: { group } })),
    run: async ({ id }, bulk) => {
      const reset = byId.get(id)!;
      if (reset.refusal !== null) return { outcome: 'skipped', detail: reset.refusal, undo: null };
      const { target, request, plan } = reset;
      const { outcome, message, undo } = await carryOutOffsets(session, operations, {
        target,
        title: '',
        action: target.action,
        reason: `to ${how.method}, ${plural(plan.changes.length, 'partition')}, with ${plural(resets.length, 'group')}`,
        changes: (stopped) => (how.method === 'shift' ? shiftFrom(stopped, request) : plan.changes.map((one) => one.change)),
        bulk,
      });
      return { outcome, detail: outcome === 'ok' ? null : message, undo };
    },
  };
}
