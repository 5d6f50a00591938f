/** Rows of a table as files for programs: CSV of the columns, JSON and NDJSON of all facts. Nothing in them acts where it is opened. */
import { escapeUnsafe } from '../base/safe-json.ts';
import { sanitize } from '../base/sanitize.ts';
import type { Selection } from './console-data.ts';

export type RowFormat = 'csv' | 'json' | 'ndjson';

/** Spreadsheets take a cell for a formula that begins so, also in the wide forms of East Asian keyboards. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20|]/;

/** All rows of the filter, in their order. Ends in a line feed. */
export function formatRows(format: RowFormat, selection: Pick<Selection, 'ids' | 'columns' | 'cells' | 'raw'>): string {
  switch (format) {
    case 'csv':
      return [
        selection.columns,
        ...selection.ids.map((id) => selection.cells(id).flatMap(({ title, value }) => (title === '' ? [] : [value]))),
      ]
        .map((cells) => `${cells.map(csvCell).join(',')}\n`)
        .join('');
    case 'json':
      return `${escapeUnsafe(
        JSON.stringify(
          selection.ids.map((id) => selection.raw(id)),
          null,
          2,
        ),
      )}\n`;
    case 'ndjson':
      return selection.ids.map((id) => `${escapeUnsafe(JSON.stringify(selection.raw(id)))}\n`).join('');
  }
}

/** Numbers stay numbers; what is not known is empty. */
export function csvCell(value: string | number | bigint | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return typeof value === 'number' && !Number.isFinite(value) ? '' : String(value);
  const safe = sanitize(value);
  const text = FORMULA.test(safe) ? `'${safe}` : safe;
  return /[",;\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
