/** Who is in the cluster, also while nobody can tell who its controller is. */
import { afterEach, expect, test } from 'vitest';
import { LogHub } from '../../../../src/base/log.ts';
import { describeCluster } from '../../../../src/kafka/admin/cluster.ts';
import { describeTopics } from '../../../../src/kafka/admin/topics.ts';
import { type ClusterLink, createClusterLink } from '../../../../src/kafka/cluster-link.ts';
import { FixtureBroker } from '../../../helpers/fixture-broker.ts';
import { clientOptions } from '../../../helpers/kafka-options.ts';
import { waitUntil } from '../../../helpers/wait-until.ts';

const links: ClusterLink[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
});

function linkTo(broker: FixtureBroker): ClusterLink {
  const link = createClusterLink(clientOptions(broker.address, { requestTimeoutMs: 3_000 }), new LogHub(() => 0).log('test'));
  links.push(link);
  return link;
}

const CLUSTER_AUTHORIZATION_FAILED = 31;

const quorumOf =
  (leaderId: number, errorCode = 0) =>
  () => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: null,
    topics: [
      {
        topicName: '__cluster_metadata',
        partitions: [
          {
            partitionIndex: 0,
            errorCode: 0,
            errorMessage: null,
            leaderId,
            leaderEpoch: 1,
            highWatermark: 1n,
            currentVoters: [],
            observers: [],
          },
        ],
      },
    ],
    nodes: [],
  });

test('the leader of the quorum is the controller; without one there is none', async () => {
  await using broker = await FixtureBroker.start();
  const link = linkTo(broker);
  broker.next('DescribeQuorum', quorumOf(3), quorumOf(-1), quorumOf(3, CLUSTER_AUTHORIZATION_FAILED));
  expect(await describeCluster(link)).toMatchObject({ clusterId: 'fixture', controllerId: 3, brokers: [{ id: 1, port: broker.port }] });
  expect((await describeCluster(link)).controllerId).toBe(-1);
  // Not told is not missing.
  expect((await describeCluster(link)).controllerId).toBeNull();
});

test('a question for the quorum that hangs holds up nothing and takes no other with it', async () => {
  await using broker = await FixtureBroker.start({ orders: 1 });
  const link = linkTo(broker);
  broker.next('DescribeQuorum', 'silent', 'silent', 'silent');
  const startedMs = performance.now();
  expect((await describeCluster(link)).controllerId).toBeNull();
  expect(performance.now() - startedMs).toBeLessThan(2_900);
  await waitUntil('the hanging question has had its time', async () => {
    expect((await describeTopics(link, null)).map((topic) => topic.name)).toEqual(['orders']);
    return performance.now() - startedMs > 4_000;
  });
  expect(broker.requests.filter((name) => name === 'Metadata').length).toBeGreaterThan(10);
});
