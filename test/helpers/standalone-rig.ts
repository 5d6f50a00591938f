/** A standalone worker in this process, with task threads and real brokers; a folder, a client and topic names of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LogHub } from '../../src/base/log.ts';
import { LogRing } from '../../src/base/log-ring.ts';
import type { Herder } from '../../src/herder/herder.ts';
import { type RunningStandalone, startStandalone } from '../../src/herder/standalone-start.ts';
import { parseClientProperties } from '../../src/kafka/client-properties.ts';
import type { FetchedRecord, Kafka } from '../../src/kafka/contract.ts';
import { createKafka } from '../../src/kafka/kafka.ts';
import type { TestRecord } from './kafka-records.ts';
import { testCatalog } from './test-plugins.ts';
import { LIMIT_MS, waitUntil } from './wait-until.ts';

export type Config = Readonly<Record<string, string>>;

export interface StandaloneRig extends AsyncDisposable {
  readonly folder: string;
  readonly herder: Herder;
  readonly kafka: Kafka;
  readonly ring: LogRing;
  /** Its log messages so far. */
  log(): string[];
  file(name: string): string;
  /** Creates it and, unless told otherwise, waits until all of it runs. */
  create(name: string, config: Config, options?: { waits: boolean }): Promise<void>;
  states(name: string): Promise<string[]>;
  waitStates(name: string, ...states: string[]): Promise<void>;
  /** Waits for the n-th line end of a file. */
  waitLines(file: string, count: number, timeoutMs?: number): Promise<string>;
  waitCount(topic: string, count: number, timeoutMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export function testBootstrap(): string {
  const servers = process.env.KCONSOLE_TEST_BOOTSTRAP;
  if (!servers) throw new Error('KCONSOLE_TEST_BOOTSTRAP is not set: run npm test, or name running brokers');
  return servers;
}

let counter = 0;

/** A name that nobody else uses. */
export function uniqueName(what: string): string {
  counter++;
  return `rt-${process.pid}-${Date.now().toString(36)}-${counter}-${what}`;
}

export function testKafka(bootstrap = testBootstrap()): Kafka {
  const log = new LogHub(() => Date.now()).log('test');
  return createKafka(
    parseClientProperties({ 'bootstrap.servers': bootstrap, 'client.id': 'runtime-test', 'max.poll.records': '10000' }, 'consumer', log),
    log,
  );
}

export async function startRig(worker: Config = {}): Promise<StandaloneRig> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-rt-'));
  const hub = new LogHub(() => Date.now());
  const ring = new LogRing({ firstSequence: 0 });
  hub.attach(ring.sink);
  const kafka = testKafka(worker['bootstrap.servers']);
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  const properties = {
    'bootstrap.servers': testBootstrap(),
    'key.converter': json,
    'value.converter': json,
    'offset.storage.file.filename': path.join(folder, 'connect.offsets'),
    'offset.flush.interval.ms': '500',
    ...worker,
  };
  const running: RunningStandalone = await startStandalone(properties, [], {
    workerId: () => '127.0.0.1:8083',
    logHub: hub,
    logRing: ring,
    catalog: testCatalog,
    threads: 2,
    threadEntry: new URL('./test-thread-entry.ts', import.meta.url),
  });
  const { herder } = running;
  const states = async (name: string) => {
    const { connector, tasks } = await herder.connectorStatus(name);
    return [connector.state, ...tasks.map((task) => task.state)];
  };
  const rig: StandaloneRig = {
    folder,
    herder,
    kafka,
    ring,
    log: () => ring.read({ limit: 5000 }).map((event) => event.message),
    file: (name) => path.join(folder, name),
    states,
    create: async (name, config, options = { waits: true }) => {
      await herder.putConnectorConfig(name, config, { allowReplace: false });
      if (!options.waits) return;
      await waitUntil(
        () => `${name} and its tasks are RUNNING`,
        async () => {
          const now = await states(name);
          return now.length > 1 && now.every((state) => state === 'RUNNING') ? true : herder.connectorStatus(name);
        },
      );
    },
    waitStates: (name, ...wanted) =>
      waitUntil(`${name} is ${wanted.join(', ')}`, async () => {
        const now = await states(name);
        return now.join() === wanted.join() ? true : now;
      }),
    waitLines,
    waitCount: (topic, count, timeoutMs = LIMIT_MS) =>
      waitUntil(
        `topic ${topic} has ${count} records`,
        async () => {
          const found = await countOf(kafka, topic);
          return found >= count ? true : found;
        },
        timeoutMs,
      ),
    stop: () => running.stop(),
    async [Symbol.asyncDispose]() {
      await running.stop();
      await kafka.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return rig;
}

/** Records in a topic now; 0 when there is no such topic. */
export async function countOf(kafka: Kafka, topic: string): Promise<number> {
  const ends = await kafka.admin().listOffsets(await partitionsOf(kafka, topic), 'latest');
  return ends.reduce((sum, { offset }) => sum + Number(offset ?? 0n), 0);
}

async function partitionsOf(kafka: Kafka, topic: string): Promise<{ topic: string; partition: number }[]> {
  const [info] = (await kafka.admin().topics([topic])).filter((t) => t.error === null);
  return (info?.partitions ?? []).map(({ partition }) => ({ topic, partition }));
}

/** Every record of the topic now, in the order of each partition. `read` sees one at a time: bytes are views. */
export async function readTopic(kafka: Kafka, topic: string, read: (record: FetchedRecord) => void): Promise<number> {
  const partitions = await partitionsOf(kafka, topic);
  const total = await countOf(kafka, topic);
  const fetcher = kafka.fetcher();
  fetcher.assign(partitions.map((p) => ({ ...p, offset: 'earliest' })));
  let count = 0;
  while (count < total) {
    const records = await fetcher.poll(10_000);
    if (records.length === 0) throw new Error(`topic ${topic}: ${count} of ${total} records came, then nothing for 10 s`);
    for (const record of records) read(record);
    count += records.length;
  }
  await fetcher.close();
  return count;
}

export async function valuesOf(kafka: Kafka, topic: string): Promise<(string | null)[]> {
  const values: (string | null)[] = [];
  await readTopic(kafka, topic, (record) => values.push(record.value === null ? null : record.value.toString('utf8')));
  return values;
}

/** What FileStreamSource and JsonConverter make of a line. */
export function envelope(line: string): string {
  return `{"schema":{"type":"string","optional":false},"payload":${JSON.stringify(line)}}`;
}

/** Puts records into a topic, one partition after the other in turn. */
export async function produceRecords(kafka: Kafka, topic: string, records: readonly TestRecord[], partitions = 1): Promise<void> {
  const producer = kafka.producer({});
  const failures: Error[] = [];
  for (const [i, { key = null, value, headers = null, timestampMs = null }] of records.entries()) {
    const send = () =>
      producer.send(topic, i % partitions, key, value, headers, timestampMs, (error) => void (error && failures.push(error)));
    while (!send()) await producer.ready(topic);
  }
  await producer.flush();
  await producer.close(5_000);
  if (failures[0]) throw failures[0];
}

/** Records without a key. */
export async function produceTexts(kafka: Kafka, topic: string, values: readonly string[], partitions = 1): Promise<void> {
  await produceRecords(
    kafka,
    topic,
    values.map((value) => ({ value })),
    partitions,
  );
}

/** Waits for the n-th line end of a file; gives its whole text. */
export async function waitLines(file: string, count: number, timeoutMs = LIMIT_MS): Promise<string> {
  let text = '';
  await waitUntil(
    `${count} line ends in ${file}`,
    () => {
      text = readFileSync(file, 'utf8');
      const found = text.split('\n').length - 1;
      return found >= count || found;
    },
    timeoutMs,
  );
  return text;
}
