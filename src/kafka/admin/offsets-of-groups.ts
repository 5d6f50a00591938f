/** Where many groups stand, asked of each coordinator at once. */
import type { ClusterLink } from '../cluster-link.ts';
import type { GroupOffsets } from '../contract.ts';
import { KafkaError, kafkaErrorFacts, toKafkaError } from '../kafka-error.ts';
import { byPartition } from '../partition-key.ts';
import { describeShareGroupOffsetsMessage } from '../wire/messages/describe-share-group-offsets.ts';
import { offsetFetchMessage } from '../wire/messages/offset-fetch.ts';
import { reading } from './admin-call.ts';
import { groupOffsets } from './group-changes.ts';
import { findCoordinators } from './group-coordinators.ts';

/** Groups in one request: their answers must not take a broker long. */
const MOST_GROUPS = 100;
/** First version of OffsetFetch with several groups (KIP-709). */
const BATCH_VERSION = 8;

type AskSome = (link: ClusterLink, nodeId: number, groupIds: readonly string[]) => Promise<GroupOffsets[]>;

/** Committed offsets. One answer a group, in the order asked; never rejects. */
export function offsetsOfGroups(link: ClusterLink, groupIds: readonly string[]): Promise<GroupOffsets[]> {
  return askCoordinators(link, groupIds, fetchCommitted);
}

/** Where share groups begin to read. One answer a group, in the order asked; never rejects. */
export function offsetsOfShareGroups(link: ClusterLink, groupIds: readonly string[]): Promise<GroupOffsets[]> {
  return askCoordinators(link, groupIds, fetchShareStarts);
}

async function askCoordinators(link: ClusterLink, groupIds: readonly string[], ask: AskSome): Promise<GroupOffsets[]> {
  const coordinators = await findCoordinators(link, groupIds);
  const found = new Map<string, GroupOffsets>();
  const byNode = new Map<number, string[]>();
  for (const groupId of groupIds) {
    const coordinator = coordinators.get(groupId);
    const list = coordinator?.nodeId == null ? undefined : byNode.get(coordinator.nodeId);
    if (coordinator?.nodeId == null) found.set(groupId, failed(groupId, coordinator?.error.kafkaName ?? 'COORDINATOR_NOT_AVAILABLE'));
    else if (list) list.push(groupId);
    else byNode.set(coordinator.nodeId, [groupId]);
  }
  await Promise.all(
    [...byNode].map(async ([nodeId, ids]) => {
      for (let at = 0; at < ids.length; at += MOST_GROUPS) {
        const some = ids.slice(at, at + MOST_GROUPS);
        const answers = await ask(link, nodeId, some).catch((error: unknown) => {
          const { kafkaName } = toKafkaError(error, `group offsets from ${link.describe(nodeId)}`);
          return some.map((groupId) => failed(groupId, kafkaName));
        });
        for (const answer of answers) found.set(answer.groupId, answer);
      }
    }),
  );
  return groupIds.map((groupId) => found.get(groupId) ?? failed(groupId, 'UNKNOWN_SERVER_ERROR'));
}

function failed(groupId: string, error: string): GroupOffsets {
  return { groupId, offsets: [], error };
}

async function fetchCommitted(link: ClusterLink, nodeId: number, groupIds: readonly string[]): Promise<GroupOffsets[]> {
  const body = (version: number) => {
    if (version < BATCH_VERSION) throw new KafkaError('UNSUPPORTED_VERSION', 'this broker tells offsets of one group a request');
    return { groupId: '', topics: null, groups: groupIds.map((groupId) => ({ groupId, topics: null })), requireStable: false };
  };
  try {
    const reply = await link.send(nodeId, offsetFetchMessage, body, reading(link));
    return reply.groups.map(({ groupId, topics, errorCode }) => {
      const offsets = topics.flatMap(({ name, partitions }) =>
        partitions.flatMap(({ partitionIndex, committedOffset, metadata, errorCode: refused }) =>
          refused === 0 && committedOffset >= 0n
            ? [{ topic: name, partition: partitionIndex, offset: committedOffset, ...(metadata ? { metadata } : {}) }]
            : [],
        ),
      );
      return toAnswer(groupId, errorCode, offsets);
    });
  } catch (error) {
    if (toKafkaError(error, 'group offsets').kafkaName !== 'UNSUPPORTED_VERSION') throw error;
    return Promise.all(
      groupIds.map(async (groupId) => {
        try {
          return toAnswer(groupId, 0, await groupOffsets(link, groupId));
        } catch (fault) {
          return failed(groupId, toKafkaError(fault, 'group offsets').kafkaName);
        }
      }),
    );
  }
}

async function fetchShareStarts(link: ClusterLink, nodeId: number, groupIds: readonly string[]): Promise<GroupOffsets[]> {
  const groups = groupIds.map((groupId) => ({ groupId, topics: null }));
  const reply = await link.send(nodeId, describeShareGroupOffsetsMessage, { groups }, reading(link));
  return reply.groups.map(({ groupId, topics, errorCode }) => {
    const offsets = topics.flatMap(({ topicName, partitions }) =>
      partitions.flatMap(({ partitionIndex, startOffset, errorCode: refused }) =>
        refused === 0 && startOffset >= 0n ? [{ topic: topicName, partition: partitionIndex, offset: startOffset }] : [],
      ),
    );
    return toAnswer(groupId, errorCode, offsets);
  });
}

function toAnswer(groupId: string, errorCode: number, offsets: GroupOffsets['offsets']): GroupOffsets {
  const { kafkaName } = kafkaErrorFacts(errorCode);
  // A group that has never committed is no error.
  if (errorCode !== 0 && kafkaName !== 'GROUP_ID_NOT_FOUND') return failed(groupId, kafkaName);
  const sorted = offsets.toSorted(byPartition);
  return { groupId, offsets: sorted, error: null };
}
