/**
 * Groups with their members, whatever their type. DescribeGroups knows classic ones; what it does not find (GROUP_ID_NOT_FOUND, or `Dead` from
 * brokers before 4.0) is asked for as consumer, share and streams group.
 */
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { ClusterLink } from '../cluster-link.ts';
import { decodeAssignment, decodeSubscription } from '../consumer-protocol.ts';
import type { GroupDescription, GroupMemberInfo } from '../contract.ts';
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
  const state = error === 'GROUP_ID_NOT_FOUND' ? 'Dead' : '';
  const nothing = { groupType: '', protocolType: '', protocol: '', epoch: null, assignmentEpoch: null, members: [] };
  return { groupId, state, coordinator, error, ...nothing };
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

interface Head {
  readonly groupId: string;
  readonly groupState: string;
  readonly errorCode: number;
  /** Absent in classic groups. */
  readonly groupEpoch?: number;
  readonly assignmentEpoch?: number;
}

type Facts = Pick<GroupDescription, 'groupType' | 'protocolType' | 'protocol' | 'members'>;

function toDescription(nodeId: number, head: Head, facts: Facts): GroupDescription {
  const { groupId, groupState, errorCode, groupEpoch = null, assignmentEpoch = null } = head;
  const error = errorCode === 0 ? null : kafkaErrorFacts(errorCode).kafkaName;
  return { groupId, state: groupState, epoch: groupEpoch, assignmentEpoch, coordinator: nodeId, error, ...facts };
}

async function describeClassic(link: ClusterLink, nodeId: number, groups: readonly string[]): Promise<GroupDescription[]> {
  const reply = await link.send(nodeId, describeGroupsMessage, { groups, includeAuthorizedOperations: false }, reading(link));
  return reply.groups.map((group) => {
    const isConsumer = group.protocolType === 'consumer';
    const members = group.members.map((member): GroupMemberInfo => {
      const read = <T>(what: string, decode: () => T, otherwise: T): T => {
        if (!isConsumer) return otherwise;
        try {
          return decode();
        } catch (error) {
          link.log.debug(`Group "${group.groupId}": the ${what} of member ${member.memberId} cannot be read`, error);
          return otherwise;
        }
      };
      return {
        memberId: member.memberId,
        clientId: member.clientId,
        host: member.clientHost,
        instanceId: member.groupInstanceId,
        rackId: null,
        epoch: null,
        subscribedTopics: read('subscription', () => decodeSubscription(member.memberMetadata).topics, []),
        subscribedRegex: null,
        assignment: read('assignment', () => decodeAssignment(member.memberAssignment).partitions, []),
        targetAssignment: null,
        rawAssignment: member.memberAssignment,
        rawMetadata: member.memberMetadata,
      };
    });
    return toDescription(nodeId, group, { groupType: 'classic', protocolType: group.protocolType, protocol: group.protocolData, members });
  });
}

interface Assignment {
  readonly topicPartitions: ReadonlyArray<{ readonly topicName: string; readonly partitions: readonly number[] }>;
}

function flatten({ topicPartitions }: Assignment): TopicPartition[] {
  return topicPartitions.flatMap(({ topicName, partitions }) => partitions.map((partition) => ({ topic: topicName, partition })));
}

interface MemberHead {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rackId: string | null;
  readonly instanceId?: string | null;
}

type Share = Pick<GroupMemberInfo, 'subscribedTopics' | 'subscribedRegex' | 'assignment' | 'targetAssignment'>;

/** A member of the groups whose assignment is the coordinator's work. */
function toMember({ memberId, memberEpoch, clientId, clientHost, rackId, instanceId = null }: MemberHead, share: Share): GroupMemberInfo {
  const bytes = { rawAssignment: NO_BYTES, rawMetadata: NO_BYTES };
  return { memberId, clientId, host: clientHost, instanceId, rackId, epoch: memberEpoch, ...share, ...bytes };
}

async function describeConsumer(link: ClusterLink, nodeId: number, groupIds: readonly string[]): Promise<GroupDescription[]> {
  const reply = await link.send(nodeId, consumerGroupDescribeMessage, { groupIds, includeAuthorizedOperations: false }, reading(link));
  return reply.groups.map((group) => {
    const members = group.members.map((member) =>
      toMember(member, {
        subscribedTopics: member.subscribedTopicNames,
        subscribedRegex: member.subscribedTopicRegex || null,
        assignment: flatten(member.assignment),
        targetAssignment: flatten(member.targetAssignment),
      }),
    );
    return toDescription(nodeId, group, { groupType: 'consumer', protocolType: 'consumer', protocol: group.assignorName, members });
  });
}

async function describeShare(link: ClusterLink, nodeId: number, groupIds: readonly string[]): Promise<GroupDescription[]> {
  const reply = await link.send(nodeId, shareGroupDescribeMessage, { groupIds, includeAuthorizedOperations: false }, reading(link));
  return reply.groups.map((group) => {
    const members = group.members.map((member) => {
      const assignment = flatten(member.assignment);
      return toMember(member, { subscribedTopics: member.subscribedTopicNames, subscribedRegex: null, assignment, targetAssignment: null });
    });
    return toDescription(nodeId, group, { groupType: 'share', protocolType: 'share', protocol: group.assignorName, members });
  });
}

/** Active tasks are told per subtopology; they stand for the same partition of each of its source topics. */
async function describeStreams(link: ClusterLink, nodeId: number, groupIds: readonly string[]): Promise<GroupDescription[]> {
  const reply = await link.send(nodeId, streamsGroupDescribeMessage, { groupIds, includeAuthorizedOperations: false }, reading(link));
  return reply.groups.map((group) => {
    const sources = new Map<string, readonly string[]>();
    for (const { subtopologyId, sourceTopics, repartitionSourceTopics } of group.topology?.subtopologies ?? [])
      sources.set(subtopologyId, [...sourceTopics, ...repartitionSourceTopics.map(({ name }) => name)]);
    const subscribedTopics = [...new Set([...sources.values()].flat())].sort();
    const placesOf = (tasks: ReadonlyArray<{ readonly subtopologyId: string; readonly partitions: readonly number[] }>) =>
      flatten({
        topicPartitions: tasks.flatMap(({ subtopologyId, partitions }) =>
          (sources.get(subtopologyId) ?? []).map((topicName) => ({ topicName, partitions })),
        ),
      });
    const members = group.members.map((member) =>
      toMember(member, {
        subscribedTopics,
        subscribedRegex: null,
        assignment: placesOf(member.assignment.activeTasks),
        targetAssignment: placesOf(member.targetAssignment.activeTasks),
      }),
    );
    return toDescription(nodeId, group, { groupType: 'streams', protocolType: 'streams', protocol: '', members });
  });
}
