/** JDBC sinks in a worker process of their own, with a database of their own: records go in by Kafka, rows are looked at in the database. */

import { systemClock } from '../../src/base/clock.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import type { DatabaseConnection } from '../../src/mysql/connection.ts';
import { parseJdbcUrl } from '../../src/mysql/jdbc-url.ts';
import { openConnection } from '../../src/mysql/open-connection.ts';
import { createTopic } from './kafka-clients.ts';
import type { TestRecord } from './kafka-records.ts';
import { createDatabase, type TestDatabase } from './mariadb.ts';
import { type Config, produceRecords, testKafka, uniqueName } from './standalone-rig.ts';
import { LIMIT_MS, waitUntil } from './wait-until.ts';
import { failureOf, startWorkerProcess, type WorkerProcess, type WorkerSettings } from './worker-process.ts';

/** A sink's topic and name, made for one test. */
export interface TestSink {
  readonly name: string;
  readonly topic: string;
}

export interface JdbcSinkRig extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly kafka: Kafka;
  worker: WorkerProcess;
  /** A topic with these records in it, and a sink for it when that is done: into table `table`. Waits until it runs, unless told otherwise. */
  sink(table: string, config: Config, records: readonly TestRecord[], options?: { waits: boolean }): Promise<TestSink>;
  send(topic: string, records: readonly TestRecord[]): Promise<void>;
  /** Statements as root, also when the server was restarted in between. */
  run(...statements: readonly string[]): Promise<void>;
  /** Each row as a list of texts; null for NULL. */
  rows(sql: string): Promise<(string | null)[][]>;
  waitRows(sql: string, rows: readonly (readonly (string | null)[])[], timeoutMs?: number): Promise<void>;
  /** Waits for the failure; the trace. */
  failure(sink: TestSink): Promise<string>;
  /** Waits until the group of the sink has committed the end of its topic. */
  waitDone(sink: TestSink, timeoutMs?: number): Promise<void>;
}

/** `server`: of the database, when it is not the run's (`mysql://root@host:port`). */
export async function startJdbcSinkRig(prefix: string, settings: WorkerSettings & { readonly server?: string } = {}): Promise<JdbcSinkRig> {
  const database = await createDatabase(prefix, [], settings.server);
  const kafka = testKafka();
  const startWorker = () => startWorkerProcess(settings);
  let reader = await readerOf(database);
  const rows = async (sql: string) => {
    // A server that was restarted has forgotten it.
    if (!(await reader.isUsable())) reader = await readerOf(database);
    return (await reader.query(sql)).rows.map((row) => row.map((value) => (value === null ? null : textOf(value))));
  };
  const rig: JdbcSinkRig = {
    database,
    kafka,
    worker: await startWorker(),
    sink: async (table, config, records, options = { waits: true }) => {
      const name = uniqueName(table.replace(/\W/g, ''));
      const sink = { name, topic: `${name}-topic` };
      await createTopic(kafka, { name: sink.topic, partitions: 1, replicationFactor: 1 });
      await produceRecords(kafka, sink.topic, records);
      const answer = await rig.worker.rest('PUT', `/connectors/${name}/config`, {
        'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
        'tasks.max': '1',
        topics: sink.topic,
        'connection.url': database.url,
        'table.name.format': table,
        'consumer.override.auto.offset.reset': 'earliest',
        ...config,
      });
      if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${answer.text}`);
      if (options.waits) await rig.worker.waitRunning(name);
      return sink;
    },
    run: async (...statements) => {
      for (const statement of statements) await rows(statement);
    },
    send: (topic, records) => produceRecords(kafka, topic, records),
    rows,
    waitRows: (sql, wanted, timeoutMs = LIMIT_MS) =>
      waitUntil(
        `${sql} gives ${JSON.stringify(wanted)}`,
        async () => {
          const now = await rows(sql);
          return JSON.stringify(now) === JSON.stringify(wanted) ? true : now;
        },
        timeoutMs,
      ),
    failure: ({ name }) => failureOf(rig.worker, name),
    waitDone: async ({ name, topic }, timeoutMs = LIMIT_MS) => {
      const partition = { topic, partition: 0 };
      await waitUntil(
        `${name} has committed the end of ${topic}`,
        async () => {
          const [end] = await kafka.admin().listOffsets([partition], 'latest');
          const { text } = await rig.worker.rest('GET', `/connectors/${name}/offsets`);
          const { offsets } = JSON.parse(text) as { offsets: { offset: { kafka_offset: number } }[] };
          const committed = offsets[0]?.offset.kafka_offset;
          return committed === Number(end?.offset) ? true : { committed, end };
        },
        timeoutMs,
      );
    },
    async [Symbol.asyncDispose]() {
      await rig.worker[Symbol.asyncDispose]();
      await kafka.close();
      await reader.close();
      // A server of the caller's own goes as a whole.
      if (settings.server === undefined) await database.drop();
      else await database.root.close();
    },
  };
  return rig;
}

function readerOf({ host, port, name }: TestDatabase): Promise<DatabaseConnection> {
  return openConnection(parseJdbcUrl(`jdbc:mysql://${host}:${port}/${name}?user=root`), { clock: systemClock });
}

function textOf(value: string | number | bigint | Buffer): string {
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}
