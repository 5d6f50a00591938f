/** What a task tells about each of its tables: what it asked last, what came of it, how far it is behind. */
import type { Clock } from '../../../../base/clock.ts';
import { messageOf } from '../../../../base/errors.ts';
import type { SqlParameter } from '../../../../mysql/sql-literal.ts';
import type { TaskFigures } from '../../../../plugin-api/plugin.ts';
import type { Moment } from './moment.ts';
import { offsetOf, type Position } from './offsets.ts';

export const TABLE_METRICS = 'jdbc-source-table-metrics';

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
  /** The database's clock when it was asked, and the first moment that is not read; `null` in modes without a timestamp. */
  readonly databaseNow: Moment | null;
  readonly end: Moment | null;
}

interface Reading {
  readonly statement: Statement;
  readonly startMonoMs: number;
  rows: number;
  /** `null`: it goes on. */
  durationMs: number | null;
  /** Of the row that was handed over last. */
  lastTime: Moment | null;
}

export class TableFigures {
  readonly #table: string;
  readonly #clock: Clock;
  #last: Reading | null = null;
  /** The newest reading that came to its end: everything up to its start is handed over. */
  #whole: Reading | null = null;
  #readings = 0;
  #rows = 0;
  #errors = 0;
  /** In a row, since the last reading that came to its end. */
  #retries = 0;
  #lastError: { readonly message: string; readonly atMs: number } | null = null;
  /** What makes the table slow to read, or lets rows be missed; a sentence each. */
  warnings: readonly string[] = [];

  constructor(table: string, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  get retries(): number {
    return this.#retries;
  }

  began(statement: Statement): void {
    this.#readings++;
    this.#last = { statement, startMonoMs: this.#clock.monoMs(), rows: 0, durationMs: null, lastTime: null };
  }

  handedOver(rows: number, { timestamp }: Position): void {
    this.#rows += rows;
    if (this.#last === null || rows === 0) return;
    this.#last.rows += rows;
    this.#last.lastTime = timestamp;
  }

  ended(): void {
    if (this.#last === null) return;
    this.#last.durationMs = this.#clock.monoMs() - this.#last.startMonoMs;
    this.#whole = this.#last;
    this.#retries = 0;
  }

  failed(error: unknown): void {
    if (this.#last?.durationMs === null) this.#last.durationMs = this.#clock.monoMs() - this.#last.startMonoMs;
    this.#errors++;
    this.#retries++;
    this.#lastError = { message: messageOf(error), atMs: this.#clock.wallMs() };
  }

  /** `position`: of the record handed over last. */
  figures(position: Position, isReading: boolean): TaskFigures {
    const lagMs = this.#lagMs(isReading);
    return {
      group: TABLE_METRICS,
      tags: { table: this.#table },
      values: {
        'readings-total': this.#readings,
        'rows-total': this.#rows,
        'errors-total': this.#errors,
        retries: this.#retries,
        reading: isReading ? 1 : 0,
        ...(lagMs === null ? {} : { 'lag-ms': lagMs }),
        ...(this.#last === null ? {} : readingValues(this.#last, this.#clock)),
        ...(position.timestamp === null ? {} : { 'offset-timestamp-ms': position.timestamp.ms }),
        ...(position.incrementing === null ? {} : { 'offset-incrementing': Number(position.incrementing) }),
        ...(this.#lastError === null ? {} : { 'last-error-timestamp': this.#lastError.atMs }),
      },
      details: {
        offset: offsetText(position),
        ...(this.#last === null ? {} : { parameters: JSON.stringify(this.#last.statement.parameters.map(String)) }),
        ...(this.#lastError === null ? {} : { 'last-error': this.#lastError.message }),
        ...(this.warnings.length === 0 ? {} : { warnings: JSON.stringify(this.warnings) }),
      },
    };
  }

  /**
   * How old what the topic shows of the table is: since the start of the newest reading that came to its end, the delay of the settings included;
   * while one goes on in a mode with a timestamp, since the row that it handed over last. `null`: nothing is read yet.
   */
  #lagMs(isReading: boolean): number | null {
    const nowMs = this.#clock.monoMs();
    const since = ({ statement, startMonoMs }: Reading, upTo: Moment | null) =>
      nowMs - startMonoMs + (statement.databaseNow === null || upTo === null ? 0 : statement.databaseNow.ms - upTo.ms);
    const last = this.#last;
    if (isReading && last?.lastTime) return since(last, last.lastTime);
    return this.#whole === null ? null : since(this.#whole, this.#whole.statement.end);
  }
}

function readingValues(reading: Reading, clock: Clock): Record<string, number | string> {
  const { statement, rows, durationMs, startMonoMs } = reading;
  return {
    sql: statement.sql,
    'last-reading-rows': rows,
    'last-reading-ms': durationMs ?? clock.monoMs() - startMonoMs,
    'last-reading-age-ms': clock.monoMs() - startMonoMs,
    ...(statement.databaseNow === null ? {} : { 'database-now-ms': statement.databaseNow.ms }),
  };
}

/** As it is stored. */
function offsetText(position: Position): string {
  const entries = Object.entries(offsetOf(position)).map(([name, value]) => `"${name}":${String(value)}`);
  return `{${entries.join(',')}}`;
}
