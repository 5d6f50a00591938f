/**
 * npm run bench: our worker and Apache Kafka's on the same three brokers in one run; a table with ratios, raw figures as JSON in
 * `.bench/`. Options: --lines N (2,000,000), --rounds N (1), --samples N (300), --idle SECONDS (10), --bootstrap HOST:PORT.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { logFor } from '../../src/base/log.ts';
import { removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import { parseClientProperties } from '../../src/kafka/client-properties.ts';
import { createKafka } from '../../src/kafka/kafka.ts';
import { type Row, report } from './report.ts';
import { firstFrameMs } from './worker/first-frame.ts';
import { type Bench, dropAll, fileSink, fileSource, latencyAndIdle, sourceChain, startToRunningMs, writeLines } from './worker/measures.ts';
import { median } from './worker/process-figures.ts';
import type { WorkerKind } from './worker/worker-under-test.ts';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '2000000' },
    rounds: { type: 'string', default: '1' },
    samples: { type: 'string', default: '300' },
    idle: { type: 'string', default: '10' },
    bootstrap: { type: 'string' },
  },
});

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-bench-'));
const cluster = values.bootstrap ? null : await startKafkaCluster({ brokers: 3, folder: path.join(folder, 'brokers'), heapMb: 512 });
const bootstrap = values.bootstrap ?? cluster!.bootstrap;
const log = logFor('kconsole.bench');
const kafka = createKafka(parseClientProperties({ 'bootstrap.servers': bootstrap, 'client.id': 'bench' }, 'admin', log), log);
const bench: Bench = { folder, bootstrap, kafka, lines: Number(values.lines) };
const rounds = Number(values.rounds);
const kinds: WorkerKind[] = ['kconsole', 'jvm'];
const say = (text: string) => process.stdout.write(`${text}\n`);

const raw: Record<string, unknown[]> = {};
function keep<T>(measure: string, kind: WorkerKind, figures: T): T {
  raw[`${measure} ${kind}`] = [...(raw[`${measure} ${kind}`] ?? []), figures];
  say(`  ${measure} ${kind}: ${JSON.stringify(figures, (_, v) => (typeof v === 'number' ? Math.round(v * 100) / 100 : v))}`);
  return figures;
}

try {
  say(`${bench.lines} lines of 83 bytes, ${rounds} round(s), ${cpus().length} cores, Node ${process.version}`);
  // The first group makes the brokers' topic of offsets: seconds that no sink should be charged with.
  await kafka.admin().groupOffsets('bench');
  await writeLines(path.join(folder, 'lines.txt'), bench.lines);
  for (let round = 1; round <= rounds; round++) {
    for (const kind of kinds) {
      const source = keep('source', kind, await fileSource(bench, kind, round));
      keep('sink', kind, await fileSink(bench, kind, round, source.topic));
      await kafka.admin().deleteTopics([source.topic]);
      keep('chain', kind, await sourceChain(bench, kind, round));
    }
    keep('drop', 'kconsole', await dropAll(bench, round));
  }
  for (let round = 1; round <= 5; round++) {
    for (const kind of kinds) keep('start', kind, { ms: await startToRunningMs(bench, kind, round) });
  }
  for (const kind of kinds) keep('latency', kind, await latencyAndIdle(bench, kind, Number(values.samples), Number(values.idle)));
  const frames: number[] = [];
  for (let i = 0; i < 5; i++) frames.push(await firstFrameMs(bootstrap));
  keep('first frame', 'kconsole', { ms: frames });
  reportAll();
} finally {
  await kafka.close();
  await cluster?.stop();
  removeCluster(folder);
  rmSync(folder, { recursive: true, force: true });
}

function figure(measure: string, kind: WorkerKind, name: string): number {
  return median((raw[`${measure} ${kind}`] ?? []).map((f) => (f as Record<string, number>)[name]!));
}

function reportAll(): void {
  const both = (measure: string, name: string, title: string, unit: string, goal: string): Row => {
    const kconsole = figure(measure, 'kconsole', name);
    const jvm = figure(measure, 'jvm', name);
    return { measure: title, unit, kconsole, jvm, goal, ratio: kconsole / jvm };
  };
  /** What a worker that runs all of these must be given. */
  const highest = (measures: readonly string[], name: string, title: string, unit: string, goal: string): Row => {
    const [kconsole, jvm] = kinds.map((kind) => Math.max(...measures.map((measure) => figure(measure, kind, name)))) as [number, number];
    return { measure: title, unit, kconsole, jvm, goal, ratio: kconsole / jvm };
  };
  const rows: Row[] = [
    both('source', 'recordsPerSecond', 'file source', 'lines/s', '≥ 5'),
    both('source', 'cpuSecondsPerMillion', 'file source, CPU', 's per million', '≤ 0.125'),
    both('source', 'wholeCpuSecondsPerMillion', 'same, start and all', 's per million', '≤ 0.125'),
    both('source', 'peakRssMb', 'file source, peak RSS', 'MB', ''),
    both('sink', 'recordsPerSecond', 'file sink', 'records/s', '≥ 3'),
    both('sink', 'cpuSecondsPerMillion', 'file sink, CPU', 's per million', '≤ 0.167'),
    both('sink', 'wholeCpuSecondsPerMillion', 'same, start and all', 's per million', '≤ 0.167'),
    both('sink', 'peakRssMb', 'file sink, peak RSS', 'MB', ''),
    highest(['source', 'sink', 'chain'], 'peakRssMb', 'peak RSS, the highest', 'MB', '≤ 0.25'),
    both('chain', 'recordsPerSecond', 'source, three transforms', 'lines/s', '≥ 4'),
    {
      measure: 'filter that drops all',
      unit: 'lines/s',
      kconsole: figure('drop', 'kconsole', 'recordsPerSecond'),
      jvm: null,
      goal: '≥ 1,000,000',
      ratio: null,
    },
    both('start', 'ms', 'start to RUNNING', 'ms', '≤ 0.2'),
    both('latency', 'p50Ms', 'line → topic p50, RF 3', 'ms', '≤ 15 ms'),
    both('latency', 'p99Ms', 'line → topic p99, RF 3', 'ms', '≤ 60 ms'),
    both('latency', 'idleCpuPercent', 'idle CPU', '% of a core', '≤ 1.5 %'),
    {
      measure: 'first console frame',
      unit: 'ms',
      kconsole: median((raw['first frame kconsole']![0] as { ms: number[] }).ms),
      jvm: null,
      goal: '≤ 600 ms',
      ratio: null,
    },
  ];
  report({ name: 'worker', rows, facts: { lines: bench.lines }, raw });
}
