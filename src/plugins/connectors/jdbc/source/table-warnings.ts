/** What of a table makes reading it slow, or lets rows be missed, though nothing of it is refused: indexes, NULL, whole seconds. */
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import { quoteName, quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import type { TrackedColumns } from './tracked-columns.ts';

/** A tracked column as the database has it. */
export interface TrackedFact {
  readonly name: string;
  /** Like `timestamp(6)`. */
  readonly type: string;
  readonly isNullable: boolean;
  /** Digits of a second; null: no time of day. */
  readonly fractionDigits: number | null;
  /** An index begins with it. */
  readonly isIndexed: boolean;
}

export interface TrackedFacts {
  readonly timestamps: readonly TrackedFact[];
  readonly incrementing: TrackedFact | null;
  /** Rows by the statistics of the database; null: a view, which has neither rows nor indexes of its own. */
  readonly aboutRows: number | null;
}

const COLUMNS =
  'SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, DATETIME_PRECISION FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?';
const INDEXES = 'SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND SEQ_IN_INDEX = 1';
const ROWS = 'SELECT TABLE_TYPE, TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?';

/** `tracked`: by the names that the table has for them. Columns that are not there are left out. Rejects with SqlError. */
export async function readTrackedFacts(connection: DatabaseConnection, table: TableName, tracked: TrackedColumns): Promise<TrackedFacts> {
  const place = [table.database ?? connection.server.database ?? '', table.table];
  const columns = await connection.query(COLUMNS, place);
  const indexes = await connection.query(INDEXES, place);
  const [size] = (await connection.query(ROWS, place)).rows;
  const indexed = new Set(indexes.rows.map(([name]) => String(name)));
  const facts = new Map(
    columns.rows.map(([name, type, isNullable, digits]): [string, TrackedFact] => [
      String(name),
      {
        name: String(name),
        type: String(type),
        isNullable: isNullable === 'YES',
        fractionDigits: digits === null || digits === undefined ? null : Number(digits),
        isIndexed: indexed.has(String(name)),
      },
    ]),
  );
  const isView = size === undefined || /VIEW/.test(String(size[0]));
  return {
    timestamps: tracked.timestamps.flatMap((name) => facts.get(name) ?? []),
    incrementing: facts.get(tracked.incrementing ?? '') ?? null,
    aboutRows: isView ? null : Number(size[1] ?? 0),
  };
}

/** A sentence each. `delayMs`: `timestamp.delay.interval.ms`, which gives late rows their time. */
export function tableWarnings(table: TableName, { timestamps, incrementing, aboutRows }: TrackedFacts, delayMs: bigint): string[] {
  return [
    ...(aboutRows === null ? [] : indexWarning(table, timestamps, incrementing, aboutRows)),
    ...(timestamps.every(({ isNullable }) => isNullable) ? nullWarning(timestamps) : []),
    ...(incrementing?.isNullable ? nullWarning([incrementing]) : []),
    ...(delayMs > 0n ? [] : timestamps.flatMap(resolutionWarning)),
  ];
}

/** With a timestamp, the index on that one is what counts: the id only orders rows of one time. */
function indexWarning(table: TableName, timestamps: readonly TrackedFact[], incrementing: TrackedFact | null, aboutRows: number): string[] {
  // Of a table that is new the server knows no number yet.
  const read = `each poll reads the whole table${aboutRows > 0 ? ` (about ${aboutRows} rows)` : ''}`;
  if (timestamps.length > 1) {
    return [`No index serves COALESCE of ${namesOf(timestamps)}: ${read}. A column generated from it, indexed and tracked alone, would.`];
  }
  const column = timestamps[0] ?? incrementing;
  if (column === null || column.isIndexed) return [];
  const name = quoteName(column.name);
  return [`No index begins with ${name}: ${read}. CREATE INDEX ${name} ON ${quoteTable(table)} (${name});`];
}

function nullWarning(columns: readonly TrackedFact[]): string[] {
  return columns.length === 0 ? [] : [`${namesOf(columns)} may be NULL: rows without a value there are never read. Make it NOT NULL.`];
}

function resolutionWarning({ name, type, fractionDigits }: TrackedFact): string[] {
  if (fractionDigits !== 0) return [];
  return [
    `${quoteName(name)} has whole seconds (${type}): a row that is committed after others of its second were read is missed. Take ${type}(6), or set timestamp.delay.interval.ms.`,
  ];
}

function namesOf(columns: readonly TrackedFact[]): string {
  return columns.map(({ name }) => quoteName(name)).join(', ');
}
