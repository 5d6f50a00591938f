/**
 * npm run bench -- kafka: our Kafka client beside the JVM's perf tools (ProducerPerformance, ConsumerPerformance) on the same three brokers in one run,
 * each with Kafka's default settings (acks=all, idempotent) as a process of its own. CPU counts the whole process, its start too.
 * Options: --records N (1,000,000), --rounds N (3; the median counts), --bootstrap HOST:PORT.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { logFor } from '../../src/base/log.ts';
import { findJava, kafkaJars } from '../../src/demo/java.ts';
import { removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import { parseClientProperties } from '../../src/kafka/client-properties.ts';
import { createKafka } from '../../src/kafka/kafka.ts';
import { type Row, report } from './report.ts';
import { cpuSeconds, median, peakRssMb } from './worker/process-figures.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    bootstrap: { type: 'string' },
  },
});

const RECORD_BYTES = 100;
const PARTITIONS = 6;
const SAMPLE_MS = 10;
const records = Number(values.records);
const kinds = ['kconsole', 'jvm'] as const;
const actions = ['produce', 'consume'] as const;
type Kind = (typeof kinds)[number];
type Action = (typeof actions)[number];

interface Figures {
  readonly recordsPerSecond: number;
  readonly cpuSecondsPerMillion: number;
  readonly peakRssMb: number;
}

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-bench-'));
const cluster = values.bootstrap ? null : await startKafkaCluster({ brokers: 3, folder, heapMb: 512 });
const bootstrap = values.bootstrap ?? cluster!.bootstrap;
const log = logFor('kconsole.bench');
const kafka = createKafka(parseClientProperties({ 'bootstrap.servers': bootstrap, 'client.id': 'bench' }, 'admin', log), log);
const [java, jars] = await Promise.all([findJava(), kafkaJars()]);

/** Runs a program to its end; what it printed, and what it cost as of a moment before its end. */
async function run(program: string, args: readonly string[]): Promise<{ said: string; cpuS: number; rssMb: number }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  let [cpuS, rssMb] = [0, 0];
  const sampling = setInterval(() => {
    try {
      cpuS = cpuSeconds(child.pid!);
      rssMb = peakRssMb(child.pid!) || rssMb;
    } catch {
      // It has ended between two samples.
    }
  }, SAMPLE_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearInterval(sampling);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${said}`);
  return { said, cpuS, rssMb };
}

/** As kafka-producer-perf-test.sh and kafka-consumer-perf-test.sh start them: 512 MB heap. */
function jvmTool(action: Action, topic: string): string[] {
  const jvm = ['-Xmx512M', '-cp', path.join(jars.folder, '*')];
  const common = ['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', `${records}`];
  if (action === 'produce')
    return [...jvm, 'org.apache.kafka.tools.ProducerPerformance', ...common, '--throughput', '-1', '--record-size', `${RECORD_BYTES}`];
  return [...jvm, 'org.apache.kafka.tools.ConsumerPerformance', ...common, '--group', `${topic}-jvm`, '--hide-header'];
}

/** The last rate that the JVM's tool prints: `… 250000.0 records/sec (…)`, or the last of ten columns (without the rebalance). */
function rateSaid(action: Action, said: string): number {
  const text = action === 'produce' ? [...said.matchAll(/([\d.]+) records\/sec/g)].at(-1)?.[1] : said.trim().split(',').at(-1);
  const rate = Number(text);
  if (!(rate > 0)) throw new Error(`no rate in what the JVM's tool printed: ${said}`);
  return rate;
}

async function measure(kind: Kind, action: Action, topic: string): Promise<Figures> {
  const client = path.join(import.meta.dirname, 'kafka', 'client.ts');
  const { said, cpuS, rssMb } =
    kind === 'jvm'
      ? await run(java, jvmTool(action, topic))
      : await run(process.execPath, [client, action, bootstrap, topic, `${records}`]);
  const recordsPerSecond = kind === 'jvm' ? rateSaid(action, said) : Number(said);
  return { recordsPerSecond, cpuSecondsPerMillion: cpuS / (records / 1e6), peakRssMb: rssMb };
}

const raw: Record<string, Figures[]> = {};

try {
  process.stdout.write(
    `${records} records of ${RECORD_BYTES} bytes, ${values.rounds} round(s), ${cpus().length} cores, Node ${process.version}\n`,
  );
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const kind of kinds) {
      const topic = `bench-kafka-${kind}-${round}-${process.pid}`;
      await kafka.admin().createTopics([{ name: topic, partitions: PARTITIONS, replicationFactor: 3 }]);
      for (const action of actions) {
        const figures = await measure(kind, action, topic);
        raw[`${action} ${kind}`] = [...(raw[`${action} ${kind}`] ?? []), figures];
        process.stdout.write(
          `  ${action} ${kind}: ${JSON.stringify(figures, (_, v) => (typeof v === 'number' ? Math.round(v * 100) / 100 : v))}\n`,
        );
      }
      await kafka.admin().deleteTopics([topic]);
    }
  }
  const row = (action: Action, name: keyof Figures, measureName: string, unit: string): Row => {
    const of = (kind: Kind) => median((raw[`${action} ${kind}`] ?? []).map((figures) => figures[name]));
    return { measure: measureName, unit, kconsole: of('kconsole'), jvm: of('jvm'), goal: '', ratio: of('kconsole') / of('jvm') };
  };
  const rows = actions.flatMap((action) => [
    row(action, 'recordsPerSecond', action, 'records/s'),
    row(action, 'cpuSecondsPerMillion', `${action}, CPU`, 's per million'),
    row(action, 'peakRssMb', `${action}, peak RSS`, 'MB'),
  ]);
  report({ name: 'kafka', rows, facts: { records, recordBytes: RECORD_BYTES, partitions: PARTITIONS }, raw });
} finally {
  await kafka.close();
  await cluster?.stop();
  removeCluster(folder);
}
