/** The measures of issue-worthy figures: throughput, latency, idle cost. Each takes a worker kind and gives plain numbers. */
import { appendFileSync, createWriteStream, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Kafka } from '../../../src/kafka/contract.ts';
import { cpuSeconds, peakRssMb, percentile } from './process-figures.ts';
import { startWorker, type WorkerKind, type WorkerUnderTest } from './worker-under-test.ts';

export interface Bench {
  readonly folder: string;
  readonly bootstrap: string;
  readonly kafka: Kafka;
  readonly lines: number;
}

export const LINE_BYTES = 83;

/** A file of `lines` numbered lines of 83 bytes with their line end. */
export async function writeLines(file: string, lines: number): Promise<void> {
  const stream = createWriteStream(file);
  for (let from = 0; from < lines; from += 10_000) {
    let text = '';
    for (let i = from; i < Math.min(lines, from + 10_000); i++)
      text += `${String(i).padStart(10, '0')} 10.1.0.1 - - "GET /item/${i % 1000} HTTP/1.1" 200 74706`.padEnd(LINE_BYTES - 1, ' .') + '\n';
    if (!stream.write(text)) await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
  }
  await new Promise<void>((resolve) => stream.end(resolve));
}

export async function endOffset(kafka: Kafka, topic: string): Promise<number> {
  const [info] = await kafka.admin().topics([topic]);
  if (!info || info.error) return 0;
  const ends = await kafka.admin().listOffsets(
    info.partitions.map((p) => ({ topic, partition: p.partition })),
    'latest',
  );
  return ends.reduce((sum, end) => sum + Number(end.offset ?? 0n), 0);
}

