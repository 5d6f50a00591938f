/** Rows given to the database, as statements of many rows; and the record that is to blame when it refuses one. */
import { SqlError } from '../../../../mysql/sql-errors.ts';
import type { SinkRecord } from '../../../../plugin-api/records.ts';
import { RowTooLarge, statementTexts } from './statement-texts.ts';
import type { RowWriter } from './table-shapes.ts';
import { UnwritableValue } from './value-texts.ts';
import { isFaultOfRecord, WriteError } from './write-errors.ts';

/** What of a connection is needed here. */
export interface RowConnection {
  readonly server: { readonly maxAllowedPacketBytes: number };
  execute(sql: string, parameters?: readonly never[], shownAs?: string): Promise<unknown>;
}

/** `isTransactional`: a statement that fails leaves nothing in the table. Throws WriteError; the caller rolls back. */
export async function writeRows(
  connection: RowConnection,
  writer: RowWriter,
  records: readonly SinkRecord[],
  isTransactional: boolean,
): Promise<void> {
  const texts = statementTexts(
    writer.statement,
    records.length,
    (i) => rowOf(writer, records[i]!),
    connection.server.maxAllowedPacketBytes,
  );
  try {
    for (const { sql, from, to } of texts) {
      await connection.execute(sql, [], writer.shownAs).catch(async (error: unknown) => {
        throw error instanceof SqlError ? await refusalOf(connection, writer, records.slice(from, to), isTransactional, error) : error;
      });
    }
  } catch (error) {
    throw error instanceof RowTooLarge ? new WriteError(error, [records[error.index]!]) : error;
  }
}

function rowOf({ text }: RowWriter, record: SinkRecord): string {
  try {
    return text(record);
  } catch (error) {
    throw error instanceof UnwritableValue ? new WriteError(error, [record]) : error;
  }
}

/**
 * The server does not always say which row it is about. Then the records are given to it one by one until it refuses one; all of it is rolled back, as
 * it would have been.
 */
async function refusalOf(
  connection: RowConnection,
  writer: RowWriter,
  records: readonly SinkRecord[],
  isTransactional: boolean,
  error: SqlError,
): Promise<WriteError> {
  const refusal = new WriteError(error, records);
  if (refusal.record !== null || !isTransactional || !isFaultOfRecord(refusal)) return refusal;
  const { head, tail } = writer.statement.one;
  for (const record of records) {
    try {
      await connection.execute(head + writer.text(record) + tail, [], writer.shownAs);
    } catch (alone) {
      return alone instanceof SqlError && !alone.isConnectionLost ? new WriteError(alone, [record]) : refusal;
    }
  }
  return refusal;
}
