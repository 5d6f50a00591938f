/**
 * Copies tables, one after the other, or one query. Source: io.confluent.connect.jdbc.source.JdbcSourceTask.
 *
 * The rows of a statement are taken as they come, poll by poll, so a table of any size takes the same memory; other tables wait meanwhile. Statements
 * run with autocommit, so each sees what is there when it begins, and holds nothing when its result has ended.
 */
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { ConnectError, messageOf } from '../../../../base/errors.ts';
import { SqlError } from '../../../../mysql/sql-errors.ts';
import type { Config, SourceTask, SourceTaskContext, TaskFigures } from '../../../../plugin-api/plugin.ts';
import type { SourceRecord } from '../../../../plugin-api/records.ts';
import type { SourceConnection } from './source-connection.ts';
import type { TableReader } from './table-reader.ts';
import { openTask, type TaskParts } from './task-start.ts';

/** Longest wait in a poll: so soon a pause is seen. */
const IDLE_MS = 500;

interface Running extends TaskParts {
  readonly context: SourceTaskContext;
}

export class JdbcSourceTask implements SourceTask {
  readonly #clock: Clock;
  #running: Running | null = null;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Rejects with ConnectError: no connection in all attempts, columns that cannot be tracked; with ConfigError for settings. */
  async start(config: Config, context: SourceTaskContext): Promise<void> {
    this.#running = { ...(await openTask(config, context, this.#clock)), context };
  }

  /** Of the table that has waited longest, as soon as its poll interval is over; null when there is nothing for a while. */
  async poll(): Promise<readonly SourceRecord[] | null> {
    const { context, tables, connection } = this.#started();
    const { signal } = context;
    const endMs = this.#clock.monoMs() + IDLE_MS;
    while (!signal.aborted) {
      const leftMs = endMs - this.#clock.monoMs();
      const table = nextOf(tables);
      const waitMs = table === null ? leftMs : table.isReading ? 0 : table.dueMs - this.#clock.monoMs();
      if (table === null || waitMs > 0) {
        if (leftMs <= 0) return null;
        await this.#clock.sleep(Math.min(waitMs, leftMs), signal);
        continue;
      }
      const records = await this.#read(table, connection);
      if (records.length > 0) return records;
      if (leftMs <= 0) return null;
    }
    return null;
  }

  figures(): readonly TaskFigures[] {
    return this.#running?.tables.map((table) => table.figures()) ?? [];
  }

  async stop(): Promise<void> {
    await this.#running?.connection.close();
  }

  async #read(table: TableReader, connection: SourceConnection): Promise<SourceRecord[]> {
    const { conf, context } = this.#started();
    try {
      const records = await table.read(Math.max(1, conf['batch.max.rows']), () => connection.ready());
      if (!table.isReading) this.#waitForNext(table, conf['poll.interval.ms']);
      return records;
    } catch (error) {
      if (context.signal.aborted) return [];
      table.reset();
      table.figuresOf.failed(error);
      this.#retryOrThrow(table, error);
      return [];
    }
  }

  #waitForNext(table: TableReader, ms: number): void {
    table.dueMs = this.#clock.monoMs() + ms;
  }

  /** Errors of the database that may pass are tried again after the poll interval; the others end the task. */
  #retryOrThrow(table: TableReader, error: unknown): void {
    const { conf, context } = this.#started();
    if (!(error instanceof SqlError) || !error.isRetriable) throw failed(table, error);
    const attempts = conf['query.retry.attempts'];
    const { retries } = table.figuresOf;
    if (attempts > 0 && retries > attempts)
      throw new ConnectError(
        `Failed to query table after retries: ${table.name}, ${attempts} of them (query.retry.attempts). ${error.message}`,
        { cause: error },
      );
    // A table that is read once a night is not to wait for the next one because of a restart of the database.
    const waitMs = error.isConnectionLost
      ? Math.min(conf['poll.interval.ms'], Number(conf['connection.backoff.ms']))
      : conf['poll.interval.ms'];
    context.log.error(
      `SQL exception while running query for table: ${table.name}. It is tried again in ${waitMs} ms, attempt ${retries}${attempts > 0 ? ` of ${attempts}` : ''}.`,
      error,
    );
    this.#waitForNext(table, waitMs);
  }

  #started(): Running {
    if (this.#running === null) throw new ConnectError('The JDBC source task is polled before it is started.');
    return this.#running;
  }
}

function failed(table: TableReader, cause: unknown): ConnectError {
  return new ConnectError(`Error while polling for records of ${table.name}: ${messageOf(cause)}`, { cause });
}

/** The one that is being read, else the one that is due first; of several the first by name. */
function nextOf(tables: readonly TableReader[]): TableReader | null {
  let next: TableReader | null = null;
  for (const table of tables) {
    if (table.isReading) return table;
    if (next === null || table.dueMs < next.dueMs) next = table;
  }
  return next;
}
