/** Records that cannot be processed, on real brokers: tolerated, reported, retried, never lost; what a dead-letter queue holds is what a JVM worker puts there. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Config, envelope, readTopic, type StandaloneRig, startRig, uniqueName, valuesOf } from '../helpers/standalone-rig.ts';
import { JVM_START_MS, waitUntil } from '../helpers/wait-until.ts';
import { startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

interface Raw {
  readonly key?: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: ReadonlyArray<{ readonly key: string; readonly value: Buffer | null }>;
}

/** One of each kind; those that end in the dead-letter queue are marked. */
const POISON: ReadonlyArray<{ readonly what: string; readonly isBad: boolean; readonly raw: Raw }> = [
  { what: 'a good record', isBad: false, raw: { value: envelope('one') } },
  { what: 'no JSON', isBad: true, raw: { value: 'not json' } },
  { what: 'cut JSON', isBad: true, raw: { value: '{"schema":{"type":"string"},"payl' } },
  { what: 'two JSON texts', isBad: true, raw: { value: '{"a":1} {"b":2}' } },
  { what: 'no schema', isBad: true, raw: { value: '{"no":"schema"}' } },
  { what: 'an array in place of the envelope', isBad: true, raw: { value: '[1,2]' } },
  { what: 'a number in place of the envelope', isBad: true, raw: { value: '12' } },
  { what: 'an envelope with more in it', isBad: true, raw: { value: '{"schema":{"type":"string"},"payload":"x","more":1}' } },
  { what: 'a schema of an unknown type', isBad: true, raw: { value: '{"schema":{"type":"money"},"payload":1}' } },
  { what: 'a schema without type', isBad: true, raw: { value: '{"schema":{},"payload":1}' } },
  { what: 'a null for a required value', isBad: true, raw: { value: '{"schema":{"type":"string","optional":false},"payload":null}' } },
  { what: 'the wrong type for its schema', isBad: false, raw: { value: '{"schema":{"type":"int32"},"payload":"four"}' } },
  { what: 'bytes that are no base64', isBad: true, raw: { value: '{"schema":{"type":"bytes"},"payload":"???"}' } },
  {
    what: 'a struct that lacks a field',
    isBad: true,
    raw: { value: '{"schema":{"type":"struct","fields":[{"field":"a","type":"int32"}]},"payload":{}}' },
  },
  { what: 'bytes that are no UTF-8', isBad: true, raw: { value: Buffer.from([0xff, 0xfe, 0x00, 0x41]) } },
  { what: 'UTF-8 that breaks off', isBad: true, raw: { value: Buffer.from([0x22, 0xed, 0x95]) } },
  { what: 'Korean text', isBad: true, raw: { value: '망가진 기록', key: envelope('열쇠') } },
  { what: 'a megabyte less a little', isBad: true, raw: { value: `{"${'x'.repeat(900_000)}` } },
  { what: 'an empty value', isBad: true, raw: { value: '' } },
  { what: 'a tombstone', isBad: false, raw: { value: null, key: envelope('gone') } },
  { what: 'a bad key', isBad: true, raw: { key: 'not json', value: envelope('two') } },
  { what: 'a bad key and a bad value', isBad: true, raw: { key: '{"no":"schema"}', value: 'not json' } },
  {
    what: 'a bad header among good ones',
    isBad: true,
    raw: {
      value: envelope('three'),
      headers: [
        { key: 'ok', value: Buffer.from(envelope('h')) },
        { key: 'ok', value: null },
        { key: 'bad', value: Buffer.from('not json') },
      ],
    },
  },
  { what: 'a good record at the end', isBad: false, raw: { value: envelope('end'), headers: [{ key: 'n', value: null }] } },
];

const BAD = POISON.filter(({ isBad }) => isBad);
const ERRORS = '__connect.errors.';
const STACK = `${ERRORS}exception.stacktrace`;

