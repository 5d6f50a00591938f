/** Nothing is lost: the worker process killed and ended in the middle of a big file, and the broker away for half a minute. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import type { FetchedRecord, Kafka } from '../../src/kafka/contract.ts';
import { FileOffsetStore } from '../../src/storage/offset/file.ts';
import { parseOffsetValue } from '../../src/storage/offset/offset-json.ts';
import { countOf, readTopic, testKafka, uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const LINES = 300_000;
let folder: string;
let input: string;
let kafka: Kafka;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kconsole-crash-'));
  input = path.join(folder, 'lines.txt');
  const file = openSync(input, 'w');
  for (let i = 0; i < LINES; i += 1000) {
    let text = '';
    for (let k = i; k < i + 1000; k++) text += `${lineOf(k)}\n`;
    writeSync(file, text);
  }
  closeSync(file);
  kafka = testKafka();
});
afterAll(async () => {
  await kafka.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Letters of several bytes, so that a position in characters would show. */
function lineOf(index: number): string {
  return `${String(index).padStart(7, '0')} 한글 로그 ${'x'.repeat(60)}`;
}

/** Small batches keep the worker busy for long enough to be hit in the middle. */
const connector = (name: string, topic: string) => ({
  name,
  'connector.class': 'FileStreamSource',
  file: input,
  topic,
  'batch.size': '100',
  'producer.override.batch.size': '2000',
  'producer.override.buffer.memory': '1000000',
});

