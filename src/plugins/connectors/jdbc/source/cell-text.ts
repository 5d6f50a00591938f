/** Values of a row as text to be compared, and what they take. */
import { Decimal } from '../../../../record/numbers.ts';
import type { CellValue } from './column-fields.ts';

export type { CellValue } from './column-fields.ts';

/** Rows with the same values give the same text. */
export function cellText(row: readonly CellValue[]): string {
  return row.map(textOf).join('\0');
}

function textOf(value: CellValue): string {
  if (value === null) return '\x01';
  if (typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
  if (value instanceof Date) return String(value.getTime());
  if (value instanceof Decimal) return value.toString();
  return 'nanos' in value ? `${value.ms} ${value.nanos}` : '';
}

/** Bytes in memory, roughly. */
export function cellSize(row: readonly CellValue[]): number {
  let size = 0;
  for (const value of row) size += typeof value === 'string' || value instanceof Uint8Array ? value.length + 24 : 16;
  return size;
}
