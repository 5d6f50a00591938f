/**
 * One table, or the query, of a task: the statement, its rows as they are taken, and where the next one begins.
 * Source: io.confluent.connect.jdbc.source.TableQuerier and its kin.
 */
import type { Clock } from '../../../../base/clock.ts';
import { ConnectError } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import type { DatabaseConnection, RowStream } from '../../../../mysql/connection.ts';
import { SqlError } from '../../../../mysql/sql-errors.ts';
import type { TaskFigures } from '../../../../plugin-api/plugin.ts';
import type { SourceRecord } from '../../../../plugin-api/records.ts';
import { cellSize } from './cell-text.ts';
import type { CellValue, FieldSettings } from './column-fields.ts';
import { EPOCH, type Moment, momentOfMs } from './moment.ts';
import type { Position } from './offsets.ts';
import { ResultShapes } from './result-shape.ts';
import { BulkRecords, IdRecords, type RecordTarget, type RowRecords } from './row-records.ts';
import { type Mode, usesTimestamp } from './spec-mode.ts';
import { statementParameters } from './statement.ts';
import { type Statement, TableFigures } from './table-figures.ts';
import { SameTimeChangedError, TimeGroups } from './time-groups.ts';
import { readClock } from './time-readers.ts';
import type { TrackedColumns } from './tracked-columns.ts';

export interface TableReaderParts {
  /** Of the table in quotes, or `query`: for messages, and the order of tables that are due. */
  readonly name: string;
  /** Of the records' schema; `null`: of a query. */
  readonly schemaName: string | null;
  readonly mode: Mode;
  readonly sql: string;
  /** The same as people may see it. */
  readonly shownSql: string;
  readonly tracked: TrackedColumns;
  readonly settings: FieldSettings;
  /** `timestamp.delay.interval.ms`. */
  readonly delayMs: number;
  /** The id that the first statement begins behind where there is none: −1. */
  readonly initialId: bigint;
  readonly target: RecordTarget;
  readonly start: Position;
  /** What makes it slow to read, or lets rows be missed; null: nobody can tell. Rejects with SqlError. */
  readonly readWarnings: ((connection: DatabaseConnection) => Promise<readonly string[]>) | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** Most bytes of rows that one poll hands out. */
const BATCH_BYTES = 8 * 1024 * 1024;
/** Rows that are there are not kept waiting for more for longer. */
const FILL_MS = 100;
/** Somebody makes an index, and looks whether the warning goes. */
const WARNINGS_MS = 300_000;

export class TableReader {
  readonly name: string;
  readonly figuresOf: TableFigures;
  /** On the monotonic clock. */
  dueMs = Number.NEGATIVE_INFINITY;
  readonly #parts: TableReaderParts;
  readonly #shapes: ResultShapes;
  readonly #records: RowRecords;
  #stream: RowStream<CellValue> | null = null;
  #failure: { readonly error: unknown } | null = null;
  #isAnnounced = false;
  #warningsDueMs = Number.NEGATIVE_INFINITY;

  constructor(parts: TableReaderParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.figuresOf = new TableFigures(parts.name, parts.clock);
    this.#shapes = new ResultShapes({ name: parts.schemaName, tracked: parts.tracked, settings: parts.settings });
    this.#records = recordsOf(parts);
  }

  /** A result is open: the rest of its rows is next. */
  get isReading(): boolean {
    return this.#stream !== null;
  }

