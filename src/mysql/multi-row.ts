/** Many rows in one statement, and as many statements as the server's packet limit asks for. */
import { DataError } from '../base/errors.ts';
import { type SqlParameter, splitAtParameters, sqlLiteral, type TextRules } from './sql-literal.ts';

/** `INSERT INTO t(a,b) VALUES` + `(?,?)` for each row, commas in between, + tail (`` on duplicate key update …``). */
export interface MultiRowStatement {
  readonly head: string;
  /** One row with a `?` for each value. */
  readonly row: string;
  readonly tail: string;
}

/** mysql2 writes up to 16 MB as one packet: we stay below. */
const MOST_BYTES = 16 * 1024 * 1024 - 1024;
/** A UTF-16 unit is three bytes of UTF-8 at most. */
const BYTES_PER_UNIT = 3;

export interface StatementText {
  readonly sql: string;
  readonly rows: number;
}

/**
 * Statements in the order of the rows, none longer than `limitBytes`, each made when it is asked for. Throws DataError when a single row is longer, or
 * has more or fewer values than the statement has places.
 */
export function* multiRowTexts(
  statement: MultiRowStatement,
  rows: readonly (readonly SqlParameter[])[],
  limitBytes: number,
  rules: TextRules,
): Generator<StatementText> {
  const pieces = splitAtParameters(statement.row, rules);
  const frame = Buffer.byteLength(statement.head) + Buffer.byteLength(statement.tail);
  const limit = Math.min(limitBytes, MOST_BYTES) - frame - 16;
  let text = '';
  let count = 0;
  let room = limit;
  for (const row of rows) {
    const rowText = textOfRow(pieces, row, rules);
    const bytes = sizeWithin(rowText, room);
    if (bytes > room && count > 0) {
      yield { sql: statement.head + text + statement.tail, rows: count };
      text = '';
      count = 0;
      room = limit;
    }
    if (bytes > room) throw tooLong(bytes + frame, limitBytes);
    text += count === 0 ? rowText : `,${rowText}`;
    room -= bytes + 1;
    count++;
  }
  if (count > 0) yield { sql: statement.head + text + statement.tail, rows: count };
}

function textOfRow(pieces: readonly string[], row: readonly SqlParameter[], rules: TextRules): string {
  if (row.length !== pieces.length - 1)
    throw new DataError(`The statement has ${pieces.length - 1} values a row, and ${row.length} were given.`);
  let text = pieces[0]!;
  for (let i = 0; i < row.length; i++) text += sqlLiteral(row[i]!, rules) + pieces[i + 1]!;
  return text;
}

/** Bytes of `text`; an upper bound is good enough while it is far from `room`. */
function sizeWithin(text: string, room: number): number {
  const bound = text.length * BYTES_PER_UNIT;
  return bound * 64 <= room ? bound : Buffer.byteLength(text);
}

function tooLong(bytes: number, limitBytes: number): DataError {
  return new DataError(
    `A row takes a statement of ${bytes} bytes, and the server takes ${limitBytes} at most (max_allowed_packet). Raise max_allowed_packet, or send smaller values.`,
  );
}
