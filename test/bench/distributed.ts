/**
 * npm run bench -- distributed: clusters of two workers, ours and Apache Kafka's, on the same three brokers in one run.
 * Options: --connectors N (500, two tasks each), --samples N (100), --rounds N (1), --bootstrap HOST:PORT, --only kconsole|jvm. Who begins
 * changes from round to round: brokers that have just been started are slow for the first.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { logFor } from '../../src/base/log.ts';
import { removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import { parseClientProperties } from '../../src/kafka/client-properties.ts';
import { createKafka } from '../../src/kafka/kafka.ts';
import { ConnectCluster, call, until, untilRunning, write } from './cluster/connect-cluster.ts';
import { type Row, report } from './report.ts';
import { cpuSeconds, median, percentile } from './worker/process-figures.ts';
import type { WorkerKind } from './worker/worker-under-test.ts';

const { values } = parseArgs({
  options: {
    connectors: { type: 'string', default: '500' },
    samples: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '1' },
    bootstrap: { type: 'string' },
    only: { type: 'string' },
  },
});

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-bench-'));
const cluster = values.bootstrap ? null : await startKafkaCluster({ brokers: 3, folder: path.join(folder, 'brokers'), heapMb: 512 });
const bootstrap = values.bootstrap ?? cluster!.bootstrap;
const log = logFor('kconsole.bench');
const kafka = createKafka(parseClientProperties({ 'bootstrap.servers': bootstrap, 'client.id': 'bench' }, 'admin', log), log);
const kinds = (['kconsole', 'jvm'] as const).filter((kind) => values.only === undefined || values.only === kind);
const connectors = Number(values.connectors);
const topic = `bench-cluster-${process.pid}`;
const input = path.join(folder, 'in.txt');
const raw: Record<string, number[]> = {};

function keep(measure: string, kind: WorkerKind, figure: number): void {
  const key = `${measure} ${kind}`;
  raw[key] = [...(raw[key] ?? []), figure];
  process.stdout.write(`  ${key}: ${Math.round(figure * 10) / 10}\n`);
}

const sourceOf = () => ({ 'connector.class': 'FileStreamSource', 'tasks.max': '1', file: input, topic });
const sinkOf = (name: string) => ({
  'connector.class': 'FileStreamSink',
  'tasks.max': '2',
  file: path.join(folder, `${name}.out`),
  topics: topic,
});
const named = (kind: WorkerKind, what: string, count: number, tasks: number) =>
  new Map(Array.from({ length: count }, (_, i) => [`${what}-${kind}-${process.pid}-${i}`, tasks]));

/** A second worker joins one that runs ten sources: from its start until both run their share. Then what they hold at rest. */
async function join(kind: WorkerKind, round: number): Promise<void> {
  const group = `bench-join-${kind}-${round}-${process.pid}`;
  const workers = new ConnectCluster(kind, path.join(folder, group), bootstrap, group);
  const first = await workers.start();
  const tasks = named(kind, 'join', 20, 1);
  for (const name of tasks.keys()) await write(first.url, 'PUT', `/connectors/${name}/config`, sourceOf());
  await untilRunning(first.url, tasks, 1);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  keep('rest RSS MB', kind, residentMb(first.pid));
  const startedMs = performance.now();
  const second = await workers.start();
  await untilRunning(first.url, tasks, 2);
  keep('join ms', kind, performance.now() - startedMs);
  await second.stop();
  await first.stop();
}

/** All connectors made through one of two workers, by one client, until all of them and their tasks are RUNNING. */
async function many(kind: WorkerKind, round: number): Promise<void> {
  const group = `bench-many-${kind}-${round}-${process.pid}`;
  const workers = new ConnectCluster(kind, path.join(folder, group), bootstrap, group);
  const first = await workers.start();
  const second = await workers.start();
  const tasks = named(kind, `many-${round}`, connectors, 2);
  const cpu = () => cpuSeconds(first.pid) + cpuSeconds(second.pid);
  const cpuBefore = cpu();
  const startedMs = performance.now();
  for (const name of tasks.keys()) await write(first.url, 'PUT', `/connectors/${name}/config`, sinkOf(name));
  keep('created ms', kind, performance.now() - startedMs);
  await untilRunning(first.url, tasks, 2);
  keep('many ms', kind, performance.now() - startedMs);
  keep('many CPU s', kind, cpu() - cpuBefore);
  await overview(kind, first.url);
  await visibility(kind, first.url, second.url, [...tasks.keys()][0]!);
  await Promise.all([first.stop(), second.stop()]);
}

async function overview(kind: WorkerKind, url: string): Promise<void> {
  const took: number[] = [];
  for (let i = 0; i < 30; i++) {
    const startedMs = performance.now();
    const { status } = await call(url, 'GET', '/connectors?expand=status&expand=info');
    if (status !== 200) throw new Error(`the overview was answered with ${status}`);
    took.push(performance.now() - startedMs);
  }
  keep('overview p50 ms', kind, median(took));
}

/** A changed configuration, written to one worker in turn, until the other shows it. */
async function visibility(kind: WorkerKind, a: string, b: string, name: string): Promise<void> {
  const took: number[] = [];
  for (let i = 0; i < Number(values.samples); i++) {
    const [to, from] = i % 2 === 0 ? [a, b] : [b, a];
    const mark = `${i}`;
    await write(to, 'PUT', `/connectors/${name}/config`, { ...sinkOf(name), mark });
    const startedMs = performance.now();
    await until('the other worker shows it', async () => {
      const { text } = await call(from, 'GET', `/connectors/${name}/config`);
      return JSON.parse(text).mark === mark;
    });
    took.push(performance.now() - startedMs);
  }
  keep('visible p50 ms', kind, median(took));
  keep('visible p99 ms', kind, percentile(took, 99));
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

try {
  process.stdout.write(`${connectors} connectors with two tasks, ${cpus().length} cores, Node ${process.version}\n`);
  writeFileSync(input, 'one line\n');
  await kafka.admin().createTopics([{ name: topic, partitions: 2, replicationFactor: 1 }]);
  for (let round = 1; round <= Number(values.rounds); round++) {
    const inTurn = round % 2 === 1 ? kinds : kinds.toReversed();
    for (const kind of inTurn) await join(kind, round);
    for (const kind of inTurn) await many(kind, round);
  }
  const both = (measure: string, title: string, unit: string, goal: string): Row => {
    const [ours, jvm] = (['kconsole', 'jvm'] as const).map((kind) => median(raw[`${measure} ${kind}`] ?? []));
    return { measure: title, unit, kconsole: ours!, jvm: jvm!, goal, ratio: ours! / jvm! };
  };
  const rows = [
    both('join ms', 'second worker joins', 'ms', '≤ 0.33'),
    both('many ms', `${connectors} × 2 tasks RUNNING`, 'ms', '≤ 0.33'),
    both('created ms', 'of which: made by REST', 'ms', ''),
    both('many CPU s', 'of which: CPU of both workers', 's', ''),
    both('rest RSS MB', 'at rest, 20 tasks', 'MB', '≤ 150 MB'),
    both('visible p50 ms', 'write on the other, p50', 'ms', ''),
    both('visible p99 ms', 'write on the other, p99', 'ms', '≤ 250 ms'),
    both('overview p50 ms', 'GET expand, all', 'ms', '≤ 100 ms'),
  ];
  report({ name: 'distributed', rows, facts: { connectors }, raw });
} finally {
  await kafka.close();
  await cluster?.stop();
  removeCluster(folder);
  rmSync(folder, { recursive: true, force: true });
}
