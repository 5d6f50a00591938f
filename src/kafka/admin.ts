/** The admin of the contract: one file an area in `admin/`. */
import { describeAcls } from './admin/acls.ts';
import { reading } from './admin/admin-call.ts';
import { describeCluster, describeQuorum } from './admin/cluster.ts';
import { alterConfigs, describeConfigs } from './admin/configs.ts';
import { alterGroupOffsets, deleteGroupOffsets, deleteGroups, groupOffsets } from './admin/group-changes.ts';
import { describeGroups } from './admin/group-descriptions.ts';
import { listGroups } from './admin/group-listing.ts';
import { describeLogDirs } from './admin/log-dirs.ts';
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
    alterConfigs: (resource, changes) => alterConfigs(link, resource, changes),
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
    acls: () => describeAcls(link),
    logDirs: (brokerIds) => describeLogDirs(link, brokerIds),
    quorum: () => describeQuorum(link),
  };
}
