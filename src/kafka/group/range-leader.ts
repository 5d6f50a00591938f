/** What the leader of a `consumer` group does: read the members' subscriptions, look at the topics, assign ranges. */

import { messageOf } from '../../base/errors.ts';
import type { ClusterLink } from '../cluster-link.ts';
import { decodeSubscription, encodeAssignment } from '../consumer-protocol.ts';
import { assignRanges, type RangeMember } from '../range-assignor.ts';
import type { SubscribedTopics } from './subscribed-topics.ts';

export interface GroupMemberMetadata {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly metadata: Buffer;
}

/** Assignment bytes by member id. A member whose subscription cannot be read gets nothing, and is named in the log. */
export async function assignToMembers(
  link: ClusterLink,
  topics: SubscribedTopics,
  groupId: string,
  members: readonly GroupMemberMetadata[],
): Promise<Map<string, Buffer>> {
  const subscribers = members.map((member) => toRangeMember(link, groupId, member));
  const { topics: infos, racks } = await topics.forAssignment([...new Set(subscribers.flatMap((one) => one.topics))]);
  const counts = new Map(infos.map(({ name, partitions }) => [name, partitions.length]));
  const replicas = new Map(infos.map(({ name, partitions }) => [name, partitions]));
  const racksOf = (topic: string, partition: number) =>
    (replicas.get(topic)?.[partition]?.replicas ?? []).map((id) => racks.get(id)).filter((rack) => rack !== undefined);
  const assignment = assignRanges(subscribers, counts, racksOf);
  return new Map([...assignment].map(([memberId, partitions]) => [memberId, encodeAssignment({ partitions })]));
}

function toRangeMember(link: ClusterLink, groupId: string, { memberId, groupInstanceId, metadata }: GroupMemberMetadata): RangeMember {
  try {
    const { topics, rackId } = decodeSubscription(metadata);
    return { memberId, groupInstanceId, topics, rackId };
  } catch (error) {
    link.log.warn(`Group "${groupId}": the subscription of member ${memberId} cannot be read, it gets no partitions: ${messageOf(error)}`);
    return { memberId, groupInstanceId, topics: [] };
  }
}
