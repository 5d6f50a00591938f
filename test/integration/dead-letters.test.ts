/** Dead letters on real brokers: seen with their reasons, written back once the converter is mended, and not a second time by themselves. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPanes } from '../../screens/panes.ts';
import { logicsOf } from '../../screens/parts/pane.ts';
import { LogHub } from '../../src/base/log.ts';
import { redrivesOf } from '../../src/cluster/dead-letter.ts';
import { readQueue } from '../../src/cluster/queue-reader.ts';
import { redrive } from '../../src/cluster/redrive.ts';
import { placeOf, type QueuedRecord } from '../../src/cluster/redrive-plan.ts';
import { createHttpHerder } from '../../src/control/over-http.ts';
import type { Herder } from '../../src/herder/herder.ts';
import { commandsFor } from '../../src/keymap/commands.ts';
import { createKeymap } from '../../src/keymap/keymap.ts';
import { ActionLog } from '../../src/store/action-log.ts';
import { NO_ADDRESSES } from '../../src/store/addresses.ts';
import type { ConnectorRow } from '../../src/store/connect-model.ts';
import { Operations } from '../../src/store/operations.ts';
import { readRedriveFacts } from '../../src/store/redrive-facts.ts';
import { runRedrive } from '../../src/store/redrive-run.ts';
import { Session } from '../../src/store/session.ts';
import { createTopic, everyBrokerForgets } from '../helpers/kafka-clients.ts';
import {
  type Config,
  countOf,
  envelope,
  readTopic,
  type StandaloneRig,
  startRig,
  testBootstrap,
  uniqueName,
} from '../helpers/standalone-rig.ts';
import { JVM_START_MS, waitUntil } from '../helpers/wait-until.ts';
import { MAIN, startWorkerProcess } from '../helpers/worker-process.ts';

const log = new LogHub(() => Date.now()).log('test');
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-dlq-'));

let rig: StandaloneRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const sinkConfig = (topics: string, file: string, queue: string, more: Config = {}): Config => ({
  'connector.class': 'FileStreamSink',
  topics,
  file,
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'errors.tolerance': 'all',
  'errors.deadletterqueue.topic.name': queue,
  'errors.deadletterqueue.topic.replication.factor': '1',
  'errors.deadletterqueue.context.headers.enable': 'true',
  ...more,
});
const MENDED = { 'value.converter': 'org.apache.kafka.connect.storage.StringConverter' };

interface Raw {
  readonly key: string | null;
  readonly value: string;
  readonly partition: number;
}

async function produce(topic: string, partitions: number, records: readonly Raw[]): Promise<void> {
  // Who plans a redrive asks any broker whether there is such a topic.
  await createTopic(rig.kafka, { name: topic, partitions, replicationFactor: 1 });
  const producer = rig.kafka.producer();
  for (const { key, value, partition } of records) {
    const headers = [{ key: 'trace', value: Buffer.from('a1') }];
    while (!producer.send(topic, partition, key, value, headers, 1_700_000_000_000, null)) await producer.ready(topic);
  }
  await producer.close(5_000);
}

const POISON: readonly Raw[] = [
  { key: '고객-17', value: '망가진 기록', partition: 1 },
  { key: null, value: envelope('fine'), partition: 0 },
  { key: 'b', value: 'not json', partition: 0 },
  { key: 'c', value: '{"no":"schema"}', partition: 1 },
];

/** A console over real sources, without a screen. */
function openSession(herder: Herder): { session: Session; operations: Operations } & Disposable {
  const context = {
    name: 'test',
    isReadOnly: false,
    isProtected: false,
    isWorkerEmbedded: false,
    hasConnect: true,
    hasKafka: true,
    addresses: NO_ADDRESSES,
  };
  const panes = logicsOf(createPanes(createKeymap(commandsFor(context))));
  const session = new Session({ context, panes, actionLogFile: path.join(folder, `${uniqueName('actions')}.ndjson`) });
  session.start({ herder, kafka: rig.kafka });
  return { session, operations: new Operations(session), [Symbol.dispose]: () => session.close() };
}

