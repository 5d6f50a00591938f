/** Errors of a write: which records it was about, whether they are to blame, and what the runtime is told. Source: JdbcSinkTask, LogUtil. */
import { ConnectError, javaClassOf, messageOf } from '../../../../base/errors.ts';
import { SqlError } from '../../../../mysql/sql-errors.ts';
import type { SinkRecord } from '../../../../plugin-api/records.ts';
import { TableStructureError } from './table-structure.ts';
import { UnwritableValue } from './value-texts.ts';

/** An error of the database, or a value that it has no place for, with the records that it was about. */
export class WriteError extends ConnectError {
  override readonly javaClass: string = 'java.sql.SQLException';
  override readonly cause: SqlError | UnwritableValue;
  /** The one record that is to blame, as far as it is known. */
  readonly record: SinkRecord | null;

  /** `records`: those of the statement, in its order. */
  constructor(cause: SqlError | UnwritableValue, records: readonly SinkRecord[]) {
    const record = records.length === 1 ? records[0]! : (records[rowNumberIn(cause) - 1] ?? null);
    super(`${placeText(record === null ? records : [record])}: ${messageOf(cause)}`);
    this.cause = cause;
    this.record = record;
  }
}

/** What the task throws, and what goes to the dead letter queue: the errors one a line, as the original has them. */
export class WriteChainError extends ConnectError {
  override readonly javaClass: string = 'java.sql.SQLException';

  /** `isTrimmed`: trim.sensitive.log; what the database says of values is left out. */
  constructor(error: WriteError | SqlError, isTrimmed: boolean) {
    super(
      `Exception chain:\n${lineOf(error, isTrimmed)}\n`,
      isTrimmed ? undefined : { cause: error instanceof WriteError ? error.cause : error },
    );
  }
}

function lineOf(error: WriteError | SqlError, isTrimmed: boolean): string {
  const cause = error instanceof WriteError ? error.cause : error;
  if (!isTrimmed) return `${javaClassOf(cause)}: ${messageOf(error)}`;
  const place = error instanceof WriteError && error.record !== null ? `${placeText([error.record])}, ` : '';
  const code = cause instanceof SqlError ? `SQLState ${cause.sqlState}, error ${cause.errno}` : 'a value that cannot be written';
  return `${javaClassOf(cause)}: ${place}${code}; the rest is left out (trim.sensitive.log)`;
}

/**
 * Errors that say nothing about a record: the server is read-only or full, a right is missing, others hold the rows. With them a dead letter
 * queue would fill up with records that nothing is wrong with.
 */
const SURROUNDINGS: ReadonlySet<number> = new Set([
  ...[1021, 1026, 1030, 1037, 1038, 1041, 1114, 1180, 1194, 1195, 1206, 1815],
  ...[1036, 1044, 1045, 1142, 1143, 1227, 1290, 1370, 1792, 1836, 3100],
  ...[1040, 1203, 1226, 1205, 1213, 1317, 1969, 3024],
]);

/** The record alone is to blame: with a dead letter queue it goes there, and the others are written. */
export function isFaultOfRecord(error: unknown): boolean {
  if (error instanceof TableStructureError) return true;
  const cause = error instanceof WriteError ? error.cause : error;
  if (cause instanceof SqlError) return !(cause.isConnectionLost || SURROUNDINGS.has(cause.errno));
  return cause instanceof UnwritableValue;
}

/** Trying again with the same records cannot end in another way. */
export function isHopeless(error: unknown): boolean {
  return error instanceof WriteError && error.cause instanceof UnwritableValue;
}

/** `orders-0 at offset 5`, `orders-0 at offsets 5 to 9`, `500 records of orders, users`. */
export function placeText(records: readonly SinkRecord[]): string {
  const [first] = records;
  const last = records.at(-1);
  if (first === undefined || last === undefined) return 'No record';
  const partition = `${first.topic}-${first.kafkaPartition}`;
  if (records.length === 1) return `Record ${partition} at offset ${first.kafkaOffset}`;
  const isOnePartition = records.every(({ topic, kafkaPartition }) => topic === first.topic && kafkaPartition === first.kafkaPartition);
  if (isOnePartition) return `One of the records ${partition} at offsets ${first.kafkaOffset} to ${last.kafkaOffset}`;
  return `One of ${records.length} records of ${[...new Set(records.map(({ topic }) => topic))].join(', ')}`;
}

/** The server counts the rows of a statement from 1, and says it behind the value; 0: it names none. */
function rowNumberIn(cause: SqlError | UnwritableValue): number {
  const found = cause instanceof SqlError ? [...cause.message.matchAll(/ at row (\d+)/g)].at(-1) : undefined;
  return Number(found?.[1] ?? 0);
}
