/** The cluster as a whole: id, brokers, controller, metadata quorum. */
import type { ClusterLink } from '../cluster-link.ts';
import type { ClusterInfo, QuorumInfo } from '../contract.ts';
import { KafkaError, toKafkaError } from '../kafka-error.ts';
import { listTopics } from '../topic-listing.ts';
import { describeClusterMessage } from '../wire/messages/describe-cluster.ts';
import { describeQuorumMessage } from '../wire/messages/describe-quorum.ts';
import { reading, throwIfRefused } from './admin-call.ts';

/** A broker hands the question for the quorum on to the controller: without one it hangs, and must not take others with it. */
const QUORUM_LANE = 'quorum';
const QUORUM_PATIENCE_MS = 2_000;

/** The controller is the leader of the metadata quorum. */
export async function describeCluster(link: ClusterLink): Promise<ClusterInfo> {
  const done = new AbortController();
  const patience = link.clock.sleep(QUORUM_PATIENCE_MS, done.signal).then(() => null);
  try {
    const [cluster, controllerId] = await Promise.all([askCluster(link), Promise.race([quorumLeader(link), patience])]);
    const { controllerId: legacyId, ...info } = cluster;
    return { ...info, controllerId: controllerId === undefined ? legacyId : controllerId };
  } finally {
    done.abort();
  }
}

async function askCluster(link: ClusterLink): Promise<ClusterInfo> {
  try {
    const reply = await link.request(
      'any',
      describeClusterMessage,
      { includeClusterAuthorizedOperations: false },
      ({ errorCode, errorMessage }) => throwIfRefused([{ errorCode, errorMessage, subject: 'description of the cluster' }]),
      reading(link),
    );
    const brokers = reply.brokers.map(({ brokerId, host, port, rack }) => ({ id: brokerId, host, port, rack })).sort((a, b) => a.id - b.id);
    return { clusterId: reply.clusterId, controllerId: reply.controllerId, brokers };
  } catch (error) {
    // Brokers before Kafka 2.8.
    if (!(error instanceof KafkaError) || error.kafkaName !== 'UNSUPPORTED_VERSION') throw error;
    const { clusterId, brokers } = await link.retry(() => listTopics(link, [], reading(link)), reading(link));
    return { clusterId: clusterId ?? '', controllerId: null, brokers };
  }
}

/** Undefined: a cluster without a quorum (ZooKeeper). */
async function quorumLeader(link: ClusterLink): Promise<number | null | undefined> {
  try {
    return (await describeQuorum(link)).leaderId;
  } catch (error) {
    return toKafkaError(error, 'quorum').kafkaName === 'UNSUPPORTED_VERSION' ? undefined : null;
  }
}

/** Rejects with UNSUPPORTED_VERSION on a cluster with ZooKeeper. Times are milliseconds since the epoch, −1 where a node has none. */
export async function describeQuorum(link: ClusterLink): Promise<QuorumInfo> {
  const subject = 'description of the metadata quorum';
  const reply = await link.request(
    'any',
    describeQuorumMessage,
    { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] },
    ({ errorCode, errorMessage, topics }) => {
      const partitions = topics.flatMap((topic) => topic.partitions);
      throwIfRefused([{ errorCode, errorMessage, subject }, ...partitions.map((partition) => ({ ...partition, subject }))]);
    },
    { ...reading(link), lane: QUORUM_LANE },
  );
  const partition = reply.topics[0]?.partitions[0];
  if (!partition) throw new KafkaError('UNKNOWN_SERVER_ERROR', `${subject}: the reply names no partition`);
  const { leaderId, leaderEpoch, highWatermark, currentVoters, observers } = partition;
  const replicas = (list: typeof currentVoters) =>
    list.map(({ replicaId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp }) => ({
      id: replicaId,
      logEndOffset,
      lastFetchMs: Number(lastFetchTimestamp),
      lastCaughtUpMs: Number(lastCaughtUpTimestamp),
    }));
  return { leaderId, leaderEpoch, highWatermark, voters: replicas(currentVoters), observers: replicas(observers) };
}