  figures(): TaskFigures {
    return this.figuresOf.figures(this.#records.position, this.isReading);
  }

  /**
   * The next records of the table, at most `most` but for rows of one time that belong together; none: the result has ended, or so far nothing is
   * ready. `connect` is asked when a statement is to begin. Rejects with SqlError, or with what a row has in it that cannot be a record; what came before was given.
   */
  async read(most: number, connect: () => Promise<DatabaseConnection>): Promise<SourceRecord[]> {
    const into: SourceRecord[] = [];
    try {
      if (this.#failure !== null) throw this.#failure.error;
      const stream = this.#stream ?? (await this.#begin(await connect()));
      if (await this.#take(stream, most, into)) this.#end();
    } catch (error) {
      if (error instanceof SameTimeChangedError && this.#records instanceof TimeGroups) this.#startOver(error, this.#records);
      else if (into.length === 0) throw this.#shown(error);
      // What is whole goes first.
      else this.#failure = { error };
    }
    this.figuresOf.handedOver(into.length, this.#records.position);
    return into;
  }

  /** Forgets the open result: the next one begins behind the record given last. */
  reset(): void {
    this.#stream?.close();
    this.#stream = null;
    this.#failure = null;
  }

  /** True: the result has ended. */
  async #take(stream: RowStream<CellValue>, most: number, into: SourceRecord[]): Promise<boolean> {
    const endMs = this.#parts.clock.monoMs() + FILL_MS;
    let bytes = 0;
    while (into.length < most && bytes < BATCH_BYTES) {
      if (into.length > 0 && this.#parts.clock.monoMs() >= endMs) return false;
      const rows = await stream.next(most - into.length);
      if (rows === null) {
        this.#records.end(into);
        return true;
      }
      for (const row of rows) {
        bytes += cellSize(row);
        this.#records.add(row, into);
      }
    }
    return false;
  }

  async #begin(connection: DatabaseConnection): Promise<RowStream<CellValue>> {
    await this.#lookForWarnings(connection);
    const statement = await this.#statement(connection);
    if (!this.#isAnnounced) this.#parts.log.info(`Begin using SQL query: ${statement.sql}`);
    this.#isAnnounced = true;
    this.figuresOf.began(statement);
    const stream = await connection.stream(this.#parts.sql, statement.parameters, { readerOf: this.#shapes.readerOf });
    this.#stream = stream;
    this.#records.begin(this.#shapes.of(stream.columns));
    return stream;
  }

  /** What the database will not tell costs no records. */
  async #lookForWarnings(connection: DatabaseConnection): Promise<void> {
    const { readWarnings, clock, log } = this.#parts;
    if (readWarnings === null || clock.monoMs() < this.#warningsDueMs) return;
    this.#warningsDueMs = clock.monoMs() + WARNINGS_MS;
    try {
      this.figuresOf.warnings = await readWarnings(connection);
    } catch (error) {
      if (!(error instanceof SqlError) || error.isConnectionLost) throw error;
      log.debug(`${this.name}: its indexes and columns could not be looked at. ${error.message}`);
    }
  }

  async #statement(connection: DatabaseConnection): Promise<Statement> {
    const { mode, initialId, delayMs, settings, shownSql } = this.#parts;
    const { incrementing, timestamp } = this.#records.position;
    const databaseNow = usesTimestamp(mode) ? readClock(await connection.currentTimestamp(), settings.clock) : null;
    const end = databaseNow === null ? null : momentOfMs(databaseNow.ms - delayMs);
    const bounds = { begin: this.#text(timestamp ?? EPOCH), end: this.#text(end ?? EPOCH), lastId: incrementing ?? initialId };
    return { sql: shownSql, parameters: statementParameters(mode, bounds), databaseNow, end };
  }

  #text(moment: Moment): string {
    const text = this.#parts.settings.clock.textOf(moment);
    if (text !== null) return text;
    throw new ConnectError(
      `${this.name}: no DATETIME can be ${moment.ms} ms since 1970: look at timestamp.initial, timestamp.delay.interval.ms and the stored offset.`,
    );
  }

  /** A query that is not to be seen stands in the database's answers as well. */
  #shown(error: unknown): unknown {
    if (this.#parts.shownSql === this.#parts.sql || !(error instanceof SqlError)) return error;
    const { errno, sqlState } = error;
    return new SqlError(`The query of query.masked failed: error ${errno}, SQLState ${sqlState}.`, { errno, sqlState });
  }

  #end(): void {
    this.#stream = null;
    this.figuresOf.ended();
  }

  #startOver(error: SameTimeChangedError, groups: TimeGroups): void {
    this.#parts.log.warn(`${this.name}: ${error.message}`);
    groups.forgetSameTime();
    this.reset();
  }
}

function recordsOf({ mode, target, start }: TableReaderParts): RowRecords {
  if (mode === 'timestamp') return new TimeGroups(target, start);
  return mode === 'bulk' ? new BulkRecords(target, start) : new IdRecords(target, start);
}
