/** What a sink task tells of each of its tables: what it wrote, how long the last batch took, what went wrong. */
import type { Clock } from '../../../../base/clock.ts';
import { messageOf } from '../../../../base/errors.ts';
import { quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import type { TaskFigures } from '../../../../plugin-api/plugin.ts';
import type { TableWork } from './sink-writer.ts';

const GROUP = 'jdbc-sink-table-metrics';
const SHOWN_ERROR = 1_000;

interface Written {
  written: number;
  deleted: number;
  statement: string;
  /** Wall time. */
  lastMs: number;
  lastRows: number;
  tookMs: number;
}

interface Refused {
  errors: number;
  /** In a row, since the last batch that was written. */
  retries: number;
  reported: number;
  lastError: string;
  /** Wall time. */
  lastErrorMs: number;
}

type Figures = Written & Refused & { warnings: readonly string[] };

const NOTHING: Figures = {
  ...{ written: 0, deleted: 0, statement: '', lastMs: 0, lastRows: 0, tookMs: 0 },
  ...{ errors: 0, retries: 0, reported: 0, lastError: '', lastErrorMs: 0, warnings: [] },
};

export class SinkFigures {
  readonly #clock: Clock;
  readonly #tables = new Map<string, Figures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A batch is committed that was begun at this time of the monotonic clock. */
  done(work: readonly TableWork[], startMonoMs: number): void {
    const tookMs = this.#clock.monoMs() - startMonoMs;
    for (const [table, parts] of Map.groupBy(work, ({ table }) => quoteTable(table))) {
      const figures = this.#of(table);
      const written = parts.reduce((sum, part) => sum + part.written, 0);
      const deleted = parts.reduce((sum, part) => sum + part.deleted, 0);
      figures.written += written;
      figures.deleted += deleted;
      Object.assign(figures, {
        statement: parts.at(-1)!.statement,
        lastMs: this.#clock.wallMs(),
        lastRows: written + deleted,
        tookMs,
        retries: 0,
      });
    }
  }

  /** `table`: the one that was at hand; `null`: none, as without a connection, which is the trouble of all of them. */
  failed(error: unknown, table: TableName | null): void {
    const all = table === null ? [...this.#tables.values()] : [this.#of(quoteTable(table))];
    for (const figures of all) {
      figures.errors++;
      figures.retries++;
      figures.lastError = messageOf(error).slice(0, SHOWN_ERROR);
      figures.lastErrorMs = this.#clock.wallMs();
    }
  }

  /** Records that went to the dead letter queue or into the log instead. */
  reported(table: TableName, count: number): void {
    this.#of(quoteTable(table)).reported += count;
  }

  /** What is worth knowing of the table; a sentence each. */
  warned(table: TableName, warnings: readonly string[]): void {
    this.#of(quoteTable(table)).warnings = warnings;
  }

  all(): readonly TaskFigures[] {
    return [...this.#tables].map(([table, figures]) => ({
      group: GROUP,
      tags: { table },
      values: valuesOf(figures),
      details: detailsOf(figures),
    }));
  }

  #of(table: string): Figures {
    let figures = this.#tables.get(table);
    if (figures === undefined) {
      figures = { ...NOTHING };
      this.#tables.set(table, figures);
    }
    return figures;
  }
}

function valuesOf(figures: Figures): TaskFigures['values'] {
  return {
    'records-written-total': figures.written,
    'records-deleted-total': figures.deleted,
    'records-reported-total': figures.reported,
    'errors-total': figures.errors,
    retries: figures.retries,
    ...(figures.lastMs === 0
      ? {}
      : { 'last-write-ms': figures.lastMs, 'last-write-rows': figures.lastRows, 'last-write-took-ms': figures.tookMs }),
    ...(figures.statement === '' ? {} : { 'last-statement': figures.statement }),
    ...(figures.lastErrorMs === 0 ? {} : { 'last-error-timestamp': figures.lastErrorMs }),
  };
}

function detailsOf({ lastError, warnings }: Figures): Readonly<Record<string, string>> {
  return {
    ...(lastError === '' ? {} : { 'last-error': lastError }),
    ...(warnings.length === 0 ? {} : { warnings: JSON.stringify(warnings) }),
  };
}
