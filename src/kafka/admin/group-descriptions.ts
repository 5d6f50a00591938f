/**
 * Groups with their members, whatever their type. DescribeGroups knows classic ones; what it does not find (GROUP_ID_NOT_FOUND, or `Dead` from
 * brokers before 4.0) is asked for as consumer, share and streams group.
 */
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { ClusterLink } from '../cluster-link.ts';
import { decodeAssignment } from '../consumer-protocol.ts';
import type { GroupDescription } from '../contract.ts';
import { kafkaErrorFacts, toKafkaError } from '../kafka-error.ts';
import { consumerGroupDescribeMessage } from '../wire/messages/consumer-group-describe.ts';
import { describeGroupsMessage } from '../wire/messages/describe-groups.ts';
import { shareGroupDescribeMessage } from '../wire/messages/share-group-describe.ts';
import { streamsGroupDescribeMessage } from '../wire/messages/streams-group-describe.ts';
import { reading } from './admin-call.ts';
import { findCoordinators } from './group-coordinators.ts';

const NO_BYTES = Buffer.alloc(0);

/** One description a group, in the order asked; what could not be described carries its error. Never rejects. */
export async function describeGroups(link: ClusterLink, groupIds: readonly string[]): Promise<GroupDescription[]> {
  const coordinators = await findCoordinators(link, groupIds);
  const byNode = new Map<number, string[]>();
  const found = new Map<string, GroupDescription>();
  for (const groupId of groupIds) {
    const coordinator = coordinators.get(groupId);
    if (coordinator?.nodeId == null) {
      found.set(groupId, failed(groupId, null, coordinator?.error.kafkaName ?? 'COORDINATOR_NOT_AVAILABLE'));
      continue;
    }
    const list = byNode.get(coordinator.nodeId);
    if (list) list.push(groupId);
    else byNode.set(coordinator.nodeId, [groupId]);
  }
  const answers = await Promise.all([...byNode].map(([nodeId, ids]) => describeAt(link, nodeId, ids)));
  for (const description of answers.flat()) found.set(description.groupId, description);
  return groupIds.map((groupId) => found.get(groupId) ?? failed(groupId, null, 'GROUP_ID_NOT_FOUND'));
}

function failed(groupId: string, coordinator: number | null, error: string): GroupDescription {
  return { groupId, state: error === 'GROUP_ID_NOT_FOUND' ? 'Dead' : '', protocolType: '', protocol: '', coordinator, error, members: [] };
}

type DescribeSome = (link: ClusterLink, nodeId: number, groupIds: readonly string[]) => Promise<GroupDescription[]>;

/** In the order in which they are asked; a kind that the broker does not know is passed over. */
const KINDS: readonly DescribeSome[] = [describeClassic, describeConsumer, describeShare, describeStreams];

async function describeAt(link: ClusterLink, nodeId: number, groupIds: readonly string[]): Promise<GroupDescription[]> {
  const found = new Map<string, GroupDescription>();
  let left = groupIds;
  for (const describe of KINDS) {
    if (left.length === 0) break;
    try {
      for (const description of await describe(link, nodeId, left)) {
        if (!isOfOtherKind(description)) found.set(description.groupId, description);
      }
    } catch (error) {
      const fault = toKafkaError(error, `groups of ${link.describe(nodeId)}`);
      if (fault.kafkaName === 'UNSUPPORTED_VERSION') continue;
      for (const groupId of left) found.set(groupId, failed(groupId, nodeId, fault.kafkaName));
      break;
    }
    left = left.filter((groupId) => !found.has(groupId));
  }
  return groupIds.map((groupId) => found.get(groupId) ?? failed(groupId, nodeId, 'GROUP_ID_NOT_FOUND'));
}

function isOfOtherKind(description: GroupDescription): boolean {
  return description.error === 'GROUP_ID_NOT_FOUND' || (description.error === null && description.state === 'Dead');
}

type Member = GroupDescription['members'][number];
interface Head {
  readonly groupId: string;
  readonly groupState: string;
  readonly errorCode: number;
}

