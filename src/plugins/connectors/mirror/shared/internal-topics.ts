/** Topics that mirror connectors keep for themselves. Source: org.apache.kafka.connect.mirror.MirrorUtils.createCompactedTopic. */
import type { Log } from '../../../../base/log.ts';
import type { Admin } from '../../../../kafka/contract.ts';
import { KafkaError } from '../../../../kafka/kafka-error.ts';

/** Refusals that mean that the topic is there, or that somebody else must have made it: writing to it will tell. */
const PASSED_OVER = new Set(['TOPIC_ALREADY_EXISTS', 'UNSUPPORTED_VERSION', 'TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED']);

export interface InternalTopic {
  readonly name: string;
  readonly replicationFactor: number;
  /** For the log: alias of the cluster that it is made on. */
  readonly cluster: string;
}

/** A compacted topic of one partition, unless it is there. Rejects with KafkaError for settings that the brokers refuse, or when none answers. */
export async function createInternalTopic(admin: Pick<Admin, 'createTopics'>, topic: InternalTopic, log: Log): Promise<void> {
  const { name, replicationFactor, cluster } = topic;
  try {
    await admin.createTopics([{ name, partitions: 1, replicationFactor, configs: { 'cleanup.policy': 'compact' } }]);
    log.info(`Topic '${name}' was made on cluster '${cluster}' with replication factor ${replicationFactor}.`);
  } catch (error) {
    if (!(error instanceof KafkaError) || !PASSED_OVER.has(error.kafkaName)) throw error;
    if (error.kafkaName === 'TOPIC_ALREADY_EXISTS') log.debug(`Topic '${name}' is on cluster '${cluster}' already.`);
    else log.warn(`Topic '${name}' could not be made on cluster '${cluster}', so it must be there: ${error.message}`);
  }
}
