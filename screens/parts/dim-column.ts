/** A column of words that explain: dim, `–` where there is none. */
import { span } from './line.ts';
import type { Column } from './table.ts';

export function dimColumn<T>(column: Omit<Column<T>, 'value' | 'draw'> & { value(row: T): string | null | undefined }): Column<T> {
  return { ...column, value: (row) => column.value(row) ?? '', draw: (row) => span(column.value(row) ?? '–', 'dim') };
}
