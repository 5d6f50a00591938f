/** What is done to groups besides changing their offsets: an end for good, of the whole group or of its offsets of one topic. */
import type { TopicPartition } from '../plugin-api/records.ts';
import { fetchGroup, fetchOffsetsOfGroup, whyNotChangeable } from './group-offsets.ts';
import type { Step } from './step.ts';

/** There is no undo: what Kafka knew of the group is gone. Its offsets before are written to the action log. */
export function deleteGroupStep(groupId: string): Step {
  return {
    action: 'group.delete',
    connector: groupId,
    title: `delete group ${groupId}`,
    request: `DeleteGroups ${groupId}`,
    change: null,
    before: null,
    call: async ({ admin }) => {
      const group = await fetchGroup(admin, groupId);
      const offsets = await fetchOffsetsOfGroup(admin, groupId, group.groupType === 'share');
      if (group.members.length > 0) throw new Error(whyNotChangeable(group) ?? `${groupId} has members`);
      await admin.deleteGroups([groupId]);
      return { before: listOf(offsets?.offsets ?? []), after: null, undo: null };
    },
  };
}

/** Offsets of one topic; the group has none of it afterwards and begins where `auto.offset.reset` says. */
export function deleteOffsetsStep(groupId: string, isShare: boolean, topic: string, partitions: readonly TopicPartition[]): Step {
  return {
    action: 'group.delete-offsets',
    connector: groupId,
    title: `delete offsets of ${topic} in group ${groupId}`,
    request: `${isShare ? 'DeleteShareGroupOffsets' : 'OffsetDelete'} ${groupId} ${topic}`,
    change: null,
    before: null,
    call: async ({ admin }) => {
      const offsets = await fetchOffsetsOfGroup(admin, groupId, isShare);
      if (isShare) await admin.deleteShareGroupOffsets(groupId, [topic]);
      else await admin.deleteGroupOffsets(groupId, partitions);
      return { before: listOf((offsets?.offsets ?? []).filter((one) => one.topic === topic)), after: null, undo: null };
    },
  };
}

function listOf(offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>): string {
  return offsets.map(({ topic, partition, offset }) => `${topic} p${partition} ${offset}`).join(', ');
}
