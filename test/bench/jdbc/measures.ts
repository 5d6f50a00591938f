/** The measures of the JDBC connectors, on a MariaDB and brokers of the run: customers out of a table, into one, one new row. */
import path from 'node:path';
import { DEMO_TABLES } from '../../../src/demo/tables.ts';
import type { DatabaseConnection } from '../../../src/mysql/connection.ts';
import { type Bench, endOffset, type Throughput, throughput } from '../worker/measures.ts';
import { percentile } from '../worker/process-figures.ts';
import { startWorker } from '../worker/worker-under-test.ts';

export interface JdbcBench extends Bench {
  readonly database: DatabaseConnection;
  /** `jdbc:mysql://…` of a database. */
  urlOf(database: string): string;
}

export const SOURCE = 'bench';
export const COPY = 'bench_copy';

/** The table, with `lines` rows of which each second of an hour has as many as the next. */
export async function fill({ database, lines }: JdbcBench): Promise<void> {
  for (const name of [SOURCE, COPY]) await database.execute(`CREATE DATABASE ${name}`);
  await database.execute(`USE ${SOURCE}`);
  for (const ddl of [DEMO_TABLES.customers, DEMO_TABLES.orders]) await database.execute(ddl);
  const moment = "'2022-01-21 00:44:13' + INTERVAL (seq DIV 300) SECOND";
  await database.execute(
    `INSERT INTO customers SELECT seq, CONCAT('customer ', seq), CONCAT('customer', seq, '@kafka.com'), ${moment}, ${moment} FROM seq_1_to_${lines}`,
  );
  await database.query('ANALYZE TABLE customers');
}

export type SourceMode = 'incrementing' | 'timestamp+incrementing' | 'bulk';

/** The whole table into a topic (JSON with schemas), by one task with the original's defaults but for the batch. */
export async function jdbcSource(bench: JdbcBench, mode: SourceMode, round: number): Promise<Throughput & { readonly topic: string }> {
  const prefix = `bench-${mode.replace('+', '-')}-${round}-${process.pid}-`;
  const topic = `${prefix}customers`;
  await bench.kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
  const connector = {
    ...sourceOf(bench, 'customers', prefix),
    mode,
    ...(mode === 'bulk' ? { 'poll.interval.ms': '3600000' } : { 'incrementing.column.name': 'id' }),
    ...(mode === 'timestamp+incrementing' ? { 'timestamp.column.name': 'modified' } : {}),
  };
  const figures = await throughput(bench, 'kconsole', prefix, connector, async () => (await endOffset(bench.kafka, topic)) >= bench.lines);
  return { ...figures, topic };
}

function sourceOf({ urlOf }: JdbcBench, table: string, prefix: string): Record<string, string> {
  return {
    name: `source-${table}`,
    'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
    'tasks.max': '1',
    'connection.url': urlOf(SOURCE),
    'catalog.pattern': SOURCE,
    'table.whitelist': table,
    'topic.prefix': prefix,
  };
}

/** The topic into a table: made by the sink when `insert.mode` is new to it, its rows replaced when they are there. */
export async function jdbcSink(bench: JdbcBench, topic: string, mode: 'insert' | 'upsert', round: number): Promise<Throughput> {
  const name = `bench-sink-${mode}-${round}-${process.pid}`;
  const table = `customers_${mode}`;
  const before = await lastChange(bench, table);
  return throughput(
    bench,
    'kconsole',
    name,
    {
      name,
      'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
      'tasks.max': '1',
      topics: topic,
      'connection.url': bench.urlOf(COPY),
      'table.name.format': table,
      'insert.mode': mode,
      'pk.mode': 'record_value',
      'pk.fields': 'id',
      'auto.create': 'true',
    },
    async () => (await lastChange(bench, table)) > before,
  );
}

/** Rows come in the order of their ids: how often the last one was written shows in its name, which the measure before has changed. */
async function lastChange({ database, lines }: JdbcBench, table: string): Promise<number> {
  const { rows: found } = await database.query(`SHOW TABLES FROM ${COPY} LIKE ?`, [table]);
  if (found.length === 0) return 0;
  const { rows } = await database.query(`SELECT name LIKE 'customer %' FROM ${COPY}.${table} WHERE id = ?`, [lines]);
  return Number(rows[0]?.[0] ?? 0);
}

/** Takes the last row's name away, so that a sink that writes all of them again can be seen to end. */
export async function forgetLast({ database, lines }: JdbcBench, mode: 'insert' | 'upsert'): Promise<void> {
  await database.execute(`UPDATE ${COPY}.customers_${mode} SET name = 'old' WHERE id = ?`, [lines]);
}

export interface Delay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
}

/** Row committed → record readable, RF 3 and acks=all, with this poll.interval.ms. */
export async function newRow(bench: JdbcBench, pollMs: number, samples: number): Promise<Delay> {
  const prefix = `bench-delay-${process.pid}-`;
  const topic = `${prefix}orders`;
  await bench.kafka.admin().createTopics([{ name: topic, partitions: 1, replicationFactor: 3 }]);
  const connector = {
    ...sourceOf(bench, 'orders', prefix),
    mode: 'incrementing',
    'incrementing.column.name': 'seq',
    'poll.interval.ms': String(pollMs),
  };
  const worker = await startWorker('kconsole', path.join(bench.folder, prefix), bench.bootstrap, [connector]);
  const fetcher = bench.kafka.fetcher({ maxWaitMs: 100 });
  fetcher.assign([{ topic, partition: 0, offset: 'earliest' }]);
  const waits: number[] = [];
  const warmUp = 20;
  for (let i = 0; i < samples + warmUp; i++) {
    const startedMs = performance.now();
    await bench.database.execute(`INSERT INTO ${SOURCE}.orders(name, product) VALUES('jyp', 'computer')`);
    for (let got = 0; got === 0; ) got = (await fetcher.poll(1000)).length;
    if (i >= warmUp) waits.push(performance.now() - startedMs);
    await new Promise((resolve) => setTimeout(resolve, 20 + (i % 7) * 11));
  }
  await fetcher.close();
  await worker.stop();
  return { p50Ms: percentile(waits, 50), p99Ms: percentile(waits, 99), mostMs: Math.max(...waits) };
}
