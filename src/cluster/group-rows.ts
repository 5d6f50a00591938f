/** From what Kafka tells of a group to its row. Pure. */
import type { GroupDescription, GroupListing, GroupMemberInfo } from '../kafka/contract.ts';
import { partitionKey } from '../kafka/partition-key.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { GroupMember, GroupPartition, GroupRow, Total } from './cluster-model.ts';

const KNOWN_TYPES = new Set(['classic', 'consumer', 'share', 'streams']);

function typeOf({ groupType }: GroupListing): string {
  return groupType.toLowerCase() || 'classic';
}

export function isShare(group: GroupListing): boolean {
  return typeOf(group) === 'share';
}

/** Groups whose offsets mean a lag. Those of other protocols, and of types of the future, are listed with their state. */
export function hasOffsets(group: GroupListing): boolean {
  if (!KNOWN_TYPES.has(typeOf(group))) return false;
  return typeOf(group) !== 'classic' || group.protocolType === 'consumer' || group.protocolType === '';
}

/** Classic groups by their protocol, as far as that is another than `consumer`. */
function typeWord(group: GroupListing): string {
  const type = typeOf(group);
  return type === 'classic' && group.protocolType !== '' && group.protocolType !== 'consumer' ? group.protocolType : type;
}

export function bareRow(group: GroupListing): GroupRow {
  return {
    groupId: group.groupId,
    type: typeWord(group),
    state: group.state,
    memberCount: null,
    topics: [],
    lag: null,
    isLagWhole: true,
    lagMs: null,
    isLagMsWhole: true,
    lagPerSec: null,
    lagPoints: [],
    coordinator: null,
    error: null,
    epoch: null,
    protocol: '',
    partitions: [],
    members: null,
  };
}

export interface GroupFacts {
  readonly group: GroupListing;
  readonly description: GroupDescription | null;
  readonly partitions: readonly GroupPartition[];
  readonly lag: Total | null;
  readonly trend: Pick<GroupRow, 'lagPerSec' | 'lagPoints'>;
  /** Of its offsets. */
  readonly error: string | null;
  readonly isInSight: boolean;
}

export function toGroupRow({ group, description, partitions, lag, trend, error, isInSight }: GroupFacts): GroupRow {
  // A type that is not known here cannot be described: what the list says of it stays.
  const isDescribed = description !== null && (description.error !== 'GROUP_ID_NOT_FOUND' || KNOWN_TYPES.has(typeOf(group)));
  const known = isDescribed ? description : null;
  return {
    ...bareRow(group),
    state: known?.state || group.state,
    memberCount: known === null || known.error !== null ? null : known.members.length,
    topics: [...new Set(partitions.map((row) => row.topic))],
    lag: lag?.value ?? null,
    isLagWhole: lag?.isWhole ?? true,
    ...lagTime(partitions),
    ...trend,
    coordinator: description?.coordinator ?? null,
    error: error ?? known?.error ?? null,
    epoch: known?.epoch ?? null,
    protocol: known?.protocol ?? '',
    partitions,
    members: isInSight && known !== null ? known.members.map(toMember) : null,
  };
}

/** Of the partition that is the furthest behind; of those whose time was not asked it may be more. */
function lagTime(partitions: readonly GroupPartition[]): Pick<GroupRow, 'lagMs' | 'isLagMsWhole'> {
  const known = partitions.flatMap((row) => (row.lagMs === null ? [] : [row.lagMs]));
  if (known.length === 0) return { lagMs: null, isLagMsWhole: true };
  // Nothing is said when only those without lag are known.
  const lagMs = Math.max(...known);
  const isWhole = partitions.every((row) => row.lagMs !== null && row.isLagMsExact);
  return lagMs === 0 && !isWhole ? { lagMs: null, isLagMsWhole: true } : { lagMs, isLagMsWhole: isWhole };
}

/** Brokers write addresses of members as Java does, `/10.0.0.12`. */
export function hostOf({ host }: Pick<GroupMemberInfo, 'host'>): string {
  return host.replace(/^\//, '');
}

function toMember(member: GroupMemberInfo): GroupMember {
  const { memberId, clientId, instanceId, epoch, assignment, targetAssignment } = member;
  return {
    memberId,
    clientId,
    host: hostOf(member),
    instanceId,
    epoch,
    subscribed: member.subscribedRegex ?? member.subscribedTopics.join(', '),
    assignment,
    target: targetAssignment !== null && isOther(assignment, targetAssignment) ? targetAssignment : null,
  };
}

function isOther(a: readonly TopicPartition[], b: readonly TopicPartition[]): boolean {
  const keys = new Set(a.map(partitionKey));
  return a.length !== b.length || b.some((one) => !keys.has(partitionKey(one)));
}
