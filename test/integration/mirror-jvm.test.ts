/** Apache Kafka's own worker and ours take the mirroring of a topic over from each other: offsets, syncs and records go on where they were. */
import { expect, test } from 'vitest';
import { BYTE_CONVERTERS, contentsOf, mirrorConfig, uniqueAliases } from '../helpers/mirror-clusters.ts';
import { countOf, produceRecords, produceTexts, readTopic, testBootstrap, testKafka, uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { groupTopics, startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const headers = [
  { key: 'h', value: Buffer.from('1') },
  { key: 'h', value: null },
  { key: '7', value: Buffer.from('again') },
];

/** Offsets as the worker tells them, by partition. */
async function storedOffsets(worker: WorkerProcess, connector: string): Promise<Record<string, number>> {
  const { text } = await worker.rest('GET', `/connectors/${connector}/offsets`);
  const { offsets } = JSON.parse(text) as { offsets: { partition: { partition: number }; offset: { offset: number } }[] };
  return Object.fromEntries(offsets.map(({ partition, offset }) => [partition.partition, offset.offset]));
}

/** What validation answers about the mirror connectors, but for the documentation, which is everybody's own. */
async function validations(worker: WorkerProcess): Promise<unknown[]> {
  const wrong = {
    'source.cluster.alias': 'a',
    'replication.policy.class': 'nope.X',
    topics: 'a,a',
    'emit.heartbeats.interval.seconds': 'x',
  };
  const answers: unknown[] = [];
  const cases = {
    MirrorSourceConnector: [{}, { 'source.cluster.alias': 'a', 'exactly.once.support': 'required' }, wrong],
    MirrorHeartbeatConnector: [{}, wrong],
    MirrorCheckpointConnector: [
      {},
      { 'source.cluster.alias': 'a', 'emit.checkpoints.enabled': 'false', 'emit.offset-syncs.enabled': 'false' },
      { 'source.cluster.alias': 'a', groups: 'a,a', 'group.filter.class': 'nope.X', 'refresh.groups.interval.seconds': 'x' },
    ],
  };
  for (const [kind, configs] of Object.entries(cases)) {
    const base = { name: 'm', 'connector.class': `org.apache.kafka.connect.mirror.${kind}` };
    for (const more of configs) {
      const { status, text } = await worker.rest('PUT', `/connector-plugins/${kind}/config/validate`, { ...base, ...more });
      const { configs: rows, ...rest } = JSON.parse(text) as { configs: { definition: Record<string, unknown> | null; value: unknown }[] };
      answers.push({
        ...{ kind, more, status, rest },
        rows: rows.map(({ definition, value }) => ({ definition: definition && { ...definition, documentation: '' }, value })),
      });
    }
  }
  return answers;
}

test('ours goes on where the JVM’s has stopped, with the same keys, and each record is there once', async () => {
  const kafka = testKafka();
  const [group, topic, name, aliases] = [uniqueName('group'), uniqueName('jvm'), uniqueName('mirror'), uniqueAliases()];
  const copy = `${aliases.a}.${topic}`;
  await kafka.admin().createTopics([{ name: topic, partitions: 2, replicationFactor: 1 }]);
  await produceRecords(kafka, topic, [
    { key: 'k', value: null, headers, timestampMs: 5 },
    { value: '', headers: [], timestampMs: 6 },
  ]);
  await produceTexts(
    kafka,
    topic,
    Array.from({ length: 300 }, (_, i) => `first ${i}`),
    2,
  );
  const settings = { group, properties: BYTE_CONVERTERS };
  const config = mirrorConfig(aliases, testBootstrap(), topic, {
    'connector.class': 'org.apache.kafka.connect.mirror.MirrorSourceConnector',
  });

  let original: unknown[] = [];
  const jvm = await startWorkerProcess({ ...settings, isJvm: true });
  try {
    expect((await jvm.rest('PUT', `/connectors/${name}/config`, config)).status).toBe(201);
    await waitUntil('the JVM has copied all', async () => (await countOf(kafka, copy)) === 302 || (await countOf(kafka, copy)));
    await waitUntil('the JVM has stored where it is', async () => {
      const stored = await storedOffsets(jvm, name);
      return stored[0]! + stored[1]! === 300 || stored;
    });
    original = await validations(jvm);
    await jvm.end();
  } finally {
    await jvm[Symbol.asyncDispose]();
  }
  await produceTexts(
    kafka,
    topic,
    Array.from({ length: 40 }, (_, i) => `second ${i}`),
    2,
  );

  const ours = await startWorkerProcess(settings);
  try {
    await ours.waitRunning(name);
    await waitUntil('ours has stored where it is', async () => {
      const stored = await storedOffsets(ours, name);
      return stored[0]! + stored[1]! === 340 || stored;
    });
    expect(await validations(ours)).toEqual(original);
    await ours.end();
  } finally {
    await ours[Symbol.asyncDispose]();
  }
  expect(await contentsOf(kafka, copy)).toEqual(await contentsOf(kafka, topic));

  const keys: string[] = [];
  await readTopic(kafka, groupTopics(group)[1]!, ({ key }) => void keys.push(String(key)));
  expect([...new Set(keys)].sort()).toEqual([0, 1].map((partition) => JSON.stringify([name, { cluster: aliases.a, partition, topic }])));
  await kafka.admin().deleteTopics([topic, copy, ...groupTopics(group)]);
  await kafka.close();
});
