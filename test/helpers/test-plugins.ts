/** Connectors of the tests: they do what their configuration says, faults included. */
import { ConnectError, RetriableError } from '../../src/base/errors.ts';
import type {
  Config,
  Connector,
  ConnectorContext,
  ExactlyOnceSupport,
  SinkConnectorPlugin,
  SinkTask,
  SinkTaskContext,
  SourceConnectorPlugin,
  SourceTask,
  SourceTaskContext,
  TaskFigures,
  TransactionContext,
} from '../../src/plugin-api/plugin.ts';
import type { SinkRecord, SourceRecord } from '../../src/plugin-api/records.ts';
import { catalog as builtIn, catalogOf } from '../../src/plugins/catalog.ts';
import { defineSpec, key } from '../../src/spec/define.ts';

export const TEST_SOURCE = 'test.ScriptedSourceConnector';
export const TEST_SINK = 'test.ScriptedSinkConnector';

const spec = defineSpec({
  /** `start-fails`, `tasks-fail`, `tasks-late`, `too-many-tasks`; of tasks `task-start-fails`, `reports-bad`, `poll-hangs`, `poll-spins`, `stop-hangs`, `figures-fail`, `out-of-memory`, `exits`. */
  fault: key.string({ default: null, importance: 'LOW', doc: 'What goes wrong.' }),
  records: key.int({ default: 0, importance: 'LOW', doc: 'Records that the source makes.' }),
  topic: key.string({ default: 'test', importance: 'LOW', doc: 'Topic of the source.' }),
  transactions: key.int({
    default: 0,
    importance: 'LOW',
    doc: 'Records of a transaction, of which the source takes back every third; it goes on from its offsets then. 0: it defines none.',
  }),
});

const hasTransactions = (config: Config): boolean => Number(config.transactions ?? 0) > 0;

class ScriptedConnector implements Connector {
  #config: Config = {};
  #asked = 0;
  /** Of the last one that was started, for tests in one thread. */
  static lastContext: ConnectorContext | null = null;

  start(config: Config, context: ConnectorContext): void | Promise<void> {
    this.#config = config;
    ScriptedConnector.lastContext = context;
    if (config.fault === 'start-fails') throw new ConnectError('the connector cannot start');
    if (config.fault === 'start-hangs') return new Promise(() => undefined);
  }

  exactlyOnceSupport(config: Config): ExactlyOnceSupport {
    return hasTransactions(config) ? 'SUPPORTED' : 'UNSUPPORTED';
  }

  canDefineTransactionBoundaries(config: Config): boolean {
    return hasTransactions(config);
  }

  stop(): void | Promise<void> {
    if (this.#config.fault === 'connector-stop-hangs') return new Promise(() => undefined);
  }

  taskConfigs(maxTasks: number): Config[] {
    if (this.#config.fault === 'tasks-fail') throw new ConnectError('the connector has no tasks to give');
    if (this.#config.fault === 'tasks-late' && this.#asked++ === 0) throw new RetriableError('the connector does not know its tasks yet');
    const count = this.#config.fault === 'too-many-tasks' ? maxTasks + 1 : maxTasks;
    return Array.from({ length: count }, (_, i) => ({ ...this.#config, 'task.number': String(i) }));
  }
}

export const lastConnectorContext = (): ConnectorContext | null => ScriptedConnector.lastContext;

class ScriptedSourceTask implements SourceTask {
  #config: Config = {};
  #signal: AbortSignal | null = null;
  #made = 0;
  #transactions: TransactionContext | null = null;

  async start(config: Config, context: SourceTaskContext): Promise<void> {
    this.#config = config;
    this.#signal = context.signal;
    this.#transactions = context.transactions;
    if (config.fault === 'task-start-fails') throw new ConnectError('the task cannot start');
    if (!hasTransactions(config)) return;
    const [offset] = await context.offsets([this.#partition]);
    this.#made = Number(offset?.n ?? 0);
  }

  async poll(): Promise<SourceRecord[] | null> {
    const { fault } = this.#config;
    if (fault === 'poll-hangs') await new Promise(() => undefined);
    if (fault === 'poll-spins') for (;;);
    if (fault === 'exits') process.exit(7);
    if (fault === 'out-of-memory') {
      const kept: unknown[] = [];
      for (;;) kept.push(new Array(100_000).fill(kept.length));
    }
    if (this.#made < Number(this.#config.records ?? 0)) return [this.#inTransaction(this.#record(++this.#made))];
    await new Promise<void>((resolve) => {
      this.#signal?.addEventListener('abort', () => resolve(), { once: true });
      if (this.#signal?.aborted) resolve();
    });
    return null;
  }

  figures(): readonly TaskFigures[] {
    if (this.#config.fault === 'figures-fail') throw new ConnectError('no figures');
    const details = { parameters: `n=${this.#made}` };
    return [{ group: 'scripted-metrics', tags: { table: 't' }, values: { 'rows-total': this.#made, sql: 'SELECT ?' }, details }];
  }

  stop(): void | Promise<void> {
    if (this.#config.fault === 'stop-hangs') return new Promise(() => undefined);
  }

  get #partition() {
    return { task: this.#config['task.number'] ?? '0' };
  }

  #inTransaction(record: SourceRecord): SourceRecord {
    const transaction = this.#made / Number(this.#config.transactions ?? 0);
    if (!Number.isInteger(transaction)) return record;
    if (transaction % 3 === 0) this.#transactions?.abortTransaction(record);
    else this.#transactions?.commitTransaction(record);
    return record;
  }

  #record(n: number): SourceRecord {
    return {
      topic: this.#config.topic ?? 'test',
      kafkaPartition: null,
      keySchema: null,
      key: null,
      valueSchema: null,
      value: `record ${n}`,
      timestampMs: null,
      headers: null,
      sourcePartition: this.#partition,
      sourceOffset: { n },
    };
  }
}

class ScriptedSinkTask implements SinkTask {
  #isReporting = false;
  #context: SinkTaskContext | null = null;

  start(config: Config, context: SinkTaskContext): void {
    this.#isReporting = config.fault === 'reports-bad';
    this.#context = context;
  }

  /** `reports-bad`: what says so is reported, and nobody waits for it. */
  put(records: readonly SinkRecord[]): void {
    if (!this.#isReporting) return;
    for (const record of records) {
      if (String(record.value).includes('bad'))
        void this.#context?.errantRecordReporter?.(record, new ConnectError(`no place for ${record.value}`));
    }
  }

  stop(): void {}
}

export const testSource: SourceConnectorPlugin = {
  kind: 'source',
  className: TEST_SOURCE,
  taskClass: 'test.ScriptedSourceTask',
  version: '1.0',
  spec,
  create: () => new ScriptedConnector(),
  createTask: () => new ScriptedSourceTask(),
};

export const testSink: SinkConnectorPlugin = {
  kind: 'sink',
  className: TEST_SINK,
  taskClass: 'test.ScriptedSinkTask',
  version: '1.0',
  spec,
  create: () => new ScriptedConnector(),
  createTask: () => new ScriptedSinkTask(),
};

export const testCatalog = catalogOf([...builtIn.plugins, testSource, testSink]);
