/** Rows put together into statements, each within the server's packet limit. */

import type { RowStatement } from './statements.ts';
import { UnwritableValue } from './value-texts.ts';

export interface StatementText {
  readonly sql: string;
  /** The rows in it: from the first to before the end, counted from 0. */
  readonly from: number;
  readonly to: number;
}

/** Larger statements make nothing faster, and memory of both sides larger. A single row may be. */
const WANTED_BYTES = 1_048_576;
/** For the length in front of a packet and its command. */
const PACKET_BYTES = 8;
/** A UTF-16 unit is three bytes of UTF-8 at most. */
const BYTES_PER_UNIT = 3;

/** Statements in the order of the rows, made as they are asked for. Throws RowTooLarge, and what making a row throws. */
export function* statementTexts(
  statement: RowStatement,
  rowCount: number,
  rowAt: (index: number) => string,
  packetLimitBytes: number,
): Generator<StatementText> {
  const limit = packetLimitBytes - PACKET_BYTES;
  const { one, many } = statement;
  const wanted = many === null ? 0 : Math.min(WANTED_BYTES, limit) - Buffer.byteLength(many.head) - Buffer.byteLength(many.tail);
  const separatorBytes = many === null ? 0 : Buffer.byteLength(many.separator);
  let rows: string[] = [];
  let bytes = 0;
  let from = 0;
  for (let index = 0; index < rowCount; index++) {
    const row = rowAt(index);
    const size = sizeOf(row, wanted - bytes) + separatorBytes;
    if (rows.length > 0 && bytes + size > wanted) {
      yield { sql: textOf(statement, rows), from, to: index };
      rows = [];
      bytes = 0;
      from = index;
    }
    if (size > wanted) checkFits(one.head + row + one.tail, limit, packetLimitBytes, index);
    rows.push(row);
    bytes += size;
  }
  if (rows.length > 0) yield { sql: textOf(statement, rows), from, to: rowCount };
}

/** A row that the server would not take even alone. */
export class RowTooLarge extends UnwritableValue {
  readonly index: number;
  constructor(bytes: number, limitBytes: number, index: number) {
    super(
      `The row takes a statement of ${bytes} bytes, and the server takes less than ${limitBytes} (max_allowed_packet). ` +
        'Raise max_allowed_packet there, or leave its large fields out (fields.whitelist).',
    );
    this.index = index;
  }
}

function textOf({ one, many }: RowStatement, rows: readonly string[]): string {
  if (rows.length === 1 || many === null) return one.head + rows[0]! + one.tail;
  return many.head + rows.join(many.separator) + many.tail;
}

function checkFits(sql: string, limit: number, packetLimitBytes: number, index: number): void {
  const bytes = Buffer.byteLength(sql);
  if (bytes > limit) throw new RowTooLarge(bytes, packetLimitBytes, index);
}

/** Bytes of `text`; an upper bound is good enough while it is far from `room`. */
function sizeOf(text: string, room: number): number {
  const bound = text.length * BYTES_PER_UNIT;
  return bound * 64 <= room ? bound : Buffer.byteLength(text);
}