export async function waitFor(what: string, isDone: () => Promise<boolean>, timeoutMs = 300_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await isDone())) {
    if (performance.now() > endMs) throw new Error(`waited ${timeoutMs / 1000} s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export interface Throughput {
  readonly recordsPerSecond: number;
  /** From the moment when the worker is given the connector. */
  readonly cpuSecondsPerMillion: number;
  /** Of the process from its start until the last record has arrived. */
  readonly wholeCpuSecondsPerMillion: number;
  readonly peakRssMb: number;
}

/**
 * The whole file into a topic (JSON with schemas). Like the sink's, the measure begins when a running worker is given the connector:
 * a worker's start costs what it costs once, and has a measure of its own.
 */
export async function fileSource(bench: Bench, kind: WorkerKind, round: number): Promise<Throughput & { readonly topic: string }> {
  const topic = `bench-source-${kind}-${round}-${process.pid}`;
  await bench.kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
  const figures = await throughput(
    bench,
    kind,
    topic,
    sourceOf(bench, topic),
    async () => (await endOffset(bench.kafka, topic)) >= bench.lines,
  );
  return { ...figures, topic };
}

/** What most pipelines of lines do on the way: make a record of the line, say where it is from, choose its topic. */
const CHAIN = {
  transforms: 'hoist,from,route',
  'transforms.hoist.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
  'transforms.hoist.field': 'line',
  'transforms.from.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
  'transforms.from.static.field': 'data_source',
  'transforms.from.static.value': 'access-log',
  'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
  'transforms.route.regex': '(.*)-raw',
  'transforms.route.replacement': '$1',
};

/** The whole file through HoistField, InsertField and RegexRouter into a topic (JSON with schemas). */
export async function sourceChain(bench: Bench, kind: WorkerKind, round: number): Promise<Throughput> {
  const topic = `bench-chain-${kind}-${round}-${process.pid}`;
  await bench.kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
  const figures = await throughput(
    bench,
    kind,
    topic,
    { ...sourceOf(bench, `${topic}-raw`), ...CHAIN },
    async () => (await endOffset(bench.kafka, topic)) >= bench.lines,
  );
  await bench.kafka.admin().deleteTopics([topic]);
  return figures;
}

/** The whole file into a filter that drops every line. Apache Kafka's worker says nothing of such records but over JMX. */
export async function dropAll(bench: Bench, round: number): Promise<Throughput> {
  const topic = `bench-drop-${round}-${process.pid}`;
  const filter = { transforms: 'drop', 'transforms.drop.type': 'org.apache.kafka.connect.transforms.Filter' };
  return throughput(
    bench,
    'kconsole',
    topic,
    { ...sourceOf(bench, topic), ...filter },
    async (worker) =>
      Number(/^kafka_connect_source_task_metrics_source_record_poll_total\{.*\} (\d+)/m.exec(await worker.metrics())?.[1] ?? 0) >=
      bench.lines,
  );
}

function sourceOf(bench: Bench, topic: string): Readonly<Record<string, string>> {
  return { name: 'source', 'connector.class': 'FileStreamSource', 'tasks.max': '1', file: path.join(bench.folder, 'lines.txt'), topic };
}

/** A topic into a file, until the last line is in the file. */
export async function fileSink(bench: Bench, kind: WorkerKind, round: number, topic: string): Promise<Throughput> {
  const name = `bench-sink-${kind}-${round}-${process.pid}`;
  const file = path.join(bench.folder, `${name}.txt`);
  return throughput(
    bench,
    kind,
    name,
    { name, 'connector.class': 'FileStreamSink', 'tasks.max': '1', file, topics: topic },
    async () => existsSync(file) && statSync(file).size >= bench.lines * LINE_BYTES,
  );
}

export async function throughput(
  bench: Bench,
  kind: WorkerKind,
  name: string,
  connector: Readonly<Record<string, string>>,
  isDone: (worker: WorkerUnderTest) => Promise<boolean>,
): Promise<Throughput> {
  const worker = await startWorker(kind, path.join(bench.folder, name), bench.bootstrap, []);
  const cpuBefore = cpuSeconds(worker.pid);
  const startedMs = performance.now();
  await worker.create(connector);
  await waitFor(`${name} with ${bench.lines} records`, () => isDone(worker));
  const seconds = (performance.now() - startedMs) / 1000;
  const cpuAfter = cpuSeconds(worker.pid);
  const millions = bench.lines / 1e6;
  const figures = {
    recordsPerSecond: bench.lines / seconds,
    cpuSecondsPerMillion: (cpuAfter - cpuBefore) / millions,
    wholeCpuSecondsPerMillion: cpuAfter / millions,
    peakRssMb: peakRssMb(worker.pid),
  };
  await worker.stop();
  return figures;
}

/** From the start of the process until a file source and its task are RUNNING, in ms. */
export async function startToRunningMs(bench: Bench, kind: WorkerKind, round: number): Promise<number> {
  const name = `bench-start-${kind}-${round}-${process.pid}`;
  const folder = path.join(bench.folder, name);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'in.txt');
  writeFileSync(file, 'one line\n');
  const worker = await startWorker(kind, folder, bench.bootstrap, [
    { name, 'connector.class': 'FileStreamSource', 'tasks.max': '1', file, topic: name },
  ]);
  await worker.stop();
  return worker.startToRunningMs;
}

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly idleCpuPercent: number;
  readonly idleRssMb: number;
}

/** Line appended → record readable, RF 3 and acks=all; then what the idle worker costs over `idleSeconds`. */
export async function latencyAndIdle(bench: Bench, kind: WorkerKind, samples: number, idleSeconds: number): Promise<Latency> {
  const topic = `bench-latency-${kind}-${process.pid}`;
  await bench.kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 3 }]);
  const folder = path.join(bench.folder, topic);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'in.txt');
  writeFileSync(file, '');
  const worker = await startWorker(kind, folder, bench.bootstrap, [
    { name: 'latency', 'connector.class': 'FileStreamSource', 'tasks.max': '1', file, topic },
  ]);
  const fetcher = bench.kafka.fetcher({ maxWaitMs: 100 });
  fetcher.assign([{ topic, partition: 0, offset: 'earliest' }]);
  const waits: number[] = [];
  const warmUp = 20;
  for (let i = 0; i < samples + warmUp; i++) {
    const startedMs = performance.now();
    appendFileSync(file, `line ${i}\n`);
    for (let got = 0; got === 0; ) got = (await fetcher.poll(1000)).length;
    if (i >= warmUp) waits.push(performance.now() - startedMs);
    await new Promise((resolve) => setTimeout(resolve, 20 + (i % 7) * 11));
  }
  await fetcher.close();
  const cpu = cpuSeconds(worker.pid);
  const idleFromMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000));
  const idleCpuPercent = ((cpuSeconds(worker.pid) - cpu) / ((performance.now() - idleFromMs) / 1000)) * 100;
  const result = { p50Ms: percentile(waits, 50), p99Ms: percentile(waits, 99), idleCpuPercent, idleRssMb: peakRssMb(worker.pid) };
  await worker.stop();
  return result;
}
