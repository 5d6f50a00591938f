/** Tables (or one query) of a database, dealt out to tasks. Source: io.confluent.connect.jdbc.JdbcSourceConnector. */
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { ConnectError } from '../../../../base/errors.ts';
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import type { TableName } from '../../../../mysql/dialect.ts';
import { type DatabaseAddress, driverProperties, parseJdbcUrl } from '../../../../mysql/jdbc-url.ts';
import { connectWithAttempts, openConnection } from '../../../../mysql/open-connection.ts';
import type { InspectedPart } from '../../../../plugin-api/inspection.ts';
import type { Config, Connector, ConnectorContext, ExactlyOnceSupport } from '../../../../plugin-api/plugin.ts';
import type { SourceOffset, SourcePartition } from '../../../../plugin-api/records.ts';
import type { ConfigValue } from '../../../../spec/config-def.ts';
import { parseConnectorConf } from './connector-conf.ts';
import { inspectSource } from './inspect.ts';
import { listTables } from './list-tables.ts';
import { checkOffsets } from './offset-checks.ts';
import { type JdbcSourceConf, queryOf, quotingOf, spec } from './spec.ts';
import { usesIncrementing } from './spec-mode.ts';
import { filterTables, unqualified } from './table-filter.ts';
import { writeTableList } from './table-list.ts';
import { TableMonitor } from './table-monitor.ts';
import { groupTables, refuseDuplicates } from './task-tables.ts';
import { validateConfig } from './validate-config.ts';

/** Attempts to connect that take longer go on while the connector counts as started: the runtime gives a start a minute. */
const START_LIMIT_MS = 45_000;

interface Running {
  readonly config: Config;
  readonly conf: JdbcSourceConf;
  readonly context: ConnectorContext;
  readonly stopping: AbortController;
  /** Null with a query. */
  readonly monitor: TableMonitor | null;
}

export class JdbcSourceConnector implements Connector {
  readonly #clock: Clock;
  #running: Running | null = null;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Rejects with ConnectError when the settings contradict each other or no attempt to connect succeeds. */
  async start(config: Config, context: ConnectorContext): Promise<void> {
    const conf = parseConnectorConf(config);
    const address = parseJdbcUrl(conf['connection.url'], driverProperties(config));
    for (const warning of address.warnings) context.log.warn(warning);
    const stopping = new AbortController();
    const signal = AbortSignal.any([stopping.signal, context.signal]);
    const connecting = connectWithAttempts(address, {
      attempts: conf['connection.attempts'],
      backoffMs: Number(conf['connection.backoff.ms']),
      clock: this.#clock,
      signal,
      log: context.log,
    });
    const isQuery = queryOf(conf) !== null;
    const first = connecting.then((connection) => (isQuery ? closed(connection) : readTables(connection, conf, signal)));
    // Whoever waits for it hears of it; a start that fails waits no more.
    first.catch(() => undefined);
    await this.#atMost(START_LIMIT_MS, connecting);
    const monitor = isQuery ? null : this.#monitor(address, conf, context, signal);
    const running: Running = { config, conf, context, stopping, monitor };
    this.#running = running;
    if (monitor) void monitor.run(first);
    else first.catch((error: unknown) => this.#fail(running, error));
  }

  /** Resolves at once: what is under way is broken off. */
  stop(): void {
    this.#running?.stopping.abort();
    this.#running = null;
  }

  /** Rejects with ConnectError when tables of several databases have one name. */
  async taskConfigs(maxTasks: number): Promise<Config[]> {
    if (!this.#running) throw new ConnectError('The connector is asked for tasks before it is started.');
    const running = this.#running;
    const { config, conf, context, monitor } = running;
    if (!monitor) return [{ ...config, tables: '' }];
    const tables = await monitor.tables(Number(conf['table.monitoring.startup.polling.limit.ms']));
    if (tables === null) {
      context.log.info('No tasks will be run because the connector has not been able to read the list of tables from the database yet.');
      return [];
    }
    if (tables.length === 0) {
      context.log.warn('No tables were found: one task fails and says so. It is made anew as soon as there is a table.');
      return [{ ...config, tables: '', 'tables.fetched': 'true' }];
    }
    this.#checkNames(running, tables);
    return groupTables(tables, maxTasks).map((group) => ({ ...config, tables: writeTableList(group, quotingOf(conf)) }));
  }

  validate(config: Config, values: ReadonlyMap<string, ConfigValue>): Promise<void> {
    return validateConfig(config, values, this.#clock);
  }

  inspect(config: Config): Promise<readonly InspectedPart[]> {
    return inspectSource(config, this.#clock);
  }

  /**
   * Bulk begins at the first row each time, wherever it was broken off; of very many rows of one timestamp some may come twice when they change
   * before a restart.
   */
  exactlyOnceSupport(config: Config): ExactlyOnceSupport {
    const { mode } = spec.parse(config);
    return usesIncrementing(mode) ? 'SUPPORTED' : 'UNSUPPORTED';
  }

  alterOffsets(config: Config, offsets: ReadonlyArray<{ partition: SourcePartition | null; offset: SourceOffset | null }>): boolean {
    checkOffsets(spec.parse(config), offsets);
    // The framework's store is the only one, and the original's answer says no more than that it does not know.
    return false;
  }

  #monitor(address: DatabaseAddress, conf: JdbcSourceConf, context: ConnectorContext, signal: AbortSignal): TableMonitor {
    return new TableMonitor({
      look: async () => readTables(await openConnection(address, { clock: this.#clock, signal }), conf, signal),
      intervalMs: Number(conf['table.poll.interval.ms']),
      clock: this.#clock,
      log: context.log,
      signal,
      onChange: () => context.requestTaskReconfiguration(),
      onFailure: (error) => {
        if (this.#running) this.#fail(this.#running, error);
      },
    });
  }

  /** As with the original, what was wrong once needs a restart: tables are watched no more. */
  #checkNames(running: Running, tables: readonly TableName[]): void {
    if (!running.conf['table.names.qualify']) return;
    try {
      refuseDuplicates(tables, running.conf);
    } catch (error) {
      this.#fail(running, error);
      throw error;
    }
  }

  #fail({ context, stopping }: Running, error: unknown): void {
    if (stopping.signal.aborted) return;
    stopping.abort();
    const text = 'Encountered an unrecoverable error while reading tables from the database';
    context.raiseError(error instanceof ConnectError ? error : new ConnectError(text, { cause: error }));
  }

  /** Rejects with `work`, if it does in this time. */
  async #atMost(limitMs: number, work: Promise<unknown>): Promise<void> {
    const timer = new AbortController();
    try {
      await Promise.race([work, this.#clock.sleep(limitMs, timer.signal)]);
    } finally {
      timer.abort();
    }
  }
}

/** The tables to copy; the connection is closed with it. Rejects with SqlError. */
async function readTables(connection: DatabaseConnection, conf: JdbcSourceConf, signal: AbortSignal): Promise<TableName[]> {
  const end = () => void connection.close();
  signal.addEventListener('abort', end, { once: true });
  try {
    const tables = filterTables(await listTables(connection, conf), conf);
    return conf['table.names.qualify'] ? tables : unqualified(tables);
  } finally {
    signal.removeEventListener('abort', end);
    await connection.close();
  }
}

async function closed(connection: DatabaseConnection): Promise<TableName[]> {
  await connection.close();
  return [];
}
