/**
 * The groups whose offsets are worth translating: consumers, of the classic and of the newer protocol (KIP-848), that the group filter lets through and
 * that have committed something on a topic that the topic filter lets through. Source: org.apache.kafka.connect.mirror.MirrorCheckpointConnector
 * (findConsumerGroups).
 */
import type { Admin, GroupListing } from '../../../../kafka/contract.ts';

export interface FindGroupsParts {
  /** Of the source cluster. */
  readonly admin: Pick<Admin, 'groups' | 'offsetsOfGroups'>;
  readonly isGroupWanted: (group: string) => boolean;
  readonly isTopicWanted: (topic: string) => boolean;
}

export interface FoundGroups {
  /** Sorted. */
  readonly groups: readonly string[];
  /** Whom nobody told of, a sentence each: groups may be missing because of them. */
  readonly gaps: readonly string[];
}

const MOST_GAPS = 5;

/** Rejects with KafkaError when no broker answers. */
export async function findGroups({ admin, isGroupWanted, isTopicWanted }: FindGroupsParts): Promise<FoundGroups> {
  const gaps: string[] = [];
  const listed = await admin.groups((brokerId, error) => gaps.push(`broker ${brokerId} does not list its groups: ${error.message}`));
  const names = listed.filter((group) => isConsumer(group) && isGroupWanted(group.groupId)).map(({ groupId }) => groupId);
  const answers = names.length === 0 ? [] : await admin.offsetsOfGroups(names);
  for (const { groupId, error } of answers) if (error !== null) gaps.push(`offsets of group "${groupId}" cannot be read: ${error}`);
  const groups = answers.filter(({ offsets }) => offsets.some(({ topic }) => isTopicWanted(topic))).map(({ groupId }) => groupId);
  const more = gaps.length > MOST_GAPS ? [`and ${gaps.length - MOST_GAPS} more`] : [];
  return { groups: groups.sort(), gaps: [...gaps.slice(0, MOST_GAPS), ...more] };
}

/** Those of share groups, Streams and Connect workers are none; a group without members that never had any tells no protocol. */
function isConsumer({ groupType, protocolType }: GroupListing): boolean {
  const type = groupType.toLowerCase();
  return (type === 'classic' || type === 'consumer') && (protocolType === '' || protocolType === 'consumer');
}