const bytes = (text: string | Buffer | null | undefined) => (text === null || text === undefined ? null : Buffer.from(text));

async function produce(rig: StandaloneRig, topic: string, records: readonly Raw[]): Promise<void> {
  await rig.kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
  const producer = rig.kafka.producer({ isIdempotent: false });
  for (const [i, { key, value, headers }] of records.entries()) {
    while (!producer.send(topic, 0, bytes(key), bytes(value), headers ?? null, 1_700_000_000_000 + i, null)) await producer.ready(topic);
  }
  await producer.flush();
  await producer.close(5_000);
}

interface Dead {
  readonly key: string | null;
  readonly value: string | null;
  readonly timestampMs: number;
  readonly headers: readonly (readonly [name: string, value: string | null])[];
}

/** Every byte as one letter; stack traces, which are each runtime's own, only by their being there. */
async function deadLetters(rig: StandaloneRig, topic: string): Promise<Dead[]> {
  const found: Dead[] = [];
  const text = (part: Uint8Array | null) => (part === null ? null : Buffer.from(part).toString('latin1'));
  await readTopic(rig.kafka, topic, (r) => {
    const headers = (r.headers ?? []).map((h) => [h.key, h.key === STACK ? 'a stack' : text(h.value)] as const);
    found.push({ key: text(r.key), value: text(r.value), timestampMs: r.timestampMs, headers });
  });
  return found;
}

const header = (dead: Dead | undefined, name: string) => dead?.headers.find(([key]) => key === `${ERRORS}${name}`)?.[1];

function deadLetterSink(topics: string, file: string, queue: string, more: Config = {}): Config {
  return {
    'connector.class': 'FileStreamSink',
    topics,
    file,
    'value.converter': JSON_CONVERTER,
    'key.converter': JSON_CONVERTER,
    'header.converter': JSON_CONVERTER,
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': queue,
    'errors.deadletterqueue.topic.replication.factor': '1',
    'errors.deadletterqueue.context.headers.enable': 'true',
    ...more,
  };
}

async function metric(rig: StandaloneRig, connector: string, name: string): Promise<unknown> {
  const samples = await rig.herder.metrics();
  return samples?.find((one) => one.group === 'task-error-metrics' && one.tags.connector === connector && one.name === name)?.value;
}

/** Committed offset of the sink's group; null when there is none. */
async function committed(rig: StandaloneRig, name: string): Promise<bigint | null> {
  const offsets = await rig.kafka.admin().groupOffsets(`connect-${name}`);
  return offsets[0]?.offset ?? null;
}

const waitCommitted = (rig: StandaloneRig, name: string, offset: bigint) =>
  waitUntil(`${name} has committed ${offset}`, async () => {
    const now = await committed(rig, name);
    return now === offset ? true : String(now);
  });

async function trace(rig: StandaloneRig, name: string): Promise<string> {
  return (await rig.herder.taskStatus(name, 0)).trace ?? '';
}

