/**
 * npm run bench -- jdbc: the JDBC connectors on a MariaDB and three brokers of this run. The original's jar is none of what Maven fetches: its figures
 * are those that were recorded on a machine like this one (200,000 rows). Options: --rows N (1,000,000), --rounds N (1), --samples N (200),
 * --poll MS (100), --bootstrap HOST:PORT.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/base/clock.ts';
import { logFor } from '../../src/base/log.ts';
import { removeCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';
import { startMariaDb } from '../../src/demo/mariadb.ts';
import { parseClientProperties } from '../../src/kafka/client-properties.ts';
import { createKafka } from '../../src/kafka/kafka.ts';
import { parseJdbcUrl } from '../../src/mysql/jdbc-url.ts';
import { openConnection } from '../../src/mysql/open-connection.ts';
import { type Delay, fill, forgetLast, type JdbcBench, jdbcSink, jdbcSource, newRow, type SourceMode } from './jdbc/measures.ts';
import { type Row, report } from './report.ts';
import type { Throughput } from './worker/measures.ts';
import { median } from './worker/process-figures.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '1' },
    samples: { type: 'string', default: '200' },
    poll: { type: 'string', default: '100' },
    bootstrap: { type: 'string' },
  },
});

/** Of Confluent's connector on a JVM worker. */
const RECORDED = { source: 14_000, sourceCpu: 90, sourceRssMb: 685, insert: 5_700, upsert: 6_300, sinkRssMb: 216 } as const;
const SOURCE_MODES: readonly SourceMode[] = ['incrementing', 'timestamp+incrementing', 'bulk'];

const say = (text: string) => process.stdout.write(`${text}\n`);
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-bench-'));
const [server, cluster] = await Promise.all([
  startMariaDb({ folder: path.join(folder, 'mariadb'), options: { 'innodb-buffer-pool-size': '512M', 'innodb-log-file-size': '256M' } }),
  values.bootstrap ? null : startKafkaCluster({ brokers: 3, folder: path.join(folder, 'brokers'), heapMb: 512 }),
]);
const urlOf = (database: string) => `jdbc:mysql://${server.host}:${server.port}/${database}?user=root`;
const database = await openConnection(parseJdbcUrl(urlOf('')), { clock: systemClock });
const bootstrap = values.bootstrap ?? cluster!.bootstrap;
const log = logFor('kconsole.bench');
const kafka = createKafka(parseClientProperties({ 'bootstrap.servers': bootstrap, 'client.id': 'bench' }, 'admin', log), log);
const bench: JdbcBench = { folder, bootstrap, kafka, lines: Number(values.rows), database, urlOf };
const raw: Record<string, unknown[]> = {};

function keep<T>(measure: string, figures: T): T {
  raw[measure] = [...(raw[measure] ?? []), figures];
  say(`  ${measure}: ${JSON.stringify(figures, (_, v) => (typeof v === 'number' ? Math.round(v * 100) / 100 : v))}`);
  return figures;
}

try {
  say(`${bench.lines} customers, ${values.rounds} round(s), ${cpus().length} cores, Node ${process.version}, ${database.server.version}`);
  // The first group makes the brokers' topic of offsets: seconds that no sink should be charged with.
  await kafka.admin().groupOffsets('bench');
  await fill(bench);
  for (let round = 1; round <= Number(values.rounds); round++) await oneRound(round);
  keep('delay', await newRow(bench, Number(values.poll), Number(values.samples)));
  reportAll();
} finally {
  await database.close();
  await kafka.close();
  await Promise.all([server.stop(), cluster?.stop()]);
  removeCluster(folder);
  rmSync(folder, { recursive: true, force: true });
}

async function oneRound(round: number): Promise<void> {
  let topic = '';
  for (const mode of SOURCE_MODES) {
    const source = keep(mode, await jdbcSource(bench, mode, round));
    if (topic !== '') await kafka.admin().deleteTopics([source.topic]);
    else topic = source.topic;
  }
  await database.execute('DROP TABLE IF EXISTS bench_copy.customers_insert, bench_copy.customers_upsert');
  keep('insert', await jdbcSink(bench, topic, 'insert', round));
  keep('upsert', await jdbcSink(bench, topic, 'upsert', round));
  await forgetLast(bench, 'upsert');
  keep('upsert again', await jdbcSink(bench, topic, 'upsert', round + 1000));
  await kafka.admin().deleteTopics([topic]);
}

function reportAll(): void {
  const of = (measure: string, name: keyof Throughput) => median(raw[measure]!.map((one) => (one as Throughput)[name]));
  const row = (measure: string, unit: string, kconsole: number, jvm: number | null, goal: string): Row => ({
    measure,
    unit,
    kconsole,
    jvm,
    goal,
    ratio: jvm === null ? null : kconsole / jvm,
  });
  const most = (measures: readonly string[]) => Math.max(...measures.map((measure) => of(measure, 'peakRssMb')));
  const delay = raw.delay![0] as Delay;
  const rows: Row[] = [
    ...SOURCE_MODES.map((mode) =>
      row(`source ${mode}`, 'rows/s', of(mode, 'recordsPerSecond'), RECORDED.source, mode === 'incrementing' ? '≥ 100,000 rows/s' : ''),
    ),
    row('source, CPU', 's per million', of('incrementing', 'cpuSecondsPerMillion'), RECORDED.sourceCpu, ''),
    row('source, peak RSS', 'MB', most(SOURCE_MODES), RECORDED.sourceRssMb, '≤ 200 MB'),
    row('sink insert', 'rows/s', of('insert', 'recordsPerSecond'), RECORDED.insert, ''),
    row('sink upsert, new rows', 'rows/s', of('upsert', 'recordsPerSecond'), RECORDED.upsert, '≥ 60,000 rows/s'),
    row('sink upsert, old rows', 'rows/s', of('upsert again', 'recordsPerSecond'), RECORDED.upsert, ''),
    row('sink upsert, CPU', 's per million', of('upsert', 'cpuSecondsPerMillion'), null, ''),
    row('sink, peak RSS', 'MB', most(['insert', 'upsert', 'upsert again']), RECORDED.sinkRssMb, '≤ 200 MB'),
    row('new row → topic p50, RF 3', 'ms', delay.p50Ms, null, ''),
    row('new row → topic p99, RF 3', 'ms', delay.p99Ms, null, `≤ ${Number(values.poll) + 20} ms (poll.interval.ms ${values.poll})`),
  ];
  report({ name: 'jdbc', rows, facts: { rows: bench.lines, recorded: RECORDED }, raw });
}