async function startPoisoned(more: Config = {}) {
  const [topic, name] = [uniqueName('poison'), uniqueName('sink')];
  const [queue, file] = [`${topic}-dlq`, rig.file(`${name}.txt`)];
  await produce(topic, 2, POISON);
  await rig.create(name, sinkConfig(topic, file, queue, more));
  await rig.waitCount(queue, 3);
  return { topic, name, queue, file };
}

async function lettersOf(queue: string): Promise<QueuedRecord[]> {
  const found: QueuedRecord[] = [];
  await readQueue(rig.kafka, queue, (record) => {
    found.push({ ...record, key: record.key && Buffer.from(record.key), value: record.value && Buffer.from(record.value) });
    return true;
  });
  return found;
}

const noActions = () => new ActionLog({ file: path.join(folder, uniqueName('none')), context: 'test', onProblem: () => undefined });

test('poison → queue → decoded in the console → dry run → mended → redriven → in the sink; a second time it is left out', async () => {
  const { topic, name, queue, file } = await startPoisoned();
  using console_ = openSession(rig.herder);
  const { session, operations } = console_;
  session.open('dlq', { connector: name, topics: [queue] }, { tailStart: { last: 500 } });
  await waitUntil('three dead letters are read and grouped', () => {
    const { tail } = session.current().data;
    return tail && tail.records.length === 3 && tail.groups.length > 0 ? true : (tail?.status ?? null);
  });
  const reasons = session.current().data.tail!.groups.map(({ group }) => group);
  expect(reasons.every((reason) => /^(DataException|SerializationException): \S/.test(reason))).toBe(true);
  session.updateView({ filter: 'origin:-1@0' });
  expect(session.tail!.passing(session.view).map((record) => String(record.value))).toEqual(['망가진 기록']);
  session.updateView({ filter: '' });
  await waitUntil('the worker has counted them', () => {
    const found = operations.row(name)?.recordErrors;
    return found?.origin === 'metrics' && found.deadLetters === 3 && found.errors === 3 && found.lastMs !== null ? true : (found ?? null);
  });

  const records = session.tail!.passing(session.view);
  const row = operations.row(name)!;
  const subject = { connector: name, queue, config: row.config, activeTopics: row.topics, records };
  const facts = await readRedriveFacts(rig.kafka, subject, session.actionLog.records);
  const plan = await facts.plan({ limit: 1, fallbackTopic: null });
  expect([plan.targets.map(({ topic: to, records: count }) => [to, count]), plan.leftOut]).toEqual([[[topic, 3]], []]);
  expect(await countOf(rig.kafka, topic)).toBe(4);

  await rig.herder.patchConnectorConfig(name, MENDED);
  await rig.waitStates(name, 'RUNNING', 'RUNNING');
  await runRedrive(session, operations, { kafka: rig.kafka, plan, title: 'redrive', clusterId: facts.clusterId });
  expect(session.ui.flash).toMatchObject({ level: 'info', text: `3 of 3 dead letters of ${queue} written` });
  const lines = await rig.waitLines(file, 4);
  expect(lines.split('\n').filter((line) => /not json|망가진 기록|no":"schema/.test(line))).toHaveLength(3);
  const back: string[] = [];
  await readTopic(rig.kafka, topic, ({ partition, key, value, headers, timestampMs }) => {
    const texts = headers?.map((header) => `${header.key}=${Buffer.from(header.value ?? []).toString()}`).join(' ');
    back.push(`${partition} ${key} ${value} ${texts} ${timestampMs}`);
  });
  for (const { key, value, partition } of POISON.filter((one) => one.value !== envelope('fine')))
    expect(back).toContain(`${partition} ${key} ${value} trace=a1 kconsole.redrive=1 1700000000000`);

  const again = await (await readRedriveFacts(rig.kafka, subject, session.actionLog.records)).plan({ limit: 1, fallbackTopic: null });
  expect([again.sends, again.leftOut]).toEqual([[], [{ why: 'redriven 1 time before (limit 1)', records: 3 }]]);
  const raised = await (await readRedriveFacts(rig.kafka, subject, session.actionLog.records)).plan({ limit: 2, fallbackTopic: null });
  expect(raised.sends.map((one) => String(one.headers.at(-1)?.value))).toEqual(['2', '2', '2']);
  expect(await countOf(rig.kafka, topic)).toBe(7);
});