describe('beside a JVM worker', () => {
  let rig: StandaloneRig;
  let jvm: WorkerProcess;
  beforeAll(async () => {
    [rig, jvm] = await Promise.all([startRig(), startWorkerProcess({ isJvm: true })]);
  });
  afterAll(async () => {
    await Promise.all([rig[Symbol.asyncDispose](), jvm[Symbol.asyncDispose]()]);
  });

  /** The same sink on both; resolves when each queue holds `count` records. Their names and their groups are their own. */
  async function runBoth(records: readonly Raw[], count: number, more: Config = {}) {
    const topic = uniqueName('poison');
    const name = uniqueName('sink');
    const queues = [`${topic}-ours`, `${topic}-theirs`] as const;
    const files = [rig.file(`${name}.txt`), path.join(jvm.folder, `${name}.txt`)] as const;
    await produce(rig, topic, records);
    await rig.create(name, deadLetterSink(topic, files[0], queues[0], more));
    const config = { ...deadLetterSink(topic, files[1], queues[1], more), 'consumer.override.group.id': `${name}-jvm` };
    const answer = await jvm.rest('PUT', `/connectors/${name}/config`, config);
    expect(answer.status, answer.text).toBe(201);
    await Promise.all(queues.map((queue) => rig.waitCount(queue, count, JVM_START_MS)));
    const [ours, theirs] = await Promise.all(queues.map((queue) => deadLetters(rig, queue)));
    return { name, ours: ours!, theirs: theirs!, files, queues };
  }

  test('poison of every kind: the queues hold the same bytes, the files the same lines', async () => {
    const { name, ours, theirs, files, queues } = await runBoth(
      POISON.map(({ raw }) => raw),
      BAD.length,
    );
    const named = (dead: readonly Dead[]) => dead.map((one, i) => ({ what: BAD[i]?.what, ...one }));
    expect(named(ours)).toEqual(named(theirs));
    expect(ours.map(({ key, value }) => [key, value])).toEqual(
      BAD.map(({ raw }) => [raw.key, raw.value].map((part) => bytes(part)?.toString('latin1') ?? null)),
    );
    const lines = await rig.waitLines(files[0], POISON.length - BAD.length);
    expect(lines).toBe(await rig.waitLines(files[1], POISON.length - BAD.length));
    await waitCommitted(rig, name, BigInt(POISON.length));
    const [topic] = await rig.kafka.admin().topics([queues[0]]);
    expect([topic?.partitions.length, topic?.partitions[0]?.replicas.length]).toEqual([1, 1]);
    expect(await metric(rig, name, 'deadletterqueue-produce-requests')).toBe(BAD.length);
    expect(await metric(rig, name, 'deadletterqueue-produce-failures')).toBe(0);
    expect(await metric(rig, name, 'total-record-errors')).toBe(BAD.length);
    expect(await metric(rig, name, 'total-records-skipped')).toBe(BAD.length);
    expect(await metric(rig, name, 'last-error-timestamp')).toBeGreaterThan(1_700_000_000_000);
  });

  test('what a transform cannot take', async () => {
    const { ours, theirs } = await runBoth([{ value: '"12"' }, { value: '"twelve"' }, { value: '{"a":"x"}' }, { value: '"13"' }], 2, {
      'key.converter.schemas.enable': 'false',
      'value.converter.schemas.enable': 'false',
      transforms: 'hoist,cast',
      'transforms.hoist.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
      'transforms.hoist.field': 'n',
      'transforms.cast.type': 'org.apache.kafka.connect.transforms.Cast$Value',
      'transforms.cast.spec': 'n:int32',
    });
    expect(ours.map((dead) => [header(dead, 'stage'), header(dead, 'class.name')])).toEqual(
      Array(2).fill(['TRANSFORMATION', 'org.apache.kafka.connect.transforms.Cast$Value']),
    );
    expect(ours).toEqual(theirs);
  });

  test('without context headers the record is as it was', async () => {
    const records = [{ key: 'k', value: 'not json', headers: [{ key: 'mine', value: Buffer.from('1') }] }];
    const { ours, theirs } = await runBoth(records, 1, { 'errors.deadletterqueue.context.headers.enable': 'false' });
    expect(ours).toEqual([{ key: 'k', value: 'not json', timestampMs: 1_700_000_000_000, headers: [['mine', '1']] }]);
    expect(ours).toEqual(theirs);
  });
});

