/** The dead-letter queue on a broker of its own: one that dies and comes back, and one that does not let us in. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { type KafkaCluster, removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import { type KafkaPeer, startKafkaPeer } from '../helpers/kafka-peer.ts';
import {
  type Config,
  countOf,
  envelope,
  produceTexts,
  type StandaloneRig,
  startRig,
  uniqueName,
  valuesOf,
} from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { startWorkerProcess } from '../helpers/worker-process.ts';

const ALICE: Config = {
  'security.protocol': 'SASL_PLAINTEXT',
  'sasl.mechanism': 'PLAIN',
  'sasl.jaas.config': 'org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="pw";',
};

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-errors-broker-'));
let cluster: KafkaCluster;
let peer: KafkaPeer;
let saslAddress = '';
let bootstrap = '';

beforeAll(async () => {
  const [plain, sasl, controller] = await Promise.all([freePort(), freePort(), freePort()]);
  const urls = `PLAINTEXT://127.0.0.1:${plain},SASL://127.0.0.1:${sasl}`;
  cluster = await startKafkaCluster({
    brokers: 1,
    folder,
    preferredPorts: [plain],
    properties: {
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      listeners: `${urls},CONTROLLER://127.0.0.1:${controller}`,
      'advertised.listeners': urls,
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT',
      'listener.name.sasl.sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.sasl.plain.sasl.jaas.config': 'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="pw";',
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
    },
  });
  bootstrap = `127.0.0.1:${plain}`;
  saslAddress = `127.0.0.1:${sasl}`;
  peer = await startKafkaPeer(bootstrap);
});

afterAll(async () => {
  await peer.close();
  await cluster.stop();
  removeCluster(folder);
});

const prefixed = (prefix: string, config: Config) =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [`${prefix}${key}`, value]));

const sink = (rig: StandaloneRig, topic: string, more: Config = {}): Config => ({
  'connector.class': 'FileStreamSink',
  topics: topic,
  file: rig.file('out.txt'),
  'errors.tolerance': 'all',
  'errors.deadletterqueue.topic.name': `${topic}-dlq`,
  'errors.deadletterqueue.topic.replication.factor': '1',
  ...more,
});

async function isCommitted(rig: StandaloneRig, name: string, offset: bigint): Promise<void> {
  await waitUntil(`${name} has committed ${offset}`, async () => {
    const [found] = await rig.kafka.admin().groupOffsets(`connect-${name}`);
    return found?.offset === offset ? true : String(found?.offset);
  });
}

test('the broker dies in the middle and comes back: every bad record is in the queue, every good one in the file', async () => {
  await using rig = await startRig({ 'bootstrap.servers': bootstrap });
  const [topic, name] = [uniqueName('restart'), uniqueName('sink')];
  await rig.kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
  const batch = (from: number) => Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? `bad ${from + i}` : envelope(`good ${from + i}`)));
  await rig.create(name, sink(rig, topic));
  await produceTexts(rig.kafka, topic, batch(0));
  await waitUntil('the queue fills', async () => ((await countOf(rig.kafka, `${topic}-dlq`)) > 0 ? true : 0));
  await cluster.kill(1);
  await cluster.start(1);
  await produceTexts(rig.kafka, topic, batch(2000));
  await isCommitted(rig, name, 4000n);
  expect(await rig.states(name)).toEqual(['RUNNING', 'RUNNING']);
  const dead = new Set(await valuesOf(rig.kafka, `${topic}-dlq`));
  expect(dead.size).toBe(2000);
  for (let i = 0; i < 4000; i += 2) expect(dead).toContain(`bad ${i}`);
  const lines = new Set((await rig.waitLines(rig.file('out.txt'), 2000)).split('\n').filter((line) => line !== ''));
  expect(lines.size).toBe(2000);
});

test('a queue that we may not write: the task fails, names the topic, and has committed nothing; with the right it goes on', async () => {
  await using rig = await startRig({ 'bootstrap.servers': bootstrap });
  const [topic, name] = [uniqueName('acl'), uniqueName('sink')];
  const queue = `${topic}-dlq`;
  await rig.kafka.admin().createTopics([topic, queue].map((one) => ({ name: one, partitions: 1, replicationFactor: 1 })));
  await produceTexts(rig.kafka, topic, [envelope('good'), 'bad']);
  const asAlice = prefixed('producer.override.', { ...ALICE, 'bootstrap.servers': saslAddress });
  await rig.create(name, sink(rig, topic, asAlice), { waits: false });
  await rig.waitStates(name, 'RUNNING', 'FAILED');
  expect((await rig.herder.taskStatus(name, 0)).trace).toMatch(
    new RegExp(`The dead letter queue topic=${queue} did not take record ${topic}-0 at offset 1: .*TOPIC_AUTHORIZATION_FAILED`),
  );
  expect((await rig.kafka.admin().groupOffsets(`connect-${name}`)).length).toBe(0);
  const rights = ['WRITE', 'DESCRIBE'].map((operation) => ({
    resourceType: 'TOPIC',
    resourceName: queue,
    patternType: 'LITERAL',
    principal: 'User:alice',
    host: '*',
    operation,
    permission: 'ALLOW',
  }));
  await peer.createAcls({}, rights);
  await waitUntil('the task writes', async () => {
    await rig.herder.restartTask(name, 0);
    await rig.waitStates(name, 'RUNNING', 'RUNNING');
    return (await countOf(rig.kafka, queue)) > 0 ? true : rig.states(name);
  });
  await isCommitted(rig, name, 2n);
});

test('a queue that we may not make: the task fails at its start, and says so', async () => {
  await using rig = await startRig({ 'bootstrap.servers': bootstrap });
  const [topic, name] = [uniqueName('make'), uniqueName('sink')];
  await rig.kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
  const asAlice = prefixed('admin.override.', { ...ALICE, 'bootstrap.servers': saslAddress });
  await rig.create(name, sink(rig, topic, asAlice), { waits: false });
  await rig.waitStates(name, 'RUNNING', 'FAILED');
  expect((await rig.herder.taskStatus(name, 0)).trace).toMatch(
    new RegExp(`Could not initialize dead letter queue with topic=${topic}-dlq: .*AUTHORIZATION_FAILED`),
  );
});

test('transactional ids that we may not use: the leader and the tasks say which, and go on once they may', async () => {
  const group = uniqueName('transactions');
  const grant = (resourceType: string, resourceName: string, patternType: string, ...operations: string[]) =>
    peer.createAcls(
      {},
      operations.map((operation) => ({
        resourceType,
        resourceName,
        patternType,
        principal: 'User:alice',
        host: '*',
        operation,
        permission: 'ALLOW',
      })),
    );
  await grant('TOPIC', group, 'PREFIXED', 'ALL');
  await grant('GROUP', group, 'LITERAL', 'ALL');
  await using worker = await startWorkerProcess({
    group,
    properties: {
      'bootstrap.servers': saslAddress,
      ...ALICE,
      ...prefixed('producer.', ALICE),
      ...prefixed('consumer.', ALICE),
      ...prefixed('admin.', ALICE),
      'exactly.once.source.support': 'enabled',
      'config.storage.replication.factor': '1',
      'offset.storage.replication.factor': '1',
      'status.storage.replication.factor': '1',
    },
  });
  const file = path.join(worker.folder, 'lines.txt');
  writeFileSync(file, 'line 0\n');
  const put = () =>
    worker.rest('PUT', '/connectors/lines/config', {
      'connector.class': 'FileStreamSource',
      file,
      topic: `${group}-lines`,
      'tasks.max': '1',
    });
  const id = `connect-cluster-${group}`;
  await waitUntil(
    'the worker leads, and may not',
    () => worker.log().includes('The duties of the leader could not be done') || worker.log(),
  );
  const refused = await put();
  expect([refused.status, JSON.parse(refused.text)]).toEqual([
    503,
    {
      error_code: 503,
      message: `This worker leads the group and cannot do what a leader must, so that nothing can be changed; it tries again by itself: TRANSACTIONAL_ID_AUTHORIZATION_FAILED: coordinator of transaction "${id}": Write and Describe on this transactional id are needed`,
    },
  ]);
  expect((await worker.rest('GET', '/connectors')).text).toBe('[]');

  await grant('TRANSACTIONAL_ID', id, 'LITERAL', 'WRITE', 'DESCRIBE');
  await waitUntil('the leader may write', async () => {
    const { status, text } = await put();
    return status === 201 || status === 200 || text;
  });
  await waitUntil('the task has failed', async () => String(await worker.states('lines')) === 'RUNNING,FAILED' || worker.states('lines'));
  const { text } = await worker.rest('GET', '/connectors/lines/tasks/0/status');
  expect((JSON.parse(text) as { trace: string }).trace).toMatch(
    new RegExp(`TRANSACTIONAL_ID_AUTHORIZATION_FAILED: .*"${group}-lines-0".*Write and Describe on this transactional id are needed`),
  );

  await grant('TRANSACTIONAL_ID', group, 'PREFIXED', 'WRITE', 'DESCRIBE');
  await waitUntil('the task runs, and its line is committed', async () => {
    await worker.rest('POST', '/connectors/lines/restart?includeTasks=true&onlyFailed=true');
    const { text: offsets } = await worker.rest('GET', '/connectors/lines/offsets');
    return offsets.includes('"position":7') || [await worker.states('lines'), offsets];
  });
  expect(await worker.end()).toBe(0);
});