test('what fails again comes back to the queue with its count, and is left out', async () => {
  const { name, queue, topic } = await startPoisoned();
  const { config } = await rig.herder.connectorInfo(name);
  const planNow = async () => {
    const records = await lettersOf(queue);
    const facts = await readRedriveFacts(
      rig.kafka,
      { connector: name, queue, config, activeTopics: [topic], records },
      noActions().records,
    );
    return facts.plan({ limit: 1, fallbackTopic: null });
  };
  const { written, failed } = await redrive({ kafka: rig.kafka, plan: await planNow(), log, onProgress: () => undefined });
  expect([written.length, failed]).toEqual([3, []]);
  await rig.waitCount(queue, 6);
  expect((await lettersOf(queue)).map(redrivesOf).toSorted()).toEqual([0, 0, 0, 1, 1, 1]);
  // Without the action log those of before are free again; those that have come back are not.
  const plan = await planNow();
  expect([plan.sends.length, plan.leftOut]).toEqual([3, [{ why: 'redriven 1 time before (limit 1)', records: 3 }]]);
});

test('a record that the topic does not take is named; the others are written', async () => {
  const topic = uniqueName('narrow');
  await rig.kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1, configs: { 'max.message.bytes': '2000' } }]);
  const letter = (offset: bigint, value: string) => ({
    topic: `${topic}-dlq`,
    partition: 0,
    offset,
    timestampMs: 1_700_000_000_000,
    key: null,
    value: Buffer.from(value),
    headers: [{ key: '__connect.errors.topic', value: Buffer.from(topic) }],
  });
  const random = Array.from({ length: 4_000 }, () => String.fromCharCode(33 + Math.floor(Math.random() * 90))).join('');
  const subject = {
    connector: 'x',
    queue: `${topic}-dlq`,
    config: { topics: topic },
    activeTopics: [],
    records: [letter(0n, 'small'), letter(1n, random), letter(2n, 'also')],
  };
  const plan = await (await readRedriveFacts(rig.kafka, subject, [])).plan({ limit: 1, fallbackTopic: null });
  const seen: number[] = [];
  const result = await redrive({ kafka: rig.kafka, plan, log, onProgress: ({ written, failed }) => seen.push(written + failed) });
  expect(result.written.map(({ place }) => placeOf(place))).toEqual([`${topic}-dlq-0@0`, `${topic}-dlq-0@2`]);
  expect(result.failed.map(({ record, error }) => [placeOf(record.place), error])).toEqual([
    [`${topic}-dlq-0@1`, expect.stringContaining('max.message.bytes')],
  ]);
  expect(seen).toEqual([1, 2, 3]);
});

test('a topic that has gone is refused, also after the plan, and is not made anew', async () => {
  const topic = uniqueName('gone');
  const admin = rig.kafka.admin();
  await createTopic(rig.kafka, { name: topic, partitions: 1, replicationFactor: 1 });
  const record = {
    topic: `${topic}-dlq`,
    partition: 0,
    offset: 0n,
    timestampMs: 1,
    key: null,
    value: null,
    headers: [{ key: '__connect.errors.topic', value: Buffer.from(topic) }],
  };
  const facts = await readRedriveFacts(
    rig.kafka,
    { connector: 'x', queue: `${topic}-dlq`, config: { topics: topic }, activeTopics: [], records: [record] },
    [],
  );
  const plan = await facts.plan({ limit: 1, fallbackTopic: null });
  expect(plan.sends).toHaveLength(1);
  await admin.deleteTopics([topic]);
  await everyBrokerForgets(rig.kafka, [topic]);
  const result = await redrive({ kafka: rig.kafka, plan, log, onProgress: () => undefined });
  expect(result.failed.map(({ error }) => error)).toEqual([`there is no topic ${topic} any more`]);
  expect((await facts.plan({ limit: 1, fallbackTopic: null })).leftOut).toEqual([
    { why: `there is no topic ${topic} that can be written to`, records: 1 },
  ]);
  expect((await admin.topics([topic])).every((one) => one.error !== null)).toBe(true);
});