describe('errors.tolerance', () => {
  test('none: the task fails and says which record; it is in the queue, and not passed', async () => {
    await using rig = await startRig();
    const [topic, name] = [uniqueName('none'), uniqueName('sink')];
    await produce(rig, topic, [{ value: envelope('one') }, { value: 'not json' }, { value: envelope('two') }]);
    await rig.create(name, deadLetterSink(topic, rig.file('out.txt'), `${topic}-dlq`, { 'errors.tolerance': 'none' }), { waits: false });
    await rig.waitStates(name, 'RUNNING', 'FAILED');
    expect(await trace(rig, name)).toContain(`Tolerance exceeded in error handler (VALUE_CONVERTER, record ${topic}-0 at offset 1)`);
    await rig.waitCount(`${topic}-dlq`, 1);
    expect(await committed(rig, name)).not.toBe(3n);
    expect(await metric(rig, name, 'total-records-skipped')).toBe(0);
    await rig.herder.restartTask(name, 0);
    await rig.waitStates(name, 'RUNNING', 'FAILED');
    await rig.waitCount(`${topic}-dlq`, 2);
  });

  test('all, with the log: the sentence has stage, class and place; nothing of the record', async () => {
    await using rig = await startRig();
    const [topic, name] = [uniqueName('log'), uniqueName('sink')];
    await produce(rig, topic, [{ value: 'secret-in-a-record' }, { value: envelope('good') }]);
    const config: Config = {
      ...deadLetterSink(topic, rig.file('out.txt'), '', { 'errors.log.enable': 'true', 'errors.log.include.messages': 'true' }),
    };
    await rig.create(name, config);
    expect(await rig.waitLines(rig.file('out.txt'), 1)).toBe('good\n');
    const sentence = `Error encountered in task ${name}-0. Executing stage 'VALUE_CONVERTER' with class '${JSON_CONVERTER}', where consumed record is {topic='${topic}', partition=0, offset=0, timestamp=1700000000000, timestampType=CreateTime}.`;
    await waitUntil('the log has the sentence', () => (rig.log().includes(sentence) ? true : rig.log().at(-1)));
    expect(JSON.stringify(rig.ring.read({ limit: 5000 }))).not.toContain('secret-in-a-record');
    expect(await metric(rig, name, 'total-errors-logged')).toBe(1);
    await waitCommitted(rig, name, 2n);
  });
});

describe('a dead-letter topic that cannot be had', () => {
  test('more replicas than brokers: the task fails at its start, and runs when that is mended', async () => {
    await using rig = await startRig();
    const [topic, name] = [uniqueName('rf'), uniqueName('sink')];
    await produce(rig, topic, [{ value: 'not json' }]);
    const config = deadLetterSink(topic, rig.file('out.txt'), `${topic}-dlq`, { 'errors.deadletterqueue.topic.replication.factor': '9' });
    await rig.create(name, config, { waits: false });
    await rig.waitStates(name, 'RUNNING', 'FAILED');
    expect(await trace(rig, name)).toMatch(
      new RegExp(
        `Could not initialize dead letter queue with topic=${topic}-dlq: .*Set errors.deadletterqueue.topic.replication.factor \\(9\\)`,
      ),
    );
    await rig.herder.patchConnectorConfig(name, { 'errors.deadletterqueue.topic.replication.factor': '-1' });
    await rig.waitStates(name, 'RUNNING', 'RUNNING');
    await rig.waitCount(`${topic}-dlq`, 1);
    await waitCommitted(rig, name, 1n);
  });

  test('one that takes only small records: nothing is passed over until it takes them', async () => {
    await using rig = await startRig();
    const [topic, name] = [uniqueName('small'), uniqueName('sink')];
    const queue = `${topic}-dlq`;
    await rig.kafka.admin().createTopics([{ name: queue, partitions: 1, replicationFactor: 1, configs: { 'max.message.bytes': '500' } }]);
    const big = `{${'x'.repeat(2000)}`;
    await produce(rig, topic, [{ value: envelope('one') }, { value: big }, { value: envelope('two') }]);
    await rig.create(name, deadLetterSink(topic, rig.file('out.txt'), queue), { waits: false });
    await rig.waitStates(name, 'RUNNING', 'FAILED');
    expect(await trace(rig, name)).toMatch(
      new RegExp(
        `The dead letter queue topic=${queue} did not take record ${topic}-0 at offset 1: .*more than the broker takes \\(max.message.bytes of the topic\\)`,
      ),
    );
    expect(await metric(rig, name, 'deadletterqueue-produce-failures')).toBe(1);
    expect(await committed(rig, name)).toBeNull();
    await rig.kafka.admin().alterConfigs({ type: 'topic', name: queue }, { 'max.message.bytes': null });
    await rig.herder.restartTask(name, 0);
    await rig.waitCount(queue, 1);
    await waitCommitted(rig, name, 3n);
    expect((await deadLetters(rig, queue)).map(({ value }) => value)).toEqual([big]);
  });
});

