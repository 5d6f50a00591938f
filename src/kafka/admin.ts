/** The admin of the contract: one file an area in `admin/`. */
import { createAcls, describeAcls } from './admin/acls.ts';
import { reading } from './admin/admin-call.ts';
import { describeCluster, describeQuorum } from './admin/cluster.ts';
import { alterConfigs, describeConfigs, describeTopicConfigs } from './admin/configs.ts';
import { electLeaders } from './admin/elections.ts';
import { describeEligibleReplicas } from './admin/eligible-replicas.ts';
import { describeFeatures } from './admin/features.ts';
import { fenceProducers } from './admin/fenced-producers.ts';
import { alterGroupOffsets, deleteGroupOffsets, deleteGroups, groupOffsets } from './admin/group-changes.ts';
import { describeGroups } from './admin/group-descriptions.ts';
import { listGroups } from './admin/group-listing.ts';
import { describeLogDirs } from './admin/log-dirs.ts';
import { offsetsOfGroups, offsetsOfShareGroups } from './admin/offsets-of-groups.ts';
import { describeQuotas } from './admin/quotas.ts';
import { alterReassignments, listReassignments } from './admin/reassignments.ts';
import { fetchRecordTimes } from './admin/record-times.ts';
import { alterShareGroupOffsets, deleteShareGroupOffsets } from './admin/share-group-changes.ts';
import { createPartitions, createTopics, deleteRecords, deleteTopics, describeTopics } from './admin/topics.ts';
import type { ClusterLink } from './cluster-link.ts';
import type { Admin } from './contract.ts';
import type { MetadataCache } from './metadata.ts';
import { fetchPartitionOffsets } from './partition-offsets.ts';

export function createAdmin(link: ClusterLink, metadata: MetadataCache): Admin {
  return {
    cluster: () => describeCluster(link),
    topics: (names) => describeTopics(link, names ?? null),
    createTopics: (topics, timeoutMs) => createTopics(link, topics, timeoutMs),
    deleteTopics: (names, timeoutMs) => deleteTopics(link, names, timeoutMs),
    createPartitions: (topic, total) => createPartitions(link, topic, total),
    deleteRecords: (before) => deleteRecords({ link, metadata }, before),
    describeConfigs: (resource) => describeConfigs(link, resource),
    topicConfigs: (topics, keys) => describeTopicConfigs(link, topics, keys),
    alterConfigs: (resource, changes, isDryRun) => alterConfigs(link, resource, changes, isDryRun),
    listOffsets: async (partitions, spec, isolation) => {
      const answers = await fetchPartitionOffsets(link, metadata, partitions, spec, isolation, reading(link));
      return answers.map(({ topic, partition, offset, timestampMs, error }) => ({
        topic,
        partition,
        offset,
        timestampMs,
        error: error?.kafkaName ?? null,
      }));
    },
    groups: (onBrokerFault) => listGroups(link, onBrokerFault),
    describeGroups: (groupIds) => describeGroups(link, groupIds),
    groupOffsets: (groupId) => groupOffsets(link, groupId),
    alterGroupOffsets: (groupId, offsets) => alterGroupOffsets(link, groupId, offsets),
    deleteGroupOffsets: (groupId, partitions) => deleteGroupOffsets(link, groupId, partitions),
    deleteGroups: (groupIds) => deleteGroups(link, groupIds),
    offsetsOfGroups: (groupIds) => offsetsOfGroups(link, groupIds),
    offsetsOfShareGroups: (groupIds) => offsetsOfShareGroups(link, groupIds),
    alterShareGroupOffsets: (groupId, offsets) => alterShareGroupOffsets(link, groupId, offsets),
    deleteShareGroupOffsets: (groupId, topics) => deleteShareGroupOffsets(link, groupId, topics),
    recordTimes: (places) => fetchRecordTimes(link, metadata, places),
    quotas: () => describeQuotas(link),
    acls: () => describeAcls(link),
    createAcls: (bindings) => createAcls(link, bindings),
    logDirs: (brokerIds, topics) => describeLogDirs(link, brokerIds, topics),
    quorum: () => describeQuorum(link),
    eligibleReplicas: (topics) => describeEligibleReplicas(link, topics ?? null),
    electLeaders: (type, partitions) => electLeaders(link, type, partitions),
    reassignments: () => listReassignments(link),
    alterReassignments: (moves) => alterReassignments(link, moves),
    fenceProducers: (transactionalIds) => fenceProducers(link, transactionalIds),
    features: (brokerId) => describeFeatures(link, brokerId ?? 'any'),
  };
}
