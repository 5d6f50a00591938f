/** Pipelines of a standalone worker with task threads on real brokers: data through, bad input, rebalance, offsets. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envelope, produceTexts, type StandaloneRig, startRig, uniqueName, valuesOf } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let rig: StandaloneRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

const source = (file: string, topic: string, more: Record<string, string> = {}) => ({
  'connector.class': 'FileStreamSource',
  file,
  topic,
  ...more,
});
const sink = (file: string, topics: string, more: Record<string, string> = {}) => ({
  'connector.class': 'FileStreamSink',
  file,
  topics,
  ...more,
});
const STRING = { 'value.converter': 'org.apache.kafka.connect.storage.StringConverter' };

test('a file through a topic into a file, line by line', async () => {
  const [topic, input, output] = [uniqueName('through'), rig.file('in.txt'), rig.file('out.txt')];
  writeFileSync(input, 'first message\nsecond message\n세번째 메시지\n');
  await rig.create(uniqueName('source'), source(input, topic));
  await rig.create(uniqueName('sink'), sink(output, topic));
  expect(await rig.waitLines(output, 3)).toBe('first message\nsecond message\n세번째 메시지\n');
  appendFileSync(input, '😀 fourth\n');
  expect(await rig.waitLines(output, 4)).toBe('first message\nsecond message\n세번째 메시지\n😀 fourth\n');
  expect(await valuesOf(rig.kafka, topic)).toEqual([
    ...['first message', 'second message', '세번째 메시지'].map(envelope),
    // Jackson writes what lies beyond the basic plane as two escapes.
    String.raw`{"schema":{"type":"string","optional":false},"payload":"\uD83D\uDE00 fourth"}`,
  ]);
});

test('20,000 lines through task threads: none lost, none twice, in order; figures agree', async () => {
  const [topic, input, output] = [uniqueName('many'), rig.file('many.txt'), rig.file('many-out.txt')];
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}`);
  writeFileSync(input, `${lines.join('\n')}\n`);
  const [sourceName, sinkName] = [uniqueName('source'), uniqueName('sink')];
  await rig.create(sourceName, source(input, topic));
  await rig.create(sinkName, sink(output, topic));
  expect(await rig.waitLines(output, lines.length)).toBe(`${lines.join('\n')}\n`);
  const value = async (connector: string, name: string) =>
    (await rig.herder.metrics())?.find((m) => m.tags.connector === connector && m.name === name)?.value;
  expect(await value(sourceName, 'source-record-poll-total')).toBe(20_000);
  await waitUntil('all are counted as written', async () => (await value(sourceName, 'source-record-write-total')) === 20_000);
  expect(await value(sourceName, 'source-record-active-count')).toBe(0);
  await waitUntil('all are counted as put', async () => (await value(sinkName, 'sink-record-send-total')) === 20_000);
  const sentBytes = await value(sourceName, 'outgoing-byte-total');
  // Each line has its envelope around it, and both sides count whole record batches.
  expect(sentBytes).toBeGreaterThan(20_000 * envelope('').length);
  await waitUntil('all bytes are counted as read', async () => (await value(sinkName, 'bytes-consumed-total')) === sentBytes);
  await waitUntil('the group has committed all', async () => {
    const { offsets } = await rig.herder.connectorOffsets(sinkName);
    return offsets.reduce((sum, { offset }) => sum + Number(offset?.kafka_offset), 0) === 20_000;
  });
  const end = BigInt(statSync(input).size);
  await waitUntil('the end of the file is committed', async () => {
    const { offsets } = await rig.herder.connectorOffsets(sourceName);
    return offsets[0]?.offset?.position === end || String(offsets[0]?.offset?.position);
  });
  const { offsets } = await rig.herder.connectorOffsets(sourceName);
  expect(offsets).toEqual([{ partition: { filename: input }, offset: { position: end } }]);
  expect(await rig.herder.activeTopics(sinkName)).toEqual([topic]);
});

describe('bad input', () => {
  test('a record too large fails its task by name; other connectors go on', async () => {
    const [topic, input] = [uniqueName('large'), rig.file('large.txt')];
    writeFileSync(input, `short\n${'x'.repeat(2_000_000)}\nafter\n`);
    const name = uniqueName('large');
    await rig.create(name, source(input, topic), { waits: false });
    await rig.waitStates(name, 'RUNNING', 'FAILED');
    const { trace } = await rig.herder.taskStatus(name, 0);
    expect(trace).toMatch(/^org\.apache\.kafka\.connect\.errors\.ConnectException: Unrecoverable exception from producer send callback\n/);
    expect(trace).toMatch(/Caused by: org\.apache\.kafka\.common\.errors\.RecordTooLargeException: .*max\.request\.size/);
    expect(trace).toContain(topic);
    expect(await valuesOf(rig.kafka, topic)).toEqual([envelope('short')]);
    const [other, otherInput] = [uniqueName('other'), rig.file('other.txt')];
    writeFileSync(otherInput, 'still here\n');
    await rig.create(uniqueName('other'), source(otherInput, other));
    await rig.waitCount(other, 1);
  });

  test('what the broker refuses for good (no key in a compacted topic) fails the task in its words', async () => {
    const [topic, input, name] = [uniqueName('compacted'), rig.file('compacted.txt'), uniqueName('compacted')];
    await rig.kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1, configs: { 'cleanup.policy': 'compact' } }]);
    writeFileSync(input, 'x\n');
    await rig.create(name, source(input, topic), { waits: false });
    await rig.waitStates(name, 'RUNNING', 'FAILED');
    const { trace } = await rig.herder.taskStatus(name, 0);
    expect(trace).toMatch(/Caused by: org\.apache\.kafka\.common\.InvalidRecordException: .*compacted/i);
    expect((await rig.herder.connectorOffsets(name)).offsets).toEqual([]);
  });

  test('errors.tolerance=all passes over the record too large', async () => {
    const [topic, input] = [uniqueName('tolerant'), rig.file('tolerant.txt')];
    writeFileSync(input, `a\n${'x'.repeat(2_000_000)}\nb\n`);
    await rig.create(uniqueName('tolerant'), source(input, topic, { 'errors.tolerance': 'all' }));
    await rig.waitCount(topic, 2);
    expect(await valuesOf(rig.kafka, topic)).toEqual([envelope('a'), envelope('b')]);
  });

  test('plain JSON to a sink that wants schemas fails it where the record lies; a corrected config goes on there', async () => {
    const [topic, output, name] = [uniqueName('plain'), rig.file('plain-out.txt'), uniqueName('plain')];
    await produceTexts(rig.kafka, topic, ['"one"', '"two"']);
    await rig.create(name, sink(output, topic), { waits: false });
    await rig.waitStates(name, 'RUNNING', 'FAILED');
    const { trace } = await rig.herder.taskStatus(name, 0);
    expect(trace).toContain(`Tolerance exceeded in error handler (VALUE_CONVERTER, record ${topic}-0 at offset 0)`);
    expect(trace).toContain('JsonConverter with schemas.enable requires "schema" and "payload" fields');
    expect((await rig.herder.connectorOffsets(name)).offsets.every(({ offset }) => offset?.kafka_offset === 0n)).toBe(true);
    const json = 'org.apache.kafka.connect.json.JsonConverter';
    await rig.herder.putConnectorConfig(name, sink(output, topic, { 'value.converter': json, 'value.converter.schemas.enable': 'false' }), {
      allowReplace: true,
    });
    expect(await rig.waitLines(output, 2)).toBe('one\ntwo\n');
  });

  test('a sink file that cannot be made fails the task by name, and a restart brings it back', async () => {
    const [topic, name] = [uniqueName('nofolder'), uniqueName('nofolder')];
    const output = rig.file('sub/out.txt');
    await produceTexts(rig.kafka, topic, ['x']);
    await rig.create(name, sink(output, topic, STRING), { waits: false });
    await rig.waitStates(name, 'RUNNING', 'FAILED');
    expect((await rig.herder.taskStatus(name, 0)).trace).toContain(output);
    mkdirSync(rig.file('sub'));
    const plan = await rig.herder.restartConnectorAndTasks(name, { includeTasks: true, onlyFailed: true });
    expect([plan.connector.state, plan.tasks[0]?.state]).toEqual(['RUNNING', 'RESTARTING']);
    expect(await rig.waitLines(output, 1)).toBe('x\n');
  });
});

describe('steering', () => {
  test('pause, resume, stop, resume: each line once; offsets altered while stopped are used', async () => {
    const [topic, input, name] = [uniqueName('steered'), rig.file('steered.txt'), uniqueName('steered')];
    writeFileSync(input, 'l1\nl2\n');
    await rig.create(name, source(input, topic));
    await rig.waitCount(topic, 2);
    await rig.herder.pauseConnector(name);
    await rig.waitStates(name, 'PAUSED', 'PAUSED');
    appendFileSync(input, 'l3\n');
    await rig.herder.resumeConnector(name);
    await rig.waitCount(topic, 3);
    await rig.herder.stopConnector(name);
    expect(await rig.states(name)).toEqual(['STOPPED']);
    const partition = { filename: input };
    expect(await rig.herder.connectorOffsets(name)).toEqual({ offsets: [{ partition, offset: { position: 9n } }] });
    const answer = await rig.herder.alterConnectorOffsets(name, [{ partition, offset: { position: 6n } }]);
    expect(answer.message).toBe('The offsets for this connector have been altered successfully');
    appendFileSync(input, 'l4\n');
    await rig.herder.resumeConnector(name);
    await rig.waitCount(topic, 5);
    expect(await valuesOf(rig.kafka, topic)).toEqual(['l1', 'l2', 'l3', 'l3', 'l4'].map(envelope));
  });

  test('a sink’s offsets: moved back they are read again, reset they begin anew', async () => {
    const [topic, output, name] = [uniqueName('sinkoffsets'), rig.file('sinkoffsets.txt'), uniqueName('sinkoffsets')];
    await produceTexts(rig.kafka, topic, ['a', 'b', 'c']);
    await rig.create(name, sink(output, topic, STRING));
    await rig.waitLines(output, 3);
    await expect(rig.herder.resetConnectorOffsets(name)).rejects.toThrow('must be in the STOPPED state');
    await rig.herder.stopConnector(name);
    const partition = { kafka_topic: topic, kafka_partition: 0n };
    expect(await rig.herder.connectorOffsets(name)).toEqual({ offsets: [{ partition, offset: { kafka_offset: 3n } }] });
    await rig.herder.alterConnectorOffsets(name, [{ partition, offset: { kafka_offset: 2n } }]);
    await rig.herder.resumeConnector(name);
    await rig.waitLines(output, 4);
    await rig.herder.stopConnector(name);
    await rig.herder.resetConnectorOffsets(name);
    await rig.herder.resetConnectorOffsets(name);
    expect(await rig.herder.connectorOffsets(name)).toEqual({ offsets: [] });
    await rig.herder.resumeConnector(name);
    expect(await rig.waitLines(output, 7)).toBe('a\nb\nc\nc\na\nb\nc\n');
  });

  test('topic.creation makes the topic as its group says', async () => {
    const [topic, input] = [uniqueName('made'), rig.file('made.txt')];
    writeFileSync(input, 'x\n');
    const settings = {
      'topic.creation.default.partitions': '3',
      'topic.creation.default.replication.factor': '1',
      'topic.creation.default.retention.ms': '7200000',
    };
    await rig.create(uniqueName('made'), source(input, topic, settings));
    await rig.waitCount(topic, 1);
    const [info] = await rig.kafka.admin().topics([topic]);
    expect([info?.partitions.length, info?.partitions[0]?.replicas.length]).toEqual([3, 1]);
    const configs = await rig.kafka.admin().describeConfigs({ type: 'topic', name: topic });
    expect(configs.find((c) => c.name === 'retention.ms')?.value).toBe('7200000');
  });
});

test('sink tasks share the partitions of their group, also with another worker; nothing is lost when it goes', async () => {
  const [topic, name] = [uniqueName('shared'), uniqueName('shared')];
  await rig.kafka.admin().createTopics([{ name: topic, partitions: 4, replicationFactor: 1 }]);
  const output = rig.file('shared-1.txt');
  await rig.create(name, sink(output, topic, { ...STRING, 'tasks.max': '2' }));
  const counts = async (of: StandaloneRig) =>
    ((await of.herder.metrics()) ?? [])
      .filter((m) => m.tags.connector === name && m.name === 'partition-count')
      .map((m) => Number(m.value))
      .sort();
  await waitUntil('each task has two partitions', async () => ((await counts(rig)).join() === '2,2' ? true : counts(rig)));
  const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `v${from + i}`);
  await produceTexts(rig.kafka, topic, texts(0, 200), 4);
  const other = await startRig();
  const otherOutput = other.file('shared-2.txt');
  await other.create(name, sink(otherOutput, topic, { ...STRING, 'tasks.max': '2' }));
  await waitUntil('every task has one partition', async () =>
    [...(await counts(rig)), ...(await counts(other))].join() === '1,1,1,1' ? true : [await counts(rig), await counts(other)],
  );
  await produceTexts(rig.kafka, topic, texts(200, 400), 4);
  await waitUntil('the other worker has written', () => existsSync(otherOutput) && readFileSync(otherOutput, 'utf8') !== '');
  const written = () =>
    [output, otherOutput].flatMap((file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []));
  await waitUntil('all are written', () => (new Set(written()).size >= 400 ? true : written().length));
  const beforeEnd = written();
  await other.stop();
  await waitUntil('the first worker has all again', async () => ((await counts(rig)).join() === '2,2' ? true : counts(rig)));
  await produceTexts(rig.kafka, topic, texts(400, 600), 4);
  await waitUntil('the rest is written', () => (new Set(written()).size >= 600 ? true : written().length));
  expect(new Set(written())).toEqual(new Set(texts(0, 600)));
  // An orderly change of hands commits first: nothing is written twice.
  expect(written().length).toBe(600);
  expect(beforeEnd.length).toBe(400);
  await other[Symbol.asyncDispose]();
});
