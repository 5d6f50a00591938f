/** A connection to a MariaDB or MySQL server: statements, rows in batches, transactions. One statement at a time. */
import type { Clock } from '../base/clock.ts';
import type { Column } from './column.ts';
import { type ColumnReader, exactReader, type SqlValue } from './column-readers.ts';
import type { DatabaseAddress } from './jdbc-url.ts';
import { maskJdbcText } from './mask-jdbc.ts';
import { type MultiRowStatement, multiRowTexts } from './multi-row.ts';
import type { ServerFacts } from './server-facts.ts';
import { LOST_STATE, SqlError, toSqlError } from './sql-errors.ts';
import { bindParameters, type SqlParameter } from './sql-literal.ts';
import type { WireQuery } from './wire-query.ts';
import type { WireSession } from './wire-session.ts';

export type { MultiRowStatement } from './multi-row.ts';
export type { ServerFacts } from './server-facts.ts';

export interface RowStream<T> {
  readonly columns: readonly Column[];
  /**
   * Between 1 and `most` rows in the order of the result, those that are there without waiting longer than needed; `null`: there are no more.
   * Rejects with SqlError after the rows before it; with what a reader of the caller has thrown as it is.
   */
  next(most: number): Promise<(T | null)[][] | null>;
  /** Reads no further. When rows may be left, the connection is closed with it: `isUsable` is false then. */
  close(): void;
}

export interface RowOptions<T> {
  /** How each column's bytes become a value; default: `exactReader`. */
  readonly readerOf: (column: Column) => ColumnReader<T>;
}

export interface StatementResult {
  /** Rows that the statement has found (an update that changes nothing counts them too); an upsert counts a replaced row twice. */
  readonly affectedRows: number;
  /** First AUTO_INCREMENT value that was made; 0n: none. */
  readonly insertId: bigint;
  readonly warnings: number;
}

export interface QueryResult {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly SqlValue[])[];
}

const USABLE_LIMIT_MS = 5_000;
const ALL = Number.MAX_SAFE_INTEGER;
const SHOWN_SQL = 500;

/** Made by `openConnection` or `connect` (open-connection.ts). */
export class DatabaseConnection {
  readonly server: ServerFacts;
  readonly #session: WireSession;
  readonly #clock: Clock;

  constructor(session: WireSession, server: ServerFacts, clock: Clock) {
    this.#session = session;
    this.server = server;
    this.#clock = clock;
  }

  get address(): DatabaseAddress {
    return this.#session.address;
  }

  /** The statement that the server has under way, and its number of this connection; `null`: none. */
  get underWay(): { readonly threadId: number; readonly sql: string } | null {
    return this.#session.underWay;
  }

  /** The statement with its parameters as it is sent. Throws DataError. */
  bind(sql: string, parameters: readonly SqlParameter[]): string {
    return bindParameters(sql, parameters, this.server);
  }

  /** Rows as they come: memory stays the same however many there are. Rejects with SqlError. */
  stream(sql: string, parameters?: readonly SqlParameter[]): Promise<RowStream<SqlValue>>;
  stream<T>(sql: string, parameters: readonly SqlParameter[], options: RowOptions<T>): Promise<RowStream<T>>;
  async stream(sql: string, parameters: readonly SqlParameter[] = [], options?: RowOptions<unknown>): Promise<RowStream<unknown>> {
    const query = await this.#begin(sql, parameters, options?.readerOf ?? exactReader);
    return {
      columns: query.columns ?? [],
      next: (most) =>
        query.next(most).catch((error) => {
          this.#giveUp(query);
          return this.#refuse(error, sql);
        }),
      close: () => this.#giveUp(query),
    };
  }

  /** All rows at once: for results that are known to be small. Rejects with SqlError. */
  async query(sql: string, parameters: readonly SqlParameter[] = []): Promise<QueryResult> {
    const rows: (readonly SqlValue[])[] = [];
    const stream = await this.stream(sql, parameters);
    for (let batch = await stream.next(ALL); batch !== null; batch = await stream.next(ALL)) rows.push(...batch);
    return { columns: stream.columns, rows };
  }

  /**
   * A statement without rows. `shownAs` stands for its text in errors: for texts that hold values, which are nobody's business there. Rejects with
   * SqlError.
   */
  async execute(sql: string, parameters: readonly SqlParameter[] = [], shownAs: string = sql): Promise<StatementResult> {
    const query = await this.#begin(sql, parameters, exactReader, shownAs);
    while ((await query.next(ALL).catch((error) => this.#refuse(error, shownAs))) !== null);
    const { answer } = query;
    return {
      affectedRows: answer?.affectedRows ?? 0,
      insertId: BigInt(answer?.insertId ?? 0),
      warnings: answer?.warningStatus ?? 0,
    };
  }

  /**
   * One statement for as many rows as the server's packet limit allows, the next one for the rest. Without a transaction around it, rows of the
   * statements before a refused one stay. Answers with the sum of affected rows. Rejects with SqlError; with DataError when a single row is too long.
   */
  async executeRows(statement: MultiRowStatement, rows: readonly (readonly SqlParameter[])[]): Promise<number> {
    let affectedRows = 0;
    for (const { sql } of multiRowTexts(statement, rows, this.server.maxAllowedPacketBytes, this.server))
      affectedRows += (await this.execute(sql)).affectedRows;
    return affectedRows;
  }

  async begin(): Promise<void> {
    await this.execute('START TRANSACTION');
  }

  async commit(): Promise<void> {
    await this.execute('COMMIT');
  }

  async rollback(): Promise<void> {
    await this.execute('ROLLBACK');
  }

  /** The database's clock in the zone of the session, whole seconds: `2022-01-21 00:44:13`. */
  async currentTimestamp(): Promise<string> {
    const { rows } = await this.query('SELECT CURRENT_TIMESTAMP');
    return String(rows[0]?.[0]);
  }

  /** Whether the server answers a ping; false after any loss of the connection. */
  isUsable(limitMs: number = USABLE_LIMIT_MS): Promise<boolean> {
    return this.#session.answers(limitMs, this.#clock);
  }

  /** Ends the connection; what runs is broken off. Never rejects. */
  close(): Promise<void> {
    return this.#session.close(this.#clock);
  }

  async #begin<T>(
    sql: string,
    parameters: readonly SqlParameter[],
    readerOf: (column: Column) => ColumnReader<T>,
    shownAs: string = sql,
  ): Promise<WireQuery<T>> {
    const query = this.#session.run(this.bind(sql, parameters), readerOf);
    await query.begun().catch((error) => this.#refuse(error, shownAs));
    return query;
  }

  /** There is no other way to keep the server from sending the rest. */
  #giveUp(query: WireQuery<unknown>): void {
    if (!query.isEnded) this.#session.drop(this.#closed('the rest of a result was not wanted'));
  }

  /** Errors of readers are the caller's own; the driver's get the statement, without values. */
  #refuse(error: unknown, sql: string): never {
    const isDriver = error instanceof Error && ('sqlState' in error || 'fatal' in error || 'code' in error);
    if (!isDriver) throw error;
    const shown = sql.length > SHOWN_SQL ? `${sql.slice(0, SHOWN_SQL)}…` : sql;
    throw toSqlError(error, `The statement "${maskJdbcText(shown)}"`);
  }

  #closed(why: string): SqlError {
    return new SqlError(`The connection to ${this.address.place} was closed: ${why}.`, { sqlState: LOST_STATE, errno: 0 });
  }
}
