/** Whether a table's tracked columns can be tracked; looked at when a task starts. Source: io.confluent.connect.jdbc.source.JdbcSourceTask. */
import { ConfigError, ConnectError } from '../../../../base/errors.ts';
import type { TrackedColumns } from './tracked-columns.ts';

/** A column as INFORMATION_SCHEMA tells it. */
export interface TableColumn {
  readonly name: string;
  /** Columns of the primary key are not. */
  readonly isNullable: boolean;
  readonly isAutoIncrement: boolean;
}

export interface ColumnCheck {
  /** Quoted, as in `tables`. */
  readonly table: string;
  readonly columns: readonly TableColumn[];
  readonly tracked: TrackedColumns;
  /** `validate.non.null`. */
  readonly mustBeNonNull: boolean;
}

/**
 * The tracked columns under the names that the table has for them, an empty incrementing one found. Throws ConfigError for columns that are not
 * there, ConnectError for those that may be NULL though they must not.
 */
export function checkColumns({ table, columns, tracked, mustBeNonNull }: ColumnCheck): TrackedColumns {
  const find = (name: string) => columns.find((column) => isSameName(column.name, name));
  const missing = tracked.timestamps.filter((name) => find(name) === undefined);
  const incrementing = incrementingOf(table, columns, tracked.incrementing);
  if (missing.length > 0) throw new ConfigError(`Timestamp columns: ${missing.join(', ')} do not exist in table '${table}'`);
  const timestamps = tracked.timestamps.flatMap((name) => find(name) ?? []);
  if (mustBeNonNull && incrementing?.isNullable) {
    throw new ConnectError(
      `Cannot make incremental queries using incrementing column ${tracked.incrementing || incrementing.name} on ${table} because this column is nullable.`,
    );
  }
  if (mustBeNonNull && timestamps.length > 0 && timestamps.every((column) => column.isNullable)) {
    throw new ConnectError(
      `Cannot make incremental queries using timestamp columns ${tracked.timestamps.join(',')} on ${table} because all of these columns are nullable.`,
    );
  }
  return { incrementing: incrementing?.name ?? null, timestamps: timestamps.map((column) => column.name) };
}

function incrementingOf(table: string, columns: readonly TableColumn[], wanted: string | null): TableColumn | null {
  if (wanted === null) return null;
  const found = columns.find((column) => (wanted === '' ? column.isAutoIncrement : isSameName(column.name, wanted)));
  if (found) return found;
  if (wanted !== '') throw new ConfigError(`Incrementing column: ${wanted} does not exist in table '${table}'`);
  throw new ConfigError(`Table ${table} has no AUTO_INCREMENT column: name the column in incrementing.column.name.`);
}

/** Names of columns have no case in MariaDB and MySQL. */
function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
