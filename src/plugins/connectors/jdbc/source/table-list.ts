/** The value of `tables`, by which the connector hands tables to its tasks; `parseTableList` of the database room reads it. */
import { type Quoting, quoteName, type TableName } from '../../../../mysql/dialect.ts';

/** What can be told without quotes. */
const PLAIN = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** Quoted; with `NEVER` as they are, but for names that could not be read back. */
export function writeTableList(tables: readonly TableName[], quoting: Quoting): string {
  const write = (part: string) => quoteName(part, PLAIN.test(part) ? quoting : 'ALWAYS');
  return tables.map(({ database, table }) => [database, table].flatMap((part) => (part === null ? [] : write(part))).join('.')).join(',');
}
