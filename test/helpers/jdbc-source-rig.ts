/** JDBC sources in a worker process of their own, with a database of their own: rows go in by SQL, records are looked at in Kafka. */
import { readFileSync } from 'node:fs';
import { parseExactJson } from '../../src/base/exact-json.ts';
import type { DemoTable } from '../../src/demo/tables.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import { createDatabase, type TestDatabase } from './mariadb.ts';
import { type Config, countOf, testKafka, uniqueName, valuesOf } from './standalone-rig.ts';
import { LIMIT_MS, waitUntil } from './wait-until.ts';
import { failureOf, startWorkerProcess, type WorkerProcess, type WorkerSettings } from './worker-process.ts';

/** A connector of one test. Its topics begin with its prefix. */
export interface TestSource {
  readonly name: string;
  readonly prefix: string;
}

export interface JdbcSourceRig extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly kafka: Kafka;
  worker: WorkerProcess;
  /** Whole tables of the rig's database, as often as the test needs; waits until it runs, unless told otherwise. */
  source(what: string, config: Config, options?: { waits: boolean }): Promise<TestSource>;
  /** Texts of the records of a topic, once there are so many at least. */
  records(topic: string, count: number, timeoutMs?: number): Promise<string[]>;
  /** The payloads of those. */
  payloads(topic: string, count: number, timeoutMs?: number): Promise<string[]>;
  /** Records that are there now. */
  count(topic: string): Promise<number>;
  /** As GET …/offsets tells them, once they are these. */
  waitOffsets(source: TestSource, offsets: readonly { readonly partition: unknown; readonly offset: unknown }[]): Promise<void>;
  /** Waits for the failure of task 0; its trace. */
  failure(source: TestSource): Promise<string>;
  /** Figures and words of a table (jdbc-source-table-metrics), details included. */
  figures(source: TestSource, table?: string): Promise<Readonly<Record<string, string>>>;
  remove(source: TestSource): Promise<void>;
  /** Ends the worker and starts it again on its folder: with the same offsets. `between` runs while it is away. */
  restart(between?: () => Promise<void>, signal?: NodeJS.Signals): Promise<void>;
}

export const JDBC_SOURCE = 'io.confluent.connect.jdbc.JdbcSourceConnector';

export interface RigSettings extends WorkerSettings {
  readonly tables?: readonly DemoTable[];
}

export async function startJdbcSourceRig(prefix: string, { tables = [], ...settings }: RigSettings = {}): Promise<JdbcSourceRig> {
  const database = await createDatabase(prefix, tables);
  const kafka = testKafka();
  const configs = new Map<string, Config>();
  const first = await startWorkerProcess(settings);
  const put = async (name: string, config: Config) => {
    const { status, text } = await rig.worker.rest('PUT', `/connectors/${name}/config`, config);
    if (status >= 300) throw new Error(`${name}: ${status} ${text}`);
  };
  const rig: JdbcSourceRig = {
    database,
    kafka,
    worker: first,
    source: async (what, config, options = { waits: true }) => {
      const name = uniqueName(what);
      const full = {
        'connector.class': JDBC_SOURCE,
        'tasks.max': '10',
        'connection.url': database.url,
        'catalog.pattern': database.name,
        'topic.prefix': `${name}-`,
        'poll.interval.ms': '200',
        ...config,
      };
      await put(name, full);
      configs.set(name, full);
      if (options.waits) await rig.worker.waitRunning(name);
      return { name, prefix: full['topic.prefix'] };
    },
    records: async (topic, count, timeoutMs = LIMIT_MS) => {
      await waitUntil(
        `${topic} has ${count} records`,
        async () => {
          const now = await countOf(kafka, topic);
          return now >= count ? true : now;
        },
        timeoutMs,
      );
      return (await valuesOf(kafka, topic)).map((value) => value ?? 'null');
    },
    payloads: async (topic, count, timeoutMs) => (await rig.records(topic, count, timeoutMs)).map(payloadOf),
    count: (topic) => countOf(kafka, topic),
    waitOffsets: ({ name }, offsets) =>
      waitUntil(`the offsets of ${name} are ${JSON.stringify(offsets)}`, async () => {
        const { text } = await rig.worker.rest('GET', `/connectors/${name}/offsets`);
        return text === JSON.stringify({ offsets }) ? true : text;
      }),
    failure: ({ name }) => failureOf(rig.worker, name),
    figures: async ({ name }, table) => {
      const { text } = await rig.worker.rest('GET', '/metrics?details=true');
      const figures: Record<string, string> = {};
      const line = /^kafka_connect_jdbc_source_table_metrics_(\w+?)(_info)?\{(.*)\} (\S+)$/gm;
      for (const [, figure = '', isWord, labelText = '', value = ''] of text.matchAll(line)) {
        const labels = Object.fromEntries(
          [...labelText.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, word]) => [label, unescaped(word ?? '')]),
        );
        if (labels.connector !== name || (table !== undefined && labels.table !== table)) continue;
        figures[figure] = isWord ? (labels.value ?? '') : value;
      }
      return figures;
    },
    remove: async ({ name }) => {
      await rig.worker.rest('DELETE', `/connectors/${name}`);
      configs.delete(name);
    },
    restart: async (between, signal = 'SIGTERM') => {
      const { folder } = rig.worker;
      await rig.worker.end(signal);
      await between?.();
      rig.worker = await startWorkerProcess({ ...settings, folder });
      for (const [name, config] of configs) {
        await put(name, config);
        await rig.worker.waitRunning(name);
      }
    },
    async [Symbol.asyncDispose]() {
      if (rig.worker !== first) await rig.worker[Symbol.asyncDispose]();
      await first[Symbol.asyncDispose]();
      await kafka.close();
      await database.drop();
    },
  };
  return rig;
}

const unescaped = (text: string) => text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));

/** The text of the payload, numbers as they are written. */
export function payloadOf(record: string): string {
  return record.slice(record.indexOf(',"payload":') + ',"payload":'.length, -1);
}

/** A schema as JSON, of fields `name: type`, `?` behind the type: optional; what is behind a blank is the logical type. */
export function schemaOf(record: string): unknown {
  return (parseExactJson(record, 'bigint') as { schema: unknown }).schema;
}

/** Files of what the original did. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../golden/jdbc/${name}`, import.meta.url), 'utf8')) as T;
}
