/** Tables and blocks of plain text. What comes from outside is made harmless; columns are as wide as their widest cell. */
import { sanitize, sanitizeLines } from '../../base/sanitize.ts';
import { textWidth } from '../../base/width.ts';

export interface Column<R> {
  readonly title: string;
  readonly align?: 'right';
  cell(row: R): string | number | bigint | null | undefined;
}

const GAP = '  ';

/** Ends in a line feed. An empty list is one line that says so. */
export function formatTable<R>(rows: readonly R[], columns: readonly Column<R>[], whenEmpty: string): string {
  if (rows.length === 0) return `${whenEmpty}\n`;
  const cells = rows.map((row) => columns.map((column) => sanitize(String(column.cell(row) ?? '-'))));
  const widths = columns.map((column, i) => Math.max(textWidth(column.title), ...cells.map((row) => textWidth(row[i]!))));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => pad(text, widths[i]!, columns[i]!.align === 'right'))
      .join(GAP)
      .trimEnd();
  return `${[line(columns.map((column) => column.title)), ...cells.map(line)].join('\n')}\n`;
}

/** `name  value` lines; later lines of a value are set in. */
export function formatFacts(facts: ReadonlyArray<readonly [string, string | number | bigint | null]>): string {
  const width = Math.max(0, ...facts.map(([name]) => textWidth(sanitize(name))));
  return facts
    .map(([name, value]) => {
      const [first = '', ...more] = sanitizeLines(String(value ?? '-'));
      return [
        `${pad(sanitize(name), width, false)}${GAP}${first}`.trimEnd(),
        ...more.map((text) => `${' '.repeat(width)}${GAP}${text}`),
      ].join('\n');
    })
    .map((text) => `${text}\n`)
    .join('');
}

function pad(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return isRight ? space + text : text + space;
}
