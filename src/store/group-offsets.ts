/** A group's offsets as the wizard changes them: only while nobody is in it; committed offsets, or where a share group begins to read. */
import { plural } from '../base/format.ts';
import { hostOf } from '../cluster/group-rows.ts';
import type { ConnectorOffset } from '../herder/model.ts';
import type { Admin, GroupDescription, GroupMemberInfo, GroupOffsets } from '../kafka/contract.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import { offsetsAtTime, sinkFacts } from './connector-offsets.ts';
import { partitionLabel, sinkPartition } from './offset-plan.ts';
import type { OffsetTarget, OffsetWork } from './offset-target.ts';

const SHOWN_MEMBERS = 3;

/** `admin-1 at /10.0.0.12`. */
function memberText(member: GroupMemberInfo): string {
  return `${member.instanceId ?? member.clientId} at ${hostOf(member)}`;
}

/** Why offsets of the group cannot be changed now, naming who is in it; `null`: they can. */
export function whyNotChangeable({ groupId, groupType, protocolType, members, error }: GroupDescription): string | null {
  if (error !== null && error !== 'GROUP_ID_NOT_FOUND') return `group ${groupId} cannot be described: ${error}`;
  if (groupType === 'classic' && protocolType !== '' && protocolType !== 'consumer')
    return `${groupId} is a group of type ${protocolType}: it keeps no offsets of its own`;
  if (members.length === 0) return null;
  const more = members.length > SHOWN_MEMBERS ? ` and ${members.length - SHOWN_MEMBERS} more` : '';
  const who = `${members.slice(0, SHOWN_MEMBERS).map(memberText).join(', ')}${more}`;
  return `${groupId} has ${plural(members.length, 'active member')}: ${who}. Offsets can be changed only while nobody is in the group: stop them first`;
}

export async function fetchGroup(admin: Admin, groupId: string): Promise<GroupDescription> {
  const [group] = await admin.describeGroups([groupId]);
  if (!group) throw new Error(`Kafka tells nothing of group ${groupId}`);
  return group;
}

/** Of a group that exists or not: one that has only ever had offsets set is a group too. */
export function groupTarget(groupId: string, isShare: boolean, admin: Admin, places: () => readonly TopicPartition[]): OffsetTarget {
  return {
    name: groupId,
    kind: 'group',
    action: 'group.offsets-reset',
    readFacts: async () => sinkFacts(await readOffsets(admin, groupId, isShare), places(), admin),
    offsetsAt: (facts, timestampMs) => offsetsAtTime(admin, facts, timestampMs),
    isMoving: () => false,
    work: () => new GroupWork(groupId, isShare, admin),
  };
}

/** Committed offsets, or where a share group begins to read. */
export async function fetchOffsetsOfGroup(admin: Admin, groupId: string, isShare: boolean): Promise<GroupOffsets | undefined> {
  const [answer] = isShare ? await admin.offsetsOfShareGroups([groupId]) : await admin.offsetsOfGroups([groupId]);
  return answer;
}

async function readOffsets(admin: Admin, groupId: string, isShare: boolean): Promise<ConnectorOffset[]> {
  const answer = await fetchOffsetsOfGroup(admin, groupId, isShare);
  if (answer?.error === 'UNSUPPORTED_VERSION') throw new Error('this broker does not tell offsets of share groups (Kafka 4.1 on)');
  if (answer?.error) throw new Error(`offsets of group ${groupId}: ${answer.error}`);
  return (answer?.offsets ?? []).map(({ topic, partition, offset }) => ({
    partition: sinkPartition({ topic, partition }),
    offset: { kafka_offset: offset },
  }));
}

class GroupWork implements OffsetWork {
  readonly first = 'check';
  readonly last = null;
  readonly notBegun = 'Nobody was disturbed.';
  readonly leftOpen = 'look at the offsets of the group before its members start again';
  readonly #groupId: string;
  readonly #isShare: boolean;
  readonly #admin: Admin;

  constructor(groupId: string, isShare: boolean, admin: Admin) {
    this.#groupId = groupId;
    this.#isShare = isShare;
    this.#admin = admin;
  }

  request(): string {
    return `${this.#isShare ? 'AlterShareGroupOffsets' : 'OffsetCommit'} ${this.#groupId}`;
  }

  async begin(): Promise<string> {
    const refusal = whyNotChangeable(await fetchGroup(this.#admin, this.#groupId));
    if (refusal !== null) throw new Error(refusal);
    return 'nobody is in it';
  }

  read(): Promise<readonly ConnectorOffset[]> {
    return readOffsets(this.#admin, this.#groupId, this.#isShare);
  }

  async end(): Promise<string> {
    return '';
  }

  async apply(changes: readonly ConnectorOffset[]): Promise<string> {
    const set: Array<TopicPartition & { offset: bigint }> = [];
    const removed: TopicPartition[] = [];
    for (const { partition, offset } of changes) {
      if (partition === null) continue;
      const place = { topic: String(partition.kafka_topic), partition: Number(partition.kafka_partition) };
      if (offset === null) removed.push(place);
      else set.push({ ...place, offset: BigInt(String(offset.kafka_offset)) });
    }
    if (this.#isShare) await this.#applyToShareGroup(set, removed);
    else {
      await this.#admin.alterGroupOffsets(this.#groupId, set);
      await this.#admin.deleteGroupOffsets(this.#groupId, removed);
    }
    return `${plural(changes.length, 'partition')} written`;
  }

  /** Of a share group only whole topics can be taken out. */
  async #applyToShareGroup(set: ReadonlyArray<TopicPartition & { offset: bigint }>, removed: readonly TopicPartition[]): Promise<void> {
    const topics = new Set(removed.map(({ topic }) => topic));
    const kept = (await this.read()).find(
      ({ partition }) =>
        partition !== null &&
        topics.has(String(partition.kafka_topic)) &&
        !removed.some((one) => partitionLabel(sinkPartition(one)) === partitionLabel(partition)),
    );
    if (kept?.partition)
      throw new Error(`a share group can only give up whole topics, and ${partitionLabel(kept.partition)} would stay: choose all of it`);
    await this.#admin.alterShareGroupOffsets(this.#groupId, set);
    await this.#admin.deleteShareGroupOffsets(this.#groupId, [...topics]);
  }
}