describe('figures over HTTP', () => {
  test.each([
    ['ours tells its metrics', false, { origin: 'metrics', deadLetters: 3, errors: 3, skipped: 3, failed: 0 }],
    [
      "Apache Kafka's tells none: the end of the queue's topic",
      true,
      { origin: 'topic', deadLetters: 3, errors: null, skipped: null, failed: null },
    ],
  ] as const)('%s', async (_, isJvm, expected) => {
    await using worker = await startWorkerProcess({ isJvm });
    const [topic, name] = [uniqueName('poison'), uniqueName('sink')];
    await produce(topic, 2, POISON);
    await worker.rest('PUT', `/connectors/${name}/config`, sinkConfig(topic, path.join(worker.folder, 'out.txt'), `${topic}-dlq`));
    await rig.waitCount(`${topic}-dlq`, 3, JVM_START_MS);
    const herder = createHttpHerder([`http://127.0.0.1:${worker.port}`]);
    using console_ = openSession(herder);
    let found: ConnectorRow['recordErrors'] | null = null;
    await waitUntil('the console has counted', () => {
      found = console_.operations.row(name)?.recordErrors ?? null;
      return found?.deadLetters === 3 && found.perSec !== null ? true : found;
    });
    expect(found).toMatchObject({ queue: `${topic}-dlq`, ...expected });
    herder.close();
  });
});

test('kconsole --once and redrive: printed with their reasons; a dry run writes nothing, --yes writes, the second time nothing is left', async () => {
  await using worker = await startWorkerProcess();
  const [topic, name] = [uniqueName('poison'), uniqueName('sink')];
  await produce(topic, 2, POISON);
  await worker.rest('PUT', `/connectors/${name}/config`, sinkConfig(topic, path.join(worker.folder, 'out.txt'), `${topic}-dlq`));
  await rig.waitCount(`${topic}-dlq`, 3);
  const kconsole = (...words: string[]) =>
    new Promise<{ exit: number; out: string; err: string }>((resolve) => {
      const args = [MAIN, ...words, '--attach', `http://127.0.0.1:${worker.port}`, '-b', testBootstrap()];
      const env = { ...process.env, XDG_STATE_HOME: worker.folder };
      execFile(process.execPath, args, { env }, (error, out, err) =>
        resolve({ exit: error ? Number(error.code) : 0, out, err }),
      ).stdin?.end();
    });
  const run = (...words: string[]) => kconsole('redrive', name, ...words);
  const letters = await kconsole('--once', `dlq ${name}`, '-o', 'json');
  expect([letters.err, letters.exit]).toEqual(['', 1]);
  const [first, ...others] = JSON.parse(letters.out) as Record<string, unknown>[];
  expect(others.length).toBe(2);
  expect(first).toMatchObject({ topic: `${topic}-dlq`, stage: 'VALUE_CONVERTER', connector: name, origin: expect.stringContaining(topic) });
  const dry = await run('--dry-run');
  expect([dry.err, dry.exit, dry.out]).toEqual(['', 0, expect.stringMatching(new RegExp(`3 +→ ${topic} .*\\nnothing was written`))]);
  const asked = await run();
  expect([asked.exit, asked.err, asked.out]).toEqual([2, expect.stringContaining('without a terminal, add --yes'), '']);
  expect(await countOf(rig.kafka, topic)).toBe(4);
  await worker.rest('PATCH', `/connectors/${name}/config`, MENDED);
  await worker.waitRunning(name);
  const one = await run('--yes', '--max', '1', '--filter', 'value:망가진', '-o', 'json');
  expect([one.err, one.exit, JSON.parse(one.out)]).toMatchObject([
    '',
    0,
    { planned: [{ topic, records: 1 }], leftOut: [], written: 1, failed: [] },
  ]);
  const rest = await run('--yes');
  expect([rest.err, rest.exit, rest.out]).toEqual([
    '',
    0,
    expect.stringMatching(/1 +left out: redriven 1 time before \(limit 1\)[\s\S]*2 written, 0 failed/),
  ]);
  const third = await run('--yes', '-o', 'json');
  expect(JSON.parse(third.out)).toMatchObject({ planned: [], leftOut: [{ records: 3 }], written: 0 });
  expect(await countOf(rig.kafka, topic)).toBe(7);
  const bare = await run('--max', '0');
  expect([bare.exit, bare.err]).toEqual([2, 'kconsole: --max 0: give a whole number, 1 or more.\n']);
});