function indexOf(record: FetchedRecord): number {
  return Number(/"payload":"(\d{7})/.exec(record.value?.toString() ?? '')?.[1]);
}

interface Verdict {
  readonly missing: number;
  readonly repeated: number;
  /** Lines that come after a later one without being a repeat from an earlier place on. */
  readonly disordered: number;
  /** How often the stream went back. */
  readonly jumps: number;
}

/** One pass over the topic: each line is seen, and the stream only ever goes on by one or jumps back. */
async function judge(client: Kafka, topic: string): Promise<Verdict> {
  const seen = new Uint8Array(LINES);
  let [previous, repeated, disordered, jumps] = [-1, 0, 0, 0];
  await readTopic(client, topic, (record) => {
    const index = indexOf(record);
    if (index > previous + 1) disordered++;
    if (index <= previous) jumps++;
    if (seen[index]) repeated++;
    seen[index] = 1;
    previous = index;
  });
  return { missing: seen.filter((s) => s === 0).length, repeated, disordered, jumps };
}

async function waitAbove(client: Kafka, topic: string, count: number): Promise<void> {
  await waitUntil(
    `topic ${topic} has more than ${count} records`,
    async () => {
      const found = await countOf(client, topic);
      return found > count ? true : found;
    },
    60_000,
  );
}

async function waitFinished(worker: WorkerProcess, name: string): Promise<void> {
  const size = statSync(input).size;
  await waitUntil(
    'the offset of the whole file is committed',
    async () => {
      const { text } = await worker.rest('GET', `/connectors/${name}/offsets`);
      return text.includes(`"position":${size}`) ? true : text;
    },
    90_000,
  );
}

/** Lines that are committed as sent, from the offset file. */
async function committedLines(home: string): Promise<number> {
  const store = new FileOffsetStore(path.join(home, 'connect.offsets'));
  await store.start();
  const [entry] = await store.entries();
  const position = entry?.value ? Number(parseOffsetValue(entry.value).position) : 0;
  return position / Buffer.byteLength(`${lineOf(0)}\n`);
}

/** Number of the last line in the topic, plus one. */
async function sentLines(topic: string): Promise<number> {
  let last = -1;
  await readTopic(kafka, topic, (record) => {
    last = Math.max(last, indexOf(record));
  });
  return last + 1;
}

test('killed three times in the middle: every line, in order, repeats only since the last commit', async () => {
  const [topic, name] = [uniqueName('killed'), uniqueName('killed')];
  await kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
  const home = mkdtempSync(path.join(folder, 'killed-'));
  const settings = { folder: home, connectors: [connector(name, topic)], properties: { 'offset.flush.interval.ms': '50' } };
  let sinceCommit = 0;
  for (let round = 1; round <= 3; round++) {
    const before = await committedLines(home);
    const worker = await startWorkerProcess({ ...settings, isStartOnly: true });
    await waitAbove(kafka, topic, (await countOf(kafka, topic)) + 20_000);
    await waitUntil('some of it is committed', async () => (await committedLines(home)) > before);
    await worker.end('SIGKILL');
    const committed = await committedLines(home);
    const sent = await sentLines(topic);
    expect(sent).toBeLessThan(LINES);
    expect(Number.isInteger(committed)).toBe(true);
    expect(committed).toBeLessThanOrEqual(sent);
    sinceCommit += sent - committed;
  }
  expect(await committedLines(home)).toBeGreaterThan(0);
  await using worker = await startWorkerProcess(settings);
  await waitFinished(worker, name);
  const verdict = await judge(kafka, topic);
  expect(verdict).toMatchObject({ missing: 0, disordered: 0 });
  expect(verdict.jumps).toBeLessThanOrEqual(3);
  expect(verdict.repeated).toBeLessThanOrEqual(sinceCommit);
});

test('SIGTERM in the middle, twice: no line lost, none twice, exit code 0', async () => {
  const [topic, name] = [uniqueName('ended'), uniqueName('ended')];
  await kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
  const home = mkdtempSync(path.join(folder, 'ended-'));
  const settings = { folder: home, connectors: [connector(name, topic)] };
  for (let round = 1; round <= 2; round++) {
    const worker = await startWorkerProcess({ ...settings, isStartOnly: true });
    await waitAbove(kafka, topic, (await countOf(kafka, topic)) + 20_000);
    expect(await worker.end('SIGTERM')).toBe(0);
  }
  expect(await countOf(kafka, topic)).toBeLessThan(LINES);
  await using worker = await startWorkerProcess(settings);
  await waitFinished(worker, name);
  expect(await worker.end()).toBe(0);
  expect(await judge(kafka, topic)).toEqual({ missing: 0, repeated: 0, disordered: 0, jumps: 0 });
});

function rssMb(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

const AWAY_MS = 30_000;

test('the broker away for 30 s: memory stays bounded, nothing is lost, the rest follows', async () => {
  const home = mkdtempSync(path.join(folder, 'away-'));
  const cluster = await startKafkaCluster({ brokers: 1, folder: path.join(home, 'broker') });
  const client = testKafka(cluster.bootstrap);
  try {
    const [topic, name] = [uniqueName('away'), uniqueName('away')];
    await client.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
    await using worker = await startWorkerProcess({
      folder: home,
      properties: { 'bootstrap.servers': cluster.bootstrap },
      connectors: [connector(name, topic)],
    });
    await waitAbove(client, topic, 10_000);
    await cluster.kill(1);
    const backMs = performance.now() + AWAY_MS;
    let peakMb = 0;
    await waitUntil(
      'the broker has been away for 30 s',
      () => {
        peakMb = Math.max(peakMb, rssMb(worker.pid));
        return performance.now() > backMs;
      },
      AWAY_MS + 5_000,
    );
    expect(peakMb).toBeLessThan(350);
    expect(await worker.states(name)).toEqual(['RUNNING', 'RUNNING']);
    await cluster.start(1);
    await waitFinished(worker, name);
    const verdict = await judge(client, topic);
    expect(verdict).toMatchObject({ missing: 0, disordered: 0 });
    // The one request whose answer was lost may have been written.
    expect(verdict.jumps).toBeLessThanOrEqual(1);
    expect(await worker.end()).toBe(0);
  } finally {
    await client.close();
    await cluster.stop();
    removeCluster(path.join(home, 'broker'));
  }
});