function toDescription(nodeId: number, head: Head, protocolType: string, protocol: string, members: readonly Member[]): GroupDescription {
  const { groupId, groupState, errorCode } = head;
  const error = errorCode === 0 ? null : kafkaErrorFacts(errorCode).kafkaName;
  return { groupId, state: groupState, protocolType, protocol, coordinator: nodeId, error, members };
}

async function describeClassic(link: ClusterLink, nodeId: number, groups: readonly string[]): Promise<GroupDescription[]> {
  const reply = await link.send(nodeId, describeGroupsMessage, { groups, includeAuthorizedOperations: false }, reading(link));
  return reply.groups.map((group) => {
    const members = group.members.map((member) => ({
      memberId: member.memberId,
      clientId: member.clientId,
      host: member.clientHost,
      assignment: group.protocolType === 'consumer' ? assignmentOf(link, group.groupId, member) : [],
      rawAssignment: member.memberAssignment,
      rawMetadata: member.memberMetadata,
    }));
    return toDescription(nodeId, group, group.protocolType, group.protocolData, members);
  });
}

function assignmentOf(
  link: ClusterLink,
  groupId: string,
  { memberId, memberAssignment }: { readonly memberId: string; readonly memberAssignment: Buffer },
): readonly TopicPartition[] {
  try {
    return decodeAssignment(memberAssignment).partitions;
  } catch (error) {
    link.log.debug(`Group "${groupId}": the assignment of member ${memberId} cannot be read`, error);
    return [];
  }
}

interface TopicPartitions {
  readonly topicName: string;
  readonly partitions: readonly number[];
}

function flatten(topics: readonly TopicPartitions[]): TopicPartition[] {
  return topics.flatMap(({ topicName, partitions }) => partitions.map((partition) => ({ topic: topicName, partition })));
}

async function describeConsumer(link: ClusterLink, nodeId: number, groupIds: readonly string[]): Promise<GroupDescription[]> {
  const reply = await link.send(nodeId, consumerGroupDescribeMessage, { groupIds, includeAuthorizedOperations: false }, reading(link));
  return reply.groups.map((group) => toDescription(nodeId, group, 'consumer', group.assignorName, group.members.map(withoutBytes)));
}

async function describeShare(link: ClusterLink, nodeId: number, groupIds: readonly string[]): Promise<GroupDescription[]> {
  const reply = await link.send(nodeId, shareGroupDescribeMessage, { groupIds, includeAuthorizedOperations: false }, reading(link));
  return reply.groups.map((group) => toDescription(nodeId, group, 'share', group.assignorName, group.members.map(withoutBytes)));
}

function withoutBytes(member: {
  readonly memberId: string;
  readonly clientId: string;
  readonly clientHost: string;
  readonly assignment: { readonly topicPartitions: readonly TopicPartitions[] };
}): Member {
  const { memberId, clientId, clientHost } = member;
  const assignment = flatten(member.assignment.topicPartitions);
  return { memberId, clientId, host: clientHost, assignment, rawAssignment: NO_BYTES, rawMetadata: NO_BYTES };
}

/** Active tasks are told per subtopology; they stand for the same partition of each of its source topics. */
async function describeStreams(link: ClusterLink, nodeId: number, groupIds: readonly string[]): Promise<GroupDescription[]> {
  const reply = await link.send(nodeId, streamsGroupDescribeMessage, { groupIds, includeAuthorizedOperations: false }, reading(link));
  return reply.groups.map((group) => {
    const sources = new Map<string, readonly string[]>();
    for (const { subtopologyId, sourceTopics, repartitionSourceTopics } of group.topology?.subtopologies ?? [])
      sources.set(subtopologyId, [...sourceTopics, ...repartitionSourceTopics.map(({ name }) => name)]);
    const members = group.members.map(({ memberId, clientId, clientHost, assignment }) => {
      const topicPartitions = assignment.activeTasks.flatMap(({ subtopologyId, partitions }) =>
        (sources.get(subtopologyId) ?? []).map((topicName) => ({ topicName, partitions })),
      );
      return withoutBytes({ memberId, clientId, clientHost, assignment: { topicPartitions } });
    });
    return toDescription(nodeId, group, 'streams', '', members);
  });
}
