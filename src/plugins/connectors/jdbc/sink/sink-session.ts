/** The connection of a sink task and what is known over it. Both are made anew after each failure, as the original does. */
import type { Clock } from '../../../../base/clock.ts';
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import { plainTable, type TableName } from '../../../../mysql/dialect.ts';
import { type DatabaseAddress, driverProperties, parseJdbcUrl } from '../../../../mysql/jdbc-url.ts';
import { connectWithAttempts } from '../../../../mysql/open-connection.ts';
import type { Config, SinkTaskContext } from '../../../../plugin-api/plugin.ts';
import type { SinkConf } from './sink-conf.ts';
import { SinkFigures } from './sink-figures.ts';
import { SinkWriter, type TableWork } from './sink-writer.ts';

/** A connection that has rested so long is asked whether it lives before records are given to it. */
const REST_MS = 1_000;
/** A statement that still runs so long after the task was told to stop is broken off: whoever takes the partitions over must not be overtaken by it. */
const STOP_LIMIT_MS = 5_000;

/**
 * In tables without transactions (MyISAM) the server cuts values of all rows of a statement but the first, unless it is strict with all tables; the
 * original's statements have one row.
 */
const SETTINGS = "SET autocommit=0, SESSION sql_mode=CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')";

interface Open {
  readonly connection: DatabaseConnection;
  readonly writer: SinkWriter;
}

export class SinkSession {
  readonly #conf: SinkConf;
  readonly #address: DatabaseAddress;
  readonly #context: SinkTaskContext;
  readonly #clock: Clock;
  #open: Open | null = null;
  #usedMs = 0;
  readonly #warned = new Set<string>();
  readonly figures: SinkFigures;

  /** Throws ConfigError. */
  constructor(conf: SinkConf, config: Config, context: SinkTaskContext, clock: Clock) {
    this.#conf = conf;
    this.#address = parseJdbcUrl(conf.keys['connection.url'], driverProperties(config));
    this.#context = context;
    this.#clock = clock;
    this.figures = new SinkFigures(clock);
    for (const warning of this.#address.warnings) context.log.warn(warning);
    context.signal.addEventListener('abort', () => void this.#breakOffLate(), { once: true });
  }

  /** Connects when there is no connection that lives. Rejects with ConnectError after connection.attempts; with the signal's reason. */
  async writer(): Promise<SinkWriter> {
    if (this.#open !== null && this.#clock.monoMs() - this.#usedMs > REST_MS && !(await this.#open.connection.isUsable())) {
      this.#context.log.info('The database connection is invalid. Reconnecting...');
      await this.reset();
    }
    this.#open ??= await this.#connect();
    return this.#open.writer;
  }

  /** A batch is committed that was begun at this time of the monotonic clock. */
  done(work: readonly TableWork[], startMonoMs: number): void {
    this.#usedMs = this.#clock.monoMs();
    this.figures.done(work, startMonoMs);
  }

  failed(error: unknown): void {
    this.figures.failed(error, this.#open?.writer.current ?? null);
  }

  /** Nothing of it is used any more. Never rejects. */
  async reset(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.connection.close();
  }

  async #connect(): Promise<Open> {
    const { keys } = this.#conf;
    const { log, signal } = this.#context;
    const connection = await connectWithAttempts(this.#address, {
      attempts: keys['connection.attempts'],
      backoffMs: Number(keys['connection.backoff.ms']),
      clock: this.#clock,
      signal,
      log,
    });
    await connection.execute(SETTINGS);
    log.info(`JdbcDbWriter Connected to ${this.#address.place} (${connection.server.version})`);
    const writer = new SinkWriter(this.#conf, connection, log, (table, warnings) => this.#warn(table, warnings));
    return { connection, writer };
  }

  /** Into the log once, on the console for as long as it is so. */
  #warn(table: TableName, warnings: readonly string[]): void {
    this.figures.warned(table, warnings);
    for (const warning of warnings) {
      const text = `Table ${plainTable(table)}: ${warning}`;
      if (!this.#warned.has(text)) this.#context.log.warn(text);
      this.#warned.add(text);
    }
  }

  async #breakOffLate(): Promise<void> {
    await this.#clock.sleep(STOP_LIMIT_MS);
    await this.reset();
  }
}
