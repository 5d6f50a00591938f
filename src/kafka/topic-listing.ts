/** What the cluster says about topics now, with replicas and racks (the cache in `metadata.ts` keeps leaders only). */
import type { ClusterLink, SendOptions } from './cluster-link.ts';
import type { BrokerInfo, TopicInfo } from './contract.ts';
import { kafkaErrorName } from './kafka-error.ts';
import { metadataMessage } from './wire/messages/metadata.ts';

export interface TopicListing {
  readonly clusterId: string | null;
  readonly brokers: readonly BrokerInfo[];
  readonly topics: readonly TopicInfo[];
}

/** One attempt. `names` null: all topics that the client may see. Topics that do not exist come with their error. */
export async function listTopics(link: ClusterLink, names: readonly string[] | null, options: SendOptions = {}): Promise<TopicListing> {
  const body = { topics: names && [...new Set(names)].map((name) => ({ name })), allowAutoTopicCreation: false };
  const reply = await link.send('any', metadataMessage, body, options);
  const brokers = reply.brokers.map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack }));
  link.noteBrokers(brokers, reply.controllerId);
  const topics = reply.topics.map(
    ({ errorCode, name, topicId, isInternal, partitions }): TopicInfo => ({
      name: name ?? '',
      topicId,
      isInternal,
      error: kafkaErrorName(errorCode),
      partitions: partitions
        .map((one) => ({
          partition: one.partitionIndex,
          leader: one.leaderId,
          leaderEpoch: one.leaderEpoch,
          replicas: one.replicaNodes,
          isr: one.isrNodes,
          offlineReplicas: one.offlineReplicas,
          error: kafkaErrorName(one.errorCode),
        }))
        .sort((a, b) => a.partition - b.partition),
    }),
  );
  return { clusterId: reply.clusterId, brokers, topics };
}