describe('records that the task itself reports', () => {
  const config = (topic: string, more: Config) => ({
    'connector.class': 'test.ScriptedSinkConnector',
    topics: topic,
    fault: 'reports-bad',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'errors.deadletterqueue.topic.name': `${topic}-dlq`,
    'errors.deadletterqueue.topic.replication.factor': '1',
    'errors.deadletterqueue.context.headers.enable': 'true',
    ...more,
  });

  test('all: they are in the queue as they were read, and offsets go on', async () => {
    await using rig = await startRig();
    const [topic, name] = [uniqueName('errant'), uniqueName('sink')];
    await produce(rig, topic, [{ value: 'a' }, { key: 'k', value: 'bad 1' }, { value: 'b' }, { value: 'bad 2' }]);
    await rig.create(name, config(topic, { 'errors.tolerance': 'all' }));
    await rig.waitCount(`${topic}-dlq`, 2);
    await waitCommitted(rig, name, 4n);
    const found = await deadLetters(rig, `${topic}-dlq`);
    expect(found.map((dead) => [dead.key, dead.value, header(dead, 'offset'), header(dead, 'exception.message')])).toEqual([
      ['k', 'bad 1', '1', 'no place for bad 1'],
      [null, 'bad 2', '3', 'no place for bad 2'],
    ]);
    expect([header(found[0], 'stage'), header(found[0], 'class.name')]).toEqual(['TASK_PUT', 'org.apache.kafka.connect.sink.SinkTask']);
  });

  test('none: the task fails though it does not look at the answer', async () => {
    await using rig = await startRig();
    const [topic, name] = [uniqueName('errant'), uniqueName('sink')];
    await produce(rig, topic, [{ value: 'a' }, { value: 'bad 1' }]);
    await rig.create(name, config(topic, { 'errors.tolerance': 'none' }), { waits: false });
    await rig.waitStates(name, 'RUNNING', 'FAILED');
    expect(await trace(rig, name)).toContain(`Tolerance exceeded in error handler (TASK_PUT, record ${topic}-0 at offset 1)`);
    expect(await committed(rig, name)).toBeNull();
  });
});

test('a source: a record that a transform cannot take is left out and logged; there is no queue', async () => {
  await using rig = await startRig();
  const [topic, name] = [uniqueName('source'), uniqueName('source')];
  writeFileSync(rig.file('in.txt'), '1\nzwei\n3\n');
  await rig.create(name, {
    'connector.class': 'FileStreamSource',
    file: rig.file('in.txt'),
    topic,
    'value.converter': JSON_CONVERTER,
    'value.converter.schemas.enable': 'false',
    transforms: 'cast',
    'transforms.cast.type': 'org.apache.kafka.connect.transforms.Cast$Value',
    'transforms.cast.spec': 'int32',
    'errors.tolerance': 'all',
    'errors.log.enable': 'true',
  });
  await rig.waitCount(topic, 2);
  expect(await valuesOf(rig.kafka, topic)).toEqual(['1', '3']);
  const said = `Error encountered in task ${name}-0. Executing stage 'TRANSFORMATION' with class 'org.apache.kafka.connect.transforms.Cast$Value'.`;
  await waitUntil('the log tells of the record', () => rig.log().includes(said) || rig.log().at(-1));
  expect(await metric(rig, name, 'total-records-skipped')).toBe(1);
});
