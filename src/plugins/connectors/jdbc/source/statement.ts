/**
 * The statement that reads what is new, and the values in it. Texts are the original's to the letter: people look for them in the log of the database.
 * Source: io.confluent.connect.jdbc.source.{BulkTableQuerier, TimestampTableQuerier, TimestampIncrementingTableQuerier, TimestampIncrementingCriteria}.
 */

import type { TableName } from '../../../../mysql/dialect.ts';
import { type Quoting, quoteName, quoteTable } from '../../../../mysql/dialect.ts';
import type { Mode } from './spec-mode.ts';
import type { TrackedColumns } from './tracked-columns.ts';

export interface StatementParts {
  readonly mode: Mode;
  /** `null`: `query` is copied from. */
  readonly table: TableName | null;
  /** The user's SELECT; only without `table`. */
  readonly query: string;
  readonly tracked: TrackedColumns;
  readonly quoting: Quoting;
  readonly suffix: string;
}

export function statementText(parts: StatementParts): string {
  const { table, query, quoting, mode } = parts;
  const select = table === null ? query : `SELECT * FROM ${quoteTable(table, quoting)}`;
  const suffix = parts.suffix.trim();
  return `${select}${mode === 'bulk' || mode === '' ? '' : criteria(parts)}${suffix === '' ? '' : ` ${suffix}`}`;
}

function criteria({ mode, table, tracked, quoting }: StatementParts): string {
  const named = (column: string) =>
    table === null ? quoteName(column, quoting) : `${quoteTable(table, quoting)}.${quoteName(column, quoting)}`;
  const id = named(tracked.incrementing ?? '');
  const times = tracked.timestamps.map(named);
  const time = times.length > 1 ? `COALESCE(${times.join(',')})` : (times[0] ?? '');
  if (mode === 'incrementing') return ` WHERE ${id} > ? ORDER BY ${id} ASC`;
  if (mode === 'timestamp') return ` WHERE ${time} > ? AND ${time} < ? ORDER BY ${time} ASC`;
  return ` WHERE ${time} < ? AND ((${time} = ? AND ${id} > ?) OR ${time} > ?) ORDER BY ${time},${id} ASC`;
}

export interface Bounds {
  /** Times as the database writes them, in `db.timezone`. */
  readonly begin: string;
  readonly end: string;
  readonly lastId: bigint | number;
}

/** In the order of the `?`. */
export function statementParameters(mode: Mode, { begin, end, lastId }: Bounds): (string | bigint | number)[] {
  switch (mode) {
    case 'incrementing':
      return [lastId];
    case 'timestamp':
      return [begin, end];
    case 'timestamp+incrementing':
      return [end, begin, lastId, begin];
    default:
      return [];
  }
}
